"""Which elements can be cut out of a source, so that what is left is parsed as it was.

The parser moves what stands wrongly in a table (foster parenting) and repeats formatting that is closed in another
element (adoption); start tags close what stands open before them. An element that any of that reaches beyond stays, and
what it holds is cut piece by piece.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.document import TEXT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document
    from declutter.document.spans import Locations

__all__ = ["Nesting"]

# What the HTML standard calls formatting elements, which the parser opens again where another element ended them.
_FORMATTING: Final = frozenset(
    ("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
)
_END_TAG: Final = re.compile(rf"</({'|'.join(sorted(_FORMATTING))})[\s/>]", re.IGNORECASE)
# A text between the tags of these stands before the table in the tree.
_MOVING: Final = frozenset(("table", "thead", "tbody", "tfoot", "tr", "colgroup"))
_VOID: Final = frozenset(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr".split()
)
# Start tags that close an open paragraph, by the HTML standard (13.1.2.4, optional tags).
_ENDS_PARAGRAPH: Final = frozenset(
    "address article aside blockquote center details dialog dir div dl dd dt fieldset figcaption figure footer form h1 h2"
    " h3 h4 h5 h6 header hgroup hr li listing main menu nav ol p plaintext pre search section summary table ul xmp".split()
)
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_ROW_GROUPS: Final = frozenset(("thead", "tbody", "tfoot"))
# Start tags that close an open element.
_CLOSED_BY: Final = {
    "p": _ENDS_PARAGRAPH,
    "li": frozenset(("li",)),
    **dict.fromkeys(("dt", "dd"), frozenset(("dt", "dd"))),
    **dict.fromkeys(_HEADINGS, _HEADINGS),
    "option": frozenset(("option", "optgroup")),
    "optgroup": frozenset(("optgroup",)),
    **dict.fromkeys(("td", "th"), frozenset(("td", "th", "tr")) | _ROW_GROUPS),
    "tr": frozenset(("tr",)) | _ROW_GROUPS,
    **dict.fromkeys(_ROW_GROUPS, _ROW_GROUPS),
    **dict.fromkeys(("rt", "rp"), frozenset(("rt", "rp"))),
    **{tag: frozenset((tag,)) for tag in ("a", "button", "nobr")},
    "select": frozenset(("input", "textarea")),
}
_CLOSERS: Final = frozenset().union(*_CLOSED_BY.values())
# The end of what holds them does not close these: a select takes no other end tags, formatting is opened again.
_STAY_OPEN: Final = frozenset(("select", "a", "nobr"))


class Nesting:
    """What a cut has to know of the places of a page's nodes.

    Attributes:
        located: bool, a row a node: it has a place in the source.
        closed: bool, an end tag of its own closes it.
        whole: bool, an element whose piece of the source can be cut.
    """

    def __init__(self, document: Document, blocks: Blocks, keep: NDArray[np.bool_], locations: Locations) -> None:
        self._tags = document.tags
        self.located = locations.starts >= 0
        self.closed = locations.closed
        starts, ends = locations.starts, locations.ends
        rows, subtree = np.arange(len(document)), document.ends
        self.whole = (ends >= 0) & (locations.tag_ends >= 0)
        # An end tag between its tags that closes something around it has to stay.
        inside = _count(np.sort(locations.end_tags[self.closed]), starts, ends)
        self.whole &= inside == _held(self.closed, rows, subtree)
        source = document.source or ""
        again = np.array([tag in _FORMATTING for tag in self._tags]) & ~self.located
        if again.any():
            end_tags: dict[str, list[int]] = {}
            for found in _END_TAG.finditer(source):
                end_tags.setdefault(found[1].lower(), []).append(found.start())
            for tag in {self._tags[row] for row in np.flatnonzero(again).tolist()}:
                named = np.array([name == tag for name in self._tags])
                closing = _count(np.array(end_tags.get(tag, ()), dtype=np.int64), starts, ends)
                opening = _held(named & self.located, rows, subtree)
                self.whole &= ~((_held(named & again, rows, subtree) > 0) & (closing > opening))
        # Where nothing of its own closes an element it ends behind what is known of it; a select ends at the next one's tag.
        lost = (blocks.of_node >= 0) & ~self.located & np.array([tag == TEXT for tag in self._tags])
        self.whole &= self.closed | (_held(lost, rows, subtree) == 0)
        unclosed = np.array([tag == "select" for tag in self._tags]) & ~self.closed
        self.whole &= _held(unclosed, rows, subtree) == 0
        # A kept text that is not found may stand between the tags of a table after it.
        lost[lost] = keep[blocks.of_node[lost]]
        if lost.any():
            self.whole[np.argmax(lost) :] &= [tag not in _MOVING for tag in self._tags[np.argmax(lost) :]]

    def parts(self, element: int, before: int, after: int) -> bool:
        """Whether the start tag of an element closes what stands before it, and what follows would not.

        Args:
            element: its row.
            before: of the sibling before it in what is left, -1 for none.
            after: of the one after it.
        """
        tags = self._tags
        if before < 0 or tags[element] not in _CLOSERS or tags[before] == TEXT or tags[before] in _VOID:
            return False
        if self.closed[before] or not self.located[before]:
            return False
        if after < 0:
            return tags[before] in _STAY_OPEN
        return tags[after] not in _CLOSED_BY.get(tags[before], ())


def _count(places: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many of the places, which are in order, lie in each span."""
    return np.asarray(np.searchsorted(places, ends) - np.searchsorted(places, starts))


def _held(which: NDArray[np.bool_], rows: NDArray[np.int64], ends: NDArray[np.int32]) -> NDArray[np.int64]:
    """How many of these nodes each subtree holds."""
    through = np.concatenate(([0], np.cumsum(which)))
    return np.asarray(through[ends] - through[rows])
