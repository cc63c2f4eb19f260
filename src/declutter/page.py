"""The result of a prediction: a Page of Blocks, which are views made when asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from declutter.boxes import BoxRows, find_boxes
from declutter.labels import Label
from declutter.paths import Paths
from declutter.render import content_html, content_markdown, content_text
from declutter.spans import block_spans, locate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document
    from declutter.spans import Locations

__all__ = ["Block", "Box", "Page"]

_LABELS: Final = tuple(Label)
_ORIGINS: Final[tuple[Literal["text", "control", "alt"], ...]] = ("text", "control", "alt")


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a page, as it was judged.

    Attributes:
        text: white space collapsed; a single `<br>` is a newline; `<pre>` as it stands.
        label: what it is.
        score: probability of the label, 0 to 1.
        content_score: calibrated probability that it is content, 0 to 1.
        probabilities: all labels' probabilities; they sum to 1, and that of content is `content_score`.
        origin: "text", "control" (buttons, options) or "alt" (image descriptions, icon labels).
        hidden: no visitor sees it at first.
        path: CSS path of the element that holds it.
        decided_by: "rule" where `keep` or `strip` decided, else "model".
    """

    text: str
    label: Label
    score: float
    content_score: float
    probabilities: dict[Label, float] = field(hash=False)
    origin: Literal["text", "control", "alt"]
    hidden: bool
    path: str
    decided_by: Literal["model", "rule"]
    _page: Page = field(repr=False, compare=False)
    _row: int = field(repr=False, compare=False)

    @property
    def span(self) -> tuple[int, int] | None:
        """Its first and one past its last character in the decoded source as given; None where that is not known.

        Costs a second parse of the page, once.
        """
        return self._page.spans[self._row]


@dataclass(frozen=True, slots=True)
class Box:
    """Blocks of one kind that belong together: a heading, a text, controls and fine print.

    Attributes:
        label: what it is, never content. Blocks inside may have labels of their own: a link to log in within a menu, the
            amounts in a donation box.
        blocks: its blocks, in document order.
        score: mean probability of the label over its blocks, 0 to 1.
        path: CSS path of the smallest element that holds all of it.
    """

    label: Label
    blocks: tuple[Block, ...]
    score: float
    path: str
    _page: Page = field(repr=False, compare=False)
    _node: int = field(repr=False, compare=False)

    @property
    def span(self) -> tuple[int, int] | None:
        """Where it begins and ends in the decoded source as given, in characters; None where that is not known.

        That of its element where that holds nothing else, else from its first block to its last.
        """
        return self._page.box_span(self._node, self.blocks)


