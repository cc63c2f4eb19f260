"""Renderings: the content as text, Markdown and HTML, the whole page as HTML less its chrome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from declutter.render.text import content_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["rendered"]


def rendered(output: str, document: Document, blocks: Blocks, keep: NDArray[np.bool_], url: str | None = None) -> str:
    """The kept blocks of a page as text, Markdown or HTML; text as text and Markdown as Markdown are the lines of the source.

    Args:
        output: "text", "markdown" or "html".
        document: the page.
        blocks: its n blocks.
        keep: which of them stay.
        url: where the page came from: then addresses in Markdown and HTML are absolute.
    """
    if output == document.markup and document.places is not None:
        from declutter.render.source import kept_lines  # noqa: PLC0415 - pages are most often HTML

        return kept_lines(document, blocks, keep)
    if output == "text":
        return content_text(document, blocks, keep)
    if output == "markdown":
        from declutter.render.markdown import content_markdown  # noqa: PLC0415 - costs start-up time

        return content_markdown(document, blocks, keep, url)
    from declutter.render.html import content_html  # noqa: PLC0415 - costs start-up time

    return content_html(document, blocks, keep, url)
