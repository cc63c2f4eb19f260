"""Texts for golden outputs: pages of ours as plain text and as Markdown, as others would hand them in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.blocks import Origin, segment
from declutter.document import read_document
from declutter.training.flatten import flattened

if TYPE_CHECKING:
    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["as_markdown", "as_text"]

_BEFORE: Final = {**{f"h{level}": f"{'#' * level} " for level in range(1, 7)}, "blockquote": "> ", "li": "- "}


def as_text(html: bytes, seed: int) -> str:
    """A page as plain text, flattened in one of the ways in which texts to train on are (see training.flatten).

    Args:
        html: the page.
        seed: in which way.
    """
    document = read_document(html)
    boxes, _ = flattened(document, segment(document), np.random.default_rng(seed))
    return "\n\n".join("\n".join(line.text for line in box) for box in boxes) + "\n"


def as_markdown(html: bytes) -> str:
    """A page as Markdown, chrome and all; written here, so that a change of our renderer changes no golden page.

    Headings, items, quotations, code and texts that are links as a whole are marked; the rest are paragraphs.
    """
    document = read_document(html)
    blocks = segment(document)
    pieces: list[str] = []
    before = ""
    for row in np.flatnonzero((blocks.origins != Origin.ALT) & ~blocks.hidden).tolist():
        tag, piece = _piece(document, blocks, row)
        if pieces:
            pieces.append("\n" if tag == before == "li" else "\n\n")
        pieces.append(piece)
        before = tag
    return "".join(pieces) + "\n"


def _piece(document: Document, blocks: Blocks, row: int) -> tuple[str, str]:
    """The element that a block stands in, and the block."""
    start = int(blocks.starts[row])
    up = [start]
    while document.parents[up[-1]] > 0:
        up.append(int(document.parents[up[-1]]))
    tags = [document.tags[node] for node in up]
    if "pre" in tags:
        return "pre", f"```\n{blocks.texts[row]}\n```"
    text = " ".join(blocks.texts[row].split())
    link = next((node for node, tag in zip(up, tags, strict=True) if tag == "a"), -1)
    if link >= 0 and int(blocks.ends[row]) <= int(document.ends[link]):
        href = dict(document.attributes[link]).get("href") or ""
        text = f"[{text}](<{href}>)"
    tag = next((tag for tag in tags if tag in _BEFORE), "")
    return tag, _BEFORE.get(tag, "") + text
