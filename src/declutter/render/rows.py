"""Rows of the tables of a Markdown source: cells of chrome are emptied, so that the others stay in their columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["chrome_cells", "without_cells"]

_CELLS: Final = frozenset(("td", "th"))
# Quotations and items that a table stands in.
_AROUND: Final = re.compile(r"(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t])))*[ \t]*")
# What parts two cells: no backslash stands right before it, as the parser has it.
_PIPE: Final = re.compile(r"(?<!\\)\|")
# The line below the first row; a table of raw HTML has none.
_RULE: Final = re.compile(r"[ \t>]*[|:-][|: \t-]*")


def chrome_cells(
    document: Document,
    blocks: Blocks,
    keep: NDArray[np.bool_],
    starts: NDArray[np.int64],
    lines: Sequence[str],
    state: Sequence[int],
) -> Iterator[tuple[int, list[int]]]:
    """The rows of Markdown tables that stay and have cells to be emptied: of each its line, and the numbers of the cells.

    A first row of chrome alone is among them where another row stays: without it, there would be no table.

    Args:
        document: a Markdown page, m nodes.
        blocks: its n blocks.
        keep: bool, n, which blocks stay.
        starts: int64, where each line of the source begins.
        lines: the lines.
        state: of each line, 1 where a kept block has a part in it.
    """
    assert document.places is not None
    tags, ends, places = document.tags, document.ends.tolist(), document.places
    for rows in _tables(tags, ends):
        at: list[int] = (np.searchsorted(starts, places[rows, 0], side="right") - 1).tolist()
        if places[rows[0], 0] < 0 or at[0] + 1 >= len(lines) or not _RULE.fullmatch(lines[at[0] + 1]):
            continue
        stays = any(state[line] == 1 for line in at)
        last = -1
        for row, line in zip(rows, at, strict=True):
            # Rows of raw HTML may stand in one line.
            if line > last and (state[line] == 1 or (stays and last < 0)):
                cells = [
                    node for node in range(row, ends[row]) if tags[node] in _CELLS and document.parents[node] == row
                ]
                gone = [number for number, cell in enumerate(cells) if _is_chrome(cell, ends[cell], blocks, keep)]
                if gone:
                    yield line, gone
            last = max(last, line)


def _tables(tags: Sequence[str], ends: Sequence[int]) -> Iterator[list[int]]:
    """The rows of each table that has any, without those of tables in it."""
    around: list[tuple[int, list[int]]] = []
    for node, tag in enumerate(tags):
        while around and node >= around[-1][0]:
            if rows := around.pop()[1]:
                yield rows
        if tag == "table":
            around.append((ends[node], []))
        elif tag == "tr" and around:
            around[-1][1].append(node)
    yield from (rows for _, rows in around if rows)


def _is_chrome(cell: int, end: int, blocks: Blocks, keep: NDArray[np.bool_]) -> bool:
    first, after = np.searchsorted(blocks.starts, (cell, end))
    return bool(first < after and not keep[first:after].any())


def without_cells(line: str, gone: Sequence[int]) -> str:
    """A line of a table with some of its cells emptied; the others stay as they are.

    Args:
        line: the line.
        gone: the numbers of the cells, from 0, in order.
    """
    found = _AROUND.match(line)
    assert found is not None
    around, cells = found[0], _PIPE.split(line[found.end() :])
    before = int(len(cells) > 1 and not cells[0].strip())
    after = len(cells) - int(len(cells) > 1 and not cells[-1].strip())
    places = [number + before for number in gone if number + before < after]
    for place in places:
        cell = cells[place]
        cells[place] = cell[: len(cell) - len(cell.lstrip())] + cell[len(cell.rstrip()) :] if cell.strip() else cell
    # An empty cell at an edge is none without a pipe on its outer side.
    opening = "|" if places[:1] == [0] else ""
    closing = "|" if places[-1:] == [len(cells) - 1] else ""
    return f"{around}{opening}{'|'.join(cells)}{closing}"
