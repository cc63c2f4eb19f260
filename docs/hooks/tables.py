"""Tables for pages of the site, from benchmarks/results and from the code: no figure is written there by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from declutter.corpus.sources import load_sources, training_data_root
from declutter.labels import MEANINGS

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["TABLES"]

RESULTS: Final = Path(__file__).parents[2] / "benchmarks" / "results"
OURS: Final = "declutter"


def _result(name: str) -> Any:
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _part(row: dict[str, Any]) -> str:
    return row["corpus"] if row["group"] == "all" else f"{row['corpus']}, {row['group']} pages"


def labels() -> str:
    """The labels and what they stand for."""
    return _table(["label", "what it stands for"], [[f"`{label}`", meaning] for label, meaning in MEANINGS.items()])


def better_elsewhere() -> str:
    """Each corpus or page type on which any other tool is at least as good; sure where the interval has no gain in it."""
    report = _result("bench")
    rows = []
    for row in report["rows"]:
        ours = row["tools"][OURS]["f1"]
        better = {tool: of["f1"] for tool, of in row["tools"].items() if tool != OURS and of["f1"] >= ours}
        if better:
            difference, low, high = row["difference"]
            names = ", ".join(f"{tool} {f1:.3f}" for tool, f1 in sorted(better.items(), key=lambda item: -item[1]))
            interval = f"{difference:+.3f} ({low:+.3f} to {high:+.3f})"
            rows.append([_part(row), str(row["pages"]), f"{ours:.3f}", names, interval])
    head = ["pages of", "pages", OURS, "as good or better", f"{OURS} less the best of them, 95% interval"]
    measured = (
        f"Word F1, measured on {report['date']} by `make bench`, this project's scores on {report['own_scores_of']}"
    )
    return f"{measured}:\n\n{_table(head, rows) if rows else 'None of them was better on any of the corpora.'}"


def beside() -> str:
    """Every tool on whole corpora."""
    report = _result("bench")
    tools = list(report["rows"][0]["tools"])
    rows = [
        [row["corpus"], *(f"{row['tools'][tool]['f1']:.3f}" for tool in tools)]
        for row in report["rows"]
        if row["group"] == "all"
    ]
    return _table(["corpus", *tools], rows)


def times() -> str:
    """Milliseconds a page of every tool, and the two commands from start to end."""
    report, speed = _result("bench"), _result("speed")
    rows = [
        [tool, report["versions"][tool], f"{took:.1f}"]
        for tool, took in sorted(report["ms_a_page"].items(), key=lambda item: item[1])
    ]
    start = speed["start_up_ms"]
    return (
        f"Measured on {report['date']} by `make bench` on {report['timed']['pages']} pages of {report['timed']['corpus']}:\n\n"
        + _table(["tool", "version", "ms a page"], rows)
        + f"\n\nOne page by each tool's own command, from the start of a process to its end, measured on {speed['date']} by"
        f" `make bench-speed`: {OURS} {start[OURS]:.0f} ms, trafilatura {start['trafilatura']:.0f} ms."
    )


def metadata() -> str:
    """Titles, authors and days on the half of the sites that nothing was chosen on."""
    report = _result("metadata")
    half = report["halves"]["second"]
    # These read days alone.
    rows = [
        [
            tool,
            *(
                f"{of[what]:.3f}" if of[what] else "-"
                for what in ("title", "author", "day", "author_extra", "day_extra")
            ),
        ]
        for tool, of in half["tools"].items()
    ]
    return (
        f"Measured on {report['date']} by `make bench-metadata`, on {half['pages']['title']} pages of WCXB; *extra* is the share of the"
        f" pages without one for which one is given all the same, the lower the better:\n\n"
        + _table(["tool", "title", "authors", "day", "extra authors", "extra days"], rows)
    )


def structure() -> str:
    """How much of each kind of structure every tool keeps."""
    report = _result("structure")
    tools = list(report["rows"][0]["tools"])
    rows = [
        [
            row["kind"],
            f"{row['wanted']} on {row['pages']}",
            *(f"{of['recall']:.2f}, {of['precision']:.2f}" if of["kept"] else "none" for of in row["tools"].values()),
        ]
        for row in report["rows"]
    ]
    return (
        f"Recall and precision, measured on {report['date']} by `make bench-structure` on {report['pages']} pages of WCXB:\n\n"
        + _table(["", "units on pages", *tools], rows)
    )


def calibration() -> str:
    """How far scores and confidence can be believed, by corpus."""
    report = _result("quality")
    rows = [
        [
            row["corpus"],
            row["how"],
            f"{row['error']:.3f}",
            "" if row["rank_correlation"] is None else f"{row['rank_correlation']:.2f}",
        ]
        for row in report["calibration"]
    ]
    head = ["corpus", "scored by", "calibration error", "rank correlation of `page.confidence` with the F1"]
    return f"Written on {report['date']} by `make evaluate`:\n\n{_table(head, rows)}"


def corpora() -> str:
    """The corpora that figures are of, what they are for, and whether their gold holds the main headline."""
    used = {"train": "trained on; scored in folds", "validate": "never trained, tuned or chosen on"}
    scored = {row["corpus"] for row in _result("quality")["rows"]}
    of_kinds = "trained on; of its pages only kinds and elements are scored, in folds"
    rows = [
        [
            f"`{name}`",
            source.title,
            of_kinds if source.use == "train" and name not in scored else used[source.use],
            source.headline,
        ]
        for name, source in sorted(load_sources(training_data_root()).items(), key=lambda item: (item[1].use, item[0]))
    ]
    return _table(["corpus", "what it is", "how it is used", "headline in its gold"], rows)


def models() -> str:
    """The day and the model of each file of results; the shipped one is that of quality."""
    shipped = _result("quality")["model"]["sha256"]
    rows = []
    for path in sorted(RESULTS.glob("*.json")):
        report = json.loads(path.read_text(encoding="utf-8"))
        model = report.get("own_model") or report.get("model")
        sha256 = model["sha256"] if isinstance(model, dict) else model
        if sha256 is None:
            which = "fitted for it, none that ships" if "model" in report else "not recorded"
        else:
            which = f"`{sha256[:12]}`{', the shipped one' * (sha256 == shipped)}"
        rows.append([path.stem, report.get("date", "not recorded"), which])
    return _table(["results", "measured on", "model"], rows)


TABLES: Final[dict[str, Callable[[], str]]] = {
    "labels": labels,
    "better elsewhere": better_elsewhere,
    "beside": beside,
    "times": times,
    "metadata": metadata,
    "structure": structure,
    "calibration": calibration,
    "corpora": corpora,
    "models": models,
}
"""By the name in `<!-- table: NAME -->`, which stands for one in a page."""
