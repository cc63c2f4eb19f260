"""The whole page less its chrome: which nodes go, and the source without them.

The largest elements that hold chrome and nothing that stays go whole, with the pictures, frames, forms and scripts in
them; where none can, the texts of the chrome go. All else stays as it is, character by character.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.blocks import PROSE, segment
from declutter.document import DOCUMENT, TEXT, read_document
from declutter.document.spans import locate
from declutter.document.visibility import INLINE, SKIPPED, styles
from declutter.errors import InputError
from declutter.render.cells import CELLS, spans_of
from declutter.render.kept import TEXTLESS, companions
from declutter.render.nesting import Nesting

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document
    from declutter.document.spans import Locations

    Flags = NDArray[np.bool_]

__all__ = ["cut_html", "cut_rows", "cut_spans"]

# They hold the page, or a person would look for the content in them.
_FIXED: Final = frozenset(("html", "head", "body", "frameset", "main"))
_CONTROLS: Final = frozenset(("input", "select", "textarea", "button"))
# Parts of the head that hold text, which nobody sees.
_IN_HEAD: Final = frozenset(("template", "noscript"))
# Elements that bound a block only where they hold text, or only outside of running text.
_MAY_BOUND: Final = frozenset(("select", "datalist", "noscript"))
# Controls that bound a block and say something of themselves: emptied, they would still say it.
_SOLID: Final = frozenset(("input", "select", "datalist"))
_INLINE: Final = INLINE | SKIPPED | {"br", TEXT, DOCUMENT}
# Two line breaks part a block; the tag of an element does at once.
_PARTED: Final = 2


def cut_rows(
    document: Document, blocks: Blocks, keep: Flags, nesting: Nesting | None = None, root: int = 0
) -> list[int]:
    """The nodes that go: elements with all they hold, and texts.

    An element goes whole if it holds chrome and nothing that stays, unless two kept texts would run together without
    its tags: then they stay, empty. A cell of a row that stays is emptied, so that columns stay.

    Args:
        document: the page.
        blocks: its n blocks.
        keep: bool, n, which blocks stay.
        nesting: what can be cut out of the source; None where the tree is cut.
        root: the row that stays whatever it holds, with those before it.

    Returns:
        Rows in document order; none lies in the subtree of another.
    """
    return _Cutter(document, blocks, keep, nesting, root).rows()


class _Cutter:
    def __init__(self, document: Document, blocks: Blocks, keep: Flags, nesting: Nesting | None, root: int) -> None:
        self.tags, self.texts = document.tags, document.texts
        self.parents: list[int] = document.parents.tolist()
        self.ends: list[int] = document.ends.tolist()
        self.nesting = nesting
        known = blocks.of_node >= 0
        kept = known.copy()
        kept[known] = keep[blocks.of_node[known]]
        self.kept: list[bool] = kept.tolist()
        self.alone: list[bool] = (known | [tag in _SOLID for tag in self.tags]).tolist()
        text = np.array([tag == TEXT for tag in self.tags])
        everywhere = np.ones(len(document), dtype=np.bool_)
        located = everywhere if nesting is None else nesting.located
        closed = everywhere if nesting is None else nesting.closed
        gone = known & ~kept
        for row in _head_parts(document):
            gone[row : self.ends[row]] = False
        self.gone_text: list[bool] = (gone & text & located).tolist()
        _, styled = styles(document)
        bounding = np.array([tag not in _INLINE and "-" not in tag for tag in self.tags])
        bounding[list(styled)] = True
        sure = bounding & [tag not in _MAY_BOUND for tag in self.tags]
        for row in (row for row, tag in enumerate(self.tags) if tag == "button"):
            above = self.parents[row]
            sure[row] = bounding[above] and self.tags[above] not in PROSE
        self.start_parts: list[bool] = (sure & located).tolist()
        self.end_parts: list[bool] = (sure & closed).tolist()
        self.parting: list[bool] = _holding(
            document, bounding | [tag == "br" or tag in _SOLID for tag in self.tags]
        ).tolist()
        for row, block in self.companions(document, blocks, keep):
            kept[row], gone[row] = keep[block], not keep[block]
        fixed = np.array([tag in _FIXED for tag in self.tags])
        fixed[: root + 1] = True
        whole = _holding(document, gone) & ~_holding(document, kept | fixed) & ~text
        if nesting is not None:
            whole &= nesting.whole
        self.whole: list[bool] = _by_rows(document, whole.tolist())

    @staticmethod
    def companions(document: Document, blocks: Blocks, keep: Flags) -> list[tuple[int, int]]:
        """What a person sees though it holds no text, each with the block that it goes with."""
        found = [
            (row, block)
            for row, block in companions(document, blocks, keep, TEXTLESS | _CONTROLS).items()
            if document.tags[row] != "input" or (document.attribute(row, "type") or "").lower() != "hidden"
        ]
        named = (document.named("title"), document.named("aria-label"))
        icons = companions(document, blocks, keep, frozenset(("a",)))
        return found + [(row, block) for row, block in icons.items() if any(row in names for names in named)]

    def rows(self) -> list[int]:
        """The walk that decides: what was found before, and what is to come, part the kept texts."""
        tags, ends, parents, whole = self.tags, self.ends, self.parents, self.whole
        ahead, following = self.ahead(), self.following()
        before = [-1] * len(tags)  # by element, what was left last of what it holds
        found: list[int] = []
        leaving: list[int] = []
        parted = _PARTED
        node = 1
        while node < len(tags):
            while leaving and node >= ends[leaving[-1]]:
                parted = _PARTED if self.end_parts[leaving.pop()] else parted
            tag, above = tags[node], parents[node]
            if whole[node] and not (
                (parted + ahead[node] < _PARTED and self.parting[node] and not self.spaced(node))
                or (self.nesting is not None and self.nesting.parts(node, before[above], following[node]))
            ):
                found.append(node)
                node = ends[node]
                continue
            if self.gone_text[node]:
                found.append(node)
            elif tag != TEXT or not self.texts[node].isspace():
                before[above] = node
            if self.kept[node]:
                parted = 0
            if self.start_parts[node] or (tag in _SOLID and whole[node]):
                parted = _PARTED
            elif tag == "br":
                parted += 1
            if ends[node] > node + 1:
                leaving.append(node)
            node += 1
        return found

    def ahead(self) -> list[int]:
        """How far what follows each node and surely stays parts it from the next kept text."""
        tags, ends, parents = self.tags, self.ends, self.parents
        closing = [False] * len(tags)  # an end tag that follows at once parts
        for node in range(1, len(tags)):
            above = parents[node]
            closing[node] = ends[above] == ends[node] and (
                closing[above] or (self.end_parts[above] and not self.whole[above])
            )
        state = [_PARTED] * (len(tags) + 1)  # before each node
        after = [_PARTED] * len(tags)
        for node in range(len(tags) - 1, 0, -1):
            after[node] = _PARTED if closing[node] else state[ends[node]]
            if self.whole[node]:
                state[node] = after[node]
            elif self.kept[node]:
                state[node] = 0
            elif self.start_parts[node]:
                state[node] = _PARTED
            else:
                state[node] = (state[node + 1] if ends[node] > node + 1 else after[node]) + (tags[node] == "br")
        return after

    def following(self) -> list[int]:
        """The next sibling of each node that surely stays, -1 for none."""
        following = [-1] * len(self.tags)
        for node in range(len(self.tags) - 1, 0, -1):
            beside = self.ends[node]
            if beside < len(self.tags) and self.parents[beside] == self.parents[node]:
                goes = self.whole[beside] or self.gone_text[beside]
                blank = self.tags[beside] == TEXT and self.texts[beside].isspace()
                following[node] = following[beside] if goes or blank else beside
        return following

    def spaced(self, node: int) -> bool:
        """Whether an element that says something without text has white space beside it, which parts words as well."""
        if not self.alone[node]:
            return False
        before, after = self.texts[node - 1], "".join(self.texts[self.ends[node] : self.ends[node] + 1])
        return before[-1:].isspace() or after[:1].isspace()


def _holding(document: Document, which: Flags) -> Flags:
    """Which subtrees hold one of these nodes, themselves among them."""
    through = np.concatenate(([0], np.cumsum(which)))
    return np.asarray(through[document.ends] > through[:-1])


def _head_parts(document: Document) -> list[int]:
    parents = document.parents
    return [row for row, tag in enumerate(document.tags) if tag in _IN_HEAD and document.tags[parents[row]] == "head"]


def _by_rows(document: Document, whole: list[bool]) -> list[bool]:
    """A cell goes with its row alone, a row with its group alone where a cell reaches over rows."""
    tags, parents = document.tags, document.parents
    cells = [row for row, tag in enumerate(tags) if tag in CELLS]
    spanned = {int(parents[parents[row]]) for row in cells if spans_of(document, row)[1] > 1}
    for row, tag in enumerate(tags):
        if (tag == "tr" and int(parents[row]) in spanned) or tag in CELLS:
            whole[row] = whole[row] and whole[parents[row]]
    return whole


def cut_spans(document: Document, blocks: Blocks, keep: Flags) -> list[tuple[int, int]]:
    """The places of what goes, in the decoded source.

    Costs a second parse. A byte-order mark stays, and so does a text that the parser moved away from its place. Of a page
    that a limit cut, what was not read goes, and all that stands behind what was.

    Args:
        document: the page.
        blocks: its n blocks.
        keep: bool, n, which blocks stay.

    Returns:
        (start, end) in characters, in order, apart from each other.

    Raises:
        InputError: the page came as a soup, which has no source, or is text or Markdown; or a limit cut it where it is
            not written in the order in which it is read.
    """
    if document.markup != "html":
        raise InputError(
            f"this page is {document.markup}, which has no HTML document to cut: ask for text or Markdown, the lines that stay"
        )
    read = len(document)
    if not document.whole and document.source is not None:
        # What was not read has a place in what was, where the parser moved something.
        document = read_document(document.source, judged=True)
        blocks, count = segment(document), len(keep)
        keep = np.append(keep, np.zeros(len(blocks) - count, dtype=np.bool_))
        # What is in a select or a drawing that was read is no further block.
        for start in blocks.starts[:count].tolist():
            if document.ends[start] > read and (blocks.of_node[start : document.ends[start]] < count).all():
                read = int(document.ends[start])
    locations = locate(document)
    if locations is None:
        raise InputError(
            "this page came as a soup, which has no source to cut: cut the soup itself with declutter.prune(soup),"
            " or give predict the page as bytes or str"
        )
    rows = cut_rows(document, blocks, keep, Nesting(document, blocks, keep, locations))
    cuts = list(zip(locations.starts[rows].tolist(), locations.ends[rows].tolist(), strict=True))
    source = document.source or ""
    if read < len(document) and (end := _end_of_reading(document, blocks, locations, read)) is not None:
        cuts.append((end, len(source)))
    spans: list[tuple[int, int]] = []
    done = 1 if source.startswith("\ufeff") else 0
    for start, end in sorted(cuts):
        if end > done:
            spans.append((max(start, done), end))
            done = end
    return spans


def _end_of_reading(document: Document, blocks: Blocks, locations: Locations, read: int) -> int | None:
    """One past what was read of the source; None where a text that was read is not found, and may stand anywhere.

    Raises:
        InputError: a text that was not read is not found, and may stand before that.
    """
    before = np.arange(len(document)) < read
    lost = (blocks.of_node >= 0) & (locations.starts < 0) & np.array([tag == TEXT for tag in document.tags])
    ends = np.where(document.ends <= read, locations.ends, locations.tag_ends)
    loose = lost & before & ~((document.ends <= read) & (locations.ends >= 0))[document.parents]
    end = None if loose.any() else int(ends[before].max())
    ordered = end is not None and not ((locations.starts >= 0) & (locations.starts < end) & ~before).any()
    if (lost & ~before).any() and not ordered:
        raise InputError(
            "this page was cut by a limit amid what is not written in the order in which it is read, a table mostly:"
            " raise max_blocks, or ask for the content (scope='content')"
        )
    return end


def cut_html(document: Document, blocks: Blocks, keep: Flags) -> str:
    """The decoded source without what goes; as safe as the source.

    Args:
        document: the page.
        blocks: its n blocks.
        keep: bool, n, which blocks stay.

    Raises:
        InputError: as `cut_spans`.
    """
    spans = cut_spans(document, blocks, keep)
    source = document.source or ""
    edges = [0, *(edge for span in spans for edge in span), len(source)]
    return "".join(source[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
