"""Phrases that chrome of a kind is made of, in many languages: loaded once, matched in one pass over the words."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from declutter.labels import Label
from declutter.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["LEXICON_LABELS", "Lexicon", "compile_lexicon", "find_phrases", "load_lexicon"]

LEXICON_LABELS: Final = tuple(label for label in Label if label not in {Label.CONTENT, Label.OTHER})

Lexicon = dict[str, dict[str, list[tuple[tuple[str, ...], int]]]]
"""First word -> second word ("" for a phrase of one) -> (the words after them, bits of the labels), longest first."""


@cache
def load_lexicon(without: str = "") -> Lexicon:
    """Read the TOML files that lie in this folder.

    A phrase that stands for several labels in one language, or in several, carries all their bits.

    Args:
        without: a language whose file is left out, to measure what it is worth.
    """
    bits: dict[tuple[str, ...], int] = {}
    folder = resources.files(__name__)
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml") or file.name == f"{without}.toml":
            continue
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
        for position, label in enumerate(LEXICON_LABELS):
            for phrase in tables.get(label.value, {}).get("phrases", ()):
                words = tuple(split_words(phrase))
                if words:
                    bits[words] = bits.get(words, 0) | 1 << position
    return compile_lexicon(bits.items())


def compile_lexicon(phrases: Iterable[tuple[tuple[str, ...], int]]) -> Lexicon:
    """Arrange phrases for matching."""
    lexicon: Lexicon = {}
    for words, bits in phrases:
        second = words[1] if len(words) > 1 else ""
        lexicon.setdefault(words[0], {}).setdefault(second, []).append((words[2:], bits))
    for nexts in lexicon.values():
        for entries in nexts.values():
            entries.sort(key=lambda entry: -len(entry[0]))
    return lexicon


def find_phrases(
    words: Sequence[str],
    lexicon: Lexicon | None = None,
    *,
    places: Sequence[int] | None = None,
    ends: Sequence[int] | None = None,
) -> list[tuple[int, int, int]]:
    """The phrases in a text: (place of the first word, number of words, bits of the labels).

    At each word the longest phrase that starts there counts; phrases do not overlap.

    Args:
        words: the words of a text, or of several in a row.
        lexicon: None for the shipped one.
        places: where a word is that begins a phrase, ascending; None to look at every word.
        ends: for each of these places where its text ends; None where `words` are one text.
    """
    if lexicon is None:
        lexicon = load_lexicon()
    if places is None:
        places = [place for place, word in enumerate(words) if word in lexicon]
    if ends is None:
        ends = [len(words)] * len(places)
    found = []
    behind = 0
    for place, end in zip(places, ends, strict=True):
        if place < behind:
            continue
        nexts = lexicon[words[place]]
        longer = nexts.get(words[place + 1], ()) if place + 1 < end else ()
        phrase = next(
            (p for p in longer if not p[0] or tuple(words[place + 2 : min(place + 2 + len(p[0]), end)]) == p[0]), None
        )
        if phrase is not None:
            size = 2 + len(phrase[0])
        elif "" in nexts:
            size, phrase = 1, nexts[""][0]
        else:
            continue
        found.append((place, size, phrase[1]))
        behind = place + size
    return found
