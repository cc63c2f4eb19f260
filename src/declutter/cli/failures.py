"""What failed in a run: named on standard error, and where it is wanted in a file of JSON lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from declutter.cli.outputs import write
from declutter.cli.terminal import complain
from declutter.render.outputs import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Failures"]


class Failures:
    """Gathers what failed.

    Args:
        file: where to write it in the end, a line each, over what an earlier run wrote; None for nowhere.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lines: list[str] = []
        self.count = 0

    def add(self, name: str, message: str) -> None:
        """Name an input that failed, with the mend."""
        complain(name, message)
        self.count += 1
        if self._file is not None:
            record = {"schema": SCHEMA, "file": name, "error": message}
            self._lines.append(json.dumps(record, ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Write the file, an empty one where nothing failed.

        Raises:
            InputError: it cannot be written.
        """
        if self._file is not None:
            write(self._file, "".join(self._lines), self._file.parent)
