"""Fit what words say of kinds, and what it says of pages that it has not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from joblib import cpu_count
from scipy import sparse
from sklearn.linear_model import SGDClassifier
from sklearn.utils.parallel import Parallel, delayed

from declutter.features.arrays import distinct
from declutter.labels import CHROME
from declutter.model.kind_words import KindWords
from declutter.training.folds import fold_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from declutter.training.examples import Example
    from declutter.training.settings import Settings

    Floats = NDArray[np.float64]

__all__ = ["fit_kind_words"]

# Sites that a word has to be on: the names of one site, or of two, tell nothing of others.
_SITES: Final = 3
# Of int16: weights in steps that small.
_LARGEST: Final = 32000
# Log-odds of a kind that no page shows.
_NEVER: Final = -6.0


def fit_kind_words(
    pages: Sequence[Example], rows: Sequence[NDArray[np.int64]], weights: Sequence[Floats], settings: Settings
) -> tuple[dict[str, NDArray[Any]], list[NDArray[np.float32]]]:
    """The weights of words, and the odds of all blocks of each page by weights that no page of its site was fitted on.

    Args:
        pages: n pages whose kinds are known.
        rows: of each the blocks to train on.
        weights: of these blocks.
        settings: the run's settings.

    Returns:
        The arrays of model.kind_words.KindWords, and n matrices: float32, blocks x kinds.
    """
    folds = fold_numbers(pages, settings.inner_folds)

    def fit(fold: int | None) -> dict[str, NDArray[Any]]:
        chosen = [place for place, number in enumerate(folds) if number != fold]
        return _fit(
            [pages[place] for place in chosen],
            [rows[place] for place in chosen],
            np.concatenate([weights[place] for place in chosen]),
            settings,
        )

    held = sorted(set(folds))
    whole, *parts = Parallel(min(cpu_count(), 1 + len(held)), backend="threading")(
        delayed(fit)(f) for f in (None, *held)
    )
    judges = {fold: KindWords(part) for fold, part in zip(held, parts, strict=True)}
    return whole, [judges[fold].odds(page.layout.grams) for page, fold in zip(pages, folds, strict=True)]


def _fit(
    pages: Sequence[Example], rows: Sequence[NDArray[np.int64]], weight: Floats, settings: Settings
) -> dict[str, NDArray[Any]]:
    tables = [_table(page, chosen) for page, chosen in zip(pages, rows, strict=True)]
    keys = _on_some_sites(tables, [page.domain for page in pages])
    matrix = sparse.vstack([_matrix(*table, len(chosen), keys) for table, chosen in zip(tables, rows, strict=True)])
    truth = np.concatenate([page.kind[chosen] for page, chosen in zip(pages, rows, strict=True)])
    model = SGDClassifier(
        loss="log_loss",
        alpha=settings.word_alpha,
        max_iter=settings.word_epochs,
        tol=None,
        average=True,
        random_state=settings.seed,
    )
    model.fit(matrix, truth, sample_weight=weight / weight.mean())
    odds, bias = np.zeros((len(CHROME), len(keys))), np.full(len(CHROME), _NEVER)
    # Two kinds have one row of weights between them.
    signs = (-1, 1) if len(model.classes_) == 2 else (1,) * len(model.classes_)
    coefficients = np.broadcast_to(model.coef_, (len(signs), len(keys)))
    for place, kind in enumerate(model.classes_):
        odds[kind] = signs[place] * coefficients[place]
        bias[kind] = signs[place] * np.broadcast_to(model.intercept_, len(signs))[place]
    step = max(float(np.abs(odds).max(initial=0)), float(np.abs(bias).max())) / _LARGEST
    return {
        "keys": keys,
        "weights": np.ascontiguousarray(np.rint(odds.T / step).astype(np.int16)),
        "bias": np.rint(bias / step).astype(np.int16),
        "step": np.array([step]),
    }


def _table(page: Example, chosen: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.uint32], Floats]:
    """Places in `chosen` and keys of what the chosen blocks hold, and what each counts."""
    rows, keys = page.layout.grams.table()
    sizes = np.bincount(rows, minlength=len(page))
    place = np.full(len(page), -1)
    place[chosen] = np.arange(len(chosen))
    known = place[rows] >= 0
    return place[rows[known]], keys[known], 1 / np.sqrt(sizes[rows[known]])


def _on_some_sites(
    tables: Sequence[tuple[NDArray[np.int64], NDArray[np.uint32], Floats]], domains: Sequence[str]
) -> NDArray[np.uint32]:
    """The keys that are on _SITES sites and more, ascending."""
    number_of = {domain: number for number, domain in enumerate(sorted(set(domains)))}
    seen = [
        distinct(keys.astype(np.int64) * len(number_of) + number_of[domain])
        for (_, keys, _), domain in zip(tables, domains, strict=True)
    ]
    keys, counts = np.unique(np.unique(np.concatenate(seen)) // len(number_of), return_counts=True)
    return np.asarray(keys[counts >= _SITES], dtype=np.uint32)


def _matrix(
    rows: NDArray[np.int64], found: NDArray[np.uint32], counts: Floats, size: int, keys: NDArray[np.uint32]
) -> sparse.csr_matrix:
    places = np.searchsorted(keys, found)
    known = keys[np.minimum(places, len(keys) - 1)] == found
    return sparse.csr_matrix((counts[known], (rows[known], places[known])), shape=(size, len(keys)))
