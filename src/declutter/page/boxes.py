"""Labelled blocks to boxes: chrome comes as a heading, a text, controls and fine print in one element.

A box is the largest element without content of whose blocks one kind has the most, and in which no other kind has a
part of its own. A heading, a line or a button beside an element of its kind belongs to it; what is left is a box by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from declutter.document import DOCUMENT, TEXT
from declutter.labels import Label

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

    Ints = NDArray[np.int64]

__all__ = ["BoxRows", "Part", "find_boxes"]

_LABELS: Final = tuple(Label)
_DONATION: Final = _LABELS.index(Label.DONATION)
_PAYMENT: Final = _LABELS.index(Label.PAYMENT)
# Share of the blocks of an element that are of its kind: links of other kinds in a menu are fewer than that.
_MOST: Final = 0.6
# An element of another kind with so many blocks is a box of its own; fewer are a link or a line.
_PART: Final = 3
# A donation box holds the controls to pay with; beside them this share of it asks.
_ASKS: Final = 0.2
_NO_BOXES: Final = frozenset((DOCUMENT, TEXT, "html", "body", "main"))


class Part(NamedTuple):
    """An element of a box, or a block that stands in none of its own.

    Attributes:
        node: the element, or -1.
        rows: its blocks, in order.
    """

    node: int
    rows: list[int]


class BoxRows(NamedTuple):
    """One box.

    Attributes:
        label: column of the labels' probabilities; never 0, which is content.
        node: its element; where it has several parts, the one that holds them.
        parts: what it is made of, in order.
    """

    label: int
    node: int
    parts: list[Part]

    @property
    def rows(self) -> list[int]:
        """All its blocks."""
        return [row for part in self.parts for row in part.rows]


def find_boxes(document: Document, blocks: Blocks, labels: Ints) -> list[BoxRows]:
    """The boxes of a page, in the order of their first blocks; every block that is no content is in one.

    Linear in the nodes of the page.

    Args:
        document: the page.
        blocks: its n blocks.
        labels: int64, n, column of each block's label, 0 for content.
    """
    before = _counted(np.bincount(blocks.starts, minlength=len(document)))
    low, high = before[:-1], before[document.ends]
    kinds, parts = _kinds(labels, low, high, _whole(document, blocks))
    whole = np.flatnonzero((kinds > 0) & ~_divided(document, kinds, parts))
    found: list[tuple[int, int, Part]] = []
    taken = np.zeros(len(labels), dtype=bool)
    until = 0  # below an element that is a box there is nothing to find
    for node in whole.tolist():
        if node >= until and document.tags[node] not in _NO_BOXES:
            first, last = int(low[node]), int(high[node])
            found.append((int(kinds[node]), int(document.parents[node]), Part(node, list(range(first, last)))))
            taken[first:last] = True
            until = int(document.ends[node])
    lone = np.flatnonzero(~taken & (labels > 0)).tolist()
    found += [(int(labels[row]), int(blocks.owners[row]), Part(-1, [row])) for row in lone]
    return _joined(sorted(found, key=lambda entry: entry[2].rows[0]))


def _counted(numbers: NDArray[Any]) -> Ints:
    """The sum of what stands before each place, and of all."""
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(numbers)))


def _whole(document: Document, blocks: Blocks) -> NDArray[np.bool_]:
    """Which elements hold all of every block that they hold anything of; a run of text can reach into one from outside."""
    held = blocks.of_node >= 0
    of_node = blocks.of_node[held]
    before = _counted(held)
    first, last = before[:-1], before[document.ends]
    # Blocks follow each other: the first node of one in an element tells where they begin, the last one where they end.
    begins = np.append(blocks.starts[of_node], len(document))[first]
    ends = np.append(blocks.ends[of_node], -1)[last - 1]
    return np.asarray((first == last) | ((begins >= np.arange(len(document))) & (ends <= document.ends)))


def _kinds(labels: Ints, low: Ints, high: Ints, whole: NDArray[np.bool_]) -> tuple[Ints, dict[int, Ints]]:
    """The kind that has the most of each whole element, 0 where none has or where it holds content or nothing.

    And for each kind, how many elements up to each node are a part of that kind.
    """
    total = high - low
    best, most = np.zeros(len(total), dtype=np.int64), np.zeros(len(total), dtype=np.int64)
    payments, donations = np.zeros_like(total), np.zeros_like(total)
    content = np.zeros_like(total)
    present = np.flatnonzero(np.bincount(labels)).tolist()
    for label in present:
        through = _counted(labels == label)
        count = through[high] - through[low]
        if label == 0:
            content = count
            continue
        payments, donations = (count if label == _PAYMENT else payments), (count if label == _DONATION else donations)
        best, most = np.where(count > most, label, best), np.maximum(count, most)
    asks = (donations > 0) & (donations >= _ASKS * total) & (best == _PAYMENT)
    best = np.where(asks, _DONATION, best)
    most = np.where(best == _DONATION, donations + payments, most)
    kinds = np.where(whole & (content == 0) & (total > 0) & (most >= _MOST * total), best, 0)
    parts = {label: _counted((kinds == label) & (total >= _PART)) for label in present if label}
    return kinds, parts


def _divided(document: Document, kinds: Ints, parts: dict[int, Ints]) -> NDArray[np.bool_]:
    """Whether an element holds one of another kind that is a box of its own."""
    divided = np.zeros(len(document), dtype=bool)
    after = np.arange(len(document)) + 1
    for label, through in parts.items():
        other = (kinds != label) & ~((kinds == _DONATION) & (label == _PAYMENT))
        divided |= other & (through[document.ends] > through[after])
    return divided


def _joined(found: list[tuple[int, int, Part]]) -> list[BoxRows]:
    """Boxes of one kind that follow each other in one element are joined where one of them is but a line or two.

    Args:
        found: of each its label, the element that it stands in, and itself.
    """
    boxes: list[BoxRows] = []
    inside, size = -1, 0
    for label, holder, part in found:
        last = boxes[-1] if boxes else None
        follows = last is not None and last.label == label and holder == inside
        if last and follows and last.parts[-1].rows[-1] + 1 == part.rows[0] and min(size, len(part.rows)) < _PART:
            last.parts.append(part)
            boxes[-1] = last._replace(node=holder)
            size += len(part.rows)
            continue
        boxes.append(BoxRows(label, part.node if part.node >= 0 else holder, [part]))
        inside, size = holder, len(part.rows)
    return boxes
