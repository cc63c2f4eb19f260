"""The guided fuzzing program: it counts, goes on after a process that died, and stores what fails; libFuzzer is stood in for."""

from __future__ import annotations

import importlib
import queue
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest

from declutter import compiled

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"

# Three cases at a time are told, the log ends as that of libFuzzer does; a process that is given over 100 dies after 6.
WORKER = """
import sys
runs = int(sys.argv[1].removeprefix("-runs="))
print("cases 3", flush=True)
if runs > 100:
    print("cases 6", flush=True)
    print("failed", "a/b.html", "it fell: twice", flush=True)
    sys.exit(77)
print(f"#9 NEW cov: {runs} ft: 8", file=sys.stderr)
print(f"Done {runs} runs in 1 second(s)", file=sys.stderr)
"""


@pytest.fixture
def guided(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.delenv("DECLUTTER_CORPORA", raising=False)
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    for name in ("fuzz", "fuzz_cases", "fuzz_guided"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    program = importlib.import_module("fuzz_guided")
    (tmp_path / ".cache").mkdir()
    worker = tmp_path / "worker.py"
    worker.write_text(WORKER, encoding="utf-8")
    monkeypatch.setattr(program, "ROOT", tmp_path)
    monkeypatch.setattr(program, "_WORKER", worker)
    monkeypatch.setattr(program, "_WORDS", tmp_path / "words")
    monkeypatch.setattr(program, "_PIECES", 40)
    for name in ("GROWN", "SEEDS", "FINDINGS"):
        monkeypatch.setattr(program, name, tmp_path / name)
    return program


@pytest.mark.parametrize("jobs", [1, 2])
def test_all_cases_are_done_in_rounds(
    guided: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], jobs: int
) -> None:
    monkeypatch.setattr(guided, "_ROUND", 20)
    assert guided.main(["--cases", "71", "--jobs", str(jobs)]) == 0
    written = capsys.readouterr()
    assert written.out.startswith("71 cases in ")
    assert written.out.endswith(" 0 failed\n")
    assert "71 of 71 cases" in written.err


def test_what_fails_is_told_and_the_run_goes_on(guided: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert guided.main(["--cases", "112"]) == 1
    told = capsys.readouterr().out
    assert told.count("it fell: twice (a/b.html)") == 2
    assert told.count("a process ended with 77") == 2
    assert told.splitlines()[-1].startswith("112 cases in ")
    assert told.splitlines()[-1].endswith("100 branches reached, 4 failed")


def test_a_run_whose_processes_keep_dying_is_given_up(guided: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert guided.main(["--cases", "10000"]) == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("60 cases in ")


def test_a_run_ends_in_time(guided: Any) -> None:
    fuzzing = guided.Guided(1, 10, deadline=0.0)
    guided.run(fuzzing, [guided.Job(0, 10, 1, queue.Queue())])
    assert fuzzing.cases == 0


def test_pieces_are_short_for_the_most_part(guided: Any) -> None:
    guided.prepare(1)
    sizes = sorted(path.stat().st_size for path in guided.SEEDS.iterdir())
    assert len(sizes) == 40
    assert sizes[20] < 2000 < sizes[-1] <= guided._LONGEST
    assert '"<b>"\n' in (guided._WORDS).read_text(encoding="ascii")


def test_lost_text_is_found_where_a_page_is_only_read(guided: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fuzz = sys.modules[guided.Fuzzing.__module__]
    monkeypatch.setattr(fuzz, "_LABELLED", 1 << 32)
    assert fuzz.examine_share(b"<p>one") == ""
    monkeypatch.setattr(fuzz, "lost_text", lambda *_: "lost")
    assert fuzz.examine_share(b"<p>one") == "lost"


def test_the_bytes_choose_the_checks(guided: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fuzz = sys.modules[guided.Fuzzing.__module__]
    seen, numbers, read = set(), set(), []

    def examine(html: bytes, number: int, *, whole: bool) -> str:
        numbers.add(number % 64)
        assert (zlib.crc32(html) >> 24) % 2 == 0
        seen.add((compiled.used, whole))
        return ""

    def unread(html: bytes) -> str:
        assert (zlib.crc32(html) >> 24) % 2 == 1
        read.append(compiled.used)
        return ""

    monkeypatch.setattr(fuzz, "examine", examine)
    monkeypatch.setattr(fuzz, "_unread", unread)
    monkeypatch.setattr(compiled, "used", True)
    for number in range(1000):
        assert fuzz.examine_share(b"%d" % number) == ""
    assert 400 < len(read) < 600
    assert not any(read)
    assert len(numbers) == 64
    assert seen == {(True, True), (True, False), (False, True), (False, False)}
    assert compiled.used
