"""`declutter clean --profile`: each stage is timed, nothing is left behind, the output is the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from declutter import pipeline
from declutter.cli import app, work
from declutter.cli.inputs import Item
from declutter.cli.stages import REST, STAGES, timed
from declutter.document.limits import Gauge
from declutter.model.forest import Forest

EXAMPLE = Path(__file__).parents[1] / "examples" / "flood-wardens.html"


def clean(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["clean", *map(str, arguments)])


@pytest.mark.parametrize("options", [[], ["--output", "html"], ["--output", "json"], ["--keep", "social"]])
def test_a_table_on_standard_error_and_the_same_output(options: list[str]) -> None:
    result = clean(EXAMPLE, "--profile", *options)
    assert result.exit_code == 0, result.output
    assert result.stdout == clean(EXAMPLE, *options).stdout
    rows = {
        name: line.split()[-3] for line in result.stderr.splitlines() for name in STAGES if line.startswith(f"{name} ")
    }
    assert list(rows) == list(STAGES)
    assert float(rows["features"]) > 0
    assert float(rows["render"]) > 0
    # Kinds are told only where somebody asks for them.
    assert (float(rows["kind model"]) > 0) == (options in (["--output", "json"], ["--keep", "social"]))


def test_what_was_timed_is_as_before_also_after_a_failure() -> None:
    functions = [Gauge.read, vars(pipeline)["rendered"], vars(work)["read_item"], Forest.positive_of]
    with pytest.raises(ZeroDivisionError), timed():
        raise ZeroDivisionError
    assert [
        Gauge.read,
        vars(pipeline)["rendered"],
        vars(work)["read_item"],
        Forest.positive_of,
    ] == functions


def test_a_stage_inside_a_stage_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter(range(100))
    with timed() as seconds:
        monkeypatch.setattr("declutter.cli.stages.time.perf_counter", lambda: next(now))
        page = pipeline.predict(EXAMPLE.read_bytes(), keep=["comments"])  # without rules none are applied
        work._rendered(page, Item("a", EXAMPLE, EXAMPLE), work.Settings())
    assert {stage: spent for stage, spent in seconds.items() if stage not in {"read", REST}} == {
        "parse": 1,
        "walk": 1,
        "features": 1,
        "first pass": 1,
        "second pass": 2,
        "threshold": 1,
        "kind model": 1,
        "labels": 2,
        "render": 1,
    }


def test_several_processes_are_not_timed() -> None:
    result = clean(EXAMPLE, "--profile", "--jobs", "2")
    assert result.exit_code == 2
    assert "leave --jobs out" in result.stderr
