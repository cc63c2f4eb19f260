"""The compiled forms give what the pure ones give, to the last bit."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from bs4 import BeautifulSoup

from declutter import compiled
from declutter.blocks import segment
from declutter.document import INDEXED, TEXT, parser_input, read_document
from declutter.document.visibility import styles
from declutter.features import FEATURE_NAMES, extract
from declutter.features.arrays import put_rounded, rounded
from declutter.features.characters import _DATE, class_counts, endings
from declutter.features.controls import _BITS_OF, _provider_bits
from declutter.features.lexicon import _arranged
from declutter.features.names import node_marks
from declutter.features.tokens import Tokens
from declutter.features.view import PageView
from declutter.model import load_default
from declutter.model.context import layout_of
from declutter.model.forest import _NODE, Forest, Trees
from declutter.model.strictness import page_summary
from declutter.words import split_words

# More blocks than this are not asked for their features.
MANY = 20_000

Both = Callable[[Callable[[], Any]], tuple[Any, Any]]

ROOT = Path(__file__).parent
STORED = [
    *sorted((ROOT / "pages").glob("*/source.html")),
    *sorted((ROOT.parent / "training_data" / "pages").glob("*.html"))[::8],
]
HOSTILE: dict[str, str | bytes] = {
    "nothing": "",
    "white space": " \n\t",
    "a word": "needle",
    "50,000 nested div": "<div>needle " * 50_000,
    "20,000 nested tables": "<table><tr><td>needle " * 20_000,
    "10,000 nested spans": "<p>" + "<span class='nav x'>needle " * 10_000,
    "200,000 links": "<p>" + "<a href=x>needle</a>" * 200_000,
    "a 20 MB text": "<p>" + "needle text, " * 1_500_000,
    "a 5 MB word": "<p>" + "n" * 5_000_000,
    "100,000 attributes": "<p " + " ".join(f"a{n}=v" for n in range(100_000)) + ">needle",
    "30,000 tag names": "".join(f"<x-{n}>needle</x-{n}>" for n in range(30_000)),
    "lone surrogates": "<p class='\ud800'>a\udfffb \ud83d</p><x\ud800>\udc00</x>" * 3,
    "NUL characters": "<p class='a\0nav'>a\0b</p>\0<a\0b>c<!--\0--><textarea>\0</textarea>",
    "shadow roots": "<div><template ShadowRootMode=open><p>needle</template></div><TEMPLATE shadowrootmode=x>a",
    "no ASCII": "<p>\u4f60\u597d \U0001f600\u0301 \u0130I\u0307 \u0e01\u0e02</p>" * 50,
    "the longest characters": "<p>\U0010ffff\U000e0041\u200b\xa0</p><h1>\U0002a6d6</h1>",
    "Latin-1": "<p>caf\xe9 \xa0 \xad</p>".encode("latin-1"),
    "frames and pieces": "<frameset><frame src=a></frameset><p>needle<svg><foreignObject><p>x</svg><math><mi>y",
    "texts in selects": "<select>a<option>b<option selected>c<b>d</select>" + "<select>e<option> <x><option>f" * 20,
    "links without text": "<p>a" + "<a title=b><table><td>" * 30 + "<img>",
    "start tags of body": "".join(f"<body a{n}=1>" for n in range(3000)) + "<p>needle",
    "unclosed formatting": "<p>" + "".join(f"<i a={n}>" for n in range(2000)) + "</p><p>needle" * 2000,
    "misnested": "<b><p>one</b>two</p><table>three<tr><td>four</table><a>five<a>six<div>seven</a>",
}


TAGS = (
    "a abbr b br button custom-element datalist dd details dialog div dl em figure foreignObject form h1 h2 i img input"
    " label li listing math meter mi nav noscript option p pre progress script section select span style summary svg table td template"
    " textarea title tr ul"
).split()
ATTRIBUTES = (
    *(
        "alt",
        "alt='a photo'",
        "alt='Apple Pay'",
        "src=/i/VISA.png",
        "role=progressbar",
        "aria-hidden=TRUE",
        "aria-label=' Close '",
        "class='nav Menu-item x1'",
        "hidden",
    ),
    *("href=#a", "href=//donate.example/", "id=footer", "open", "role=button", "selected", "title=\xa0", "title=More"),
    *("style='display: none'", "style=display:block", "type=IMAGE", "type=submit", "type=hidden", "value=' Send  it '"),
)
PIECES = (
    " ",
    "\n\n",
    "\xa0",
    "\u200b",
    "word ",
    " Sign up",
    "two  words\t",
    "\x1c\x85x",
    "\u4f60\u597d",
    "A.",
    "<!-- -->",
    "$5",
)


def random_page(seed: int) -> str:
    """Tags, closed or not, and texts, one after the other."""
    state = random.Random(seed)
    parts = []
    for _ in range(state.randrange(400)):
        kind, tag = state.random(), state.choice(TAGS)
        if kind < 0.4:
            attributes = state.sample(ATTRIBUTES, state.choice((0, 0, 1, 3)))
            parts.append(f"<{' '.join([tag, *attributes])}>")
        elif kind < 0.65:
            parts.append(f"</{tag}>")
        else:
            parts.append(state.choice(PIECES))
    return "".join(parts)


def same(ours: object, theirs: object) -> bool:
    """Whether two values are the same, arrays to the last bit."""
    if isinstance(theirs, np.ndarray):
        return isinstance(ours, np.ndarray) and ours.dtype == theirs.dtype and ours.tobytes() == theirs.tobytes()
    return ours == theirs


def assert_same_columns(ours: Any, theirs: Any) -> None:
    for field in fields(theirs):
        if not field.name.startswith("_"):
            assert same(getattr(ours, field.name), getattr(theirs, field.name)), field.name


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `html` runs for stored pages and for hostile ones."""
    if "html" in metafunc.fixturenames:
        cases: dict[str, Path | str | bytes] = {path.as_posix()[-60:]: path for path in STORED}
        cases |= HOSTILE | {f"random {seed}": random_page(seed) for seed in range(60)}
        metafunc.parametrize("case", cases.values(), ids=cases)


@pytest.fixture
def html(case: Path | str | bytes) -> str | bytes:
    return case.read_bytes() if isinstance(case, Path) else case


