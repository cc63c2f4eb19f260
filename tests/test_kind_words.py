"""What words say of kinds: weights from a file, and what they say of a block."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from declutter.features.tokens import Tokens
from declutter.labels import CHROME, Label
from declutter.model.grams import Grams
from declutter.model.kind_words import KIND_WORDS, KindWords

DONATION = CHROME.index(Label.DONATION)
SIGNUP = CHROME.index(Label.SIGNUP)


def grams(*texts: str) -> Grams:
    return Grams(Tokens(list(texts)))


def arrays(**changed: Any) -> dict[str, Any]:
    """Weights of "give" (2 for donation, -1 for signup) and of "list" (3 for signup)."""
    words = {int(grams(word).words[0]): kinds for word, kinds in (("give", (2, -1)), ("list", (0, 3)))}
    weights = np.zeros((2, len(CHROME)), dtype=np.int16)
    weights[:, [DONATION, SIGNUP]] = [[1000 * value for value in words[key]] for key in sorted(words)]
    return {
        "keys": np.array(sorted(words), dtype=np.uint32),
        "weights": weights,
        "bias": np.full(len(CHROME), -500, dtype=np.int16),
        "step": np.array([0.001]),
    } | changed


def test_the_odds_are_sums_over_the_root_of_their_number() -> None:
    odds = KindWords(arrays()).odds(grams("give", "give now", "our list", "", "nothing known"))
    assert odds.shape == (5, len(KIND_WORDS))
    assert odds.dtype == np.float32
    # one word and two pairs, its two edges; two words and three pairs
    np.testing.assert_allclose(odds[:2, DONATION], [2 / 3**0.5 - 0.5, 2 / 5**0.5 - 0.5], atol=1e-4)
    np.testing.assert_allclose(odds[2, [DONATION, SIGNUP]], [-0.5, 3 / 5**0.5 - 0.5], atol=1e-4)
    assert (odds[3:] == -0.5).all()


def test_what_moves_a_block_is_told_word_by_word() -> None:
    moved = KindWords(arrays()).weights(grams("give list"), SIGNUP)
    assert moved.tolist() == pytest.approx([-1, 3, 0, 0, 0])


def test_without_a_word_the_bias_is_left() -> None:
    none = arrays(keys=np.zeros(0, dtype=np.uint32), weights=np.zeros((0, len(CHROME)), dtype=np.int16))
    assert (KindWords(none).odds(grams("give")) == -0.5).all()
    assert KindWords(arrays()).odds(grams()).shape == (0, len(CHROME))


@pytest.mark.parametrize(
    ("name", "array", "message"),
    [
        ("keys", np.array([2, 1], dtype=np.uint32), "out of order"),
        ("keys", np.array([1, 1], dtype=np.uint32), "out of order"),
        ("keys", np.array([1], dtype=np.uint32), "other shapes"),
        ("keys", np.array([-1, 1]), "no room"),
        ("weights", np.zeros((2, 3), dtype=np.int16), "other shapes"),
        ("weights", np.full((2, len(CHROME)), 1e6), "no room"),
        ("bias", np.zeros(3, dtype=np.int16), "other shapes"),
        ("step", np.array([np.nan]), "no number"),
        ("step", np.array(["1"]), "no float64"),
        ("step", np.zeros(0), "other shapes"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(name: str, array: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        KindWords(arrays(**{name: array}))
