"""How much each group of columns adds to what a model says of one row: Shapley values, by paired permutations.

The groups are players (Shapley 1953): a coalition is worth what the model says of the row where the columns of all other
groups come from a reference. A player's share is what it adds on joining, averaged over the orders in which they may join
and over the references. Orders are sampled (Strumbelj and Kononenko 2014), each with its reverse (Mitchell, Cooper, Frank
and Holmes 2022), which makes it exact where groups work together two by two. Along each order the gains add up to all that
lies between reference and row, so that the shares do too, however few orders there are.
"""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Features = NDArray[np.float32]

__all__ = ["shapley"]


def shapley(
    row: Features, references: Features, groups: NDArray[np.int64], players: int, value: Callable[[Features], Floats]
) -> tuple[float, Floats]:
    """The share of each player in what a model says of a row.

    Args:
        row: float32, w.
        references: float32, k x w, at least one; each with one order and its reverse.
        groups: int64, w, the player of each column.
        players: how many players there are.
        value: what the model says of rows, m x w to m.

    Returns:
        What it says of the references on average, and float64, players: shares that add up to what lies between.
    """
    count = len(references)
    orders = _orders(count, players)
    reference = np.repeat(np.arange(count), 2)
    ranks = np.argsort(orders, axis=1)
    # A player whose columns are the same in the reference changes nothing on joining: the model is not asked again.
    member = groups[:, None] == np.arange(players)
    differs = (row != references) @ member
    joins, steps = np.nonzero(differs[reference[:, None], orders][:, :-1])
    inside = ranks[joins][:, groups] <= steps[:, None]
    states = np.where(inside, row, references[reference[joins]])
    said = value(np.vstack([row[None], references, states]))
    values = np.full((2 * count, players + 1), np.nan)
    values[:, 0] = said[1 : count + 1][reference]
    values[joins, steps + 1] = said[count + 1 :]
    values[:, -1] = said[0]
    known = np.maximum.accumulate(np.where(np.isnan(values), 0, np.arange(players + 1)), axis=1)
    gains = np.diff(np.take_along_axis(values, known, axis=1), axis=1)
    shares = np.take_along_axis(gains, ranks, axis=1).mean(axis=0)
    return float(said[1 : count + 1].mean()), np.asarray(shares)


@cache
def _orders(pairs: int, players: int) -> NDArray[np.int64]:
    """Orders of the players, always the same ones: 2 * pairs x players, each followed by its reverse."""
    shuffled = random.Random(players)  # noqa: S311 - nothing here is secret
    orders = [shuffled.sample(range(players), players) for _ in range(pairs)]
    return np.array([order[::way] for order in orders for way in (1, -1)])
