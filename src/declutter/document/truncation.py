"""Where a page that is too large ends: before a tag or a word where one is near, and never within a character."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Final

from declutter.document.decoding import codec_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["end_within", "has_own_tags"]

# A page is cut before the last tag, a text before the last line, or else before the last white space, that begins in so
# many bytes before the limit, and in this share of it: more is not given up for that.
_NEAR: Final = 4096
_SHARE: Final = 8
_WHITE: Final = " \t\r\n"
# Encodings of seven bits: what begins characters of two bytes, and what ends them.
_SHIFTS: Final[tuple[tuple[str, Sequence[bytes], Sequence[bytes]], ...]] = (
    ("2022jp", (b"\x1b$@", b"\x1b$B", b"\x1b$(D"), (b"\x1b(B", b"\x1b(J", b"\x1b(I")),
    ("2022kr", (b"\x0e",), (b"\x0f",)),
    ("2022cn", (b"\x0e",), (b"\x0f",)),
    ("hz", (b"~{",), (b"~}",)),
)
_ESCAPES: Final = (b"\x1b", b"~")
_LONGEST_ESCAPE: Final = 4


def has_own_tags(encoding: str) -> bool:
    """Whether `<` is another byte, or one of several, in an encoding: then it has to be known where a page is cut."""
    return _unit(encoding) > 1 or _shifts(encoding) is not None


def end_within(data: bytes, limit: int, encoding: str, edge: str) -> int:
    """Where to cut a page so that what is left is within a limit.

    Args:
        data: the page, longer than the limit.
        limit: bytes.
        encoding: what `decode` reads it in.
        edge: the character before which it is cut best.

    Returns:
        One past the last byte that stays.
    """
    unit = _unit(encoding)
    end = limit - limit % unit
    low = end - min(_NEAR, end // _SHARE)
    for edges in (edge, _WHITE):
        place = max(_last(data, character, low, end, encoding) for character in edges)
        if place >= 0:
            return place
    return _character_end(data, end, encoding)


def _unit(encoding: str) -> int:
    name = encoding.lower().replace("_", "-")
    return 2 if name.startswith(("utf-16", "utf16")) else 4 if name.startswith(("utf-32", "utf32")) else 1


def _order(encoding: str) -> str:
    return "be" if encoding.lower().endswith("be") else "le"


def _shifts(encoding: str) -> tuple[Sequence[bytes], Sequence[bytes]] | None:
    name = encoding.lower().replace("-", "").replace("_", "")
    return next(
        (
            (opening, closing)
            for part, opening, closing in _SHIFTS
            if part in name and (part != "hz" or name[:2] == part)
        ),
        None,
    )


def _shifted(data: bytes, place: int, encoding: str) -> tuple[int, int] | None:
    """Where the characters of two bytes began that a place is among, with the escape and behind it; None among others."""
    shifts = _shifts(encoding)
    if shifts is None:
        return None
    opening, closing = shifts
    begun, size = max((data.rfind(escape, 0, place), len(escape)) for escape in opening)
    over = max(data.rfind(escape, 0, place) for escape in closing)
    return (begun, begun + size) if begun > over else None


def _last(data: bytes, character: str, low: int, end: int, encoding: str) -> int:
    """The last place of an ASCII character in a piece of a page, -1 for none."""
    unit = _unit(encoding)
    mark = character.encode() if unit == 1 else character.encode(f"utf-{8 * unit}-{_order(encoding)}")
    while (place := data.rfind(mark, low, end)) >= 0:
        among = _shifted(data, place, encoding)
        if place % unit == 0 and among is None:
            return place
        end = place + len(mark) - 1 if among is None else among[0]
    return -1


def _character_end(data: bytes, end: int, encoding: str) -> int:
    """The last place up to a limit that is not within a character."""
    unit = _unit(encoding)
    if unit == 2 and end >= unit:
        last = data[end - 1] if _order(encoding) == "le" else data[end - 2]
        return end - unit if 0xD8 <= last < 0xDC else end  # the first half of a pair
    if _shifts(encoding) is not None:
        cut = max(data.rfind(escape, max(0, end - _LONGEST_ESCAPE + 1), end) for escape in _ESCAPES)
        among = _shifted(data, cut if cut >= 0 else end, encoding)
        if cut >= 0 and (among is None or data[cut] == _ESCAPES[0][0]):
            return cut
        among = _shifted(data, end, encoding)
        return end if among is None else end - (end - among[1]) % 2
    if encoding.lower().replace("-", "") in {"utf8", "ascii", "usascii"}:
        return _utf8_start(data, end)
    name = codec_of(encoding).removeprefix("whatwg-")
    try:
        decoder = codecs.getincrementaldecoder(name)("replace")
    except LookupError:
        return end  # one that Python cannot read; its characters are single bytes
    decoder.decode(data[data.rfind(b"\n", 0, end) + 1 : end])  # no character holds a line end
    return end - len(decoder.getstate()[0])


def _utf8_start(data: bytes, place: int) -> int:
    """The beginning of the UTF-8 character that a place is in; the place, where the bytes are not UTF-8."""
    for start in range(place, max(-1, place - 4), -1):
        if start == len(data) or data[start] & 0xC0 != 0x80:
            return start
    return place
