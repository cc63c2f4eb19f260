"""A run over the pages of `declutter clean`: each is cleaned and handed over, and what fails stops no other."""

from __future__ import annotations

import signal
from contextlib import closing
from itertools import groupby
from typing import TYPE_CHECKING

from declutter.cli.inputs import Failed, Item
from declutter.cli.stopping import Stopped, heard
from declutter.cli.summary import Summary
from declutter.cli.tally import Tally
from declutter.cli.terminal import STYLES, bar, complain, print_table
from declutter.cli.work import clean_all
from declutter.errors import InputError
from declutter.labels import CHROME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from declutter.cli.failures import Failures
    from declutter.cli.sinks import Sink
    from declutter.cli.work import Cleaned, Settings, Task

__all__ = ["Stopped", "run"]


def run(
    found: Sequence[Item | Failed],
    sink: Sink,
    settings: Settings,
    jobs: int,
    failures: Failures,
    *,
    watched: bool,
    summed: bool,
) -> None:
    """Clean pages and hand them over, in order.

    Args:
        found: the inputs.
        sink: where pages go.
        settings: how they are cleaned.
        jobs: processes.
        failures: told what fails.
        watched: show progress, on a terminal.
        summed: say in the end how many there were.

    Raises:
        InputError: nothing can be done at all.
        Stopped: by Ctrl-C or SIGTERM; what was done until then is whole, and no worker is left.
    """
    summary, tally = Summary(), Tally(settings.keep, settings.strip, settings.book)
    done = total = 0
    finished = False
    try:
        with heard(signal.SIGINT, signal.SIGTERM):
            tasks = _planned(found, sink, failures)
            total = len(tasks)
            with (
                bar("cleaning", wanted=watched and total > 1) as advance,
                closing(clean_all(tasks, settings, jobs)) as results,  # which ends the workers
            ):
                for task, cleaned in zip(tasks, results, strict=True):
                    if _handed_over(task, cleaned, sink, failures):
                        summary.add(cleaned)
                        tally.add(cleaned.address, cleaned.matched)
                        if settings.removed and cleaned.before is None:
                            _show_removed(task.item.name, cleaned)
                    done += 1
                    advance(done, total)
            sink.finish()
            finished = True
    except Stopped:
        how = ": the same command with --resume goes on from here" if sink.resumable else ""
        complain("", f"stopped after {done:,} of {total:,} pages{how}")
        raise
    finally:
        if not finished:
            sink.stop()
        failures.close()
    for line in tally.summary():
        complain("", line)
    if summed:
        for line in summary.lines(failures.count):
            complain("", line)


def _planned(found: Sequence[Item | Failed], sink: Sink, failures: Failures) -> list[Task]:
    items = []
    for entry in found:
        if isinstance(entry, Failed):
            failures.add(entry.name, entry.message)
        else:
            items.append(entry)
    tasks = []
    for item, task in zip(items, sink.tasks(items), strict=True):
        if isinstance(task, InputError):
            failures.add(item.name, str(task))
        else:
            tasks.append(task)
    return tasks


def _handed_over(task: Task, cleaned: Cleaned, sink: Sink, failures: Failures) -> bool:
    if cleaned.problem:
        failures.add(task.item.name, cleaned.problem)
        return False
    try:
        sink.take(task, cleaned)
    except InputError as error:
        failures.add(task.item.name, str(error))
        return False
    return True


def _show_removed(name: str, cleaned: Cleaned) -> None:
    """A table of the blocks that went, grouped by label in the labels' order."""
    order = {str(label): place for place, label in enumerate(CHROME)}
    rows: list[list[str | tuple[str, str]]] = []
    for label, group in groupby(sorted(cleaned.removed, key=lambda row: order[row[0]]), key=lambda row: row[0]):
        for place, (_, score, text) in enumerate(group):
            rows.append([(label if place == 0 else "", STYLES[label]), f"{score:.2f}", " ".join(text.split())])
    print_table(
        (("label", "fixed"), ("score", "right"), ("removed", "cut")),
        rows,
        title=f"{name}: {len(cleaned.removed)} of {cleaned.blocks} blocks removed",
        to_stderr=True,
    )
