"""Why a block has its label: the strongest reasons, in words."""

from __future__ import annotations

from declutter.explain.occlusion import Explainer, reasons

__all__ = ["Explainer", "reasons"]
