"""Pages labelled by hand: blocks with DROP in their text are chrome, the others content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from declutter import Label, Page
from declutter.blocks import segment
from declutter.document import read_document

if TYPE_CHECKING:
    from declutter.document import Html

__all__ = ["dropping"]

_LABELS = list(Label)


def dropping(html: Html, **_: Any) -> Page:
    """In the place of `predict`."""
    document = read_document(html)
    table = segment(document)
    probabilities = np.zeros((len(table), len(_LABELS)))
    labels = np.array([_LABELS.index(Label.RELATED) if "DROP" in text else 0 for text in table.texts], dtype=np.int64)
    probabilities[np.arange(len(table)), labels] = 1
    return Page(document, table, probabilities, labels, np.zeros(len(table), dtype=bool), -1, 0.5, 1.0, "", None)
