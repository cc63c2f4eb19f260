"""Why a block has its label: what the model saw of it as a sum, in words, and the steps from there to the label."""

from __future__ import annotations

from declutter.explain.explainer import Explainer
from declutter.explain.record import Account, Reason, Reasons, Step

__all__ = ["Account", "Explainer", "Reason", "Reasons", "Step"]
