from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from declutter.training.scoring import Segments, interval, segment_counts, segment_score, word_score


class Page:
    """What scoring reads of an Example."""

    def __init__(self, **values: Any) -> None:
        self.headline = -1
        self.texts = None
        self.segments = None
        self.gold_counts = None
        self.block_words: list[Any] = []
        self.__dict__.update(values)


def words(*numbers: int) -> np.ndarray[Any, Any]:
    return np.array(numbers, dtype=np.int32)


def keep(*rows: int) -> np.ndarray[Any, Any]:
    return np.array(rows, dtype=np.bool_)


def test_word_score_counts_words_as_a_bag() -> None:
    # gold: "a b b"; blocks: "a b", "b x", "y"
    page: Any = Page(gold_counts=np.array([1, 2]), block_words=[words(0, 1), words(1, -1), words(-1)])
    assert word_score(page, keep(1, 0, 0), headline=True) == pytest.approx((0.8, 1.0, 2 / 3))
    assert word_score(page, keep(1, 1, 0), headline=True) == pytest.approx((6 / 7, 0.75, 1.0))
    assert word_score(page, keep(0, 0, 1), headline=True) == pytest.approx((0.0, 0.0, 0.0))
    assert word_score(page, keep(0, 0, 0), headline=True).f1 == 0


def test_a_repeated_word_counts_once_where_gold_has_it_once() -> None:
    page: Any = Page(gold_counts=np.array([1]), block_words=[words(0), words(0)])
    assert word_score(page, keep(1, 1), headline=True) == pytest.approx((2 / 3, 0.5, 1.0))


def test_headline_block_alone_is_left_out() -> None:
    page: Any = Page(gold_counts=np.array([1]), block_words=[words(-1, -1), words(0)], headline=0)
    assert word_score(page, keep(1, 1), headline=False).f1 == 1
    assert word_score(page, keep(1, 1), headline=True).precision == pytest.approx(1 / 3)


@pytest.mark.parametrize(("kept", "f1"), [(False, 1.0), (True, 0.0)])
def test_empty_gold_wants_nothing(kept: bool, f1: float) -> None:
    page: Any = Page(gold_counts=np.zeros(0, dtype=np.int64), block_words=[words(-1)])
    assert word_score(page, keep(kept), headline=True).f1 == f1


def test_segments() -> None:
    page: Any = Page(texts=["one  two three", "menu", "four"], segments=(("two three", "four"), ("menu", "advert")))
    assert segment_counts(page, keep(1, 1, 0), headline=True) == Segments(1, 1, 1)
    assert segment_counts(page, keep(1, 0, 1), headline=True) == Segments(2, 0, 0)
    assert segment_score([Segments(1, 1, 1), Segments(2, 0, 0)]) == pytest.approx((0.75, 0.75, 0.75))
    assert segment_score([]).f1 == 0
    assert segment_score([Segments(0, 0, 2)]).f1 == 0


def test_interval_holds_the_mean_and_is_the_same_twice() -> None:
    values = [0.5, 0.7, 0.9, 1.0, 0.2]
    low, high = interval(values)
    assert low < float(np.mean(values)) < high
    assert interval(values) == (low, high)
    low, high = interval([Segments(3, 1, 0), Segments(1, 0, 1), Segments(2, 2, 2)])
    assert 0 < low < high <= 1
    assert interval([]) == (0.0, 0.0)
