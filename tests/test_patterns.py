"""Patterns of text."""

from __future__ import annotations

import time

import pytest

from declutter.rules.patterns import plain, read_pattern

SHARE = "Share this page with\n friends"


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("share", SHARE, True),
        ("THIS   page", SHARE, True),
        ("  page with friends  ", SHARE, True),
        ("page with\tfriends", SHARE, True),
        ("pagewith", SHARE, False),
        ("hare", SHARE, True),
        ("^share", SHARE, True),
        ("^hare", SHARE, False),
        ("friends$", SHARE, True),
        ("friend$", SHARE, False),
        ("^share$", SHARE, False),
        ("^share$", " SHARE\n", True),
        ("^share*friends$", SHARE, True),
        ("^share*friends", "share friends of ours", True),
        ("share*with*share", SHARE, False),
        ("share * with", SHARE, True),
        ("share *with", "share, with", False),
        ("*share*", SHARE, True),
        ("^*friends$", SHARE, True),
        ("^a*a$", "a", False),
        ("^a*a$", "aa", True),
        ("^ab*bc$", "abc", False),
        ("^a*b*b$", "ab", False),
        ("^^a", "^A", True),
        ("a$$", "A$", True),
        ("$5", "only $5 a month", True),
        (r"5\$", "only $5 a month", False),
        (r"5\$", "5$ a month", True),
        (r"\^a", "x ^a", True),
        (r"5 \* 3", "5 * 3", True),
        (r"5 \* 3", "5 and 3", False),
        (r"c:\\temp", "C:\\Temp", True),
        (".", "no stop", False),
        ("(c) 2024?", "(C) 2024? ours", True),
        ("STRASSE", "Straße", True),
        ("caf\u00e9", "cafe\u0301", True),
        ("İstanbul", "i\u0307stanbul", True),
        ("^announcement$", "An\u00adnounce\u200bment", True),
        ("an\u00adnounce", "Announcement", True),
        ("an nounce", "An\u00adnounce", False),
        ("a \u200b* c", "a b c", True),
    ],
)
def test_found(pattern: str, text: str, found: bool) -> None:
    assert read_pattern(pattern).found(plain(text)) is found


@pytest.mark.parametrize("pattern", ["", " ", "^", "$", "^$", "*", "^*$", " * * ", "^ $", "\u00ad", "^\u200b$"])
def test_what_would_match_every_block(pattern: str) -> None:
    with pytest.raises(ValueError, match="has no word, so that every block would match"):
        read_pattern(pattern)


@pytest.mark.parametrize(("pattern", "mark"), [(r"\d+", "'d'"), ("a\\", "''"), (r"a\ b", "' '"), (r"\.", r"'\.'")])
def test_a_regular_expression_is_told_from_a_pattern(pattern: str, mark: str) -> None:
    with pytest.raises(ValueError, match=f"has a backslash before {mark}: .* it is no regular expression"):
        read_pattern(pattern)


def test_no_text_is_slow() -> None:
    pattern = read_pattern("a*a*a*a*a*a*a*a*b")
    start = time.process_time()
    assert not pattern.found("a" * 1_000_000)
    assert time.process_time() - start < 1


def test_a_pile_of_accents_is_read_in_a_moment() -> None:
    began = time.perf_counter()
    assert not read_pattern("text").found(plain("a" + "\u0316\u0301" * 100_000))
    assert time.perf_counter() - began < 2
