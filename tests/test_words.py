"""The word splitter."""

from __future__ import annotations

import time
import unicodedata

import pytest

from declutter.words import split_texts, split_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        (" \t\n.,;!", []),
        ("The Tide, 1,000 boats.", ["the", "tide", "1", "000", "boats"]),
        ("don't e-mail snake_case", ["don", "t", "e", "mail", "snake", "case"]),
        ("हिन्दी में लिखा", ["हिन्दी", "में", "लिखा"]),
        ("নদীর ধারে", ["নদীর", "ধারে"]),
        ("தமிழ் மொழி", ["தமிழ்", "மொழி"]),
        ("ภาษาไทย", list("ภาษาไทย")),
        ("ខ្មែរ", list("ខ្មែរ")),
        ("你好，世界", ["你", "好", "世", "界"]),
        ("中文ABC混合2024年", ["中", "文", "abc", "混", "合", "2024", "年"]),
        ("テストのカナー", list("テストのカナー")),
        ("한국어 문장", ["한국어", "문장"]),
        ("العَرَبِيَّة لغة", ["العَرَبِيَّة", "لغة"]),
        ("שָׁלוֹם עולם", ["שָׁלוֹם", "עולם"]),
        ("STRASSE Straße", ["strasse", "straße"]),
        ("\U00020000字", ["\U00020000", "字"]),
    ],
)
def test_words_of_many_scripts(text: str, words: list[str]) -> None:
    assert split_words(text) == [unicodedata.normalize("NFC", word) for word in words]


def test_turkish_dotted_capital_is_the_small_letter() -> None:
    assert split_words("İstanbul'da IŞIK") == ["istanbul", "da", "işik"]
    assert split_words("İSTANBUL") == split_words("istanbul")


@pytest.mark.parametrize("text", ["Café Ångström", "Việt Nam", "Ελλάδα", "क़लम", "한국어", "が"])
def test_decomposed_accents_are_the_same_words(text: str) -> None:
    assert split_words(unicodedata.normalize("NFD", text)) == split_words(text)


def test_a_loose_accent_begins_no_word() -> None:
    assert split_words("\u0301abc") == ["abc"]


@pytest.mark.parametrize("piece", ["word ", "水", "a\u0301", "\u200d", "\u0301", "\u0315\u0300", "_", "हि"])
def test_time_is_linear(piece: str) -> None:
    before = time.process_time()
    split_words(piece * (600_000 // len(piece)))
    assert time.process_time() - before < 2


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [""],
        ["", "", ""],
        ["One tide", "", "Zwei Gezeiten"],
        ["plain", "cafe\u0301 au lait", "PLAIN again", "水道水"],
        ["水", "水"],
        ["a NUL \x00 inside", "plain"],
        ["\x00", "x"],
    ],
)
def test_many_texts_at_once_give_the_words_of_each(texts: list[str]) -> None:
    assert split_texts(texts) == [split_words(text) for text in texts]