pytestmark = pytest.mark.skipif(not hasattr(compiled, "speedups"), reason="the extension is not built")


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> Both:
    """What a call gives with the compiled forms, and without them."""

    def run(call: Callable[[], Any]) -> tuple[Any, Any]:
        results = []
        for used in (True, False):
            monkeypatch.setattr(compiled, "used", used)
            results.append(call())
        return results[0], results[1]

    return run


def test_the_environment_turns_them_off() -> None:
    code = "from declutter import compiled; print(compiled.used)"
    for value, expected in (("1", "False"), ("", "True")):
        environment = {**os.environ, "DECLUTTER_PURE": value}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == expected


def test_documents(html: str | bytes, both: Both) -> None:
    assert_same_columns(*both(partial(read_document, html)))


def test_rows_of_tags(html: str | bytes, both: Both) -> None:
    document = read_document(html)

    def rows() -> dict[str, list[int]]:
        document.retag({})
        return {tag: document.rows_of(tag) for tag in {*document.tags, TEXT}}

    ours, theirs = both(rows)
    assert ours == theirs
    assert not ours[TEXT]
    assert sorted(document.rows_of("p", "div", "td")) == document.rows_of("p", "div", "td")


def test_blocks(html: str | bytes, both: Both) -> None:
    document = read_document(html)
    assert_same_columns(*both(partial(segment, document)))


def test_features_and_probabilities(html: str | bytes, both: Both) -> None:
    document = read_document(html)
    blocks = segment(document)
    if len(blocks) > MANY:
        return  # what such pages could break is the walks above; their tables take gigabytes

    def judge() -> tuple[Any, ...]:
        document._named = None
        features, view = extract(document, blocks)
        tokens = view.tokens
        words = tokens.vocabulary, tokens.numbers.tolist(), tokens.lists
        return features, load_default().probabilities(features, layout_of(view)), words, view.headline

    ours, theirs = both(judge)
    for one, other in zip(ours, theirs, strict=True):
        assert same(one, other)


PLAIN = [
    *range(0x300), *range(0x400, 0x483), *range(0x48A, 0x530), *range(0x1E00, 0x1F00), *range(0x2010, 0x2028),
    *range(0x2030, 0x205F), *range(0x20A0, 0x20C0), 0x2122, *range(0x2190, 0x2195), *range(0x2500, 0x2776),
    *range(0x3001, 0x302A), *range(0x3041, 0x3097), *range(0x309D, 0x3100), *range(0x4E00, 0xA000),
    *range(0xAC00, 0xD7A4), *range(0xFF01, 0xFF61),
]  # fmt: skip


def words_of(text: str, splitter: Callable[[str], list[str]]) -> list[str]:
    vocabulary, numbers, counts = compiled.speedups.Words([text], 10**9, splitter).columns()
    found = [vocabulary[number] for number in np.frombuffer(numbers, np.int64)]
    assert np.frombuffer(counts, np.int64).tolist() == [len(found)]
    return found


def test_plain_characters_are_split_in_c_as_in_python() -> None:
    def refused(text: str) -> list[str]:
        raise AssertionError(text)

    # None composes with one before it, none is to be decomposed or moved, and each lowers alone.
    seconds = {
        int(parts[-1], 16)
        for point in range(sys.maxunicode + 1)
        if len(parts := unicodedata.decomposition(chr(point)).split()) == 2 and parts[0][0] != "<"
    }
    assert seconds.isdisjoint(PLAIN)
    for point in PLAIN:
        assert not unicodedata.combining(chr(point))
        assert unicodedata.is_normalized("NFC", chr(point))
    for start in range(0, len(PLAIN), 500):
        text = "".join(
            f"a{chr(point)}B {chr(point)}{chr(point)} _{chr(point)}9" for point in PLAIN[start : start + 500]
        )
        assert words_of(text, refused) == split_words(text)


def test_other_characters_are_left_to_python() -> None:
    edges = {near for point in PLAIN for near in (point - 1, point + 1)} - set(PLAIN) - {-1}
    for point in [*edges, 0x307, 0x391, 0x3A3, 0xE01, 0x10000, 0x20000, 0x10FFFF]:
        assert words_of(f"aB{chr(point)}", lambda text: ["left", text]) == ["left", f"aB{chr(point)}"]


def test_words_of_other_texts(both: Both) -> None:
    def number() -> Any:
        tokens = Tokens(["Tide and tide", "", "\u0e01\u0e02 low " + "x" * 300])
        texts = ("low and high high tide", "", "\u0e01 \u0e01 new", "high")
        return [tokens.of(text).tolist() for text in texts], tokens.lists, tokens.different(2), tokens.counts.tolist()

    ours, theirs = both(number)
    assert ours == theirs
    assert ours[0][0] == [4, 1, 6, 6, 0]


def test_names(both: Both) -> None:
    names = [
        "navBar",
        "NAVbar",
        "NAVBar",
        "Nav",
        "nAV",
        "\xe4nav\u4f60menu",
        "nav\0menu",
        "x" * 299 + "nav",
        "n",
        "",
        "MENU9nav",
    ]
    ours, theirs = both(
        lambda: node_marks(read_document("".join(f"<i class='{name}'>" for name in names)), np.arange(12))
    )
    assert same(ours, theirs)


def test_addresses(both: Both) -> None:
    words = compiled.speedups.WordBits(_BITS_OF)
    for text in (
        "ko-fi.com/kofi",
        "https://paypal.me/x-donate9",
        "a-9donate",
        "donate-",
        "-",
        "",
        "cart/" * 99,
        "x" * 500,
    ):
        ours, theirs = both(lambda text=text: _provider_bits(text))  # type: ignore[misc]
        assert ours == theirs == words.address(text)
    with pytest.raises(ValueError, match="ASCII"):
        words.address("\xe4")
    with pytest.raises(ValueError, match="no word of names"):
        compiled.speedups.WordBits({"": 1})


def test_dates() -> None:
    state = random.Random(11)
    texts = ["".join(state.choices("0129:./- _a", k=state.randrange(14))) for _ in range(20_000)]
    texts += [
        "".join(state.choices("0129:./- \xe9\xb2\u0663\u5e74\uc6d4", k=state.randrange(14))) for _ in range(20_000)
    ]
    texts += [
        "1999",
        "2024-",
        "x1999",
        "1.1.2020",
        "1.1.202",
        "1/22-19990",
        "12:30",
        "12:300",
        "12:30x",
        "\u5e74",
        "3\u5e74",
    ]
    for window in (5, 120):
        found = np.full(len(texts), np.nan)
        compiled.speedups.dated(texts, window, found)
        for text, one in zip(texts, found.tolist(), strict=True):
            assert one == (_DATE.search(text[:window]) is not None), text
    known = np.array([0.0, np.nan])
    compiled.speedups.dated(["1999", "1999"], 120, known)
    assert known.tolist() == [0.0, 1.0]


