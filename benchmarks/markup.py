"""Pages that nothing was trained on, by what they are written in, and held-out pages by language. `make bench-markup`.

The validation corpora by the shipped model: as they were served, with class names and ids hashed, without them, and as plain
text, at each strictness. And the figures that `make evaluate` stored page by page, by the language of the page's gold.
Written to `benchmarks/results/markup.json` and `markup.md`.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from declutter.corpus.registry import corpora_root
from declutter.measure.figures import HASH, SEGMENTS, Figures, summaries
from declutter.measure.golds import language_of
from declutter.measure.held_out import FOLDS, SECTIONS, SHIPPED, HeldOut, Record
from declutter.measure.markups import MARKUPS, by_language, by_markup
from declutter.measure.tables import strictness_rows, table
from declutter.model import load_default
from declutter.model.directory import default_directory
from declutter.training.data import OWN, load_pages, present

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from declutter.corpus.base import CorpusPage
    from declutter.model.predictor import Model

_RESULTS: Final = Path(__file__).resolve().parent / "results"
_RATES: Final = ("precision", "recall", "f1")


def markup_rows(model: Model, pages: Sequence[CorpusPage], jobs: int = -1) -> list[dict[str, Any]]:
    """A row for each corpus, markup and strictness, with the interval of F1 at the balanced one."""
    rows = []
    for markup in MARKUPS:
        found = by_markup(model, pages, markup, jobs)
        bounds = {corpus: summaries(figures)[0] for corpus, figures in found.items()}
        for row in strictness_rows([(SHIPPED, corpus, Record({}, figures)) for corpus, figures in found.items()]):
            del row["how"]
            if row["strictness"] == "balanced":
                row |= {name: bounds[row["corpus"]][name] for name in ("low", "high")}
            rows.append({"markup": markup, **row})
    return rows


def language_rows(stored: HeldOut, languages: Mapping[str, str]) -> list[dict[str, Any]]:
    """By language the held-out pages of real corpora, whole gold and passages apart, those of the project, and those never trained on."""
    groups: dict[tuple[str, str], list[Figures]] = {}
    for section, corpus, record in stored:
        if section in {FOLDS, SHIPPED} and record.figures.pages:
            which = "own pages" if corpus == OWN else record.figures.score
            groups.setdefault((section, which), []).append(_known(record.figures, languages))
    return [
        {"of": which, "how": SECTIONS[section], **row}
        for (section, which), figures in groups.items()
        for row in by_language(figures, languages)
    ]


def _known(figures: Figures, languages: Mapping[str, str]) -> Figures:
    """The figures of pages that are still in the corpora that are here."""
    return Figures(figures.score, {name: page for name, page in figures.pages.items() if name in languages})


def _interval(row: Mapping[str, Any]) -> str:
    return f"{row['low']:.3f} to {row['high']:.3f}" if "low" in row else ""


def markdown(report: dict[str, Any]) -> str:
    """The figures as tables."""
    lines = [
        f"Written on {report['date']} by `make bench-markup`, model sha256 {report['model'][:12]}. Validation corpora, on which"
        " nothing was trained, tuned or chosen, by the shipped model: HTML with class names and ids as served, hashed (equal names stay"
        " equal), absent; and the same pages flattened to plain text, some as a browser copies them, some as crawls store them. Word F1,"
        " precision and recall a page, averaged.",
        "",
        *table(
            ("corpus", "pages", "markup", "strictness", "precision", "recall", "F1", "95% interval"),
            (
                [row[name] for name in ("corpus", "pages", "markup", "strictness", *_RATES)] + [_interval(row)]
                for row in report["markups"]
            ),
        ),
        "",
        "Held-out pages by the language of their gold, as `make evaluate` scored them on"
        f" {report['scored']}, strictness balanced. {SEGMENTS}: of the passages of trafilatura-eval.",
        "",
        *table(
            ("language", "pages", "of", "precision", "recall", "F1", "95% interval", "how"),
            (
                [row[name] for name in ("language", "pages", "of", *_RATES)] + [_interval(row), row["how"]]
                for row in report["languages"]
            ),
        ),
    ]
    return "\n".join([*lines, ""])


def main() -> None:
    """Measure, and write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=-1, help="processes; as many as there are cores by default")
    jobs = parser.parse_args().jobs
    root, model = corpora_root(), load_default()
    stored = HeldOut.read(default_directory())
    validation, training = present("validate", root), [*present("train", root), OWN]
    scored = {name: record for section, name, record in stored if section in {FOLDS, SHIPPED}}
    languages = {
        page.sha256[:HASH]: language_of(page)
        for name in [*training, *validation]
        if name in scored and scored[name].figures.pages
        for page in load_pages([name], root)
    }
    report = {
        "date": datetime.now(UTC).date().isoformat(),
        "model": str(model.info["sha256"]),
        "scored": max((str(record.of.get("measured")) for record in scored.values()), default=""),
        "markups": markup_rows(model, [page for name in validation for page in load_pages([name], root)], jobs),
        "languages": language_rows(stored, languages),
    }
    (_RESULTS / "markup.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    text = markdown(report)
    (_RESULTS / "markup.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
