"""Where the cells of tables stand, so that columns of a plain text do not shift."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.document import Document

__all__ = ["CELLS", "Cell", "cells_of", "spans_of"]

CELLS: Final = frozenset(("td", "th"))
"""The elements that are cells."""

_GROUPS: Final = frozenset(("thead", "tbody", "tfoot"))
# A table of fewer filled cells in each row has no columns, and a row of so many cells with prose is columns of a page.
_FEWEST: Final = 2
_MANY: Final = 2
# Longer numbers of columns and rows are none; a cell may reach to the last row.
_DIGITS: Final = 5
_LAST: Final = 1_000_000_000
# Columns a cell of a grid with spans, on average: tables have few, and a wider one costs more than it shows.
_STEPS: Final = 20


class Cell(NamedTuple):
    """Where a block stands in a table.

    Attributes:
        table: row of the element.
        line: of its row.
        column: how many columns are before it there, those that cells of rows above reach into as well.
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
    cells = np.array(document.rows_of(*CELLS), dtype=np.int64)
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
    spans = {
        place: found
        for place, node in enumerate(cells.tolist())
        if document.attributes[node] and (found := spans_of(document, node)) != (1, 1)
    }
    if spans:
        _shift(columns, line_of, document.parents[lines], spans)
    rows = np.flatnonzero((held == 1) & simple[line_of])
    values = (tables[line_of[rows]], lines[line_of[rows]], columns[rows])
    return dict(zip(first[rows].tolist(), map(Cell, *(value.tolist() for value in values)), strict=True))


def spans_of(document: Document, node: int) -> tuple[int, int]:
    """How many columns and rows a cell has; rows of 0 are all that follow in its group."""
    columns, rows = (document.attribute(node, name) or "1" for name in ("colspan", "rowspan"))
    return max(_number(columns), 1), _number(rows) or _LAST


def _number(value: str) -> int:
    digits = value.strip(" \t\n\f\r")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS else 1


def _shift(
    columns: NDArray[np.int64],
    line_of: NDArray[np.int64],
    groups: NDArray[np.int32],
    spans: dict[int, tuple[int, int]],
) -> None:
    """Count the columns before cells anew in groups of rows in which some cells have several columns or rows.

    A group in which that takes more than some steps a cell keeps its numbers: so wide a grid shows nothing.

    Args:
        columns: int64, n, by cell, in document order; changed.
        line_of: int64, n, the number of the cell's row.
        groups: int32, by row, the element that it is in.
        spans: columns and rows of the cells that have several, by their places.
    """
    group_of = groups[line_of]
    order = np.argsort(group_of, kind="stable")
    edges = np.flatnonzero(np.diff(group_of[order])) + 1
    spanning = {int(group_of[place]) for place in spans}
    for places in np.split(order, edges):
        if int(group_of[places[0]]) in spanning:
            by_line = places[np.argsort(line_of[places], kind="stable")]
            found = _grid(by_line.tolist(), line_of, spans)
            if found is not None:
                columns[by_line] = found


def _grid(places: list[int], line_of: NDArray[np.int64], spans: dict[int, tuple[int, int]]) -> list[int] | None:
    """The columns of the cells of a group of rows, row by row; None where it takes too many steps."""
    steps = _STEPS * (len(places) + _STEPS)
    found: list[int] = []
    # For each column that a cell of a row above reaches into, the last row that it does.
    reached: dict[int, int] = {}
    line = row = -1
    column = 0
    for place in places:
        if line_of[place] != line:
            line, row, column = int(line_of[place]), row + 1, 0
        while reached.get(column, -1) >= row:
            column += 1
            steps -= 1
        found.append(column)
        wide, high = spans.get(place, (1, 1))
        steps -= wide
        if steps < 0:
            return None
        if high > 1:
            reached.update(dict.fromkeys(range(column, column + wide), row + high - 1))
        column += wide
    return found


def _distinct(values: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The different values, ascending, and which of them each is; `np.unique` would import numpy.ma, which costs start-up time."""
    order = np.argsort(values, kind="stable")
    ascending = values[order]
    first = np.append(True, ascending[1:] != ascending[:-1])[: len(values)]
    numbers = np.empty(len(values), dtype=np.int64)
    numbers[order] = np.cumsum(first) - 1
    return ascending[first], numbers
