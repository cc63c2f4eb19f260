"""A small dense net for the kinds, fitted by scikit-learn, evaluated in a few lines of numpy.

Twelve kinds by trees would cost a tree a kind and round on every page; a dense net costs a fraction of that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from declutter import compiled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

__all__ = ["DenseNet"]

# Standardised inputs beyond this say no more; a feature that never varied in training cannot throw the net.
_CLIP: Final = np.float32(5.0)


class DenseNet:
    """Bagged nets of one hidden layer of rectified units with softmax output; the mean of their probabilities.

    Args:
        arrays: float32. mean, scale: inputs, what standardises the features. hidden: nets x inputs x units,
            hidden_bias: nets x units. output: nets x units x kinds, output_bias: nets x kinds.
    """

    def __init__(self, arrays: Mapping[str, Any]) -> None:
        nets, inputs, units = arrays["hidden"].shape
        # One product for the hidden layers of all nets.
        self._mean, self._inverse = arrays["mean"], 1 / arrays["scale"]
        self._hidden = np.ascontiguousarray(arrays["hidden"].transpose(1, 0, 2).reshape(inputs, nets * units))
        self._hidden_bias = arrays["hidden_bias"].reshape(-1)
        self._output, self._output_bias = arrays["output"], arrays["output_bias"]

    def _standardised(self, features: Floats) -> Floats:
        """What the nets read, in the order of memory that the features have; the compiled form is in src/speedups/sums.c."""
        if compiled.used and (features.flags.c_contiguous or features.flags.f_contiguous):
            values = features.copy(order="K")
            across = not values.flags.c_contiguous
            columns = values.T if across else values
            compiled.speedups.standardise(float(_CLIP), across, self._mean, self._inverse, columns)
            return values
        values = features - self._mean
        values *= self._inverse
        return np.asarray(np.clip(values, -_CLIP, _CLIP, out=values))

    def predict_proba(self, features: Floats) -> NDArray[np.float64]:
        """Probabilities of the kinds, n x kinds; rows sum to 1."""
        values = self._standardised(features)
        active = values @ self._hidden
        active += self._hidden_bias
        np.maximum(active, 0, out=active)
        nets, units, kinds = self._output.shape
        total = np.zeros((len(features), kinds))
        for net in range(nets):
            logits = active[:, net * units : (net + 1) * units] @ self._output[net]
            logits += self._output_bias[net]
            shares = np.exp((logits - logits.max(axis=1, keepdims=True)).astype(np.float64))
            shares /= shares.sum(axis=1, keepdims=True)
            total += shares
        return np.asarray(total / nets)
