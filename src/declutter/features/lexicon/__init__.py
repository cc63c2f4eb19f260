"""Phrases that chrome of a kind is made of, in many languages: loaded once, matched in one pass over the words."""

from __future__ import annotations

from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from declutter import compiled
from declutter.labels import Label
from declutter.prepared import prepare_text, prepared_text
from declutter.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from declutter.compiled import speedups

__all__ = ["LEXICON_LABELS", "Lexicon", "Phrases", "compile_lexicon", "find_phrases", "load_lexicon", "prepare_lexicon"]

LEXICON_LABELS: Final = tuple(label for label in Label if label not in {Label.CONTENT, Label.OTHER})

Nexts = dict[str, list[tuple[tuple[str, ...], int]]]
"""Second word ("" for a phrase of one) -> (the words after it, bits of the labels), longest first."""

Lexicon = dict[str, Nexts]
"""First word -> the phrases that begin with it."""

_PREPARED: Final = "lexicon.txt"


class Phrases:
    """The phrases of all languages; those that begin with a word are arranged for matching when that word is met.

    Args:
        lines: first word -> its phrases, parted by tabs: the bits of the labels, and the words after the first.
    """

    def __init__(self, lines: dict[str, str]) -> None:
        self._lines = lines
        self._arranged: Lexicon = {}

    def __len__(self) -> int:
        return sum(line.count("\t") + 1 for line in self._lines.values())

    def among(self, words: Iterable[str]) -> Lexicon:
        """A lexicon of the phrases that begin with one of some words."""
        if compiled.used:
            words = list(words)
            return {word: nexts for word, nexts in zip(words, self.by_number(words), strict=True) if nexts is not None}
        found: Lexicon = {}
        for word in self._lines.keys() & words:
            phrases = self._arranged.get(word)
            if phrases is None:
                phrases = self._arranged.setdefault(word, _arranged(word, self._lines[word]))
            found[word] = phrases
        return found

    def by_number(self, words: list[str]) -> list[Nexts | None]:
        """For each of some words the phrases that begin with it, None for none."""
        if compiled.used:  # src/speedups/lexicon.c
            return self._openings.of(words)
        return list(map(self.among(words).get, words))

    @cached_property
    def _openings(self) -> speedups.Openings:
        return compiled.speedups.Openings(self._lines)


def _arranged(word: str, line: str) -> Nexts:
    """The phrases of a line of `Phrases`, which begin with a word, by their second words."""
    if compiled.used:  # src/speedups/lexicon.c
        return compiled.speedups.arranged(line)
    phrases = [phrase.split(" ") for phrase in line.split("\t")]
    return compile_lexicon(((word, *rest), int(bits)) for bits, *rest in phrases)[word]


@cache
def load_lexicon(without: str = "") -> Phrases:
    """The phrases in the TOML files that lie in this folder.

    A phrase that stands for several labels in one language, or in several, carries all their bits.

    Args:
        without: a language whose file is left out, to measure what it is worth.
    """
    files = [file for file in _files() if file.name != f"{without}.toml"]
    text = prepared_text(_PREPARED, files)
    pieces = (_lines_of(files) if text is None else text).split("\n")
    return Phrases(dict(zip(pieces[::2], pieces[1::2], strict=True)))


def prepare_lexicon(folder: Path | None = None) -> Path:
    """Prepare the files for `load_lexicon`."""
    files = _files()
    return prepare_text(_PREPARED, files, _lines_of(files), folder)


def _files() -> list[Path]:
    return sorted(Path(__file__).parent.glob("*.toml"))


def _lines_of(files: Sequence[Path]) -> str:
    """The phrases of some files, as `Phrases` reads them: a line for each first word, and one for what begins with it."""
    import tomllib  # noqa: PLC0415 - costs start-up time

    bits: dict[tuple[str, ...], int] = {}
    for file in files:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
        for position, label in enumerate(LEXICON_LABELS):
            for phrase in tables.get(label.value, {}).get("phrases", ()):
                words = tuple(split_words(phrase))
                if words:
                    bits[words] = bits.get(words, 0) | 1 << position
    lines: dict[str, list[str]] = {}
    for (first, *rest), number in bits.items():
        lines.setdefault(first, []).append(" ".join((str(number), *rest)))
    return "\n".join(part for first, phrases in lines.items() for part in (first, "\t".join(phrases)))


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
        lexicon = load_lexicon().among(words)
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
