"""Plain text to a Document without elements: a line is a block, blank lines bound boxes, headings begin sections.

Text that was broken at one width is joined first: a line that ends only because the next word would not have fitted goes on
in the next.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from declutter.document import BOX, DOCUMENT, HEADING, LINE, SECTION, TEXT, Document, subtree_ends
from declutter.document.visibility import INVISIBLE

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["BREAK", "Line", "line_edges", "lines_document", "read_lines", "read_plain"]

BREAK: Final = re.compile("\r\n|[\n\v\f\r\x85\u2028\u2029]")
"""What ends a line of plain text: the mandatory breaks of Unicode (UAX 14), which are those of str.splitlines without the
separators U+001C to U+001E."""

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# Widths that programs break text at; longer lines were broken by nobody.
_NARROWEST: Final = 40
_WIDEST: Final = 140
# So many pairs of lines of this share of the width must follow each other in boxes, and this share of them must be full;
# shorter ones are of menus, and say nothing.
_FEWEST_PAIRS: Final = 3
_LONG: Final = 0.6
_FULL: Final = 0.7
# What is divided between two lines leaves less free than this share of the width.
_DIVIDED: Final = 0.75
# How answers to a mail quote it.
_QUOTED: Final = re.compile(r"(?:> ?)+")
# How far behind the longest line another is looked for: the longest may be a table's or an address's.
_OUTLIERS: Final = 0.02
# Kana, Han and what lies behind them stand without spaces.
_IDEOGRAPHS: Final = "\u2e80"
_WIDE: Final = re.compile("[\u2e80-\U0010ffff]")
# Characters that a heading has at most, and that the paragraph below it has at least; an ideograph is as good as two.
_HEADING: Final = 90
_PARAGRAPH: Final = 90
# What a line ends with that is a sentence, or goes on.
_SENTENCE_ENDS: Final = (".", "!", "\u3002", "\uff01", ";", "\u2026", '."', ".\u201d", ".)")


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
    """A Document of boxes of lines: sections of boxes, below each box a node a line with its text.

    Args:
        boxes: the lines, none without ink.
        source: what their places are of; None where they have none.
        encoding: what the source was decoded from, if it was.
    """
    tags, texts, parents, places = [DOCUMENT], [""], [-1], [(0, len(source or ""))]

    def add(tag: str, text: str, parent: int, start: int, end: int) -> int:
        tags.append(tag)
        texts.append(text)
        parents.append(parent)
        places.append((start, end))
        return len(tags) - 1

    for section in _sections(boxes):
        whole = add(SECTION, "", 0, section[0][0][0].start, section[-1][-1][0].end)
        for box in section:
            top = add(BOX, "", whole, box[0][0].start, box[-1][0].end)
            for line, heading in box:
                node = add(HEADING if heading else LINE, "", top, line.start, line.end)
                add(TEXT, _SURROGATE.sub("\ufffd", line.text), node, line.start, line.end)
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


def _sections(boxes: Sequence[Sequence[Line]]) -> list[list[list[tuple[Line, bool]]]]:
    """The boxes by section, and whether each line is a heading.

    A heading is a short line that is no sentence and stands above a paragraph, or above such a heading. It begins a box, but
    in a text without blank lines, whose one box is parted at its headings. A section goes from a heading to the next.
    """
    lines = [line for box in boxes for line in box]
    if not lines:
        return []
    begins = np.zeros(len(lines), dtype=np.bool_)
    begins[np.cumsum([0, *(len(box) for box in boxes[:-1])])] = True
    sizes = np.array([_size(line.text) for line in lines])
    short = (sizes <= _HEADING) & np.array([not line.text.endswith(_SENTENCE_ENDS) for line in lines])
    if len(boxes) > 1:
        short &= begins
    above = np.zeros((2, len(lines)), dtype=np.bool_)
    above[0, :-1] = short[:-1] & (sizes[1:] >= _PARAGRAPH)
    above[1, :-1] = short[:-1] & above[0, 1:]
    headings = above[0] | above[1]
    first = headings.copy()
    first[1:] &= ~headings[:-1]
    sections: list[list[list[tuple[Line, bool]]]] = []
    for line, heading, fresh, new in zip(
        lines, headings.tolist(), (begins | first).tolist(), first.tolist(), strict=True
    ):
        if new or not sections:
            sections.append([])
        if fresh:
            sections[-1].append([])
        sections[-1][-1].append((line, heading))
    return sections


def _size(text: str) -> int:
    return len(text) + (0 if text.isascii() else len(_WIDE.findall(text)))


def _joined(boxes: list[list[Line]]) -> list[list[Line]]:
    """The boxes with the lines of one paragraph joined, where the text is broken at one width; else as they are."""
    pairs = [(one, other) for box in boxes for one, other in itertools.pairwise(box)]
    lengths = sorted((len(line.text) for box in boxes for line in box), reverse=True)
    if not pairs:
        return boxes
    width = lengths[int(_OUTLIERS * len(lengths))]
    long = [pair for pair in pairs if min(len(line.text) for line in pair) >= _LONG * width]
    if (
        not _NARROWEST <= width <= _WIDEST
        or len(long) < _FEWEST_PAIRS
        or sum(_full(*pair, width) for pair in long) < _FULL * len(long)
    ):
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
    """Whether the first word of the line that follows would not have fitted into the width; both are quoted, or none is."""
    marks = _quotation(following.text)
    words = following.text[len(marks) :].split(maxsplit=1)
    if not words or _quotation(line.text) != marks:
        return False
    if _is_divided(line.text, words[0]):
        return len(line.text) > _DIVIDED * width
    word = words[0]
    if len(word) > width // 2:
        word = word[:1]  # in scripts without spaces a line is one word, and the next character is what did not fit
    return len(line.text) + 1 + len(word) > width


def _quotation(text: str) -> str:
    found = _QUOTED.match(text)
    return found[0] if found else ""


def _is_divided(text: str, word: str) -> bool:
    """Whether a line ends in the middle of a word."""
    return text[-1] in "-\u2010\u00ad" and text[-2:-1].isalpha() and word[0].islower()


def _together(lines: Sequence[Line]) -> Line:
    """Several lines as one; no space stands between characters of scripts without spaces, and in a divided word.

    The hyphen of that stays: nobody knows whether the word has it anyway.
    """
    parts = [lines[0].text]
    for line in lines[1:]:
        more = line.text[len(_quotation(line.text)) :]
        close = min(parts[-1][-1], more[0]) >= _IDEOGRAPHS or _is_divided(parts[-1], more)
        parts[-1] = parts[-1].removesuffix("\u00ad")
        parts.append(more if close else f" {more}")
    return Line("".join(parts), lines[0].start, lines[-1].end)
