"""Boxes of what goes: which blocks belong together, what the box is called, and where it stands."""

from __future__ import annotations

import pickle
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from bs4 import BeautifulSoup

from declutter import Label, Page, predict
from declutter.blocks import segment
from declutter.document import read_document
from declutter.page.boxes import find_boxes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.document import Document

LABELS = list(Label)
EXAMPLE = Path(__file__).parents[1] / "examples" / "flood-wardens.html"

# Each block begins with its label.
CASES = {
    "an element of one kind is a box": (
        "<article><p>content</p><div><h3>signup</h3><p>signup two</p><p>signup three</p></div></article>",
        [("signup", 3, "div")],
    ),
    "a few links of another kind do not divide a menu": (
        "<nav><p>navigation</p><p>navigation 2</p><p>donation</p><p>navigation 3</p></nav><p>content</p>",
        [("navigation", 4, "nav")],
    ),
    "amounts belong to the box that asks": (
        "<p>content</p><aside><p>donation</p><p>payment 5</p><p>payment 10</p><p>payment 20</p></aside>",
        [("donation", 4, "aside")],
    ),
    "what is to be paid is no appeal": (
        "<p>content</p><aside><p>payment</p><p>payment 5</p><p>payment 10</p><p>payment 20</p></aside>",
        [("payment", 4, "aside")],
    ),
    "two kinds in one element are two boxes": (
        "<p>content</p><aside><div><p>related</p><p>related 2</p><p>related 3</p><p>related 4</p><p>related 5</p></div>"
        "<div><p>social</p><p>social 2</p><p>social 3</p></div></aside>",
        [("related", 5, "div"), ("social", 3, "div")],
    ),
    "a heading beside its list belongs to it": (
        "<article><p>content</p><h3>related</h3><ul><li>related 2<li>related 3<li>related 4</ul></article>",
        [("related", 4, "article")],
    ),
    "two whole boxes of one kind stay two": (
        "<article><p>content</p><div><p>related</p><p>related 2</p><p>related 3</p></div>"
        "<div><p>related 4</p><p>related 5</p><p>related 6</p></div></article>",
        [("related", 3, "div"), ("related", 3, "div")],
    ),
    "content between parts them": (
        "<article><p>related</p><p>content</p><p>related 2</p></article>",
        [("related", 1, "p"), ("related", 1, "p")],
    ),
    "a whole page is no box": (
        "<nav><p>navigation</p><p>navigation 2</p><p>navigation 3</p></nav><footer><p>footer</p></footer>",
        [("navigation", 3, "nav"), ("footer", 1, "footer")],
    ),
    "a lone line in the element of its kind belongs to it": (
        "<article><p>content</p>related<ul><li>related 2<li>related 3<li>related 4</ul>related 5</article>",
        [("related", 5, "article")],
    ),
    "a line of another element does not": (
        "<main><article><p>content</p>related tail</article><aside><p>related 2<p>related 3<p>related 4</aside></main>",
        [("related", 1, "article"), ("related", 3, "aside")],
    ),
    "an element that a text reaches into is not whole, what stands in it side by side is": (
        "<article>content one <span>content two <p>related</p><p>related 2</p><p>related 3</p></span></article>",
        [("related", 3, "span")],
    ),
    "no chrome, no box": ("<p>content</p><p>content 2</p>", []),
    "no text, no box": ("<p></p>", []),
}


@pytest.mark.parametrize(("html", "expected"), CASES.values(), ids=CASES)
def test_what_belongs_together(html: str, expected: list[tuple[str, int, str]]) -> None:
    document = read_document(f"<!DOCTYPE html><body>{html}")
    blocks = segment(document)
    labels = np.array([LABELS.index(Label(text.split()[0])) for text in blocks.texts], dtype=np.int64)
    found = find_boxes(document, blocks, labels)
    assert [(LABELS[box.label].value, len(box.rows), document.tags[box.node]) for box in found] == expected
    rows = [row for box in found for row in box.rows]
    assert sorted(rows) == np.flatnonzero(labels).tolist()


def test_boxes_of_a_page() -> None:
    source = EXAMPLE.read_text(encoding="utf-8")
    page = predict(source)
    assert [block for box in page.boxes for block in box.blocks] == list(page.chrome)
    kinds = [box.label for box in page.boxes]
    assert {Label.SIGNUP, Label.CONSENT, Label.NAVIGATION, Label.FOOTER} <= set(kinds)
    (appeal,) = [box for box in page.boxes if box.label is Label.DONATION and box.path.endswith("aside")]
    assert 0 < appeal.score <= 1
    assert appeal.span is not None
    cut = source[slice(*appeal.span)]
    assert cut.startswith("<aside")
    assert cut.endswith("</aside>")
    # Spans of boxes do not overlap, and hold those of their blocks.
    spans = [box.span for box in page.boxes if box.span is not None]
    assert len(spans) == len(page.boxes)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    for box in page.boxes:
        assert box.span is not None
        for block in box.blocks:
            assert block.span is not None
            assert box.span[0] <= block.span[0] <= block.span[1] <= box.span[1]


def test_the_span_of_a_block_spells_its_text() -> None:
    source = "<body>\r\n<h1>A day at sea</h1>\r\n<p>We left <b>early</b> and came home late.</p>"
    blocks = predict(source).blocks
    assert [source[slice(*block.span)] for block in blocks if block.span] == [
        "A day at sea",
        "We left <b>early</b> and came home late.",
    ]


