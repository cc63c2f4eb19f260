"""Features: one float32 column per named feature, one row a block.

The order of the columns is that of `_MODULES`, and in each module that of its functions. A change of any column's name,
meaning or place raises FEATURES_VERSION, and models of another version are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.features import boxes, controls, discourse, links, position, structure, wording
from declutter.features.arrays import put_rounded
from declutter.features.registry import REGISTRY
from declutter.features.view import PageView

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["FEATURES_VERSION", "FEATURE_NAMES", "NEIGHBOURS", "extract"]

FEATURES_VERSION: Final = 7

_MODULES: Final = (links, wording, discourse, position, structure, controls, boxes)
_FUNCTIONS: Final = tuple(entry for module in _MODULES for entry in REGISTRY if entry[1].__module__ == module.__name__)
_OWN_NAMES: Final = tuple(name for names, _ in _FUNCTIONS for name in names)

NEIGHBOURS: Final = (
    "link_density",
    "word_count",
    "stops",
    "is_heading",
    "is_p",
    "is_li",
    "lexicon_any",
    "commas",
    "amount",
    "reader",
    "writer",
    "cohesion",
)
"""Columns that a block also has from the two blocks before and after it (boilerpipe, dragnet)."""

_SHIFTS: Final = (-2, -1, 1, 2)

FEATURE_NAMES: Final[tuple[str, ...]] = (
    *_OWN_NAMES,
    *(f"{name}_{'before' if shift < 0 else 'after'}{abs(shift)}" for shift in _SHIFTS for name in NEIGHBOURS),
)
"""The names of the columns, in order."""

_NEIGHBOUR_COLUMNS: Final = [_OWN_NAMES.index(name) for name in NEIGHBOURS]
# What a neighbour beyond the page's edge has: no value of a real column.
_OUTSIDE: Final = -1.0


def extract(document: Document, blocks: Blocks) -> tuple[NDArray[np.float32], PageView]:
    """Compute all features of a page.

    Args:
        document: the parsed page.
        blocks: its blocks, n of them.

    Returns:
        float32, n x len(FEATURE_NAMES), rounded to 4 decimals so that last-bit differences between processors flip
        nothing; the numbers of a column follow each other in memory. And the arrays it was computed from.
    """
    page = PageView(document, blocks)
    # No more than a function's rows in full precision at a time: of a large page fresh memory costs more than what is in it.
    columns = np.empty((len(FEATURE_NAMES), page.n), dtype=np.float32)
    column = 0
    for names, function in _FUNCTIONS:
        put_rounded(function(page), columns, column)
        column += len(names)
    page.lent.take_back()
    shown = columns[_NEIGHBOUR_COLUMNS]
    for shift in _SHIFTS:
        moved = columns[column : column + len(shown)]
        if shift < 0:
            moved[:, :-shift] = _OUTSIDE
            moved[:, -shift:] = shown[:, :shift]
        else:
            moved[:, -shift:] = _OUTSIDE
            moved[:, :-shift] = shown[:, shift:]
        column += len(shown)
    return columns.T, page
