"""Labelled pages become training examples: features, targets and what scoring needs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.blocks import segment
from declutter.corpus.align import NOT_ANNOTATED, align, set_label
from declutter.corpus.base import FormKinds, LabelledRanges, MarkedElements, Segments, WholeText
from declutter.corpus.dedupe import domain
from declutter.document import read_document
from declutter.errors import CorpusError, DeclutterError
from declutter.features import extract
from declutter.labels import Label
from declutter.model.context import Layout, layout_of
from declutter.training.augment import grafted as with_grafts
from declutter.words import split_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.corpus.align import Targets
    from declutter.corpus.base import CorpusPage, Gold
    from declutter.document import Document
    from declutter.features.view import PageView
    from declutter.training.augment import Graft

__all__ = [
    "Example",
    "assembled",
    "example_of",
    "graft_example",
    "labelled",
    "make_example",
    "read_marked",
    "without_annotation",
]


# Kinds that boxes which are set in teach; with those of teasers and advertisements news sites became one (docs/experiments.md).
_TAUGHT: Final = frozenset((Label.DONATION, Label.SIGNUP, Label.PAYMENT, Label.SOCIAL, Label.CONSENT))


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
        read: every block has a label that somebody gave it by reading.
        grafted: boxes of other pages are set in; there to be trained on alone.
        prints: uint64, n, the same for blocks of the same words; empty where the page is not there to be scored.
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
    read: bool
    grafted: bool
    prints: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))

    def __len__(self) -> int:
        return len(self.content)


def _complete(gold: Gold | None) -> bool:
    return isinstance(gold, LabelledRanges) and gold.complete


def make_example(page: CorpusPage) -> Example:
    """Read, segment, measure and align one page.

    Raises:
        CorpusError: the gold does not fit the page, or it cannot be read.
    """
    return example_of(page, *read_marked(page))


def read_marked(page: CorpusPage) -> tuple[Document, dict[int, str] | None]:
    """A page without the labels that are marked in it, and those by node; None where its gold is of another kind.

    Raises:
        CorpusError: it cannot be read as a page.
    """
    try:
        document = read_document(page.html)
    except DeclutterError as error:
        raise CorpusError(f"{page.corpus}/{page.name}: {error}; take it out of the corpus, or mend it") from None
    return document, document.take_attribute(page.gold.attribute) if isinstance(page.gold, MarkedElements) else None


def graft_example(page: CorpusPage, grafts: Sequence[Graft], seed: int) -> Example | None:
    """The example of a page with boxes set in (see augment.grafted); None where it has no room for any."""
    made = with_grafts(page, grafts, seed)
    return example_of(without_annotation(page), made[0], grafted=made[1]) if made else None


def without_annotation(page: CorpusPage) -> CorpusPage:
    """The page that boxes are set into: the ranges of labels are of a source, and it has none."""
    return replace(page, annotation=None, reading=None)


def example_of(
    page: CorpusPage,
    document: Document,
    marked: dict[int, str] | None = None,
    *,
    grafted: Sequence[str] = (),
) -> Example:
    """The example of a page that is read already.

    Args:
        page: the page with its gold.
        document: its document.
        marked: for MarkedElements, the labels by node.
        grafted: of a page that boxes were set into, the labels of the nodes that are of them, "" for all others; such a page is
            not there to be scored.

    Raises:
        CorpusError: the gold does not fit the page.
    """
    blocks = segment(document)
    features, view = extract(document, blocks)
    targets = labelled(page, document, blocks, view.headline, marked, grafted)
    return assembled(page, blocks.texts, features, view, targets, scored=not grafted)


def labelled(
    page: CorpusPage,
    document: Document,
    blocks: Blocks,
    headline: int,
    marked: dict[int, str] | None,
    grafted: Sequence[str],
) -> Targets:
    """The targets of a page's blocks; the headline (row, -1 for none) is content, what is grafted has its own labels."""
    set_in = np.array([bool(grafted[start]) for start in blocks.starts.tolist()]) if grafted else None
    targets = align(page, document, blocks, marked, set_in)
    if headline >= 0 and not isinstance(page.gold, FormKinds | None):
        # The gold of several corpora leaves headlines out; for us they are content (see the contract in design).
        targets.content[headline] = 1
        targets.kind[headline] = NOT_ANNOTATED
    if grafted:
        for row, start in enumerate(blocks.starts.tolist()):
            if grafted[start]:
                label = Label(grafted[start])
                set_label(targets, row, label)
                if label not in _TAUGHT:
                    targets.kind[row] = NOT_ANNOTATED
    return targets


def assembled(
    page: CorpusPage,
    texts: list[str],
    features: NDArray[np.float32],
    view: PageView,
    targets: Targets,
    *,
    scored: bool = True,
) -> Example:
    """An example of its parts.

    Args:
        page: the page with its gold.
        texts: of its n blocks.
        features: float32, n x features.
        view: what they were computed from.
        targets: what is known of the blocks.
        scored: False for a page that is only there to be trained on.
    """
    gold = page.gold
    words = [split_words(text) for text in texts]
    example = Example(
        page.corpus,
        page.name,
        page.page_type,
        page.sha256,
        domain(page),
        np.ascontiguousarray(features),
        layout_of(view),
        targets.content,
        targets.kind,
        np.array([len(block) for block in words], dtype=np.float64),
        [],
        None,
        None,
        None,
        view.headline,
        isinstance(page.annotation or gold, MarkedElements) or _complete(page.annotation or gold),
        grafted=not scored,
    )
    if not scored:
        return example
    example.prints = np.array([_print(block) for block in words], dtype=np.uint64)
    if isinstance(gold, WholeText | MarkedElements) or _complete(gold):
        vocabulary: dict[str, int] = {}
        if isinstance(gold, WholeText):
            wanted = split_words(gold.text)
        else:
            wanted = [word for row in np.flatnonzero(targets.content == 1) for word in words[row]]
        numbers = [vocabulary.setdefault(word, len(vocabulary)) for word in wanted]
        example.gold_counts = np.bincount(numbers, minlength=1) if numbers else np.zeros(0, dtype=np.int64)
        example.block_words = [
            np.array([vocabulary.get(word, -1) for word in block], dtype=np.int32) for block in words
        ]
    elif isinstance(gold, Segments):
        example.texts = texts
        example.segments = (gold.with_, gold.without)
    return example


def _print(words: Sequence[str]) -> int:
    text = "\0".join(words).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")