class Page:
    """A page whose blocks are labelled. Made by `predict`; it holds plain data and pickles.

    Args:
        document: the parsed page.
        table: its n blocks as columns.
        probabilities: float64, n x labels.
        labels: int64, n, columns of `probabilities`.
        ruled: bool, n, a rule of the caller decided.
        headline: row of the main headline, -1 for none.
        threshold: the content_score from which its blocks stay.
        confidence: expected word F1 of the content, 0 to 1; 0 for a page without text.
        title: text of the `<title>` element, or "".
        url: as given to `predict`.
    """

    def __init__(
        self,
        document: Document,
        table: Blocks,
        probabilities: NDArray[np.float64],
        labels: NDArray[np.int64],
        ruled: NDArray[np.bool_],
        headline: int,
        threshold: float,
        confidence: float,
        title: str,
        url: str | None,
    ) -> None:
        self._document = document
        self._table = table
        self._probabilities = probabilities
        self._labels = labels
        self._ruled = ruled
        self._headline = headline
        self.threshold = threshold
        self.confidence = confidence
        self.title = title
        self.url = url

    def __repr__(self) -> str:
        return f"<Page {self.title[:40]!r}: {len(self._labels)} blocks, {int((self._labels == 0).sum())} content>"

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks in document order."""
        return tuple(self._block(row) for row in range(len(self._labels)))

    @cached_property
    def content(self) -> tuple[Block, ...]:
        """The blocks that stay."""
        return tuple(block for block in self.blocks if block.label is Label.CONTENT)

    @cached_property
    def chrome(self) -> tuple[Block, ...]:
        """The blocks that go."""
        return tuple(block for block in self.blocks if block.label is not Label.CONTENT)

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """What goes, by the boxes that it comes in, in document order; each block of `chrome` is in one."""
        found = []
        for label, node, rows in self._box_rows:
            blocks = tuple(self.blocks[row] for row in rows.tolist())
            score = float(self._probabilities[rows, label].mean())
            found.append(Box(_LABELS[label], blocks, score, self._paths.of(node), self, node))
        return tuple(found)

    @cached_property
    def _box_rows(self) -> list[BoxRows]:
        return find_boxes(self._document, self._table.owners, self._labels)

    @cached_property
    def _locations(self) -> Locations | None:
        return locate(self._document)

    @cached_property
    def spans(self) -> list[tuple[int, int] | None]:
        """The span of each block (see Block.span)."""
        return block_spans(self._document, self._table, self._locations)

    def box_span(self, node: int, blocks: Sequence[Block]) -> tuple[int, int] | None:
        """The span of a box (see Box.span): of its element, by node, or of its blocks."""
        end = int(self._document.ends[node])
        inside = int(((self._table.owners >= node) & (self._table.owners < end)).sum())
        locations = self._locations
        if locations is not None and inside == len(blocks) and min(locations.starts[node], locations.ends[node]) >= 0:
            return int(locations.starts[node]), int(locations.ends[node])
        spans = [span for block in blocks if (span := block.span) is not None]
        return (min(start for start, _ in spans), max(end for _, end in spans)) if spans else None

    @property
    def headline(self) -> Block | None:
        """The main headline, where the page has one."""
        return self.blocks[self._headline] if self._headline >= 0 else None

    @cached_property
    def _paths(self) -> Paths:
        return Paths(self._document)

    def _block(self, row: int) -> Block:
        probabilities = self._probabilities[row]
        label = int(self._labels[row])
        return Block(
            text=self._table.texts[row],
            label=_LABELS[label],
            score=float(probabilities[label]),
            content_score=float(probabilities[0]),
            probabilities={name: float(value) for name, value in zip(_LABELS, probabilities, strict=True)},
            origin=_ORIGINS[int(self._table.origins[row])],
            hidden=bool(self._table.hidden[row]),
            path=self._paths.of(int(self._table.owners[row])),
            decided_by="rule" if self._ruled[row] else "model",
            _page=self,
            _row=row,
        )

    def _kept(self, headline: bool) -> NDArray[np.bool_]:
        keep = np.asarray(self._labels == 0)
        if not headline and self._headline >= 0:
            keep[self._headline] = False
        return keep

    def text(self, headline: bool = True) -> str:
        """The content as plain text; `headline=False` leaves out the headline block alone."""
        return content_text(self._document, self._table, self._kept(headline))

    def markdown(self, headline: bool = True) -> str:
        """The content as Markdown."""
        return content_markdown(self._document, self._table, self._kept(headline))

    def html(self, headline: bool = True) -> str:
        """The content as HTML: the kept part of the tree, inert (no script, handler, form or frame)."""
        return content_html(self._document, self._table, self._kept(headline))

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data, ready for JSON."""
        return {
            "url": self.url,
            "title": self.title,
            "headline": self._table.texts[self._headline] if self._headline >= 0 else None,
            "confidence": round(self.confidence, 4),
            "threshold": round(self.threshold, 4),
            "text": self.text(),
            "blocks": self._plain_blocks(),
            "boxes": [{"label": box.label.value, "score": round(box.score, 4), "path": box.path} for box in self.boxes],
        }

    def _plain_blocks(self) -> list[dict[str, Any]]:
        """The blocks as plain data, each with the number of its box, None for content."""
        numbers = {row: number for number, box in enumerate(self._box_rows) for row in box.rows.tolist()}
        return [_plain(block) | {"box": numbers.get(row)} for row, block in enumerate(self.blocks)]


def _plain(block: Block) -> dict[str, Any]:
    return {
        "text": block.text,
        "label": block.label.value,
        "score": round(block.score, 4),
        "content_score": round(block.content_score, 4),
        "probabilities": {label.value: round(value, 4) for label, value in block.probabilities.items()},
        "origin": block.origin,
        "hidden": block.hidden,
        "path": block.path,
        "decided_by": block.decided_by,
    }
