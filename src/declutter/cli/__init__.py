"""The command line: `declutter` and its commands, each a thin layer over the library."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import threading
from typing import Annotated

import typer

from declutter import __version__
from declutter.cli.commands import Commands
from declutter.cli.terminal import use_utf8

__all__ = ["app", "main", "run"]


app = typer.Typer(
    name="declutter",
    cls=Commands,
    add_completion=False,
    no_args_is_help=True,
    # Help and errors are plain text, tracebacks Python's own: rich would read paths and page text as markup.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"declutter {__version__}")
        raise typer.Exit


@app.callback()
def declutter(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """Take the boilerplate out of web pages, and name it.

    Exit codes: 0 done, 1 some input failed (each is named on standard error, the rest is done), 2 wrong usage.

    Example: declutter clean page.html
    """
    use_utf8()


def main() -> None:
    """The entry point of the `declutter` command."""
    if sys.argv[1:2] not in (["train"], ["evaluate"]):
        # A page's products are too small for threads, and to start them costs a busy machine more than a page does.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        app()
    except BrokenPipeError:
        _close_quietly()
        sys.exit(1)
    except SystemExit:
        # What is left in the buffer meets a closed pipe here and not in the interpreter's last breath.
        try:
            sys.stdout.flush()
        except OSError:
            _close_quietly()
        raise


def run() -> None:
    """`main` for a process of its own, which ends with it: without taking down each object, which takes longer than a page."""
    gc.disable()  # until the command is imported (see Commands)
    try:
        main()
    except SystemExit as stop:
        code = 0 if stop.code is None else stop.code
        # Worker processes and other threads have an end of their own.
        if not isinstance(code, int) or "multiprocessing" in sys.modules or threading.active_count() > 1:
            raise
    else:
        code = 0
    atexit._run_exitfuncs()  # noqa: SLF001 - it has no public name
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _close_quietly() -> None:
    """Point standard output at nothing, so that closing it says nothing."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, sys.stdout.fileno())
