"""What is told of a block: two sums, one for content or not, one for the kind, and the steps after them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from declutter.labels import Label

__all__ = ["Account", "Reason", "Reasons", "Step"]

# What moves the log-odds by less says nothing worth reading.
_LEAST: Final = 0.05
_NOTHING: Final = "no single thing: only all its features together"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that the model saw, and how far it moved the block.

    Attributes:
        text: what it saw, in words.
        weight: what that adds to the log-odds; below 0 it speaks against.
        group: name of the group of features; the manual's page of features has that of each.
    """

    text: str
    weight: float
    group: str


@dataclass(frozen=True, slots=True, repr=False)
class Account:
    """A decision of the model as a sum: `start` and all weights add up to `log_odds`.

    Attributes:
        start: mean log-odds (natural logarithm) of the blocks of the page that it is compared with.
        reasons: one for each group of features, those that move most first.
        log_odds: of the block, by the last pass of the model.
    """

    start: float
    reasons: tuple[Reason, ...]
    log_odds: float

    def __repr__(self) -> str:
        return f"<Account of log-odds {self.log_odds:.2f}: {self.start:.2f} and {len(self.reasons)} reasons>"


@dataclass(frozen=True, slots=True)
class Step:
    """What came after the last pass, and what it changed.

    Attributes:
        name: "last pass", "first passes", "calibration", "site", "threshold", "headline", "kind", "box" or "rule".
        text: what it did, in words.
        content_score: score of being content after it, 0 to 1.
        label: the label after it; None as long as none is decided.
    """

    name: str
    text: str
    content_score: float
    label: Label | None


@dataclass(frozen=True, slots=True, repr=False)
class Reasons:
    """Why a block has its label.

    Attributes:
        label: the label.
        content: the log-odds that it is content, as a sum.
        kind: the log-odds of its label among the kinds of chrome, as a sum; None for content.
        steps: how the label came from them, in order.
    """

    label: Label
    content: Account
    kind: Account | None
    steps: tuple[Step, ...]

    def __repr__(self) -> str:
        return f"<Reasons {self.label.value}: {'; '.join(self.strongest())}>"

    def strongest(self, limit: int = 3) -> tuple[str, ...]:
        """What speaks for the label, in words, strongest first.

        Args:
            limit: how many at most; at least one is given.
        """
        side = 1 if self.kind is None else -1
        weights = [(side * reason.weight, reason.text) for reason in self.content.reasons]
        weights += [(reason.weight, reason.text) for reason in (self.kind.reasons if self.kind else ())]
        weights += [
            (side * (_log_odds(step.content_score) - _log_odds(before.content_score)), step.text)
            for before, step in pairwise(self.steps)
            if step.name == "site"
        ]
        decisive = [step.text for step in reversed(self.steps) if step.name in {"rule", "headline"}]
        ranked = [text for weight, text in sorted(weights, key=lambda pair: -pair[0]) if weight >= _LEAST]
        return tuple(dict.fromkeys([*decisive, *ranked]))[: max(limit, 1)] or (_NOTHING,)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data, ready for JSON."""
        return {
            "label": self.label.value,
            "content": _plain(self.content),
            "kind": _plain(self.kind) if self.kind else None,
            "steps": [
                {
                    "name": step.name,
                    "text": step.text,
                    "content_score": round(step.content_score, 4),
                    "label": step.label.value if step.label else None,
                }
                for step in self.steps
            ],
        }


def _log_odds(score: float) -> float:
    clipped = min(max(score, 1e-6), 1 - 1e-6)
    return log(clipped) - log(1 - clipped)


def _plain(account: Account) -> dict[str, Any]:
    return {
        "start": account.start,
        "reasons": [{"text": it.text, "weight": it.weight, "group": it.group} for it in account.reasons],
        "log_odds": account.log_odds,
    }