def test_rounding(both: Both) -> None:
    values = [0.0, -0.0, 0.00005, 0.00015, -0.00005, -0.00001, 1e-300, 3.3e11, 3.3e20, -7e30, np.inf, -np.inf, np.nan]
    table = np.array([values, values[::-1], np.linspace(-2, 2, 13)] * 7)
    ours, theirs = both(lambda: rounded(table.copy()))
    assert same(ours, theirs)
    state = np.random.default_rng(12)
    # Beside the middles between two floats, which decide where a number is rounded to; rows below a million, and above.
    middles = 2.0 ** state.integers(-14, 22, (40, 500)) * (1 + (2 * state.integers(0, 2**23, (40, 500)) + 1) / 2**24)
    for large in (1e3, 1e6, 1e7):
        near = np.where(middles < large, middles, 0) + state.integers(-1, 2, middles.shape) * 1e-4
        ours, theirs = both(lambda near=near: rounded(near))  # type: ignore[misc]
        assert same(ours, theirs)

    def placed() -> np.ndarray[Any, Any]:
        wide = np.full((40, 13), 7, dtype=np.float32)
        put_rounded(table, wide, 19)
        return wide

    ours, theirs = both(placed)
    assert same(ours, theirs)
    assert same(ours[19:].T, rounded(table))
    assert (ours[:19] == 7).all()


def test_characters(both: Both) -> None:
    texts = ["", "Ab 12,. ", "\u4f60\u597d a\U00020000b\U0001f600", "\ud800x\U0010ffff", "a\x00b"]
    ours, theirs = both(lambda: class_counts(texts))
    assert same(ours[0], theirs[0])
    assert same(ours[1], theirs[1])


def test_arrays_that_do_not_fit_are_refused() -> None:
    speedups: Any = compiled.speedups
    longs, doubles, floats = np.zeros(2, np.int64), np.zeros(2), np.zeros((2, 2), np.float32)
    words = speedups.Words(["a", "b"], 9, split_words)
    page = [
        ["p"],
        [()],
        [""],
        np.array([-1], np.int32),
        np.array([1], np.int32),
        {},
        set(),
        set(),
        {},
        np.zeros(1, np.int32),
    ]
    for call, arguments in (
        (speedups.steps, (["a"], {}, longs, longs, np.zeros(3, np.int64))),
        (speedups.steps, (["a"], {}, longs + 1, longs.copy(), longs.copy())),
        (speedups.steps, (["a"], {5: "b"}, longs, longs.copy(), longs.copy())),
        (speedups.title_scores, (longs, longs, longs, longs, doubles, doubles)),
        (speedups.title_scores, (longs + 2, longs + 1, longs, longs, doubles, doubles)),
        (speedups.title_scores, (longs, longs + 1, longs, np.zeros(63, np.int64), doubles, doubles)),
        (speedups.gram_shares, (2, 3, 1, longs, longs, longs, doubles)),
        (speedups.gram_shares, (2, 3, 1, longs + 1, longs + 1, longs, doubles)),
        (speedups.gram_shares, (0, 3, 1, longs, longs + 1, longs, doubles)),
        (speedups.range_sums, (doubles, longs, longs + 3, doubles.copy())),
        (speedups.range_sums, (doubles, longs - 1, longs, doubles.copy())),
        (speedups.counted, (longs + 1, longs.copy())),
        (speedups.counted, (longs, longs[:0].copy())),
        (speedups.ratio, (doubles, doubles[:1], doubles.copy())),
        (speedups.round_table, (np.zeros((3, 2)), 1.0, floats, 0)),
        (speedups.round_table, (np.zeros((2, 2)), 1.0, floats, 1)),
        (speedups.round_table, (np.zeros((2, 2)), 1.0, floats, -1)),
        (speedups.link_sizes, ([""], *[np.zeros(2, np.int32)] * 3, 1, doubles, doubles.copy())),
        (speedups.link_sizes, (["", ""], *[np.zeros(2, np.int32)] * 3, 1, doubles, np.zeros(3))),
        (
            speedups.link_sizes,
            (["", ""], np.ones(2, np.int32), *[np.full(2, 3, np.int32)] * 2, 1, doubles, doubles.copy()),
        ),
        (speedups.bits, (longs, longs + 63, np.zeros((2, 2)))),
        (speedups.bits, (longs, longs[:1], np.zeros((2, 2)))),
        (speedups.styles, ({5: "display:grid"}, ["a"], {"a"}, set(), set(), [])),
        (speedups.class_counts, (["a"], 4, 2, np.zeros(9, np.uint8), np.zeros((2, 11)), doubles)),
        (speedups.tag_codes, (["p"], {}, np.zeros(2, np.int32))),
        (words.phrases, ([None], np.zeros((3, 12)))),
        (words.phrases, ([None] * 3, np.zeros((2, 12)))),
        (speedups.segment, (*page[:4], np.array([2], np.int32), *page[5:])),
        (speedups.segment, (*page[:4], np.array([0], np.int32), *page[5:])),
        (speedups.segment, (["p"] * 2, *page[1:])),
        (speedups.segment, (*page[:9], np.zeros(2, np.int32))),
    ):
        with pytest.raises(ValueError, match=r"fit|there must be|no tree"):
            call(*arguments)
    for call, arguments in (
        (speedups.steps, ([[]], {}, longs[:1], longs[:1].copy(), longs[:1].copy())),
        (speedups.tag_codes, (("p",), {}, longs)),
        (speedups.tagged, (("p",), "#text", {})),
        (speedups.tagged, (["p"], None, {})),
        (speedups.tagged, (["p", 5], "#text", {})),
        (speedups.tagged, (["p"], "#text", {"p": 5})),
        (speedups.named, ([[]], {})),
        (speedups.Openings, ([],)),
        (speedups.Openings({}).of, (["a", []],)),
        (speedups.Openings({}).of, (("a",),)),
        (speedups.Openings({"a": 1}).of, (["a"],)),
        (speedups.styles, ({1: None}, ["a"], {"a"}, set(), set(), [])),
        (speedups.styles, ({}, ["a"], {"a"}, [], set(), [])),
        (speedups.arranged, (b"1",)),
        (speedups.named, ([((1, 2),)], {})),
        (speedups.named, ([("ab",)], {})),
        (words.phrases, ({}, np.zeros((2, 12)))),
        (words.phrases, ([1, None], np.zeros((2, 12)))),
        (words.phrases, ([{"": [1]}, None], np.zeros((2, 12)))),
        (words.of, (b"a",)),
        (speedups.Words, ([1], 9, split_words)),
        (speedups.Words, (["\u0e01"], 9, str)),
        (speedups.segment, ([1], *page[1:])),
        (speedups.segment, (*page[:2], [None], *page[3:])),
    ):
        with pytest.raises(TypeError):
            call(*arguments)


