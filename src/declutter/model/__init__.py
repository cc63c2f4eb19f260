"""Models: load, check and save a model directory; predict with both passes."""

from __future__ import annotations

from declutter.model.directory import load_default, load_model, save_model
from declutter.model.predictor import Model

__all__ = ["Model", "load_default", "load_model", "save_model"]
