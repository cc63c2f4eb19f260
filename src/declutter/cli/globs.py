"""Patterns for paths, `site/**/*.html` say, for shells that do not know them and for more files than a line holds."""

from __future__ import annotations

import os
from fnmatch import fnmatch
from glob import has_magic
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["find_matches", "is_pattern"]

# Any number of folders, none included.
_FOLDERS: Final = "**"


def is_pattern(name: str) -> bool:
    """Whether a name is a pattern: it has `*`, `?` or `[`, and no file has that name."""
    return has_magic(name) and not os.path.lexists(name)


def find_matches(
    pattern: str, onerror: Callable[[OSError], object], left_out: str | None = None
) -> tuple[Path, Iterator[Path]]:
    """The files that a pattern means, sorted folder by folder, and the folder that all of them lie below.

    `*`, `?` and `[a-z]` stand for characters of one name, and for a dot at its beginning only where the pattern has one
    there; `**` stands for any number of folders. Links to folders are not followed.

    Args:
        pattern: the pattern.
        onerror: told of folders that cannot be read.
        left_out: a folder that is not looked into, as `os.path.realpath` gives it.
    """
    parts = Path(pattern).parts
    fixed = next(place for place, part in enumerate(parts) if has_magic(part))
    base = Path(*parts[:fixed])
    return base, _walk(base, parts[fixed:], onerror, left_out)


def _walk(
    base: Path, pattern: Sequence[str], onerror: Callable[[OSError], object], left_out: str | None
) -> Iterator[Path]:
    for place, folders, files in os.walk(base, onerror=onerror):
        here = Path(place)
        below = here.relative_to(base).parts
        folders[:] = sorted(
            name for name in folders if _leads_on((*below, name), pattern) and os.path.realpath(here / name) != left_out
        )
        yield from (here / name for name in sorted(files) if _fits((*below, name), pattern))


def _fits(names: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether the names of a file and of the folders above it are those of a pattern."""
    return len(pattern) in _reached(names, pattern)


def _leads_on(names: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether files below a folder can fit."""
    return any(place < len(pattern) for place in _reached(names, pattern))


def _reached(names: Sequence[str], pattern: Sequence[str]) -> set[int]:
    """The places of a pattern that names can have come to: linear in both, where trying one by one would not be."""
    reached = _past_folders({0}, pattern)
    for name in names:
        reached = _past_folders({after for place in reached for after in _after(name, place, pattern)}, pattern)
    return reached


def _after(name: str, place: int, pattern: Sequence[str]) -> Iterator[int]:
    if place == len(pattern):
        return
    part = pattern[place]
    if name.startswith(".") and not part.startswith("."):
        return
    if part == _FOLDERS:
        yield place
    elif fnmatch(name, part):
        yield place + 1


def _past_folders(places: set[int], pattern: Sequence[str]) -> set[int]:
    """Places, and those behind each `**` there: it may stand for nothing."""
    reached = set(places)
    for place in range(len(pattern)):
        if place in reached and pattern[place] == _FOLDERS:
            reached.add(place + 1)
    return reached
