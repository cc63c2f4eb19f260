"""What the labelled pages of a site tell of it: how far its keys move a block, and what kinds stood at them.

For each site the labelled pages tell how far each element of its template, and each text that comes back, moves the
log-odds that a block is content: a logistic regression over such keys, with the trained model's log-odds as offset and a
Gaussian prior that holds every move near 0 (ridge). A block that nobody labelled counts as one of which the trained
model is right: else the keys that it shares with a mended one (body, main) would take the whole move. See model/sites.py for
how a page is known to be of the site, and for the kinds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from scipy import optimize, sparse

from declutter.labels import CHROME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from declutter.model.context import Layout
    from declutter.model.predictor import Scores
    from declutter.model.sites import PageKeys

    Floats = NDArray[np.float64]

__all__ = ["UNLABELLED", "SitePage", "fit_site"]

UNLABELLED: Final = -1
"""The label of a block that nobody gave one."""

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


class SitePage(NamedTuple):
    """A labelled page of n blocks, as the base model sees it.

    Attributes:
        name: of the page.
        features, layout, scores: as for Model.probabilities.
        keys: what a site may know of it.
        headline: row of the main headline, -1 for none.
        labels: int64, n, places in Label, UNLABELLED where nobody gave one.
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


def fit_site(pages: Sequence[SitePage]) -> dict[str, Any]:
    """What the labelled pages of a site, one or more, tell of it: the arrays of a `Site`."""
    keys = np.unique(np.concatenate([page.keys.keys for page in pages]))
    return {
        "named": np.unique(np.concatenate([page.keys.named for page in pages])),
        "keys": keys,
        "moves": _moves(pages, keys),
        **_kinds(pages),
    }


def _moves(pages: Sequence[SitePage], keys: NDArray[np.uint64]) -> Floats:
    """The move of each key: L-BFGS on the penalised log-loss, which is convex and so has one lowest place."""
    rows, columns, targets, weights, offsets, labelled, sizes = [], [], [], [], [], [], []
    count = 0
    prior = _PRIOR if len(pages) > 1 else _PRIOR_OF_ONE
    for page in pages:
        known = page.labels != UNLABELLED
        clipped = np.clip(page.scores.content, 1e-6, 1 - 1e-6)
        size = np.sqrt(page.words)
        weight = np.where(known, size, _AGREED * size)
        rows.append(page.keys.rows + count)
        columns.append(np.searchsorted(keys, page.keys.keys))
        targets.append(np.where(known, page.labels == 0, clipped))
        # Halfway between what all blocks and what the labelled ones alone would weigh together: one mend among hundreds has to tell.
        weights.append(weight * (_WORTH / np.sqrt(weight.sum() * size[known].sum())))
        offsets.append(np.log(clipped) - np.log1p(-clipped))
        labelled.append(known)
        sizes.append(size)
        count += len(page.labels)
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


def _kinds(pages: Sequence[SitePage]) -> dict[str, Any]:
    """On how many pages each kind stood at each key; where several stood there on a page, they share it."""
    pairs: list[NDArray[np.uint64]] = []
    rows: list[Floats] = []
    for page in pages:
        chrome = page.labels > 0
        table = np.eye(len(CHROME))[page.labels[chrome] - 1]
        for keys in (page.keys.nearest[chrome], page.keys.texts[chrome]):
            known, place = np.unique(keys, return_inverse=True)
            sums = np.zeros((len(known), len(CHROME)))
            np.add.at(sums, place, table)
            pairs.append(known)
            rows.append(sums / np.maximum(sums.sum(axis=1, keepdims=True), 1))
    keys, place = np.unique(np.concatenate(pairs), return_inverse=True)
    kinds = np.zeros((len(keys), len(CHROME)))
    np.add.at(kinds, place, np.concatenate(rows))
    return {"kind_keys": keys[keys > 0], "kinds": kinds[keys > 0]}
