"""The gold of a page as one text, so that what any tool gives can be held against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from declutter.blocks import segment
from declutter.corpus.base import LabelledRanges, MarkedElements, WholeText
from declutter.features.headline import find_headline
from declutter.features.view import PageView
from declutter.metadata.language import page_language, primary_tag
from declutter.training.examples import labelled, read_marked

if TYPE_CHECKING:
    from declutter.corpus.base import CorpusPage

__all__ = ["FILLER", "UNKNOWN", "gold_text", "language_of"]

UNKNOWN: Final = "not told"
FILLER: Final = "filler text"
"""What stands for a language where a page does not say, or says nothing."""


def gold_text(page: CorpusPage) -> str | None:
    """The whole main text of a page; None where its gold is only a part of it.

    Where the gold is labels of blocks, it is the blocks that are content, a line each; the main headline is one of them.

    Args:
        page: the page with its gold.

    Raises:
        CorpusError: the labels do not fit the page.
    """
    gold = page.gold
    if isinstance(gold, WholeText):
        return gold.text
    if not isinstance(gold, MarkedElements) and not (isinstance(gold, LabelledRanges) and gold.complete):
        return None
    document, marked = read_marked(page)
    blocks = segment(document)
    targets = labelled(page, document, blocks, find_headline(PageView(document, blocks)), marked, ())
    return "\n".join(text for text, content in zip(blocks.texts, targets.content, strict=True) if content == 1)


def language_of(page: CorpusPage) -> str:
    """The language of a page's gold as a primary tag; "not told" where it is too short to say, "filler text" for Lorem ipsum."""
    claimed = primary_tag(page.language) if page.language else None
    text = gold_text(page)
    if text is None:
        text = " ".join(getattr(page.gold, "with_", ()))
    if "lorem ipsum" in text.lower():
        return FILLER  # no Latin: test pages of tools are full of it
    return claimed or page_language((), text) or UNKNOWN
