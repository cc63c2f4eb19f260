"""What a training run is made with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from declutter.features import FEATURE_NAMES
from declutter.training.folds import INNER_FOLDS

__all__ = ["NAME_COLUMNS", "Settings"]

NAME_COLUMNS: Final = np.array(
    [place for place, name in enumerate(FEATURE_NAMES) if name.startswith(("near_name_", "above_name_"))]
)
"""Columns of class and id names, which are blank on a share of the pages in training."""

# Of 2.5 and 4, on inner folds of text (docs/experiments.md).
_TEXT_OWN_WEIGHT: Final = 4.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What a training run is made with; recorded in model.json. How the values were found: docs/experiments.md."""

    trees: tuple[int, ...] = (130, 80)
    learning_rate: float = 0.1
    leaves: int = 31
    min_leaf: int = 40
    l2: float = 1.0
    max_features: float = 0.3
    screening_trees: int = 25
    screening_rows: int = 40
    least_gain: float = 0.0003
    names_dropped: float = 0.5
    net_units: int = 64
    net_epochs: tuple[int, int] = (20, 8)
    net_rate: float = 0.001
    net_alpha: float = 0.1
    net_batch: int = 512
    rows_a_page: int = 100
    own_weight: float = 3.0
    word_power: float = 0.5
    inner_folds: int = INNER_FOLDS
    kind_rounds: int = 30
    kind_screening_rounds: int = 4
    kind_rate: float = 0.2
    kind_leaves: int = 15
    kind_columns: int = 300
    kind_rows: int = 200
    kind_nets: int = 4
    strictness_trees: int = 60
    strictness_leaf: int = 10
    strictness_features: float = 0.4
    seed: int = 20261122

    def flat(self) -> Settings:
        """Those that the model of plain text is fitted with: own pages weigh more, for less in a text tells boxes from articles."""
        return replace(self, own_weight=_TEXT_OWN_WEIGHT)
