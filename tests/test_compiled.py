"""The compiled forms give what the pure ones give, to the last bit."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bs4 import BeautifulSoup

from declutter import compiled
from declutter.blocks import segment
from declutter.document import read_document
from declutter.model import load_default

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
    "misnested": "<b><p>one</b>two</p><table>three<tr><td>four</table><a>five<a>six<div>seven</a>",
}


TAGS = (
    "a abbr b br button custom-element datalist dd details dialog div dl em figure foreignObject form h1 h2 i img input"
    " label li listing math mi nav noscript option p pre script section select span style summary svg table td template"
    " textarea title tr ul"
).split()
ATTRIBUTES = (
    *("alt", "alt='a photo'", "aria-hidden=TRUE", "aria-label=' Close '", "class='nav Menu-item x1'", "hidden"),
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


def test_blocks(html: str | bytes, both: Both) -> None:
    document = read_document(html)
    assert_same_columns(*both(partial(segment, document)))


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
    for end in ("", "a", "\u4f60", "\U0001f600"):
        for before in (0, 1, 1020, 1021, 1023, 1024, 5000):
            filler = "oot" + "x" * before
            assert compiled.speedups.is_plain(filler + end)
            assert not compiled.speedups.is_plain(filler + "ShadowRooTMode" + end)
            assert not compiled.speedups.is_plain(filler + end + "\udfff")
            assert not compiled.speedups.is_plain("\ud800" + filler + end)
            assert not compiled.speedups.is_plain(filler + end + "ootm")
    with pytest.raises(TypeError):
        compiled.speedups.is_plain(b"a")  # type: ignore[arg-type]


@pytest.mark.parametrize("rows", [0, 1, 15, 16, 17, 300])
def test_forests(rows: int, both: Both) -> None:
    for forest in load_default().content:
        matrix = np.random.default_rng(rows).gamma(0.5, 2.0, (rows, forest._columns)).astype(np.float32)
        matrix[::3, ::2] = np.nan
        matrix[1::3, ::2] = np.inf
        ours, theirs = both(partial(forest.positive, matrix))
        assert np.array_equal(ours, theirs)


def test_damaged_trees_are_refused() -> None:
    forest = load_default().content[0]
    rows, sums = np.zeros((2, forest._columns), dtype=np.float32), np.zeros(2)
    nodes, *others = forest._packed
    add: Any = compiled.speedups.forest_add
    with pytest.raises(ValueError, match="do not fit"):
        add(nodes[:-1], *others, rows, sums)
    with pytest.raises(ValueError, match="damaged"):
        add(nodes, *others, rows[:, 1:].copy(), sums)
    with pytest.raises(ValueError, match="damaged"):
        add(nodes[::-1].copy(), *others, rows, sums)
    with pytest.raises(TypeError, match="floats of 4 bytes"):
        add(nodes, *others, rows.astype(np.float64), sums)
    with pytest.raises(TypeError, match="takes 6 arguments"):
        add(nodes)
