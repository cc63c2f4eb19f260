"""The comparison of structure with other tools: the draw, the counts and the tables; without the tools."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

from declutter.corpus.base import CorpusPage, WholeText
from declutter.measure.structure import Unit, Wanted, wanted_units
from declutter.model import load_default

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
HTML = (
    "<title>Low water</title><article><h1>Low water</h1>"
    "<p>At low water the flood wardens walk the whole length of the wall, and look for cracks that the storm has left.</p>"
    "<h2>Before the flood</h2>"
    "<p>They read the <a href='/almanac'>almanac</a> on the evening before, and they lay out what they will want at dawn.</p>"
    "<ul><li>a pair of boots that does not leak</li><li>a lamp, and oil for it, in case the fog comes in</li></ul></article>"
)
GOLD = (
    "At low water the flood wardens walk the whole length of the wall, and look for cracks that the storm has left."
    " Before the flood They read the almanac on the evening before, and they lay out what they will want at dawn."
    " a pair of boots that does not leak a lamp, and oil for it, in case the fog comes in"
)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    for name in ("structure", "structure_peers"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module("structure")


def page(site: str, html: str = HTML) -> CorpusPage:
    return CorpusPage("wcxb", site, html.encode(), WholeText(GOLD), url=f"https://{site}/low")


def test_the_draw_takes_each_site_once_for_each_kind_and_is_the_same_again(bench: Any) -> None:
    pages = [page(f"site{number // 2}.test") for number in range(40)]
    full = Wanted((Unit("headings", ("flood",)),) * 3 + (Unit("quotations", ("drowns",)),), ())
    few = Wanted((Unit("headings", ("flood",)),) * 2, ())
    places = bench.drawn(pages, [full] * 39 + [few], 5)
    assert places == bench.drawn(pages, [full] * 39 + [few], 5)
    assert 39 not in places
    assert 5 <= len(places) <= 10
    assert len({places[at] // 2 for at in range(len(places))}) >= 5
    assert bench.drawn(pages, [few] * 40, 5) == []


def test_from_pages_to_tables(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {"mute": None, "whole": HTML}
    monkeypatch.setattr(bench, "asked", lambda name, *_: made[name])
    monkeypatch.setattr(bench, "KINDS", ("headings", "list items", "links"))
    pages = [page("one.test"), page("two.test")]
    wanted = [wanted_units(each.html, GOLD, each.url or "") for each in pages]
    counts, failed = bench.measure(pages, wanted, ["mute", "whole"], load_default())
    assert failed == {"declutter": 0, bench.TOLD: 0, "mute": 2, "whole": 0}
    rows = bench.summary(counts)
    assert [(row["kind"], row["pages"], row["wanted"]) for row in rows] == [
        ("headings", 2, 2),
        ("list items", 2, 4),
        ("links", 2, 2),
    ]
    for row in rows:
        assert row["best_other"] == "whole"
        assert row["difference"] == [0, 0, 0]
        for name, recall in {"declutter": 1, bench.TOLD: 1, "mute": 0, "whole": 1}.items():
            assert row["tools"][name]["recall"] == recall
    table = bench.markdown(
        {
            "date": "2026-01-01",
            "model": "0123456789abcdef",
            "pages": 2,
            "corpus": "c039d5e",
            "rows": rows,
            "versions": {},
            "failed": failed,
        }
    )
    assert "| list items | 2 | 4 | 1.000 | 1.000 | 0.000 | 1.000 | +0.000 (+0.000 to +0.000) |" in table
    assert "| list items | 4 + 0 | 4 + 0 | 0 + 0 | 4 + 0 |" in table
    assert "Failed pages: mute 2." in table


def test_a_tool_that_fails_is_no_error(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    peers = sys.modules[bench.asked.__module__]
    monkeypatch.setitem(peers.STRUCTURE_PEERS, "broken", peers.StructurePeer("no-such-thing", lambda *_: 1 / 0))
    assert peers.asked("broken", "<p>", "") is None
    assert "broken" not in peers.installed()
    assert "turbohtml" in peers.installed()
    assert "<h2>Before the flood</h2>" in peers.asked("turbohtml", HTML, "")
