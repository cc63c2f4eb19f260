"""The comparison of metadata with other tools: when an answer is right, and the tables; without the tools."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from declutter.corpus.base import CorpusPage

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
SITES = {"tidetimes"}


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    for name in ("metadata", "metadata_peers", "metadata_scores"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module("metadata")


@pytest.fixture
def scores(bench: Any) -> Any:
    return sys.modules[bench.title_right.__module__]


@pytest.mark.parametrize(
    ("given", "gold", "right", "near"),
    [
        ("Low Water", "low  water", True, True),
        ("Low water | Tide Times", "Low water", True, True),
        ("Low water", "Tide Times: Low water", True, True),
        ("Low water – and high", "Low water & high", True, True),
        ("Salt & sand", "Salt and sand", True, True),
        ("Low water | Elsewhere", "Low water", False, True),
        ("Ebb", "Low water", False, False),
        (None, "Low water", False, False),
    ],
)
def test_titles(scores: Any, given: str | None, gold: str, right: bool, near: bool) -> None:
    assert scores.title_right(given, gold, SITES) is right
    assert scores.title_near(given, gold, SITES) is near


@pytest.mark.parametrize(
    ("given", "gold", "right"),
    [
        ("By Jo Ebb", "Jo Ebb", True),
        (["Mia Flood", "Jo Ebb"], "Jo Ebb and Mia Flood", True),
        ("Jo Ebb, MD", "Dr. Jo Ebb", True),
        ("Jo Ebb", "Jo Ebb, Shipping Expert", True),
        ("Jo Ebb, Mia Flood", "Jo Ebb", False),
        ([], "Jo Ebb", False),
        (None, "Jo Ebb", False),
    ],
)
def test_authors(scores: Any, given: Any, gold: str, right: bool) -> None:
    assert scores.authors_right(given, gold) is right


def test_names_of_sites(scores: Any) -> None:
    assert scores.site_names("https://www.tide-times.test/x", ["The Tides", ""]) == {"tidetimes", "thetides"}


def stored(folder: Path, name: str, html: str, **truth: str) -> None:
    for part in ("html", "ground-truth"):
        (folder / "dev" / part).mkdir(parents=True, exist_ok=True)
    (folder / "dev" / "html" / f"{name}.html").write_text(html, encoding="utf-8")
    record = {"url": f"https://{name}.test/low", "ground_truth": truth}
    (folder / "dev" / "ground-truth" / f"{name}.json").write_text(json.dumps(record), encoding="utf-8")


def test_from_pages_to_tables(bench: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    html = "<html lang=en><title>Low water</title><meta name=author content='Jo Ebb'><meta name=date content=2025-05-04><h1>Low water</h1>"
    stored(tmp_path, "one", html, title="Low water", author="Jo Ebb", publish_date="2025-05-04")
    stored(tmp_path, "same", html, title="Low water")
    stored(tmp_path, "two", html + "<p>", title="Low water")
    stored(tmp_path, "untitled", "<p>")
    pages = list(bench.gold_pages(tmp_path))
    assert [page.address for page in pages] == ["https://one.test/low", "https://two.test/low"]
    monkeypatch.setattr(bench, "asked", lambda *_: None)
    tallies, spent = bench.measure([page._replace(first=True) for page in pages], ["mute"])
    assert set(spent) == {"declutter", "mute"}
    ours, mute = tallies["first"]["declutter"], tallies["first"]["mute"]
    assert ours.asked == {
        "title": 2,
        "title_near": 2,
        "author": 1,
        "author_extra": 1,
        "day": 1,
        "day_extra": 1,
        bench.ONE_OF: 2,
    }
    assert set(ours.shares().values()) == {1.0}
    assert (set(mute.shares().values()), mute.errors) == ({0.0}, 2)
    report = {
        "date": "2026-01-01",
        "model": "0123456789abcdef",
        "corpus": "c039d5e",
        "versions": {"mute": "1.0"},
        "halves": {
            "first": {
                "pages": dict(ours.asked),
                bench.ONE_OF: 1.0,
                "tools": {name: tally.shares() | {"errors": tally.errors} for name, tally in tallies["first"].items()},
            }
        },
        "ms_a_page": {"declutter": 1.5},
        "languages": {"as they are": {"pages": 3, "right": 2}},
    }
    table = bench.markdown(report)
    assert "| declutter | 1.000 | 1.000 | 1.000 | 1.000 | 1.000 | 1.000 | 1.5 | 0 |" in table
    assert "| mute | - | - | - | - | - | - |  | 2 |" in table
    assert "| as they are | 2 | 3 |" in table


def test_a_tool_that_fails_is_no_error(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    peers = importlib.import_module("metadata_peers")
    monkeypatch.setitem(peers.METADATA_PEERS, "broken", lambda *_: 1 / 0)
    assert peers.asked("broken", "<p>", "") is None
    assert "broken" not in bench.installed()
    assert peers.asked("turbohtml", "<title>Low water</title>", "").title == "Low water"


def test_languages_are_asked_with_another_lang(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    html = b'<!doctype html><html class=x lang="de"><p>Low'
    monkeypatch.setattr(bench, "load_corpus", lambda *_: [CorpusPage("own", "a", html, None, language="de")])
    assert {name: tally["right"] for name, tally in bench.languages().items()} == {
        "as they are": 1,
        "without lang": 0,
        "with a wrong lang": 0,
    }
