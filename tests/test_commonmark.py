"""Markdown to a Document."""

from __future__ import annotations

import time

import pytest

from declutter.blocks import segment
from declutter.document.commonmark import front_matter, read_markdown
from declutter.document.spans import block_spans

SOURCE = """\
---
title: Harbour
---

# The *harbour*

A first paragraph
on two lines, with [a link](https://harbour.example/).

- one
- two

  and more
  ```py
  code()
  ```

| a | b |
|---|---|
| 1 | 2 |

<div align="center">

**In** a div

</div>

<p>raw <b>HTML</b></p>

> quoted

Setext
------

[ref]: https://harbour.example/ref
"""


def blocks_of(source: str) -> list[tuple[str, str, str]]:
    """Text, tag and lines of each block."""
    document = read_markdown(source)
    blocks = segment(document)
    return [
        (text, document.tags[owner], source[slice(*span)] if span else "")
        for text, owner, span in zip(blocks.texts, blocks.owners, block_spans(document, blocks), strict=True)
    ]


def test_blocks_and_their_lines() -> None:
    assert blocks_of(SOURCE) == [
        ("The harbour", "h1", "# The *harbour*"),
        ("A first paragraph on two lines, with a link.", "p", SOURCE[41:115].strip()),
        ("one", "p", "- one"),
        ("two", "p", "- two"),
        ("and more", "p", "and more"),
        ("code()", "pre", "```py\n  code()\n  ```"),
        ("a", "th", "| a | b |"),
        ("b", "th", "| a | b |"),
        ("1", "td", "| 1 | 2 |"),
        ("2", "td", "| 1 | 2 |"),
        ("In a div", "p", "**In** a div"),
        ("raw HTML", "p", "<p>raw <b>HTML</b></p>"),
        ("quoted", "p", "> quoted"),
        ("Setext", "h2", "Setext\n------"),
    ]


def test_no_trace_of_the_line_marks_is_left() -> None:
    document = read_markdown(SOURCE)
    assert document.markup == "markdown"
    assert document.source == SOURCE
    assert not [pair for pairs in document.attributes for pair in pairs if pair[0].startswith("data-declutter")]


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_other_line_ends(ends: str) -> None:
    source = SOURCE.replace("\n", ends)
    assert [text for text, _, _ in blocks_of(source)] == [text for text, _, _ in blocks_of(SOURCE)]
    assert blocks_of(source)[0][2] == "# The *harbour*"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("---\na: 1\n---\nx", 3),
        ("+++\na=1\n+++", 3),
        ("---\nno end", 0),
        ("x\n---\n", 0),
        ("", 0),
        ("--- \n---", 2),
        ("---\n\nprose\n\n---\n", 0),
    ],
)
def test_front_matter(text: str, lines: int) -> None:
    assert front_matter(text) == lines


@pytest.mark.parametrize("mark", ["0 999999", "5 2", "x y", "-1 2", "0 1 2", "", "٣ ٤"])
def test_marks_that_the_text_itself_holds_are_no_places(mark: str) -> None:
    source = f'<p data-declutter-lines="{mark}">raw</p>\n'
    assert blocks_of(source) == [("raw", "p", source.strip())]


def test_what_stands_too_deep_is_read_as_text() -> None:
    source = ">" * 200 + " deep\n\nafter"
    assert [text for text, _, _ in blocks_of(source)] == [source.split("\n", maxsplit=1)[0], "after"]
    assert read_markdown(source).markup == "text"
    assert read_markdown("> " * 20 + "not too deep").markup == "markdown"


@pytest.mark.parametrize(
    "source",
    ["[" * 20_000, "*a " * 20_000, "`" * 30_000, "- " * 5_000 + "x", "> " * 5_000 + "x", "|" * 20_000, "<a " * 20_000],
    ids=["brackets", "stars", "ticks", "lists", "quotes", "pipes", "tags"],
)
def test_hostile_markdown(source: str) -> None:
    began = time.perf_counter()
    segment(read_markdown(source))
    assert time.perf_counter() - began < 5
