"""The kept lines of a text or Markdown source, as they stand in it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.document import commonmark, plaintext
from declutter.render.rows import chrome_cells, without_cells

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["kept_lines"]

# [label]: address, which links of the text refer to.
_DEFINITION: Final = re.compile(r" {0,3}\[([^\]]{1,200})\]:")
_REFERENCE: Final = re.compile(r"\[([^\[\]]{1,200})\]")


def kept_lines(document: Document, blocks: Blocks, keep: NDArray[np.bool_]) -> str:
    """The lines of a source that hold anything of a kept block, each as it is; of a plain text but for white space at its end.

    A line without a block (a rule of a table, a tag, an image) goes with the text before it, at the top with that behind;
    definitions that links of kept lines refer to stay, and so does front matter. Blank lines stay between lines that stay.
    Of a row of a Markdown table that stays, cells of chrome alone are emptied, and so is the first row of a table of which
    any row stays.

    Args:
        document: a page whose nodes have places.
        blocks: its n blocks.
        keep: which of them stay.
    """
    source, places = document.source, document.places
    assert source is not None
    assert places is not None
    markdown = document.markup == "markdown"
    edges = plaintext.line_edges(source, (commonmark if markdown else plaintext).BREAK)
    lines = [source[start:end] if markdown else source[start:end].rstrip() for start, end in edges]
    starts = np.array([start for start, _ in edges])
    state = _states(document, blocks, keep, starts)
    if markdown:
        for line, cells in chrome_cells(document, blocks, keep, starts, lines, state):
            lines[line] = without_cells(lines[line], cells)
            state[line] = 1
        for line in range(commonmark.front_matter("\n".join(lines))):
            state[line] = 1
        # A label may go on in the next line.
        kept = "\n".join(text for line, text in enumerate(lines) if state[line] == 1)
        asked = {_label(name) for name in _REFERENCE.findall(kept)}
        for line, text in enumerate(lines):
            if state[line] < 0 and (found := _DEFINITION.match(text)):
                state[line] = int(_label(found[1]) in asked)
    told = [line for line in range(len(lines)) if state[line] >= 0]
    following = state[told[0]] if told else 0
    for line, text in enumerate(lines):
        if state[line] >= 0:
            following = state[line]
        elif text.strip():
            state[line] = following
    rows = [line for line, value in enumerate(state) if value == 1]
    if not rows:
        return ""
    out = [lines[rows[0]]]
    for one, other in pairwise(rows):
        between = lines[one + 1 : other]
        blank = sum(not text.strip() for text in between)
        # Between two that stood apart only by what was cut out, one blank line is enough.
        out += [""] * (blank if blank == len(between) else min(blank, 1))
        out.append(lines[other])
    return "\n".join(out)


def _label(name: str) -> str:
    """A label of a link as CommonMark compares it."""
    return " ".join(name.split()).casefold()


def _states(document: Document, blocks: Blocks, keep: NDArray[np.bool_], starts: NDArray[np.int64]) -> list[int]:
    """Of each line: 1 where a kept block has a part in it, 0 where only others have, -1 where none has."""
    assert document.places is not None
    spans = document.places[blocks.starts]
    first = np.searchsorted(starts, spans[:, 0], side="right") - 1
    end = np.searchsorted(starts, np.maximum(spans[:, 1], spans[:, 0] + 1))
    state = np.full(len(starts), -1)
    known = spans[:, 0] >= 0
    for value, rows in ((0, np.flatnonzero(known & ~keep)), (1, np.flatnonzero(known & keep))):
        change = np.zeros(len(starts) + 1, dtype=np.int64)
        np.add.at(change, first[rows], 1)
        np.add.at(change, end[rows], -1)
        state[np.cumsum(change[:-1]) > 0] = value
    return state.tolist()
