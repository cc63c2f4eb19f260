"""The feature functions; importing a feature module appends its own, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from declutter.features.view import PageView

    Function = Callable[[PageView], Sequence[NDArray[np.float64]] | NDArray[np.float64]]

__all__ = ["REGISTRY", "feature"]

REGISTRY: list[tuple[tuple[str, ...], Function]] = []
"""(names, function) pairs: the function returns one array of n numbers for each name, or a matrix of them."""


def feature(*names: str) -> Callable[[Function], Function]:
    """Register a function as the source of the named columns."""

    def register(function: Function) -> Function:
        REGISTRY.append((names, function))
        return function

    return register
