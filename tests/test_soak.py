"""The long run, made short: memory is read, lines are counted, a second process is compared."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from template_pages import site_page

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
PAGES = [site_page(number) for number in range(3)]

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")


@pytest.fixture
def soak(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.delitem(sys.modules, "soak", raising=False)
    return importlib.import_module("soak")


def test_memory_of_a_process_and_of_what_it_started(soak: Any) -> None:
    program = "import sys; whole = bytearray(50_000_000); print(); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdout.readline()
        assert child.pid in soak.children(os.getpid())
        found = soak.memory(os.getpid(), 7)
        assert found["pages"] == 7
        assert found["process"] > 20
        assert found["workers"] >= 47
        child.stdin.close()
    assert soak.resident(child.pid) == 0
    assert soak.children(child.pid) == []


def test_through_the_library(soak: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soak, "JOBS", 1)
    assert [row["pages"] for row in soak.through_library(PAGES, 7, 3)] == [3, 6]


def test_through_the_command(soak: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(soak, "JOBS", 1)
    monkeypatch.setattr(soak, "_POLL", 0.01)
    rows = list(soak.through_command(PAGES, 120, 10, tmp_path))
    assert len((tmp_path / "pages.jsonl").read_text(encoding="utf-8").splitlines()) == 120
    assert rows
    assert all(10 <= row["pages"] <= 120 for row in rows)
    assert max(row["process"] for row in rows) > 20


def test_a_command_that_fails_says_why(soak: Any, tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as caught:
        list(soak.through_command(PAGES, 0, 2, tmp_path))
    assert "site" in caught.value.stderr


def test_growth_counts_from_where_caches_are_full(soak: Any) -> None:
    rows = [{"pages": n, "process": size, "workers": 10} for n, size in enumerate([50, 80, 100, 140, 120])]
    assert soak.growth(rows) == {"warm": 110, "most": 150, "end": 130}
    assert soak.growth(rows[:2]) == {"warm": 90, "most": 90, "end": 90}
    assert soak.growth([]) == {"warm": 0, "most": 0, "end": 0}


def test_the_ratio_and_the_tables(soak: Any) -> None:
    calls = []

    def timed(_: Any, count: int, jobs: int) -> float:
        calls.append((count, jobs))
        return 9.0 / jobs

    gained = soak.ratio(PAGES, 50, 2, timed)
    assert calls == [(3, 1), (3, 2), (50, 1), (50, 2), (50, 1), (50, 2)]
    assert gained == {"pages": 50, "one": 9.0, "two": 4.5, "ratio": 2.0}
    rows = [{"pages": 10, "process": 90, "workers": 200}]
    report = {"date": "2026-01-01", "model": "0" * 64, "corpus": "c039d5e", "real": 3, "ratio": gained}
    table = soak.markdown(report | {"memory": {"predict_many": rows}})
    assert "one process 9.0 s and two 4.5 s, ratio 2.00" in table
    assert "| 10 | 90 | 200 |" in table
    assert "290 MB after 10 pages" in table
