"""The command line: `declutter` and its commands, each a thin layer over the library."""

from __future__ import annotations

import atexit
import errno
import gc
import io
import os
import sys
import threading
from typing import TYPE_CHECKING, Any, Final, NoReturn

from declutter.cli.plain import clean_plainly, is_plain

if TYPE_CHECKING:
    from declutter.cli.program import app

__all__ = ["app", "main", "run"]

# Of a stream; where a file cannot be written, the error has its name.
_UNWRITABLE: Final = {errno.EBADF, errno.EFBIG, errno.EIO, errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


def __getattr__(name: str) -> Any:
    """`app`, the program with all commands, imported when it is asked for: typer costs more time than a page."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from declutter.cli.program import app  # noqa: PLC0415 - see above

    return app


def main() -> None:
    """The entry point of the `declutter` command."""
    _open_streams()
    if sys.argv[1:2] not in (["train"], ["evaluate"]):
        # A page's products are too small for threads, and to start them costs a busy machine more than a page does.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        if is_plain(sys.argv[1:]):
            clean_plainly(sys.argv[2:])
        else:
            from declutter.cli.program import app  # noqa: PLC0415 - see __getattr__

            app()
        sys.stdout.flush()
    except KeyboardInterrupt:
        sys.exit(130)  # as typer says it; while something is imported, or standard input awaited
    except BrokenPipeError:
        _close_quietly()
        sys.exit(1)
    except OSError as error:
        if error.errno not in _UNWRITABLE or error.filename is not None:
            raise
        _end_without_output(error)
    except SystemExit:
        # What is left in the buffer meets a closed pipe or a full disk here and not in the interpreter's last breath.
        problem = _output_problem()
        if isinstance(problem, BrokenPipeError):
            _close_quietly()
        elif problem is not None:
            _end_without_output(problem)
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


def _open_streams() -> None:
    """Where standard streams are closed, open some: to read or write them fails, but complaints vanish."""
    # The lowest number that is free is given: it is that of the closed stream, which no file of a run then gets.
    if sys.stdin is None:
        sys.stdin = os.fdopen(os.open(os.devnull, os.O_WRONLY))
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w")
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    # A console of Windows writes otherwise than a file.
    elif (
        sys.stderr is sys.__stderr__
        and isinstance(sys.stderr, io.TextIOWrapper)
        and type(getattr(sys.stderr.buffer, "raw", sys.stderr.buffer)) is io.FileIO
    ):
        file = io.BufferedWriter(_Complaints(sys.stderr.fileno(), "w", closefd=False))
        sys.stderr = io.TextIOWrapper(file, sys.stderr.encoding, sys.stderr.errors, line_buffering=True)


class _Complaints(io.FileIO):
    """Standard error, whose disk may be full or whose reader gone: what cannot be written there vanishes, and the run goes on."""

    def write(self, data: Any) -> int:
        """Write, or say so."""
        try:
            written: int | None = super().write(data)
        except OSError:
            written = None
        return len(data) if written is None else written


def _output_problem() -> OSError | None:
    """Why standard output cannot be written; None where it can."""
    try:
        sys.stdout.flush()
    except OSError as error:
        return error
    return None


def _end_without_output(problem: OSError) -> NoReturn:
    from declutter.cli.terminal import complain  # noqa: PLC0415 - see __getattr__

    _close_quietly()
    complain(
        "", f"standard output cannot be written ({problem.strerror}): look at where it goes, or write files with -o"
    )
    sys.exit(1)


def _close_quietly() -> None:
    """Point standard output at nothing, so that closing it says nothing."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, sys.stdout.fileno())
