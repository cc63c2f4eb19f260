"""The last stages of a model as functions of all that they and the stages before them read of a block.

What an earlier pass makes of the block itself is no input here but worked out anew, so that what moves the last stage
by way of the first is traced to the features that moved the first. What the passes made of other blocks stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from declutter.explain.groups import CONTEXT_OF, FEATURES_OF, KINDS_AROUND_OF, OWN
from declutter.features.arrays import rounded
from declutter.model.context import CONTENT_CONTEXT, content_context, kind_context
from declutter.model.predictor import Scores, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from declutter.model import Model
    from declutter.model.context import Layout

    Floats = NDArray[np.float64]
    Features = NDArray[np.float32]

__all__ = ["Stages"]


class Stages:
    """What a model makes of one page, stage by stage.

    Args:
        model: the model for the page's markup.
        features: float32, n x features, n at least 1.
        layout: where the blocks stand.

    Attributes:
        content_rows: float32, n x w, all that decides on content: features, and a context for each later pass.
        content_groups: int64, w, the place in PLAYERS of each of its columns.
        kind_rows, kind_groups: the same of all that decides on the kind.
        passes: float64, passes x n, what each content pass made of the blocks, 0 to 1.
        first_kinds: float64, n x kinds, what the first kind pass made of them.
        probabilities: float64, n x labels, what the model says.
    """

    def __init__(self, model: Model, features: Features, layout: Layout) -> None:
        self._model = model
        self._columns = model.parts["content_columns"]
        self._width = features.shape[1]
        self._later = len(model.content) - 1
        contexts: list[Features] = []
        kinds_around: list[Features] = []
        first_kinds: list[Floats] = []

        def context_of(_: int, score: Floats) -> Features:
            contexts.append(content_context(layout, score))
            return contexts[-1]

        def around_of(kinds: Floats) -> Features:
            first_kinds.append(kinds)
            kinds_around.append(kind_context(layout, kinds))
            return kinds_around[-1]

        self.probabilities = model.judge(features, context_of, around_of)
        self.first_kinds = first_kinds[0]
        self.content_rows = np.hstack([features[:, self._columns], *contexts])
        self.content_groups = np.concatenate([FEATURES_OF[self._columns], *[CONTEXT_OF] * self._later])
        # What neither reads is blank, so that it differs nowhere.
        read = np.zeros(self._width, dtype=bool)
        read[self._columns] = read[model.parts["kind_columns"]] = True
        self.kind_rows = np.hstack([np.where(read, features, np.float32(0)), *contexts, kinds_around[0]])
        self.kind_groups = np.concatenate([FEATURES_OF, *[CONTEXT_OF] * self._later, KINDS_AROUND_OF])
        self.passes = np.array(self._passes(self.content_rows)[0])

    def _passes(self, rows: Features) -> tuple[list[Floats], Features]:
        """The content passes over rows as in `content_rows`, and what the last of them saw of the others."""
        narrow = np.ascontiguousarray(rows[:, : len(self._columns)])
        context = np.zeros((len(rows), len(CONTENT_CONTEXT)), dtype=np.float32)
        passes = [self._model.content[0].positive(narrow)]
        for number, forest in enumerate(self._model.content[1:]):
            start = len(self._columns) + number * len(CONTENT_CONTEXT)
            context = rows[:, start : start + len(CONTENT_CONTEXT)].copy()
            context[:, OWN] = rounded(joined(passes)[None].copy())[:, 0]
            passes.append(forest.positive(np.hstack([narrow, context])))
        return passes, context

    def content(self, rows: Features) -> Floats:
        """The log-odds of content by the last pass, before it is joined with others and calibrated.

        Args:
            rows: float32, m x w, as `content_rows`.
        """
        return log_odds(self._passes(rows)[0][-1])

    def kind(self, rows: Features, kind: int) -> Floats:
        """The log-odds of a kind against all others, taken that it is no content.

        Args:
            rows: float32, m x w, as `kind_rows`.
            kind: its place in CHROME.
        """
        features = rows[:, : self._width]
        end = self._width + self._later * len(CONTENT_CONTEXT)
        _, context = self._passes(np.hstack([features[:, self._columns], rows[:, self._width : end]]))
        around = np.ascontiguousarray(rows[:, end:])
        scores = Scores(np.zeros(len(rows)), context)
        return log_odds(self._model.judge_kinds(features, scores, lambda _: around)[:, kind + 1])


def log_odds(probabilities: Floats) -> Floats:
    """The log-odds of probabilities, those of 0 and 1 cut off far out."""
    p = np.clip(probabilities, 1e-15, 1 - 1e-15)
    return np.asarray(np.log(p) - np.log1p(-p))


def spread(scores: Floats, count: int) -> Sequence[int]:
    """Rows evenly spread over the order of their scores, `count` of them, or each once where there are fewer."""
    order = np.argsort(scores, kind="stable")
    if len(order) <= count:
        return [int(row) for row in order]
    return [int(order[int((place + 0.5) / count * len(order))]) for place in range(count)]
