"""From probabilities to labels."""

from __future__ import annotations

import numpy as np
import pytest

from declutter.decide import decide, threshold_of
from declutter.model.strictness import BETAS, THRESHOLDS, Expected

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


def expected(**peaks: tuple[float, float]) -> Expected:
    """What is expected of a page on which the thresholds of a range are best, by name of strictness."""
    grid = np.array(THRESHOLDS)
    rows = [peaks.get(name, peaks["balanced"]) for name in BETAS]
    return Expected(np.array([0.5 + 0.4 * ((grid >= low - 1e-9) & (grid <= high + 1e-9)) for low, high in rows]))


@pytest.mark.parametrize(
    ("scores", "threshold"),
    [
        ([0.05, 0.44, 0.51, 0.93, 0.98], 0.6),  # the gap's middle is above the range
        ([0.05, 0.1, 0.2, 0.8], 0.5),
        ([0.1, 0.7, 0.9], 0.4),
        ([0.1, 0.38, 0.46, 0.9], 0.6),
        ([0.3, 0.39, 0.48, 0.57, 0.64, 0.7], 0.5),  # no gap is wide: the middle of the range
        ([0.05, 0.9, 0.4, 0.45, 0.5, 0.55], 0.6),
        ([], 0.5),
    ],
)
def test_a_threshold_stands_in_the_widest_gap_of_its_range(scores: list[float], threshold: float) -> None:
    found = threshold_of("balanced", expected(balanced=(0.4, 0.6)), np.array(scores))
    assert found == pytest.approx(threshold, abs=1e-4)
    assert not any(abs(score - found) < 0.02 for score in scores)


@pytest.mark.parametrize(
    ("scores", "threshold"),
    [
        ([0.1, 0.35, 0.45, 0.55, 0.62, 0.66, 0.97, 0.99], 0.7),  # as far up as little less is expected
        ([0.1, 0.3, 0.35, 0.45, 0.52, 0.58, 0.66, 0.8, 0.97], 0.4),  # no gap above the range is wide enough
        ([0.1, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6], 0.5),  # nothing above the last score is a gap between two heaps
        ([0.1, 0.15, 0.6, 0.62, 0.97], 0.4),  # the widest gap is in the range
    ],
)
def test_two_heaps_are_parted_where_little_less_is_expected(scores: list[float], threshold: float) -> None:
    grid = np.array(THRESHOLDS)
    curve = np.where((grid >= 0.4 - 1e-9) & (grid <= 0.6 + 1e-9), 0.9, np.where(np.abs(grid - 0.65) < 0.06, 0.89, 0.5))
    page = Expected(np.array([curve] * len(BETAS)))
    assert threshold_of("balanced", page, np.array(scores)) == pytest.approx(threshold, abs=1e-3)


def test_precision_is_no_lower_and_recall_no_higher() -> None:
    page = expected(balanced=(0.4, 0.6), precision=(0.2, 0.3), recall=(0.7, 0.8))
    scores = np.array([0.05, 0.25, 0.45, 0.55, 0.75, 0.95])
    balanced = threshold_of("balanced", page, scores)
    assert threshold_of("precision", page, scores) == balanced == threshold_of("recall", page, scores)


def test_a_number_is_the_threshold() -> None:
    assert threshold_of(0.37, expected(balanced=(0.4, 0.6)), np.array([0.1, 0.9])) == 0.37


def test_last_bits_of_scores_move_no_threshold() -> None:
    page = expected(balanced=(0.3, 0.7))
    scores = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
    assert threshold_of("balanced", page, scores) == threshold_of("balanced", page, scores + 1e-9 * np.arange(5))


@pytest.mark.parametrize(("most", "threshold"), [(1.0, 0.6), (0.5, 0.5), (0.2, 0.2)])
def test_an_answer_is_not_nearly_empty(most: float, threshold: float) -> None:
    page = Expected(expected(balanced=(0.4, 0.6)).curves, most=most)
    scores = np.array([0.2, 0.5, 0.9])
    assert threshold_of("balanced", page, scores) == pytest.approx(threshold)
    assert threshold_of(0.7, page, scores) == 0.7
