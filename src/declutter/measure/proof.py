"""A small training on pages of ours: equal values of it are the proof that code which changed still trains the same."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from threadpoolctl import threadpool_limits

from declutter.blocks import segment
from declutter.corpus import load_corpus
from declutter.corpus.base import CorpusPage, Segments, WholeText
from declutter.document import read_document
from declutter.model.form import form_of
from declutter.model.predictor import Model
from declutter.training.data import OWN, load_examples, load_grafted, pages_hash
from declutter.training.examples import make_example
from declutter.training.fit import fit_parts
from declutter.training.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["apart", "training_values"]

# Every so many pages of ours; of three, one stays as it is, one becomes whole gold, one becomes passages.
_STEP: Final = 4
_SMALL: Final[dict[str, Any]] = {
    "trees": (20, 12),
    "screening_trees": 8,
    "min_leaf": 5,
    "kind_nets": 1,
    "kind_columns": 60,
    "net_units": 8,
    "net_epochs": (1, 1),
    "kind_rounds": 3,
}


def _pages(training_data: Path) -> list[CorpusPage]:
    pages = []
    for place, page in enumerate(list(load_corpus(OWN, training_data))[::_STEP]):
        if place % 3 == 0:
            pages.append(page)
            continue
        document = read_document(page.html)
        document.take_attribute("data-label")
        content = make_example(page).content
        texts = segment(document).texts
        wanted = [text for text, is_content in zip(texts, content, strict=True) if is_content == 1]
        rest = [text for text, is_content in zip(texts, content, strict=True) if is_content == 0]
        corpus, gold = (
            ("wcxb", WholeText("\n".join(wanted)))
            if place % 3 == 1
            else ("trafilatura-eval", Segments(tuple(wanted[:3]), tuple(rest[:3])))
        )
        html = page.html.replace(b"data-label=", b"data-x=")
        pages.append(CorpusPage(corpus, page.name, html, gold, url=f"https://site{place}.example/"))
    return pages


def training_values(training_data: Path) -> dict[str, list[float]]:
    """What a small training gives: of pages, examples, fit, calibration, kinds and thresholds, rounded.

    Half a minute. Pages of ours stand for public corpora too, with their contents as whole gold or as passages.

    Raises:
        CorpusError: a page of ours is not labelled throughout.
    """
    names = {field.name for field in dataclasses.fields(Settings)}
    settings = dataclasses.replace(Settings(), **{name: value for name, value in _SMALL.items() if name in names})
    pages = _pages(training_data)
    examples = load_examples(pages)
    with threadpool_limits(1):  # as exact as can be, and no waiting for threads on a shared machine
        parts, fitted = fit_parts(examples, settings, lambda _: None, grafted=load_grafted(pages))
    model = Model("proof", {"calibration": fitted["calibration"]}, form_of(parts))
    made = [model.probabilities(example.features, example.layout) for example in examples]
    places = np.arange(made[0].shape[1])
    values = {
        "pages": [float(int(pages_hash(pages)[:8], 16))],
        "calibration": list(fitted["calibration"]),
        "thresholds": [threshold for page in fitted["held_out_thresholds"] for threshold in page.values()],
        "held_out": [float((scores**2).mean()) for scores in fitted["held_out_scores"]],
        "scores": [float((rows[:, 0] ** 2).mean()) for rows in made],
        "kinds": [float((rows @ places).mean()) for rows in made],
    }
    return {name: [round(float(value), 6) for value in found] for name, found in values.items()}


def apart(stored: dict[str, list[float]], found: dict[str, list[float]]) -> list[str]:
    """Names of the values of two small trainings that differ by more than their rounding."""
    return [
        name
        for name in stored | found
        if len(stored.get(name, [])) != len(found.get(name, []))
        or any(abs(a - b) > 2e-6 for a, b in zip(stored.get(name, []), found.get(name, []), strict=True))
    ]
