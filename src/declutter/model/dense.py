"""A small dense net for the kinds, fitted by scikit-learn, evaluated in a few lines of numpy.

Twelve kinds by trees would cost a tree a kind and round on every page; a dense net costs 0.1 ms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["DenseNet"]

# Standardised inputs beyond this say no more; a feature that never varied in training cannot throw the net.
_CLIP = 5.0


class DenseNet:
    """Bagged nets of one hidden layer with softmax output; the mean of their probabilities.

    Args:
        mean, scale: float32, inputs: what standardises the features.
        layers: for each net its (weights, biases) from input to output.
    """

    def __init__(
        self,
        mean: NDArray[np.float32],
        scale: NDArray[np.float32],
        layers: list[list[tuple[NDArray[np.float32], NDArray[np.float32]]]],
    ) -> None:
        self.mean = mean
        self.scale = scale
        self.layers = layers

    def predict_proba(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Probabilities of the kinds, n x kinds; rows sum to 1."""
        inputs = np.clip((features - self.mean) / self.scale, -_CLIP, _CLIP)
        total: NDArray[np.float64] | None = None
        for net in self.layers:
            values = inputs
            for place, (weights, biases) in enumerate(net):
                values = values @ weights + biases
                if place + 1 < len(net):
                    values = np.maximum(values, 0)
            values = values.astype(np.float64)
            exponents = np.exp(values - values.max(axis=1, keepdims=True))
            shares = exponents / exponents.sum(axis=1, keepdims=True)
            total = shares if total is None else total + shares
        assert total is not None
        return total / len(self.layers)
