"""The command line as a whole: help, examples, exit codes, pipes."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer
from typer.testing import CliRunner

import declutter
from declutter import cli
from declutter.cli import app
from declutter.cli.options import needs_training_packages
from declutter.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
RUN = [sys.executable, "-c", "import sys; sys.argv[0] = 'declutter'; from declutter.cli import main; main()"]


def walk(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from walk(below, f"{path} {name}")


COMMANDS = dict(walk(typer.main.get_command(app), "declutter"))
LEAVES = [path for path, command in COMMANDS.items() if not hasattr(command, "commands")]


def test_the_commands_are_those_of_the_manual() -> None:
    assert {path.split()[1] for path in LEAVES} == {
        "clean",
        "explain",
        "inspect",
        "annotate",
        "train",
        "evaluate",
        "model",
        "corpus",
    }


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_has_help_with_an_example_that_parses(path: str) -> None:
    command = COMMANDS[path]
    result = CliRunner().invoke(app, [*path.split()[1:], "--help"])
    assert result.exit_code == 0, result.output
    example = re.search(r"Example: (declutter\b.*)", command.help)
    assert example, f"{path} has no example in its help"
    assert f"Example: {example[1]}" in " ".join(result.output.split())
    words = shlex.split(example[1])
    assert words[: len(path.split())] == path.split()
    # Parsing finds a renamed option; groups give an example of one of their commands.
    target = max((known for known in COMMANDS if " ".join(words).startswith(known)), key=len)
    COMMANDS[target].make_context(target, words[len(target.split()) :])


@pytest.mark.parametrize("path", LEAVES)
def test_every_option_has_help_and_every_command_stands_in_the_manual(path: str) -> None:
    manual = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert f"`{path}" in manual
    for parameter in COMMANDS[path].params:
        assert parameter.help, f"{path}: {parameter.name} has no help"


def test_version() -> None:
    result = CliRunner().invoke(app, ["--version"])
    assert result.exit_code == 0
    assert result.stdout == f"declutter {declutter.__version__}\n"


def test_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "declutter", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"declutter {declutter.__version__}\n"


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["clean"], ["clean", "--nonsense", "x"], ["clean", "-j", "0", "x"]]
)
def test_wrong_usage_is_2(arguments: list[str]) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert "Usage: " in result.stderr


def test_help_is_plain_text() -> None:
    result = CliRunner().invoke(app, ["clean", "--help"], color=True)
    assert "\x1b" not in result.output


def test_a_light_import() -> None:
    heavy = "[name for name in ('sklearn', 'scipy', 'joblib', 'rich', 'bs4') if name in sys.modules]"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, declutter.cli; print({heavy})"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"


@pytest.mark.skipif(os.name == "nt", reason="closes a pipe as POSIX shells do")
def test_a_closed_pipe_is_no_traceback(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.html").write_text(f"<p>{'Words and words. ' * 5000}</p>")
    with subprocess.Popen([*RUN, "clean", str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        complaint = process.stderr.read()
        assert process.wait(60) == 1
    assert complaint == b""


SHORT, LONG = "<p>Words and words.</p>", f"<p>{'Words and words. ' * 50_000}</p>"


@pytest.mark.skipif(os.name == "nt", reason="closes streams as POSIX shells do")
@pytest.mark.parametrize("options", [[], ["--output", "text"]], ids=["plain", "typer"])
@pytest.mark.parametrize(
    ("streams", "page", "code", "complaint"),
    [
        (">&-", SHORT, 1, "declutter: standard output cannot be written (Bad file descriptor): look at where it goes"),
        (">&-", LONG, 1, "declutter: standard output cannot be written (Bad file descriptor): look at where it goes"),
        (">/dev/full", SHORT, 1, "declutter: standard output cannot be written (No space left on device): look at"),
        (">/dev/full", LONG, 1, "declutter: standard output cannot be written (No space left on device): look at"),
        ("2>&-", SHORT, 0, ""),
        ("2>&-", "%PDF-1.7", 1, ""),
        ("<&- 2>&-", SHORT, 0, ""),
        ("<&- >&- 2>&-", LONG, 1, ""),
    ],
)
def test_closed_and_full_streams(
    tmp_path: Path, streams: str, page: str, code: int, complaint: str, options: list[str]
) -> None:
    if "/dev/full" in streams and not Path("/dev/full").exists():
        pytest.skip("no such device here")
    (tmp_path / "a.html").write_text(page)
    command = shlex.join([*RUN, "clean", str(tmp_path / "a.html"), *options])
    done = subprocess.run(["sh", "-c", f"{command} {streams}"], capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert done.stderr.startswith(complaint)
    assert len(done.stderr.splitlines()) == bool(complaint)


full_device = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")


@full_device
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("clean bad.html a.html", 1),
        ("clean bad.html a.html --removed --profile", 1),
        ("clean a.html --output pdf", 2),
        ("explain bad.html", 1),
        ("inspect bad.html a.html -o report.html", 1),
        ("annotate bad.html", 1),
        ("model gone", 2),
        ("train --annotations gone", 1),
        ("evaluate --corpora gone", 1),
        ("corpus fetch gone", 1),
        ("corpus check gone", 1),
        ("nonsense", 2),
    ],
)
def test_complaints_that_cannot_be_written_vanish_and_the_run_goes_on(tmp_path: Path, command: str, code: int) -> None:
    (tmp_path / "a.html").write_text(SHORT)
    (tmp_path / "bad.html").write_text("%PDF-1.7")
    run = f"{shlex.join(RUN)} {command} 2>/dev/full"
    done = subprocess.run(["sh", "-c", run], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == code
    assert bool(done.stdout) == ("a.html" in command and code < 2)
    assert done.stderr == ""


@full_device
@pytest.mark.parametrize(
    "command",
    [
        *("clean a.html --jsonl -", "explain a.html", "inspect a.html -o report.html"),
        *("annotate a.html --no-open --port 0", "model", "corpus check own", "--version"),
    ],
)
def test_output_that_cannot_be_written_is_one_complaint(tmp_path: Path, command: str) -> None:
    (tmp_path / "a.html").write_text(SHORT)
    done = subprocess.run(
        ["sh", "-c", f"{shlex.join(RUN)} {command} >/dev/full"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        timeout=120,
    )
    assert done.returncode == 1
    [complaint] = done.stderr.splitlines()
    assert complaint.startswith("declutter: standard output cannot be written (No space left on device): look at where")


@pytest.mark.skipif(os.name == "nt", reason="closes streams as POSIX shells do")
@pytest.mark.parametrize("command", ["clean", "explain"])
def test_standard_input_that_is_closed(command: str) -> None:
    run = f"{shlex.join([*RUN, command, '-'])} <&-"
    done = subprocess.run(["sh", "-c", run], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.endswith("standard input cannot be read (Bad file descriptor): give it a file or a pipe\n")
    assert done.stdout == ""


@pytest.mark.skipif(os.name == "nt", reason="no such device there")
def test_help_on_a_full_device() -> None:
    done = subprocess.run(
        ["sh", "-c", f"{shlex.join(RUN)} --help >/dev/full"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("declutter: standard output cannot be written")


def test_main_flushes_and_leaves_with_the_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["declutter", "--version"])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 0
    assert capsys.readouterr().out.startswith("declutter ")


def test_a_missing_training_package_is_named_with_the_mend() -> None:
    mend = r'rapidfuzz is missing: pip install "declutter-html\[train\]"'
    with pytest.raises(ModelError, match=mend), needs_training_packages():
        raise ModuleNotFoundError(name="rapidfuzz")
    with pytest.raises(ModuleNotFoundError), needs_training_packages():
        raise ModuleNotFoundError(name="declutter.training.nonsense")


def test_complaints_to_a_pipe_that_is_full_and_does_not_wait_vanish(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(SHORT)
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writer, b"x" * 4096)
    try:
        names = ["gone"] * 20 + ["a.html"]
        done = subprocess.run(
            [*RUN, "clean", *names], stdout=subprocess.PIPE, stderr=writer, text=True, check=False, cwd=tmp_path
        )
    finally:
        os.close(reader)
        os.close(writer)
    assert done.returncode == 1
    assert "gone" not in done.stdout
    assert done.stdout
