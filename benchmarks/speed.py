"""`make bench-speed`: milliseconds a page, this project, with and without its compiled forms, beside trafilatura, interleaved.

Each round cleans the same pages with each tool in turn; the median of the rounds is reported, and the ratio, which is
what carries over between machines. Pages are read and the model is loaded before the clock starts.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

# One thread, as the others have: on a busy machine threads that wait for each other would be timed instead.
os.environ["OMP_NUM_THREADS"] = "1"

import declutter
from declutter import compiled
from declutter.corpus import corpora_root, load_corpus

if TYPE_CHECKING:
    from collections.abc import Callable

    from declutter.corpus.base import CorpusPage

RESULTS = Path(__file__).parent / "results"


def _pure(html: bytes) -> str:
    """What runs where the extension is not built."""
    used = compiled.used
    compiled.used = False
    try:
        return declutter.clean(html)
    finally:
        compiled.used = used


def tools() -> dict[str, Callable[[bytes], object]]:
    """Each tool's own public call on the bytes of a page."""
    import trafilatura  # noqa: PLC0415 - only a benchmark needs it

    if not compiled.used:
        raise SystemExit(
            "the compiled forms are missing: install the project with a C compiler, without DECLUTTER_PURE"
        )
    return {
        "declutter": declutter.clean,
        "declutter, pure Python": _pure,
        "trafilatura": trafilatura.extract,
        "trafilatura fast": lambda html: trafilatura.extract(html, fast=True),
    }


def measure(pages: list[CorpusPage], rounds: int) -> dict[str, list[float]]:
    """Milliseconds a page of each tool, round by round."""
    called = tools()
    for call in called.values():
        call(pages[0].html)
    times: dict[str, list[float]] = {name: [] for name in called}
    for _ in range(rounds):
        for name, call in called.items():
            start = time.perf_counter()
            for page in pages:
                call(page.html)
            times[name].append((time.perf_counter() - start) * 1000 / len(pages))
    return times


def start_up(page: CorpusPage, rounds: int) -> dict[str, float]:
    """Milliseconds from the start of a process to its end, median of the rounds: each tool's own command on one page.

    Both run from bytecode, as what was installed from a wheel does: the first round, which is left out, writes it.
    """
    commands = {"declutter": ["declutter", "clean", "page.html"], "trafilatura": ["trafilatura"]}
    bin_folder = Path(sys.executable).parent
    times: dict[str, list[float]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "page.html").write_bytes(page.html)
        environment = os.environ | {
            "PYTHONPYCACHEPREFIX": str(Path(folder) / "bytecode"),
            "PYTHONDONTWRITEBYTECODE": "",
        }
        # The tools choose their threads themselves: this program's one is not theirs.
        environment.pop("OMP_NUM_THREADS")
        for _ in range(rounds + 1):
            for name, (program, *arguments) in commands.items():
                # trafilatura reads the page from standard input.
                with (Path(folder) / "page.html").open("rb") as given:
                    start = time.perf_counter()
                    subprocess.run(  # noqa: S603 - our own and a tool's command, on a page of a corpus
                        [str(bin_folder / program), *arguments],
                        cwd=folder,
                        env=environment,
                        stdin=given,
                        capture_output=True,
                        check=True,
                    )
                    times[name].append((time.perf_counter() - start) * 1000)
    return {name: round(statistics.median(values[1:]), 1) for name, values in times.items()}


def main() -> None:
    """Measure, print and write benchmarks/results/speed.{json,md}."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=None, help="folder of the public corpora")
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    everything = list(load_corpus("wcxb", corpora_root(options.corpora)))
    pages = everything[:: max(1, len(everything) // options.pages)][: options.pages]
    times = measure(pages, options.rounds)
    medians = {name: statistics.median(values) for name, values in times.items()}
    cold = start_up(min(pages, key=lambda page: abs(len(page.html) - 200_000)), 2 * options.rounds)
    report = {
        "date": datetime.now(UTC).date().isoformat(),
        "corpus": "wcxb",
        "pages": len(pages),
        "mean_bytes": round(statistics.mean(len(page.html) for page in pages)),
        "rounds": options.rounds,
        "ms_a_page": {name: round(value, 2) for name, value in medians.items()},
        "rounds_ms": {name: [round(value, 2) for value in values] for name, values in times.items()},
        "ratio_to_trafilatura": round(medians["declutter"] / medians["trafilatura"], 3),
        "pure_ratio_to_trafilatura": round(medians["declutter, pure Python"] / medians["trafilatura"], 3),
        "start_up_ms": cold,
        "start_up_ratio": round(cold["declutter"] / cold["trafilatura"], 3),
    }
    lines = [
        f"Measured on {report['date']} by `make bench-speed`: {len(pages)} WCXB pages of {report['mean_bytes']:,} bytes on"
        f" average, one process, one thread, median of {options.rounds} interleaved rounds.",
        "",
        "| tool | ms a page | to trafilatura |",
        "|---|---|---|",
        *(f"| {name} | {value:.1f} | {value / medians['trafilatura']:.2f} |" for name, value in medians.items()),
        "",
        f"From the start of a process to its end, each tool's own command on one page: {cold['declutter']:.0f} ms, trafilatura"
        f" {cold['trafilatura']:.0f} ms, ratio {cold['declutter'] / cold['trafilatura']:.2f}.",
        "",
    ]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "speed.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "speed.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
