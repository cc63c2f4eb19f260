"""Where the cells of tables stand, so that columns of a plain text do not shift."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from declutter.render.code import rows_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.document import Document

__all__ = ["CELLS", "Cell", "cells_of"]

CELLS: Final = frozenset(("td", "th"))
"""The elements that are cells."""

_GROUPS: Final = frozenset(("thead", "tbody", "tfoot"))
# A table of fewer filled cells in each row has no columns, and a row of so many cells with prose is columns of a page.
_FEWEST: Final = 2
_MANY: Final = 2


class Cell(NamedTuple):
    """Where a block stands in a table.

    Attributes:
        table: row of the element.
        line: of its row.
        column: how many cells stand before it there.
    """

    table: int
    line: int
    column: int


def cells_of(
    document: Document, starts: NDArray[np.int32], long: NDArray[np.bool_], prose: NDArray[np.bool_]
) -> dict[int, Cell]:
    """The cells of the blocks that are all that stands in them, in rows of such and of empty cells.

    Not in tables that lay a page out: those with no two filled cells in any such row, and rows with several blocks or a table in
    a cell, or with prose in two. Linear in the nodes, however deep tables are nested.

    Args:
        document: the page.
        starts: int32, n, the first nodes of the blocks that stay, ascending.
        long: bool, n, blocks of many lines, such as code, which no row is written with.
        prose: bool, n, long paragraphs.

    Returns:
        By the place of the block in `starts`.
    """
    cells = np.array(sorted(row for tag in CELLS for row in rows_of(tag, document.tags)), dtype=np.int64)
    ends, parents = document.ends[cells], document.parents[cells]
    first, after = np.searchsorted(starts, cells), np.searchsorted(starts, ends)
    held = after - first
    nesting = np.append(cells[1:] < ends[:-1], False)
    crowded = (held > 1) | ((held > 0) & (nesting | np.append(long, False)[first]))
    told = (held > 0) & np.append(prose, False)[first]
    lines, line_of = _distinct(parents)
    inside = np.searchsorted(starts, document.ends[lines]) - np.searchsorted(starts, lines)
    simple = (np.bincount(line_of, weights=crowded) == 0) & (np.bincount(line_of, weights=held) == inside)
    tables = document.parents[lines]
    grouped = [document.tags[node] in _GROUPS for node in tables]
    tables = np.where(grouped, document.parents[tables], tables)
    simple &= np.bincount(line_of, weights=told) < _MANY
    filled = set(tables[simple & (np.bincount(line_of, weights=held > 0) >= _FEWEST)].tolist())
    simple &= np.array([table in filled for table in tables.tolist()], dtype=np.bool_)
    order = np.argsort(line_of, kind="stable")
    columns = np.empty(len(cells), dtype=np.int64)
    columns[order] = np.arange(len(cells)) - np.searchsorted(line_of[order], line_of[order])
    rows = np.flatnonzero((held == 1) & simple[line_of])
    values = (tables[line_of[rows]], lines[line_of[rows]], columns[rows])
    return dict(zip(first[rows].tolist(), map(Cell, *(value.tolist() for value in values)), strict=True))


def _distinct(values: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The different values, ascending, and which of them each is; `np.unique` would import numpy.ma, which costs start-up time."""
    order = np.argsort(values, kind="stable")
    ascending = values[order]
    first = np.append(True, ascending[1:] != ascending[:-1])[: len(values)]
    numbers = np.empty(len(values), dtype=np.int64)
    numbers[order] = np.cumsum(first) - 1
    return ascending[first], numbers
