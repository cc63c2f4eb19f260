"""`--trust-model`: what is said of a model that did not come with the package."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from declutter.cli import app
from declutter.model.directory import default_directory

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "flood-wardens.html"
WARNING = "warning: this model did not come with the package"
RUN = [sys.executable, "-c", "import sys; sys.argv[0] = 'declutter'; from declutter.cli import main; main()"]


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, list(map(str, arguments)))


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """A copy of the shipped model."""
    return shutil.copytree(default_directory(), tmp_path / "shipped")


@pytest.fixture
def stranger(shipped: Path) -> Path:
    """A model that works and did not come with the package."""
    other = shutil.copytree(shipped, shipped.with_name("stranger"))
    info = json.loads((other / "model.json").read_text(encoding="utf-8"))
    (other / "model.json").write_text(json.dumps(info | {"note": "mine"}), encoding="utf-8")
    return other


def check_warned(told: str, model: Path) -> None:
    """One line says which model it is, what can happen, and what to do."""
    (line,) = [line for line in told.splitlines() if WARNING in line]
    assert line.startswith(f"declutter: {model}: {WARNING}")
    for part in ("joblib.load", "runs any code", "use only models that you made, or whose maker you trust"):
        assert part in line


@pytest.mark.parametrize(
    "command",
    [
        ("clean", EXAMPLE, "--model"),
        ("clean", EXAMPLE, "--jsonl", "-", "--model"),
        ("explain", EXAMPLE, "--limit", "1", "--label", "consent", "--model"),
        ("inspect", EXAMPLE, "-o", "report.html", "--model"),
        ("annotate", "gone.html", "-o", "annotations", "--no-open", "--model"),
        ("model",),
    ],
    ids=lambda command: command[0],
)
def test_each_command_warns_once_on_standard_error(
    command: tuple[str | Path, ...], stranger: Path, shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*command, stranger, "--trust-model")
    check_warned(result.stderr, stranger)
    assert WARNING not in result.stdout
    copy = run(*command, shipped, "--trust-model")
    assert WARNING not in copy.output
    assert copy.exit_code == result.exit_code == (command[0] == "annotate")  # whose page is gone


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_run_over_many_pages_warns_once_also_into_pipes(jobs: str, stranger: Path, tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"{number}.html").write_text(f"<h1>Ferry {number}</h1><p>It left at six.</p>", encoding="utf-8")
    pages = [f"{number}.html" for number in range(4)]
    command = [*RUN, "clean", *pages, "-o", "out", "--jobs", jobs, "--model", str(stranger), "--trust-model"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    check_warned(done.stderr, stranger)
    assert done.stdout == ""
    assert len(list((tmp_path / "out").glob("*.txt"))) == 4


def test_what_is_not_loaded_is_not_warned_of(stranger: Path) -> None:
    assert WARNING not in run("clean", EXAMPLE, "--trust-model").output
    refused = run("clean", EXAMPLE, "--model", stranger)
    assert refused.exit_code == 2
    assert WARNING not in refused.output
    (stranger / "model.npz").write_bytes(b"")
    damaged = run("clean", EXAMPLE, "--model", stranger, "--trust-model")
    assert damaged.exit_code == 2
    assert "model.npz is not the file" in damaged.stderr
    assert WARNING not in damaged.output


def test_training_from_a_model_warns_before_it_is_unpickled(
    stranger: Path, shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def adapt(*_: Any, **given: Any) -> list[Any]:
        sys.stderr.write(f"unpickled {given['base']}\n")
        return []

    monkeypatch.setattr("declutter.training.adapt.adapt", adapt)
    command = ("train", tmp_path / "out", "--annotations", tmp_path, "--base")
    told = run(*command, stranger, "--trust-model").stderr
    check_warned(told, stranger)
    assert told.splitlines()[1:] == [f"unpickled {stranger}"]
    assert run(*command, shipped, "--trust-model").stderr == f"unpickled {shipped}\n"
    assert run(*command, "shipped", "--trust-model").stderr == "unpickled None\n"
    refused = run(*command, stranger)
    assert refused.exit_code == 1
    assert "--trust-model" in refused.stderr
    assert "unpickled" not in refused.stderr
