"""`make bench-speed`: time and memory a page, of this project and of other tools, and how the time grows with the page.

Each round takes the same pages to each tool in turn; the median of the rounds is reported, and the ratio, which is what
carries over between machines. Pages are read and models are loaded before the clock starts. Beside it: the stages of
`declutter clean --profile`, peak memory (memory.py), growth (growth.py), and each command from start to end.
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
from typing import TYPE_CHECKING, Any, Final

# One thread, as the others have: on a busy machine threads that wait for each other would be timed instead.
os.environ["OMP_NUM_THREADS"] = "1"

from contenders import BASE, NAMES, OURS, PURE, call_of, quiet
from growth import GROWN, LARGEST, SHAPES, grow
from memory import peaks
from peers import PARSERS, PEERS, tool_version
from plot import growth_plot

import declutter
from declutter.cli.stages import timed
from declutter.corpus import corpora_root, load_corpus
from declutter.model import load_default

if TYPE_CHECKING:
    from collections.abc import Callable

RESULTS: Final = Path(__file__).parent / "results"
# The stages are timed of each: text needs no kinds, JSON does.
_STAGED: Final = ("text", "json")


def measure(pages: list[bytes], rounds: int) -> tuple[dict[str, list[float]], dict[str, int]]:
    """Milliseconds a page of each tool, round by round, and on how many pages it failed."""
    calls = {name: call_of(name) for name in NAMES}
    failed = {name: sum(_fails(call, html) for html in pages) for name, call in calls.items()}
    times: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(rounds):
        for name, call in calls.items():
            start = time.perf_counter()
            for html in pages:
                _fails(call, html)
            times[name].append((time.perf_counter() - start) * 1000 / len(pages))
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return times, failed


def _fails(call: Callable[[bytes], object], html: bytes) -> bool:
    try:
        call(html)
    except Exception:  # noqa: BLE001 - whatever it is, it is the tool's
        return True
    return False


def stages(pages: list[bytes], rounds: int) -> dict[str, dict[str, float]]:
    """Milliseconds a page of each stage, median of the rounds, by output; reading files is left out."""
    found = {}
    for output in _STAGED:
        spent: list[dict[str, float]] = []
        for _ in range(rounds):
            with timed() as seconds:
                for html in pages:
                    declutter.clean(html, output=output)
            spent.append(seconds)
        found[output] = {
            stage: round(statistics.median(of[stage] for of in spent) * 1000 / len(pages), 3)
            for stage in spent[0]
            if stage != "read"
        }
    return found


def start_up(page: bytes, rounds: int) -> dict[str, float]:
    """Milliseconds from the start of a process to its end, median of the rounds: each tool's own command on one page.

    Both run from bytecode, as what was installed from a wheel does: the first round, which is left out, writes it.
    """
    commands = {OURS: ["declutter", "clean", "page.html"], BASE: ["trafilatura"]}
    bin_folder = Path(sys.executable).parent
    times: dict[str, list[float]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "page.html").write_bytes(page)
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


def growth(largest: int) -> dict[str, dict[str, Any]]:
    """How the time grows, by tool and shape; what takes long says how far it is."""
    found: dict[str, dict[str, Any]] = {}
    for tool in GROWN:
        found[tool] = {shape: grow(tool, shape, largest) for shape in SHAPES}
        print(f"grown: {tool}", file=sys.stderr, flush=True)
    return found


def markdown(report: dict[str, Any]) -> str:
    """The tables."""
    times, cold = report["ms_a_page"], report["start_up_ms"]
    lines = [
        f"Measured on {report['date']} by `make bench-speed`: {report['pages']} WCXB pages of {report['mean_bytes']:,} bytes on"
        f" average, one process, one thread, median of {report['rounds']} interleaved rounds. Peak memory is of a process of its"
        " own over these pages, interpreter and imports with it.",
        "",
        "| tool | version | ms a page | to trafilatura | pages a second a core | MB a second | peak MB | failed pages |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, ms in times.items():
        peak = report["peak_mb"][name]
        lines.append(
            f"| {name} | {report['versions'][name]} | {ms:.1f} | {ms / times[BASE]:.3f} | {1000 / ms:,.0f} |"
            f" {report['mean_bytes'] / ms / 1000:.1f} | {'it died' if peak is None else f'{peak:.0f}'} | {report['failed'][name]} |"
        )
    (nothing,) = report["peak_mb"].keys() - times.keys()
    lines += [
        "",
        f"To trafilatura {report['ratio_to_trafilatura']:.3f}, to resiliparse {report['ratio_to_resiliparse']:.2f}, to parsing alone"
        f" (turbohtml) {report['ratio_to_parsing']:.2f}. A process that only reads the pages: {report['peak_mb'][nothing]:.0f} MB.",
        "",
        f"From the start of a process to its end, each tool's own command on one page: {cold[OURS]:.0f} ms, trafilatura"
        f" {cold[BASE]:.0f} ms, ratio {report['start_up_ratio']:.2f}.",
        "",
        "## By stage",
        "",
        "Milliseconds a page, as `declutter clean --profile` times them, by output; text needs no kinds of chrome.",
        "",
        "| stage | " + " | ".join(f"{output} | share" for output in report["stages_ms"]) + " |",
        "|---|" + "---|---|" * len(report["stages_ms"]),
    ]
    for stage in next(iter(report["stages_ms"].values())):
        cells = [f"{of[stage]:.2f} | {100 * of[stage] / sum(of.values()):.0f} %" for of in report["stages_ms"].values()]
        lines.append(f"| {stage} | {' | '.join(cells)} |")
    lines += [
        "",
        "## Growth",
        "",
        "A page of ours, made larger in several shapes. The exponent k of time = c size^k, fitted to pages of 100 KB and more, where 1"
        " is linear; then milliseconds for the largest page, with its megabytes.",
        "",
        "![Time against the size of the page](speed.svg)",
        "",
        "| shape | " + " | ".join(report["growth"]) + " |",
        "|---|" + "---|" * len(report["growth"]),
    ]
    lines += [
        f"| {shape} | {' | '.join(_grown(of[shape]) for of in report['growth'].values())} |"
        for shape in report["growth"][OURS]
    ]
    return "\n".join([*lines, ""])


def _grown(found: dict[str, Any]) -> str:
    """The cell of a tool and a shape."""
    if not found["points"]:
        return str(found["ended"])
    size, seconds = found["points"][-1]
    fitted = "" if found["exponent"] is None else f"{found['exponent']:.2f}; "
    ended = f"; then {found['ended']}" if found["ended"] else ""
    return f"{fitted}{seconds * 1000:,.0f} ms at {size / 1e6:.3g} MB{ended}"


def drawn(report: dict[str, Any]) -> str:
    """The plot: this project in every shape, the others in prose."""
    lines = {shape: found["points"] for shape, found in report["growth"][OURS].items()}
    others = {f"{tool}, prose": of["prose"]["points"] for tool, of in report["growth"].items() if tool != OURS}
    return growth_plot(lines, others)


def main() -> None:
    """Measure, print and write benchmarks/results/speed.{json,md,svg}."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=None, help="folder of the public corpora")
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--largest", type=int, default=LARGEST, help="bytes of the largest page that time is watched to"
    )
    options = parser.parse_args()
    quiet()
    everything = list(load_corpus("wcxb", corpora_root(options.corpora)))
    pages = [page.html for page in everything[:: max(1, len(everything) // options.pages)][: options.pages]]
    del everything
    times, failed = measure(pages, options.rounds)
    medians = {name: statistics.median(values) for name, values in times.items()}
    cold = start_up(min(pages, key=lambda html: abs(len(html) - 200_000)), 2 * options.rounds)
    versions = {name: tool_version(name) for name in NAMES if name in PEERS or name in PARSERS}
    report: dict[str, Any] = {
        "date": datetime.now(UTC).date().isoformat(),
        "model": load_default().info["sha256"],
        "corpus": "wcxb",
        "pages": len(pages),
        "mean_bytes": round(statistics.mean(len(html) for html in pages)),
        "rounds": options.rounds,
        "versions": {OURS: declutter.__version__, PURE: declutter.__version__, **versions},
        "ms_a_page": {name: round(value, 2) for name, value in medians.items()},
        "rounds_ms": {name: [round(value, 2) for value in values] for name, values in times.items()},
        "failed": failed,
        "ratio_to_trafilatura": round(medians[OURS] / medians[BASE], 3),
        "pure_ratio_to_trafilatura": round(medians[PURE] / medians[BASE], 3),
        "ratio_to_resiliparse": round(medians[OURS] / medians["resiliparse"], 3),
        "ratio_to_parsing": round(medians[OURS] / medians["turbohtml, parse alone"], 3),
        "peak_mb": {name: peak and round(peak / 1e6, 1) for name, peak in peaks(NAMES, pages).items()},
        "start_up_ms": cold,
        "start_up_ratio": round(cold[OURS] / cold[BASE], 3),
        "stages_ms": stages(pages, options.rounds),
        "growth": growth(options.largest),
    }
    table = markdown(report)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "speed.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "speed.md").write_text(table, encoding="utf-8")
    (RESULTS / "speed.svg").write_text(drawn(report), encoding="utf-8")
    print(table)


if __name__ == "__main__":
    main()
