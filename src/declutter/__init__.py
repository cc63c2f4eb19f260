"""declutter removes boilerplate from web pages by machine learning, and says what it removed.

from declutter import predict

page = predict(html)
page.text()
[(block.label, block.text) for block in page.chrome]
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from declutter.document.limits import Limits
    from declutter.errors import CorpusError, DeclutterError, InputError, LimitExceeded, ModelError, RuleError
    from declutter.labels import Label
    from declutter.model import Model, load_model
    from declutter.page import Block, Box, Page
    from declutter.pipeline import clean, predict
    from declutter.pipeline.many import predict_many
    from declutter.pipeline.pruning import prune
    from declutter.rules.rulebook import RuleBook, load_rules

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

# Where each public name is, imported when it is first asked for: the command line starts without what it does not use.
_HOMES: Final = {
    **dict.fromkeys(
        ("CorpusError", "DeclutterError", "InputError", "LimitExceeded", "ModelError", "RuleError"), "errors"
    ),
    "Label": "labels",
    "Limits": "document.limits",
    "predict_many": "pipeline.many",
    **dict.fromkeys(("Model", "load_model"), "model"),
    **dict.fromkeys(("Block", "Box", "Page"), "page"),
    **dict.fromkeys(("clean", "predict"), "pipeline"),
    "prune": "pipeline.pruning",
    **dict.fromkeys(("RuleBook", "load_rules"), "rules.rulebook"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
