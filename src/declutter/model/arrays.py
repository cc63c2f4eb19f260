"""What the arrays and numbers of a model must be: they may come from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["exactly", "finite", "places"]


def exactly(values: Any, kind: type[Any]) -> NDArray[Any]:
    """An array as another kind of numbers, in C order.

    Raises:
        ValueError: that kind has no room for them, or they are no numbers.
    """
    given = np.asarray(values)
    if given.dtype == kind:
        return np.ascontiguousarray(given)
    if given.dtype.kind not in "iuf":
        raise ValueError(f"{given.dtype} is no {kind.__name__}")
    with np.errstate(invalid="ignore", over="ignore"):  # the comparison tells
        found = np.ascontiguousarray(given, dtype=kind)
    if not np.array_equal(found, given):
        raise ValueError(f"numbers that {kind.__name__} has no room for")
    return found


def places(values: Any, end: int) -> NDArray[Any]:
    """A row of one or more whole numbers from 0 to `end`, without it.

    Raises:
        ValueError: it is none.
    """
    row = np.asarray(values)
    if row.ndim != 1 or not row.size or row.dtype.kind not in "iu" or row.min() < 0 or row.max() >= end:
        raise ValueError(f"no row of whole numbers from 0 to {end - 1}")
    return row


def finite(value: Any) -> bool:
    """Whether it is a number that a float has room for; a bool is none."""
    # Compared, not converted: JSON may hold a whole number of any length.
    return isinstance(value, int | float) and not isinstance(value, bool) and -1e308 < value < 1e308
