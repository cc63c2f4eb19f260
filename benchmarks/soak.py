"""`make soak`: memory of long runs, and what a second process gains.

Copies of real pages of WCXB, those whose hashes are the lowest, go through `predict_many(n_jobs=2)` and through
`declutter clean FOLDER --jsonl FILE --jobs 2`; the resident memory of the process and of its workers is printed every so many
pages. Then fewer pages go through one process and through two, in turn. Run it on a machine that does nothing else. A full run
is written to `benchmarks/results/soak.json` and `soak.md`; a smaller one (`--pages`) is printed alone. Linux, for it reads /proc.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

# One thread a process: what a second process gains is asked for.
os.environ["OMP_NUM_THREADS"] = "1"

import declutter
from declutter.corpus.registry import corpora_root
from declutter.corpus.sources import load_sources, training_data_root
from declutter.measure.sample import sample_pages
from declutter.model import load_default

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

RESULTS: Final = Path(__file__).parent / "results"
CORPUS: Final = "wcxb"
REAL: Final = 400
PAGES: Final = 20_000
EVERY: Final = 1000
TIMED: Final = 2000
ROUNDS: Final = 3
JOBS: Final = 2
# Memory is steady once the caches are full: growth is counted from here.
_WARM: Final = 3
_POLL: Final = 0.2

Memory = dict[str, int]


def children(process: int) -> list[int]:
    """The processes that a process started, and those that they started."""
    found: list[int] = []
    waiting = [process]
    while waiting:
        try:
            tasks = list(Path(f"/proc/{waiting.pop()}/task").iterdir())
            for task in tasks:
                own = [int(word) for word in (task / "children").read_text(encoding="ascii").split()]
                found += own
                waiting += own
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended
    return found


def resident(process: int) -> int:
    """Resident memory of a process in kilobytes; 0 where it has ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")), 0)


def memory(process: int, pages: int) -> Memory:
    """Resident memory in megabytes, of a process and of those that it started."""
    return {
        "pages": pages,
        "process": resident(process) // 1024,
        "workers": sum(map(resident, children(process))) // 1024,
    }


def told(found: Iterator[Memory], name: str) -> list[Memory]:
    """What is measured, printed as it comes."""
    rows = []
    for row in found:
        print(f"{name}: {row['pages']} pages, {row['process']} MB, workers {row['workers']} MB", flush=True)
        rows.append(row)
    return rows


def through_library(pages: Sequence[bytes], count: int, every: int) -> Iterator[Memory]:
    """Memory while `predict_many` labels so many pages, which are given one after the other and not kept."""
    for done, _ in enumerate(declutter.predict_many(islice(cycle(pages), count), n_jobs=JOBS), 1):
        if done % every == 0:
            yield memory(os.getpid(), done)


def through_command(pages: Sequence[bytes], count: int, every: int, folder: Path) -> Iterator[Memory]:
    """Memory while `declutter clean` writes a line for each of so many files.

    Raises:
        subprocess.CalledProcessError: the command failed.
    """
    site, lines = folder / "site", folder / "pages.jsonl"
    gathered = folder / f".{lines.name}.part"  # it takes its name when it is whole
    originals = []
    for number, html in enumerate(pages):
        originals.append(folder / f"{number}.html")
        originals[-1].write_bytes(html)
    for number in range(count):
        target = site / f"{number // EVERY:03}" / f"{number:06}.html"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.hardlink_to(originals[number % len(originals)])
    program = Path(sys.executable).parent / "declutter"
    command = [str(program), "clean", str(site), "--jsonl", str(lines), "--jobs", str(JOBS)]
    with (
        (folder / "errors").open("wb") as errors,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors) as running,  # noqa: S603 - our own command
    ):
        done = due = at = 0
        while running.poll() is None:
            time.sleep(_POLL)
            with contextlib.suppress(FileNotFoundError), gathered.open("rb") as file:
                file.seek(at)
                new = file.read()
                at += len(new)
                done += new.count(b"\n")
            if done // every > due:
                due = done // every
                yield memory(running.pid, done)
        if running.returncode:
            raise subprocess.CalledProcessError(
                running.returncode, command, stderr=(folder / "errors").read_text(encoding="utf-8", errors="replace")
            )
    with lines.open("rb") as file:
        written = sum(1 for _ in file)
    if written != count:
        raise SystemExit(f"{written} lines for {count} pages")


