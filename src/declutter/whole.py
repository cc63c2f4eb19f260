"""Files that appear whole or not at all, and whether a folder takes any."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["BEFORE", "PART", "try_folder", "write_whole"]

BEFORE: Final = ".declutter-"
"""The beginning of the name of a file that is not whole yet."""

PART: Final = ".part"
"""The ending of it."""


def write_whole(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files of a folder that is there, by name; they take their names one right behind the other, when all are written.

    Raises:
        OSError: one cannot be written; then none of them has changed, unless it could not take its name.
    """
    parts = {name: folder / _part(number) for number, name in enumerate(files)}
    try:
        for name, data in files.items():
            parts[name].write_bytes(data)
        for name, part in parts.items():
            part.replace(folder / name)
    finally:
        for part in parts.values():
            with suppress(OSError):
                part.unlink(missing_ok=True)


def try_folder(folder: Path) -> None:
    """Make a folder and a file in it, and take both away again, so that what takes long does not end for want of it.

    Raises:
        OSError: it cannot be made, or takes no file.
    """
    made: list[Path] = []
    try:
        for place in [*reversed(folder.parents), folder]:
            if not place.is_dir():
                place.mkdir()
                made.append(place)
        probe = folder / _part(0)
        probe.write_bytes(b"")
        probe.unlink()
    finally:
        for place in reversed(made):
            with suppress(OSError):  # somebody else has put something there meanwhile
                place.rmdir()


def _part(number: int) -> str:
    # By process and thread, for two may write into one folder; short, for a long name and more would not fit the disk.
    return f"{BEFORE}{os.getpid()}-{threading.get_ident()}-{number}{PART}"
