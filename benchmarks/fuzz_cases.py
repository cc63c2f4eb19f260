"""The cases of `make fuzz`: pieces of pages, mixed and damaged, each made from the pages, a seed and its number alone."""

from __future__ import annotations

import gzip
import os
import random
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ROOT", "WORDS", "make_case", "pages"]

ROOT: Final = Path(__file__).resolve().parents[1]
# Bytes of a page that a case begins with, at most and at least. Half of the pieces have less than 1,650: most of what a case
# costs is then what any page costs, some 3 ms, while boxes and neighbours are there in the rest.
_PIECE: Final = 6000
_SMALLEST: Final = 200
# Real pages among those of ours; more need more memory and tell no more.
_REAL: Final = 300
WORDS: Final = tuple(
    "<b> </b> <p> </p> <div> </div> <table> <tr> <td> </table> <a href=x> </a> <select> <option> </select> <template> <svg>"
    " <foreignObject> </svg> <math> <mi> <!-- --> <![CDATA[ ]]> <script> </script> <style> </style> <title> </title> <br>"
    " <textarea> </textarea> <pre> <button> <form> <input> <iframe> <noscript> <details> <summary> <dialog> <body> <html>"
    " <frameset> <plaintext> <h1> <ul> <li> <x-y> <img> &amp; &#0; &#xD800; &#99999999; &not hidden style= class= id= title="
    " aria-label= shadowrootmode=open <template\u00a0shadowrootmode=open> charset=utf-16 <meta\u00a0charset=shift_jis> selected"
    " <ruby> <rt> <nobr> <font> <i> <dd> <caption> <colgroup> <annotation-xml> display:none display:block <?xml ?> <!DOCTYPE".split(
        " "
    )
)
_BYTES: Final = (
    b"\0",
    b"\xff",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"\x1b$B",
    b"\x80",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\r",
    b"\r\n",
    b"~{",
)
_CODECS: Final = (
    "utf-16",
    "utf-16-be",
    "utf-32",
    "cp1252",
    "cp1251",
    "shift_jis",
    "gb18030",
    "big5",
    "euc_kr",
    "iso2022_jp",
)


@cache
def pages() -> tuple[bytes, ...]:
    """The pages that cases are made of."""
    found = [path.read_bytes() for path in sorted((ROOT / "tests" / "pages").glob("*/source.html"))]
    found += [path.read_bytes() for path in sorted((ROOT / "training_data" / "pages").glob("*.html"))]
    if corpora := os.environ.get("DECLUTTER_CORPORA"):
        real = sorted(Path(corpora).rglob("*.html.gz"))
        chosen = sorted(random.Random(1).sample(range(len(real)), min(_REAL, len(real))))  # noqa: S311 - no secret
        found += [gzip.decompress(real[place].read_bytes()) for place in chosen]
    return tuple(found)


def _piece(pick: random.Random, *, short: bool = False) -> bytes:
    """A piece of a page, from a tag on, or a short page whole; half of short ones have less than 560 bytes."""
    page = pick.choice(pages())
    if len(page) <= _PIECE and not short:
        return page
    start = page.find(b"<", pick.randrange(max(1, len(page) - _PIECE)))
    return page[max(0, start) :][: _SMALLEST + int((_PIECE - _SMALLEST) * pick.random() ** (4 if short else 2))]


def _places(data: bytes, pick: random.Random) -> tuple[int, int]:
    first = pick.randrange(len(data) + 1)
    return first, min(len(data), first + int(2 ** pick.uniform(0, 11)))


def _word(pick: random.Random) -> bytes:
    return pick.choice(WORDS).replace("\u00a0", " ").encode() if pick.random() < 0.9 else pick.choice(_BYTES)


def _insert(data: bytes, pick: random.Random) -> bytes:
    first, _ = _places(data, pick)
    return data[:first] + _word(pick) * (1 if pick.random() < 0.9 else pick.randrange(2, 600)) + data[first:]


def _insert_at_tag(data: bytes, pick: random.Random) -> bytes:
    first = max(0, data.find(b"<", pick.randrange(len(data) + 1)))
    return data[:first] + _word(pick) + data[first:]


def _take_out(data: bytes, pick: random.Random) -> bytes:
    first, end = _places(data, pick)
    return data[:first] + data[end:]


def _double(data: bytes, pick: random.Random) -> bytes:
    first, end = _places(data, pick)
    return data[:first] + data[first:end] * pick.choice((2, 2, 3, 20)) + data[end:]


def _move(data: bytes, pick: random.Random) -> bytes:
    first, end = _places(data, pick)
    rest = data[:first] + data[end:]
    place, _ = _places(rest, pick)
    return rest[:place] + data[first:end] + rest[place:]


def _flip(data: bytes, pick: random.Random) -> bytes:
    whole = bytearray(data)
    for _ in range(pick.choice((1, 1, 3, 30)) if whole else 0):
        whole[pick.randrange(len(whole))] = pick.randrange(256)
    return bytes(whole)


def _graft(data: bytes, pick: random.Random) -> bytes:
    first, end = _places(data, pick)
    other = _piece(pick)
    start, stop = _places(other, pick)
    return data[:first] + other[start:stop] + data[end:]


def _without_ends(data: bytes, pick: random.Random) -> bytes:
    first, end = _places(data, pick)
    return data[:first] + data[first:end].replace(b"</", pick.choice((b"<", b"&lt;/", b""))) + data[end:]


def _cut(data: bytes, pick: random.Random) -> bytes:
    first, _ = _places(data, pick)
    return data[:first] if pick.random() < 0.5 else data[first:]


def _encode(data: bytes, pick: random.Random) -> bytes:
    return data.decode("utf-8", "replace").encode(pick.choice(_CODECS), "replace")


_MUTATIONS: Final[tuple[tuple[Callable[[bytes, random.Random], bytes], int], ...]] = (
    *((_insert, 6), (_insert_at_tag, 6), (_take_out, 4), (_double, 3), (_move, 3), (_flip, 3), (_graft, 4)),
    *((_without_ends, 3), (_cut, 1), (_encode, 1)),
)


def make_case(seed: int, number: int, *, short: bool = False) -> bytes | str:
    """The page of a case; a short piece to begin with is quick, and others are long all the same."""
    pick = random.Random(f"{seed}-{number}")  # noqa: S311 - no secret
    data = _piece(pick, short=short)
    ways, weights = zip(*_MUTATIONS, strict=True)
    for way in pick.choices(ways, weights, k=pick.randrange(1, 9)):
        data = way(data, pick)
    if pick.random() < 0.2:
        return data.decode("utf-8", pick.choice(("replace", "surrogateescape")))
    return data
