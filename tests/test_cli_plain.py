"""`declutter clean` without an option goes a shorter way, and does the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from declutter.cli import main
from declutter.cli.plain import is_plain

EXAMPLE = Path(__file__).parents[1] / "examples" / "flood-wardens.html"
START = "import sys; sys.argv[0] = 'declutter'; from declutter.cli import run; run()"


@pytest.mark.parametrize(
    ("arguments", "plain"),
    [
        ([], False),
        (["clean"], False),
        (["clean", "a"], True),
        (["clean", "a", "-", "b"], True),
        (["clean", "--help"], False),
        (["clean", "a", "-o", "b"], False),
        (["--version"], False),
        (["explain", "a"], False),
    ],
)
def test_inputs_alone_are_plain(
    arguments: list[str], plain: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("declutter.cli.plain.os.name", "posix")
    assert is_plain(arguments) == plain
    with monkeypatch.context() as windows:
        windows.setattr("declutter.cli.plain.os.name", "nt")
        assert not is_plain(arguments)
    (tmp_path / "declutter.toml").touch()
    assert not is_plain(arguments)


@pytest.mark.parametrize(
    "inputs", [["a.html"], ["a.html", "b.html"], ["."], ["none.html"], ["a.html", "c.html"], ["-"]]
)
def test_it_does_what_typer_does(inputs: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(EXAMPLE.read_bytes())
    (tmp_path / "b.html").write_text("<p>b\u00e9\u2014</p>", encoding="utf-8")
    (tmp_path / "c.html").write_bytes(b"%PDF-1.7\n")

    def ran(*options: str) -> tuple[int, bytes, bytes]:
        command = [sys.executable, "-c", START, "clean", *options, *inputs]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, input=b"<p>from there</p>")
        return done.returncode, done.stdout, done.stderr

    assert ran() == ran("--strictness", "balanced")


def test_an_interrupt_ends_it_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("declutter.cli.inputs.find_items", interrupted)
    monkeypatch.setattr(sys, "argv", ["declutter", "clean", "-"])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 130
