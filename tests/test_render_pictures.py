"""Pictures stay for what stands around them, and are found where their address is."""

from __future__ import annotations

import time

import numpy as np
import pytest

from declutter import Label, clean, predict, prune
from declutter.blocks import segment
from declutter.document import read_document
from declutter.render.pictures import with_pictures

ARTICLE = (
    "<p>The mill stands by the river, and its wheel turns day and night, as it has for three hundred years.</p>" * 3
)
PICTURE = "<img src=/mill.jpg alt='(Credit: Anna Ruiz)'>"
LINKS = "<p><a href=/a>Home</a> <a href=/b>News</a> <a href=/c>Weather</a></p>"


def shown(body: str, kept: str, label: Label = Label.METADATA, **how: object) -> list[str]:
    """The descriptions that are added where the blocks of a text are kept."""
    document = read_document(f"<body>{body}".encode())
    blocks = segment(document)
    keep = np.array([kept in text for text in blocks.texts])
    scores = np.full(len(blocks), 0.3)
    labels = np.where(keep, 0, list(Label).index(label))
    found = with_pictures(document, blocks, keep, scores, lambda: labels, **how)  # type: ignore[arg-type]
    assert (found >= keep).all()
    return [blocks.texts[row] for row in np.flatnonzero(found & ~keep)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>in</p><img alt=b><p>in</p>", ["b"]),
        ("<div><img alt=b><p>in</p></div><p>out</p>", ["b"]),
        ("<div><p>in</p><img alt=b></div><p>out</p>", ["b"]),
        ("<p>in</p><img alt=b><p>out</p>", []),
        ("<p>out</p><img alt=b><p>in</p>", []),
        ("<p>in</p><div><p>out</p><img alt=b></div><p>in</p>", []),
        ("<p>in</p><a href=/c><img alt=b></a><img alt=c><div><img alt=d></div><p>in</p>", ["b c", "d"]),
        ("<p>in</p><figure><div><img alt=b></div><figcaption>out</figcaption></figure><p>in</p>", ["b"]),
        ("<p>in</p><figure><img alt=b><figcaption>out</figcaption></figure><p>out</p>", []),
        ("<p>in</p><div><img alt=b><p>out</p></div><p>in</p>", []),
        ("<p>in</p><input type=image alt=b><p>in</p>", []),
        ("<img alt=b>", []),
        ("<img alt=b><img alt=c>", []),
    ],
)
def test_a_picture_between_kept_blocks_stays(body: str, expected: list[str]) -> None:
    assert shown(body, "in") == expected


def test_scores_rules_and_headlines_are_heeded() -> None:
    body = "<p>in</p><img alt=b><p>in</p>"
    assert shown(body, "in", ruled=np.array([True, False, True])) == ["b"]
    assert shown(body, "in", ruled=np.array([False, True, False])) == []
    assert shown(body, "in", headline=1) == []
    for label in list(Label)[1:]:
        added = shown(body, "in", label)
        assert added == ["b"] * (label in {"metadata", "other", "related", "navigation"}), label
    assert shown("<p>in</p><img hidden alt=b><p>in</p>", "in") == []
    document = read_document(f"<body>{body}".encode())
    blocks, keep = segment(document), np.array([True, False, True])

    def labels() -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        raise AssertionError("no picture hangs on the kinds")

    assert with_pictures(document, blocks, keep, np.array([0.9, 0.05, 0.9]), labels) is keep


def test_all_outputs_with_pictures_have_it_and_text_has_no_description() -> None:
    page = f"<body>{LINKS}<article><h1>The mill</h1>{ARTICLE}{PICTURE}{ARTICLE}</article>"
    found = predict(page)
    (block,) = [block for block in found.blocks if block.origin == "alt"]
    assert block.label != "content"
    for output in (found.html(), found.html("document"), found.markdown(), str(found.soup())):
        assert "/mill.jpg" in output
    assert found.html() == clean(page, output="html")
    assert found.markdown() == clean(page, output="markdown")
    assert found.html("document") == clean(page, output="html", scope="document")
    assert "Ruiz" not in found.text()
    lead = page.replace(ARTICLE, "", 1)
    assert "/mill.jpg" in predict(lead).markdown(headline=False)
    assert clean(lead, output="markdown", headline=False) == predict(lead).markdown(headline=False)
    assert "The mill\n" not in predict(lead).markdown(headline=False)
    from bs4 import BeautifulSoup  # noqa: PLC0415 - of this test alone

    soup = BeautifulSoup(page, "html.parser")
    assert "Ruiz" not in " ".join(block.text for block in prune(soup))
    assert soup.img is not None
    stripped = predict(page, strip=["css:img"])
    assert "mill.jpg" not in stripped.html() + stripped.markdown() + stripped.html("document")


