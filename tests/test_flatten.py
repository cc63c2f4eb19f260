"""Pages as plain text, to train on."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from declutter.blocks import segment
from declutter.corpus.base import CorpusPage, MarkedElements, WholeText
from declutter.document import read_document
from declutter.labels import CHROME
from declutter.training.flatten import flat_example, flat_graft_example, flattened

PAGE = """<body><nav data-label="navigation"><ul><li>Home</li><li>News</li></ul></nav>
<main data-label="content"><h1>The pier</h1><p>First<br>and second line</p><ul><li>one</li><li>two</li></ul>
<p>Last words of the page</p></main><img alt="a gull" data-label="other">
<div hidden data-label="other">not seen</div><p data-label="footer">The end</p></body>"""


def lines_of(seed: int, html: str = PAGE) -> tuple[list[list[str]], list[str]]:
    document = read_document(html)
    blocks = segment(document)
    boxes, rows = flattened(document, blocks, np.random.default_rng(seed))
    return [[line.text for line in box] for box in boxes], [blocks.texts[row] for row in rows]


def test_ways_of_flattening() -> None:
    ways = Counter(len(lines_of(seed)[0]) for seed in range(60))
    assert ways[1] > 5  # as crawls store it: no blank line
    assert len(ways) > 3
    for seed in range(60):
        boxes, of = lines_of(seed)
        lines = [line for box in boxes for line in box]
        assert len(lines) == len(of)
        assert "a gull" not in lines
        assert lines[:6] == ["Home", "News", "The pier", "First", "and second line", "one"]
        assert of[3] == of[4] == "First\nand second line"
        assert lines[-1] == "The end"
    assert {("not seen" in [line for box in lines_of(seed)[0] for line in box]) for seed in range(60)} == {True, False}


def test_a_browser_copies_paragraphs_apart() -> None:
    found = [boxes for boxes in (lines_of(seed)[0] for seed in range(60)) if ["The pier"] in boxes and len(boxes) > 1]
    assert any(["one", "two"] in boxes for boxes in found)
    assert any(["Home", "News"] in boxes for boxes in found)


def test_labels_go_with_the_lines() -> None:
    page = CorpusPage("own", "news-en-pier", PAGE.encode(), MarkedElements())
    for seed in range(8):
        example = flat_example(page, seed)
        assert example is not None
        assert example.content[:6].tolist() == [0, 0, 1, 1, 1, 1]
        assert [CHROME[kind].value for kind in example.kind[[0, 1, -1]]] == ["navigation", "navigation", "footer"]
        assert example.headline == 2  # known from the page, so that gold without headlines can leave it out
        assert example.gold_counts is not None
        assert len(example.block_words) == len(example) == len(example.features)


def test_a_page_without_text_is_no_example() -> None:
    assert flat_example(CorpusPage("wcxb", "1", b"<img alt='only this'>", WholeText("x")), 1) is None


def test_boxes_that_were_set_in_are_chrome() -> None:
    from test_augment import boxes, host  # noqa: PLC0415 - the pages and boxes of its own tests

    example = flat_graft_example(host(), boxes(), 3)
    assert example is not None
    assert example.gold_counts is None
    assert 0 < (example.content == 0).sum() < len(example)
    assert flat_graft_example(host(1), boxes(), 1) is None


@pytest.mark.parametrize("html", ["<p>\u200b</p><p>x</p>", "<pre>a\n\n  b</pre>x", "<p>\ud800</p>y"])
def test_every_line_is_a_block(html: str) -> None:
    page = CorpusPage("wcxb", "1", html.encode("utf-8", "surrogatepass"), WholeText("x"))
    for seed in range(6):
        assert flat_example(page, seed) is not None
