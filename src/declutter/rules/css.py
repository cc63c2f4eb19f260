"""CSS selectors on a Document: which of its rows they choose.

The selectors are those of the HTML parser, whose engine runs on a tree of its own. That tree is built row by row from the
columns, so that what a selector finds is a row and nothing needs pairing: it is the same for pages that came as a soup,
in templates, in noscript, and where the parser moved what was nested wrongly.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
from turbohtml import DocumentFragment, Element, SelectorSyntaxError, Text, parse

from declutter.document import TEXT
from declutter.errors import RuleError
from declutter.log import warn
from declutter.rules.effort import MOST_STEPS, Effort

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from declutter.document import Attributes, Document

__all__ = ["WHOLE", "Selectors", "chooses_whole", "inside", "selector_problem"]

WHOLE: Final = frozenset({"html", "body"})
"""The elements that are the whole page, which no rule can take."""


# What the name of a tag or an attribute cannot hold in the parser's tree, although pages and soups have it.
_NO_NAME: Final = re.compile(r"[\x00-\x20\x7f-\x9f\"'/<>=\\]")
# html and body, and in them elements that stand as they do: what chooses both kinds goes by the place alone.
_MIRRORED: Final = "<!doctype html><html><head></head><body><x-a><x-b></x-b><x-c><x-d></x-d></x-c></x-a></body></html>"
_REASON: Final = re.compile(r'.*": (?=\S)', re.DOTALL)
# Each attribute is held against those before it: 100,000 on one element took 199 s. The most on 400 real pages were 58.
_MOST_ATTRIBUTES: Final = 200


def selector_problem(selector: str) -> str:
    """Why a text is no CSS selector, "" where it is one."""
    try:
        parse("").select(selector)
    except SelectorSyntaxError as error:
        return _REASON.sub("", str(error))
    return ""


def chooses_whole(selector: str) -> bool:
    """Whether a selector names html or body and nothing else by its place: `body`, `:root`, `:is(html, .box)`.

    Args:
        selector: one without a `selector_problem`.
    """
    found = {element.tag for element in parse(_MIRRORED).select(selector)}
    return bool(found) and found <= WHOLE


class Selectors:
    """The elements of one document, to be chosen from.

    Names of tags and attributes count in any case; values, classes and ids in theirs, whatever the doctype. Of an element
    with more than 200 attributes the first 200 are seen, and a warning is logged. Depth is no limit.
    """

    def __init__(self, document: Document) -> None:
        top = DocumentFragment()  # the engine of turbohtml 1.15 crashes on elements that stand in nothing
        nodes: list[DocumentFragment | Element | Text] = [top]
        self._top = top
        self._effort = Effort(document)
        self._elements: list[tuple[int, Element]] = []
        parents: list[int] = document.parents.tolist()
        for row in range(1, len(document)):
            tag = document.tags[row]
            node: Element | Text
            if tag == TEXT:
                node = Text(document.texts[row])
            else:
                node = _element(tag, document.attributes[row])
                self._elements.append((row, node))
            parent = nodes[parents[row]]
            assert not isinstance(parent, Text)
            parent.append(node)
            nodes.append(node)

    def rows(self, selector: str) -> NDArray[np.int32]:
        """The rows of the elements that a selector chooses, rising.

        Args:
            selector: one without a `selector_problem`.

        Raises:
            RuleError: it takes too many steps on this page; the message goes on behind the selector.
        """
        steps, dearest = self._effort.steps(selector)
        if steps > MOST_STEPS:
            mend = f"ask without {dearest}" if dearest else "give max_bytes or max_blocks in limits"
            raise RuleError(f"takes up to {steps:.0e} steps on this page of {len(self._elements):,} elements: {mend}")
        chosen = _rows_of(self._top.select(selector), self._elements)
        return np.array(chosen, dtype=np.int32)


def _rows_of(found: Sequence[Element], elements: Sequence[tuple[int, Element]]) -> list[int]:
    """The rows of the found ones of some elements."""
    chosen: list[int] = []
    # Both are in document order; elements of one tree have the same hash, so that a dict would be quadratic.
    for row, element in elements:
        if len(chosen) == len(found):
            break
        if element == found[len(chosen)]:
            chosen.append(row)
    assert len(chosen) == len(found)
    return chosen


def _element(tag: str, pairs: Attributes) -> Element:
    if len(pairs) > _MOST_ATTRIBUTES:
        warn("an element has %d attributes: selectors see the first %d", len(pairs), _MOST_ATTRIBUTES)
        pairs = pairs[:_MOST_ATTRIBUTES]
    try:
        return Element(tag, dict(pairs))
    except ValueError:
        # No selector names what is left out here.
        name = _NO_NAME.sub("\ufffd", tag) or "\ufffd"
        return Element(name, {key: value for key, value in pairs if key and not _NO_NAME.search(key)})


def inside(document: Document, rows: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which of the m nodes of a document are one of these rows or lie in one.

    Returns:
        bool, m.
    """
    steps = np.zeros(len(document) + 1, dtype=np.int32)
    np.add.at(steps, rows, 1)
    np.subtract.at(steps, document.ends[rows], 1)
    return np.asarray(np.cumsum(steps[:-1]) > 0)
