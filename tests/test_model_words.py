"""What a pass made of the other blocks that share words with a block."""

from __future__ import annotations

import numpy as np
import pytest

from declutter.features.tokens import Tokens
from declutter.model.words import WORD_COLUMNS, content_of_words, rows_with_words, shared_words

TEXTS = ["Support the Quay", "The quay froze", "the tide", "Support Support us", "alone"]
SCORES = np.array([0.7, 0.9, 0.8, 0.1, 0.5])


def test_words_of_one_block_alone_are_left_out() -> None:
    tokens = Tokens(TEXTS)
    rows, numbers = shared_words(tokens)
    found = sorted(
        (row, tokens.vocabulary[number]) for row, number in zip(rows.tolist(), numbers.tolist(), strict=True)
    )
    assert found == [(0, "quay"), (0, "support"), (0, "the"), (1, "quay"), (1, "the"), (2, "the"), (3, "support")]


def test_columns_by_hand() -> None:
    columns = dict(zip(WORD_COLUMNS, content_of_words(shared_words(Tokens(TEXTS)), SCORES), strict=True))
    two, three = np.log(6 / 2), np.log(6 / 3)  # of five blocks two have "quay" and "support", three "the"
    first = (two * 0.1 + two * 0.9 + three * (0.9 + 0.8) / 2) / (2 * two + three)
    assert columns["p_words"] == pytest.approx(
        [first, (two * 0.7 + three * 0.75) / (two + three), (0.7 + 0.9) / 2, 0.7, -1]
    )
    assert columns["p_words_weight"] == pytest.approx(
        [np.log1p(2 * two + three), np.log1p(two + three), np.log1p(three), np.log1p(two), 0]
    )
    # All of them are words of few blocks.
    assert columns["p_words_rare"] == pytest.approx(columns["p_words"])


def test_words_of_many_blocks_are_not_rare() -> None:
    texts = ["the quay"] * 2 + ["the tide alone"] + ["the"] * 37
    scores = np.linspace(0, 1, len(texts))
    columns = dict(zip(WORD_COLUMNS, content_of_words(shared_words(Tokens(texts)), scores), strict=True))
    assert columns["p_words_rare"][:3] == pytest.approx([scores[1], scores[0], -1])
    assert (columns["p_words_rare"][3:] == -1).all()
    assert (columns["p_words"] > 0).all()


@pytest.mark.parametrize("texts", [[], ["alone"], ["one", "two"], ["", ""]])
def test_pages_that_share_nothing(texts: list[str]) -> None:
    words = shared_words(Tokens(texts))
    assert words.shape == (2, 0)
    outside, weight, rare = content_of_words(words, np.full(len(texts), 0.5))
    assert outside.tolist() == rare.tolist() == [-1] * len(texts)
    assert weight.tolist() == [0] * len(texts)


def test_the_blocks_behind_it() -> None:
    words = shared_words(Tokens(TEXTS))
    assert [rows_with_words(words, row, 5).tolist() for row in range(5)] == [[1, 2, 3], [0, 2], [0, 1], [0], []]
    words = shared_words(Tokens(["the quay", "the quay", "the tide", *["the"] * 37]))
    assert rows_with_words(words, 0, 40).tolist() == [1]
    assert rows_with_words(words, 2, 40).tolist() == [0, 1, *range(3, 40)]
