"""Both passes: features to one probability vector a block."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from declutter.labels import CHROME
from declutter.model.context import content_context, kind_context
from declutter.model.dense import DenseNet
from declutter.model.forest import Forest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from declutter.model.context import Layout

    Floats = NDArray[np.float64]

__all__ = ["Model", "calibrate", "joined"]


def calibrate(probabilities: Floats, slope: float, offset: float) -> Floats:
    """Platt scaling on the log-odds: 1 / (1 + exp(-(slope x logit(p) + offset))) (Platt 1999)."""
    clipped = np.clip(probabilities, 1e-6, 1 - 1e-6)
    logit = np.log(clipped) - np.log1p(-clipped)
    return np.asarray(1 / (1 + np.exp(-(slope * logit + offset))))


_SECOND: Final = 0.75


def joined(first: Floats, second: Floats) -> Floats:
    """The content score of both passes, before calibration: three quarters of it are the second's.

    The second alone is best inside the training corpora, the mean of both on corpora left out (docs/experiments.md).
    """
    return _SECOND * second + (1 - _SECOND) * first


@dataclass(slots=True)
class Model:
    """A loaded model. Made by `load_model`; it holds no state that prediction changes.

    Attributes:
        name: name of its directory.
        info: what its model.json records.
        parts: the columns the content passes read (content_columns) and the fitted estimators: content_first, content_second, kind_first, kind_second.
        content, kinds: both passes of each in the form that predicts.
    """

    name: str
    info: Mapping[str, Any]
    parts: Mapping[str, Any]
    content: tuple[Forest, Forest] = field(init=False, repr=False)
    kinds: tuple[DenseNet, DenseNet] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.content = Forest(self.parts["content_first"]), Forest(self.parts["content_second"])
        self.kinds = DenseNet(self.parts["kind_first"]), DenseNet(self.parts["kind_second"])

    def threshold(self, strictness: str | float) -> float:
        """The content_score from which a block stays.

        Raises:
            ValueError: not a number from 0 to 1 and not a name of the model's thresholds.
        """
        thresholds = self.info["thresholds"]
        if isinstance(strictness, str):
            if strictness in thresholds:
                return float(thresholds[strictness])
        elif 0 <= strictness <= 1:
            return float(strictness)
        raise ValueError(strictness)

    def probabilities(self, features: NDArray[np.float32], layout: Layout) -> Floats:
        """Both passes over one page.

        Args:
            features: float32, n x features.
            layout: where the blocks stand.

        Returns:
            float64, n x labels: the first column is the calibrated content_score, the kinds share out the rest; rows
            sum to 1.
        """
        n = len(features)
        if n == 0:
            return np.zeros((0, len(CHROME) + 1))
        parts = self.parts
        narrow = np.ascontiguousarray(features[:, parts["content_columns"]])
        first = self.content[0].positive(narrow)
        context = content_context(layout, first)
        second = self.content[1].positive(np.hstack([narrow, context]))
        score = calibrate(joined(first, second), *self.info["calibration"])
        kinds = self.kinds[0].predict_proba(features)
        around = kind_context(layout, kinds)
        kinds = self.kinds[1].predict_proba(np.hstack([features, context, kinds.astype(np.float32), around]))
        return np.hstack([score[:, None], (1 - score)[:, None] * kinds])
