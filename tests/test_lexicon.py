"""The phrases of chrome: the files in order, and how they are matched."""

from __future__ import annotations

import time
import tomllib
from importlib import resources

import pytest

from declutter.features.lexicon import LEXICON_LABELS, compile_lexicon, find_phrases, load_lexicon
from declutter.labels import Label
from declutter.words import split_words

FILES = sorted(
    (file for file in resources.files("declutter.features.lexicon").iterdir() if file.name.endswith(".toml")),
    key=lambda file: file.name,
)
NAMES = [label.value for label in LEXICON_LABELS]


def hits(text: str, *phrases: tuple[str, Label]) -> dict[str, int]:
    """Words of a text covered by phrases, label by label."""
    bits: dict[tuple[str, ...], int] = {}
    for phrase, label in phrases:
        words = tuple(split_words(phrase))
        bits[words] = bits.get(words, 0) | 1 << LEXICON_LABELS.index(label)
    lexicon = compile_lexicon(bits.items()) if phrases else load_lexicon().among(split_words(text))
    found = find_phrases(split_words(text), lexicon)
    counts = [sum(size for _, size, bits in found if bits >> label & 1) for label in range(len(LEXICON_LABELS))]
    return {name: count for name, count in zip(NAMES, counts, strict=True) if count}


@pytest.mark.parametrize("name", [file.name for file in FILES])
def test_every_file_holds_phrases_of_known_labels(name: str) -> None:
    tables = tomllib.loads(resources.files("declutter.features.lexicon").joinpath(name).read_text(encoding="utf-8"))
    assert tables.pop("language") == name.removesuffix(".toml")
    assert set(tables) <= set(NAMES)
    assert {"donation", "signup", "payment", "navigation", "consent"} <= set(tables)
    for label, table in tables.items():
        assert set(table) == {"phrases"}
        phrases = table["phrases"]
        assert phrases, label
        assert all(split_words(phrase) for phrase in phrases), label
        assert all(phrase == phrase.strip() for phrase in phrases), label


@pytest.mark.parametrize("name", [file.name for file in FILES])
def test_no_phrase_stands_twice_under_a_label(name: str) -> None:
    tables = tomllib.loads(resources.files("declutter.features.lexicon").joinpath(name).read_text(encoding="utf-8"))
    for label in set(tables) & set(NAMES):
        phrases = tables[label]["phrases"]
        assert sorted(phrase for phrase in set(phrases) if phrases.count(phrase) > 1) == [], label


def test_many_languages() -> None:
    assert len(FILES) >= 25


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Donate now", "donation"),
        ("Sign up for our newsletter", "signup"),
        ("Add to cart", "payment"),
        ("We use cookies", "consent"),
        ("Jetzt spenden", "donation"),
        ("Faire un don", "donation"),
        ("Подписаться на рассылку", "signup"),
        ("プライバシーポリシー", "footer"),
        ("加入购物车", "payment"),
    ],
)
def test_plain_phrases_of_several_languages_are_known(text: str, label: str) -> None:
    assert label in hits(text)


def test_prose_has_no_hits() -> None:
    assert hits("The otter slept on the warm stones until the tide turned.") == {}


D, S = Label.DONATION, Label.SIGNUP


@pytest.mark.parametrize(
    ("text", "phrases", "expected"),
    [
        ("please give now", [("give now", D)], {"donation": 2}),
        ("give", [("give now", D)], {}),
        ("give now give now", [("give now", D)], {"donation": 4}),
        ("give now and here", [("give", S), ("give now", D)], {"donation": 2}),
        ("give here", [("give", S), ("give now", D)], {"signup": 1}),
        ("join us today", [("join us", D), ("us today", S)], {"donation": 2}),
        ("join us", [("join us", D), ("join us", S)], {"donation": 2, "signup": 2}),
        ("JOIN, us!", [("join us", D)], {"donation": 2}),
        ("a b c", [("a b c d", D), ("b c", S)], {"signup": 2}),
        ("", [("a", D)], {}),
    ],
)
def test_the_longest_phrase_counts_and_none_twice(
    text: str, phrases: list[tuple[str, Label]], expected: dict[str, int]
) -> None:
    assert hits(text, *phrases) == expected


def test_no_phrase_reaches_over_the_end_of_a_text() -> None:
    lexicon = compile_lexicon([(("give", "now"), 1), (("now",), 2)])
    words = ["give", "now", "give", "now"]
    assert find_phrases(words, lexicon) == [(0, 2, 1), (2, 2, 1)]
    assert find_phrases(words, lexicon, places=[0, 1, 2, 3], ends=[1, 4, 4, 4]) == [(1, 1, 2), (2, 2, 1)]


def test_time_is_linear() -> None:
    load_lexicon()
    words = split_words("sign up for our " * 50_000)
    before = time.process_time()
    find_phrases(words)
    assert time.process_time() - before < 2
