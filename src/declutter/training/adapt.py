"""Adapt a model to the pages that a person labelled, without any corpus and without touching what was trained.

For each site the labelled pages tell how far each element of its template, and each text that comes back, moves the
log-odds that a block is content: a logistic regression over such keys, with the trained model's log-odds as offset and a
Gaussian prior that holds every move near 0 (ridge). A block that nobody labelled counts as one of which the trained
model is right: else the keys that it shares with a mended one (body, main) would take the whole move. See model/sites.py for
how a page is known to be of the site, and for the kinds. What is gained is measured page by page on pages that were held out;
a site that loses is left out.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from scipy import optimize, sparse

from declutter.annotate.folder import labelled_pages
from declutter.blocks import segment
from declutter.corpus.annotations import carry_over
from declutter.corpus.base import LabelledRanges
from declutter.corpus.dedupe import find_duplicates
from declutter.decide import decide, threshold_of
from declutter.document import read_document
from declutter.errors import CorpusError, ModelError
from declutter.features import extract
from declutter.labels import CHROME, Label
from declutter.model.context import layout_of
from declutter.model.directory import default_directory, load_estimators, load_model, save_model
from declutter.model.sites import PageKeys, Site, page_keys, recognised

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from declutter.corpus.base import CorpusPage
    from declutter.model import Model
    from declutter.model.context import Layout
    from declutter.model.predictor import Scores

    Floats = NDArray[np.float64]

__all__ = ["Change", "NothingGained", "adapt", "fit_site"]

_PRIOR: Final = 3.0
"""One over the variance of a move. Of 1, 3, 10 and more; Dragnet was looked at too, so its figures are not blind (experiments)."""
_PRIOR_OF_ONE: Final = 10.0
"""The same where there is one page, so that nothing can be held out to see whether it helps."""
_WORTH: Final = 30.0
"""What the labelled blocks of a page weigh together where all are: those of one page say much the same."""
_AGREED: Final = 1.0
"""What a block that nobody labelled weighs beside a labelled one; what is wanted of it is what the trained model says."""
_HELD: Final = 0.1
"""By how much more a key is held near 0 that unlabelled blocks have: times their share, by weight, to that of the labelled ones."""
_FOLDS: Final = 10
# What save_model records anew.
_OWN_RECORDS: Final = ("format", "sha256", "form_sha256", "scikit_learn", "labels", "features_version", "features")
_NONE: Final = -1


class Example(NamedTuple):
    """A labelled page of n blocks, as the base model sees it.

    Attributes:
        name: of the page.
        features, layout, scores: as for Model.probabilities.
        keys: what a site may know of it.
        headline: row of the main headline, -1 for none.
        labels: int64, n, places in Label, -1 where nobody gave one.
        words: float64, n, words + 1.
    """

    name: str
    features: NDArray[np.float32]
    layout: Layout
    scores: Scores
    keys: PageKeys
    headline: int
    labels: NDArray[np.int64]
    words: Floats


class Change(NamedTuple):
    """What adapting did for a site, on pages that were held out; shares from 0 to 1, means over pages.

    Attributes:
        site: its name.
        pages: its labelled pages.
        held_out: those that were measured; 0 where there are too few pages to hold any out.
        f1, f1_after: F1 of the words of content, over the labelled blocks.
        right, right_after: share of the labelled blocks with the right label.
        kept: the site is in the adapted model.
        mended: labelled blocks of those pages that were wrong and are right.
        unlabelled: blocks of those pages that nobody labelled.
        changed: those of them that were content and are none, or the other way round. Where no page is held out, these
            three are of the page itself.
    """

    site: str
    pages: int
    held_out: int
    f1: float
    f1_after: float
    right: float
    right_after: float
    kept: bool
    mended: int = 0
    unlabelled: int = 0
    changed: int = 0


class NothingGained(CorpusError):  # noqa: N818 - it is what came out, no fault
    """No site gained anything on pages held out, so that no model was written.

    Args:
        message: where, and the mend.
        changes: what was measured.
    """

    def __init__(self, message: str, changes: Sequence[Change]) -> None:
        super().__init__(message)
        self.changes = tuple(changes)


def adapt(
    annotations: Path,
    directory: Path,
    *,
    base: Path | None = None,
    trust: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Change]:
    """Write a model directory that knows the sites of some labelled pages; on pages of other sites it is the base model.

    Load it with `trust=True`, as any model that did not come with the package.

    Args:
        annotations: the folder that `declutter annotate` wrote.
        directory: where to write.
        base: the model to adapt; None for the shipped one.
        trust: unpickle a base that did not come with the package.
        progress: told what is being done.

    Returns:
        What was gained on each site.

    Raises:
        CorpusError: the annotations do not hold what they should.
        NothingGained: no site gained; it is a CorpusError that holds what was measured.
        ModelError: the base cannot be loaded, is adapted already, or the directory is its own.
    """
    start = base or default_directory()
    if directory.resolve() == start.resolve():
        raise ModelError(f"{directory} is the model to adapt: name another directory for what comes out")
    model = load_model(start, trust=trust)
    if model.sites:
        raise ModelError(f"{start} is adapted already: adapt the model that it was made from, with all pages at once")
    pages = _without_duplicates(labelled_pages(annotations), progress)
    arrays: dict[str, dict[str, Any]] = {}
    changes = []
    for site, group in groupby(pages, key=lambda page: page.corpus):
        chosen = [example for page in group if (example := _example(page, model, progress)) is not None]
        if not chosen:
            continue
        progress(f"{site}: {len(chosen)} labelled {'page' if len(chosen) == 1 else 'pages'}")
        change = _measured(site, chosen, model)
        changes.append(change)
        if change.kept:
            arrays[str(len(arrays))] = fit_site(chosen)
    if not arrays:
        raise NothingGained(
            f"{annotations}: no site gained anything on pages held out, so no model is written: label more pages of"
            " a site, and pages of one template",
            changes,
        )
    _save(directory, model, load_estimators(start, trust=trust) | {"sites": arrays}, changes)
    return changes


def _without_duplicates(pages: Sequence[CorpusPage], progress: Callable[[str], None]) -> list[CorpusPage]:
    """The pages less those that are another one again: a page must not be held out from itself."""
    twins = {twin.page: twin.of for twin in find_duplicates(pages)}
    for page, of in twins.items():
        progress(f"{'/'.join(page)} is left out: it is the same page as {'/'.join(of)}")
    return [page for page in pages if (page.corpus, page.name) not in twins]


def _example(page: CorpusPage, model: Model, progress: Callable[[str], None]) -> Example | None:
    """A page as an example; None where no block of it has a label."""
    name = f"{page.corpus}/{page.name}"
    document = read_document(page.html)
    blocks = segment(document)
    assert isinstance(page.gold, LabelledRanges)
    order = {label: place for place, label in enumerate(Label)}
    given = carry_over(document, blocks, page.gold, name)
    labels = np.array([_NONE if label is None else order[label] for label in given], dtype=np.int64)
    if (labels == _NONE).all():
        progress(f"{name} is left out: no block of it has a label")
        return None
    features, view = extract(document, blocks)
    layout = layout_of(view)
    scores = model.content_scores(features, layout)
    keys = page_keys(document, blocks)
    return Example(name, features, layout, scores, keys, view.headline, labels, layout.weights)


def fit_site(examples: Sequence[Example]) -> dict[str, Any]:
    """What the labelled pages of a site, one or more, tell of it: the arrays of a `Site`."""
    keys = np.unique(np.concatenate([example.keys.keys for example in examples]))
    return {
        "named": np.unique(np.concatenate([example.keys.named for example in examples])),
        "keys": keys,
        "moves": _moves(examples, keys),
        **_kinds(examples),
    }


def _moves(examples: Sequence[Example], keys: NDArray[np.uint64]) -> Floats:
    """The move of each key: L-BFGS on the penalised log-loss, which is convex and so has one lowest place."""
    rows, columns, targets, weights, offsets, labelled, sizes = [], [], [], [], [], [], []
    count = 0
    prior = _PRIOR if len(examples) > 1 else _PRIOR_OF_ONE
    for example in examples:
        known = example.labels != _NONE
        clipped = np.clip(example.scores.content, 1e-6, 1 - 1e-6)
        size = np.sqrt(example.words)
        weight = np.where(known, size, _AGREED * size)
        rows.append(example.keys.rows + count)
        columns.append(np.searchsorted(keys, example.keys.keys))
        targets.append(np.where(known, example.labels == 0, clipped))
        # Halfway between what all blocks and what the labelled ones alone would weigh together: one mend among hundreds has to tell.
        weights.append(weight * (_WORTH / np.sqrt(weight.sum() * size[known].sum())))
        offsets.append(np.log(clipped) - np.log1p(-clipped))
        labelled.append(known)
        sizes.append(size)
        count += len(example.labels)
    places = np.concatenate(rows), np.concatenate(columns)
    has = sparse.csr_matrix((np.ones(len(places[0])), places), shape=(count, len(keys)))
    target, weight, offset, known, size = map(np.concatenate, (targets, weights, offsets, labelled, sizes))
    beside = (has.T @ np.where(known, 0, size)) / np.maximum(has.T @ np.where(known, size, 0), 1)
    held = prior * (1 + _HELD * beside)

    def loss(moves: Floats) -> tuple[float, Floats]:
        odds = offset + has @ moves
        either = np.logaddexp(0, odds)
        value = float(weight @ (either - target * odds) + (held * moves) @ moves / 2)
        return value, has.T @ (weight * (np.exp(odds - either) - target)) + held * moves

    found = optimize.minimize(loss, np.zeros(len(keys)), jac=True, method="L-BFGS-B")
    return np.asarray(np.round(found.x, 6))


def _kinds(examples: Sequence[Example]) -> dict[str, Any]:
    """On how many pages each kind stood at each key; where several stood there on a page, they share it."""
    pairs: list[NDArray[np.uint64]] = []
    rows: list[Floats] = []
    for example in examples:
        chrome = example.labels > 0
        table = np.eye(len(CHROME))[example.labels[chrome] - 1]
        for keys in (example.keys.nearest[chrome], example.keys.texts[chrome]):
            known, place = np.unique(keys, return_inverse=True)
            sums = np.zeros((len(known), len(CHROME)))
            np.add.at(sums, place, table)
            pairs.append(known)
            rows.append(sums / np.maximum(sums.sum(axis=1, keepdims=True), 1))
    keys, place = np.unique(np.concatenate(pairs), return_inverse=True)
    kinds = np.zeros((len(keys), len(CHROME)))
    np.add.at(kinds, place, np.concatenate(rows))
    return {"kind_keys": keys[keys > 0], "kinds": kinds[keys > 0]}


def _measured(site: str, examples: Sequence[Example], model: Model) -> Change:
    """What is gained on pages held out: each is judged by what the others tell, in folds where they are many."""
    folds = min(len(examples), _FOLDS)
    rates, counts = [], []
    for fold in range(folds):
        others = [example for place, example in enumerate(examples) if place % folds != fold]
        known = Site(fit_site(others or examples))
        for example in examples[fold::folds]:
            before, after = _judged(example, model, None), _judged(example, model, known)
            rates.append((*_rates(example, before), *_rates(example, after)))
            counts.append(_counts(example, before, after))
    mended, unlabelled, changed = np.sum(counts, axis=0).tolist()
    if len(examples) < 2:
        return Change(site, 1, 0, 0.0, 0.0, 0.0, 0.0, True, mended, unlabelled, changed)
    f1, right, f1_after, right_after = np.mean(rates, axis=0).tolist()
    kept = f1_after >= f1 and right_after >= right
    return Change(site, len(examples), len(rates), f1, f1_after, right, right_after, kept, mended, unlabelled, changed)


def _judged(example: Example, model: Model, known: Site | None) -> NDArray[np.int64]:
    """The labels (n, places in Label) that a page gets with what is known of a site, as `predict` gives them."""
    scores = example.scores
    site = recognised([known], example.keys) if known is not None else None
    if site is not None:
        scores = scores._replace(content=site.content(scores.content))
    threshold = threshold_of(
        "balanced", model.expected(example.features, example.layout, scores.content), scores.content
    )
    probabilities = model.probabilities(example.features, example.layout, scores)
    if site is not None:
        probabilities = site.probabilities(probabilities)
    return decide(probabilities, threshold, example.headline)


def _rates(example: Example, found: NDArray[np.int64]) -> tuple[float, float]:
    """F1 of the words of content and share of right labels, over the labelled blocks of a page."""
    known_rows = example.labels != _NONE
    kept, wanted = (found == 0) & known_rows, example.labels == 0
    both, words = example.words[kept & wanted].sum(), example.words[kept].sum() + example.words[wanted].sum()
    f1 = 2 * both / words if words else 1.0
    return float(f1), float((found == example.labels)[known_rows].mean())


def _counts(example: Example, before: NDArray[np.int64], after: NDArray[np.int64]) -> tuple[int, int, int]:
    """Of a page: labelled blocks that are mended, blocks without a label, and those of them that come or go."""
    nobody = example.labels == _NONE
    mended = (before != example.labels) & (after == example.labels)
    return int(mended.sum()), int(nobody.sum()), int((nobody & ((before == 0) != (after == 0))).sum())


def _save(directory: Path, model: Model, parts: dict[str, Any], changes: Sequence[Change]) -> None:
    info = {name: value for name, value in model.info.items() if name not in _OWN_RECORDS}
    info |= {
        "name": directory.name,
        "base": {"name": model.info.get("name", model.name), "sha256": model.info["sha256"]},
        "adapted": datetime.now(UTC).date().isoformat(),
        "sites": {
            change.site: {
                "pages": change.pages,
                "held out": change.held_out,
                **(
                    {
                        "f1": round(change.f1, 4),
                        "f1 after": round(change.f1_after, 4),
                        "right labels": round(change.right, 4),
                        "right labels after": round(change.right_after, 4),
                    }
                    if change.held_out
                    else {}
                ),
            }
            for change in changes
            if change.kept
        },
    }
    try:
        save_model(directory, info, parts)
    except OSError as error:
        raise ModelError(
            f"{directory} cannot be written ({error.strerror or error}): name another directory"
        ) from error
