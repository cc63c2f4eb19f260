"""The report as a file: one piece, no address, nothing of a page in its own markup."""

from __future__ import annotations

import gzip
import json
import random
import re
from base64 import b64decode, b64encode
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from bs4 import BeautifulSoup

from declutter import predict
from declutter.explain import Explainer
from declutter.inspect import Entry, entry, html_report
from declutter.inspect import report as module
from declutter.labels import MEANINGS, Label

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXAMPLE = Path(__file__).parents[1] / "examples" / "flood-wardens.html"


def unpacked(made: Entry) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(gzip.decompress(b64decode(made.packed)))
    return facts


def test_what_is_told_of_a_block_is_what_the_page_says() -> None:
    page = predict(EXAMPLE.read_bytes(), keep=["comments"])
    facts = unpacked(entry("x", page))
    assert page.blocks[facts["headline"]] is page.headline
    assert facts["title"] == page.title
    assert facts["threshold"] == round(page.threshold, 3)
    explainer = Explainer(page)
    labels = list(Label)
    for row, (told, block) in enumerate(zip(facts["blocks"], page.blocks, strict=True)):
        assert labels[told["label"]] is block.label
        assert told["text"] == block.text
        assert told["score"] == round(block.score, 3)
        assert told["content"] == round(block.content_score, 3)
        assert facts["texts"][told["path"]] == block.path
        if row % 10 == 0:
            assert [facts["texts"][place] for place in told["reasons"]] == list(explainer.of(row).strongest())
        assert {labels[place]: share for place, share in told["likeliest"]}.items() <= {
            label: round(share, 3) for label, share in block.probabilities.items()
        }.items()
        assert told.get("by") == ("rule" if block.decided_by == "rule" else None)
        assert told.get("hidden") == (1 if block.hidden else None)
        assert told.get("origin", "text") == block.origin
    assert {told.get("by") for told in facts["blocks"]} == {None, "rule"}


