"""Where cleaned pages go with `-o`: one file in, one file out, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from declutter.cli.inputs import Item, without_ending
from declutter.errors import InputError
from declutter.whole import BEFORE, PART, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["ENDINGS", "PART", "plan", "remove_parts", "same_file", "unwritable", "write"]

ENDINGS: Final = {"text": ".txt", "markdown": ".md", "html": ".html", "json": ".json"}
"""The ending of a file by the name of its output."""


def plan(items: Iterable[Item], folder: Path, endings: Iterable[str]) -> list[Path | InputError]:
    """The file each item is written to, or why there is none; no two get the same, and none that of an input.

    `a/page.html` becomes `a/page.txt`; where that is taken, by `a/page.htm` say, `a/page.html.txt`. Names that
    differ in case alone, or in how their characters are composed, count as the same, because on many disks they are.

    Args:
        items: the pages, in order.
        folder: the output folder.
        endings: that of the file of each item.
    """
    items = list(items)
    inputs: dict[str, list[Path]] = {}
    for path in {item.path for item in items if item.path is not None}:
        inputs.setdefault(_folded(str(_real(path))), []).append(path)
    taken: set[str] = set()
    targets: list[Path | InputError] = []
    for item, ending in zip(items, endings, strict=True):
        bare = without_ending(item.place)
        target: Path | InputError = InputError(
            "another input goes to the same file in -o: give the folder that holds both, or another -o for this one"
        )
        for name in (_ended(bare, ending), _ended(item.place, ending)):
            key = _folded(str(name))
            if key in taken:
                continue
            taken.add(key)
            target = folder / name
            if any(same_file(path, target) for path in inputs.get(_folded(str(_real(target))), ())):
                target = InputError(f"would be written over the input {target}: give another folder with -o")
            break
        targets.append(target)
    return targets


def _folded(name: str) -> str:
    """What all names have in common that some disk takes for the same (canonical caseless matching, Unicode 3.13)."""
    return normalize("NFD", normalize("NFD", name).casefold())


def same_file(one: Path, other: Path) -> bool:
    """Whether two names are those of one file, on a disk to which case or composition makes no difference too."""
    real, real_other = _real(one), _real(other)
    if real == real_other:
        return True
    if _folded(str(real)) != _folded(str(real_other)):
        return False
    try:
        # What differs in that alone is one file if the disk says so.
        return real.samefile(real_other)
    except OSError:
        return False


def _ended(place: PurePath, ending: str) -> PurePath:
    return place.with_name(place.name + ending)


def _real(path: Path) -> Path:
    """The path without links; unlike `Path.resolve` it does not fail on links that lead in a circle."""
    return Path(os.path.realpath(path))


def write(target: Path, text: str | bytes, folder: Path) -> None:
    """Write a file, text as UTF-8, under its final name only once it is whole.

    Raises:
        InputError: it leads out of the folder, or cannot be written.
    """
    try:
        if not _real(target.parent).is_relative_to(_real(folder)):
            raise InputError(f"{target} leads out of {folder}: take the link away, or give another folder with -o")
        target.parent.mkdir(parents=True, exist_ok=True)
        data = text if isinstance(text, bytes) else text.encode("utf-8", "backslashreplace")
        write_whole(target.parent, {target.name: data})
    except OSError as error:
        raise unwritable(target, error) from None


def unwritable(path: Path, error: OSError) -> InputError:
    """The error for a file that cannot be written."""
    return InputError(f"{path} cannot be written ({error.strerror or error}): look at the disk and its rights")


def remove_parts(folders: Iterable[Path]) -> None:
    """Take away what a run that was killed left half written in folders."""
    for folder in folders:
        for part in folder.glob(f"{BEFORE}*{PART}") if folder.is_dir() else ():
            part.unlink(missing_ok=True)
