"""What SIGTERM and the end of the terminal do to a command whose workers would outlive it."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from declutter.cli.terminal import complain

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Stopped", "heard", "stopping_clean"]

_ENDS: Final = (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM))


class Stopped(BaseException):
    """The run was told to end; no Exception, so that nothing takes it for the failure of a page.

    Attributes:
        code: the exit code that tells so.
    """

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@contextmanager
def heard(*numbers: int) -> Iterator[None]:
    """Signals end what is done meanwhile, as Stopped."""
    # Signals reach the main thread alone, and only there may be said what they do.
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _frame: Any) -> None:
        raise Stopped(128 + number)

    # What is not heard now, under nohup say, is not to be heard later either.
    wanted = [n for n in numbers if signal.getsignal(n) not in {signal.SIG_IGN, None}]
    before = {number: signal.getsignal(number) for number in wanted}
    for number in wanted:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def stopping_clean() -> Iterator[None]:
    """SIGTERM ends what is done meanwhile the way Ctrl-C does: joblib's workers end with it, and leave nothing in shared memory.

    Raises:
        typer.Exit: it came.
    """
    try:
        with heard(*_ENDS):
            yield
    except Stopped as stopped:
        import typer  # noqa: PLC0415 - a plain `declutter clean` does without it

        complain("", "stopped")
        raise typer.Exit(stopped.code) from None
