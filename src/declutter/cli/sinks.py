"""Where cleaned pages go: to standard output, a file each below a folder, or a line each in one file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from declutter.cli.outputs import ENDINGS, plan, remove_parts, write
from declutter.cli.state import Done, State, digest_of
from declutter.cli.terminal import put, put_bytes, shown_name, writes_to_terminal
from declutter.cli.work import Task
from declutter.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from declutter.cli.inputs import Item
    from declutter.cli.work import Cleaned, Settings

__all__ = ["STATE", "Folder", "Sink", "Stream", "done_of", "output_of"]

STATE: Final = ".declutter.state"
"""The file in an output folder that says what is done."""

# No server tells a browser the encoding of a file, and without a doctype it would be laid out in quirks mode.
_HEAD: Final = b'<!DOCTYPE html>\n<meta charset="utf-8">\n'


class Sink(Protocol):
    """Takes what becomes of pages, in order.

    Attributes:
        resumable: a run that was stopped can be gone on with.
    """

    resumable: bool

    def tasks(self, items: Sequence[Item]) -> list[Task | InputError]:
        """What is to be done for each page, or why it cannot be."""

    def take(self, task: Task, cleaned: Cleaned) -> None:
        """Hand over a page that was cleaned, or that was done before.

        Raises:
            InputError: it cannot be written.
        """

    def finish(self) -> None:
        """All pages are handed over.

        Raises:
            InputError: the whole cannot be written.
        """

    def stop(self) -> None:
        """The run ends before its end."""


def output_of(cleaned: Cleaned) -> bytes:
    """The bytes of a cleaned page in a file: its own, or lines of UTF-8."""
    if cleaned.data is not None:
        return cleaned.data
    text = cleaned.text or ""
    whole = f"{text}\n" if text and not text.endswith("\n") else text
    return whole.encode("utf-8", "backslashreplace")


def done_of(cleaned: Cleaned, output: bytes, start: int | None = None) -> Done:
    """What is known of a page once its output is written."""
    size, digest = len(output), digest_of(output)
    return Done(cleaned.source, digest, start, size, cleaned.words, cleaned.address, cleaned.matched)


class Stream:
    """Standard output.

    Args:
        named: a line with its name stands before each page.
    """

    resumable = False

    def __init__(self, *, named: bool) -> None:
        self._named = named

    def tasks(self, items: Sequence[Item]) -> list[Task | InputError]:
        """As in Sink."""
        return [Task(item) for item in items]

    def take(self, task: Task, cleaned: Cleaned) -> None:
        """As in Sink."""
        if cleaned.data is not None and not writes_to_terminal():
            put_bytes(cleaned.data)
            return
        if self._named:
            put(f"==> {shown_name(task.item.name)} <==\n")
        put(cleaned.text or "")

    def finish(self) -> None:
        """As in Sink."""

    def stop(self) -> None:
        """As in Sink."""


class Folder:
    """A file for each page below a folder.

    Args:
        folder: the folder, which is there.
        settings: how pages are cleaned.
        resume: what is done is left as it is, and the state stays.

    Raises:
        InputError: nothing can be written there.
    """

    resumable = True

    def __init__(self, folder: Path, settings: Settings, *, resume: bool) -> None:
        self._folder = folder
        self._settings = settings
        self._resume = resume
        self._targets: dict[Item, Path] = {}
        self._state = State(folder / STATE, resume=resume)

    def tasks(self, items: Sequence[Item]) -> list[Task | InputError]:
        """As in Sink."""
        tasks: list[Task | InputError] = []
        endings = [ENDINGS[self._settings.output_of(item)] for item in items]
        for item, target in zip(items, plan(items, self._folder, endings), strict=True):
            if isinstance(target, InputError):
                tasks.append(target)
                continue
            self._targets[item] = target
            done = self._state.before.pop(self._key(target), None)
            tasks.append(Task(item, target, done) if done is not None and done.start is None else Task(item))
        if self._resume:
            remove_parts({target.parent for target in self._targets.values()})
        return tasks

    def take(self, task: Task, cleaned: Cleaned) -> None:
        """As in Sink."""
        if cleaned.before is not None:
            return
        target, output = self._targets[task.item], output_of(cleaned)
        if self._settings.output_of(task.item) == "html" and self._settings.scope == "content":
            output = _HEAD + output
        write(target, output, self._folder)
        self._state.add(self._key(target), done_of(cleaned, output))

    def finish(self) -> None:
        """As in Sink."""
        self._state.close(keep=self._resume)

    def stop(self) -> None:
        """As in Sink."""
        self._state.close(keep=True)

    def _key(self, target: Path) -> str:
        return target.relative_to(self._folder).as_posix()
