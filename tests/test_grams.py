"""Words, pairs and beginnings of blocks as keys."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from declutter.features.tokens import Tokens
from declutter.model.grams import Grams, texts_of


def keys(*texts: str) -> list[list[int]]:
    """The keys of each text, in the order of the table."""
    rows, found = Grams(Tokens(list(texts))).table()
    return [found[rows == row].tolist() for row in range(len(texts))]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", []),
        ("Join us", ["join", "us", "join", "join us", "us"]),
        ("Donations", ["donations", "donations", "donations", "donat…"]),
        ("募金", ["募", "金", "募", "募 金", "金"]),
    ],
)
def test_each_key_has_what_a_person_reads(text: str, told: list[str]) -> None:
    assert texts_of(Tokens([text]).lists[0]) == told
    assert len(keys(text)[0]) == len(told)


def test_the_same_words_have_the_same_keys_on_any_page() -> None:
    alone, among = keys("Join our list")[0], keys("Home", "Join our list", "")[1]
    assert alone == among
    assert len(set(alone)) == len(alone)


def test_pairs_tell_order_and_edges() -> None:
    one, other = keys("give now", "now give")
    assert set(one[:2]) == set(other[:2])
    assert not set(one[2:]) & set(other[2:])


@pytest.mark.parametrize(
    ("one", "other"), [("donation", "donations"), ("spenden", "spendet"), ("пожертвовать", "пожертвования")]
)
def test_forms_of_a_word_share_their_beginning(one: str, other: str) -> None:
    first, second = keys(one, other)
    assert first[0] != second[0]
    assert first[-1] == second[-1]


def test_numbers_are_told_apart_by_their_length() -> None:
    five, fifty, nine = keys("$5", "$50", "$9")
    assert five == nine != fifty


def test_no_block_has_no_keys() -> None:
    assert [len(part) for part in Grams(Tokens([])).table()] == [0, 0]


def test_they_travel_to_other_processes() -> None:
    grams = Grams(Tokens(["Join our list", "", "Donations"]))
    there = pickle.loads(pickle.dumps(grams))
    for mine, yours in zip(grams.table(), there.table(), strict=True):
        np.testing.assert_array_equal(mine, yours)


def test_a_lone_surrogate_is_a_word_like_others() -> None:
    assert len(keys("a\ud800b")[0]) == len(texts_of(Tokens(["a\ud800b"]).lists[0]))
