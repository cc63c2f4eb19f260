"""A few processes that work through many tasks, results in order.

Each has a pipe of its own to this process, which tells three things that a shared queue of results, as
`concurrent.futures` and joblib have it, does not: which task a worker was on when it was killed (it alone is lost, and the
others go on in a new worker); that this process is gone (its end of the pipe closes, and no worker outlives it); and that a
worker can be ended at any moment without another waiting forever for the rest of its message. Measured beside it: a killed parent left its workers running with both;
joblib ended the whole run with one killed worker, and was not gone 15 seconds after Ctrl-C. Time a page is the same.
"""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager, suppress
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, cast

from declutter.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection

__all__ = ["work_through"]

# Results that may wait for an earlier one, a worker: memory stays flat, and a slow page seldom stops the others.
_WINDOW: Final = 16
# Workers that end one after another without a single result: it is not for their pages.
_MOST_DEATHS: Final = 5
# Seconds from the end of the pipe to the end of the process.
_FAREWELL: Final = 5

Task = TypeVar("Task")
Result = TypeVar("Result")


def work_through(
    tasks: Iterable[Task], do: Callable[[Task], Result], lost: Callable[[Task, int], Result], jobs: int
) -> Iterator[Result]:
    """Do tasks in other processes.

    Args:
        tasks: what is to be done; read as it is needed.
        do: does one. It and the tasks go to other processes, and it raises nothing.
        lost: gives a result for one whose worker ended on it; called with its exit code too, -9 where it was killed by signal 9.
        jobs: processes.

    Raises:
        InputError: no worker lives long enough to do anything.
    """
    # One thread a worker, or they would stand in each other's way.
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    waiting = enumerate(tasks)
    workers: list[_Worker[Task, Result]] = [_Worker(do) for _ in range(jobs)]
    results: dict[int, Result] = {}
    taken = given = deaths = 0
    try:
        while True:
            for worker in workers:
                if worker.task is None and taken < given + _WINDOW * jobs and (task := next(waiting, None)) is not None:
                    worker.give(*task)
                    taken += 1
            busy = {worker.connection: worker for worker in workers if worker.task is not None}
            if not busy:
                return
            ready = set(wait(list(busy)))
            for worker in [worker for connection, worker in busy.items() if connection in ready]:
                number, task_done = worker.number, cast("Task", worker.task)
                try:
                    results[number] = worker.result()
                    deaths = 0
                except (EOFError, OSError):
                    deaths += 1
                    if deaths >= _MOST_DEATHS:
                        raise InputError(
                            "worker processes end as soon as they start: try again with --jobs 1"
                        ) from None
                    results[number] = lost(task_done, worker.start_again())
            while given in results:
                yield results.pop(given)
                given += 1
    finally:
        for worker in workers:
            worker.end()


class _Worker(Generic[Task, Result]):
    """A process and this end of its pipe; `task` is what it is on, None where it waits."""

    connection: Connection
    task: Task | None

    def __init__(self, do: Callable[[Task], Result]) -> None:
        self._do = do
        self._start()

    def _start(self) -> None:
        self.task = None
        # Fresh processes: a forked one could inherit a lock that a thread of the progress bar holds.
        context = get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._do), daemon=True)
        with _deaf():
            self._process.start()
        theirs.close()

    def give(self, number: int, task: Task) -> None:
        """Set it a task."""
        self.number, self.task = number, task
        # A worker that is dead is found out by its missing result.
        with suppress(OSError):
            self.connection.send(task)

    def result(self) -> Result:
        """What it made of its task; waits for it.

        Raises:
            EOFError: it is dead; OSError as well.
        """
        result: Result = self.connection.recv()
        self.task = None
        return result

    def start_again(self) -> int:
        """Put a new process in the place of a dead one, whose exit code it gives."""
        self._process.join(_FAREWELL)
        self.end()
        code = self._process.exitcode or 0
        self._start()
        return code

    def end(self) -> None:
        """End the process at once, whatever it is doing."""
        self.connection.close()
        self._process.kill()
        self._process.join()


def _serve(connection: Connection, do: Callable[[Any], Any]) -> None:
    """The life of a worker, as long as the other end of its pipe is there."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        while True:
            connection.send(do(connection.recv()))


@contextmanager
def _deaf() -> Iterator[None]:
    """What is started meanwhile never hears Ctrl-C: this process does, and ends it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Started with the first worker, it would open this process's ears again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
