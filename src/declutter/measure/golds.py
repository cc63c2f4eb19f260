"""The gold of a page as one text, so that what any tool gives can be held against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from declutter.blocks import segment
from declutter.corpus.base import LabelledRanges, MarkedElements, WholeText
from declutter.features.headline import find_headline
from declutter.features.view import PageView
from declutter.training.examples import labelled, read_marked

if TYPE_CHECKING:
    from declutter.corpus.base import CorpusPage

__all__ = ["gold_text"]


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
