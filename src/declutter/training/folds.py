"""Folds grouped by registrable domain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from declutter.training.examples import Example

__all__ = ["fold_numbers"]


def fold_numbers(examples: Sequence[Example], folds: int, seed: int) -> list[int]:
    """A fold for each page; pages of one registrable domain share theirs, whatever corpus they are from."""
    domains = sorted({example.domain for example in examples})
    order = np.random.default_rng(seed).permutation(len(domains))
    fold_of = {domains[place]: rank % folds for rank, place in enumerate(order.tolist())}
    return [fold_of[example.domain] for example in examples]
