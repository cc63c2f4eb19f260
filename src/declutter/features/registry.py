"""The ordered list of feature functions; importing a feature module appends to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.features.view import PageView

__all__ = ["REGISTRY", "Columns", "feature"]

Columns = "tuple[NDArray[np.generic], ...]"
Function = Callable[["PageView"], "tuple[NDArray[np.generic], ...]"]

REGISTRY: list[tuple[tuple[str, ...], Function]] = []
"""(names, function) pairs: the function returns one array of n numbers for each name."""


def feature(*names: str) -> Callable[[Function], Function]:
    """Register a function as the source of the named columns."""

    def register(function: Function) -> Function:
        REGISTRY.append((names, function))
        return function

    return register
