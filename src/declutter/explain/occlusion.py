"""Which groups of features carry a block's label, by taking each away and asking the model again.

The method is occlusion (Zeiler and Fergus 2014; for groups of named features, Robnik-Sikonja and Kononenko 2008). For
one block and one group of GROUPS, the block's features in that group are set to a neutral value: 0 where a feature is
evidence by being there (a tag, a class name, a phrase, a field), else the median of the page's blocks. Both passes of
the model then judge the block again. What the log-odds of its label lose is the weight of that group; the heaviest
groups are the reasons. The group `neighbours` stands for everything the model sees of other blocks: the neighbours'
own features, and in the second pass what the first made of blocks, boxes and siblings around.

What this is not: an account of how groups work together (two that say the same cover for each other), and a
counterfactual for the page (the other blocks keep what the first pass made of them).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.explain.groups import ABSENT, COLUMNS
from declutter.explain.phrases import Phrases
from declutter.features import extract
from declutter.labels import Label
from declutter.model import load_default
from declutter.model.context import CONTENT_CONTEXT, content_context, kind_context, layout_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.model import Model
    from declutter.page import Page

    Floats = NDArray[np.float64]
    Features = NDArray[np.float32]

__all__ = ["Explainer", "reasons"]

_OWN: Final = CONTENT_CONTEXT.index("p")
# A group that moves the log-odds by less says nothing worth reading.
_LEAST: Final = 0.05
# The reason that is of no feature: an adapted model knows the site (see model/sites.py).
_SITE: Final = "its place or words were labelled so on your pages of this site"
# Blocks judged at a time: a page of 100,000 would not fit in memory once for each group.
_CHUNK: Final = 500


def reasons(page: Page, row: int, limit: int = 3, *, model: Model | None = None) -> list[str]:
    """The strongest reasons for the label of one block, strongest first.

    For several blocks of a page make one `Explainer`, which measures the page once.

    Args:
        page: a result of `predict`.
        row: place of the block in `page.blocks`.
        limit: how many reasons at most.
        model: the model the page was judged with; None for the shipped one.
    """
    return Explainer(page, model).reasons(row, limit)


class Explainer:
    """Explains the blocks of one page.

    Args:
        page: a result of `predict`; n blocks.
        model: the model it was judged with; None for the shipped one.
    """

    def __init__(self, page: Page, model: Model | None = None) -> None:
        loaded = model if model is not None else load_default()
        self._model = loaded.of(page._document.markup)  # noqa: SLF001 - the columns behind the views
        self._labels = page._labels  # noqa: SLF001
        self._headline = page._headline  # noqa: SLF001
        self._features, view = extract(page._document, page._table)  # noqa: SLF001
        self._weights: dict[int, Floats] = {}
        self._judged = page._probabilities  # noqa: SLF001
        self._trained: Floats | None = None  # log-odds of the labels by the trees and nets alone
        if not len(self._features):
            return
        layout = layout_of(view)
        contexts: list[Features] = []
        around: list[Features] = []

        def context_of(_: int, score: Floats) -> Features:
            contexts.append(content_context(layout, score))
            return contexts[-1]

        def around_of(kinds: Floats) -> Features:
            around.append(kind_context(layout, kinds))
            return around[-1]

        self._model.judge(self._features, context_of, around_of)
        # What each later pass sees of the passes before it, side by side.
        self._contexts, self._kinds = np.stack(contexts), around[0]
        self._neutral = np.where(ABSENT, 0, np.median(self._features, axis=0)).astype(np.float32)
        self._neutral_contexts = np.median(self._contexts, axis=1)
        self._neutral_kinds = np.median(self._kinds, axis=0)
        self._phrases = Phrases(view, self._features, page._probabilities)  # noqa: SLF001

    def probabilities(self) -> Floats:
        """What the model makes of the page, n x labels, by the way that is used to explain it."""
        if not len(self._features):
            return np.zeros((0, len(Label)))
        return self._judge(self._features, self._contexts, self._kinds)

    def _judge(self, features: Features, contexts: Features, kinds_around: Features) -> Floats:
        """All passes, as Model.probabilities, with what is around the blocks given."""

        def context_of(number: int, score: Floats) -> Features:
            context: Features = contexts[number - 1].copy()
            context[:, _OWN] = np.round(score, 4)
            return context

        return self._model.judge(features, context_of, lambda _: kinds_around)

    def weights(self, row: int) -> dict[str, float]:
        """What each group adds to the log-odds of the block's label, by name of the group."""
        start = row - row % _CHUNK
        if start not in self._weights:
            self._weights[start] = self._measure(slice(start, start + _CHUNK))
        return dict(zip(COLUMNS, self._weights[start][row - start].tolist(), strict=True))

    def _measure(self, rows: slice) -> Floats:
        """The weights of all groups for some blocks, blocks x groups."""
        features, contexts, kinds = self._features[rows], self._contexts[:, rows], self._kinds[rows]
        labels = self._labels[rows]
        n = len(features)
        # All groups in one call: the trees cost less for many rows at once than for few rows many times.
        everything = np.tile(features, (len(COLUMNS), 1))
        around, kinds_around = np.tile(contexts, (1, len(COLUMNS), 1)), np.tile(kinds, (len(COLUMNS), 1))
        for place, (name, group) in enumerate(COLUMNS.items()):
            here = slice(place * n, place * n + n)
            everything[here, group] = self._neutral[group]
            if name == "neighbours":
                around[:, here] = self._neutral_contexts[:, None]
                kinds_around[here] = self._neutral_kinds
        whole = _log_odds(self._judge(features, contexts, kinds), labels)
        without = _log_odds(self._judge(everything, around, kinds_around), np.tile(labels, len(COLUMNS)))
        return whole[:, None] - without.reshape(len(COLUMNS), n).T

    def reasons(self, row: int, limit: int = 3) -> list[str]:
        """The strongest reasons for the label of a block, strongest first; see the module for what they are."""
        label = list(Label)[int(self._labels[row])]
        out: list[str] = []
        if row == self._headline:
            out.append("it is the page's main headline")
        weights = self.weights(row)
        if self._model.sites:
            weights[_SITE] = self._moved(row)
        ranked = sorted(weights.items(), key=lambda pair: -pair[1])
        out += [
            _SITE if name == _SITE else self._phrases.of(name, row, label)
            for name, weight in ranked
            if weight >= _LEAST
        ]
        return out[:limit] or ["no single thing: only all its features together"]

    def _moved(self, row: int) -> float:
        """How far the labelled pages of the site moved the log-odds of the block's label."""
        if self._trained is None:
            self._trained = _log_odds(self.probabilities(), self._labels)
        return float(_log_odds(self._judged[[row]], self._labels[[row]])[0] - self._trained[row])


def _log_odds(probabilities: Floats, labels: NDArray[np.int64]) -> Floats:
    p = np.clip(probabilities[np.arange(len(labels)), labels], 1e-6, 1 - 1e-6)
    return np.asarray(np.log(p) - np.log1p(-p))
