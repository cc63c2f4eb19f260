"""What the README and the manual show works as shown."""

from __future__ import annotations

import importlib
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from declutter import load_rules
from declutter.cli import app
from declutter.labels import MEANINGS, Label

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = ["README.md", *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def fences(name: str, language: str) -> list[str]:
    return [code for told, code in FENCE.findall((ROOT / name).read_text(encoding="utf-8")) if told == language]


@pytest.mark.parametrize(
    ("name", "place"), [(name, place) for name in PAGES for place in range(len(fences(name, "python")))]
)
def test_python_examples_run(name: str, place: int, tmp_path: Path) -> None:
    shutil.copy(ROOT / "examples" / "flood-wardens.html", tmp_path / "page.html")
    (tmp_path / "article.txt").write_text("Home\nNews\n\nThe ferry left at six, and nobody on the quay had slept.\n")
    code = fences(name, "python")[place]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    if name == "README.md":
        assert "At ten past three on a Wednesday morning" in done.stdout
        assert re.search(r"^donation 0\.\d+ Donate now$", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("name", PAGES)
def test_commands_parse(name: str) -> None:
    for line in "".join(fences(name, "sh")).splitlines():
        command = re.split(r"[|<>]", line.removeprefix(".venv/bin/"), maxsplit=1)[0]
        words = shlex.split(command)
        if words[0] != "declutter" or words[1:2] == ["--help"]:
            continue
        target: Any = typer.main.get_command(app)
        rest = words[1:]
        while hasattr(target, "commands"):
            target, rest = target.commands[rest[0]], rest[1:]
        target.make_context(command, rest)


def test_files_of_rules_load(tmp_path: Path) -> None:
    shown = [code for name in PAGES for code in fences(name, "toml")]
    assert shown
    for code in shown:
        (tmp_path / "declutter.toml").write_text(code, encoding="utf-8")
        assert load_rules(tmp_path / "declutter.toml").scopes


def test_make_targets_are_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    texts = README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert (
        set(
            re.findall(
                r"\bmake ([a-z-]+)", "\n".join(FENCE.findall(texts)[n][1] for n in range(len(FENCE.findall(texts))))
            )
        )
        <= targets
    )
    assert {"demo", "test", "lint", "train", "evaluate", "gate", "bench-speed", "format", "clean"} <= targets


def test_it_opens_with_the_two_commands() -> None:
    assert FENCE.findall(README)[0] == ("sh", "make demo\nmake test\n")
    places = [
        README.index(mark) for mark in ("pip install declutter-html", "```python", "declutter clean", "make train")
    ]
    assert places == sorted(places)


def test_the_table_of_labels_is_that_of_the_code() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", README.split("| label | what it stands for |")[1], re.MULTILINE))
    assert rows == {str(label): MEANINGS[label] for label in Label}


def test_figures_have_their_place() -> None:
    assert README.count("<!-- figures -->") == README.count("<!-- /figures -->") == 1


@pytest.mark.parametrize("name", [*PAGES, "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "models/CHANGELOG.md"])
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not target.startswith("https://"):
            assert (page.parent / target).exists(), f"{name}: {target}"


def test_the_example_program_runs() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "library.py")], capture_output=True, text=True, check=True
    )
    assert "They read the river so the valley can sleep" in done.stdout
    assert "donation" in done.stdout
    failed = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "library.py"), str(Path(sys.executable))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr


def test_the_figures_are_those_that_were_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    for name in ("readme", "plot"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    module = importlib.import_module("readme")
    drawn = (ROOT / "benchmarks" / "results" / "reliability.svg").read_text(encoding="utf-8")
    assert module.draw_reliability(ROOT / "models" / "default") == drawn, "run benchmarks/readme.py"
    assert module.filled(README) == README, "run benchmarks/readme.py"
    assert "| dragnet at" in README
    assert "report[" not in README, "a figure was not filled in"