def growth(rows: Sequence[Memory]) -> dict[str, int]:
    """Megabytes at the warm mark, the most after it, and at the end; process and workers together."""
    totals = [row["process"] + row["workers"] for row in rows]
    after = totals[min(_WARM, len(totals)) - 1 :] if totals else [0]
    return {"warm": after[0], "most": max(after), "end": after[-1]}


def seconds(pages: Sequence[bytes], count: int, jobs: int) -> float:
    """Seconds that `predict_many` takes for so many pages."""
    start = time.perf_counter()
    for _ in declutter.predict_many(islice(cycle(pages), count), n_jobs=jobs):
        pass
    return time.perf_counter() - start


def ratio(
    pages: Sequence[bytes], count: int, rounds: int, timed: Callable[[Sequence[bytes], int, int], float] = seconds
) -> dict[str, Any]:
    """How much quicker two processes are than one: the median of rounds, one after the other, after a round that starts them."""
    timed(pages, min(count, len(pages)), 1)
    timed(pages, min(count, len(pages)), JOBS)
    rows = [(timed(pages, count, 1), timed(pages, count, JOBS)) for _ in range(rounds)]
    return {
        "pages": count,
        "one": round(statistics.median(one for one, _ in rows), 2),
        "two": round(statistics.median(two for _, two in rows), 2),
        "ratio": round(statistics.median(one / two for one, two in rows), 3),
    }


def markdown(report: dict[str, Any]) -> str:
    """The figures as tables."""
    lines = [
        f"Written on {report['date']} by `make soak`, model sha256 {report['model'][:12]}: copies of {report['real']} pages of WCXB"
        f" at {report['corpus']}, {JOBS} processes. Resident memory in MB, of the process and of all its workers; pages that"
        " processes share are counted in each.",
        "",
        f"{report['ratio']['pages']} pages through `predict_many` take one process {report['ratio']['one']} s and two"
        f" {report['ratio']['two']} s, ratio {report['ratio']['ratio']:.2f} (medians of {ROUNDS} rounds in turn).",
    ]
    for name, rows in report["memory"].items():
        grown = growth(rows)
        lines += [
            "",
            f"{name}: {grown['warm']} MB after {rows[min(_WARM, len(rows)) - 1]['pages']} pages, at most {grown['most']} MB after"
            f" that, {grown['end']} MB at the end.",
            "",
            "| pages | process | workers |",
            "|---|---|---|",
            *(f"| {row['pages']} | {row['process']} | {row['workers']} |" for row in rows),
        ]
    return "\n".join([*lines, ""])


def main() -> None:
    """Run, print, and write benchmarks/results/soak.{json,md} after a full run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=None, help="folder of the public corpora")
    parser.add_argument("--pages", type=int, default=PAGES, help=f"fewer than {PAGES} are not written to the results")
    parser.add_argument("--every", type=int, default=EVERY)
    parser.add_argument("--timed", type=int, default=TIMED, help="pages through one process and through two")
    options = parser.parse_args()
    pages = [page.html for page in sample_pages(CORPUS, corpora_root(options.corpora), REAL)]
    # Before the others: what they leave behind would slow one process as well as two, but not alike.
    gained = ratio(pages, options.timed, ROUNDS)
    print(f"one process {gained['one']} s, two {gained['two']} s, ratio {gained['ratio']}", flush=True)
    found = {"predict_many": told(through_library(pages, options.pages, options.every), "predict_many")}
    with tempfile.TemporaryDirectory() as folder:
        rows = through_command(pages, options.pages, options.every, Path(folder))
        found["declutter clean"] = told(rows, "declutter clean")
    report = {
        "date": datetime.now(UTC).date().isoformat(),
        "model": str(load_default().info["sha256"]),
        "corpus": load_sources(training_data_root())[CORPUS].commit[:7],
        "real": len(pages),
        "ratio": gained,
        "memory": found,
    }
    table = markdown(report)
    if options.pages >= PAGES and options.timed >= TIMED:
        (RESULTS / "soak.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        (RESULTS / "soak.md").write_text(table, encoding="utf-8")
    print(table)


if __name__ == "__main__":
    main()
