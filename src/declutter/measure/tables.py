"""Stored figures as rows and as Markdown: benchmarks/results/quality.json and quality.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from declutter.labels import CHROME
from declutter.measure.elements import ELEMENTS
from declutter.measure.figures import summaries
from declutter.measure.held_out import FOLDS, SECTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from declutter.corpus.sources import Source
    from declutter.measure.held_out import Record

__all__ = ["element_rows", "kind_rows", "markdown", "score_rows"]

# Of fewer words of an element no share is told in the Markdown.
_ENOUGH: Final = 100


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


def kind_rows(records: Sequence[tuple[str, str, Record]]) -> list[dict[str, Any]]:
    """Precision, recall and F1 of each kind among blocks whose kind is known, by corpus, from grouped folds."""
    rows = []
    for section, corpus, record in sorted(records, key=lambda item: item[1]):
        for kind in CHROME:
            blocks, claimed, hit = record.figures.kinds.get(kind.value, (0, 0, 0))
            if section == FOLDS and blocks:
                rows.append(
                    {
                        "corpus": corpus,
                        "kind": kind.value,
                        "blocks": blocks,
                        "precision": round(hit / claimed, 4) if claimed else 0.0,
                        "recall": round(hit / blocks, 4),
                        "f1": round(2 * hit / (claimed + blocks), 4),
                    }
                )
    return rows


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
    lines += ["", "| kind | corpus | blocks | precision | recall | F1 |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {row['kind']} | {row['corpus']} | {row['blocks']} | {row['precision']:.3f} | {row['recall']:.3f} | {row['f1']:.3f} |"
        for row in report["kinds"]
    ]
    return "\n".join([*lines, ""])
