"""Pictures that stay for what stands around them, though their description is taken for a source, a name or the like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.blocks import Origin
from declutter.labels import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["with_pictures"]

# On 52 pages of readability whose gold has 257 pictures 113 of them are shown without this module, with 25 others; with it 133 and
# 29 others. With all labels below instead of those named there 156 and 34, among them buttons that ask for money.
_LEAST: Final = 0.1
# What descriptions of pictures are mistaken for: sources, names, titles of elsewhere. One that asks for money is seldom a mistake.
_MISTAKEN: Final = frozenset(
    place
    for place, label in enumerate(Label)
    if label in {Label.METADATA, Label.OTHER, Label.RELATED, Label.NAVIGATION}
)
_FIGURE: Final = "figure"
# Elements between a picture and its figure.
_NEAR: Final = 8


def with_pictures(
    document: Document,
    blocks: Blocks,
    keep: NDArray[np.bool_],
    scores: NDArray[np.float64],
    labels: Callable[[], NDArray[np.int64]],
    ruled: NDArray[np.bool_] | None = None,
    headline: int = -1,
) -> NDArray[np.bool_]:
    """The blocks that stay where pictures are shown: those that are kept, and the descriptions of pictures between them.

    A description is a block that is judged by its words, which say little: a name, a source, what is to be seen. A picture stays
    where the blocks before and behind it (or behind its figure) do, those that the smallest element around them holds; of the
    descriptions of other pictures none counts. Hidden ones, and those that are taken for an appeal, an ad or the like, go. Linear in
    the number of nodes.

    Args:
        document: the page.
        blocks: its n blocks.
        keep: bool, n, which blocks stay.
        scores: float64, n, content scores.
        labels: gives int64, n, places in Label; called where a picture hangs on them alone.
        ruled: bool, n, of which a rule of the caller decided; None where there are no rules.
        headline: row of the main headline, which stays or goes by itself; -1 for none.

    Returns:
        bool, n; `keep` itself where no picture is added.
    """
    tags = document.tags
    described = np.flatnonzero((blocks.origins == Origin.ALT) & ~keep)
    rows = [row for row in described.tolist() if tags[blocks.starts[row]] == "img"]
    if not rows:
        return keep
    pictures = np.zeros(len(blocks), dtype=np.bool_)
    pictures[rows] = True
    judging = np.flatnonzero(~pictures)  # those that say what a picture between them is
    starts, stays, parents = blocks.starts[judging], keep[judging], np.maximum(document.parents, 0)
    first = np.searchsorted(starts, np.arange(len(document)))
    last = np.searchsorted(starts, document.ends)
    # The outermost element around each node that holds no more of them.
    same = np.where((last - first)[parents] == last - first, parents, np.arange(len(document)))
    while not np.array_equal(further := same[same], same):  # steps double, so that depth is no limit
        same = further
    between = []
    for row in rows:
        if row == headline or blocks.hidden[row] or scores[row] < _LEAST or (ruled is not None and ruled[row]):
            continue
        outer = _figure(document, int(blocks.starts[row]))
        around = parents[same[outer]]
        near = [place for place in (first[outer] - 1, last[outer]) if first[around] <= place < last[around]]
        if near and stays[near].all():
            between.append(row)
    if not between:
        return keep
    kinds, shown = labels(), keep.copy()
    shown[[row for row in between if kinds[row] in _MISTAKEN]] = True
    return shown


def _figure(document: Document, node: int) -> int:
    """The figure around a picture, or the picture itself."""
    above = node
    for _ in range(_NEAR):
        above = int(document.parents[above])
        if above <= 0:
            break
        if document.tags[above] == _FIGURE:
            return above
    return node
