"""From probabilities to labels."""

from __future__ import annotations

import numpy as np
import pytest

from declutter.decide import decide

ROWS = np.array([[0.9, 0.06, 0.04], [0.5, 0.2, 0.3], [0.4, 0.5, 0.1], [0.0, 0.5, 0.5]])


@pytest.mark.parametrize(
    ("threshold", "labels"),
    [
        (0.0, [0, 0, 0, 0]),
        (0.4, [0, 0, 0, 1]),
        (0.5, [0, 0, 1, 1]),
        (0.51, [0, 2, 1, 1]),
        (0.9, [0, 2, 1, 1]),
        (1.0, [1, 2, 1, 1]),
    ],
)
def test_content_from_the_threshold_on_else_the_likeliest_kind(threshold: float, labels: list[int]) -> None:
    assert decide(ROWS, threshold, -1).tolist() == labels


@pytest.mark.parametrize("row", range(4))
def test_the_headline_is_content(row: int) -> None:
    labels = decide(ROWS, 1.0, row)
    others = decide(ROWS, 1.0, -1)
    assert labels[row] == 0
    assert np.delete(labels, row).tolist() == np.delete(others, row).tolist()


def test_no_blocks() -> None:
    labels = decide(np.zeros((0, 13)), 0.5, -1)
    assert labels.shape == (0,)
    assert labels.dtype == np.int64


def test_probabilities_are_not_changed() -> None:
    before = ROWS.copy()
    decide(ROWS, 0.5, 2)
    assert np.array_equal(ROWS, before)
