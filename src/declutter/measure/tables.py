"""Stored figures as rows and as Markdown: benchmarks/results/quality.json and quality.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from declutter.measure.calibration import expected_error, rank_correlation
from declutter.measure.elements import ELEMENTS
from declutter.measure.figures import SEGMENTS, summaries
from declutter.measure.held_out import SECTIONS
from declutter.measure.kind_tables import FEW
from declutter.training.data import OWN
from declutter.training.scoring import Segments, segment_score

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from declutter.corpus.sources import Source
    from declutter.measure.figures import Figures
    from declutter.measure.held_out import Record

__all__ = [
    "calibration_rows",
    "element_rows",
    "markdown",
    "score_rows",
    "strictness_rows",
    "table",
]

# Of fewer words of an element no share is told in the Markdown.
_ENOUGH: Final = 100


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """The lines of a table in Markdown; fractions have three digits."""
    cells = [[f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
    return [f"| {' | '.join(head)} |", "|" + "---|" * len(head), *(f"| {' | '.join(line)} |" for line in cells)]


def score_rows(records: Sequence[tuple[str, str, Record]], sources: Mapping[str, Source]) -> list[dict[str, Any]]:
    """A row for each corpus and page type, from (section, corpus, record)."""
    return [
        {
            "corpus": corpus,
            "how": SECTIONS[section].format(corpus=corpus),
            "headline": sources[corpus].headline,
            "measured": record.of.get("measured"),
            **row,
        }
        for section, corpus, record in records
        for row in summaries(record.figures)
    ]


def strictness_rows(records: Sequence[tuple[str, str, Record]]) -> list[dict[str, Any]]:
    """F1, precision and recall at each name of strictness, by corpus; none where the figures are older than these counts."""
    return [
        {
            "corpus": corpus,
            "how": SECTIONS[section].format(corpus=corpus),
            "pages": len(record.figures.pages),
            "score": record.figures.score,
            "strictness": name,
            **_rates(record.figures, name),
        }
        for section, corpus, record in records
        for name in record.figures.strictness
    ]


def _rates(figures: Figures, strictness: str) -> dict[str, float]:
    sums = figures.strictness[strictness]
    if figures.score == SEGMENTS:
        rates: Sequence[float] = segment_score([Segments(*map(int, sums))])
    else:
        rates = [value / sums[0] for value in sums[1:]]
    return {name: round(value, 4) for name, value in zip(("f1", "precision", "recall"), rates, strict=True)}


def element_rows(records: Sequence[tuple[str, str, Record]]) -> list[dict[str, Any]]:
    """Recall of the words of content by element, and the share of pages of which under a tenth is kept."""
    rows = []
    for section, corpus, record in records:
        elements, (empty, pages) = record.figures.elements, record.figures.answers or (0, 0)
        if pages:
            rows.append(
                {
                    "corpus": corpus,
                    "how": SECTIONS[section].format(corpus=corpus),
                    "pages": pages,
                    "empty": round(empty / pages, 4),
                    "elements": {
                        name: {"words": elements[name][1], "recall": round(elements[name][0] / elements[name][1], 4)}
                        for name in ELEMENTS
                        if name in elements
                    },
                }
            )
    return rows


def calibration_rows(records: Sequence[tuple[str, str, Record]]) -> list[dict[str, Any]]:
    """Expected calibration error of content scores, and rank correlation of expected with real F1, by corpus.

    And of all corpora of a section together, each weighing the same; own pages, all written for training, are left out, and so are
    corpora without gold to score against, whose labels are of forms alone.
    """
    rows: list[dict[str, Any]] = []
    for section, how in SECTIONS.items():
        found = {
            corpus: record.figures
            for of, corpus, record in records
            if of == section and corpus != OWN and record.figures.reliability and record.figures.pages
        }
        for corpus, figures in found.items():
            pages = [page for page in figures.confidence if page in figures.pages]
            rows.append(
                {
                    "corpus": corpus,
                    "how": how.format(corpus=corpus),
                    "blocks": int(sum(counts[0] for counts in figures.reliability.values())),
                    "error": round(expected_error([figures.reliability]), 4),
                    "rank_correlation": _rounded(
                        rank_correlation(
                            [figures.confidence[page] for page in pages], [figures.pages[page][1] for page in pages]
                        )
                    ),
                }
            )
        if len(found) > 1:
            every = [(f.confidence[page], f.pages[page][1]) for f in found.values() for page in f.confidence]
            rows.append(
                {
                    "corpus": "all",
                    "how": how.format(corpus="it"),
                    "blocks": sum(row["blocks"] for row in rows[-len(found) :]),
                    "error": round(expected_error([f.reliability for f in found.values()]), 4),
                    "rank_correlation": _rounded(rank_correlation(*zip(*every, strict=True)) if every else None),
                }
            )
    return rows


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def markdown(report: Mapping[str, Any]) -> str:
    """The tables of a report."""
    lines = [
        f"Written on {report['date']} by `make evaluate`, model of {report['model']['trained']}"
        f" (sha256 {str(report['model']['sha256'])[:12]}), strictness {report['strictness']}."
        " Training corpora: outer folds grouped by registrable domain, and where it says so models of the other corpora."
        " dragnet and cleaneval: the shipped model, which nothing was trained, tuned or chosen on them for.",
        "",
        "| corpus | pages | score | F1 | 95% interval | precision | recall | how |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in report["rows"]:
        name = row["corpus"] if row["group"] == "all" else f"- {row['group']}"
        lines.append(
            f"| {name} | {row['pages']} | {row['score']} | {row['f1']:.3f} | {row['low']:.3f} to {row['high']:.3f} |"
            f" {row['precision']:.3f} | {row['recall']:.3f} | {row['how']} |"
        )
    lines += [
        "",
        "Words of content blocks that are kept, by the element that holds them (blocks as the gold is aligned to them, the"
        " main headline left out; a first or last paragraph has ten words or more), and pages of which under a tenth of the"
        f" content is kept; nothing where there are fewer than {_ENOUGH} words:",
        "",
        f"| corpus | pages | {' | '.join(ELEMENTS)} | nearly empty | how |",
        "|---|---|" + "---|" * (len(ELEMENTS) + 2),
    ]
    for row in report["elements"]:
        enough = {name: found for name, found in row["elements"].items() if found["words"] >= _ENOUGH}
        cells = [f"{enough[name]['recall']:.3f}" if name in enough else "" for name in ELEMENTS]
        lines.append(
            f"| {row['corpus']} | {row['pages']} | {' | '.join(cells)} | {100 * row['empty']:.1f}% | {row['how']} |"
        )
    lines += [
        "",
        "Expected calibration error of content scores, a block, in 15 bins of equal mass, and rank correlation of a page's"
        " expected F1 (`page.confidence`) with its real F1; `all`: errors of corpora weighing the same, ranks of all pages.",
        "",
        "| corpus | blocks | calibration error | rank correlation | how |",
        "|---|---|---|---|---|",
    ]
    for row in report["calibration"]:
        rank = "" if row["rank_correlation"] is None else f"{row['rank_correlation']:.3f}"
        lines.append(f"| {row['corpus']} | {row['blocks']} | {row['error']:.3f} | {rank} | {row['how']} |")
    rates = ("precision", "recall", "f1")
    lines += [
        "",
        *table(
            ("kind", "corpus", "blocks", "precision", "recall", "F1", "how"),
            ([row[name] for name in ("kind", "corpus", "blocks", *rates, "how")] for row in report["kinds"]),
        ),
    ]
    if report.get("hashed"):
        lines += [
            "",
            "Kinds by the same models on the same pages, class names and ids hashed (F1):",
            "",
            *table(
                ("kind", "corpus", "blocks", "as served", "hashed"),
                ([row[name] for name in ("kind", "corpus", "blocks", "f1", "hashed")] for row in report["hashed"]),
            ),
        ]
    if report.get("kinds_by_language"):
        lines += [
            "",
            f"Kinds by language of the page, all pages; kinds of {FEW} blocks or more:",
            "",
            *table(
                ("language", "kind", "blocks", *rates[:2], "F1"),
                (
                    [row[name] for name in ("language", "kind", "blocks", *rates)]
                    for row in report["kinds_by_language"]
                    if row["blocks"] >= FEW
                ),
            ),
        ]
    if report.get("labels"):
        lines += [
            "",
            "The labels that blocks were given, content by each page's threshold, on pages on which some kind is known:",
            "",
            *table(
                ("label", "pages", "blocks", "precision", "recall", "F1", "how"),
                ([row[name] for name in ("label", "corpus", "blocks", *rates, "how")] for row in report["labels"]),
            ),
        ]
    if report.get("by_strictness"):
        names = ("corpus", "pages", "strictness", "f1", "precision", "recall", "how")
        lines += [
            "",
            "At each name of strictness:",
            "",
            *table(
                ("corpus", "pages", "strictness", "F1", "precision", "recall", "how"),
                ([row[name] for name in names] for row in report["by_strictness"]),
            ),
        ]
    return "\n".join([*lines, ""])
