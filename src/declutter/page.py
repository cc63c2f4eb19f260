"""The result of a prediction: a Page of Blocks, which are views made when asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from declutter.labels import Label
from declutter.paths import Paths
from declutter.render import content_html, content_markdown, content_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["Block", "Page"]

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
    """

    text: str
    label: Label
    score: float
    content_score: float
    probabilities: dict[Label, float] = field(hash=False)
    origin: Literal["text", "control", "alt"]
    hidden: bool
    path: str


class Page:
    """A page whose blocks are labelled. Made by `predict`; it holds plain data and pickles.

    Args:
        document: the parsed page.
        table: its n blocks as columns.
        probabilities: float64, n x labels.
        labels: int64, n, columns of `probabilities`.
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
            "blocks": [_plain(block) for block in self.blocks],
        }


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
    }
