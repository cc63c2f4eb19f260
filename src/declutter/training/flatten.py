"""Flattening: pages as the plain text that programs make of them, to train on what comes as text.

Each page is flattened in one of the ways that texts are made: as a browser copies it (what is seen, blank lines around
paragraphs), as crawls store it (everything, no blank line), or with a blank line around everything that is no list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.blocks import Origin, segment
from declutter.corpus.align import Targets
from declutter.document.plaintext import Line, lines_document
from declutter.document.visibility import INVISIBLE
from declutter.features import extract
from declutter.features.headline import find_headline
from declutter.features.view import PageView
from declutter.training.augment import grafted
from declutter.training.examples import assembled, labelled, read_marked, without_annotation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.corpus.base import CorpusPage
    from declutter.document import Document
    from declutter.training.augment import Graft
    from declutter.training.examples import Example

__all__ = ["flat_example", "flat_graft_example", "flattened"]

# Elements that stand apart in a browser's copy.
_APART: Final = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "figcaption", "caption"))
# Elements that are set close where a text is made with care.
_CLOSE: Final = frozenset(("li", "dt", "dd", "td", "th", "option", "button", "label"))
# Share of pages that are flattened as a browser copies, and as crawls store.
_COPIED, _STORED = 0.4, 0.25
# Share of texts with every other line break another than the rule says: programs differ.
_UNRULY: Final = 0.15


def flat_example(page: CorpusPage, seed: int) -> Example | None:
    """The example of a page as plain text; None where nothing of it is text.

    Args:
        page: the page with its gold.
        seed: in which way it is flattened.

    Raises:
        CorpusError: the gold does not fit the page.
    """
    return _example(page, *read_marked(page), (), seed)


def flat_graft_example(page: CorpusPage, grafts: Sequence[Graft], seed: int) -> Example | None:
    """The example of a page with boxes set in (see augment.grafted) as plain text; None where it has no room for any."""
    made = grafted(page, grafts, seed)
    return _example(without_annotation(page), made[0], None, made[1], seed) if made else None


def _example(
    page: CorpusPage, document: Document, marked: dict[int, str] | None, foreign: Sequence[str], seed: int
) -> Example | None:
    blocks = segment(document)
    headline = find_headline(PageView(document, blocks))
    targets = labelled(page, document, blocks, headline, marked, foreign)
    boxes, rows = flattened(document, blocks, np.random.default_rng(seed))
    if not rows:
        return None
    flat = lines_document(boxes)
    lines = segment(flat)
    assert len(lines) == len(rows)
    features, view = extract(flat, lines)
    targets = Targets(targets.content[rows], targets.kind[rows])
    example = assembled(page, lines.texts, features, view, targets, scored=not foreign)
    # A text has no headline that anybody could find, but gold that leaves it out leaves it out here too.
    example.headline = rows.index(headline) if headline in rows else -1
    return example


def flattened(document: Document, blocks: Blocks, state: np.random.Generator) -> tuple[list[list[Line]], list[int]]:
    """The lines of a page by box, and the block that each line is of.

    Args:
        document: the page.
        blocks: its blocks.
        state: what the way is drawn from.
    """
    draw = state.random()
    copied, stored = draw < _COPIED, _COPIED <= draw < _COPIED + _STORED
    unruly = state.random() < _UNRULY
    boxes: list[list[Line]] = []
    of: list[int] = []
    before = -1
    for row in _shown(blocks, hidden=not copied):
        lines = [
            line for line in (" ".join(part.split()) for part in blocks.texts[row].split("\n")) if line.strip(INVISIBLE)
        ]
        if not lines:
            continue
        apart = before < 0 or (not stored and _apart(document, blocks, before, row, copied=copied))
        if before >= 0 and unruly and state.random() < 0.5:
            apart = not apart
        if apart:
            boxes.append([])
        boxes[-1] += [Line(line, 0, 0) for line in lines]
        of += [row] * len(lines)
        before = row
    return boxes, of


def _shown(blocks: Blocks, *, hidden: bool) -> NDArray[np.int64]:
    """The blocks that a text holds: no alternative texts, and hidden ones only where a program does not look."""
    return np.flatnonzero((blocks.origins != Origin.ALT) & (hidden | ~blocks.hidden))


def _apart(document: Document, blocks: Blocks, one: int, other: int, *, copied: bool) -> bool:
    """Whether a blank line stands between two blocks that follow each other."""
    first, second = int(blocks.owners[one]), int(blocks.owners[other])
    tags = document.tags[first], document.tags[second]
    if copied:
        return tags[0] in _APART or tags[1] in _APART
    return not (tags[0] in _CLOSE and tags[1] in _CLOSE) or _far(document, first, second)


def _far(document: Document, one: int, other: int) -> bool:
    """Whether two elements are of different lists: their parents have different parents."""
    grand = [int(document.parents[max(int(document.parents[node]), 0)]) for node in (one, other)]
    return grand[0] != grand[1] and document.parents[one] != document.parents[other]
