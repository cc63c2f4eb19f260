"""Labelled pages become training examples: features, targets and what scoring needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from declutter.blocks import segment
from declutter.corpus.align import NOT_ANNOTATED, align
from declutter.corpus.base import FormKinds, MarkedElements, Segments, WholeText
from declutter.corpus.dedupe import domain
from declutter.document import read_document
from declutter.features import extract
from declutter.headline import find_headline
from declutter.model.context import Layout, layout_of
from declutter.words import split_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

from declutter.corpus.base import CorpusPage

__all__ = ["Example", "make_example"]


@dataclass(slots=True)
class Example:
    """One page, ready to train on and to score.

    Attributes:
        corpus, name, page_type: as in CorpusPage.
        sha256: hash of the page's bytes.
        domain: registrable domain, the group of its fold.
        features: float32, n x features.
        layout: where the blocks stand to each other.
        content, kind: the targets (see align.Targets).
        words: float64, n, words of each block.
        block_words: per block, numbers of its words in the page's vocabulary of gold words, -1 for others.
        gold_counts: int64, how often the gold holds each word; None where the gold is not whole.
        texts: block texts; None where segments do not need them.
        segments: (with, without) passages; None where the gold is whole.
        headline: row of the headline, -1 for none.
    """

    corpus: str
    name: str
    page_type: str | None
    sha256: str
    domain: str
    features: NDArray[np.float32]
    layout: Layout
    content: NDArray[np.int8]
    kind: NDArray[np.int8]
    words: NDArray[np.float64]
    block_words: list[NDArray[np.int32]]
    gold_counts: NDArray[np.int64] | None
    texts: list[str] | None
    segments: tuple[tuple[str, ...], tuple[str, ...]] | None
    headline: int

    def __len__(self) -> int:
        return len(self.content)


def make_example(page: CorpusPage) -> Example:
    """Read, segment, measure and align one page.

    Raises:
        CorpusError: the gold does not fit the page.
    """
    document = read_document(page.html)
    gold = page.gold
    marked = document.take_attribute(gold.attribute) if isinstance(gold, MarkedElements) else None
    blocks = segment(document)
    features, view = extract(document, blocks)
    targets = align(page, document, blocks, marked)
    headline = find_headline(view)
    if headline >= 0 and not isinstance(gold, FormKinds | None):
        # The gold of several corpora leaves headlines out; for us they are content (see the contract in design).
        targets.content[headline] = 1
        targets.kind[headline] = NOT_ANNOTATED
    words = [split_words(text) for text in blocks.texts]
    gold_counts = None
    block_words: list[NDArray[np.int32]] = []
    if isinstance(gold, WholeText):
        vocabulary: dict[str, int] = {}
        numbers = [vocabulary.setdefault(word, len(vocabulary)) for word in split_words(gold.text)]
        gold_counts = np.bincount(numbers, minlength=1) if numbers else np.zeros(0, dtype=np.int64)
        block_words = [np.array([vocabulary.get(word, -1) for word in block], dtype=np.int32) for block in words]
    return Example(
        page.corpus,
        page.name,
        page.page_type,
        page.sha256,
        domain(page),
        features,
        layout_of(view),
        targets.content,
        targets.kind,
        np.array([len(block) for block in words], dtype=np.float64),
        block_words,
        gold_counts,
        blocks.texts if isinstance(gold, Segments) else None,
        (gold.with_, gold.without) if isinstance(gold, Segments) else None,
        headline,
    )
