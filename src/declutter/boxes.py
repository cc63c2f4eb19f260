"""Labelled blocks to boxes: chrome comes as a heading, a text, controls and fine print in one element.

A box is the largest element without content of whose blocks one kind has the most, and in which no other kind has a
part of its own. A heading, a line or a button beside an element of its kind belongs to it; what is left is a box by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from declutter.document import DOCUMENT
from declutter.labels import Label

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.document import Document

__all__ = ["BoxRows", "find_boxes"]

_LABELS: Final = tuple(Label)
_DONATION: Final = _LABELS.index(Label.DONATION)
_PAYMENT: Final = _LABELS.index(Label.PAYMENT)
# Share of the blocks of an element that are of its kind: links of other kinds in a menu are fewer than that.
_MOST: Final = 0.6
# An element of another kind with so many blocks is a box of its own; fewer are a link or a line.
_PART: Final = 3
# A donation box holds the controls to pay with; beside them this share of it asks.
_ASKS: Final = 0.2
_WHOLE_PAGE: Final = frozenset((DOCUMENT, "html", "body", "main"))


class BoxRows(NamedTuple):
    """One box.

    Attributes:
        label: column of the labels' probabilities; never 0, which is content.
        node: the smallest element that holds all of it.
        rows: int64, its blocks, in order.
    """

    label: int
    node: int
    rows: NDArray[np.int64]


def find_boxes(document: Document, owners: NDArray[np.int32], labels: NDArray[np.int64]) -> list[BoxRows]:
    """The boxes of a page, in document order; every block that is no content is in one.

    Args:
        document: the page.
        owners: int32, n, the element that holds each block.
        labels: int64, n, column of each block's label, 0 for content.
    """
    nodes = len(document)
    order = np.argsort(owners, kind="stable")
    place = owners[order]
    inside = np.searchsorted(place, np.arange(nodes)), np.searchsorted(place, document.ends)
    through = np.zeros((len(labels) + 1, len(_LABELS)), dtype=np.int64)
    through[1:] = np.cumsum(labels[order][:, None] == np.arange(len(_LABELS)), axis=0)
    counts = through[inside[1]] - through[inside[0]]
    kinds = _kinds(counts)
    whole = (kinds > 0) & ~_divided(document, counts, kinds)
    whole &= [tag not in _WHOLE_PAGE for tag in document.tags]
    found: list[tuple[int, int, NDArray[np.int64]]] = []
    node = 0
    taken = np.zeros(len(labels), dtype=bool)
    while node < nodes:
        if whole[node]:
            rows = np.sort(order[inside[0][node] : inside[1][node]])
            found.append((int(kinds[node]), node, rows))
            taken[rows] = True
        # Below an element that is a box, or holds no block, there is nothing to find.
        node = int(document.ends[node]) if whole[node] or inside[0][node] == inside[1][node] else node + 1
    loose = np.flatnonzero(~taken & (labels > 0))
    found += [(int(labels[row]), int(owners[row]), np.array([row])) for row in loose]
    return _side_by_side(document, sorted(found, key=lambda box: int(box[2][0])))


def _kinds(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The kind that has the most of each element, 0 where none has or where it holds content or nothing."""
    total = counts.sum(axis=1)
    best = np.argmax(counts, axis=1)
    asks = (counts[:, _DONATION] > 0) & (counts[:, _DONATION] >= _ASKS * total) & (best == _PAYMENT)
    best = np.where(asks, _DONATION, best)
    share = counts[np.arange(len(counts)), best]
    share = share + np.where(best == _DONATION, counts[:, _PAYMENT], 0)
    return np.where((counts[:, 0] == 0) & (total > 0) & (share >= _MOST * total), best, 0)


def _divided(document: Document, counts: NDArray[np.int64], kinds: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether an element holds one of another kind that is a box of its own."""
    nodes = len(document)
    parts = (kinds > 0) & (counts.sum(axis=1) >= _PART)
    through = np.zeros((nodes + 1, len(_LABELS)), dtype=np.int64)
    through[1:] = np.cumsum(parts[:, None] & (kinds[:, None] == np.arange(len(_LABELS))), axis=0)
    below = through[document.ends] - through[np.arange(nodes) + 1]
    same = below[np.arange(nodes), kinds] + np.where(kinds == _DONATION, below[:, _PAYMENT], 0)
    return np.asarray(below.sum(axis=1) > same)


def _side_by_side(document: Document, found: list[tuple[int, int, NDArray[np.int64]]]) -> list[BoxRows]:
    """Boxes of one kind that follow each other under one parent are joined where one of them is but a line or two."""
    boxes: list[BoxRows] = []
    parent = -1
    for label, node, rows in found:
        above = int(document.parents[node])
        if boxes and boxes[-1].label == label and boxes[-1].rows[-1] + 1 == rows[0]:
            _, joint, before = boxes[-1]
            if (node == joint or above == parent) and min(len(rows), len(before)) < _PART:
                boxes[-1] = BoxRows(label, node if node == joint else above, np.concatenate([before, rows]))
                continue
        boxes.append(BoxRows(label, node, rows))
        parent = above
    return boxes
