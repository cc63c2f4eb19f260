"""`make evaluate`: figures for every corpus, from grouped folds or by plain prediction, stored with the model."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from declutter.corpus.registry import corpora_root
from declutter.corpus.sources import load_sources, training_data_root
from declutter.decide import threshold_of
from declutter.errors import CorpusError, InputError
from declutter.labels import CHROME
from declutter.measure.figures import Figures, Judged, figures_of, joined
from declutter.measure.golden import Golden, same_code
from declutter.measure.golds import language_of
from declutter.measure.held_out import FOLDS, LEFT_OUT, SHIPPED, TEXT, HeldOut, keep_fold, kept_folds
from declutter.measure.kind_tables import hashed_rows, kind_rows, label_rows, language_kind_rows
from declutter.measure.tables import (
    calibration_rows,
    element_rows,
    markdown,
    score_rows,
    strictness_rows,
)
from declutter.model.directory import check_writable, default_directory, load_default
from declutter.model.form import form_of
from declutter.model.predictor import Model, calibrate
from declutter.model.strictness import BETAS, CurveForest
from declutter.training.data import (
    OWN,
    check_whole,
    code_hash,
    load_examples,
    load_flat,
    load_flat_grafted,
    load_grafted,
    load_pages,
    pages_hash,
    present,
)
from declutter.training.fit import fit_parts, score_pages
from declutter.training.folds import CELLS, INNER_FOLDS, OUTER_FOLDS, fold_numbers
from declutter.training.renamed import HASHED, read_renamed
from declutter.training.run import scorable
from declutter.training.scoring import word_score
from declutter.training.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from declutter.training.examples import Example

    Scores = list[NDArray[np.float64]]

__all__ = ["ALL", "STRICTNESS", "evaluate", "shipped_figures"]

ALL: Final = "all"
"""Stands for every training corpus that can be left out."""

STRICTNESS: Final = "balanced"
"""The name of the strictness that everything is measured at, the default; precision and recall also at the others."""


def evaluate(
    *,
    root: Path | None = None,
    results: Path,
    directory: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
    folds: int = OUTER_FOLDS,
    left_out: Collection[str] = (),
    text: bool = False,
) -> str:
    """Measure the shipped model's code and settings.

    Training corpora: outer folds grouped by registrable domain; passes, calibration and second-pass inputs are fitted
    inside each fold. Validation corpora: the shipped model as it is. All at each page's balanced threshold. Every figure
    is stored as soon as it is there: a run that is cut off goes on after the last fold, or corpus, that it finished.

    Args:
        root: folder of the public corpora; None looks where DECLUTTER_CORPORA says, then in the fetch cache.
        results: folder to write quality.json and quality.md to: this run's figures, and stored ones that are of the
            same code, settings and pages as the model.
        directory: the model's folder, whose held_out.json the figures of each page go to; None for the shipped model's.
        progress: told what is being done.
        folds: outer folds; 0 leaves the training corpora out and measures the shipped model alone.
        left_out: training corpora to measure also by a model fitted on the others, without pages of their sites: what
            a user's pages are like, which are always of another making. A fit for each. ALL stands for those that are
            not stored yet.
        text: instead of all that, outer folds of the training corpora flattened to plain text, by models of text.

    Returns:
        The Markdown table.

    Raises:
        CorpusError: there are no corpora, none of those that would be measured, or one lacks files of its manifest.
        InputError: folds that would part boxes from the pages they are cut from, a corpus that cannot be left out, or text
            with anything but folds.
        ModelError: results cannot be written.
    """
    if folds not in {0, INNER_FOLDS, OUTER_FOLDS, CELLS}:
        # Boxes that are set into other pages are held out with the page they are cut from in these folds alone.
        raise InputError(f"folds is {folds}: give 0, {INNER_FOLDS}, {OUTER_FOLDS} or {CELLS}")
    root = root or corpora_root()
    if strange := sorted({*left_out} - {ALL, *present("train", root)}):
        here = ", ".join([ALL, *present("train", root)])
        raise InputError(f"{strange[0]} cannot be left out: name a training corpus that is here, of {here}")
    if text and (left_out or not folds):
        raise InputError("text is measured in folds alone: give folds, and leave left_out out")
    of_use = {"train": folds or left_out or text, "validate": not text}
    used = [name for use, wanted in of_use.items() if wanted for name in present(use, root)]
    if not (used or folds):
        raise CorpusError(
            f"nothing was measured: no validation corpus is in {root}: run `declutter corpus fetch`, or leave out --folds 0"
        )
    check_writable(results)
    check_whole(used, root)  # or figures of a part of them would pass for theirs
    sources = load_sources(training_data_root())
    model, directory = load_default(), directory or default_directory()
    stored = HeldOut.read(directory)
    fresh: set[tuple[str, str]] = set()
    of: dict[str, Any] = {
        "measured": datetime.now(UTC).date().isoformat(),
        "code_hash": code_hash(),
    }

    def store(section: str, origin: dict[str, Any], found: dict[str, Figures]) -> None:
        nonlocal stored
        stored = HeldOut.read(directory)  # what another run has stored meanwhile stays
        stored.put(section, origin, found)
        stored.write(directory)
        fresh.update((section, name) for name in found)

    if folds or left_out or text:
        pages = load_pages([*present("train", root), OWN], root)
        of_fit = of | {"corpus_hash": pages_hash(pages), "settings": _plain(Settings())}
        if of_fit["corpus_hash"] != model.info.get("corpus_hash"):
            progress("the pages are not those that the model was trained on: these will not count as its figures")
        examples = load_flat(pages, progress) if text else load_examples(pages, progress)
        grafted = load_flat_grafted(pages) if text else load_grafted(pages)

        if folds:
            of_folds = of_fit | {"folds": folds} | ({"markup": "text"} if text else {})
            settings = Settings().flat() if text else Settings()
            done = kept_folds(directory, of_folds)
            # Names are hashed of pages of HTML alone: a text has none.
            of_pages = {} if text else {(page.corpus, page.name): page for page in pages}
            for fold, held, judged, kinds, of_fold in _by_folds(examples, grafted, settings, folds, progress, done):
                told = {
                    place: of_pages[e.corpus, e.name] for place, e in enumerate(held) if len(kinds[place]) and of_pages
                }
                hashed = [of_fold.probabilities(*page)[:, 1:] for page in read_renamed([*told.values()], HASHED)]
                languages = {place: language_of(page) for place, page in told.items()}
                done[fold] = figures_of(held, judged, sources, kinds, dict(zip(told, hashed, strict=True)), languages)
                keep_fold(directory, of_folds, done)
            store(TEXT if text else FOLDS, of_folds, joined(done.values()))
            keep_fold(directory, of_folds, {})
        names = _to_leave_out(left_out, examples, stored, of_fit, progress)
        for _, held, judged in _left_out(examples, grafted, Settings(), progress, names):
            store(LEFT_OUT, of_fit, figures_of(held, judged, sources))
    for name in [] if text else present("validate", root):
        progress(f"validate: {name}")
        held = load_examples(load_pages([name], root), progress)
        store(SHIPPED, of | {"sha256": model.info.get("sha256")}, shipped_figures(model, held))
    return _report(results, model, stored, fresh, folds, same_code(Golden.read(directory), model.info.get("sha256")))


def _report(
    results: Path,
    model: Model,
    stored: HeldOut,
    fresh: Collection[tuple[str, str]],
    folds: int,
    same: Collection[str],
) -> str:
    """Write quality.json and quality.md from figures that are new, or stored and the model's; the Markdown."""
    sources = load_sources(training_data_root())
    records = [
        (section, corpus, record)
        for section, corpus, record in stored
        if (section, corpus) in fresh or not record.strange(model.info, same)
    ]
    report: dict[str, Any] = {
        "date": datetime.now(UTC).date().isoformat(),
        "model": {key: model.info.get(key) for key in ("name", "trained", "sha256", "code_hash", "corpus_hash")},
        "strictness": STRICTNESS,
        "settings": _plain(Settings()),
        "outer_folds": next((record.of["folds"] for section, _, record in records if section == FOLDS), folds),
        "corpora": {
            name: {"commit": source.commit, "headline": source.headline, "use": source.use}
            for name, source in sources.items()
        },
        "rows": score_rows(records, sources),
        "elements": element_rows(records),
        "calibration": calibration_rows(records),
        "kinds": kind_rows(records),
        "labels": label_rows(records),
        "hashed": hashed_rows(records),
        "kinds_by_language": language_kind_rows(records),
        "by_strictness": strictness_rows(records),
    }
    table = markdown(report)
    results.mkdir(parents=True, exist_ok=True)
    (results / "quality.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (results / "quality.md").write_text(table, encoding="utf-8")
    return table


def _plain(settings: Settings) -> Any:
    return json.loads(json.dumps(dataclasses.asdict(settings)))


def shipped_figures(model: Model, examples: Sequence[Example]) -> dict[str, Figures]:
    """Figures of some pages by a model as it is, by corpus; for pages that it was not trained on."""
    scores = [model.probabilities(example.features, example.layout)[:, 0] for example in examples]
    judged = _judged(model.parts["strictness"], examples, scores)
    return figures_of(examples, judged, load_sources(training_data_root()))


def _judged(strictness: Mapping[str, Any], examples: Sequence[Example], scores: Scores) -> list[Judged]:
    """What becomes of pages with these calibrated scores."""
    forest = CurveForest(strictness)
    found = []
    for example, score in zip(examples, scores, strict=True):
        expected = forest.expected(example.features, example.layout.weights, score)
        thresholds = {name: threshold_of(name, expected, score) for name in BETAS}
        at = {name: score >= threshold for name, threshold in thresholds.items()}
        found.append(Judged(score, at[STRICTNESS], expected.f1(thresholds[STRICTNESS]), at))
    return found


def _by_folds(
    examples: Sequence[Example],
    grafted: Sequence[Example],
    settings: Settings,
    folds: int,
    progress: Callable[[str], None],
    done: Collection[int] = (),
) -> Iterator[tuple[int, list[Example], list[Judged], Scores, Model]]:
    """Fold by fold: its number, its pages, what becomes of them, kind probabilities, and the model that gave all this.

    All are from a model that saw no page of their sites. Folds that are done are passed over.
    """
    numbers = fold_numbers(examples, folds)
    for fold in sorted(set(numbers)):

        def tell(step: str, fold: int = fold) -> None:
            progress(f"outer fold {fold + 1} of {folds}: {step}")

        if fold in done:
            tell("finished before")
            continue
        seen = [e for e, k in zip(examples, numbers, strict=True) if k != fold]
        held = [e for e, k in zip(examples, numbers, strict=True) if k == fold]
        sites = {example.domain for example in seen}
        parts, fitted = fit_parts(seen, settings, tell, grafted=[e for e in grafted if e.domain in sites])
        scores = [calibrate(values, *fitted["calibration"]) for values in score_pages(parts, held)]
        model = Model("fold", {"calibration": fitted["calibration"]}, form_of(parts))
        kinds = [
            model.probabilities(e.features, e.layout)[:, 1:] if (e.kind >= 0).any() else np.zeros((0, len(CHROME)))
            for e in held
        ]
        judged = _judged(parts["strictness"], held, scores)
        tell(_so_far(held, judged))
        yield fold, held, judged, kinds, model


def _so_far(examples: Sequence[Example], judged: Sequence[Judged]) -> str:
    """F1 of the corpora with whole gold, the headline left out: something to read while the folds go on."""
    found = []
    for name, places in scorable(examples).items():
        if examples[places[0]].segments is None:
            values = [word_score(examples[i], judged[i].keep, headline=False).f1 for i in places]
            found.append(f"{name} {np.mean(values):.4f} ({len(places)})")
    return ", ".join(found)


def _to_leave_out(
    asked: Collection[str],
    examples: Sequence[Example],
    stored: HeldOut,
    of: dict[str, Any],
    progress: Callable[[str], None],
) -> list[str]:
    """The corpora to leave out, each alone: those that are named, and for ALL those that are not stored yet."""
    able = [name for name in scorable(examples) if name != OWN]  # whose boxes are in all training
    if strange := [name for name in asked if name not in {ALL, *able}]:
        raise InputError(f"{strange[0]} has no gold to be scored by: leave out {ALL}, or one of {', '.join(able)}")
    names = [name for name in able if name in asked]
    if ALL in asked:
        for name in able:
            record = stored.sections[LEFT_OUT].get(name)
            if record is not None and {**record.of, "measured": ""} == {**of, "measured": ""}:
                progress(f"without {name}: measured on {record.of['measured']} with the same code, pages and settings")
            elif name not in names:
                names.append(name)
    return names


def _left_out(
    examples: Sequence[Example],
    grafted: Sequence[Example],
    settings: Settings,
    progress: Callable[[str], None],
    names: Sequence[str],
) -> Iterator[tuple[str, list[Example], list[Judged]]]:
    """For each of some training corpora: its name, its pages, and what a model of the others makes of them."""
    places = scorable(examples)
    for name in names:
        held = [examples[place] for place in places[name]]
        sites = {example.domain for example in examples if example.corpus == name}

        def of_others(pages: Sequence[Example], name: str = name, sites: set[str] = sites) -> list[Example]:
            return [e for e in pages if e.corpus != name and e.domain not in sites]

        def tell(step: str, name: str = name) -> None:
            progress(f"without {name}: {step}")

        parts, fitted = fit_parts(of_others(examples), settings, tell, grafted=of_others(grafted), kinds=False)
        scores = [calibrate(values, *fitted["calibration"]) for values in score_pages(parts, held)]
        yield name, held, _judged(parts["strictness"], held, scores)
