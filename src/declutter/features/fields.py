"""The fields of forms by what they ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.document import Document

    Ints = NDArray[np.int64]

__all__ = ["ASKING", "FIELDS", "field_nodes"]

FIELDS: Final = (*("email", "password", "search", "text", "choice", "number", "card", "hidden", "submit", "textarea"),)
"""Kinds of inputs, and text areas."""

ASKING: Final = frozenset(("email", "text", "password", "card"))
"""Kinds in which a visitor writes of themselves."""

_KIND_OF_TYPE: Final = {
    "email": "email", "password": "password", "search": "search", "text": "text", "tel": "text", "url": "text",
    "radio": "choice", "checkbox": "choice", "number": "number", "range": "number", "hidden": "hidden",
    "submit": "submit", "image": "submit", "button": "submit",
}  # fmt: skip
# Words of a field's name, placeholder and autocomplete that tell more than its type.
_WORDS: Final = (
    ("card", "cc-"),
    ("email", "mail"),
    ("search", "search"),
    ("search", "query"),
    ("password", "passw"),
)


def field_nodes(document: Document, nodes: list[int]) -> dict[str, Ints]:
    """For each of FIELDS the nodes that are one; buttons count as submit.

    Args:
        document: the page.
        nodes: its inputs, text areas and buttons.
    """
    found: dict[str, list[int]] = {kind: [] for kind in FIELDS}
    for node in nodes:
        tag = document.tags[node]
        if tag == "button":
            found["submit"].append(node)
            continue
        if tag == "textarea":
            found["textarea"].append(node)
        values = dict(document.attributes[node])
        kind = "text" if tag == "textarea" else _KIND_OF_TYPE.get((values.get("type") or "text").lower(), "text")
        if kind == "text":
            told = " ".join(
                (values.get(key) or "").lower()[:60] for key in ("name", "id", "autocomplete", "placeholder")
            )
            for better, word in _WORDS:
                if word in told:
                    kind = better
                    break
        found[kind].append(node)
    return {kind: np.array(places, dtype=np.int64) for kind, places in found.items()}
