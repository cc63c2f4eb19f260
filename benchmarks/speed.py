"""`make bench-speed`: milliseconds a page, this project, with and without its compiled forms, beside trafilatura, interleaved.

Each round cleans the same pages with each tool in turn; the median of the rounds is reported, and the ratio, which is
what carries over between machines. Pages are read and the model is loaded before the clock starts.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
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
    }
    lines = [
        f"Measured on {report['date']} by `make bench-speed`: {len(pages)} WCXB pages of {report['mean_bytes']:,} bytes on"
        f" average, one process, one thread, median of {options.rounds} interleaved rounds.",
        "",
        "| tool | ms a page | to trafilatura |",
        "|---|---|---|",
        *(f"| {name} | {value:.1f} | {value / medians['trafilatura']:.2f} |" for name, value in medians.items()),
        "",
    ]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "speed.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "speed.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
