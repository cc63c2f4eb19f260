"""The fuzzing program: its cases are made again from their numbers, and it finds what it looks for."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from declutter import InputError
from declutter.blocks import segment
from declutter.document import read_document

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def fuzz(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.delenv("DECLUTTER_CORPORA", raising=False)
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.delitem(sys.modules, "fuzz", raising=False)
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
    fuzzing = fuzz.Fuzzing(1, tmp_path)
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


def test_a_case_that_ends_its_process_is_found(fuzz: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fuzz, "run_chunk", die)
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    fuzzing = fuzz.Fuzzing(1, tmp_path)
    fuzz.fuzz(fuzzing, iter([range(2, 4), range(4, 6)]), 1, float("inf"))
    assert (fuzzing.cases, fuzzing.found) == (4, [(3, "the process died")])


def test_the_program(fuzz: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "_CHUNK", 3)
    assert fuzz.main(["--cases", "5", "--first", "100"]) == 0
    assert capsys.readouterr().out.startswith("5 cases of ")
    assert fuzz.main(["--seconds", "0"]) == 0
    assert capsys.readouterr().out.startswith("0 cases of ")
