"""Rows that feature functions fill one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from declutter.features.lent import Lent

if TYPE_CHECKING:
    from numpy.typing import NDArray


def numbered(start: float, into: NDArray[np.float64]) -> None:
    into[:] = start + np.arange(into.size).reshape(into.shape)


def test_rows_are_filled_in_place() -> None:
    lent = Lent(3)
    assert lent.rows(2, numbered, 5.0).tolist() == [[5, 6, 7], [8, 9, 10]]
    assert lent.rows(0, numbered, 5.0).shape == (0, 3)


def test_stacked_rows_lie_below_each_other() -> None:
    assert Lent(2).stacked((1, numbered, 0.0), (2, numbered, 10.0)).tolist() == [[0, 1], [10, 11], [12, 13]]


def test_the_next_call_has_the_same_memory() -> None:
    lent = Lent(2)
    first, second = lent.rows(1, numbered, 0.0), lent.rows(1, numbered, 7.0)
    assert np.shares_memory(first, second)
    assert first.tolist() == [[7, 8]]


def test_more_rows_than_usual_are_made() -> None:
    lent = Lent(2)
    lent.rows(1, numbered, 0.0)
    assert lent.rows(100, numbered, 0.0)[-1].tolist() == [198, 199]


def test_what_is_taken_back_is_free() -> None:
    lent = Lent(2)
    first = lent.rows(1, numbered, 0.0)
    lent.take_back()
    assert not np.shares_memory(first, lent.rows(1, numbered, 7.0))
    assert first.tolist() == [[0, 1]]


def test_a_page_without_blocks() -> None:
    assert Lent(0).rows(3, numbered, 0.0).shape == (3, 0)