@pytest.fixture
def view() -> PageView:
    html = "<main><h1>a</h1><p class=x>b, <a href=/c>c</a> $5</p><form><input type=email><p>d. e</p></form></main>"
    document = read_document(html)
    return PageView(document, segment(document))


def frame_arrays(view: PageView) -> list[Any]:
    frame: list[Any] = []
    _ = view.run_starts, view.link_sizes  # which are compiled as well

    def keep(*arrays: Any) -> None:
        frame.extend(arrays)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "speedups", SimpleNamespace(Frame=keep))
        _ = view.frame
    del view.frame
    return frame


def test_a_frame_takes_only_what_fits(view: PageView) -> None:
    arrays = frame_arrays(view)
    make: Any = compiled.speedups.Frame
    make(*arrays)
    for place, array in enumerate(arrays[:12]):
        for other in (array[:-1].copy(), np.concatenate([array, array[-1:]])):
            with pytest.raises(ValueError, match="do not fit"):
                make(*arrays[:place], other, *arrays[place + 1 :])
    for place in (*range(7), 7):  # what is a place in another array
        for value in (-1, 10**6):
            other = arrays[place].copy()
            other[-1] = value
            with pytest.raises(ValueError, match="do not fit"):
                make(*arrays[:place], other, *arrays[place + 1 :])
    own_child = arrays[0].copy()
    own_child[1] = 1
    for parents in (own_child, own_child[:0]):
        with pytest.raises(ValueError, match="do not fit"):
            make(parents, *arrays[1:])
    with pytest.raises(TypeError, match="takes 14 arguments"):
        make(*arrays[:-1])
    with pytest.raises(TypeError, match="no names"):
        make(*arrays[:-1], kinds=arrays[-1])
    with pytest.raises(TypeError, match="integers of 8 bytes"):
        make(arrays[0].astype(np.int32), *arrays[1:])


def test_rows_of_a_frame_take_only_what_fits(view: PageView) -> None:
    frame: Any = view.frame
    n, k, m = view.n, len(view.nodes), len(view.document)
    longs, doubles, wide = np.zeros(n, np.int64), np.zeros(n), np.zeros((n, 12))
    boxes, elements = (longs, longs + n), np.zeros(k, np.int64)
    kinds, hits, nodes = np.zeros(8, np.int64), np.zeros((6, n)), np.array([0, m - 1])
    flags, codes = np.zeros(n, np.uint8), np.zeros(2, np.int32)
    told = (wide, doubles, *boxes, kinds, kinds, 2, 7)
    good: dict[str, tuple[int, tuple[Any, ...]]] = {
        "in_page": (8, ()), "from_headings": (7, (0,)), "in_best": (15, ()), "in_containers": (5, ()),
        "own_tag": (7, (codes, flags, flags)), "runs": (3, (flags,)), "holdings": (32, ()),
        "alike_blocks": (7, (longs, longs)), "repeated_units": (12, (elements, doubles)), "company": (4, ()),
        "link_density": (4, ()), "targets": (3, ({1: "x"},)), "near": (3, ([nodes], 3)), "forms": (5, ([nodes], 1)),
        "amounts": (5, ()), "lexicons": (49, (wide, doubles)), "told": (8 * 4 + 2 * 8 + 2, told),
        "box": (10, (*boxes, longs, longs + m, nodes, nodes)), "prose_around": (6, (longs,)),
        "spoken": (36, (hits, doubles, *boxes)), "cohesion": (4, (longs, longs, 1, None, 5)),
        "length": (6, (np.zeros((3, n)),)), "sentences": (7, (np.zeros((3, n)),)), "characters": (8, (doubles,)),
        "of_block": (3, ()), "of_alike": (3, (longs, longs)), "site_name": (4, (longs, np.ones(n, np.int64), kinds[:1])),
    }  # fmt: skip
    for name, (count, arguments) in good.items():
        call = getattr(frame, name)
        call(*arguments, np.empty((count, n)))
        if name != "runs":
            for rows in (np.empty((count + 1, n)), np.empty((count, n + 1)), np.empty(count * n)):
                with pytest.raises(ValueError, match="do not fit"):
                    call(*arguments, rows)
        with pytest.raises(TypeError, match="takes"):
            call(*arguments)
        for place, argument in enumerate(arguments):
            if (
                isinstance(argument, np.ndarray)
                and argument is not nodes
                and argument is not flags
                and argument is not codes
                and len(argument) > 1
            ):
                with pytest.raises(ValueError, match="do not fit"):
                    call(*arguments[:place], argument[:-1].copy(), *arguments[place + 1 :], np.empty((count, n)))
    far = longs + 10**6
    bad: list[tuple[str, int, tuple[Any, ...]]] = [
        ("from_headings", 7, (n,)), ("from_headings", 7, (-2,)), ("alike_blocks", 7, (far, longs)),
        ("alike_blocks", 7, (longs, -far)), ("repeated_units", 12, (elements - 1, doubles)), ("prose_around", 6, (far,)),
        ("targets", 3, ({m: "x"},)), ("targets", 3, ({-1: "x"},)), ("near", 3, ([nodes + 1], 3)), ("near", 6, ([nodes], 6)),
        ("near", 3, ((nodes,), 3)), ("forms", 5, ([nodes - 1], 1)), ("told", 50, (*told[:6], 8, 7)),
        ("told", 50, (*told[:4], kinds + 12, *told[5:])), ("told", 50, (*told[:5], kinds + 8, *told[6:])),
        ("told", 50, (*told[:2], longs + 1, longs, *told[4:])), ("box", 10, (*boxes, longs - 1, longs, nodes, nodes)),
        ("box", 10, (longs, far, longs, longs, nodes, nodes)), ("box", 10, (*boxes, longs, longs, nodes, nodes + 1)),
        ("spoken", 36, (hits, doubles, longs, far)), ("cohesion", 4, (longs, longs + 1, 1, None, 5)),
        ("cohesion", 4, (longs + n, longs, 1, None, 5)), ("cohesion", 4, (longs, longs, 1, ["a", "b"], 5)),
        ("runs", 0, (flags,)), ("of_alike", 3, (longs, far)), ("of_alike", 3, (longs - 1, longs)),
        ("site_name", 4, (longs, longs + 2, longs)), ("site_name", 4, (longs, longs - 1, longs)),
        ("site_name", 4, (longs, longs, np.zeros(64, np.int64))),
    ]  # fmt: skip
    for name, count, arguments in bad:
        with pytest.raises(ValueError, match="do not fit"):
            getattr(frame, name)(*arguments, np.empty((count, n)))
    for name, count, arguments in (
        ("targets", 3, ([],)),
        ("targets", 3, ({1: None},)),
        ("near", 3, ([longs + 0.5], 3)),
    ):
        with pytest.raises(TypeError):
            getattr(frame, name)(*arguments, np.empty((count, n)))
    for numbers in (elements - 1, elements + k):
        for tags, names in ((numbers, elements), (elements, numbers)):
            with pytest.raises(ValueError, match="do not fit"):
                frame.paths(tags, names, longs.copy(), longs.copy(), elements.copy())
    with pytest.raises(ValueError, match="do not fit"):
        frame.boxes(0, np.empty((3, n), np.int64))
    with pytest.raises(ValueError, match="do not fit"):
        frame.containers(np.empty((4, n), np.int64), longs.copy())
    levels = np.empty((4, n), np.int64)
    for ranges in (np.empty((k - 1, 2), np.int64), np.empty((k + 1, 2), np.int64)):
        with pytest.raises(ValueError, match="do not fit"):
            frame.layout(levels, levels.copy(), longs.copy(), ranges)
    with pytest.raises(ValueError, match="do not fit"):
        frame.layout(levels[1:], levels.copy(), longs.copy(), np.empty((k, 2), np.int64))


