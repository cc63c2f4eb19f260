"""What the README and the manual show works as shown."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from declutter import load_rules
from declutter.cli import app
from declutter.labels import MEANINGS, Label

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = ["README.md", *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
# What examples may import that comes with the extra `examples` alone.
OTHERS = ("pandas", "scrapy")
# These take hours or a network, or change the repository: their examples are parsed, not run.
NOT_RUN = ("annotate", "corpus", "evaluate", "train")


def fences(name: str, language: str) -> list[str]:
    return [code for told, code in FENCE.findall((ROOT / name).read_text(encoding="utf-8")) if told == language]


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """A folder with what the examples name."""
    example = ROOT / "examples" / "flood-wardens.html"
    (tmp_path / "site").mkdir()
    shutil.copy(example, tmp_path / "page.html")
    shutil.copy(example, tmp_path / "site" / "flood-wardens.html")
    shutil.copy(ROOT / "tests" / "pages" / "shop-de-prices" / "source.html", tmp_path / "site" / "prices.html")
    line = "The ferry left at six, and nobody on the quay had slept.\n"
    (tmp_path / "article.txt").write_text(f"Home\nNews\n\n{line}")
    (tmp_path / "notes.md").write_text(f"- [Home](/)\n- [News](/news)\n\n# Notes\n\n{line}")
    shutil.copytree(tmp_path / "site", tmp_path / "dump" / "monday")
    shutil.make_archive(str(tmp_path / "archive"), "zip", tmp_path / "site")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "place"), [(name, place) for name in PAGES for place in range(len(fences(name, "python")))]
)
def test_python_examples_run(
    name: str, place: int, there: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = fences(name, "python")[place]
    if others := [module for module in OTHERS if re.search(rf"^(import|from) {module}\b", code, re.MULTILINE)]:
        for module in others:
            if importlib.util.find_spec(module) is None:
                pytest.skip(f"{module} is not installed: make test-examples")
        # In a process of its own, where what other packages warn of, log and leave open is not ours to mend.
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=there, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        printed = done.stdout
    else:
        monkeypatch.chdir(there)
        exec(compile(code, f"{name}, example {place + 1}", "exec"), {"__name__": "__main__"})
        printed = capsys.readouterr().out
    if "print(" in code:
        assert printed.strip(), "it prints nothing"
    if name == "README.md":
        assert "At ten past three on a Wednesday morning" in printed
        assert re.search(r"^payment [01]\.\d+ Other amount$", printed, re.MULTILINE)


def shell(commands: str, there: Path) -> subprocess.CompletedProcess[str]:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash")
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {**os.environ, "PATH": path, "PYTHONWARNINGS": "error"}
    return subprocess.run(
        [bash, "-euo", "pipefail", "-c", commands],
        cwd=there,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def is_run(line: str) -> bool:
    words = shlex.split(line)
    return words[0] == "declutter" and words[1] not in NOT_RUN


# A command stands on several pages; once is enough.
COMMANDS = sorted({line for name in PAGES for code in fences(name, "sh") for line in code.splitlines() if is_run(line)})


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_run(command: str, there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "jq" in command and shutil.which("jq") is None:
        pytest.skip("jq is not installed")
    before = contents(there)
    if re.search("[|<>]", command):
        done = shell(command, there)
        code, printed, told = done.returncode, done.stdout, done.stderr
    else:
        # A process for each would take half a second.
        monkeypatch.chdir(there)
        monkeypatch.setattr("webbrowser.open", lambda _: True)
        result = CliRunner().invoke(app, shlex.split(command)[1:])
        code, printed, told = result.exit_code, result.stdout, result.output
    assert code == 0, told
    assert printed.strip() or contents(there) != before, "it gives nothing"


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def shown(code: str) -> list[tuple[str, str]]:
    """The commands of a console example and what it shows of their output."""
    parts = re.split(r"^\$ (.*)\n", code, flags=re.MULTILINE)
    assert not parts[0], "a console example begins with a command"
    return list(zip(parts[1::2], parts[2::2], strict=True))


def is_output(told: str, given: str) -> bool:
    """Whether an output is as told, where a line of three dots stands for any lines."""
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"\n" for line in told.splitlines())
    return re.fullmatch(pattern, given) is not None


@pytest.mark.parametrize(
    ("name", "place"), [(name, place) for name in PAGES for place in range(len(fences(name, "console")))]
)
def test_console_examples_give_what_they_show(name: str, place: int, there: Path) -> None:
    for command, told in shown(fences(name, "console")[place]):
        done = shell(command, there)
        assert done.returncode == 0, done.stderr
        assert is_output(told, done.stdout), f"{command}\n{done.stdout}"


def test_another_output_is_seen() -> None:
    assert shown("$ a b\nc\n$ d\n...\ne\n") == [("a b", "c\n"), ("d", "...\ne\n")]
    assert is_output("one\n...\nfour\n", "one\ntwo\nthree\nfour\n")
    assert not is_output("one\n...\nfour\n", "one\ntwo\nthree\n")
    assert not is_output("one\n", "one\ntwo\n")


@pytest.mark.parametrize("name", PAGES)
def test_packages_to_install_are_ours_with_extras_that_are_there(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for package, extras in re.findall(
        r"pip install \"?([\w-]+)(?:\[([\w,]+)\])?", (ROOT / name).read_text(encoding="utf-8")
    ):
        assert package == project["name"]
        assert set(extras.split(",") if extras else ()) <= set(project["optional-dependencies"])


def parse(line: str) -> bool:
    """Whether a line is a command of ours; its options and arguments are read as the command line does."""
    command = re.split(r"[|<>]", line.removeprefix(".venv/bin/"), maxsplit=1)[0]
    words = shlex.split(command)
    if words[0] != "declutter" or words[1:2] == ["--help"]:
        return False
    target: Any = typer.main.get_command(app)
    rest = words[1:]
    while hasattr(target, "commands"):
        target, rest = target.commands[rest[0]], rest[1:]
    target.make_context(command, rest)
    return True


@pytest.mark.parametrize("name", PAGES)
def test_commands_parse(name: str) -> None:
    for language in ("sh", "shell"):
        for line in "".join(fences(name, language)).splitlines():
            parse(line)


def test_commands_that_are_shown_and_not_run_are_parsed() -> None:
    lines = [line for name in PAGES for line in "".join(fences(name, "shell")).splitlines()]
    assert {line.split()[1] for line in lines if parse(line)} >= {"annotate", "train", "clean"}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("declutter lable page.html", "lable"),
        ("declutter corpus bring", "bring"),
        ("declutter train --annotation annotations", "--annotation"),
        ("declutter annotate page.html --port no", "valid integer|'no' is not"),
        (".venv/bin/declutter clean page.html --output word | sort", "'word' is not"),
    ],
)
def test_a_command_that_is_none_is_seen(line: str, told: str) -> None:
    with pytest.raises(Exception, match=told):
        parse(line)


def test_a_job_runs_the_examples_that_import_more() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert [re.split("[<>=]", package)[0] for package in extras["examples"]] == list(OTHERS)
    assert "make test-examples\n" in (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").split("\ntest-examples:")[1].split("\n\n")[0]
    assert "--editable '.[examples]'" in recipe
    assert "tests/test_readme.py" in recipe


def test_files_of_rules_load(tmp_path: Path) -> None:
    written = [code for name in PAGES for code in fences(name, "toml")]
    assert written
    for code in written:
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


def test_every_measurement_is_told_of() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^(bench(?:-\w+)?|soak):", makefile, re.MULTILINE)
    assert len(targets) > 10
    measured = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    listed = fences("CONTRIBUTING.md", "sh")
    for target in targets:
        assert f'@echo "make {target} ' in makefile
        assert f"| `make {target}` |" in measured
        assert any(f"make {target}\n" in commands for commands in listed), target
        assert f"`make {target}`" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), target


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
