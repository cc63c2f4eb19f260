"""The comparison with other tools: scores, cache, bootstrap and tables, without the tools."""

from __future__ import annotations

import contextlib
import importlib
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from declutter.corpus.base import CorpusPage, FormKinds, MarkedElements, Segments, WholeText

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    for name in ("bench", "bench_tables", "peers", "plot"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    module: Any = importlib.import_module("bench")
    peers = importlib.import_module("peers")

    def shout(html: bytes) -> str:
        if b"broken" in html:
            raise ValueError
        return html.decode().upper()

    tools = {"shouter": peers.Peer("shouter", shout), "mute": peers.Peer("mute", lambda _: "")}
    for holder in (module, peers):
        monkeypatch.setattr(holder, "PEERS", tools)
        monkeypatch.setattr(holder, "tool_version", lambda _: "1.0")
    monkeypatch.setattr(module, "CACHE", tmp_path / "cache.sqlite")
    return module


def page(name: str, text: str, gold: Any, page_type: str | None = None) -> CorpusPage:
    return CorpusPage("wcxb", name, text.encode(), gold, page_type=page_type)


@pytest.mark.parametrize(
    ("text", "gold", "expected"),
    [
        ("tide tide low", "tide low water", (2 / 3, 2 / 3, 2 / 3)),
        ("", "tide", (0, 0, 0)),
        ("tide", "", (0, 0, 1)),
        ("", "", (1, 1, 1)),
        ("ebb", "tide", (0, 0, 0)),
    ],
)
def test_word_scores(bench: Any, text: str, gold: str, expected: tuple[float, float, float]) -> None:
    assert bench.word_score(text, Counter(gold.split())) == pytest.approx(expected)


def test_passages(bench: Any) -> None:
    gold = Segments(("low  water", "high water"), ("cookies", "menu"))
    assert bench.passage_counts("At low\nwater. We use cookies.", gold) == (1, 1, 1)
    assert bench.total(np.array([[1.0, 1, 1], [3, 0, 0]]), passages=True) == pytest.approx((0.8, 0.8, 0.8))


def test_what_a_tool_made_is_kept_and_a_failure_too(bench: Any) -> None:
    pages = [page("1", "low tide", None), page("2", "broken", None), page("3", "low tide", None)]
    cache = bench._Cache(bench.CACHE)
    assert bench.outputs("shouter", pages, cache, 1) == ["LOW TIDE", None, "LOW TIDE"]
    bench.PEERS["shouter"] = bench.PEERS["mute"]
    assert bench.outputs("shouter", pages, bench._Cache(bench.CACHE), 1) == ["LOW TIDE", None, "LOW TIDE"]


def test_a_tool_that_is_late_has_failed_and_is_asked_again(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def stubborn(_: bytes) -> str:
        end = time.perf_counter() + 1
        while time.perf_counter() < end:
            with contextlib.suppress(Exception):  # what some tools do
                time.sleep(0.05)
        return "late"

    monkeypatch.setattr(bench, "PATIENCE", 0.2)
    bench.PEERS["slow"] = bench.PEERS["mute"]._replace(call=stubborn)
    cache = bench._Cache(bench.CACHE)
    assert bench.outputs("slow", [page("1", "low tide", None)], cache, 1) == [None]
    assert cache.known("slow", "1.0") == {}


def test_the_difference_is_of_the_same_pages(bench: Any) -> None:
    state = np.random.default_rng(1)
    other = state.random((50, 3)) * 0.9
    gap, low, high = bench.difference(other + 0.1, other, passages=False)
    assert (gap, low, high) == pytest.approx((0.1, 0.1, 0.1))


def test_rows_and_tables(bench: Any) -> None:
    pages = [
        page("1", "low tide", WholeText("Low tide"), "article"),
        page("2", "broken", WholeText("broken"), "forum"),
    ]
    own = {pages[0].sha256[:16]: [0.5, 0.5, 0.5], pages[1].sha256[:16]: [1.0, 1.0, 1.0]}
    rows = bench.compare("wcxb", pages, own, bench._Cache(bench.CACHE), 1)
    assert [row["group"] for row in rows] == ["all", "article", "forum"]
    assert rows[0]["tools"]["declutter"]["f1"] == 0.75
    assert rows[0]["tools"]["shouter"] == {"f1": 0.5, "precision": 0.5, "recall": 0.5, "errors": 1}
    assert [row["tools"]["shouter"]["errors"] for row in rows] == [1, 0, 1]
    assert rows[0]["best_other"] == "shouter"
    assert rows[1]["difference"][0] == -0.5
    report = {
        "date": "2026-01-01",
        "own_scores_of": "2026-01-01",
        "own_model": "0123456789abcdef",
        "corpora": {"wcxb": "c039d5e"},
        "timed": {"corpus": "wcxb", "pages": 2},
        "rows": rows,
        "versions": dict.fromkeys(["declutter", "shouter", "mute"], "1"),
        "patience_s": 60,
        "ms_a_page": {},
    }
    table = bench.markdown(report)
    assert "| wcxb | 2 | 0.750 | 0.500 | 0.000 | +0.250" in table
    assert "| - forum | 1 |" in table
    assert "| wcxb | 2 | 0.750 / 0.750 | 0.500 / 0.500 | 0.000 / 0.000 |" in table
    assert "| wcxb | 2 | 0 | 1 | 0 |\n| - article | 1 | 0 | 0 | 0 |\n| - forum | 1 | 0 | 1 | 0 |" in table
    assert "| shouter | 1 | 0.0 | 1 |" in table
    assert "postlight" not in table


def test_failures_of_our_own_call_are_counted(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def clean(html: bytes) -> str:
        if b"broken" in html:
            raise bench.declutter.LimitExceeded("too large")
        return html.decode()

    pages = [page("1", "low tide", WholeText("Low tide"), "article"), page("2", "broken", WholeText("x"), "forum")]
    monkeypatch.setattr(bench.declutter, "clean", clean)
    assert bench.own_failures(pages, 1) == [False, True]
    own = {one.sha256[:16]: [0.5, 0.5, 0.5] for one in pages}
    rows = bench.compare("wcxb", pages, own, bench._Cache(bench.CACHE), 1)
    assert [row["tools"]["declutter"]["errors"] for row in rows] == [1, 0, 1]


def test_our_own_call_that_never_ends_has_failed(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "PATIENCE", 0.1)
    monkeypatch.setattr(bench.declutter, "clean", lambda _: time.sleep(5))
    assert bench._made("declutter", b"<p>tide") == (None, True)


def test_labels_of_blocks_are_a_gold_and_parts_are_none(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    html = b'<h1 data-label="content">Tides</h1><p data-label="content">Low water.</p><nav data-label="navigation">Home</nav>'
    marked = CorpusPage("own", "news-en-tides", html, MarkedElements())
    forms, known = page("forms", "<form>", FormKinds((), ())), page("2", "low", Segments(("low",)))
    monkeypatch.setattr(bench, "load_pages", lambda *_: [marked, forms, known, page("3", "new", WholeText("new"))])
    own = {one.sha256[:16]: [1.0, 1.0, 1.0] for one in (marked, forms, known)}
    found = bench.scored_pages("own", Path(), own)
    assert [one.name for one in found] == ["news-en-tides", "2"]
    assert found[0].gold == WholeText("Tides\nLow water.")
    assert found[1] is known


def test_the_plot_is_well_formed_and_has_every_dot(bench: Any) -> None:
    drawn = ET.fromstring(bench.dot_plot(["a & b", "c"], {"declutter": [0.9, 0.8], "<other>": [0.1, 1.0]}))
    dots = [element for element in drawn.iter() if element.tag.endswith("circle")]
    assert len(dots) == 2 + 4
    assert all(0 <= float(dot.get("cx", "-1")) <= 720 for dot in dots)


def test_reliability_is_drawn_inside_its_square(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.delitem(sys.modules, "plot", raising=False)
    plot = importlib.import_module("plot")
    drawn = ET.fromstring(plot.reliability_plot({"<a>": [(0.0, 0.1), (1.0, 0.9)], "b": [(0.5, 0.5)]}))
    lines = [e.get("points", "") for e in drawn.iter() if e.tag.endswith("polyline") and e.get("fill") == "none"]
    assert lines == ["60.0,420.0 460.0,100.0", "260.0,260.0"]
    assert [e.text for e in drawn.iter() if e.tag.endswith("text")][-2:] == ["<a>", "b"]


def test_the_table_of_confusions_has_shares_of_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.delitem(sys.modules, "plot", raising=False)
    plot = importlib.import_module("plot")
    drawn = ET.fromstring(plot.confusion_plot(["<a>", "b"], [[3, 1], [0, 0]]))
    texts = [e.text for e in drawn.iter() if e.tag.endswith("text")]
    assert "<a>" in texts
    assert texts[-4:] == ["4", "75", "25", "0"]


def test_the_tools_that_people_compare_with_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.delitem(sys.modules, "peers", raising=False)
    peers = importlib.import_module("peers")
    assert {"trafilatura", "resiliparse", "readability-lxml", "jusText", "boilerpy3", "newspaper4k", "goose3"} < set(
        peers.PEERS
    )
    assert peers.called("turbohtml", b"<body><p>" + b"Low tide, high tide. " * 20)