def test_contexts_take_only_what_fits(view: PageView) -> None:
    layout = layout_of(view)
    n = view.n
    groups = np.array([layout.class_path, layout.plain_path, layout.parent])
    arrays = [
        *(
            np.full(n, 0.5),
            layout.weights,
            layout.first,
            layout.last,
            layout.box,
            layout.heading,
            groups,
            layout.ranges,
        ),
        np.empty((40, n)),
    ]
    call: Any = compiled.speedups.content_context
    call(0.5, *arrays)
    for place, array in enumerate(arrays):
        if place != 7:
            with pytest.raises(ValueError, match="do not fit"):
                call(0.5, *arrays[:place], array[:-1].copy(), *arrays[place + 1 :])
    for place in (2, 3, 4, 5, 6, 7):
        for value in (-2, n + 1):
            other = arrays[place].copy()
            other[-1, ...] = value
            with pytest.raises(ValueError, match="do not fit"):
                call(0.5, *arrays[:place], other, *arrays[place + 1 :])
    with pytest.raises(ValueError, match="do not fit"):
        call(0.5, *(array[..., :0].copy() for array in arrays))


def test_words_of_a_vocabulary_take_only_what_fits() -> None:
    speedups: Any = compiled.speedups
    longs, hits = np.zeros(2, np.int64), np.zeros((6, 2))
    words, stems = ["hello", "he"], {"hel": [("hell", 1)], "he": [("he", 2)]}
    bits = np.empty(2, np.int64)
    speedups.word_bits(words, {"he": 1}, stems, 2, bits)
    assert bits.tolist() == [4, 9]
    speedups.spoken_words(bits, longs, longs + 1, hits)
    assert hits[:, 1].tolist() == [0, 0, 2, 0, 0, 0]
    speedups.spoken_words(bits, longs + 1, longs, hits)
    assert hits[:, 0].tolist() == [2, 0, 0, 2, 0, 0]
    wrong: list[tuple[Any, tuple[Any, ...]]] = [
        (speedups.spoken_words, (bits, longs + 2, longs, hits)),
        (speedups.spoken_words, (bits, longs, longs + 2, hits)),
        (speedups.spoken_words, (bits, longs, longs[:1], hits)),
        (speedups.spoken_words, (bits, longs, longs, np.zeros((63, 2)))),
        (speedups.word_bits, (words, {"he": -5}, stems, 2, bits)),
        (speedups.word_bits, (words, {}, stems, 2, bits[:1])),
    ]
    for call, arguments in wrong:
        with pytest.raises(ValueError, match="do not fit"):
            call(*arguments)
    odd: list[tuple[Any, ...]] = [
        ([1, 1], {}, stems, 2, bits),
        (words, {}, {"he": 1}, 2, bits),
        (words, {}, {"he": [1]}, 2, bits),
        (words, {}, {1: []}, 2, bits),
        (words, {}, stems, 99, bits),
        (words, {"he": "x"}, stems, 2, bits),
    ]
    for given in odd:
        with pytest.raises(TypeError):
            speedups.word_bits(*given)
    with pytest.raises(ValueError, match="do not fit"):
        speedups.language_hits(words, {}, longs[:1], longs.copy())
    with pytest.raises(ValueError, match="do not fit"):
        speedups.endings(["a"], 12, ".", ")", ":", np.empty((3, 2)))
    calls: list[tuple[Any, tuple[Any, ...]]] = [
        (speedups.endings, ([1], 12, ".", ")", ":", np.empty((3, 1)))),
        (speedups.endings, (["a"], 12, ".", ")", b":", np.empty((3, 1)))),
        (speedups.language_hits, (words, [], longs, longs.copy())),
    ]
    for call, arguments in calls:
        with pytest.raises(TypeError):
            call(*arguments)


