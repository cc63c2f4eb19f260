"""`make train`: from corpora to a model directory."""

from __future__ import annotations

import dataclasses
import json
import logging
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from declutter.corpus.registry import corpora_root
from declutter.corpus.sources import load_sources, training_data_root
from declutter.errors import CorpusError, ModelError
from declutter.model.directory import DEFAULT, check_writable, save_model
from declutter.model.strictness import BETAS
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
from declutter.training.fit import fit_parts
from declutter.training.report import write_card
from declutter.training.scoring import segment_counts, segment_score, word_score
from declutter.training.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from declutter.corpus.sources import Source
    from declutter.training.examples import Example

__all__ = ["STARTER", "train"]

log: Final = logging.getLogger("declutter")

STARTER: Final = "starter"
"""Name of the model that a bare clone trains, beside and never over the shipped one."""


def train(
    directory: Path | None = None,
    *,
    root: Path | None = None,
    force: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Path:
    """Train a model on every training corpus that is there.

    Without any public corpus only the pages in `training_data/pages` are left: then the small starter model is trained.
    Where a training corpus is missing, the model goes to `models/starter`, never over the shipped one. A model whose
    model.json records the same pages, code and settings is not trained again.

    Args:
        directory: where to write; None for `models/default`, or `models/starter` where a training corpus is missing.
        root: folder of the public corpora; None looks where DECLUTTER_CORPORA says, then in the fetch cache.
        force: train although nothing changed.
        progress: told what is being done.

    Returns:
        The model directory.

    Raises:
        CorpusError: a corpus does not hold what it should, or lacks files of its manifest.
        ModelError: the directory cannot be written, which is tried first.
    """
    data = training_data_root()
    if root is None:
        try:
            root = corpora_root()
        except CorpusError as error:
            log.info("%s", error)
    public = present("train", root)
    check_whole(public, root)  # or a part of them would pass for the full model
    missing = [
        name for name, source in load_sources(data).items() if source.use == "train" and name not in [*public, OWN]
    ]
    if directory is None:
        directory = data.parent / "models" / (STARTER if missing else DEFAULT)
    if not public:
        progress("no public corpus is here: training the small starter model on training_data/pages alone")
        progress("(run `declutter corpus fetch`, or set DECLUTTER_CORPORA, for the full one)")
    elif missing:
        progress(
            f"not here, so not the full model: {', '.join(missing)} (run `declutter corpus fetch`, or set DECLUTTER_CORPORA)"
        )
    pages = load_pages([*public, OWN], root)
    settings = Settings() if public else Settings(min_leaf=10, trees=(60, 40))
    identity = {
        "code_hash": code_hash(),
        "corpus_hash": pages_hash(pages),
        "settings": json.loads(json.dumps(dataclasses.asdict(settings))),
    }
    if not force and _recorded(directory, identity):
        progress(f"{directory} is up to date: pages, code and settings are those it was made with")
        return directory
    check_writable(directory)
    examples = load_examples(pages, progress)
    sources = load_sources(data)
    parts, fitted = fit_parts(examples, settings, progress, grafted=load_grafted(pages))
    told = _told(examples, fitted, sources)
    counts = Counter(example.corpus for example in examples)
    del examples  # as large as those of text, which come next
    flat = load_flat(pages, progress)
    parts["text"], of_text = fit_parts(
        flat, settings.flat(), lambda step: progress(f"plain text: {step}"), grafted=load_flat_grafted(pages)
    )
    info: dict[str, Any] = {
        "name": directory.name,
        "trained": datetime.now(UTC).date().isoformat(),
        **identity,
        **told,
        "text": {"trained": datetime.now(UTC).date().isoformat(), **_told(flat, of_text, sources)},
        "corpora": {
            name: {
                "pages": counts[name],
                "commit": sources[name].commit,
                "licence": sources[name].licence,
            }
            for name in [*public, OWN]
        },
    }
    try:
        whole = save_model(directory, info, parts)
        write_card(directory, whole, sources)
    except OSError as error:
        raise ModelError(f"{directory} cannot be written ({error.strerror or error}): look at the disk") from error
    progress(f"written to {directory}")
    return directory


def _told(examples: Sequence[Example], fitted: dict[str, Any], sources: Mapping[str, Source]) -> dict[str, Any]:
    """What model.json records of a fit: its calibration, middle thresholds, figures of its folds."""
    scores, thresholds = fitted.pop("held_out_scores"), fitted.pop("held_out_thresholds")
    return {
        **fitted,
        "thresholds": {name: float(np.median([page[name] for page in thresholds if page])) for name in BETAS},
        "figures": held_out_figures(examples, scores, thresholds, sources),
    }


def _recorded(directory: Path, identity: Mapping[str, Any]) -> bool:
    try:
        info = json.loads((directory / "model.json").read_bytes())
    except (OSError, ValueError):
        return False
    return all(info.get(key) == value for key, value in identity.items())


def scorable(examples: Sequence[Example]) -> dict[str, list[int]]:
    """Places of the examples of each corpus that has gold to score against, by name."""
    places: dict[str, list[int]] = {}
    for place, example in enumerate(examples):
        if example.gold_counts is not None or (example.segments is not None and example.corpus != "goose3"):
            places.setdefault(example.corpus, []).append(place)
    return places


def held_out_figures(
    examples: Sequence[Example],
    scores: Sequence[NDArray[np.float64]],
    thresholds: Sequence[Mapping[str, float]],
    sources: Mapping[str, Source],
) -> dict[str, dict[str, float]]:
    """Scores of each training corpus from the folds of the fit, in which no page was seen by the model that scored it.

    At each page's own balanced threshold; precision and recall also at those of the other names of strictness.
    """
    figures = {}
    for name, chosen in scorable(examples).items():
        row: dict[str, float] = {"pages": len(chosen)}
        for strictness in BETAS:
            keeps = [scores[i] >= thresholds[i][strictness] for i in chosen]
            rates = corpus_rates([examples[i] for i in chosen], keeps, headline=sources[name].headline == "in")
            for rate, value in zip(("f1", "precision", "recall"), rates, strict=True):
                if strictness == "balanced" or rate != "f1":
                    key = rate if strictness == "balanced" else f"{rate} at {strictness}"
                    row[key] = round(float(value), 4)
        figures[name] = row
    return figures


def corpus_rates(
    examples: Sequence[Example], keeps: Sequence[NDArray[np.bool_]], *, headline: bool
) -> NDArray[np.float64]:
    """F1, precision and recall of what is kept: page by page and averaged, or of all passages where gold is passages."""
    if examples[0].segments is not None:
        counts = [segment_counts(e, k, headline=headline) for e, k in zip(examples, keeps, strict=True)]
        return np.array(segment_score(counts))
    rates = np.array([word_score(e, k, headline=headline) for e, k in zip(examples, keeps, strict=True)])
    return np.asarray(rates.mean(axis=0))
