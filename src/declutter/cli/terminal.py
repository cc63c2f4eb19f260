"""What reaches the terminal: plain text with control characters shown, tables, progress.

Nothing here reads a page's text as markup: rich would take `[b]` for a style and delete it.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from declutter.errors import LimitExceeded
from declutter.labels import Label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from declutter.errors import DeclutterError

__all__ = [
    "STYLES",
    "bar",
    "complain",
    "print_table",
    "problem_of",
    "put",
    "put_bytes",
    "shown",
    "shown_name",
    "steps",
    "use_utf8",
    "writes_to_terminal",
]

# What moves the cursor, rings or starts an escape sequence: C0 without newline and tab, DEL, C1.
_CONTROLS: Final = {code: f"\\u{code:04x}" for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}
_IN_A_NAME: Final = {**_CONTROLS, ord("\n"): "\\n", ord("\t"): "\\t"}
# Tables in a pipe or a file are cut for no window.
_WIDTH_OF_A_PIPE: Final = 200
_GAP: Final = 2
_LEAST_SHARE: Final = 10
_LONGEST_CELL: Final = 1000

STYLES: Final[dict[str, str]] = {
    Label.CONTENT: "green",
    Label.DONATION: "magenta",
    Label.SIGNUP: "cyan",
    Label.PAYMENT: "yellow",
    Label.NAVIGATION: "blue",
    Label.RELATED: "bright_blue",
    Label.SOCIAL: "bright_cyan",
    Label.ADVERTISING: "red",
    Label.CONSENT: "bright_yellow",
    Label.COMMENTS: "bright_magenta",
    Label.METADATA: "bright_red",
    Label.FOOTER: "bright_black",
    Label.OTHER: "white",
}
"""Colour of each label, as rich names it."""


def shown(text: str) -> str:
    """A text with its control characters written out as code points, newlines and tabs left as they are."""
    return text.translate(_CONTROLS)


def shown_name(name: str) -> str:
    """A file name or message on one line, with all control characters written out."""
    return name.translate(_IN_A_NAME)


def use_utf8() -> None:
    """Write UTF-8 where no person reads along, and never fail on a character the terminal lacks."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        if stream.isatty():
            reconfigure(errors="backslashreplace")
        else:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def writes_to_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout.isatty()


def put(text: str) -> None:
    """Write a text to standard output, newline-ended; control characters are shown if it is a terminal."""
    out = sys.stdout
    out.write(shown(text) if out.isatty() else text)
    if text and not text.endswith("\n"):
        out.write("\n")


def put_bytes(data: bytes) -> None:
    """Write bytes to standard output as they are; it must be no terminal."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def complain(name: str, message: str) -> None:
    """Name on standard error what failed and the mend, after anything already written to standard output."""
    sys.stdout.flush()
    head = f"{shown_name(name)}: " if name else ""
    sys.stderr.write(f"declutter: {head}{shown(message)}\n")
    sys.stderr.flush()


def problem_of(error: DeclutterError) -> str:
    """What an error says; of a limit, with a mend that the command line has."""
    fact, _, _ = str(error).partition(": ")
    if not isinstance(error, LimitExceeded):
        return str(error)
    if "max_seconds" in fact:
        return f"{fact}: allow more with --max-seconds, or cut it up"
    return f"{fact}: cut it up, or read it from Python, where `limits` can be raised"


def print_table(
    columns: Sequence[tuple[str, str]],
    rows: Iterable[Sequence[str | tuple[str, str]]],
    *,
    title: str = "",
    to_stderr: bool = False,
) -> None:
    """Print a table of plain texts.

    Args:
        columns: heading and layout of each: "right", "cut" (one line, cut to fit), "fold" (wrapped), "fixed".
        rows: the cells: a text, or (text, style as rich names it).
        title: a line above it.
        to_stderr: print to standard error.
    """
    from rich import box  # noqa: PLC0415 - costs start-up time
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    stream = sys.stderr if to_stderr else sys.stdout
    sys.stdout.flush()
    console = Console(
        file=stream,
        width=None if stream.isatty() else _WIDTH_OF_A_PIPE,
        highlight=False,
        markup=False,
        emoji=False,
    )
    cells = [[Text(shown(text[:_LONGEST_CELL]), style) for text, style in map(_styled, row)] for row in rows]
    # The other columns hold labels, names and numbers: what they leave, the elastic ones share.
    elastic = [layout in {"cut", "fold"} for _, layout in columns]
    others = [place for place, stretches in enumerate(elastic) if not stretches]
    taken = sum(max([len(columns[i][0]), *(row[i].cell_len for row in cells)]) + _GAP for i in others)
    share = max((console.width - taken) // max(sum(elastic), 1) - _GAP, _LEAST_SHARE)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading, layout in columns:
        table.add_column(
            heading,
            justify="right" if layout == "right" else "left",
            no_wrap=layout != "fold",
            overflow="ellipsis" if layout == "cut" else "fold",
            max_width=share if layout in {"cut", "fold"} else None,
        )
    for row in cells:
        table.add_row(*row)
    if title:
        console.print()
        console.print(Text(shown_name(title), style="bold"))
    console.print(table)


def _styled(cell: str | tuple[str, str]) -> tuple[str, str]:
    return (cell, "") if isinstance(cell, str) else cell


@contextmanager
def bar(what: str, *, wanted: bool = True) -> Iterator[Callable[[int, int], None]]:
    """A progress bar with rate and time left on standard error, only where that is a terminal.

    Gives what to call with (done, total).
    """
    if not wanted or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console  # noqa: PLC0415 - costs start-up time
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text  # noqa: PLC0415

    class Rate(ProgressColumn):
        """How many are done in a second."""

        def render(self, task: Task) -> Text:
            return Text("" if task.speed is None else f"{task.speed:.1f}/s", style="progress.data.speed")

    columns = (TextColumn(what, markup=False), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Tell what is being done: on a terminal with a spinner and the time, else a line a step on standard error."""
    if not sys.stderr.isatty():
        yield lambda message: complain("", message)
        return
    from rich.console import Console  # noqa: PLC0415 - costs start-up time
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as progress:
        task = progress.add_task("starting", total=None)

        def tell(message: str) -> None:
            progress.console.print(Text(shown(message)))
            progress.update(task, description=shown_name(message))

        yield tell
