"""Put the measured figures into README.md, between its marks, and draw how reliable the scores are and what is confused.

Run by `make evaluate`, `make bench` and `make bench-speed`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from plot import confusion_plot, reliability_plot

from declutter.labels import CHROME, Label
from declutter.measure.calibration import reliability_bins
from declutter.measure.figures import confusion, label_table
from declutter.measure.held_out import FOLDS, LEFT_OUT, HeldOut
from declutter.training.data import OWN

HERE: Final = Path(__file__).parent
README: Final = HERE.parent / "README.md"
_CONFUSED: Final = (
    " Which kinds are taken for which: [benchmarks/results/confusion.svg](benchmarks/results/confusion.svg)."
)
START, END = "<!-- figures -->", "<!-- /figures -->"


def quality(report: dict[str, Any]) -> list[str]:
    """The rows of whole corpora; page types are left to benchmarks/results/quality.md."""
    dates = sorted({row.get("measured") or report["date"] for row in report["rows"]})
    lines = [
        f"Word F1 a page, averaged (trafilatura-eval: segment F; postlight: against the blocks labelled here), measured on {' to '.join(dates[:1] + dates[1:][-1:])} by `make evaluate`,"
        f" strictness {report['strictness']}:",
        "",
        "| corpus | pages | F1 | 95% interval | precision | recall | measured by |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['corpus']} at {report['corpora'][row['corpus']]['commit'][:7]} | {row['pages']} | {row['f1']:.3f} |"
        f" {row['low']:.3f} to {row['high']:.3f} | {row['precision']:.3f} | {row['recall']:.3f} | {row['how']} |"
        for row in report["rows"]
        if row["group"] == "all" and row["corpus"] != "own"
    ]
    return lines


def _model(sha256: str | None) -> str:
    """With which model something was measured, which may be one before the shipped."""
    return f"model {sha256[:12]}" if sha256 else "a model before that of the first table"


def speed(report: dict[str, Any]) -> list[str]:
    """A row a tool: milliseconds mean nothing without the others on the same machine. What was not measured is left out."""
    times, peaks = report["ms_a_page"], report.get("peak_mb")
    lines = [
        "",
        f"Speed, measured on {report['date']} by `make bench-speed` on {report['pages']} pages of WCXB, one process,"
        f" one thread, interleaved, {_model(report.get('model'))} ([all tables](benchmarks/results/speed.md)):",
        "",
        "| tool | ms a page | to trafilatura | pages a second a core | MB a second |" + " peak MB |" * bool(peaks),
        "|---|---|---|---|---|" + "---|" * bool(peaks),
    ]
    for tool, ms in times.items():
        cells = [f"{ms:.1f}", f"{ms / times['trafilatura']:.2f}", f"{1000 / ms:,.0f}"]
        cells.append(f"{report['mean_bytes'] / ms / 1000:.0f}")
        if peaks:
            cells.append(f"{peaks[tool]:.0f}" if peaks[tool] else "")
        lines.append(f"| {tool} | {' | '.join(cells)} |")
    if "growth" in report:
        grown = {shape: of["exponent"] for shape, of in report["growth"]["declutter"].items() if of["exponent"]}
        said = ", ".join(f"{shape} {exponent:.2f}" for shape, exponent in grown.items())
        lines += ["", f"How the time grows with the page, as an exponent of its size (1 is linear): {said}."]
        lines += ["", "![Time against the size of a page](benchmarks/results/speed.svg)"]
    return lines


def bench(report: dict[str, Any]) -> list[str]:
    """Every tool on whole corpora, and the plot."""
    tools = list(report["rows"][0]["tools"])
    lines = [
        "",
        "Beside other tools on the same pages (where the gold lacks the main headline, this project is asked to leave it out,"
        f" the others cannot be), measured on {report['date']} by `make bench`,"
        f" {_model(report.get('own_model'))} ([all tables](benchmarks/results/bench.md)):",
        "",
        "| corpus | " + " | ".join(tools) + " |",
        "|---|" + "---|" * len(tools),
    ]
    for row in report["rows"]:
        if row["group"] == "all":
            scores = [f"{row['tools'][tool]['f1']:.3f}" for tool in tools]
            lines.append(f"| {row['corpus']} | {' | '.join(scores)} |")
    return [*lines, "", "![Word F1 of each tool on each corpus](benchmarks/results/bench.svg)"]


def filled(text: str) -> str:
    """The text with the part between the marks written anew from benchmarks/results."""
    lines = [START]
    for name, table in (("quality", quality), ("bench", bench), ("speed", speed)):
        path = HERE / "results" / f"{name}.json"
        if path.is_file():
            lines += table(json.loads(path.read_text(encoding="utf-8")))
    lines += [
        "",
        "By page type and kind: [benchmarks/results/quality.md](benchmarks/results/quality.md); how far a content score can be"
        " believed: [benchmarks/results/reliability.svg](benchmarks/results/reliability.svg)."
        + _CONFUSED
        * (HERE / "results" / "confusion.svg").is_file(),
        END,
    ]
    block = "\n".join(lines)
    return re.sub(f"{START}.*{END}", lambda _: block, text, flags=re.DOTALL)


def draw_reliability(model: Path) -> str:
    """The plot: for each corpus of whole or partial gold, scored by folds and left out."""
    series = {}
    for section, corpus, record in HeldOut.read(model):
        bins = reliability_bins([record.figures.reliability])
        if len(bins):
            name = {FOLDS: corpus, LEFT_OUT: f"{corpus}, left out"}.get(section, f"{corpus}, shipped model")
            series[name] = [(float(score), float(share)) for _, score, share in bins]
    return reliability_plot(series)


def draw_confusion(model: Path) -> str:
    """The plot: labels of blocks of real pages, scored by folds; "" where the stored figures are older than these counts.

    Where the labels that were given are not stored, content among them, kinds of chrome alone.
    """
    found = [record.figures for section, corpus, record in HeldOut.read(model) if section == FOLDS and corpus != OWN]
    labels = label_table(found)[:-1]
    if labels.any():
        return confusion_plot([label.value for label in (Label.CONTENT, *CHROME)], labels.tolist())
    counts = confusion(found)
    return confusion_plot([kind.value for kind in CHROME], counts.tolist()) if counts.any() else ""


def main() -> None:
    """Rewrite README.md and the plots."""
    model = HERE.parent / "models" / "default"
    (HERE / "results" / "reliability.svg").write_text(draw_reliability(model), encoding="utf-8")
    if plot := draw_confusion(model):
        (HERE / "results" / "confusion.svg").write_text(plot, encoding="utf-8")
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
