"""Fit the kind model: bagged nets in two passes, on blocks whose kind is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sklearn.neural_network import MLPClassifier

from declutter.corpus.align import NOT_ANNOTATED
from declutter.errors import CorpusError
from declutter.labels import CHROME
from declutter.model.context import kind_context
from declutter.model.dense import DenseNet
from declutter.training.augment import GRAFTINGS
from declutter.training.folds import fold_numbers
from declutter.training.settings import NAME_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from declutter.training.examples import Example
    from declutter.training.settings import Settings

    Floats = NDArray[np.float64]
    Matrix = NDArray[np.float32]
    Arrays = dict[str, NDArray[np.float32]]

__all__ = ["fit_kinds"]

KIND_WEIGHTS: Final = {"formasaurus": 0.3}
"""Weight of a page in the kind model by corpus, 1 where not named or where somebody read the page."""

_GRAFTED: Final = 0.12 / GRAFTINGS
"""Weight of a page for the boxes that are set into it: with more, teasers and advertisements of news sites become one."""


def fit_kinds(
    examples: Sequence[Example], contexts: Sequence[NDArray[np.float32]], settings: Settings
) -> dict[str, Any]:
    """Both passes of the kind model, on blocks whose kind is known; the second sees the first's held-out values."""
    chosen = [place for place, example in enumerate(examples) if (example.kind != NOT_ANNOTATED).any()]
    pages = [examples[place] for place in chosen]
    if len(pages) < 2:
        raise CorpusError("fewer than two pages whose kinds are known: add labelled pages to training_data/pages")
    halves = fold_numbers(pages, 2)
    if len(set(halves)) < 2:
        raise CorpusError("all pages whose kinds are known are of one half: add labelled pages of other sites")
    columns = _telling_columns(pages, settings)
    plain = [np.ascontiguousarray(example.features[:, columns]) for example in pages]
    names = np.flatnonzero(np.isin(columns, NAME_COLUMNS))
    first = _fit_net(pages, plain, names, settings)
    outside: list[Floats] = [np.zeros(0)] * len(pages)
    for fold in range(2):
        net = DenseNet(
            _fit_net(
                [e for e, half in zip(pages, halves, strict=True) if half != fold],
                [m for m, half in zip(plain, halves, strict=True) if half != fold],
                names,
                settings,
            )
        )
        for place, half in enumerate(halves):
            if half == fold:
                outside[place] = net.predict_proba(plain[place])
    inputs = [
        np.hstack([m, contexts[i], p, kind_context(e.layout, p)]).astype(np.float32)
        for e, m, i, p in zip(pages, plain, chosen, outside, strict=True)
    ]
    return {"kind_columns": columns, "kind_first": first, "kind_second": _fit_net(pages, inputs, names, settings)}


def _worth(example: Example) -> float:
    if example.grafted:
        return _GRAFTED
    return 1.0 if example.read else KIND_WEIGHTS.get(example.corpus, 1.0)


def _telling_columns(pages: Sequence[Example], settings: Settings) -> NDArray[np.int64]:
    """The columns that one net of all of them gives the heaviest weights; the rest only costs time."""
    alone = replace(settings, kind_nets=1, kind_rounds=max(1, settings.kind_rounds // 2))
    arrays = _fit_net(pages, [example.features for example in pages], NAME_COLUMNS, alone)
    heaviest = np.argsort(-np.square(arrays["hidden"][0]).sum(axis=1), kind="stable")[: settings.kind_columns]
    return np.sort(heaviest)


def _fit_net(
    pages: Sequence[Example], inputs: Sequence[Matrix], names: NDArray[np.int64], settings: Settings
) -> Arrays:
    """Fit nets on one matrix a page; on a share of the pages the columns `names` are blank."""
    known = [np.flatnonzero(example.kind != NOT_ANNOTATED) for example in pages]
    matrix = np.concatenate([m[rows] for m, rows in zip(inputs, known, strict=True)])
    state = np.random.default_rng(settings.seed)
    blank = np.repeat(state.random(len(pages)) < settings.names_dropped, [len(rows) for rows in known])
    matrix[np.ix_(blank, names)] = 0
    truth = np.concatenate([e.kind[rows] for e, rows in zip(pages, known, strict=True)]).astype(np.int64)
    weight = np.concatenate(
        [np.full(len(rows), _worth(e) / np.sqrt(len(rows))) for e, rows in zip(pages, known, strict=True) if len(rows)]
    )
    mean = matrix.mean(axis=0)
    scale = np.maximum(matrix.std(axis=0), 0.05)
    scaled = np.clip((matrix - mean) / scale, -5, 5)
    nets = []
    for net in range(settings.kind_nets):
        model = MLPClassifier(
            (settings.kind_hidden,),
            alpha=settings.kind_alpha,
            batch_size=min(128, len(truth)),
            random_state=settings.seed + net,
        )
        # Every kind must have a column, also one that a small corpus lacks: partial_fit names them all.
        state = np.random.default_rng(settings.seed + net)
        scaled_weight = weight / weight.mean()
        for _ in range(settings.kind_rounds):
            order = state.permutation(len(truth))
            model.partial_fit(
                scaled[order], truth[order], classes=np.arange(len(CHROME)), sample_weight=scaled_weight[order]
            )
        nets.append(model)
    arrays = {
        "mean": mean,
        "scale": scale,
        "hidden": np.stack([net.coefs_[0] for net in nets]),
        "hidden_bias": np.stack([net.intercepts_[0] for net in nets]),
        "output": np.stack([net.coefs_[1] for net in nets]),
        "output_bias": np.stack([net.intercepts_[1] for net in nets]),
    }
    return {name: array.astype(np.float32) for name, array in arrays.items()}
