"""The command line: `declutter` and its commands, each a thin layer over the library."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

from declutter.cli.plain import clean_plainly, is_plain

if TYPE_CHECKING:
    from declutter.cli.program import app

__all__ = ["app", "main", "run"]


def __getattr__(name: str) -> Any:
    """`app`, the program with all commands, imported when it is asked for: typer costs more time than a page."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from declutter.cli.program import app  # noqa: PLC0415 - see above

    return app


def main() -> None:
    """The entry point of the `declutter` command."""
    if sys.argv[1:2] not in (["train"], ["evaluate"]):
        # A page's products are too small for threads, and to start them costs a busy machine more than a page does.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        if is_plain(sys.argv[1:]):
            clean_plainly(sys.argv[2:])
        else:
            from declutter.cli.program import app  # noqa: PLC0415 - see __getattr__

            app()
    except KeyboardInterrupt:
        sys.exit(130)  # as typer says it; while something is imported, or standard input awaited
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
