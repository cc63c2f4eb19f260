"""declutter removes boilerplate from web pages by machine learning, and says what it removed.

from declutter import predict

page = predict(html)
page.text()
[(block.label, block.text) for block in page.chrome]
"""

from __future__ import annotations

import logging

from declutter.errors import CorpusError, DeclutterError, InputError, LimitExceeded, ModelError, RuleError
from declutter.labels import Label
from declutter.limits import Limits
from declutter.model import Model, load_model
from declutter.page import Block, Box, Page
from declutter.pipeline import clean, predict, predict_many
from declutter.pruning import prune
from declutter.rulebook import RuleBook, load_rules

__all__ = [
    "Block",
    "Box",
    "CorpusError",
    "DeclutterError",
    "InputError",
    "Label",
    "LimitExceeded",
    "Limits",
    "Model",
    "ModelError",
    "Page",
    "RuleBook",
    "RuleError",
    "clean",
    "load_model",
    "load_rules",
    "predict",
    "predict_many",
    "prune",
]

__version__ = "0.1.0"

logging.getLogger("declutter").addHandler(logging.NullHandler())
