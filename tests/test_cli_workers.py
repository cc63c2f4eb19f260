"""Worker processes: order, the loss of one, their end."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from declutter.cli.workers import work_through
from declutter.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator


def double(number: int) -> int:
    time.sleep(0.05 * (number == 0))
    if number == 3:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(60)
    return number * 2


def die(_: int) -> int:
    os._exit(1)


def pid(_: int) -> int:
    return os.getpid()


def lost(number: int, code: int) -> int:
    assert code == -signal.SIGTERM
    return -number


def test_results_are_in_order_and_a_killed_worker_loses_its_task_alone() -> None:
    assert list(work_through(range(40), double, lost, 2)) == [n * 2 if n != 3 else -3 for n in range(40)]


def test_workers_that_never_live_are_an_error() -> None:
    with pytest.raises(InputError, match="try again with --jobs 1"):
        list(work_through(range(40), die, lambda number, _: number, 1))


def test_tasks_are_read_as_they_are_needed_and_workers_end_with_the_run() -> None:
    taken = 0

    def tasks() -> Iterator[int]:
        nonlocal taken
        for number in range(1000):
            taken = number
            yield number

    results = work_through(tasks(), pid, lost, 1)
    worker = next(iter(results))
    assert taken < 20
    results.close()  # type: ignore[attr-defined]  # it is a generator
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
