"""The fuzzing program: its cases are made again from their numbers, and it finds what it looks for."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from declutter import InputError, compiled
from declutter.blocks import segment
from declutter.document import read_document

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def fuzz(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.delenv("DECLUTTER_CORPORA", raising=False)
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    for name in ("fuzz", "fuzz_cases"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module("fuzz")


def test_cases_are_made_again(fuzz: Any) -> None:
    cases = [fuzz.make_case(1, number) for number in range(60)]
    assert [fuzz.make_case(1, number) for number in range(60)] == cases
    assert len(set(cases)) == 60
    assert {type(case) for case in cases} == {bytes, str}
    assert fuzz.make_case(2, 0) != cases[0]


def test_a_few_cases(fuzz: Any) -> None:
    assert fuzz.run_chunk(1, range(150)) == []


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (ValueError("odd"), "ValueError: odd"),
        (RecursionError("deep"), "RecursionError: deep"),
        (InputError("no"), "an error without a mend: no"),
        (InputError("this is no page: give one"), ""),
    ],
)
def test_errors_are_found(fuzz: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, problem: str) -> None:
    def fail(html: str) -> None:
        del html
        raise error

    monkeypatch.setattr(fuzz, "predict", fail)
    assert fuzz.examine("<p>a") == problem


def test_lost_text_is_found(fuzz: Any) -> None:
    document = read_document("<p>one<select>two</select><script>three</script><p> \u200b<p>four")
    of_node = segment(document).of_node
    assert fuzz.lost_text(document, of_node) == ""
    of_node[np.flatnonzero(of_node == of_node.max())] = -1
    assert fuzz.lost_text(document, of_node) == "lost text: 'four'"


def test_slow_cases_are_found(fuzz: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "_SLOW", 0.0)
    assert fuzz.examine("<p>a").endswith(" seconds")


def test_findings_are_stored(fuzz: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fuzzing = fuzz.Fuzzing(1, 20, tmp_path)
    for number in range(20):
        fuzzing.store(number, "it fell")
    assert "case 7: it fell" in capsys.readouterr().out
    stored = {path.stem: path.read_bytes() for path in tmp_path.iterdir()}
    assert len(stored) == len(fuzzing.found) == 20
    for number in range(20):
        case = fuzz.make_case(1, number)
        assert stored[f"1-{number}"] == (case if isinstance(case, bytes) else case.encode("utf-8", "surrogatepass"))


def die(seed: int, numbers: range) -> list[tuple[int, str]]:
    """Stands in for run_chunk: case 3 takes its process with it."""
    del seed
    if 3 in numbers:
        os._exit(1)
    return []


def spin(seed: int, numbers: range) -> list[tuple[int, str]]:
    """Stands in for run_chunk: case 3 never ends."""
    del seed
    program: Any = importlib.import_module("fuzz")
    program._STUCK = 0.1
    with program._time_limit():
        while 3 in numbers:
            pass
    return []


@pytest.mark.parametrize("run", [die, spin])
def test_a_case_that_ends_its_process_is_found(
    fuzz: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, run: Any
) -> None:
    monkeypatch.setattr(fuzz, "run_chunk", run)
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    fuzzing = fuzz.Fuzzing(1, 4, tmp_path)
    fuzz.fuzz(fuzzing, [range(2, 4), range(4, 6)], 2, float("inf"))
    assert (fuzzing.cases, fuzzing.found) == (4, [(3, "the process died, or took too long")])


@pytest.mark.parametrize(("live", "said"), [(False, "4 of 9 cases, "), (True, "\r4 of 9 cases, ")])
def test_how_far_it_is(
    fuzz: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], live: bool, said: str
) -> None:
    fuzzing = fuzz.Fuzzing(1, 9, cases=4)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: live)
    fuzzing.report()
    assert capsys.readouterr().err == ""
    # At a terminal the line is written over; elsewhere there is one every so often.
    for after, lines in ((1, live), (10, live), (20, True)):
        fuzzing.reported -= after
        fuzzing.report()
        written = capsys.readouterr()
        assert written.err.startswith(said if lines else "")
        assert bool(written.err) == lines
        assert written.out == ""
        assert written.err.endswith("\n") == (lines and not live)


def test_a_stored_case_is_run_again(
    fuzz: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases: list[bytes | str] = ["<p>lone \udc80", b"<p>\xff\r\n"]
    monkeypatch.setattr(fuzz, "make_case", lambda _, number: cases[number])
    fuzzing = fuzz.Fuzzing(1, 2, tmp_path)
    for number in range(2):
        fuzzing.store(number, "it fell")
    paths = sorted(map(str, tmp_path.iterdir()))
    assert [fuzz.read_case(Path(path)) for path in paths] == cases
    assert fuzz.main(paths) == 0
    assert capsys.readouterr().out.count("nothing is wrong") == 2
    monkeypatch.setattr(fuzz, "examine", lambda html: "it fell" if html in cases else "")
    assert fuzz.main(paths) == 1


@pytest.mark.skipif(not compiled.used, reason="there are no compiled forms")
def test_a_stored_case_is_run_again_by_both_forms(fuzz: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "1.html"
    path.write_bytes(b"<p>a")
    for falls in (True, False):
        monkeypatch.setattr(fuzz, "examine", lambda _, falls=falls: "it fell" if compiled.used == falls else "")
        assert fuzz.main([str(path)]) == 1


@pytest.mark.skipif(not compiled.used, reason="there are no compiled forms")
def test_other_labels_of_the_pure_forms_are_found(fuzz: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    predict = fuzz.predict
    monkeypatch.setattr(fuzz, "predict", lambda html: predict(html, strip=() if compiled.used else ["text:a b c"]))
    html = "<h1>one</h1><p>a b c</p><p>d e f</p>"
    assert fuzz.examine(html, 64) == "the pure forms give other labels"
    assert fuzz.examine(html, 8) == ""


def test_the_program(fuzz: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "_CHUNK", 3)
    assert fuzz.main(["--cases", "5", "--first", "100"]) == 0
    written = capsys.readouterr()
    assert written.out.startswith("5 cases of ")
    assert written.err.splitlines()[-1].startswith("5 of 5 cases, ")
    assert fuzz.main(["--seconds", "0"]) == 0
    assert capsys.readouterr().out.startswith("0 cases of ")
