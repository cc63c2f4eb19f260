"""How large a page may be and how long it may take: what goes beyond is an error, or is cut off and said to be."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from declutter.document.markup import read_page
from declutter.document.truncation import end_within, has_own_tags
from declutter.errors import InputError, LimitExceeded, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from declutter.blocks import Blocks
    from declutter.document import Document, Html, Markup
    from declutter.page import Page

__all__ = ["DEFAULT_LIMITS", "Gauge", "Limits"]

# Nodes and characters are numbered in 32 bits.
_MOST: Final = 2**31 - 1
# Enough to tell whether a page that is too large is a page at all, and in what encoding.
_HEAD: Final = 65536


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a page may be, and how long it may take. They hold for each page of `predict_many`.

    Attributes:
        max_bytes: bytes of the page as given, unpacked; of a str in UTF-8; of a soup, of its texts, names and values.
        max_blocks: blocks of text.
        max_seconds: seconds by the clock, up to 2**31 - 1, None for no limit. Looked at between the stages, so that a page may take
            longer by the time of one of them: some seconds for 100,000 blocks.
        on_exceed: "raise" a LimitExceeded, or "truncate": read what lies within and say in `page.truncated` what does
            not. Over `max_seconds` it is raised in any case: a cut by the clock would not be the same twice.

    Raises:
        InputError: a limit is not a positive number, or on_exceed is neither.
    """

    max_bytes: int = 64_000_000
    max_blocks: int = 1_000_000
    max_seconds: float | None = None
    on_exceed: Literal["raise", "truncate"] = "raise"

    def __post_init__(self) -> None:
        for name in ("max_bytes", "max_blocks"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _MOST:
                raise InputError(f"{name} is {shown(value)}: give a whole number from 1 to {_MOST:,}")
        seconds = self.max_seconds
        if seconds is not None and (
            not isinstance(seconds, int | float) or isinstance(seconds, bool) or not 0 < seconds <= _MOST
        ):
            raise InputError(
                f"max_seconds is {shown(seconds)}: give a number above 0, up to {_MOST:,}, or None for no limit"
            )
        if self.on_exceed not in ("raise", "truncate"):
            raise InputError(f"on_exceed {shown(self.on_exceed)} is not known: give 'raise' or 'truncate'")


DEFAULT_LIMITS: Final = Limits()


class Gauge:
    """Holds one page against its limits, stage by stage.

    Args:
        limits: the limits.
        within: makes the page of what lies within them, for the error.
    """

    def __init__(self, limits: Limits, within: Callable[[], Page]) -> None:
        self._limits = limits
        self._within = within
        self._cuts: list[str] = []
        self._end: float | None = None

    @property
    def truncated(self) -> str | None:
        """What was left out and by which limit, None for a whole page."""
        return "; ".join(self._cuts) or None

    def read(self, html: Html, encoding: str | None, markup: Markup) -> Document:
        """Parse a page, or what of it lies within max_bytes. The clock starts here: to load a model takes no page's time.

        Raises:
            InputError: as read_page.
            LimitExceeded: it is too large, or parsing took too long.
        """
        limit, seconds = self._limits.max_bytes, self._limits.max_seconds
        self._end = None if seconds is None else monotonic() + seconds
        if isinstance(html, bytearray | memoryview):
            html = bytes(html)
        judged = False
        if isinstance(html, bytes | str) and (size := _size(html, limit)) > limit:
            # What is no page is not a large page; a piece of a page may look like none.
            used = read_page(html[:_HEAD], encoding=encoding, markup=markup).encoding or "utf-8"
            judged = True
            edge = "<" if markup == "html" else "\n"
            if isinstance(html, str):
                html = self._cut_text(html, size, edge)
            else:
                html = self._cut_bytes(html, used, edge)
                encoding = used if has_own_tags(used) else encoding
        document = read_page(html, encoding=encoding, markup=markup, judged=judged)
        if not isinstance(html, bytes | str):
            document = self._cut_soup(document)
        self.clock("parsing")
        return document

    def cut(self, document: Document, blocks: Blocks) -> tuple[Document, Blocks]:
        """A page and its blocks, or what of them lies within max_blocks.

        Raises:
            LimitExceeded: there are too many.
        """
        limit, count = self._limits.max_blocks, len(blocks)
        if count > limit:
            self._exceeded("blocks", count, count - limit, limit)
            nodes = int(blocks.ends[:limit].max())
            # Of text and Markdown the lines are the output; those of further blocks are none of it.
            characters = None if document.places is None else int(document.places[blocks.starts[:limit], 1].max())
            document, blocks = document.head(nodes, characters), blocks.head(limit, nodes)
        self.clock("segmentation")
        return document, blocks

    def clock(self, stage: str) -> None:
        """Look at the clock after a stage.

        Raises:
            LimitExceeded: max_seconds are over.
        """
        if self._end is not None and monotonic() > self._end:
            raise LimitExceeded(
                f"after {stage} this page had taken more than max_seconds={self._limits.max_seconds:g}: "
                "allow more seconds, or less of a page (max_bytes, max_blocks)"
            )

    def _cut_bytes(self, data: bytes, encoding: str, edge: str) -> bytes:
        limit = self._limits.max_bytes
        end = end_within(data, limit, encoding, edge)
        self._exceeded("bytes", len(data), len(data) - end, limit)
        return data[:end]

    def _cut_text(self, text: str, size: int, edge: str) -> str:
        limit = self._limits.max_bytes
        # A character more, so that the limit is not within the last.
        data = text[: limit + 1].encode("utf-8", "surrogatepass")
        end = end_within(data, limit, "utf-8", edge)
        self._exceeded("bytes", size, size - end, limit)
        return data[:end].decode("utf-8", "surrogatepass")

    def _cut_soup(self, document: Document) -> Document:
        limit = self._limits.max_bytes
        sizes = np.cumsum(np.fromiter(_sizes(document), np.int64, len(document)))
        size = int(sizes[-1])
        if size <= limit:
            return document
        rows = max(1, int(np.searchsorted(sizes, limit, side="right")))
        self._exceeded("bytes", size, size - int(sizes[rows - 1]), limit)
        return document.head(rows)

    def _exceeded(self, what: str, size: int, left_out: int, limit: int) -> None:
        if self._limits.on_exceed == "raise":
            raise LimitExceeded(
                f"this page has {size:,} {what}, more than max_{what}={limit:,}: raise max_{what} if it is worth the "
                'time and memory, or let it be cut (on_exceed="truncate")',
                self._within,
            )
        self._cuts.append(f"max_{what}={limit:,}: the last {left_out:,} of {size:,} {what} were left out")


def _size(html: bytes | str, limit: int) -> int:
    """Bytes of a page, in UTF-8 where it is a str; of one that surely is within the limit, not more than they are."""
    if isinstance(html, bytes) or html.isascii() or len(html) * 4 <= limit:
        return len(html)
    return len(html.encode("utf-8", "surrogatepass"))


def _sizes(document: Document) -> list[int]:
    """Bytes of each node in UTF-8: its text, or its name and those of its attributes with their values."""
    return [
        len(text.encode())
        if text
        else len(tag) + sum(len(f"{name}{value or ''}".encode("utf-8", "replace")) for name, value in pairs)
        for tag, text, pairs in zip(document.tags, document.texts, document.attributes, strict=True)
    ]
