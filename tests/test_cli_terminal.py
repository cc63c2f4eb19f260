"""What reaches the terminal: page text as text, control characters shown, bars only where a person looks."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from declutter.cli import terminal
from declutter.cli.terminal import bar, complain, print_table, put, shown, shown_name, steps, use_utf8

if TYPE_CHECKING:
    from pathlib import Path

RUN = [sys.executable, "-c", "import sys; sys.argv[0] = 'declutter'; from declutter.cli import main; main()"]
HOSTILE = "a \x1b[31mred \x07\x9b1m [bold]x[/b] [question] :smile: 100%"


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """Put a terminal in the place of both streams; no fixture, because pytest puts its own in before each test."""
    out = Screen()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", out)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return out


def test_control_characters_are_written_out() -> None:
    assert shown("a\tb\nc\r\x1b\x7f\x85") == "a\tb\nc\\u000d\\u001b\\u007f\\u0085"
    assert shown_name("a\nb\tc\x1b") == "a\\nb\\tc\\u001b"


def test_on_a_terminal_nothing_of_a_page_is_sent_as_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    out = screen(monkeypatch)
    put(HOSTILE)
    assert out.getvalue() == "a \\u001b[31mred \\u0007\\u009b1m [bold]x[/b] [question] :smile: 100%\n"


def test_in_a_pipe_the_text_is_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    put(HOSTILE)
    put("")
    put("line\n")
    assert capsys.readouterr().out == f"{HOSTILE}\nline\n"


def test_a_complaint_is_one_line_whatever_the_file_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    complain("a\nb\x1b[2J.html", "no page")
    assert capsys.readouterr().err == "declutter: a\\nb\\u001b[2J.html: no page\n"


def test_a_table_reads_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    print_table((("label", "fixed"), ("text", "cut")), [[("donation", "magenta"), HOSTILE]], title="[b]x\x1b")
    out = capsys.readouterr().out
    assert "[b]x\\u001b" in out
    assert "a \\u001b[31mred \\u0007\\u009b1m [bold]x[/b] [question] :smile: 100%" in out
    assert "\x1b" not in out


def test_a_table_on_a_terminal_has_colours_and_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = screen(monkeypatch)
    monkeypatch.setenv("COLUMNS", "60")
    long = "word " * 4000
    columns = (("label", "fixed"), ("score", "right"), ("text", "cut"), ("why", "fold"))
    print_table(columns, [[("donation", "magenta"), "0.99", long, HOSTILE]])
    out = seen.getvalue()
    assert "\x1b[35mdonation" in out
    assert "\x1b[31mred" not in out
    assert "0.99" in out
    assert "\u2026" in out
    assert out.count("word") < 20


def test_bars_and_steps_are_for_terminals(capsys: pytest.CaptureFixture[str]) -> None:
    with bar("cleaning") as advance:
        advance(1, 2)
    with steps() as tell:
        tell("fold 1 of 5")
    assert capsys.readouterr().err == "declutter: fold 1 of 5\n"


def test_on_a_terminal_they_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = screen(monkeypatch)
    with bar("cleaning") as advance:
        advance(1, 2)
    with steps() as tell:
        tell("fold [1] of 5")
    out = seen.getvalue()
    assert "cleaning" in out
    assert "1/2" in out
    assert "fold [1] of 5" in out


def test_an_unwanted_bar_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = screen(monkeypatch)
    with bar("cleaning", wanted=False) as advance:
        advance(1, 2)
    assert seen.getvalue() == ""


def test_streams_that_cannot_be_told_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", narrow)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    use_utf8()
    assert narrow.encoding == "utf-8"
    assert not terminal.writes_to_terminal()


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_the_command_on_a_pseudo_terminal(tmp_path: Path) -> None:
    import pty  # noqa: PLC0415 - not there on Windows

    for name in ("a", "b"):
        (tmp_path / f"{name}.html").write_text(f"<h1>Words</h1><p>{HOSTILE} Some words of a paragraph. </p>")
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    command = [*RUN, "clean", str(tmp_path), "-o", str(tmp_path / "out")]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        seen = _drain(ours)
        assert process.wait(60) == 0
    assert b"cleaning" in seen
    assert b"2/2" in seen

    ours, theirs = pty.openpty()
    command = [*RUN, "clean", str(tmp_path / "a.html"), "--strictness", "0"]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        seen = _drain(ours)
        assert process.wait(60) == 0
    assert b"\\u001b[31mred" in seen
    assert b"[bold]x[/b] [question] :smile:" in seen
    assert b"\x1b" not in seen


def _drain(terminal_end: int) -> bytes:
    seen = b""
    try:
        while data := os.read(terminal_end, 65536):
            seen += data
    except OSError:
        # Linux says so, in this way, that the other side is closed.
        pass
    os.close(terminal_end)
    return seen
