"""Where the blocks of a page stand in its source: a second parse, made only when somebody asks.

The parser says where tags are and nothing of text. So each text is looked for between the tags around it, over
comments and tags that made no element, and taken only where the source spells it. Whatever the parser moved (foster
parenting, adoption) or made up gets no place rather than a wrong one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

import numpy as np
import turbohtml

from declutter.document import DOCUMENT, TEXT
from declutter.document.parser_input import parser_input
from declutter.document.visibility import SKIPPED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["Locations", "block_spans", "locate"]

_WHITE: Final = " \t\n\f\r"
_BLANK: Final = re.compile(r"[ \t\n\f\r]*")
_REFERENCE: Final = r"&(?:\#[0-9]+|\#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);?"
_TOKEN: Final = re.compile(
    rf"""(?P<text>[^<&\0]+) | (?P<reference>{_REFERENCE})
    | (?P<skip><!--(?:-?>|.*?(?:--!?>|\Z)) | </?[A-Za-z](?:[^>"']|"[^"]*"|'[^']*')*+> | <(?:[!?]|/(?![A-Za-z]))[^>]*>)
    | (?P<one>.)""",
    re.DOTALL | re.VERBOSE,
)
# In a textarea a tag is text; in an xmp a reference is, too.
_TOKEN_IN_TEXTAREA: Final = re.compile(
    rf"(?P<text>[^&\0]+) | (?P<reference>{_REFERENCE}) | (?P<one>.)", re.DOTALL | re.VERBOSE
)
_TOKEN_RAW: Final = re.compile(r"(?P<text>[^\0]+)|(?P<one>\0)")
_MODES: Final = {"textarea": _TOKEN_IN_TEXTAREA, "xmp": _TOKEN_RAW, "plaintext": _TOKEN_RAW}
# What may follow a text that the source spells as the tree does; anything else means that it goes on.
_TEXT_ENDS: Final = frozenset("<& \t\n\f\r\0")
# Characters looked at again, in sources: pages made to be slow stop being searched, others need less than one.
_PATIENCE: Final = 4


@dataclass(slots=True)
class Locations:
    """Where the nodes of a document stand in its source, one row a node, in characters; -1 where that is not known.

    Attributes:
        starts: int64, of an element its start tag, of a text its first character that is no white space.
        ends: int64, one past the end tag, or past what the element holds where nothing closes it, or past the text.
            -1 for elements whose piece of the source holds less or more than what they hold in the tree.
        tag_ends: int64, one past the start tag of an element, -1 for text.
        end_tags: int64, the first character of the end tag that closes an element, -1 where none of its own does.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    tag_ends: NDArray[np.int64]
    end_tags: NDArray[np.int64]

    @property
    def closed(self) -> NDArray[np.bool_]:
        """Whether an end tag of its own closes the element."""
        return self.end_tags >= 0


def locate(document: Document) -> Locations | None:
    """Find the nodes of a document in its source.

    Linear in the size of the page but for one sort; depth is no limit.

    Returns:
        The Locations; None where the document has no source, or was not made of it as HTML.
    """
    if document.source is None:
        return None
    if document.places is not None:
        unknown = np.full(len(document), -1, dtype=np.int64)
        return Locations(document.places[:, 0], document.places[:, 1], unknown, unknown)
    # Parsed with its line ends normalised, so that the parser's offsets are those of a text we hold.
    normal = parser_input(document.source).replace("\r\n", "\n").replace("\r", "\n")
    tags = _read_tags(document, normal)
    if tags is None:
        return None
    starts, tag_ends, end_tags, closes = tags
    _find_texts(document, normal, starts, tag_ends, closes)  # writes the places of texts into these lists
    ends = _whole(document, starts, tag_ends, closes)
    back = _line_feeds(document.source)
    return Locations(
        _as_given(np.array(starts, dtype=np.int64), back),
        _as_given(ends, back),
        _as_given(np.where([tag == TEXT for tag in document.tags], -1, tag_ends).astype(np.int64), back),
        _as_given(np.array(end_tags, dtype=np.int64), back),
    )


def block_spans(document: Document, blocks: Blocks, locations: Locations | None = None) -> list[tuple[int, int] | None]:
    """Where the blocks of a page stand in its source.

    A span goes from the first to the last character of a block that is no white space, widened over the inline
    elements that hold nothing of another block and are closed. Blocks of controls and descriptions have the element,
    or its start tag where the element holds other blocks too. Spans never overlap. Of text and Markdown a span is that of
    the lines, which the cells of a row of a table share.

    Args:
        document: the page, not pruned.
        blocks: its n blocks.
        locations: what `locate` says of it, where the caller knows already.

    Returns:
        n pairs of (start, end), in characters of `document.source`; None for blocks that have no one place there.
    """
    if document.places is not None:
        return _lines_of(document.places, blocks)
    locations = locations or locate(document)
    count = len(blocks)
    if locations is None or not count:
        return [None] * count
    parents: list[int] = document.parents.tolist()
    subtree: list[int] = document.ends.tolist()
    starts, ends = locations.starts.tolist(), locations.ends.tolist()
    tag_ends, fit = locations.tag_ends.tolist(), (locations.closed & (locations.ends >= 0)).tolist()
    owners: list[int] = blocks.owners.tolist()
    firsts: list[int] = blocks.starts.tolist()
    lasts: list[int] = (blocks.ends - 1).tolist()
    members = np.flatnonzero(blocks.of_node >= 0)
    lost = np.bincount(blocks.of_node[members], weights=locations.starts[members] < 0, minlength=count).tolist()
    spans = np.full((count, 2), -1, dtype=np.int64)
    rows = np.zeros((count, 2), dtype=np.int64)
    for block in range(count):
        if lost[block]:
            continue
        floor = lasts[block - 1] if block else 0
        ceiling = firsts[block + 1] if block + 1 < count else len(document)
        edges = []
        for node in (firsts[block], lasts[block]):
            top, above = node, -1 if node == owners[block] else parents[node]
            while above > floor and above != owners[block] and subtree[above] <= ceiling and fit[above]:
                top, above = above, parents[above]
            edges.append(top)
        first, last = edges
        whole = ends[last] >= 0 and subtree[last] <= ceiling
        spans[block] = starts[first], ends[last] if whole else tag_ends[last]
        rows[block] = first, subtree[last] if whole else last + 1
    good = (spans[:, 1] > spans[:, 0]) & _alone(locations.starts, spans, rows)
    return [(start, end) if kept else None for (start, end), kept in zip(spans.tolist(), good.tolist(), strict=True)]


def _lines_of(places: NDArray[np.int64], blocks: Blocks) -> list[tuple[int, int] | None]:
    return [(start, end) if start >= 0 else None for start, end in places[blocks.starts].tolist()]


def _read_tags(document: Document, normal: str) -> tuple[list[int], list[int], list[int], list[int]] | None:
    """Starts and ends of the start tags, then of the end tags, one a node; None if the trees differ."""
    root = turbohtml.parse(normal, source_locations=True, allow_declarative_shadow_roots=False)
    starts: list[int] = []
    tag_ends: list[int] = []
    end_tags: list[int] = []
    closes: list[int] = []
    rows = zip_longest if document.whole else zip  # further nodes have no rows
    for tag, text, node in rows(document.tags, document.texts, _preorder(root)):
        start = tag_end = end_tag = close = -1
        if isinstance(node, turbohtml.Element):
            if node.tag != tag:
                return None
            location = node.source_location
            if location is not None:
                start, tag_end = location.start_tag.start_offset, location.start_tag.end_offset
                if location.end_tag is not None:
                    end_tag, close = location.end_tag.start_offset, location.end_tag.end_offset
        elif isinstance(node, turbohtml.Text):
            if tag != TEXT or node.data != text:
                return None
        elif node is None or tag != DOCUMENT:
            return None
        starts.append(start)
        tag_ends.append(tag_end)
        end_tags.append(end_tag)
        closes.append(close)
    return starts, tag_ends, end_tags, closes


def _preorder(root: turbohtml.Document) -> Iterator[turbohtml.Node]:
    """The nodes that a Document has rows for, in their order."""
    stack: list[turbohtml.Node] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, turbohtml.Text):
            yield node
        elif isinstance(node, turbohtml.Element | turbohtml.Document):
            yield node
            stack.extend(reversed(node.children))
        elif isinstance(node, turbohtml.DocumentFragment):
            stack.extend(reversed(node.children))


def _find_texts(document: Document, normal: str, starts: list[int], tag_ends: list[int], closes: list[int]) -> None:
    """Write the places of the texts into `starts` and, as the ends of elements are, into `closes`."""
    finder = _Finder(normal, {start for start in starts if start >= 0})
    tags, parents = document.tags, document.parents.tolist()
    subtree: list[int] = document.ends.tolist()
    open_elements: list[tuple[int, int]] = []  # (end of the subtree, end of the end tag)
    for node, tag in enumerate(tags):
        while open_elements and node >= open_elements[-1][0]:
            finder.move(max(finder.cursor, open_elements.pop()[1]))
        if tag != TEXT:
            if tag_ends[node] >= 0:
                finder.move(tag_ends[node])
                if closes[node] >= 0:
                    open_elements.append((subtree[node], closes[node]))
        elif tags[parents[node]] not in SKIPPED and (text := document.texts[node].strip(_WHITE)):
            place = finder.find(text, _MODES.get(tags[parents[node]], _TOKEN))
            if place is not None:
                starts[node], closes[node] = place


class _Finder:
    """Reads the source between tags.

    Attributes:
        cursor: how far the source is read.
    """

    def __init__(self, source: str, tag_starts: set[int]) -> None:
        self.source = source
        self.cursor = 0
        self._tag_starts = tag_starts
        self._lost = False
        self._patience = _PATIENCE * len(source) + 1000

    def move(self, cursor: int) -> None:
        """Go on behind a tag."""
        self.cursor = cursor
        self._lost = False

    def find(self, text: str, token: re.Pattern[str]) -> tuple[int, int] | None:
        """Read a text, which neither begins nor ends with white space.

        After a text that is not where the tree has it nothing is found up to the next tag.
        """
        if self._lost:
            return None
        blank = _BLANK.match(self.source, self.cursor)
        start = blank.end() if blank else self.cursor
        end = start + len(text)
        if self.source.startswith(text, start) and (end == len(self.source) or self.source[end] in _TEXT_ENDS):
            self.cursor = end
            return start, end
        place = self._spell(text, token) if self._patience > 0 else None
        self._lost = place is None
        return place

    def _spell(self, text: str, token: re.Pattern[str]) -> tuple[int, int] | None:
        start = -1
        done = 0  # of the text
        here = self.cursor
        while (found := token.match(self.source, here)) is not None:
            kind, piece = found.lastgroup, found.group()
            self._patience -= len(piece)
            if kind == "skip":
                if here in self._tag_starts:
                    return None
                piece = ""
            elif kind == "reference":
                piece = turbohtml.unescape(piece) or chr(int(piece.strip("&#;xX"), 16 if piece[2] in "xX" else 10))
            elif piece == "\0":
                piece = "\ufffd" if text.startswith("\ufffd", done) else ""
            offset = here
            if not done:
                bare = piece.lstrip(_WHITE)
                offset += 0 if kind == "reference" else len(piece) - len(bare)
                piece = bare
            if not piece:
                here = found.end()
                if not done:
                    self.cursor = here
                continue
            if start < 0:
                start = offset
            if text.startswith(piece, done):
                done += len(piece)
                here = found.end()
            elif kind == "text" and piece.startswith(rest := text[done:]) and piece[len(rest)] in _WHITE:
                done = len(text)
                here = offset + len(rest)
            else:
                return None
            if done == len(text):
                self.cursor = here
                return start, here
        return None


def _whole(document: Document, starts: list[int], tag_ends: list[int], closes: list[int]) -> NDArray[np.int64]:
    """Ends of nodes, -1 for those whose piece of the source does not hold exactly what they hold in the tree."""
    parents = document.parents.tolist()
    reach = [max(pair) for pair in zip(tag_ends, closes, strict=True)]
    ends = np.full(len(starts), -1, dtype=np.int64)
    for node in range(len(starts) - 1, 0, -1):
        if starts[node] >= 0:
            ends[node] = reach[node] if closes[node] in {-1, reach[node]} else -1
        reach[parents[node]] = max(reach[parents[node]], reach[node])
    places = np.array(starts, dtype=np.int64)
    rows = np.stack([np.arange(len(starts)), document.ends], axis=1)
    ends[~_alone(places, np.stack([places, ends], axis=1), rows)] = -1
    return ends


def _alone(starts: NDArray[np.int64], spans: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether exactly the located nodes of a range of rows begin in a span of the source, for each of both."""
    located = starts >= 0
    ordered = np.sort(starts[located])
    inside = np.searchsorted(ordered, spans[:, 1]) - np.searchsorted(ordered, spans[:, 0])
    before = np.concatenate([[0], np.cumsum(located)])
    far = np.iinfo(np.int64).max
    pairs = rows.ravel()
    # A row more, so that a range may end behind the last.
    low = np.minimum.reduceat(np.append(np.where(located, starts, far), far), pairs)[::2]
    high = np.maximum.reduceat(np.append(starts, -1), pairs)[::2]
    own = before[rows[:, 1]] - before[rows[:, 0]]
    return np.asarray((inside == own) & (low >= spans[:, 0]) & (high < spans[:, 1]))


def _line_feeds(source: str) -> NDArray[np.int64]:
    """Places of the line feeds that were CR LF, in the normalised source."""
    return np.array(
        [found.start() - number for number, found in enumerate(re.finditer("\r\n", source))], dtype=np.int64
    )


def _as_given(places: NDArray[np.int64], line_feeds: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where(places < 0, -1, places + np.searchsorted(line_feeds, places))
