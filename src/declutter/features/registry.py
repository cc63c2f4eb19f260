"""The feature functions; importing a feature module appends its own, in their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from declutter.features.view import PageView

__all__ = ["REGISTRY", "feature"]

Function = Callable[["PageView"], Sequence[NDArray[np.float64]] | NDArray[np.float64]]

REGISTRY: list[tuple[tuple[str, ...], Function]] = []
"""(names, function) pairs: the function returns one array of n numbers for each name, or a matrix of them."""


def feature(*names: str) -> Callable[[Function], Function]:
    """Register a function as the source of the named columns."""

    def register(function: Function) -> Function:
        REGISTRY.append((names, function))
        return function

    return register
