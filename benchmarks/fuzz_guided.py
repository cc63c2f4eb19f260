"""The checks of `make fuzz` on pages that libFuzzer grows by the branches of declutter that they reach. `make fuzz-guided`.

    python benchmarks/fuzz_guided.py [--cases 200000] [--seconds S] [--seed 1] [--jobs 1]

It begins with pieces of pages, as `make fuzz` does, most of them short, and keeps what reaches branches that no page before
reached. Branches are those of Python. The bytes of a page choose what is done with it, so that many pages see some checks instead
of few seeing all: half are only read and cut into blocks, by the pure forms; the others are labelled and written as text, Markdown
and HTML, one in four by the pure forms; of one in four of them the record, metadata, places and boxes are asked for. What fails is written to `.cache/fuzz`, and
the run goes on; `fuzz.py FILE` says again what fails, with all checks and both forms. Grown pages stay in `.cache/fuzz-grown`,
from which the next run goes on, and which the processes of a run share. A process does so many cases at most, since libFuzzer
for Python keeps some memory of each, and the next one begins with the pieces and the grown pages again, which are counted.
How far it is stands on standard error, the log of libFuzzer in `.cache/fuzz-guided-JOB.log`.
"""

from __future__ import annotations

import argparse
import contextlib
import math
import os
import queue
import re
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fuzz import FINDINGS, Fuzzing
from fuzz_cases import ROOT, WORDS, make_case

if TYPE_CHECKING:
    from collections.abc import Sequence

GROWN: Final = ROOT / ".cache" / "fuzz-grown"
SEEDS: Final = ROOT / ".cache" / "fuzz-seeds"
_WORDS: Final = ROOT / ".cache" / "fuzz-words"
_WORKER: Final = Path(__file__).with_name("fuzz_worker.py")
# Pieces that a run begins with. Most are short, since short pages are quick; long ones reach what short ones cannot.
_PIECES: Final = 1200
_LONGEST: Final = 6000
# Seconds of one case after which libFuzzer ends the process.
_STUCK: Final = 60
# Cases of one process at most; it keeps some 20 KB of each.
_ROUND: Final = 50_000
# Processes that may die before the run is given up.
_DEATHS: Final = 10
# Seconds between two looks at what the processes tell.
_LOOK: Final = 0.5


@dataclass
class Job:
    """One process after another, until its share of the cases is done."""

    number: int
    cases: int
    seed: int
    tells: queue.Queue[tuple[Job, str]]
    done: int = 0
    deaths: int = 0
    round: int = 0
    told: int = 0
    process: subprocess.Popen[str] | None = field(default=None, repr=False)

    @property
    def log(self) -> Path:
        """Where libFuzzer writes to."""
        return ROOT / ".cache" / f"fuzz-guided-{self.number}.log"

    def start(self, seconds: float) -> None:
        """Start the next process, for so many seconds at most."""
        self.told = 0
        self.round += 1
        options = [
            f"-runs={min(self.cases - self.done, _ROUND)}",
            f"-max_total_time={math.ceil(seconds)}",
            f"-max_len={_LONGEST}",
            f"-timeout={_STUCK}",
            f"-report_slow_units={_STUCK}",
            f"-dict={_WORDS}",
            f"-artifact_prefix={FINDINGS}/",
            f"-seed={self.seed * 1000 + self.number * 100 + self.round}",
            "-rss_limit_mb=4096",
            "-reload=30",
            str(GROWN),
            str(SEEDS),
        ]
        with self.log.open("w" if self.round == 1 else "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, str(_WORKER), *options],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
                errors="replace",
                # One thread a process, or they would stand in each other's way.
                env={"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **os.environ},
            )
        threading.Thread(target=self._listen, args=(self.process,), daemon=True).start()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process:
            for line in process.stdout:
                self.tells.put((self, line.rstrip("\n")))
        self.tells.put((self, "ended"))

    def counted(self) -> int:
        """Cases of the last process, as libFuzzer tells at its end."""
        return self._last(r"^Done (\d+) runs", self.told)

    def reached(self) -> int:
        """Branches that have been reached, as libFuzzer tells."""
        return self._last(r"\bcov: (\d+)", 0)

    def _last(self, pattern: str, default: int) -> int:
        found = re.findall(pattern, self.log.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
        return int(found[-1]) if found else default


@dataclass
class Guided(Fuzzing):
    """What a guided run has done so far."""

    deadline: float = float("inf")

    def hear(self, job: Job, said: str) -> None:
        """Take in a line of a process."""
        match said.split(" ", 2):
            case ["cases", told]:
                self._done(job, int(told))
            case ["failed", path, problem]:
                self._failed(path, problem)
            case ["ended"] if job.process is not None:
                code = job.process.returncode
                job.process = None
                if code == 0:
                    self._done(job, job.counted())
                else:
                    job.deaths += 1
                    self._failed(
                        str(job.log), f"a process ended with {code}; its case is the newest file of {self.folder}"
                    )

    def _done(self, job: Job, told: int) -> None:
        self.cases += told - job.told
        job.done += told - job.told
        job.told = told

    def _failed(self, path: str, problem: str) -> None:
        self.found.append((len(self.found), problem))
        print(f"{problem} ({path})", flush=True)


def prepare(seed: int) -> None:
    """Write pieces of pages to begin with, and the words that are put in."""
    for folder in (GROWN, SEEDS, FINDINGS):
        folder.mkdir(parents=True, exist_ok=True)
    for number in range(_PIECES):
        case = make_case(seed, number, short=True)
        data = case.encode("utf-8", "replace") if isinstance(case, str) else case
        (SEEDS / str(number)).write_bytes(data[:_LONGEST])
    escaped = (word.replace("\\", "\\\\").replace('"', '\\"') for word in WORDS)
    _WORDS.write_text("".join(f'"{word}"\n' for word in escaped if word.isascii()), encoding="ascii")


def run(guided: Guided, jobs: Sequence[Job]) -> None:
    """Run jobs side by side until their cases or the time are over."""
    tells = jobs[0].tells
    try:
        while True:
            for job in jobs:
                left = guided.deadline - time.monotonic()
                if job.process is None and job.done < job.cases and job.deaths < _DEATHS and left >= 1:
                    # 0 stands for no end.
                    job.start(0 if left == float("inf") else left)
            if all(job.process is None for job in jobs):
                return
            with contextlib.suppress(queue.Empty):
                guided.hear(*tells.get(timeout=_LOOK))
            guided.report()
    finally:
        for job in jobs:
            if job.process is not None:
                job.process.terminate()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, say what was found; 1 where anything was."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=200_000, help="how many")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so many")
    parser.add_argument("--seed", type=int, default=1, help="another seed begins with other pieces")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    given = parser.parse_args(arguments)
    prepare(given.seed)
    guided = Guided(given.seed, given.cases, FINDINGS)
    guided.deadline = guided.started + given.seconds
    tells: queue.Queue[tuple[Job, str]] = queue.Queue()
    shares = [len(range(number, given.cases, given.jobs)) for number in range(given.jobs)]
    jobs = [Job(number, share, given.seed, tells) for number, share in enumerate(shares) if share]
    if jobs:
        run(guided, jobs)
    guided.report(now=True)
    reached = max((job.reached() for job in jobs), default=0)
    seconds = time.monotonic() - guided.started
    print(f"{guided.cases:,} cases in {seconds:.0f} seconds, {reached:,} branches reached, {len(guided.found)} failed")
    return 1 if guided.found else 0


if __name__ == "__main__":
    sys.exit(main())