def test_a_soup_has_no_spans() -> None:
    page = predict(BeautifulSoup(EXAMPLE.read_text(encoding="utf-8"), "html.parser"))
    assert page.boxes
    assert {box.span for box in page.boxes} == {None}
    assert {block.span for block in page.blocks} == {None}


def test_boxes_outlive_a_pickle() -> None:
    page = predict(EXAMPLE.read_bytes())
    copy = pickle.loads(pickle.dumps(page))
    assert [(box.label, box.path, box.span) for box in copy.boxes] == [(b.label, b.path, b.span) for b in page.boxes]


def test_boxes_as_plain_data() -> None:
    page = predict(EXAMPLE.read_bytes())
    plain = page.to_dict()
    assert [box["label"] for box in plain["boxes"]] == [box.label.value for box in page.boxes]
    for block, row in zip(page.blocks, plain["blocks"], strict=True):
        assert (row["box"] is None) == (block.label is Label.CONTENT)
        if row["box"] is not None:
            assert block in page.boxes[row["box"]].blocks


def page_of(document: Document, labels: NDArray[np.int64]) -> Page:
    """A page whose blocks have these labels for sure."""
    return Page(
        document,
        segment(document),
        np.eye(len(LABELS))[labels],
        labels,
        np.zeros(len(labels), dtype=bool),
        headline=-1,
        threshold=0.5,
        confidence=1.0,
        title="",
        url=None,
    )


def test_a_box_decides_no_label() -> None:
    document = read_document("<p>An article.</p><nav><p>Home</p><p>News</p><p>About</p><p>Log in</p></nav>")
    labels = np.array([LABELS.index(label) for label in (Label.CONTENT, *[Label.NAVIGATION] * 3, Label.SIGNUP)])
    page = page_of(document, labels)
    (box,) = page.boxes
    assert (box.label, len(box.blocks)) == (Label.NAVIGATION, 4)
    assert page.blocks[4].label is Label.SIGNUP
    assert {block.decided_by for block in page.blocks} == {"model"}


LINE = "<p>a line of some words</p>"


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 200_000 + "deep",
        "<article><p>x</p>" + LINE * 20_000,
        (LINE + "<div><p>y</p></div>") * 10_000,
        "<b>one" * 10_000 + "<p>two</p>" * 10_000,
        "<span>in <div>out</div>" * 10_000,
    ],
    ids=["deep", "wide", "by turns", "formatting", "interleaved"],
)
def test_pages_made_to_be_slow(html: str) -> None:
    document = read_document(html)
    blocks = segment(document)
    labels = np.full(len(blocks), LABELS.index(Label.NAVIGATION))
    labels[::2] = 0
    page = page_of(document, labels)
    began = time.perf_counter()
    boxes = page.boxes
    assert all(box.span is None or box.span[0] < box.span[1] for box in boxes)
    assert time.perf_counter() - began < 5
    assert sum(len(box.blocks) for box in boxes) == len(blocks) // 2


def made_up(state: np.random.Generator) -> str:
    """A page of some elements set into each other at random, text anywhere; some of it is not well nested."""
    parts = ["<body>"]
    open_tags: list[str] = []
    for _ in range(int(state.integers(5, 40))):
        move = state.random()
        if move < 0.45:
            parts.append(f"words {state.integers(1000)} ")
        elif move < 0.75 or not open_tags:
            tag = str(
                state.choice(["div", "p", "span", "a", "ul", "li", "h2", "b", "table", "td", "button", "section"])
            )
            parts.append(f"<{tag}>")
            open_tags.append(tag)
        else:
            parts.append(f"</{open_tags.pop(int(state.integers(len(open_tags))))}>")
    return "".join(parts)


def test_no_box_holds_content_whatever_the_markup() -> None:
    state = np.random.default_rng(4)
    boxes = 0
    for _ in range(1500):
        document = read_document(made_up(state))
        blocks = segment(document)
        labels = state.choice([0, 1, 4], size=len(blocks))
        page = page_of(document, labels)
        content = [block.span for block in page.content if block.span is not None]
        firsts = []
        for box in page.boxes:
            boxes += 1
            firsts.append(page.blocks.index(box.blocks[0]))
            if box.span is not None and len(box.blocks) > 1:
                start, end = box.span
                assert not [one for one in content if one[0] < end and one[1] > start], document.source
        assert firsts == sorted(firsts)
        assert sorted(id(block) for box in page.boxes for block in box.blocks) == sorted(map(id, page.chrome))
    assert boxes > 1000


def test_boxes_of_one_element_share_its_path_and_nothing_else() -> None:
    page = predict(
        "<div>Tide tables<p>The wall held.</p>Tide alarms</div>",
        strip=["text:Tide"],
        keep=["text:wall"],
        strictness=0.0,
    )
    record = page.to_dict()
    first, second = page.boxes
    assert first.path == second.path == record["boxes"][0]["path"] == record["boxes"][1]["path"]
    assert [block["box"] for block in record["blocks"]] == [0, None, 1]
    assert first.span is not None
    assert second.span is not None
    assert first.span[1] <= second.span[0]
    for name in ("json.md", "page.schema.json"):
        assert "the place in `boxes` tells them apart" in " ".join(
            (EXAMPLE.parents[1] / "docs" / name).read_text("utf-8").split()
        )
