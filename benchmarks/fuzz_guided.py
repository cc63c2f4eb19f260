"""The checks of `make fuzz` on pages that libFuzzer grows by the lines of declutter that they reach. `make fuzz-guided`.

    python benchmarks/fuzz_guided.py [--cases 200000] [--seconds S]

It begins with pieces of pages, as `make fuzz` does, and keeps what reaches lines or branches that no page before reached. Coverage
is that of Python, so the pure forms run (the compiled ones are held to them by `make fuzz` and the tests). What fails is written to
`.cache/fuzz`; `fuzz.py FILE` says again what fails. Grown pages stay in `.cache/fuzz-grown`, from which the next run goes on.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from itertools import count
from typing import TYPE_CHECKING, Final

os.environ["DECLUTTER_PURE"] = "1"

import atheris

if TYPE_CHECKING:
    from pathlib import Path

# What the checks run; training, measuring and the command line do not.
_LEFT_OUT: Final = ("corpus", "training", "measure", "cli", "annotate", "inspect", "adapt", "__main__")

with atheris.instrument_imports(include=["declutter"]):
    import declutter

    for found in pkgutil.walk_packages(declutter.__path__, "declutter."):
        if found.name.split(".")[1] not in _LEFT_OUT and not found.name.startswith("declutter._"):
            importlib.import_module(found.name)
    from fuzz import FINDINGS, examine
    from fuzz_cases import ROOT, WORDS, make_case

GROWN: Final = ROOT / ".cache" / "fuzz-grown"
SEEDS: Final = ROOT / ".cache" / "fuzz-seeds"
# Pieces that a first run begins with.
_PIECES: Final = 400
_LONGEST: Final = 6000
# Seconds of one case after which libFuzzer ends the run.
_STUCK: Final = 60


_numbers = count()


def check(data: bytes) -> None:
    """What libFuzzer calls with each page.

    Raises:
        AssertionError: something is wrong with what comes of it.
    """
    if problem := examine(data, next(_numbers)):
        raise AssertionError(problem)


def prepare() -> Path:
    """Write pieces of pages to begin with, and the words that are put in; the file of these."""
    for folder in (GROWN, SEEDS, FINDINGS):
        folder.mkdir(parents=True, exist_ok=True)
    for number in range(_PIECES):
        case = make_case(1, number)
        (SEEDS / str(number)).write_bytes(case.encode("utf-8", "replace") if isinstance(case, str) else case)
    words = ROOT / ".cache" / "fuzz-words"
    escaped = (word.replace("\\", "\\\\").replace('"', '\\"') for word in WORDS)
    words.write_text("".join(f'"{word}"\n' for word in escaped if word.isascii()), encoding="ascii")
    return words


def main() -> None:
    """Run; libFuzzer ends the process, with 77 where anything was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=200_000, help="how many")
    parser.add_argument("--seconds", type=int, default=0, help="stop after so many; 0 for all cases")
    given = parser.parse_args()
    options = [
        f"-runs={given.cases}",
        f"-max_total_time={given.seconds}",
        f"-max_len={_LONGEST}",
        f"-timeout={_STUCK}",
        f"-dict={prepare()}",
        f"-artifact_prefix={FINDINGS}/",
        "-rss_limit_mb=4096",
        "-print_final_stats=1",
        str(GROWN),
        str(SEEDS),
    ]
    atheris.Setup([sys.argv[0], *options], check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
