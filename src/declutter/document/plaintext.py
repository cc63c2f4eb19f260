"""Plain text to a Document without elements: a line is a block, blank lines bound boxes.

Text that was broken at one width is joined first: a line that ends only because the next word would not have fitted goes on
in the next.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from declutter.document import BOX, DOCUMENT, LINE, TEXT, Document, subtree_ends
from declutter.document.visibility import INVISIBLE

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["BREAK", "Line", "line_edges", "lines_document", "read_lines", "read_plain"]

BREAK: Final = re.compile("\r\n|[\n\r\f\u2028\u2029]")
"""What ends a line of plain text."""

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# Widths that programs break text at; longer lines were broken by nobody.
_NARROWEST: Final = 40
_WIDEST: Final = 140
# So many pairs of lines must follow each other in boxes before a width can be told, and this share of them must be full.
_FEWEST_PAIRS: Final = 4
_FULL: Final = 0.7
# How far behind the longest line another is looked for: the longest may be a table's or an address's.
_OUTLIERS: Final = 0.02
# Kana, Han and what lies behind them stand without spaces.
_IDEOGRAPHS: Final = "\u2e80"


class Line(NamedTuple):
    """A text and where it stands in the source: its first and one past its last character."""

    text: str
    start: int
    end: int


def read_plain(source: str, encoding: str | None = None) -> Document:
    """The Document of a plain text, with the place of every node.

    Linear in its length.

    Args:
        source: the decoded text.
        encoding: what it was decoded from, if it was.
    """
    return lines_document(_joined(read_lines(source)), source, encoding)


def read_lines(source: str) -> list[list[Line]]:
    """The lines of a text that hold any ink, by the boxes that blank lines bound."""
    boxes: list[list[Line]] = []
    fresh = True
    for start, end in line_edges(source, BREAK):
        text = source[start:end]
        bare = text.strip()
        if bare.strip(INVISIBLE):
            if fresh:
                boxes.append([])
                fresh = False
            inner = start + text.index(bare[0])
            boxes[-1].append(Line(bare, inner, inner + len(bare)))
        else:
            fresh = True
    return boxes


def line_edges(source: str, ends: re.Pattern[str]) -> list[tuple[int, int]]:
    """The first and one past the last character of each line.

    Args:
        source: a text.
        ends: what ends a line, such as BREAK.
    """
    edges = []
    start = 0
    for found in ends.finditer(source):
        edges.append((start, found.start()))
        start = found.end()
    return [*edges, (start, len(source))]


def lines_document(boxes: Sequence[Sequence[Line]], source: str | None = None, encoding: str | None = None) -> Document:
    """A Document of boxes of lines: each box a node, below it a node a line with its text.

    Args:
        boxes: the lines, none without ink.
        source: what their places are of; None where they have none.
        encoding: what the source was decoded from, if it was.
    """
    tags, texts, parents, places = [DOCUMENT], [""], [-1], [(0, len(source or ""))]
    for box in boxes:
        top = len(tags)
        tags.append(BOX)
        texts.append("")
        parents.append(0)
        places.append((box[0].start, box[-1].end))
        for line in box:
            tags += (LINE, TEXT)
            texts += ("", _SURROGATE.sub("\ufffd", line.text))
            parents += (top, len(tags) - 2)
            places += ((line.start, line.end), (line.start, line.end))
    rows = np.array(parents, dtype=np.int32)
    return Document(
        tags,
        [()] * len(tags),
        texts,
        rows,
        subtree_ends(rows),
        source,
        encoding,
        markup="text",
        places=np.array(places, dtype=np.int64) if source is not None else None,
    )


def _joined(boxes: list[list[Line]]) -> list[list[Line]]:
    """The boxes with the lines of one paragraph joined, where the text is broken at one width; else as they are."""
    pairs = [(one, other) for box in boxes for one, other in itertools.pairwise(box)]
    lengths = sorted((len(line.text) for box in boxes for line in box), reverse=True)
    if len(pairs) < _FEWEST_PAIRS:
        return boxes
    width = lengths[int(_OUTLIERS * len(lengths))]
    if not _NARROWEST <= width <= _WIDEST or sum(_full(*pair, width) for pair in pairs) < _FULL * len(pairs):
        return boxes
    joined = []
    for box in boxes:
        runs = [[box[0]]]
        for one, other in itertools.pairwise(box):
            if _full(one, other, width):
                runs[-1].append(other)
            else:
                runs.append([other])
        joined.append([_together(run) for run in runs])
    return joined


def _full(line: Line, following: Line, width: int) -> bool:
    """Whether the first word of the line that follows would not have fitted into the width."""
    word = following.text.split(maxsplit=1)[0]
    if len(word) > width // 2:
        word = word[:1]  # in scripts without spaces a line is one word, and the next character is what did not fit
    return len(line.text) + 1 + len(word) > width


def _together(lines: Sequence[Line]) -> Line:
    """Several lines as one; between characters of scripts without spaces there is no space."""
    text = lines[0].text
    for line in lines[1:]:
        text += ("" if min(text[-1], line.text[0]) >= _IDEOGRAPHS else " ") + line.text
    return Line(text, lines[0].start, lines[-1].end)
