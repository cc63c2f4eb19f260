"""Commands that are imported when called, and what a start does without."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from declutter.cli import app
from declutter.cli.commands import NAMES

EXAMPLE = Path(__file__).parents[1] / "examples" / "flood-wardens.html"
START = "import sys; sys.argv[0] = 'declutter'; from declutter.cli import run; run()"
# Each costs a start at least a millisecond, scikit-learn 1.5 seconds; a plain `clean` needs none.
HEAVY = (
    *("sklearn", "scipy", "joblib", "rich", "bs4", "markdown_it", "pydantic", "asyncio", "multiprocessing", "email"),
    *("concurrent.futures", "importlib.metadata", "tomllib", "socket", "ssl", "http", "xml", "sqlite3", "unittest"),
    *("numpy.ma", "numpy.random", "numpy.fft", "numpy.polynomial", "numpy.testing", "numpy.typing"),
    *("turbohtml.clean", "turbohtml.detect", "tinycss2"),
    *(f"declutter.rules.{name}" for name in ("css", "patterns", "rules")),
    *(f"declutter.document.{name}" for name in ("commonmark", "encoding", "paths", "plaintext", "spans", "tags")),
    *("declutter.page", "declutter.metadata", "declutter.render.html", "declutter.render.cut", "declutter.inspect"),
    *("declutter.training", "declutter.corpus", "declutter.explain", "declutter.cli.train", "declutter.cli.corpus"),
)


@pytest.mark.parametrize("options", [[], ["--output", "text", "--strictness", "precision", "--no-headline"]])
def test_a_plain_clean_imports_nothing_heavy(options: list[str]) -> None:
    code = f"""
import atexit, sys
sys.argv = ["declutter", "clean", *sys.argv[1:]]
from declutter.cli import run
atexit.register(lambda: print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr))
run()
"""
    command = [sys.executable, "-c", code, str(EXAMPLE), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    assert "At ten past three" in done.stdout
    assert done.stderr == "[]\n"


def test_a_name_of_the_package_is_imported_when_asked_for() -> None:
    code = "import sys, declutter; print('numpy' in sys.modules, declutter.Label('content'), 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False content False\n"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--version"], 0, "declutter "),
        (["clean", str(EXAMPLE)], 0, "At ten past three"),
        (["clean", "no-such-file.html"], 1, ""),
        (["clean", "--nonsense"], 2, ""),
    ],
)
def test_run_leaves_with_all_that_was_written_and_the_code(arguments: list[str], code: int, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", START, *arguments], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode == code
    assert said in done.stdout
    assert bool(done.stderr) == bool(code)


def test_run_ends_what_registered_for_the_end() -> None:
    code = f"import atexit; atexit.register(print, 'the end'); {START}"
    done = subprocess.run([sys.executable, "-c", code, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("the end\n")


def test_every_command_is_listed_and_unknown_ones_are_none() -> None:
    group: Any = typer.main.get_command(app)
    assert list(group.commands) == list(NAMES)
    assert len(group.commands) == len(NAMES)
    assert "nonsense" not in group.commands
    shown = CliRunner().invoke(app, ["--help"]).output
    assert all(f"  {name} " in shown for name in NAMES)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--output", "paper"], "'paper' is not one of 'text', 'markdown', 'html', 'json'"),
        (["--jobs", "two"], "valid integer"),
        (["--jobs", "0"], "jobs"),
        (["--jobs", "1025"], "jobs"),
        ([], "Missing argument 'INPUT"),
    ],
)
def test_what_is_not_plain_is_checked_by_typer(arguments: list[str], message: str) -> None:
    given = ["clean", *arguments, *([str(EXAMPLE)] if arguments else [])]
    result = CliRunner().invoke(app, given)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())


def test_the_collector_runs_again_once_a_command_is_known() -> None:
    gc.disable()
    try:
        CliRunner().invoke(app, ["clean", "--help"])
        assert gc.isenabled()
    finally:
        gc.enable()
        gc.unfreeze()
