"""Renderings: the content as text, Markdown and HTML, the whole page as HTML less its chrome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from declutter.render.cut import cut_rows, cut_spans
from declutter.render.html import SCOPES, Scope, as_soup, content_html, content_markdown, page_html
from declutter.render.source import kept_lines
from declutter.render.text import content_text

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["SCOPES", "Scope", "as_soup", "cut_rows", "cut_spans", "page_html", "rendered"]

_RENDERERS: Final[dict[str, Callable[[Document, Blocks, NDArray[np.bool_]], str]]] = {
    "text": content_text,
    "markdown": content_markdown,
    "html": content_html,
}


def rendered(output: str, document: Document, blocks: Blocks, keep: NDArray[np.bool_]) -> str:
    """The kept blocks of a page as text, Markdown or HTML; text as text and Markdown as Markdown are the lines of the source.

    Args:
        output: "text", "markdown" or "html".
        document: the page.
        blocks: its n blocks.
        keep: which of them stay.
    """
    if output == document.markup and document.places is not None:
        return kept_lines(document, blocks, keep)
    return _RENDERERS[output](document, blocks, keep)
