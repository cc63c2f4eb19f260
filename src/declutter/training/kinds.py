"""Fit the kind model: boosted trees and nets in two passes, on blocks whose kind is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from joblib import cpu_count
from sklearn.utils.parallel import Parallel, delayed
from threadpoolctl import threadpool_limits

from declutter.corpus.align import NOT_ANNOTATED
from declutter.errors import CorpusError
from declutter.features import FEATURE_NAMES
from declutter.labels import CHROME
from declutter.model.context import kind_context
from declutter.model.kinds import KindPass, kind_trees
from declutter.model.nets import weights_of
from declutter.training.augment import GRAFTINGS
from declutter.training.folds import fold_numbers
from declutter.training.nets import fit_net, grid_of
from declutter.training.settings import NAME_COLUMNS
from declutter.training.trees import fit_trees

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import Pipeline

    from declutter.model.nets import Grid
    from declutter.training.examples import Example
    from declutter.training.settings import Settings

    Floats = NDArray[np.float64]
    Matrix = NDArray[np.float32]
    # Matrix, kinds and weights of rows to train on.
    Sample = tuple[Matrix, NDArray[np.int64], Floats]

__all__ = ["fit_kinds"]

KIND_WEIGHTS: Final = {"formasaurus": 0.3}
"""Weight of a page in the kind model by corpus, 1 where not named or where somebody read the page."""

_GRAFTED: Final = 0.12 / GRAFTINGS
"""Weight of a page for the boxes that are set into it: with more, teasers and advertisements of news sites become one."""


_FEWEST: Final = 3
"""Kinds of two are told apart by other trees."""


def fit_kinds(
    examples: Sequence[Example], contexts: Sequence[NDArray[np.float32]], settings: Settings
) -> dict[str, Any]:
    """Both passes of the kind model, on blocks whose kind is known; the second sees the first's held-out values.

    Args:
        examples: pages, also those that boxes are set into.
        contexts: what the last content pass saw of the passes before, page by page.
        settings: the run's settings.

    Raises:
        CorpusError: fewer than two pages say anything of kinds, all of them are of one half of the sites, or a half says
            too little.
    """
    chosen = [place for place, example in enumerate(examples) if (example.kind != NOT_ANNOTATED).any()]
    pages = [examples[place] for place in chosen]
    if len(pages) < 2:
        raise CorpusError("fewer than two pages whose kinds are known: add labelled pages to training_data/pages")
    halves = fold_numbers(pages, 2)
    if len(set(halves)) < 2:
        raise CorpusError("all pages whose kinds are known are of one half: add labelled pages of other sites")
    kinds = {half: len(_kinds(pages, halves, half)) for half in (0, 1)}
    if min(kinds.values()) < _FEWEST:
        raise CorpusError(
            f"a half of the pages whose kinds are known shows {min(kinds.values())} kinds, {_FEWEST} are needed: add pages"
        )
    columns = _telling_columns(pages, settings)
    plain = [np.ascontiguousarray(example.features[:, columns]) for example in pages]
    names = np.flatnonzero(np.isin(columns, NAME_COLUMNS))

    def chosen_of(inputs: Sequence[Matrix], half: int | None = None) -> tuple[list[Example], list[Matrix]]:
        places = [place for place, number in enumerate(halves) if number != half]
        return [pages[i] for i in places], [inputs[i] for i in places]

    grid = grid_of(_sample(pages, plain, names, settings)[0])

    def fit(half: int | None) -> HistGradientBoostingClassifier:
        return _fit_trees(_sample(*chosen_of(plain, half), names, settings), settings, settings.kind_rounds)

    # The longest first: in this order two cores are done at the same time.
    first, *held = Parallel(min(cpu_count(), 3), backend="threading")(delayed(fit)(half) for half in (None, 0, 1))
    once, again = settings.net_epochs
    first_nets, *held_nets = (_fit_nets(grid, *chosen_of(plain, half), names, settings, once) for half in (None, 0, 1))
    outside: list[Floats] = [np.zeros(0)] * len(pages)
    for half, (trees, nets) in enumerate(zip(held, held_nets, strict=True)):
        judge = KindPass(kind_trees(trees), weights_of(nets, len(CHROME)))
        for place, number in enumerate(halves):
            if number == half:
                outside[place] = judge.predict_proba(plain[place])
    inputs = [
        np.hstack([m, contexts[i], p, kind_context(e.layout, p)]).astype(np.float32)
        for e, m, i, p in zip(pages, plain, chosen, outside, strict=True)
    ]
    sample = _sample(pages, inputs, names, settings)
    second = _fit_trees(sample, settings, settings.kind_rounds, threads=None)
    second_nets = _fit_nets(grid_of(sample[0]), pages, inputs, names, settings, again)
    for trees, nets in ((first, first_nets), (second, second_nets)):
        KindPass(kind_trees(trees), weights_of(nets, len(CHROME)))  # raises where a net came to no good end
    nets_of_passes = {"first": first_nets, "second": second_nets}
    return {"kind_columns": columns, "kind_first": first, "kind_second": second, "kind_nets": nets_of_passes}


def _kinds(pages: Sequence[Example], halves: Sequence[int], half: int) -> set[int]:
    """The kinds on the pages that are not of a half."""
    others = (page.kind for page, number in zip(pages, halves, strict=True) if number != half)
    return set(np.unique(np.concatenate(list(others))).tolist()) - {NOT_ANNOTATED}


def _worth(example: Example) -> float:
    if example.grafted:
        return _GRAFTED
    return 1.0 if example.read else KIND_WEIGHTS.get(example.corpus, 1.0)


def _telling_columns(pages: Sequence[Example], settings: Settings) -> NDArray[np.int64]:
    """The columns that a small fit of all of them draws most of its gain from; the rest only costs time."""
    inputs = [example.features for example in pages]
    sample = _sample(pages, inputs, NAME_COLUMNS, settings)
    model = _fit_trees(sample, settings, settings.kind_screening_rounds, threads=None)
    gains = np.zeros(len(FEATURE_NAMES))
    for trees in model._predictors:  # noqa: SLF001 - scikit-learn shows no gains; its version is bounded
        for tree in trees:
            splits = tree.nodes[tree.nodes["is_leaf"] == 0]
            np.add.at(gains, splits["feature_idx"], splits["gain"])
    return np.sort(np.argsort(-gains, kind="stable")[: settings.kind_columns])


def _sample(
    pages: Sequence[Example], inputs: Sequence[Matrix], names: NDArray[np.int64], settings: Settings, number: int = 0
) -> Sample:
    """Rows to train on, of one matrix a page; on a share of the pages the columns `names` are blank, long pages are sampled."""
    state = np.random.default_rng(settings.seed + number)
    columns, truth, weight = [], [], []
    for example, matrix in zip(pages, inputs, strict=True):
        known = np.flatnonzero(example.kind != NOT_ANNOTATED)
        blank = state.random() < settings.names_dropped
        # A page weighs by the root of its blocks, whether it is sampled or not.
        worth = _worth(example) * float(np.sqrt(len(known)))
        if len(known) > settings.kind_rows:
            known = np.sort(state.choice(known, settings.kind_rows, replace=False))
        part = matrix[known]
        if blank:
            part[:, names] = 0
        columns.append(part)
        truth.append(example.kind[known].astype(np.int64))
        weight.append(np.full(len(known), worth / max(len(known), 1)))
    weights = np.concatenate(weight)
    return np.concatenate(columns), np.concatenate(truth), weights / weights.mean()


def _fit_trees(
    sample: Sample, settings: Settings, rounds: int, *, threads: int | None = 1
) -> HistGradientBoostingClassifier:
    rows, truth, weight = sample
    return fit_trees(
        rows,
        truth,
        weight,
        threads=threads,
        max_iter=rounds,
        learning_rate=settings.kind_rate,
        max_leaf_nodes=settings.kind_leaves,
        min_samples_leaf=min(settings.min_leaf, 20),
        l2_regularization=settings.l2,
        max_features=settings.max_features,
        random_state=settings.seed,
    )


def _fit_nets(
    grid: Grid,
    pages: Sequence[Example],
    inputs: Sequence[Matrix],
    names: NDArray[np.int64],
    settings: Settings,
    epochs: int,
) -> list[Pipeline]:
    """A bag of nets, each with other blank pages and other rows of long ones."""

    def fit(number: int) -> Pipeline:
        return fit_net(grid, *_sample(pages, inputs, names, settings, number), settings, epochs, number)

    with threadpool_limits(1, "blas"):
        return list(
            Parallel(min(cpu_count(), settings.kind_nets), backend="threading")(
                delayed(fit)(number) for number in range(settings.kind_nets)
            )
        )
