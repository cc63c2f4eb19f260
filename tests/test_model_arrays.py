"""What the arrays and numbers of a model must be."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from declutter.model.arrays import exactly, finite, places


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (np.array([1, 255]), np.uint8),
        (np.array([1.0, 2.0]), np.int32),
        (np.array([0.5]), np.float32),
        (np.array([1], dtype=">i4"), np.int32),
        (np.zeros((0, 2)), np.int32),
        (np.array([np.nan], dtype=np.float32), np.float32),
    ],
)
def test_numbers_that_fit_stay_as_they_are(values: Any, kind: type[np.number[Any]]) -> None:
    found = exactly(values, kind)
    assert found.dtype == kind
    np.testing.assert_array_equal(found, values)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (np.array([256]), np.uint8),
        (np.array([-1]), np.uint64),
        (np.array([2**32]), np.int32),
        (np.array([0.5]), np.int32),
        (np.array([0.1]), np.float32),
        (np.array([1e300]), np.float32),
        (np.array([np.inf]), np.int32),
        (np.array([np.nan]), np.int32),
        (np.array(["1"]), np.int32),
        (np.array([1j]), np.float64),
        (np.array([True]), np.int32),
    ],
)
def test_numbers_that_would_change_are_refused(values: Any, kind: type[np.number[Any]]) -> None:
    with pytest.raises(ValueError, match=kind.__name__):
        exactly(values, kind)


def test_a_row_of_places() -> None:
    assert places(np.array([0, 4, 4]), 5).tolist() == [0, 4, 4]


@pytest.mark.parametrize("values", [[], [5], [-1], [0.0], ["0"], [[0]], 0, [2**70]])
def test_what_is_no_row_of_places(values: Any) -> None:
    with pytest.raises(ValueError, match="from 0 to 4"):
        places(values, 5)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (0, True),
        (-1.5, True),
        (True, False),
        ("1", False),
        (None, False),
        (float("inf"), False),
        (float("nan"), False),
        (10**400, False),
        ([1], False),
    ],
)
def test_finite_numbers(value: Any, wanted: bool) -> None:
    assert finite(value) is wanted
