"""Rules of the caller that win over the model: which labels stay, which go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.errors import RuleError
from declutter.labels import Label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

__all__ = ["Rules", "as_labels", "read_rules"]

_COLUMNS: Final = {label.value: column for column, label in enumerate(Label)}


@dataclass(frozen=True, slots=True)
class Rules:
    """What stays and what goes, as columns of the labels' probabilities.

    Attributes:
        keep: blocks with these labels become content.
        strip: content that likeliest has one of these labels goes, with content among them all; keep is stronger.
    """

    keep: tuple[int, ...] = ()
    strip: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.keep or self.strip)

    def apply(
        self, probabilities: NDArray[np.float64], labels: NDArray[np.int64], headline: int = -1
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The labels after the rules, and which blocks a rule decided.

        Args:
            probabilities: float64, n x labels.
            labels: int64, n, as the model has them; 0 is content.
            headline: row of the main headline, or -1; it is content, however likely it looks like something else.
        """
        if not len(labels):
            return labels, np.zeros(0, dtype=bool)
        likeliest = np.argmax(probabilities, axis=1)
        if headline >= 0:
            likeliest[headline] = 0
        kept = np.isin(labels, self.keep) & (labels > 0)
        meant = np.isin(likeliest, self.strip) | (0 in self.strip)
        spared = np.isin(likeliest, self.keep) | (0 in self.keep)
        gone = (labels == 0) & meant & ~spared
        kinds = np.argmax(probabilities[:, 1:], axis=1) + 1
        return np.where(kept, 0, np.where(gone, kinds, labels)), kept | gone


def read_rules(keep: Iterable[str], strip: Iterable[str]) -> Rules:
    """Read the rules of a call.

    Args:
        keep: labels, such as "comments".
        strip: labels.

    Raises:
        RuleError: one of them is no label.
    """
    return Rules(_columns(as_labels(keep, "keep")), _columns(as_labels(strip, "strip")))


def _columns(labels: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(sorted({_COLUMNS[label] for label in labels}))


def as_labels(rules: Iterable[str], name: str) -> tuple[str, ...]:
    """The rules of one argument, checked.

    Args:
        rules: labels.
        name: of the argument.

    Raises:
        RuleError: one of them is no label, or they are no list.
    """
    if isinstance(rules, str):
        raise RuleError(f"{name} is one text, {rules!r}: give a list of labels, such as [{rules!r}]")
    try:
        found = tuple(rules)
    except TypeError:
        raise RuleError(f"{name} is {rules!r}: give a list of labels, or none at all") from None
    for rule in found:
        if not isinstance(rule, str) or str(rule) not in _COLUMNS:
            raise RuleError(f"{name}: {rule!r} is no label: give some of {', '.join(_COLUMNS)}")
    return tuple(str(rule) for rule in found)
