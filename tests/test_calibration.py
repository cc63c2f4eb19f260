"""Calibration error and rank correlation, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from declutter.corpus.base import CorpusPage, MarkedElements
from declutter.measure.calibration import content_rates, expected_error, rank_correlation, reliability, reliability_bins
from declutter.training.examples import make_example

PAGE = '<body data-label="content"><h1>Tides</h1><p>One</p><p>Two</p><nav data-label="navigation">Home</nav>'


def test_blocks_are_counted_by_score() -> None:
    example = make_example(CorpusPage("own", "news-en-tides", PAGE.encode(), MarkedElements()))
    example.content[2] = -1  # not annotated
    counts = reliability(example, np.array([0.99, 0.301, 0.301, 1.0]))
    # The headline is content by rule and left out.
    assert counts == {"60": [1, 0.301, 1], "199": [1, 1.0, 0]}


def test_error_of_scores_that_are_right_and_of_such_that_are_not() -> None:
    right = {"20": [1000, 100.0, 100], "180": [1000, 900.0, 900]}
    high = {"20": [1000, 100.0, 50], "180": [1000, 900.0, 850]}
    assert expected_error([right]) == 0
    assert expected_error([high]) == pytest.approx(0.05)
    # Corpora weigh the same, whatever their size.
    tenth = {place: [value / 10 for value in counts] for place, counts in high.items()}
    assert expected_error([right, tenth]) == pytest.approx(0.025)
    assert expected_error([]) == expected_error([{}]) == 0


def test_bins_by_hand() -> None:
    bins = reliability_bins([{"20": [1000, 100.0, 50], "180": [3000, 2700.0, 2850]}])
    assert bins == pytest.approx(np.array([[0.25, 0.1, 0.05], [0.75, 0.9, 0.95]]))
    assert reliability_bins([]).shape == (0, 3)


def test_errors_the_other_way_round_cancel_only_inside_a_bin() -> None:
    # Two ranges that together are less than a fifteenth of the blocks.
    few = {"20": [10, 1.0, 2], "21": [10, 1.0, 0], "22": [1980, 198.0, 198], "180": [2000, 1800.0, 1800]}
    assert expected_error([few]) == pytest.approx(0, abs=1e-12)
    assert expected_error([{"20": [1000, 100.0, 200], "180": [1000, 900.0, 800]}]) == pytest.approx(0.1)


def test_content_from_a_score_of_a_half() -> None:
    assert content_rates([{"99": [10, 4.9, 5], "100": [10, 5.0, 5]}, {"199": [5, 5.0, 5]}]) == pytest.approx(
        (15, 10 / 15, 10 / 15, 20 / 30)
    )
    assert content_rates([]) == content_rates([{}]) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([1, 2, 3], [10, 20, 90], 1.0),
        ([1, 2, 3], [9, 5, 1], -1.0),
        ([1, 1, 2, 2], [1, 2, 1, 2], 0.0),
        ([1, 1], [1, 2], None),
        ([], [], None),
    ],
)
def test_rank_correlation(one: list[float], other: list[float], expected: float | None) -> None:
    found = rank_correlation(one, other)
    assert found == (expected if expected is None else pytest.approx(expected, abs=1e-12))
