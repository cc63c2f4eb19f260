"""Function words and topics: the files in order, and the guesses made from them."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path

import pytest

from declutter.blocks import segment
from declutter.document import read_document
from declutter.features.languages import (
    NO_SPACES,
    READER,
    TOPICS,
    WRITER,
    guess_language,
    person_words,
    topic_bits,
    topic_counts,
)
from declutter.words import split_words

FOLDER = resources.files("declutter.features")
LANGUAGES = tomllib.loads(FOLDER.joinpath("languages.toml").read_text(encoding="utf-8"))
VOCABULARY = tomllib.loads(FOLDER.joinpath("vocabulary.toml").read_text(encoding="utf-8"))
OWN_PAGES = sorted((Path(__file__).parents[1] / "training_data" / "pages").glob("*.html"))


def test_both_files_hold_the_same_languages() -> None:
    assert set(LANGUAGES) == set(VOCABULARY)
    assert len(LANGUAGES) >= 30


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_is_a_word_as_the_splitter_gives_it(language: str) -> None:
    assert set(LANGUAGES[language]) == {"common", "reader", "writer"}
    for words in LANGUAGES[language].values():
        assert all(split_words(word) == [word] for word in words)
    assert set(VOCABULARY[language]) == set(TOPICS)
    if language not in NO_SPACES:
        for stems in VOCABULARY[language].values():
            assert [stem for stem in stems if "".join(split_words(stem)) != stem] == []


@pytest.mark.parametrize("path", OWN_PAGES, ids=lambda path: path.stem)
def test_the_language_of_a_page_is_guessed_from_its_words(path: Path) -> None:
    blocks = segment(read_document(path.read_bytes()))
    words = [word for text in blocks.texts for word in split_words(text)]
    assert guess_language(words, "") == path.stem.split("-")[1][:2]


@pytest.mark.parametrize(
    ("text", "claimed", "expected"),
    [
        ("", "", ""),
        ("", "fr-CA", "fr"),
        ("", "xx", ""),
        ("", "nb_NO", "no"),
        ("12 34 56", "de", "de"),
        ("the cat of the house is in the garden and it was on the roof", "de", "en"),
        ("der Hund und die Katze sind auf dem Dach", "en-US", "de"),
        ("det er en bok og ikke en fisk med hatt", "da", "da"),
        ("qwertz asdf", "", ""),
    ],
)
def test_what_a_page_claims_stands_unless_its_words_speak_against_it(text: str, claimed: str, expected: str) -> None:
    assert guess_language(split_words(text), claimed) == expected


def test_words_of_persons() -> None:
    words = person_words("en")
    assert words["your"] == READER
    assert words["our"] == WRITER
    assert "the" not in words
    assert person_words("xx") == person_words("") == {}


def test_beginnings_of_words_tell_topics() -> None:
    bits = topic_bits("en", ["donations", "readers", "newsletter", "cents", "centre", "help", "heron"])
    names = {word: [topic for place, topic in enumerate(TOPICS) if bit >> place & 1] for word, bit in bits.items()}
    assert names["donations"] == ["asking"]
    assert names["readers"] == ["press"]
    assert names["newsletter"] == ["mail"]
    assert names["cents"] == ["money"]
    assert "heron" not in names
    assert topic_bits("", ["donations"]) == {}


def test_a_short_beginning_is_a_whole_word() -> None:
    assert set(topic_bits("cs", ["kč", "kčs"])) == {"kč"}


def test_languages_without_spaces_are_searched_as_text() -> None:
    counts = dict(zip(TOPICS, topic_counts("zh", "请支持独立新闻，每月十元。"), strict=True))
    assert counts["asking"] == 1
    assert counts["press"] == 2
    assert counts["money"] == 2
