"""Folds grouped by registrable domain, the same whatever other pages there are."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from declutter.training.examples import Example

__all__ = ["CELLS", "INNER_FOLDS", "OUTER_FOLDS", "cell_of", "fold_numbers"]

OUTER_FOLDS: Final = 5
"""Folds that figures of training corpora come from."""

INNER_FOLDS: Final = 4
"""Folds of a fit, for what later passes and calibration see."""

CELLS: Final = OUTER_FOLDS * INNER_FOLDS
"""Sites of one cell share their fold in both; the two numbers have no common divisor."""


@cache
def _number(domain: str) -> int:
    return int.from_bytes(hashlib.sha256(domain.encode("utf-8", "surrogatepass")).digest()[:8], "big")


def cell_of(domain: str) -> int:
    """The cell of a site, 0 to CELLS - 1."""
    return _number(domain) % CELLS


def fold_numbers(examples: Sequence[Example], folds: int) -> list[int]:
    """A fold for each page; pages of one registrable domain share theirs, whatever corpus they are from.

    The fold hangs on the domain alone: a page that is added moves no other, so that figures compare from model to model.
    """
    return [_number(example.domain) % folds for example in examples]
