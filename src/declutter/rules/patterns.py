"""Patterns of text: a few words, looked for in a block whatever the case and the white space.

They are no regular expressions. Those can take hours on a text that was written to be slow, and pages are written by
strangers; a pattern of these takes time in proportion to the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from declutter.words import composed

__all__ = ["Pattern", "plain", "read_pattern"]

_SPECIAL: Final = "^$*\\"
# Nobody sees where a word may be divided: soft hyphens, spaces without width, and word joiners, which say where it may not.
_UNSEEN: Final = str.maketrans("", "", "\u00ad\u200b\u2060\ufeff")


@dataclass(frozen=True, slots=True)
class Pattern:
    """Pieces of text that a block has one after another.

    Attributes:
        pieces: made plain as by `plain`, of which the outermost may be "".
        start: the first piece begins the block.
        end: the last piece ends it.
    """

    pieces: tuple[str, ...]
    start: bool
    end: bool

    def found(self, text: str) -> bool:
        """Whether a text that `plain` has made plain has it."""
        pieces = list(self.pieces)
        place, limit = 0, len(text)
        if self.end:
            last = pieces.pop()
            if not text.endswith(last):
                return False
            limit -= len(last)
            if self.start and not pieces:
                return limit == 0
        if self.start:
            first = pieces.pop(0)
            if not text.startswith(first):
                return False
            place = len(first)
        for piece in pieces:
            found = text.find(piece, place, limit)
            if found < 0:
                return False
            place = found + len(piece)
        return place <= limit


def plain(text: str) -> str:
    """A text as patterns are looked for in it: case folded, runs of white space one space, none around it, no soft hyphens."""
    return " ".join(_folded(text if text.isascii() else text.translate(_UNSEEN)).split())


def _folded(text: str) -> str:
    return composed(composed(text).casefold())


def read_pattern(text: str) -> Pattern:
    r"""Read a pattern.

    Args:
        text: `*` stands for any characters, `^` at its beginning for the beginning of a block, `$` at its end for its end;
            a backslash before one of them, or before a backslash, takes that meaning away.

    Raises:
        ValueError: it has no word, or a backslash before anything else; the message says which.
    """
    text = text.translate(_UNSEEN).strip()
    start = text.startswith("^")
    pieces = [""]
    end = False
    place = int(start)
    while place < len(text):
        mark = text[place]
        if mark == "\\":
            place += 1
            if place == len(text) or text[place] not in _SPECIAL:
                raise ValueError(
                    f"has a backslash before {text[place : place + 1]!r}: a pattern is plain text in which only * ^ $ and \\"
                    r" are written with one (\*); it is no regular expression"
                )
            pieces[-1] += text[place]
        elif mark == "*":
            pieces.append("")
        elif mark == "$" and place == len(text) - 1:
            end = True
        else:
            pieces[-1] += mark
        place += 1
    spaced = [_spaced(piece) for piece in pieces]
    spaced[0], spaced[-1] = spaced[0].lstrip(), spaced[-1].rstrip()
    if not any(piece.strip() for piece in spaced):
        raise ValueError("has no word, so that every block would match: write what the blocks say")
    return Pattern(tuple(spaced), start, end)


def _spaced(piece: str) -> str:
    """A piece made plain, with one space where it begins or ends in white space."""
    words = plain(piece)
    return f"{' ' * piece[:1].isspace()}{words}{' ' * (bool(words) and piece[-1:].isspace())}"
