"""A cut of the bytes: what stays is the same bytes, in whatever encoding the page is."""

from __future__ import annotations

import random
import time

import pytest

from declutter import InputError
from declutter.document.decoding import decode
from declutter.document.encoding import cut_bytes

TEXTS = {
    "utf-8": "é日本 <b>x</b> \U0001f600 abc\r\n",
    "utf-8-sig": "é日本 <b>x</b>\r",
    "utf-16": "é日\U0001f600<p>",
    "utf-16-le": "abc <p> é",
    "utf-32": "é日\U0001f600<p>",
    "windows-1252": "caf\xe9 €<p>",
    "koi8-r": "Привет <p>мир ",
    "windows-1251": "Привет <p>",
    "shift_jis": "日本語ソ<p>テキスト表 abc ",
    "euc_jp": "日本語<p>x ",
    "gb18030": "中文<p>网页€\U00020000 x",
    "big5": "中文網頁<p>功能 x",
    "euc_kr": "한국어<p> x",
    "iso2022_jp": "日本語<p>abc テスト ",
    "hz": "中文<p>~ abc",
}
# Broken bytes among their states are tested below.
STATEFUL = {"iso2022_jp", "hz"}


def spans_of(text: str, chance: random.Random) -> list[tuple[int, int]]:
    spans, place = [], 0
    while place < len(text) - 30:
        start = place + chance.randrange(1, 20)
        place = start + chance.randrange(1, 15)
        spans.append((start, place))
    return spans


def without(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        text = text[:start] + text[end:]
    return text


@pytest.mark.parametrize(
    ("encoding", "noise"), [(name, noise) for name in TEXTS for noise in (0, 6) if not noise or name not in STATEFUL]
)
def test_what_stays_is_the_same_bytes(encoding: str, noise: int) -> None:
    chance = random.Random(noise)
    data = bytearray((TEXTS[encoding] * 60).encode(encoding))
    for _ in range(noise):
        data[chance.randrange(4, len(data))] = chance.choice(b"\xff\x80\x81\xe3\xfe")
    given = encoding.removesuffix("-sig")
    text, _ = decode(bytes(data), given)
    spans = spans_of(text, chance)
    cut = cut_bytes(bytes(data), spans, given)
    assert decode(cut, given)[0] == without(text, spans)
    rest = iter(data)
    assert all(byte in rest for byte in cut)


@pytest.mark.parametrize(
    ("data", "spans", "expected"),
    [
        (b"\xef\xbb\xbf<p>a", [(0, 3)], b"\xef\xbb\xbfa"),
        (b"\xff\xfea\0b\0", [(0, 1)], b"\xff\xfeb\0"),
        (b"<meta charset=utf-8>\xff<p>c\xe3\x81<p>\0", [(21, 24)], b"<meta charset=utf-8>\xffc\xe3\x81<p>\0"),
        (b"<meta charset=windows-1252>\x93a\x94\x81<p>", [(28, 29)], b"<meta charset=windows-1252>\x93\x94\x81<p>"),
        (b"<meta charset=utf-8>abc", [], b"<meta charset=utf-8>abc"),
        (b"abc", [(0, 3)], b""),
        (b"", [], b""),
    ],
)
def test_bytes_that_stay(data: bytes, spans: list[tuple[int, int]], expected: bytes) -> None:
    assert cut_bytes(data, spans) == expected


def test_an_encoding_that_only_browsers_know() -> None:
    data = "ไทย<p>ไทย ภาษา".encode("cp874") + b"\xfc"
    text, name = decode(data, "dos-874")
    assert name == "dos-874"
    assert cut_bytes(data, [(3, 6)], "dos-874") == data[:3] + data[6:]
    assert decode(cut_bytes(data, [(3, 6)], "dos-874"), "dos-874")[0] == text[:3] + text[6:]


@pytest.mark.parametrize(
    ("data", "encoding", "spans", "expected"),
    [
        ("日本<p>語".encode("iso2022_jp").replace(b"<p>", b"<p>\xff"), "iso2022_jp", [(1, 5)], "日&#65533;語"),
        (b"a\x81<p>bc", "shift_jis", [(2, 5)], "a&#65533;bc"),  # 81 62 is a character
    ],
)
def test_broken_bytes_that_would_mean_something_else_become_references(
    data: bytes, encoding: str, spans: list[tuple[int, int]], expected: str
) -> None:
    assert cut_bytes(data, spans, encoding) == expected.encode(encoding)


def test_what_python_cannot_write_says_the_mend() -> None:
    with pytest.raises(InputError, match="convert it to UTF-8 first"):
        cut_bytes(b"a\x81<p>bc", [(2, 5)], "x-sjis")


def test_linear() -> None:
    data = "é日本 <b>x</b> \U0001f600 abc ".encode() * 20_000 + b"\xff."
    text, _ = decode(data)
    before = time.process_time()
    cut = cut_bytes(data, [(start, start + 50) for start in range(10, len(text) - 100, 200)])
    assert time.process_time() - before < 5
    assert cut.endswith(b"\xff.")
