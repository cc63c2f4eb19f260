"""A process of `make fuzz-guided`: libFuzzer, with declutter made to tell which branches it takes. What fuzz_guided.py calls.

    python benchmarks/fuzz_worker.py OPTION-OF-LIBFUZZER...

To standard output it tells how many cases it has done, and what fails; libFuzzer writes its log to standard error.
"""

from __future__ import annotations

import gc
import hashlib
import importlib
import pkgutil
import re
import sys
import time
from collections import Counter
from typing import Final

import atheris

# What the checks run; training, measuring and the command line do not, and are not imported.
_LEFT_OUT: Final = ("corpus", "training", "measure", "cli", "annotate", "inspect", "adapt", "__main__")

with atheris.instrument_imports(include=["declutter"]):
    import declutter

    for found in pkgutil.iter_modules(declutter.__path__, "declutter."):
        if found.name.split(".")[1] in _LEFT_OUT or found.name.startswith("declutter._"):
            continue
        module = importlib.import_module(found.name)
        for inner in pkgutil.walk_packages(module.__path__, f"{found.name}.") if found.ispkg else ():
            importlib.import_module(inner.name)
    from fuzz import FINDINGS, examine_share

# Seconds between two times that it tells how many.
_TELL: Final = 0.5
# Findings of a kind that are stored.
_OF_A_KIND: Final = 3


class Worker:
    """What libFuzzer calls with each page."""

    def __init__(self) -> None:
        self._cases = 0
        self._told = 0.0
        self._kinds: Counter[str] = Counter()

    def check(self, data: bytes) -> None:
        """Store the page where something is wrong with what comes of it; the run goes on."""
        problem = examine_share(data)
        self._cases += 1
        if problem:
            self._store(data, problem)
        if time.monotonic() - self._told > _TELL:
            self._told = time.monotonic()
            print(f"cases {self._cases}", flush=True)

    def _store(self, data: bytes, problem: str) -> None:
        kind = re.sub(r"\d+|'.*'", "", problem)
        self._kinds[kind] += 1
        if self._kinds[kind] <= _OF_A_KIND:
            path = FINDINGS / f"guided-{hashlib.sha256(data).hexdigest()[:12]}.html"
            path.write_bytes(data)
            print("failed", path, problem.replace("\n", " "), flush=True)


def main() -> None:
    """Run; libFuzzer ends the process."""
    worker = Worker()
    examine_share(b"<p>what is loaded at a first page")
    # What is loaded stays, and is not looked through again with each page.
    gc.collect()
    gc.freeze()
    atheris.Setup(sys.argv, worker.check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
