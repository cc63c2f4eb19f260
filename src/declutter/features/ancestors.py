"""What elements get from their ancestors, for all at once: by doubling, in log2(depth) steps on arrays.

`parents` is int64, k, the row of each element's parent, 0 for row 0; a parent comes before its children.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

__all__ = ["any_above", "depths", "furthest", "nearest", "pair_keys", "path_keys", "scattered"]

# Odd, so that multiplication loses no bit; the digits are those of splitmix64 (Steele, Lea and Flood 2014).
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
_BASE: Final = 0xBF58476D1CE4E5B9
_HALF: Final = np.uint64(32)


def depths(ends: Ints, starts: Ints) -> Ints:
    """Number of ancestors of every element: those that began before it and have not ended.

    Args:
        ends: int64, k, one past the last node of each element.
        starts: int64, k, the node of each, ascending.
    """
    return np.asarray(np.arange(len(starts)) - np.searchsorted(np.sort(ends), starts, side="right"), dtype=np.int64)


def furthest(parents: Ints, go_on: NDArray[np.bool_]) -> Ints:
    """For every element where one gets who goes to the parent from each element that says go on."""
    jump = np.where(go_on, parents, np.arange(len(parents)))
    while True:
        further = jump[jump]
        if np.array_equal(further, jump):
            return np.asarray(jump, dtype=np.int64)
        jump = further


def nearest(parents: Ints, wanted: NDArray[np.bool_]) -> Ints:
    """For every element the nearest ancestor-or-self that is wanted, -1 for none."""
    found = furthest(parents, ~wanted)
    return np.where(wanted[found], found, -1)


def any_above(parents: Ints, marks: Ints) -> Ints:
    """For every element the bits that it or any of its ancestors has."""
    jump = parents
    while True:
        marks = marks | marks[jump]
        if not jump.any():
            return marks
        jump = jump[jump]


def scattered(numbers: NDArray[Any]) -> NDArray[np.uint64]:
    """Numbers spread over 64 bits; different ones stay different."""
    spread: NDArray[np.uint64] = (numbers.astype(np.uint64) + np.uint64(1)) * _SPREAD
    spread ^= spread >> _HALF
    spread *= _SPREAD
    spread ^= spread >> _HALF
    return spread


def pair_keys(keys: NDArray[np.uint64], numbers: NDArray[Any]) -> NDArray[np.uint64]:
    """For each pair of a key and a number one key."""
    return keys * np.uint64(_BASE) + scattered(numbers)


def path_keys(parents: Ints, values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """For every element a number that tells its path: the values from the root down to it.

    A polynomial hash (Rabin 1981) modulo 2^64; two paths of a page share a number about once in 10^13 pages.

    Args:
        parents: see the module.
        values: uint64, k, one for each kind of step, as `scattered` gives them.
    """
    keys = values.copy()
    keys[0] = 0
    jump, factor = parents, _BASE
    while jump.any():
        keys += keys[jump] * np.uint64(factor)
        jump = jump[jump]
        factor = factor * factor % 2**64
    return keys
