"""Sums, shares and rounding on arrays of a page; the compiled forms are in src/speedups/sums.c and columns.c."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from declutter import compiled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["distinct", "group_sums", "put_rounded", "range_sums", "ratio", "rounded"]

_Number = TypeVar("_Number", np.int64, np.float64)

_SCALE: Final = 1e4


def ratio(part: Floats, whole: Floats) -> Floats:
    """Part / whole, 0 where whole is 0."""
    if compiled.used and part.shape == whole.shape and part.flags.c_contiguous and whole.flags.c_contiguous:
        shares = np.empty(part.shape)
        compiled.speedups.ratio(part, whole, shares)
        return shares
    return np.divide(part, whole, out=np.zeros(np.broadcast(part, whole).shape), where=whole > 0)


def group_sums(keys: Ints, weights: NDArray[np.generic], minlength: int = 0) -> Floats:
    """The sum of the weights of each group number from 0."""
    return np.asarray(np.bincount(keys, weights=weights, minlength=minlength), dtype=np.float64)


def range_sums(values: Floats, first: Ints, last: Ints) -> Floats:
    """The sum of values[first:last] for each of k ranges, as the difference of two sums from the beginning."""
    if compiled.used:
        sums = np.empty(len(first))
        compiled.speedups.range_sums(np.ascontiguousarray(values, dtype=np.float64), first, last, sums)
        return sums
    total = np.concatenate(([0.0], np.cumsum(values)))
    return np.asarray(total[last] - total[first])


def distinct(values: NDArray[_Number]) -> NDArray[_Number]:
    """The different values of an array without NaN, ascending: `np.unique` would import numpy.ma for it."""
    ordered = np.sort(values, axis=None)
    return np.asarray(ordered[np.concatenate((ordered[:1] == ordered[:1], ordered[1:] != ordered[:-1]))])


def rounded(table: Floats) -> NDArray[np.float32]:
    """The transpose of a table, rounded to 4 decimals; the numbers of a column follow each other."""
    result = np.empty(table.shape, dtype=np.float32)
    put_rounded(table, result, 0)
    return result.T


def put_rounded(rows: Sequence[Floats] | Floats, table: NDArray[np.float32], first: int) -> None:
    """Make rows, rounded to 4 decimals, the rows of a table from one on."""
    values = np.ascontiguousarray(rows, dtype=np.float64)
    if compiled.used:
        compiled.speedups.round_table(values, _SCALE, table, first)
    else:
        table[first : first + len(values)] = np.rint(values * _SCALE) / _SCALE
