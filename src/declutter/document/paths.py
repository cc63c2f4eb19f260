"""CSS paths of elements, for people to find them by."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from declutter.document import Document

__all__ = ["Paths"]

# Deeper paths help nobody and would make a page of nested elements quadratic.
_LONGEST: Final = 24
_BELOW: Final = " > "
# What a tag's name may hold and a selector's only behind a backslash: `<fb:like>`, `<footerclass="a">`.
_UNUSUAL: Final = re.compile(r"[!-,./:-@[-^`{-~]")
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")


class Paths:
    """The paths of one document; the places among siblings are counted once, and no step is written twice."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._parents: list[int] = document.parents.tolist()
        self._places = _places(document)
        # An id that stands twice, against the rules, tells nothing apart.
        ids = document.named("id")
        counts = Counter(ids.values())
        self._ids = {node: name for node, name in ids.items() if counts[name] == 1 and _PLAIN_NAME.match(name)}
        self._known: dict[int, tuple[int, str]] = {0: (0, "")}
        # Of each name once: a page has thousands of elements, and some dozens of names.
        self._names = {tag: _UNUSUAL.sub(r"\\\g<0>", tag) for tag in dict.fromkeys(document.tags)}

    def of(self, node: int) -> str:
        """Steps from the nearest element with an id, or from 24 levels up, to the node; "" in plain text, without elements."""
        if self._document.markup == "text":
            return ""
        known, parents, ids = self._known, self._parents, self._ids
        way = []
        while node not in known:
            way.append(node)
            if node in ids:
                break
            node = parents[node]
        count, path = known.get(node, (0, ""))
        for step in reversed(way):
            if count == _LONGEST:
                path = path.partition(_BELOW)[2]
            else:
                count += 1
            path = f"{path}{_BELOW}{self._step(step)}" if count > 1 else self._step(step)
            known[step] = count, path
        return path

    def _step(self, node: int) -> str:
        tag, place = self._names[self._document.tags[node]], self._places[node]
        if node in self._ids:
            return f"{tag}#{self._ids[node]}"
        return f"{tag}:nth-of-type({place})" if place else tag


def _places(document: Document) -> list[int]:
    """Of each node its place among its siblings of the same tag, from 1; 0 where it is the only one."""
    numbers = {tag: number for number, tag in enumerate(dict.fromkeys(document.tags))}
    tags = np.fromiter(map(numbers.__getitem__, document.tags), np.int64, len(document))
    keys = document.parents.astype(np.int64) * len(numbers) + tags
    order = np.argsort(keys, kind="stable")
    first = np.flatnonzero(np.diff(keys[order], prepend=np.iinfo(np.int64).min))
    sizes = np.diff(first, append=len(keys))
    places = np.zeros(len(keys), dtype=np.int64)
    places[order] = np.arange(len(keys)) - np.repeat(first, sizes) + 1
    places[order[first[sizes == 1]]] = 0
    found: list[int] = places.tolist()
    return found
