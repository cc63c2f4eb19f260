"""What a page's document less its chrome has to hold, counted: nothing added, the content there, the chrome gone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from declutter.blocks import Origin, segment
from declutter.document import read_document
from declutter.document.encoding import cut_bytes

if TYPE_CHECKING:
    from declutter.blocks import Blocks
    from declutter.document import Document
    from declutter.page import Page

__all__ = ["Cut", "check_cut"]


@dataclass(slots=True)
class Cut:
    """Counts of one page, or of several added up.

    Attributes:
        pages: how many.
        added: pages whose document is not the source with some of it taken out, or whose bytes are not that of its bytes.
        content: blocks that stay.
        lost: of them, those whose words are not there, in order, when the document is read again.
        joined: of the others, those that are no block of their own there.
        alone: visible blocks of text that go, and stood alone in their element.
        left: of them, those that are there all the same.
    """

    pages: int = 0
    added: int = 0
    content: int = 0
    lost: int = 0
    joined: int = 0
    alone: int = 0
    left: int = 0

    def __add__(self, other: Cut) -> Cut:
        return Cut(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(Cut)))


def check_cut(page: Page, data: bytes) -> Cut:
    """Cut a page, read what is left again, and count.

    Args:
        page: the page as labelled.
        data: the bytes that it was read from.
    """
    document, table = page._document, page._table  # noqa: SLF001 - the columns behind the blocks
    html = page.html("document")
    again = segment(read_document(html))
    content = [block.text for block in page.content]
    lost, joined = _missing(content, again.texts)
    alone = {row for row in _alone(document, table) if page.blocks[row].label != "content"}
    others = Counter(text for row, text in enumerate(table.texts) if row not in alone)
    gone = Counter(table.texts[row] for row in alone)
    there = Counter(again.texts)
    left = sum(min(count, max(0, there[text] - others[text])) for text, count in gone.items())
    faithful = _within(html, document.source or "") and _within(cut_bytes(data, page.cuts()), data)
    return Cut(1, int(not faithful), len(content), lost, joined, len(alone), left)


def _within(part: str | bytes, whole: str | bytes) -> bool:
    """Whether a text or bytes are others with some of them taken out."""
    rest = iter(whole)
    return all(character in rest for character in part)


def _missing(wanted: list[str], texts: list[str]) -> tuple[int, int]:
    """How many of the texts are not among others in that order: by their words, and of the rest as texts of their own."""
    whole = " ".join(" ".join(text.split()) for text in texts)
    lost = joined = done = at = 0
    for text in wanted:
        words = " ".join(text.split())
        place = whole.find(words, done)
        if place < 0:
            lost += 1
            continue
        done = place + len(words)
        try:
            at = texts.index(text, at) + 1
        except ValueError:
            joined += 1
    return lost, joined


def _alone(document: Document, table: Blocks) -> list[int]:
    """The visible blocks of text whose element holds no other block."""
    first = table.starts.searchsorted(table.owners)
    last = table.starts.searchsorted(document.ends[table.owners])
    text = (table.origins == Origin.TEXT) & ~table.hidden & (last - first == 1)
    return [int(row) for row in text.nonzero()[0]]