def test_addresses_of_nodes() -> None:
    words = compiled.speedups.WordBits({"pay": 1, "give": 2, "pay-pal": 4})
    tags = ["a", "img", "a", "p", "script"]
    values = {0: "/PAY/give", 1: "http://x.pay.y/give", 2: "caf\xe9/pay", 3: "pay", 4: "give"}
    leads: list[list[int]] = [[], [], []]
    others: list[int] = []
    words.leads(values, tags, {"a", "img", "script"}, {"img", "script"}, 300, leads, others)
    assert (leads, others) == ([[0, 1], [0], []], [2])
    with pytest.raises(ValueError, match="do not fit"):
        words.leads({9: "pay"}, tags, {"a"}, set(), 300, leads, others)
    for wrong in ([None], (0,)):
        with pytest.raises(TypeError):
            words.leads({0: "pay"}, tags, {"a"}, set(), 300, wrong, others)  # type: ignore[arg-type]


def test_endings(both: Both) -> None:
    texts = [
        "",
        "a.",
        "a.\n b?\u201d  ",
        "b:",
        "c\uff1a \n",
        "." + " " * 12,
        "x" * 20 + ".)]",
        "\u3002",
        "a\n\n\n",
        ")))",
    ]
    ours, theirs = both(lambda: endings(texts))
    assert np.array_equal(ours, theirs)
    assert ours[1].tolist() == [0, 1, 1, 0, 0, 0, 1, 1, 0, 0]


def test_documents_of_soups(both: Both) -> None:
    soup = BeautifulSoup("<p class='a b'>one<br>two<!-- three --><b data-x>four</b></p><X-Y>five", "html.parser")
    for tag in (soup, soup.find_all("p")[0]):
        ours, theirs = both(partial(read_document, tag))
        assert_same_columns(ours, theirs)
        assert ours.tags[-2:] == ["x-y", "#text"] if tag is soup else ours.tags[:3] == ["#document", "p", "#text"]


def test_a_builder_takes_nodes_in_their_order_only() -> None:
    builder: Any = compiled.speedups.Builder()
    builder.create_document()
    for parent, child in ((0, 2), (1, 1), (-1, 1), (0, 2**40)):
        with pytest.raises(ValueError, match="cannot come below"):
            builder.append(parent, child)
    with pytest.raises(OverflowError):
        builder.append(0, 2**80)
    wrong: tuple[tuple[Any, ...], ...] = ((), ("p", "", []), (b"p", "", ()))
    for arguments in wrong:
        with pytest.raises(TypeError):
            builder.create_element(*arguments)
    with pytest.raises(TypeError):
        builder.create_text(b"")
    builder.create_text("a")
    with pytest.raises(RuntimeError, match="not appended"):
        builder.columns()


def test_plain_sources() -> None:
    look_at: Any = compiled.speedups.look_at
    for end in ("", "a", "\u4f60", "\U0001f600"):
        for before in (0, 1, 1018, 1019, 1020, 1021, 1023, 1024, 5000):
            filler = "wroot" + "x" * before
            assert look_at(filler + end) == 0
            assert look_at(filler + "ShadowRooTMode" + end) == 2
            assert look_at(filler + end + "\udfff") == 2
            assert look_at("\ud800" + filler + end) == 2
            assert look_at(filler + end + "wrootm") == 2
            assert look_at(filler + end + "rootMargin") == 0
            assert look_at(filler + "<body>" * 9 + end) == 1
    with pytest.raises(TypeError):
        look_at(b"a")


def test_elements_take_only_what_fits() -> None:
    call: Any = compiled.speedups.elements
    starts, owners, owned = np.array([2], np.int32), np.array([1], np.int32), np.zeros(1, np.int64)
    ends, parents = np.array([3, 3, 3], np.int32), np.array([-1, 0, 1], np.int32)
    codes, found = np.array([0, 0, -1], np.int32), np.zeros((5, 3), np.int64)
    good = (starts, ends, codes, parents, owners, found, owned)
    assert call(*good) == 2
    assert found[:, :2].tolist() == [[0, 1], [3, 3], [0, 0], [1, 1], [0, 0]]
    assert owned.tolist() == [1]
    for place, wrong in (
        *((0, starts + 1), (0, starts - 3), (1, ends + 1), (1, ends[:2].copy()), (2, codes[:2].copy())),
        *((3, parents + 1), (3, parents - 1), (3, parents[:2].copy()), (4, owners + 2), (4, owners - 2)),
        *((5, found[:4].copy()), (6, np.zeros(2, np.int64))),
    ):
        with pytest.raises(ValueError, match="do not fit"):
            call(*good[:place], wrong, *good[place + 1 :])
    with pytest.raises(TypeError):
        call(*good[:-1])


def test_columns_of_trees_take_only_what_fits() -> None:
    leaf = np.array([(np.inf, 3, 0)], dtype=_NODE)
    forest: Any = compiled.speedups.Forest(leaf.view(np.uint64), np.ones(1), np.array([0, 1], np.int32), 3)
    table, columns = np.zeros((5, 4), np.float32), np.array([4, 0])
    beside, sums = np.zeros((1, 4), np.float32), np.zeros(4)
    good = (table, columns, beside, sums)
    forest.add(*good)
    assert sums.tolist() == [1, 1, 1, 1]
    for place, wrong in (
        *((0, table[:, :3].copy()), (0, table.ravel()), (1, columns + 1), (1, columns - 1), (1, columns[:1].copy())),
        *((1, np.zeros(4, np.int64)), (2, beside[:0].copy()), (2, np.zeros((1, 3), np.float32)), (3, sums[:3].copy())),
    ):
        with pytest.raises(ValueError, match="do not fit"):
            forest.add(*good[:place], wrong, *good[place + 1 :])
    with pytest.raises(TypeError):
        forest.add(*good[:3])


