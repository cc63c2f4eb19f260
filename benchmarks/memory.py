"""Peak memory of each tool over the same pages, each in a process of its own. Part of `make bench-speed`.

python benchmarks/memory.py TOOL FOLDER     # what the process held at most, in bytes, over the pages of a folder
"""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from contenders import call_of, quiet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["NOTHING", "peaks"]

NOTHING: Final = "nothing, the pages are read"
"""A process that imports what all need and reads the pages: what of a peak is not the tool's."""


def peak() -> int:
    """Bytes that this process has held at most.

    Linux tells it of the process alone; what getrusage says there holds also what the parent had before it was started.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        found = re.search(r"^VmHWM:\s+(\d+) kB$", status.read_text(encoding="utf-8"), re.MULTILINE)
        assert found is not None
        return int(found[1]) * 1024
    import resource  # noqa: PLC0415 - not everywhere

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def peaks(names: Sequence[str], pages: Iterable[bytes]) -> dict[str, int | None]:
    """Bytes at most of each tool, and of NOTHING; None for one whose process ended early."""
    with tempfile.TemporaryDirectory() as folder:
        for number, html in enumerate(pages):
            (Path(folder) / f"{number:05}.html").write_bytes(html)
        found: dict[str, int | None] = {}
        for name in (NOTHING, *names):
            done = subprocess.run(  # noqa: S603 - this program, on pages of a corpus
                [sys.executable, __file__, name, folder], capture_output=True, text=True, check=False
            )
            found[name] = int(done.stdout) if done.returncode == 0 else None
    return found


def main(name: str, folder: str) -> None:
    """Run in a process of its own by `peaks`."""
    quiet()
    call = len if name == NOTHING else call_of(name)
    for path in sorted(Path(folder).iterdir()):
        # A page that a tool fails on has cost memory all the same.
        with contextlib.suppress(Exception):
            call(path.read_bytes())
    print(peak())


if __name__ == "__main__":
    main(*sys.argv[1:])
