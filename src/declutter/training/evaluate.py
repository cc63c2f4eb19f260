"""`make evaluate`: figures for every corpus, from grouped folds or by plain prediction; written as JSON and Markdown."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from declutter.corpus.registry import corpora_root
from declutter.corpus.sources import load_sources, training_data_root
from declutter.errors import InputError
from declutter.labels import CHROME
from declutter.model.directory import load_default
from declutter.model.predictor import Model, calibrate
from declutter.training.data import OWN, load_examples, load_grafted, load_pages, present
from declutter.training.fit import fit_parts, score_pages
from declutter.training.folds import CELLS, INNER_FOLDS, OUTER_FOLDS, fold_numbers
from declutter.training.run import scorable
from declutter.training.scoring import Segments, interval, segment_counts, segment_score, word_score
from declutter.training.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from declutter.corpus.sources import Source
    from declutter.training.examples import Example

    Scores = list[NDArray[np.float64]]

__all__ = ["evaluate"]

# Digits of a page's hash that name it in pages.json.
_HASH: Final = 16
# The content_score that figures on the way are told at.
_SHOWN: Final = 0.4


def evaluate(
    *,
    root: Path | None = None,
    results: Path,
    progress: Callable[[str], None] = lambda _: None,
    folds: int = OUTER_FOLDS,
    left_out: bool = False,
) -> str:
    """Measure the shipped model's code and settings.

    Training corpora: outer folds grouped by registrable domain; passes, calibration and second-pass inputs are fitted
    inside each fold. Validation corpora: the shipped model as it is. All at the shipped balanced threshold.

    Args:
        root: folder of the public corpora; None looks where DECLUTTER_CORPORA says, then in the fetch cache.
        results: folder to write quality.json, quality.md and pages.json to; the last holds for each page, named by the
            beginning of its hash, F1, precision and recall, or passages kept, wrongly kept and lost.
        progress: told what is being done.
        folds: outer folds; 0 leaves the training corpora out and measures the shipped model alone.
        left_out: measure each training corpus also by a model fitted on the others, without pages of its sites: what a
            user's pages are like, which are always of another making. As long as a fit for each corpus.

    Returns:
        The Markdown table.

    Raises:
        CorpusError: there are no corpora.
        InputError: folds that would part boxes from the pages they are cut from.
    """
    if folds and (folds == 1 or CELLS % folds):
        # Boxes that are set into other pages are held out with the page they are cut from in these folds alone.
        raise InputError(f"folds is {folds}: give 0, {INNER_FOLDS}, {OUTER_FOLDS} or {CELLS}")
    root = root or corpora_root()
    sources = load_sources(training_data_root())
    model = load_default()
    threshold = model.threshold("balanced")
    rows: list[dict[str, Any]] = []
    kind_rows: list[dict[str, Any]] = []
    by_page: dict[str, dict[str, list[float]]] = {}
    if folds or left_out:
        pages = load_pages([*present("train", root), OWN], root)
        examples = load_examples(pages, progress)
        grafted = load_grafted(pages)
    if folds:
        scores, kinds = _by_folds(examples, grafted, Settings(), folds, progress)
        rows += _rows(examples, scores, threshold, sources, "grouped folds", by_page)
        kind_rows += _kind_rows(examples, kinds)
    if left_out:
        for name, held, found in _left_out(examples, grafted, Settings(), progress):
            rows += _rows(held, found, threshold, sources, f"left out: no page of {name} in training", {})
    for name in present("validate", root):
        progress(f"validate: {name}")
        held = load_examples(load_pages([name], root), progress)
        found = [_content_scores(model, example) for example in held]
        rows += _rows(held, found, threshold, sources, "shipped model", by_page)
    report: dict[str, Any] = {
        "date": datetime.now(UTC).date().isoformat(),
        "model": {key: model.info.get(key) for key in ("name", "trained", "sha256", "code_hash", "corpus_hash")},
        "threshold": threshold,
        "settings": dataclasses.asdict(Settings()),
        "outer_folds": folds,
        "corpora": {
            name: {"commit": source.commit, "headline": source.headline, "use": source.use}
            for name, source in sources.items()
        },
        "rows": rows,
        "kinds": kind_rows,
    }
    table = _markdown(report)
    results.mkdir(parents=True, exist_ok=True)
    (results / "quality.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (results / "quality.md").write_text(table, encoding="utf-8")
    (results / "pages.json").write_text(json.dumps(by_page, indent=0) + "\n", encoding="utf-8")
    return table


def _content_scores(model: Model, example: Example) -> NDArray[np.float64]:
    return model.probabilities(example.features, example.layout)[:, 0]


def _by_folds(
    examples: Sequence[Example],
    grafted: Sequence[Example],
    settings: Settings,
    folds: int,
    progress: Callable[[str], None],
) -> tuple[Scores, list[NDArray[np.float64]]]:
    """Calibrated content scores and kind probabilities of every page, from models that saw no page of its site."""
    numbers = fold_numbers(examples, folds)
    scores: Scores = [np.zeros(0)] * len(examples)
    kinds: list[NDArray[np.float64]] = [np.zeros((0, len(CHROME)))] * len(examples)
    for fold in sorted(set(numbers)):

        def tell(step: str, fold: int = fold) -> None:
            progress(f"outer fold {fold + 1} of {folds}: {step}")

        seen = [e for e, k in zip(examples, numbers, strict=True) if k != fold]
        sites = {example.domain for example in seen}
        parts, fitted = fit_parts(seen, settings, tell, grafted=[e for e in grafted if e.domain in sites])
        held = [place for place, k in enumerate(numbers) if k == fold]
        chosen = [examples[place] for place in held]
        model = Model("fold", {"calibration": fitted["calibration"]}, parts)
        for place, values in zip(held, score_pages(parts, chosen), strict=True):
            scores[place] = calibrate(values, *fitted["calibration"])
            if (examples[place].kind >= 0).any():
                shares = model.probabilities(examples[place].features, examples[place].layout)[:, 1:]
                kinds[place] = shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12)
        tell(_so_far(chosen, [scores[place] for place in held]))
    return scores, kinds


def _so_far(examples: Sequence[Example], scores: Scores) -> str:
    """F1 at 0.4 of the corpora with whole gold, the headline left out: something to read while the folds go on."""
    found = []
    for name, places in scorable(examples).items():
        if examples[places[0]].segments is None:
            values = [word_score(examples[i], scores[i] >= _SHOWN, headline=False).f1 for i in places]
            found.append(f"{name} {np.mean(values):.4f} ({len(places)})")
    return ", ".join(found)


def _left_out(
    examples: Sequence[Example], grafted: Sequence[Example], settings: Settings, progress: Callable[[str], None]
) -> Iterator[tuple[str, list[Example], Scores]]:
    """For each training corpus with gold to score by: its name, its pages, and their scores by a model of the others.

    The threshold that they are held against is the shipped model's, which was chosen with the corpus.
    """
    for name, places in scorable(examples).items():
        held = [examples[place] for place in places]
        sites = {example.domain for example in examples if example.corpus == name}

        def of_others(pages: Sequence[Example], name: str = name, sites: set[str] = sites) -> list[Example]:
            return [e for e in pages if e.corpus != name and e.domain not in sites]

        def tell(step: str, name: str = name) -> None:
            progress(f"without {name}: {step}")

        parts, fitted = fit_parts(of_others(examples), settings, tell, grafted=of_others(grafted), kinds=False)
        yield name, held, [calibrate(values, *fitted["calibration"]) for values in score_pages(parts, held)]


def _rows(
    examples: Sequence[Example],
    scores: Sequence[NDArray[np.float64]],
    threshold: float,
    sources: Mapping[str, Source],
    how: str,
    by_page: dict[str, dict[str, list[float]]],
) -> list[dict[str, Any]]:
    rows = []
    for name, places in scorable(examples).items():
        headline = sources[name].headline == "in"
        groups: dict[str, list[int]] = {"all": places}
        for place in places:
            if (kind := examples[place].page_type) is not None:
                groups.setdefault(kind, []).append(place)
        for group, chosen in groups.items():
            values: list[Any]
            if examples[chosen[0]].segments is not None:
                values = [segment_counts(examples[i], scores[i] >= threshold, headline=headline) for i in chosen]
                total = segment_score(values)
                low, high = interval(values)
            else:
                values = [word_score(examples[i], scores[i] >= threshold, headline=headline) for i in chosen]
                total = values[0]._make(np.array(values).mean(axis=0).tolist())
                low, high = interval([value.f1 for value in values])
            if group == "all":
                by_page[name] = {
                    examples[i].sha256[:_HASH]: [round(float(part), 4) for part in value]
                    for i, value in zip(chosen, values, strict=True)
                }
            rows.append(
                {
                    "corpus": name,
                    "group": group,
                    "pages": len(chosen),
                    "how": how,
                    "score": "segment F" if isinstance(values[0], Segments) else "word F1",
                    "headline": sources[name].headline,
                    "f1": round(total.f1, 4),
                    "low": round(low, 4),
                    "high": round(high, 4),
                    "precision": round(total.precision, 4),
                    "recall": round(total.recall, 4),
                }
            )
    return rows


def _kind_rows(examples: Sequence[Example], kinds: Sequence[NDArray[np.float64]]) -> list[dict[str, Any]]:
    """Precision, recall and F1 of each kind among blocks whose kind is known, by corpus."""
    rows = []
    for corpus in sorted({example.corpus for example in examples}):
        chosen = [i for i, example in enumerate(examples) if example.corpus == corpus and (example.kind >= 0).any()]
        if not chosen:
            continue
        truth = np.concatenate([examples[i].kind[examples[i].kind >= 0] for i in chosen])
        guess = np.concatenate([kinds[i][examples[i].kind >= 0].argmax(axis=1) for i in chosen])
        for column, label in enumerate(CHROME):
            support = int((truth == column).sum())
            if not support:
                continue
            hit = int(((truth == column) & (guess == column)).sum())
            claimed = int((guess == column).sum())
            rows.append(
                {
                    "corpus": corpus,
                    "kind": label.value,
                    "blocks": support,
                    "precision": round(hit / claimed, 4) if claimed else 0.0,
                    "recall": round(hit / support, 4),
                    "f1": round(2 * hit / (claimed + support), 4),
                }
            )
    return rows


def _markdown(report: Mapping[str, Any]) -> str:
    lines = [
        f"Measured on {report['date']} by `make evaluate`, model of {report['model']['trained']}"
        f" (sha256 {str(report['model']['sha256'])[:12]}), content_score from {report['threshold']}."
        " Training corpora: outer folds grouped by registrable domain. dragnet and cleaneval: the shipped model, which"
        " nothing was trained, tuned or chosen on them for.",
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
    lines += ["", "| kind | corpus | blocks | precision | recall | F1 |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {row['kind']} | {row['corpus']} | {row['blocks']} | {row['precision']:.3f} | {row['recall']:.3f} | {row['f1']:.3f} |"
        for row in report["kinds"]
    ]
    return "\n".join([*lines, ""])