def test_columns_give_what_rows_give(both: Both) -> None:
    model = load_default().content[0]
    width = model._columns
    pick = np.random.default_rng(3)
    for count in (1, 15, 16, 17, 1025):
        table = np.asfortranarray(pick.normal(size=(count, width + 40)).round(4).astype(np.float32))
        chosen, beside = pick.permutation(width + 40)[: width - 7], table[:, 3:10]
        whole = model.positive(np.hstack([table[:, chosen], beside]))
        ours, theirs = both(partial(model.positive_of, table, chosen, beside))
        assert same(ours, whole)
        assert np.abs(ours - theirs).max() < 1e-12
        assert same(model.positive_of(np.ascontiguousarray(table), chosen, beside), whole)
        damaged = table.copy()
        damaged[count // 2, chosen[::2]] = np.nan
        assert same(model.positive_of(damaged, chosen, beside), model.positive(np.hstack([damaged[:, chosen], beside])))


def test_curves_take_only_what_fits() -> None:
    call: Any = compiled.speedups.curve_sums
    ints = partial(np.array, dtype=np.int32)
    good = (
        *(ints([1, 1, 2]), ints([2, 1, 2]), ints([0, 0, 0]), np.array([0.5, 0, 0], np.float32), ints([0, 0])),
        *(np.array([[0, 0], [1, 2], [3, 255]], np.uint8), np.ones(1, np.float32), np.zeros(2, np.int64)),
    )
    call(*good)
    assert good[-1].tolist() == [6, 510]
    for place, wrong in (
        *((0, ints([1, 1])), (1, ints([3, 1, 2])), (1, ints([-1, 1, 2])), (2, ints([1, 0, 0])), (4, ints([3]))),
        *((1, ints([2, 1, 0])), (5, np.zeros((3, 1), np.uint8)), (5, np.zeros((2, 2), np.uint8))),
        *((6, np.ones(0, np.float32)), (3, np.zeros(2, np.float32))),
    ):
        given = [*good[:place], wrong, *good[place + 1 :]]
        if place == 1 and wrong[2] == 0:
            given[0] = ints([1, 1, 0])  # a way that goes round
        with pytest.raises(ValueError, match="do not fit"):
            call(*given)


@pytest.mark.parametrize("count", [1, 2, 7, 8, 9, 10, 16, 40, 700])
def test_pages_are_summarised_alike(count: int, both: Both) -> None:
    pick = np.random.default_rng(count)
    for _ in range(20):
        features = np.asfortranarray(pick.gamma(0.5, 2.0, (count, len(FEATURE_NAMES))).round(4).astype(np.float32))
        scores = pick.choice([0.0, 0.05, 0.2, 0.4, 0.7, 0.9, 1.0, *pick.random(99)], count)
        ours, theirs = both(partial(page_summary, features, pick.integers(1, 90, count).astype(float), scores))
        assert np.array_equal(ours, theirs)


def test_numbers_that_are_not_aligned_are_refused() -> None:
    odd: Any = memoryview(bytearray(17))[1:].cast("d")
    with pytest.raises(ValueError, match="not aligned"):
        compiled.speedups.ratio(odd, np.ones(2), np.empty(2))


def test_summaries_take_only_what_fits() -> None:
    call: Any = compiled.speedups.page_summary
    good = (
        *(np.ones((3, 2), np.float32), np.array([2]), np.array([0, 1]), np.array([5e3]), np.array([0.0, 5e3, 10100.0])),
        *(np.array([1.0, 3.0]), np.array([2500.0, 7500.0]), np.empty(16)),
    )
    call(*good)
    assert good[-1][:4].tolist() == [0.75, 2 * 2.25 / (3 + 2.5), 0, 0.75]
    for place, wrong in (
        *((0, np.ones((3, 1), np.float32)), (0, np.ones(6, np.float32)), (1, np.array([3])), (2, np.array([0, -1]))),
        *(
            (3, np.empty(0)),
            (4, np.empty(0)),
            (4, np.array([0.5])),
            (5, np.ones(1)),
            (6, np.ones(3)),
            (7, np.empty(15)),
        ),
    ):
        with pytest.raises(ValueError, match="do not fit"):
            call(*good[:place], wrong, *good[place + 1 :])
    with pytest.raises(TypeError):
        call(*good[:-1])


def test_phrases_are_arranged_alike(both: Both) -> None:
    lines = ["1", "1\t2 b", "4 b c\t1 b\t2 b c d\t1 b c e\t8 x\t16", "2 \u4f60 \u597d\t1 \U0001f600"]
    for line in lines:
        ours, theirs = both(partial(_arranged, "a", line))
        assert ours == theirs
        assert list(ours) == list(theirs)
    for line in ("", "x", "-1", "99999999999999999999", "1\t"):
        with pytest.raises(ValueError, match="begins with the bits"):
            compiled.speedups.arranged(line)


def test_styles_are_read_alike(both: Both) -> None:
    pick = random.Random(7)
    pieces = (*"display DISPLAY visibility : ; none NonE hidden block flex grid table list-item x".split(), " : ", "\t")
    odd = ("\x1c", "\x85", "\u017f", "\u0131")
    for _ in range(3000):
        values = [
            "".join(pick.choices((*pieces, *odd), (8,) * len(pieces) + (1,) * 4, k=pick.randrange(9))) for _ in "abc"
        ]
        document = read_document("<a></a><div></div><b></b>")
        rows = [document.tags.index(tag) for tag in ("a", "div", "b")]
        document._named = {name: {} for name in INDEXED} | {"style": dict(zip(rows, values, strict=True))}
        ours, theirs = both(partial(styles, document))
        assert ours == theirs, values


@pytest.mark.parametrize("seed", range(300))
def test_what_the_parser_input_changes_is_not_plain(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser_input, "_MOST_MERGED", 2000)
    monkeypatch.setattr(compiled, "used", False)
    pick = random.Random(seed)
    pieces = ("", "</b>", "</I>", "t</b>", "t</font ></b>", "</i")
    names = (*"b big code em font i s small strike strong tt u BODY html Body bo bodyx a p br q".split(), "iİ", "<b")
    behind = ("", " ", "/", " x", "\u4f60", '"', " x='")
    source = "".join(
        f"<{pick.choice(names)}{pick.choice(behind)}{pick.randrange(99)}{pick.choice('>>>< ')}{pick.choice(pieces)}"
        for _ in range(pick.choice((5, 100, 1500, 3906, 3907, 6000)))
    )
    changed = parser_input.parser_input(source)
    assert len(changed) == len(source)
    assert changed == source or compiled.speedups.look_at(source)


@pytest.mark.parametrize("rows", [0, 1, 15, 16, 17, 300])
def test_forests(rows: int, both: Both) -> None:
    for forest in load_default().content:
        matrix = np.random.default_rng(rows).gamma(0.5, 2.0, (rows, forest._columns)).astype(np.float32)
        matrix[::3, ::2] = np.nan
        matrix[1::3, ::2] = np.inf
        matrix[:, 3::4] = matrix[:1, 3::4]  # the same in all rows
        ours, theirs = both(partial(forest.positive, matrix))
        assert np.array_equal(ours, theirs)


@pytest.mark.parametrize("rows", [0, 1, 15, 16, 17, 130])
def test_nets(rows: int, both: Both) -> None:
    model, pick = load_default(), np.random.default_rng(rows)
    assert model.text is not None
    for kinds in (*model.kinds, *model.text.kinds):
        softness, middle, scale = kinds.net._grid
        matrix = pick.gamma(0.5, 2.0, (rows, len(scale))).astype(np.float32)
        # On the edge between two steps, as near as may be.
        edges = (pick.integers(-200, 200, matrix.shape) + 0.5) / scale + middle
        near = np.abs(edges) < 0.9
        matrix = np.where(near & (pick.random(matrix.shape) < 0.5), softness * edges / (1 - np.abs(edges)), matrix)
        matrix = matrix.astype(np.float32)
        matrix[5::7, 1::50] = pick.choice(np.array([np.nan, 0, -0.0, 1e-45, 3e38], np.float32))
        matrix[1::3, ::2] *= -1e30
        ours, theirs = both(partial(kinds.net.log_odds, matrix))
        assert np.array_equal(ours, theirs, equal_nan=True)


def test_nets_take_only_what_fits() -> None:
    call: Any = compiled.speedups.net_sums
    floats = partial(np.ones, dtype=np.float32)
    first, second = np.arange(15, dtype=np.float32).reshape(5, 3) - 6, np.arange(10.0).reshape(5, 2) + 1
    bias, step = np.arange(5, dtype=np.float32), np.float32(2.0) ** -np.arange(5, dtype=np.float32)
    good = (
        *(floats(3), np.zeros(3, np.float32), floats(3) * 8, first, bias, step),
        *(
            np.array([256.0, 64.0], np.float32),
            second,
            floats((3, 4)) * np.arange(4, dtype=np.float32),
            np.empty((4, 2)),
        ),
    )
    call(*good)
    steps = np.rint(8 * np.arange(4) / (1 + np.arange(4)))[:, None] * np.ones(3)
    assert good[-1].tolist() == (np.maximum(steps @ first.T + bias, 0) * step / 64 @ second).tolist()
    for place, wrong in (
        *((0, floats(2)), (1, floats(4)), (2, floats(2)), (3, floats((5, 4))), (3, floats(15)), (4, floats(4))),
        *((5, floats(6)), (6, floats(1)), (7, np.ones((4, 2))), (7, np.ones((5, 0))), (7, np.ones(10))),
        *((8, floats((2, 4))), (8, floats(12)), (9, np.empty((3, 2))), (9, np.empty((4, 3))), (9, np.empty(8))),
    ):
        with pytest.raises(ValueError, match="do not fit"):
            call(*good[:place], wrong, *good[place + 1 :])
    with pytest.raises(TypeError):
        call(*good[:-1])


def random_trees(sizes: Sequence[int], columns: int, seed: int) -> Trees:
    """Trees of so many splits each, of any shape."""
    state = np.random.default_rng(seed)
    tables = []
    for splits in sizes:
        table = np.zeros(2 * splits + 1, dtype=_NODE)
        table["left"], table["feature"], table["threshold"] = np.arange(len(table)), columns, np.inf
        leaves = [0]
        for split in range(splits):
            place = leaves.pop(int(state.integers(len(leaves))))
            threshold = state.choice([0.0, -0.0, 0.5, 1.0, 2.0, np.inf, -np.inf])
            table[place] = threshold, state.integers(columns), 2 * split + 1
            leaves += [2 * split + 1, 2 * split + 2]
        tables.append(table)
    lengths = [len(table) for table in tables]
    return Trees(
        np.concatenate(tables).view(np.uint64),
        state.normal(size=sum(lengths)),
        np.cumsum([0, *lengths], dtype=np.int32),
        np.array(sizes, dtype=np.int32),
        np.array([0.25, columns]),
    )


@pytest.mark.parametrize("seed", range(20))
def test_forests_of_any_trees(seed: int, both: Both) -> None:
    """Also of stumps, of a leaf alone, and of more leaves than a word has bits."""
    state = np.random.default_rng(seed)
    forest = Forest(random_trees([0, 1, 31, 30, 32, 70, *state.integers(0, 40, 9).tolist()], 5, seed))
    matrix = state.choice(np.array([0.0, -0.0, 0.5, 0.75, 2.0, np.inf, -np.inf, np.nan], np.float32), (50, 5))
    matrix[:, state.random(5) < 0.4] = matrix[0, 0]
    ours, theirs = both(partial(forest.positive, matrix))
    assert np.array_equal(ours, theirs)


def test_nodes_with_two_parents_are_walked(both: Both) -> None:
    table = np.zeros(5, dtype=_NODE)
    table["left"], table["feature"], table["threshold"] = (
        [1, 2, 3, 3, 4],
        [0, 1, 2, 3, 3],
        [0.5, 1.0, 0.25, np.inf, np.inf],
    )
    forest = Forest(Trees(table.view(np.uint64), np.arange(5.0), np.array([0, 5]), np.array([3]), np.array([0.0, 3.0])))
    matrix = np.random.default_rng(1).normal(size=(40, 3)).astype(np.float32)
    ours, theirs = both(partial(forest.positive, matrix))
    assert np.array_equal(ours, theirs)


def test_damaged_trees_are_refused() -> None:
    forest = load_default().content[0]
    nodes, values, starts, _, _ = forest._trees
    columns = forest._columns
    trees: Any = compiled.speedups.Forest
    with pytest.raises(ValueError, match="do not fit"):
        trees(nodes[:-1], values, starts, columns)
    with pytest.raises(ValueError, match="damaged"):
        trees(nodes, values, starts, columns - 1)
    with pytest.raises(ValueError, match="damaged"):
        trees(nodes[::-1].copy(), values, starts, columns)
    with pytest.raises(ValueError, match="damaged"):
        trees(nodes, values, starts[:-1].copy(), columns)
    with pytest.raises(ValueError, match="do not read"):
        trees(nodes, values, starts, 0)
    with pytest.raises(TypeError, match="integers of 8 bytes"):
        trees(nodes.view(np.uint32), values, starts, columns)
    whole = trees(nodes, values, starts, columns)
    table, sums = np.zeros((columns, 2), dtype=np.float32), np.zeros(2)
    with pytest.raises(TypeError, match="floats of 4 bytes"):
        whole.add(table.astype(np.float64), np.arange(columns), table[:0], sums)
    with pytest.raises(TypeError, match="takes 4 arguments"):
        whole.add(table)
