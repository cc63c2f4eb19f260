"""The tags of a source as the parser reads them: none that stand in comments, in values or where tags are text.

Read without building the tree, so that pages on which the tree would explode can be mended before they are parsed. In doubt
a tag too many is found and an element counts as open: that costs such a page some formatting, the other way round memory.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Tag", "read_tags"]

# As the tokenizer of WHATWG reads tags, with quotes and `<` in unusual places too; what does not end is none.
_TAG: Final = re.compile(
    r"<(?P<end>/)?(?P<name>[A-Za-z][^ \t\n\f\r/>]*+)"
    r"(?:[ \t\n\f\r]|/(?!>)|[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+"
    r"(?:[ \t\n\f\r]*+=[ \t\n\f\r]*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|(?=>)|[^ \t\n\f\r\"'>][^ \t\n\f\r>]*+))?+)*+"
    r"(?P<alone>/)?>"
)
_NEXT: Final = re.compile(r"<(?:(?P<tag>/?[A-Za-z])|(?P<comment>!--)|(?P<bogus>[!?]|/))")
_ANY: Final = re.compile(r"<(?P<end>/)?(?P<name>[A-Za-z][^ \t\n\f\r/>]{0,31})")
# Where every `<` may begin a tag, longer ones are not read to their ends: they would be read again and again.
_LONGEST: Final = 512
_COMMENT: Final = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))", re.DOTALL)
# Elements in which tags are text.
_RAW: Final = frozenset("title textarea style script xmp iframe noembed noframes".split())
_RAW_END: Final = {name: re.compile(rf"</{name}(?=[ \t\n\f\r/>])", re.IGNORECASE | re.ASCII) for name in _RAW}
# In these the parser may take tags for tags all the same, or leave them out.
_OTHERWISE: Final = frozenset(("svg", "math", "select", "template"))
_VOID: Final = frozenset(
    "area base basefont bgsound br col embed frame hr image img input keygen link meta param source track wbr".split()
)
# Of drawings, which close themselves there; written as HTML they are elements that any end tag around them closes.
_DRAWN: Final = frozenset("animate circle ellipse g line path polygon polyline rect stop use".split())
# What the end tags of these close besides.
_CLOSING: Final = frozenset("ul ol dl menu table thead tbody tfoot tr select optgroup div".split())
_OPTIONAL: Final = frozenset("li p dt dd option optgroup tr td th thead tbody tfoot caption colgroup".split())

# So many at once at most, so that no stack is walked again and again.
_MOST_CLOSED: Final = 100


class Tag(NamedTuple):
    """A tag.

    Attributes:
        start: its first character.
        end: one past its last; the same as start where it is not known.
        name: in lower case.
        closes: of an end tag, the first character of the start tag whose element it surely closes, -1 for none; None of a
            start tag.
    """

    start: int
    end: int
    name: str
    closes: int | None


def read_tags(source: str) -> Iterator[Tag]:
    """The tags of a source, in order. Linear in its length."""
    stack: list[tuple[str, int]] = []
    otherwise = 0  # how many of the stack are one of _OTHERWISE
    place = 0
    while (found := _NEXT.search(source, place)) is not None:
        start = found.start()
        if found["comment"]:
            comment = _COMMENT.match(source, start)
            place = comment.end() if comment else len(source)
            continue
        if found["bogus"]:
            if otherwise and source.startswith("<![CDATA[", start):
                yield from _all_tags(source, start)
                return
            place = source.find(">", start) + 1
            if not place:
                return
            continue
        tag = _TAG.match(source, start)
        if tag is None:
            return  # the parser drops what is left
        name, place = tag["name"].lower(), tag.end()
        if tag["end"]:
            closes = _close(stack, name)
            otherwise -= name in _OTHERWISE and closes >= 0
            yield Tag(start, place, name, closes)
            continue
        yield Tag(start, place, name, None)
        if name in _VOID or (tag["alone"] and (name in {"svg", "math"} or (otherwise and name in _DRAWN))):
            continue
        stack.append((name, start))
        otherwise += name in _OTHERWISE
        if name == "plaintext" and not otherwise:
            return
        if name in _RAW:
            close = _RAW_END[name].search(source, place)
            end = close.start() if close else len(source)
            if (otherwise and source.find("<", place, end) >= 0) or _hides_its_end(name, source, place, end):
                yield from _all_tags(source, place)
                return
            place = end
        elif name == "plaintext":
            yield from _all_tags(source, place)
            return


def _close(stack: list[tuple[str, int]], name: str) -> int:
    """Close the element that an end tag surely closes: the last of the stack, or one that closes those behind it."""
    last = len(stack) - 1
    if name in _CLOSING:
        first = max(0, last - _MOST_CLOSED)
        while last >= first and stack[last][0] != name and stack[last][0] in _OPTIONAL:
            last -= 1
    if last < 0 or stack[last][0] != name:
        return -1
    closes = stack[last][1]
    del stack[last:]
    return closes


def _hides_its_end(name: str, source: str, start: int, end: int) -> bool:
    """Whether an end tag of a script may be none: between `<!--` and `-->`, behind another start tag."""
    comment = source.find("<!--", start, end) if name == "script" else -1
    return comment >= 0 and "<script" in source[comment:end].lower()


def _all_tags(source: str, place: int) -> Iterator[Tag]:
    """All that may be a tag, wherever it stands; nothing surely closes anything."""
    for found in _ANY.finditer(source, place):
        start = found.start()
        tag = _TAG.match(source, start, start + _LONGEST)
        name = tag["name"] if tag else found["name"]
        yield Tag(start, tag.end() if tag else start, name.lower(), -1 if found["end"] else None)
