"""Renderings of the content: text, Markdown, HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from declutter.render.html import content_html, content_markdown
from declutter.render.text import content_text

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["RENDERERS", "content_html", "content_markdown", "content_text"]

RENDERERS: Final[dict[str, Callable[[Document, Blocks, NDArray[np.bool_]], str]]] = {
    "text": content_text,
    "markdown": content_markdown,
    "html": content_html,
}
"""By the name of the output: from a document, its blocks and which of them stay."""
