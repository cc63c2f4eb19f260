"""`make bench-languages`: are words of a language needed? Languages of trafilatura-eval are left out of the training in turn.

A model that saw no page in a language judges the pages in it; beside it one that is fitted on the same pages without any
wording. Both have one pass, which is what tells features apart at a sixth of the cost of a whole fit. No shipped model is measured:
the result names the code and not a model. Written to `benchmarks/results/languages.json` and `languages.md`.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from joblib import Parallel, delayed

from declutter.blocks import segment
from declutter.corpus.registry import corpora_root
from declutter.corpus.sources import load_sources, training_data_root
from declutter.document import read_document
from declutter.explain.groups import group_of
from declutter.features import FEATURE_NAMES, extract
from declutter.model.predictor import calibrate
from declutter.model.strictness import CurveForest
from declutter.training.data import OWN, code_hash, load_examples, load_grafted, load_pages, present
from declutter.training.fit import fit_parts, score_pages
from declutter.training.run import corpus_rates
from declutter.training.settings import Settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.corpus.base import CorpusPage
    from declutter.training.examples import Example

CORPUS: Final = "trafilatura-eval"
FEWEST: Final = 20
"""Languages with so many pages of the corpus are left out in turn."""
RESULTS: Final = Path(__file__).parent / "results"
_WORDING: Final = ("phrases", "phrases around", "voice", "topics")
# Features of neighbours are of one group, whatever they are of.
_NEIGHBOURS: Final = ("lexicon_any_", "reader_", "writer_")


def wording_columns() -> NDArray[np.int64]:
    """The columns that hang on words of some language."""
    return np.flatnonzero(
        [
            (group_of(name) in _WORDING and not name.startswith("site_name"))
            or (group_of(name) == "neighbours" and name.startswith(_NEIGHBOURS))
            for name in FEATURE_NAMES
        ]
    )


def language_of(page: CorpusPage) -> str:
    """The language of a page as the features guess it, "" where nothing tells."""
    document = read_document(page.html)
    blocks = segment(document)
    return extract(document, blocks)[1].language if len(blocks) else ""


def figure(
    examples: list[Example], grafted: list[Example], languages: dict[str, str], language: str, *, headline: bool
) -> tuple[float, int]:
    """F of the corpus's pages in a language by a model that saw none in it, and how many pages it was fitted on."""
    seen = [e for e in examples if languages.get(e.sha256) != language]
    settings = replace(Settings(), trees=Settings().trees[:1])
    parts, told = fit_parts(
        seen, settings, grafted=[e for e in grafted if languages.get(e.sha256) != language], kinds=False
    )
    held = [e for e in examples if e.corpus == CORPUS and languages[e.sha256] == language and e.segments is not None]
    forest = CurveForest(parts["strictness"])
    keeps = []
    for example, raw in zip(held, score_pages(parts, held), strict=True):
        scores = calibrate(raw, *told["calibration"])
        keeps.append(scores >= forest.expected(example.features, example.layout.weights, scores).best("balanced"))
    return float(corpus_rates(held, keeps, headline=headline)[0]), len(seen)


def markdown(report: dict[str, Any]) -> str:
    """The results as a table."""
    code = f", code {report['code_hash'][:12]}" if "code_hash" in report else ""
    lines = [
        f"Measured on {report['date']} by `make bench-languages`{code}: F of passages of {CORPUS}, pages of a language judged by a"
        f" model of one pass that saw no page in it, of any corpus; and by one fitted on the same pages without the"
        f" {report['columns']} features that hang on words of a language. These models are fitted for this alone, and lack the second"
        " pass: the figures compare with each other, not with those of the shipped model.",
        "",
        "| language | pages | fitted on | with wording | without | difference |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['language']} | {row['pages']} | {row['fitted_on']} | {row['with']:.3f} | {row['without']:.3f} |"
        f" {row['with'] - row['without']:+.3f} |"
        for row in report["rows"]
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, and write JSON and Markdown to benchmarks/results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("languages", nargs="*", help="ISO 639-1 codes; without any those of enough pages")
    chosen = parser.parse_args().languages
    root, sources = corpora_root(), load_sources(training_data_root())
    pages = load_pages([*present("train", root), OWN], root)
    found = Parallel(-1, batch_size=16)(delayed(language_of)(page) for page in pages)
    languages = {page.sha256: language for page, language in zip(pages, found, strict=True)}
    counts = Counter(languages[page.sha256] for page in pages if page.corpus == CORPUS)
    chosen = chosen or [language for language, count in counts.most_common() if count >= FEWEST and language]
    examples, grafted = load_examples(pages, print), load_grafted(pages)
    columns = wording_columns()
    headline = sources[CORPUS].headline == "in"
    rows: list[dict[str, Any]] = [{"language": language, "pages": counts[language]} for language in chosen]
    for arm in ("with", "without"):
        if arm == "without":  # in their places: there is no room for two copies
            for example in (*examples, *grafted):
                example.features[:, columns] = 0
        for row in rows:
            value, row["fitted_on"] = figure(examples, grafted, languages, row["language"], headline=headline)
            row[arm] = round(value, 4)
            print(row, flush=True)
    report = {
        "date": datetime.now(UTC).date().isoformat(),
        "model": None,  # each figure has one of its own
        "code_hash": code_hash(),
        "columns": len(columns),
        "rows": rows,
    }
    (RESULTS / "languages.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "languages.md").write_text(markdown(report), encoding="utf-8")


if __name__ == "__main__":
    main()
