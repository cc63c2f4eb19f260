"""Pages as lines of one file, which has its name only once it is whole, whatever ends the run.

Lines are gathered in `.NAME.part` beside it, and `.NAME.part.state` says which are there. A run that goes on takes lines from
there and from the whole file of an earlier run. In the end all stand in the order of the inputs, as if made in one run.
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from declutter.cli.outputs import PART, unwritable
from declutter.cli.sinks import done_of, output_of
from declutter.cli.state import Done, State, read_state, write_state
from declutter.cli.work import Task
from declutter.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from declutter.cli.inputs import Item
    from declutter.cli.work import Cleaned

__all__ = ["Lines"]

_STATE: Final = ".state"
_NEW: Final = ".new"


class Lines:
    """A line for each page in one file.

    Args:
        file: the file, which need not be there.
        resume: what is done is left as it is, and the state stays.

    Raises:
        InputError: nothing can be written there.
    """

    resumable = True

    def __init__(self, file: Path, *, resume: bool) -> None:
        self._file = Path(os.path.realpath(file))
        self._resume = resume
        self._part = self._beside(PART)
        self._whole_state = self._beside(_STATE)
        self._whole = read_state(self._whole_state) if resume else {}
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._state = State(self._beside(PART + _STATE), resume=resume)
            before = self._state.before
            # Behind the last line that is known there may be one that was cut off.
            end = max((done.start + done.size for done in before.values() if done.start is not None), default=0)
            there = self._part.exists()
            if not there:
                before.clear()
            self._lines = self._part.open("r+b" if there else "w+b", buffering=0)
            self._end = min(end, self._lines.seek(0, os.SEEK_END))
            self._lines.truncate(self._end)
        except OSError as error:
            raise unwritable(self._part, error) from None
        self._keys: dict[Item, str] = {}
        # Where the line of each page is: in the part or in the whole file, start, size.
        self._places: dict[str, tuple[bool, int, int]] = {}

    def tasks(self, items: Sequence[Item]) -> list[Task | InputError]:
        """As in Sink."""
        tasks: list[Task | InputError] = []
        seen: Counter[str] = Counter()
        for item in items:
            seen[item.name] += 1
            # Members of one archive may have one name.
            key = self._keys[item] = item.name if seen[item.name] == 1 else f"{item.name}\n{seen[item.name]}"
            done, file = self._state.before.pop(key, None), self._part
            if done is None:
                done, file = self._whole.pop(key, None), self._file
            tasks.append(Task(item) if done is None or done.start is None else Task(item, file, done))
        return tasks

    def take(self, task: Task, cleaned: Cleaned) -> None:
        """As in Sink."""
        key, before = self._keys[task.item], cleaned.before
        if before is not None and before.start is not None:
            self._places[key] = (task.file == self._part, before.start, before.size)
            return
        line, start = output_of(cleaned), self._end
        try:
            self._lines.seek(start)
            if self._lines.write(line) != len(line):
                raise InputError(f"{self._part} cannot be written (no space): look at the disk")
        except OSError as error:
            raise unwritable(self._part, error) from None
        self._state.add(key, done_of(cleaned, line, start))
        self._end = start + len(line)
        self._places[key] = (True, start, len(line))

    def finish(self) -> None:
        """As in Sink."""
        order = [(key, *self._places[key]) for key in self._keys.values() if key in self._places]
        try:
            self._lines.truncate(self._end)
            whole = self._file.stat().st_size if self._file.exists() else -1
            new = None
            if not _in_a_row(order, self._end, of_part=True) and not _in_a_row(order, whole, of_part=False):
                new = self._written_anew(order)
            self._lines.close()
            # The state before the file: cut off between them, all is still in the part.
            self._keep_state(order)
            if new is not None:
                new.replace(self._file)
            elif _in_a_row(order, self._end, of_part=True):
                self._part.replace(self._file)
            self._part.unlink(missing_ok=True)
        except OSError as error:
            raise unwritable(self._file, error) from None
        self._state.close(keep=False)

    def stop(self) -> None:
        """As in Sink."""
        self._lines.close()
        self._state.close(keep=True)

    def _beside(self, ending: str) -> Path:
        return self._file.with_name(f".{self._file.name}{ending}")

    def _written_anew(self, order: list[tuple[str, bool, int, int]]) -> Path:
        """All lines in order, in a file beside the whole one."""
        new = self._beside(_NEW)
        with ExitStack() as files:
            target = files.enter_context(new.open("wb"))
            whole = files.enter_context(self._file.open("rb")) if self._file.exists() else self._lines
            for _, in_part, start, size in order:
                source = self._lines if in_part else whole
                source.seek(start)
                target.write(source.read(size))
        return new

    def _keep_state(self, order: list[tuple[str, bool, int, int]]) -> None:
        if not self._resume:
            self._whole_state.unlink(missing_ok=True)
            return
        known = {True: read_state(self._state.path), False: read_state(self._whole_state)}
        entries: dict[str, Done] = {}
        end = 0
        for key, in_part, _, size in order:
            if key in known[in_part]:
                entries[key] = known[in_part][key]._replace(start=end)
            end += size
        write_state(self._whole_state, entries)


def _in_a_row(order: list[tuple[str, bool, int, int]], end: int, *, of_part: bool) -> bool:
    """Whether lines stand in a file already as they are to be, and nothing else does."""
    place = 0
    for _, in_part, start, size in order:
        if in_part != of_part or start != place:
            return False
        place += size
    return place == end
