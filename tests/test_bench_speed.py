"""The measures of speed: pages of every shape, the exponent, peak memory, tables and plot, on tools that are made up."""

from __future__ import annotations

import importlib
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from turbohtml import parse

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
MODULES = ("contenders", "growth", "memory", "peers", "plot", "readme", "speed")


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    # speed.py sets it for its own process.
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    for name in MODULES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module


@pytest.mark.parametrize("size", [10_000, 60_000])
@pytest.mark.parametrize("shape", ["prose", "links", "table", "deep nesting", "one long text"])
def test_a_page_of_a_shape_and_size(load: Any, shape: str, size: int) -> None:
    html = load("growth").make_page(shape, size)
    assert abs(len(html) - size) < 1000
    assert html == load("growth").make_page(shape, size)
    assert b"data-label" not in html
    # The article ends where it did: what follows it is beside it, not in it.
    article = parse(html.decode()).find("article")
    assert article is not None
    assert "Fall drive" not in article.text
    assert len(article.text) > (size - 8000) / 3


@pytest.mark.parametrize("power", [1.0, 1.5, 2.0])
def test_the_exponent_is_that_of_large_pages(load: Any, power: float) -> None:
    points = [(size, 1e-9 * size**power) for size in (100_000, 200_000, 500_000, 20_000_000)]
    assert load("growth").exponent([(10_000, 5.0), *points]) == pytest.approx(power)
    assert load("growth").exponent(points[:2]) is None


@pytest.mark.parametrize(
    ("code", "ended"),
    [
        (0, ""),
        (-signal.SIGALRM, "over 60 seconds"),
        (-signal.SIGSEGV, "the process died (-11)"),
    ],
)
def test_how_a_tool_ended(load: Any, monkeypatch: pytest.MonkeyPatch, code: int, ended: str) -> None:
    written = "".join(json.dumps([size, size / 1e8, True]) + "\n" for size in (100_000, 200_000, 500_000))
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], code, written))
    found = load("growth").grow("a tool", "prose")
    assert found["ended"] == ended
    assert found["exponent"] == pytest.approx(1)
    assert len(found["points"]) == 3


def test_a_tool_that_gives_nothing_is_not_quick(
    load: Any, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    growth = load("growth")
    monkeypatch.setattr(growth, "quiet", lambda: None)
    monkeypatch.setattr(growth, "call_of", lambda _: lambda html: "" if len(html) > 15_000 else "text")
    growth.main("a tool", "prose", "50000")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [out for *_, out in lines] == [True, False]
    monkeypatch.setattr(
        subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, "\n".join(map(json.dumps, lines)))
    )
    found = growth.grow("a tool", "prose")
    assert (len(found["points"]), found["ended"]) == (1, "nothing came out")


def test_the_peak_is_of_a_process_of_its_own(load: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = load("memory")
    # What this process holds is not the other's, although it starts it.
    held = bytearray(400_000_000)
    held[::4096] = b"1" * len(held[::4096])
    monkeypatch.setenv("PYTHONPATH", str(BENCHMARKS))
    found = memory.peaks(["no tool"], [b"<p>a"])
    assert memory.peak() > 400_000_000
    del held
    assert 5_000_000 < found[memory.NOTHING] < 300_000_000
    assert found["no tool"] is None


@pytest.fixture
def report() -> dict[str, Any]:
    tools = ["declutter", "trafilatura", "resiliparse"]
    line = {"points": [[100_000, 0.01], [20_000_000, 2.0]], "exponent": 1.0, "ended": ""}
    return {
        "date": "2026-01-01",
        "pages": 2,
        "mean_bytes": 100_000,
        "rounds": 1,
        "versions": dict.fromkeys(tools, "1"),
        "ms_a_page": {"declutter": 10.0, "trafilatura": 40.0, "resiliparse": 4.0},
        "failed": dict.fromkeys(tools, 0),
        "ratio_to_trafilatura": 0.25,
        "ratio_to_resiliparse": 2.5,
        "ratio_to_parsing": 5.0,
        "peak_mb": {"nothing, the pages are read": 20.0, "declutter": 150.0, "trafilatura": 90.0, "resiliparse": None},
        "start_up_ms": {"declutter": 160.0, "trafilatura": 200.0},
        "start_up_ratio": 0.8,
        "stages_ms": {"text": {"parse": 1.0, "rest": 3.0}, "json": {"parse": 1.0, "rest": 4.0}},
        "growth": {
            "declutter": {"prose": line, "links": line},
            "trafilatura": {
                "prose": line | {"ended": "over 60 seconds"},
                "links": {"points": [], "exponent": None, "ended": "the process died (-11)"},
            },
        },
    }


def test_the_tables(load: Any, report: dict[str, Any]) -> None:
    table = load("speed").markdown(report)
    assert "| declutter | 1 | 10.0 | 0.250 | 100 | 10.0 | 150 | 0 |" in table
    assert "| resiliparse | 1 | 4.0 | 0.100 | 250 | 25.0 | it died | 0 |" in table
    assert "| parse | 1.00 | 25 % | 1.00 | 20 % |" in table
    assert "| prose | 1.00; 2,000 ms at 20 MB | 1.00; 2,000 ms at 20 MB; then over 60 seconds |" in table
    assert "| links | 1.00; 2,000 ms at 20 MB | the process died (-11) |" in table
    readme = "\n".join(load("readme").speed(report))
    assert "| declutter | 10.0 | 0.25 | 100 | 10 | 150 |" in readme
    assert "prose 1.00, links 1.00" in readme


def test_the_plot_holds_every_line_inside_its_square(load: Any, report: dict[str, Any]) -> None:
    drawn = ET.fromstring(load("speed").drawn(report))
    lines = [e for e in drawn.iter() if e.tag.endswith("polyline") and e.get("stroke-width") == "2"]
    places = [tuple(map(float, point.split(","))) for e in lines for point in (e.get("points") or "").split()]
    assert len(places) == 6
    assert all(60 <= x <= 460 and 60 <= y <= 460 for x, y in places)
    texts = {e.text for e in drawn.iter() if e.tag.endswith("text")}
    assert {"prose", "links", "trafilatura, prose", "100 KB", "100 MB", "10 ms", "10 s"} <= texts


def test_all_tools_are_called_on_bytes(load: Any) -> None:
    contenders = load("contenders")
    html = b"<title>Low water</title><article><h1>Low water</h1>" + b"<p>The tide went out, and came back.</p>" * 20
    assert set(contenders.NAMES) - {contenders.OURS, contenders.PURE} <= {*load("peers").PEERS, *load("peers").PARSERS}
    for name in ("declutter", "declutter, pure Python", "turbohtml", "turbohtml, parse alone"):
        assert contenders.call_of(name)(html)


def test_stages_are_those_of_the_profile(load: Any) -> None:
    found = load("speed").stages([b"<p>The tide went out, and came back."], 1)
    assert set(found) == {"text", "json"}
    assert found["json"]["kind model"] > 0 == found["text"]["kind model"]
    assert "read" not in found["text"]
