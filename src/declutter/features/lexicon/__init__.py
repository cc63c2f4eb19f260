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

__all__ = ["LEXICON_LABELS", "Lexicon", "load_lexicon"]

LEXICON_LABELS: Final = tuple(label for label in Label if label not in {Label.CONTENT, Label.OTHER})

Lexicon = dict[str, list[tuple[tuple[str, ...], int]]]
"""First word -> (the words after it, bits of the labels), longest first."""


@cache
def load_lexicon() -> Lexicon:
    """Read the TOML files that lie in this folder.

    A phrase that stands for several labels in one language, or in several, carries all their bits.
    """
    bits: dict[tuple[str, ...], int] = {}
    folder = resources.files(__name__)
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
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
        lexicon.setdefault(words[0], []).append((words[1:], bits))
    for entries in lexicon.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return lexicon


def match(words: Sequence[str], lexicon: Lexicon, counts: list[int]) -> None:
    """Add to `counts`, one number a lexicon label, how many of the words are covered by phrases of that label.

    At each word the longest phrase that starts there counts; overlapping phrases do not count twice.
    """
    end = 0
    for position, word in enumerate(words):
        if position < end or word not in lexicon:
            continue
        for rest, bits in lexicon[word]:
            size = len(rest)
            if not size or tuple(words[position + 1 : position + 1 + size]) == rest:
                end = position + 1 + size
                for label in range(len(counts)):
                    if bits >> label & 1:
                        counts[label] += size + 1
                break
