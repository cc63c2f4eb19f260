"""A cut goes back into the bytes it came from: places in the decoded text become places in the bytes.

Bytes that the encoding does not know, and characters that it can write in several ways, stay as they were. Where they
would mean something else beside what follows the cut, broken characters become references (`&#65533;`).
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from declutter.document.decoding import codec_of, decode, mark_of
from declutter.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["cut_bytes"]

# No encoding of pages takes more bytes for one character that is decoded, escape sequences of ISO-2022 among them.
_WIDEST: Final = 12
# A character that is cut off counts as one already; it has so many bytes at most.
_REACH: Final = 4
# Characters after a piece that have to be those of the next one.
_AHEAD: Final = 2


def cut_bytes(data: bytes, spans: Sequence[tuple[int, int]], encoding: str | None = None) -> bytes:
    """A page's bytes without some pieces; the byte-order mark stays.

    Args:
        data: the page.
        spans: (start, end) of what goes, in characters of what `decode` makes of it, in order, apart from each other.
        encoding: as given to `decode`.

    Returns:
        Bytes that decode to the text without the pieces.

    Raises:
        InputError: as `decode`; or the text cannot be written in its encoding, where its bytes cannot be cut.
    """
    text, name = decode(data, encoding)
    codec = codec_of(name)
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    pieces = [text[start:end] for start, end in pairwise(edges)]
    wanted = "".join(pieces[::2])
    mark = mark_of(data)
    bare = data[len(mark) :]
    anew = _encoded(wanted, name)
    cut = anew if _encoded(text, name) == bare else _taken_apart(bare, pieces, name, codec)
    if cut is not None and cut.decode(codec, "replace") == wanted:
        return mark + cut
    if anew is not None and _without_broken(anew.decode(codec, "replace")) == _without_broken(wanted):
        return mark + anew
    raise InputError(f"cannot be cut in its encoding, {name}: ask for another output, or convert it to UTF-8 first")


def _encoded(text: str, name: str) -> bytes | None:
    """A text in an encoding, what that lacks as references; None for an encoding that Python can only read."""
    try:
        return text.encode(name, "xmlcharrefreplace")
    except (LookupError, ValueError):
        return None


def _without_broken(text: str) -> str:
    return text.replace("\ufffd", "").replace("&#65533;", "")


def _taken_apart(data: bytes, pieces: Sequence[str], name: str, codec: str) -> bytes | None:
    """The bytes of every second piece; None where they cannot be told from those of the others."""
    kept = []
    done = 0
    for place, (piece, following) in enumerate(zip(pieces, [*pieces[1:], ""], strict=True)):
        end = len(data)
        if place + 1 < len(pieces):
            guess = _encoded(piece, name)
            near = done if guess is None else min(done + len(guess), len(data))
            found = _near(data, done, near, piece, following[:_AHEAD], codec)
            if found is None:
                found = _near(data, done, _search(data, done, piece, codec), piece, following[:_AHEAD], codec)
            end = len(data) if found is None else found
        if data[done:end].decode(codec, "replace") != piece:
            return None
        if place % 2 == 0:
            kept.append(data[done:end])
        done = end
    return b"".join(kept)


def _near(data: bytes, start: int, near: int, piece: str, following: str, codec: str) -> int | None:
    """The last place near one up to which the bytes are the piece, and from which they are what follows it."""
    for end in range(min(near + _REACH, len(data)), max(start - 1, near - _REACH), -1):
        if data[start:end].decode(codec, "replace") == piece:
            ahead = data[end : end + (len(following) + 1) * _REACH]
            if ahead.decode(codec, "replace").startswith(following):
                return end
    return None


def _search(data: bytes, start: int, piece: str, codec: str) -> int:
    """Where a piece ends, to within a character."""
    return bisect_left(
        range(len(data)),
        len(piece),
        lo=min(start + len(piece), len(data)),
        hi=min(start + _WIDEST * len(piece), len(data)),
        key=lambda end: len(data[start:end].decode(codec, "replace")),
    )