def test_of_a_large_page_what_is_content_or_near_it_has_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    page = predict(EXAMPLE.read_bytes())
    content = sum(block.label is Label.CONTENT for block in page.blocks)
    chrome = len(page.blocks) - content
    near = sum(block.label is not Label.CONTENT and block.content_score >= page.threshold / 2 for block in page.blocks)
    assert content > 10
    assert chrome > near + 5
    assert all("reasons" in told for told in unpacked(entry("x", page))["blocks"])
    # Content takes two fifths of what chrome takes: enough for it, what is near it, and three more.
    monkeypatch.setattr(module, "MOST_EXPLAINED", -(-content * 2 // 5) + near + 3)
    blocks = unpacked(entry("x", page))["blocks"]
    with_reasons = [row for row, told in enumerate(blocks) if "reasons" in told]
    assert {row for row, block in enumerate(page.blocks) if block.label is Label.CONTENT} <= set(with_reasons)
    others = [page.blocks[row].content_score for row in with_reasons if page.blocks[row].label is not Label.CONTENT]
    without = [block.content_score for row, block in enumerate(page.blocks) if row not in set(with_reasons)]
    assert len(others) in {near + 3, near + 4}
    assert min(others) >= max(without)


def test_the_least_sure_come_first_where_content_alone_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    page = predict(EXAMPLE.read_bytes())
    monkeypatch.setattr(module, "MOST_EXPLAINED", 2)
    blocks = unpacked(entry("x", page))["blocks"]
    distances = [abs(block.content_score - page.threshold) for block in page.blocks]
    explained = [row for row, told in enumerate(blocks) if "reasons" in told]
    assert 1 < len(explained) < 6
    near = [row for row, block in enumerate(page.blocks) if block.content_score >= page.threshold / 2]
    assert max(distances[row] for row in explained) <= min(distances[row] for row in near if row not in set(explained))


def test_language_and_direction_are_those_of_the_root() -> None:
    facts = unpacked(entry("x", predict("<html lang=ar dir=rtl><p dir=ltr>a")))
    assert (facts["lang"], facts["dir"]) == ("ar", "rtl")
    assert (unpacked(entry("x", predict("<p lang=de>a")))["lang"]) == ""


@pytest.mark.parametrize("html", ["", "<p></p>", "<script>a</script>"])
def test_a_page_without_text(html: str) -> None:
    facts = unpacked(entry("x", predict(html)))
    assert facts["blocks"] == []
    assert facts["headline"] == -1


def test_the_same_page_gives_the_same_report() -> None:
    data = EXAMPLE.read_bytes()
    assert html_report([entry("x", predict(data))]) == html_report([entry("x", predict(data))])


def test_it_names_nothing_outside_of_itself() -> None:
    html = html_report([entry("x", predict("<p>a"))])
    soup = BeautifulSoup(html, "html.parser")
    assert not soup.find_all(src=True)
    assert not soup.find_all(href=True)
    assert not soup.find_all("link")
    assert not re.search(r"https?:|//\w+\.|@import|url\(|\bfetch\(|XMLHttpRequest|innerHTML|\beval\b", html)


def test_its_policy_allows_its_own_script_and_styles_alone() -> None:
    soup = BeautifulSoup(html_report([entry("x", predict("<p>a"))]), "html.parser")
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert policy is not None
    assert policy.find_previous(["script", "style"]) is None
    rules = dict(rule.strip().split(" ", 1) for rule in str(policy["content"]).split(";"))
    assert rules.keys() == {"default-src", "script-src", "style-src", "img-src", "base-uri", "form-action"}
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["img-src"] == "data:"
    scripts = [tag for tag in soup.find_all("script") if not tag.get("type")]
    assert [hashed(tag.string or "") for tag in scripts] == rules["script-src"].split()
    about = json.loads(soup.find(id="about").string or "")  # type: ignore[union-attr] # it is there
    inside = re.findall("<style>(.*?)</style>", about["frame"], re.DOTALL)
    assert len(inside) == 3
    assert [hashed(soup.style.string or ""), *map(hashed, inside)] == rules["style-src"].split()  # type: ignore[union-attr]
    assert f"default-src 'none'; img-src data:; style-src {' '.join(map(hashed, inside))}\"" in about["frame"]
    assert [tag["sandbox"] for tag in soup.find_all("iframe")] == [["allow-same-origin"]] * 2


def hashed(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


@pytest.mark.parametrize(
    "name", ["a.html", "</title><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "$title", "\udc80.html"]
)
def test_a_name_is_text(name: str) -> None:
    page = predict(f"<title>{name}</title><p>$pages </script><script>alert(1)</script>")
    html = html_report([entry(name, page)])
    plain = BeautifulSoup(html_report([entry("a", predict("<p>a"))]), "html.parser")
    soup = BeautifulSoup(html, "html.parser")
    assert [tag.name for tag in soup.find_all(True)] == [tag.name for tag in plain.find_all(True)]
    assert soup.find("script", type="text/plain")["data-name"] == name  # type: ignore[index]
    assert soup.title is not None
    assert soup.title.string == f"{name}: blocks and labels"


def test_several_pages_have_one_script() -> None:
    one = html_report([entry("a", predict("<p>a"))])
    two = html_report([entry("a", predict("<p>a")), entry("b", predict("<p>b"))])
    assert two.count('<script type="text/plain"') == 2
    assert len(two) < len(one) + 1500
    assert "<title>2 pages: " in two


def test_every_label_has_letters_and_colours_of_its_own() -> None:
    assert module.LETTERS.keys() == set(Label)
    assert len(set(module.LETTERS.values())) == len(Label)
    folder = Path(module.__file__).parent
    light, dark = ((folder / name).read_text(encoding="utf-8") for name in ("labels.css", "dark.css"))
    assert "@media (prefers-color-scheme: dark) {" in dark
    for text in (light, dark):
        rows = dict(re.findall(r'\[data-declutter-label="(\w+)"\] { (--tint: #\w{6}; --edge: #\w{6};)', text))
        assert rows.keys() == {str(label) for label in Label}
        assert len(set(rows.values())) == len(rows)
        # Text and letters read well: WCAG 2, contrast of 4.5 at least for text, 3 for edges.
        ink, back = ("#1a1a1c", "#ffffff") if text is light else ("#e9e9ec", "#16171a")
        for row in rows.values():
            tint, edge = re.findall("#......", row)
            assert contrast(ink, tint) >= 7, row
            assert contrast(edge, tint) >= 3, row
            assert contrast(edge, back) >= 4.5, row


# How protanopes, deuteranopes and tritanopes see linear RGB (Machado, Oliveira and Fernandes 2009), and everybody else.
SEEN = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
    "all": [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
}


@pytest.mark.parametrize("eyes", SEEN)
@pytest.mark.parametrize("scheme", ["labels.css", "dark.css"])
def test_labels_differ_for_the_colour_blind_in_line_or_colour(eyes: str, scheme: str) -> None:
    folder = Path(module.__file__).parent
    lines = dict(re.findall(r'="(\w+)"\].*--line: (\w+)', (folder / "labels.css").read_text(encoding="utf-8")))
    edges = dict(re.findall(r'="(\w+)"\].*--edge: (#\w+)', (folder / scheme).read_text(encoding="utf-8")))
    assert len(edges) == len(Label)
    seen = {label: lab(np.array(SEEN[eyes]) @ linear(edge)) for label, edge in edges.items()}
    for one, other in combinations(edges, 2):
        if lines[one] == lines[other]:
            # A distance of 2 in CIELAB is just seen side by side.
            assert np.linalg.norm(seen[one] - seen[other]) > 12, (one, other)


def linear(colour: str) -> NDArray[np.float64]:
    parts = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(to_xyz @ np.clip(rgb, 0, 1) / np.array([0.9505, 1.0, 1.089]))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one: str, other: str) -> float:
    weights = np.array([0.2126, 0.7152, 0.0722])
    bright, dim = sorted((float(weights @ linear(one)), float(weights @ linear(other))), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_the_legend_says_what_labels_mean() -> None:
    about = BeautifulSoup(html_report([entry("a", predict("<p>a"))]), "html.parser").find(id="about")
    assert about is not None
    told = json.loads(about.string or "")["labels"]
    assert {row["name"]: row["meaning"] for row in told} == {str(label): MEANINGS[label] for label in Label}


@pytest.mark.parametrize("what", ["prose", "cells", "links", "noise", "picture"])
def test_it_is_at_most_three_times_the_page(what: str) -> None:
    made = random.Random(5)

    def word() -> str:
        return "".join(made.choices("etaoinshrdlu", k=made.randint(2, 9)))

    html = {
        "prose": "".join(f"<p>{' '.join(word() for _ in range(60))}.</p>" for _ in range(200)),
        "cells": f"<table>{'<tr>' + '<td>1' * 10}" * 100,
        "links": "".join(f"<li><a href=/{word()}>{word()}</a>" for _ in range(1000)),
        "noise": "".join(f"<b>{chr(made.randrange(0x4E00, 0x9FFF))}<p>" for _ in range(1000)),
        "picture": f"<p>a<img src=data:image/png;base64,{b64encode(made.randbytes(100_000)).decode()}>",
    }[what]
    fixed = len(html_report([entry("a", predict(""))]))
    assert fixed < 65_000
    assert len(html_report([entry("a", predict(html))])) - fixed < 3 * len(html.encode())
