"""The kept lines of text and Markdown."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest

from declutter.blocks import segment
from declutter.document.markup import read_page
from declutter.render.source import kept_lines

if TYPE_CHECKING:
    from declutter.document import Markup


def kept(source: str, markup: Markup, *wanted: str) -> str:
    """What stays where the blocks with these texts do; of none, all blocks."""
    document = read_page(source, markup=markup)
    blocks = segment(document)
    keep = np.array([not wanted or text in wanted for text in blocks.texts], dtype=bool)
    assert not wanted or keep.sum() == len(wanted)
    return kept_lines(document, blocks, keep)


@pytest.mark.parametrize(
    ("source", "wanted", "result"),
    [
        ("a\nb\n\nc", ("a", "c"), "a\n\nc"),
        ("a\n\nb\n\nc", ("a", "c"), "a\n\nc"),
        ("a\nb\nc", ("a", "c"), "a\nc"),
        ("a\n\n\n\nb", ("a", "b"), "a\n\n\n\nb"),
        ("a\r\n\r\n  b  \r\nc", ("b",), "  b"),
        ("\n\na\n\n", ("a",), "a"),
    ],
)
def test_lines_of_a_text(source: str, wanted: tuple[str, ...], result: str) -> None:
    assert kept(source, "text", *wanted) == result


@pytest.mark.parametrize(
    ("source", "wanted", "result"),
    [
        ("# A\n\none\ntwo\n\n*b*", ("A", "one two"), "# A\n\none\ntwo"),
        ("- a\n- b\n- c", ("a", "c"), "- a\n- c"),
        ("|a|b|\n|-|-|\n|1|2|\n|3|4|", ("a", "b", "3", "4"), "|a|b|\n|-|-|\n|3|4|"),
        ("|a|b|\n|-|-|\n|1|2|", ("a", "b", "1"), "|a|b|\n|-|-|\n|1||"),
        ("| a | b |\n| - | - |\n| 1 | 2 *3* |", ("a", "b", "2 3"), "| a | b |\n| - | - |\n|  | 2 *3* |"),
        # A cell at an edge that is emptied has a pipe on both sides.
        ("a | b\n--|--\n1 | 2\n3 | 4", ("a", "2", "3"), "a | |\n--|--\n| | 2\n3 | |"),
        ("> |a|x \\| y|\n> |-|-|\n> |1|2|", ("a", "2"), "> |a||\n> |-|-|\n> ||2|"),
        ("- |a|b|\n  |-|-|\n  |1|2|", ("b", "1"), "- ||b|\n  |-|-|\n  |1||"),
        # A table without its first row is none.
        ("|a|b|\n|-|-|\n|1|2|\n|3|4|", ("1", "2"), "|||\n|-|-|\n|1|2|"),
        ("x\n\n|a|b|\n|-|-|\n|1|2|", ("x",), "x"),
        # Raw HTML stays as it is: its lines are not told from each other.
        ("<table><tr><td>a|b<td>c</table>", ("c",), "<table><tr><td>a|b<td>c</table>"),
        (
            "|a|b|\n|-|-|\n|<table><tr><td>x<td>y</table>|2|",
            ("a", "b", "x"),
            "|a|b|\n|-|-|\n|<table><tr><td>x<td>y</table>||",
        ),
        ("---\nt: x\n---\n\na\n\nb", ("b",), "---\nt: x\n---\n\nb"),
        ("a [x][y]\n\nb\n\n[y]: z", ("a x",), "a [x][y]\n\n[y]: z"),
        ("a [x][Y  y]\n\nb [o]\n\n[y y]: z\n[o]: p", ("a x",), "a [x][Y  y]\n\n[y y]: z"),
        ("[tide\ntables] a\n\nb\n\n[Tide tables]: z", ("tide tables a",), "[tide\ntables] a\n\n[Tide tables]: z"),
        ("a  \nb\n\nc", ("a\nb",), "a  \nb"),
        ("---\n\na\n\n---\n\nb", ("b",), "b"),
        ("![alt](i.png)\n\na\n\nb", ("a", "alt"), "![alt](i.png)\n\na"),
        ("<div>\n\na\n\n</div>\n\nb", ("a",), "<div>\n\na\n\n</div>"),
        ("```\ncode\n\nmore\n```\n\nb", ("code\n\nmore",), "```\ncode\n\nmore\n```"),
        ("a\n\n***\n\nb", ("b",), "b"),
        ("a\n\n***\n\nb", ("a",), "a\n\n***"),
    ],
)
def test_lines_of_markdown(source: str, wanted: tuple[str, ...], result: str) -> None:
    assert kept(source, "markdown", *wanted) == result


@pytest.mark.parametrize(
    "source", ["|a|b|c|\n|-|-|-|\n|1|2|3|", "a | b | c\n--|---|---\n1 | 2 | 3", "> a|b|c\n> -|-|-\n> 1|2|3"]
)
@pytest.mark.parametrize("wanted", list(itertools.combinations("abc123", 3)))
def test_a_table_less_some_cells_has_its_columns(source: str, wanted: tuple[str, ...]) -> None:
    document = read_page(kept(source, "markdown", *wanted), markup="markdown")
    cells = [node for node, tag in enumerate(document.tags) if tag in {"td", "th"}]
    found = ["".join(document.texts[node : document.ends[node]]).strip() for node in cells]
    rows = 1 + any(name in "123" for name in wanted)
    assert found == [name if name in wanted else "" for name in "abc123"[: 3 * rows]]


@pytest.mark.parametrize("markup", ["text", "markdown"])
def test_all_lines_stay_as_they_are(markup: Markup) -> None:
    source = "# A head\n\nText *with* marks,\nand more.\n\n- one\n   - two\n\n    code\n\n<b>x</b>"
    assert kept(source, markup) == source


def test_nothing_stays_of_nothing() -> None:
    document = read_page("a\n\nb", markup="text")
    blocks = segment(document)
    assert kept_lines(document, blocks, np.zeros(2, dtype=bool)) == ""
    empty = read_page("", markup="text")
    assert kept_lines(empty, segment(empty), np.zeros(0, dtype=bool)) == ""
