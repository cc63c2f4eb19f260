"""CSS paths of elements, for people to find them by."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from declutter.document import TEXT

if TYPE_CHECKING:
    from declutter.document import Document

__all__ = ["Paths"]

# Deeper paths help nobody and would make a page of nested elements quadratic.
_LONGEST: Final = 24
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")


class Paths:
    """The paths of one document; the places among siblings are counted once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._parents: list[int] = document.parents.tolist()
        counts: dict[tuple[int, str], int] = {}
        self._places = [0] * len(self._parents)
        for node, tag in enumerate(document.tags):
            if tag != TEXT:
                key = (self._parents[node], tag)
                counts[key] = self._places[node] = counts.get(key, 0) + 1
        self._counts = counts
        # An id that stands twice, against the rules, tells nothing apart.
        self._ids = Counter(document.named("id").values())

    def of(self, node: int) -> str:
        """Steps from the nearest element with an id, or from 24 levels up, to the node; "" in plain text, without elements."""
        steps: list[str] = []
        if self._document.markup == "text":
            return ""
        while node > 0 and len(steps) < _LONGEST:
            tag = self._document.tags[node]
            name = self._document.attribute(node, "id")
            if name and self._ids[name] == 1 and _PLAIN_NAME.match(name):
                steps.append(f"{tag}#{name}")
                break
            parent = self._parents[node]
            alone = self._counts[parent, tag] == 1
            steps.append(tag if alone else f"{tag}:nth-of-type({self._places[node]})")
            node = parent
        return " > ".join(reversed(steps))