SOURCES = [
    (
        "<picture><source srcset='/a.webp 1x, /b.webp 2x'><img alt='the wheel in the river'></picture>",
        '<picture><source srcset="/a.webp 1x, /b.webp 2x"><img alt="the wheel in the river"></picture>',
        "![the wheel in the river](/a.webp)",
    ),
    (
        "<img srcset='/a,b.jpg, /c.jpg 2x' alt=wheel>",
        '<img srcset="/a,b.jpg, /c.jpg 2x" alt="wheel">',
        "![wheel](/a,b.jpg)",
    ),
    ("<img alt='The wheel'>", '<img alt="The wheel">', "The wheel"),
    ("<img src=' ' srcset='/a.jpg 1x' alt=wheel>", 'srcset="/a.jpg 1x" alt="wheel">', "![wheel](/a.jpg)"),
    (
        "<picture><source srcset='&#8195;'><img alt='wheel of oak'></picture>",
        '<img alt="wheel of oak">',
        "wheel of oak",
    ),
    (
        "<video controls><source src=/v.mp4><p>The film of the mill cannot be shown here.</p></video>",
        '<source src="/v.mp4"><p>The film of the mill cannot be shown here.</p></video>',
        "The film of the mill cannot be shown here.",
    ),
    (
        "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw=' alt=wheel><noscript><img src=/n.jpg alt=wheel></noscript>",
        '<img src="/n.jpg" alt="wheel">',
        "![wheel](/n.jpg)",
    ),
]


@pytest.mark.parametrize(("picture", "html", "markdown"), SOURCES)
def test_the_address_of_a_picture_is_found(picture: str, html: str, markdown: str) -> None:
    page = predict(f"<body><article><h1>The mill</h1>{ARTICLE}{picture}{ARTICLE}</article>", keep=["content"])
    assert html in page.html()
    lines = page.markdown().split("\n")
    assert [line for line in lines if line and "three hundred" not in line][1:] == [markdown]


@pytest.mark.parametrize(
    "picture",
    [
        "<a href=https://ko-fi.com/x><img src=/a.png alt='Buy me a coffee'></a>",
        "<a href=https://www.patreon.com/x><img src=/a.png alt='Become a patron'></a>",
        "<img src=/a.png alt='PayPal'>",
        "<a href=https://www.facebook.com/sharer.php><img src=/a.png alt='Share on Facebook'></a>",
        "<img src=/a.png alt='Advertisement'>",
    ],
)
def test_pictures_of_appeals_and_ads_go(picture: str) -> None:
    page = predict(f"<body>{LINKS}<article><h1>The mill</h1>{ARTICLE}{picture}{ARTICLE}</article>")
    assert "/a.png" not in page.html() + page.markdown() + page.html("document")


def test_many_images_in_one_picture_take_linear_time() -> None:
    pictures = "<picture>" + "<source media=x>" * 20_000 + "<img alt=w>" * 20_000 + "</picture>"
    start = time.process_time()
    predict(f"<body><p>At low tide one walks to the island.{pictures}", keep=["css:*"]).markdown()
    assert time.process_time() - start < 10


def test_a_long_row_of_pictures_takes_no_longer_than_its_length() -> None:
    body = "<p>in</p>" + "<div><a href=/x><img alt=b></a></div>" * 20_000 + "<p>in</p>"
    assert len(shown(body, "in")) == 20_000
    body = f"<p>in</p>{'<div><img alt=b>' * 20_000}{'</div>' * 20_000}<p>in</p>"
    assert len(shown(body, "in")) == 20_000
