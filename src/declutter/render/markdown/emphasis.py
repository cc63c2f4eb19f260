"""Strong and emphasised text.

turbohtml writes tags in place of asterisks, on the whole page, where a single emphasis begins or ends with a letter that is not
ASCII: here each is looked at by itself, by the rules of CommonMark 0.31 for delimiter runs (section 6.2).
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

import turbohtml

from declutter.render.markdown.links import BLOCKS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["EMPHASIS", "join_emphasis"]

_MARKS: Final = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_WRITTEN: Final = {"**": "strong", "*": "em"}
_ANY_BLOCK: Final = ", ".join(sorted(BLOCKS))
# Elements around that are looked at for the same emphasis, and for what stands beside it.
_UP: Final = 8
_ANOTHER: Final = "another emphasis"
_INLINE: Final = frozenset(("a", "abbr", "span", "u", "small", "mark", "q", "cite", "dfn", "time", "bdi", "ins"))


def join_emphasis(tree: turbohtml.Document) -> None:
    """Make one of elements side by side that emphasise alike, and none of those around white space: editors leave such behind."""
    for element in tree.select(", ".join(_MARKS)):
        if element.parent is None:
            continue  # joined to one before it
        if not element.text.strip() and element.find("img") is None:
            element.unwrap()
            continue
        while (
            isinstance(other := element.next_sibling, turbohtml.Element)
            and _MARKS.get(other.tag) == _MARKS[element.tag]
        ):
            for node in list(other.children):
                element.append(node)
            other.extract()


def _emphasised(element: turbohtml.Element, inner: str) -> str:
    mark = _MARKS[element.tag]
    if not inner or element.select_one(_ANY_BLOCK) is not None or _inside_alike(element, mark):
        return inner
    # White space at its ends, which the converter has put outside already, parts it from what stands there.
    text = element.text
    outside = text[:1].strip() and _beside(element, -1), text[-1:].strip() and _beside(element, 1)
    if all(_binds(near, far) for near, far in zip((inner[0], inner[-1]), outside, strict=True)):
        return f"{mark}{inner}{mark}"
    name = _WRITTEN[mark]
    return f"<{name}>{inner}</{name}>"


EMPHASIS: Final[Mapping[str, Callable[[turbohtml.Element, str], str]]] = dict.fromkeys(_MARKS, _emphasised)
"""The converters of the elements."""


def _binds(inner: str, outer: str) -> bool:
    """Whether asterisks between two characters open or close: "" and white space outside always do, another emphasis never."""
    if outer == _ANOTHER:
        return False
    return not outer or outer.isspace() or not _is_punctuation(inner) or _is_punctuation(outer)


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _inside_alike(element: turbohtml.Element, mark: str) -> bool:
    around = element.parent
    for _ in range(_UP):
        if not isinstance(around, turbohtml.Element):
            return False
        if _MARKS.get(around.tag) == mark:
            return True
        around = around.parent
    return False


def _beside(element: turbohtml.Element, step: int) -> str:
    """The character that stands beside an element in its line, _ANOTHER for another emphasis, "" for none."""
    node: turbohtml.Node | None = element
    for _ in range(_UP):
        if not isinstance(node, turbohtml.Element):
            return ""
        other = node.previous_sibling if step < 0 else node.next_sibling
        while other is not None and not isinstance(other, turbohtml.Element) and not other.text:
            other = other.previous_sibling if step < 0 else other.next_sibling
        if other is not None:
            return _edge(other, step)
        node = node.parent
        if isinstance(node, turbohtml.Element) and node.tag == "a":
            return "[" if step < 0 else "]"
        if not isinstance(node, turbohtml.Element) or node.tag not in _INLINE:
            return ""
    return ""


def _edge(node: turbohtml.Node, step: int) -> str:
    """The character of a node that is nearest to what stands behind it (-1) or before it (1)."""
    if isinstance(node, turbohtml.Element):
        if node.tag in _MARKS:
            return _ANOTHER
        if node.tag in BLOCKS or node.tag == "br":
            return ""
        if node.tag in {"a", "img", "code"}:
            return ")"
    text = node.text
    return text[-1:] if step < 0 else text[:1]
