"""Code in plain text: the lines and indentations of it, and the columns of numbers beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.blocks import Origin
from declutter.document import TEXT
from declutter.document.visibility import INLINE, INVISIBLE, SKIPPED, styles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["NUMBERING", "code_texts", "numbering_rows", "outermost"]

NUMBERING: Final = frozenset(("gutter", "linenos", "lineno", "rouge-gutter", "hljs-ln-numbers"))
"""Classes of cells that number lines: Hexo, Pygments, Rouge, highlight.js."""

_NUMBERS: Final = re.compile(r"[\d\s]*")
_CELLS: Final = frozenset(("td", "th", "caption"))
# The row, its group, the table.
_UP: Final = 3
# Characters without ink that indent nothing; some editors and terminals leave them.
_IDLE: Final = dict.fromkeys(map(ord, set(INVISIBLE) - set(" \t\r\n\xa0")))
_BLANK_LINES: Final = re.compile(r"\A(?:[^\S\r\n]*[\r\n])+")


def outermost(document: Document, *tags: str) -> list[tuple[int, int]]:
    """The elements of some names that stand in no other of them: first row and one past the last, in document order."""
    found: list[tuple[int, int]] = []
    until = 0
    for row in document.rows_of(*tags):
        if row >= until:
            until = int(document.ends[row])
            found.append((row, until))
    return found


def numbering_rows(document: Document, blocks: Blocks, rows: Sequence[int]) -> set[int]:
    """The blocks that only number the lines of code: in a table of two cells, of which the other is one `<pre>`.

    Args:
        document: the page.
        blocks: its blocks.
        rows: those that stay, in document order.
    """
    numbering = [
        node
        for node, names in document.named("class").items()
        if document.tags[node] == "td" and not NUMBERING.isdisjoint(names.split())
    ]
    if not numbering:
        return set()
    starts = blocks.starts[list(rows)]
    cells = np.array(document.rows_of(*_CELLS))
    blocks_of_code = np.array(document.rows_of("pre"))
    found: set[int] = set()
    for node in numbering:
        table = node
        for _ in range(_UP):
            if document.tags[table] != "table":
                table = int(document.parents[table])
        first, after = np.searchsorted(cells, (table, document.ends[table])).tolist()
        if document.tags[table] != "table" or after - first != len(("numbers", "code")) or cells[first] != node:
            continue
        code, end = int(cells[first + 1]), int(document.ends[cells[first + 1]])
        inside, behind = np.searchsorted(blocks_of_code, (code, end)).tolist()
        if behind - inside != 1 or not _NUMBERS.fullmatch("".join(document.texts[node:code])):
            continue
        pre = int(blocks_of_code[inside])
        edges = (node, code, pre, document.ends[pre], end)
        number, held, in_code, past_code, past = np.searchsorted(starts, edges).tolist()
        if held == in_code < past_code == past:
            found.update(rows[number:held])
    return found


def code_texts(document: Document, blocks: Blocks, rows: Sequence[int]) -> tuple[dict[int, tuple[int, str]], set[int]]:
    """What is kept of each `<pre>` as one text.

    Where its lines are elements, each is a block, and white space before the first of their words is in none: these are written
    from the tree.

    Args:
        document: the page.
        blocks: its blocks.
        rows: those that stay, in document order.

    Returns:
        The row of each and its text, by the first of its blocks; the other blocks.
    """
    texts: dict[int, tuple[int, str]] = {}
    others: set[int] = set()
    starts = blocks.starts[list(rows)]
    found = outermost(document, "pre")
    edges = np.searchsorted(starts, found).reshape(-1, 2).tolist()
    styled: set[int] | None = None
    for (pre, end), (first, after) in zip(found, edges, strict=True):
        if first == after:
            continue
        row = rows[first]
        before = "".join(document.texts[pre : int(blocks.starts[row])])
        if after - first == 1 and not before.strip("\r\n"):
            texts[row] = pre, blocks.texts[row]
            continue
        if styled is None:
            _, styled = styles(document)
        texts[row] = pre, _written(document, blocks, pre, end, set(rows[first:after]), styled)
        others.update(rows[first + 1 : after])
    return texts, others


def _written(document: Document, blocks: Blocks, pre: int, end: int, kept: set[int], styled: set[int]) -> str:
    """The kept blocks of a `<pre>` with the white space before them, each line an element or a line break set in a line.

    White space goes with what is behind it: that before a block which goes, goes too.
    """
    tags, ends = document.tags, document.ends[pre:end].tolist()
    of_node = blocks.of_node[pre:end].tolist()
    out: list[str] = []
    waiting = ""
    line_ends: list[int] = []  # where the elements end that are lines
    node = pre + 1
    while node < end:
        while line_ends and node >= line_ends[-1]:
            line_ends.pop()
            waiting += _parting(out, waiting, "\n")
        tag, row, past = tags[node], of_node[node - pre], ends[node - pre]
        shown = blocks.texts[row] if row >= 0 and blocks.origins[row] == Origin.CONTROL and tag != TEXT else None
        if tag == TEXT or shown is not None:
            text = document.texts[node] if shown is None else f"{shown}\n"
            if row in kept:
                out += (waiting, text)
                waiting = ""
            elif row >= 0:
                waiting = ""
            elif not text.strip(INVISIBLE):
                waiting += text.translate(_IDLE)
            node = node + 1 if shown is None else past
        elif tag in SKIPPED or tag in {"svg", "select", "datalist"}:
            node = past
        else:
            if tag == "br":
                waiting += "\n"
            elif tag in {"td", "th"}:
                waiting += _parting(out, waiting, "\t")
            elif (tag not in INLINE and "-" not in tag) or node in styled:
                waiting += _parting(out, waiting, "\n")
                line_ends.append(past)
            node += 1
    return _BLANK_LINES.sub("", "".join(out)).rstrip()


def _parting(out: list[str], waiting: str, sign: str) -> str:
    """What parts an element from what is before it: nothing where a line begins."""
    before = waiting or (out[-1] if out else "\n")
    return "" if before.endswith("\n") else sign
