"""Labelled ranges of a page's source, and what they say of its blocks.

Ranges belong to the source, not to a segmentation: what a block is today is voted by the words of its nodes that each
range covers. A node without a place in the source (moved or made up by the parser) has a line without one and is known
by its words again.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import Counter, defaultdict, deque
from dataclasses import dataclass
from itertools import groupby, islice
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.corpus.base import LabelledRange, LabelledRanges
from declutter.document import TEXT
from declutter.document.paths import Paths
from declutter.document.spans import block_spans, locate
from declutter.errors import CorpusError
from declutter.words import split_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from declutter.blocks import Blocks
    from declutter.document import Document
    from declutter.document.spans import Locations
    from declutter.labels import Label

__all__ = ["RELABEL", "UntellableError", "carry_over", "ranges_of"]

RELABEL: Final = "label the page anew, or delete the file"
"""What to do about labels that do not fit their page."""

# The vote of a node of symbols alone: less than a word. A power of two, so that sums are exact and ties are ties.
_WORDLESS: Final = 0.125


class UntellableError(CorpusError):
    """Labels that no ranges of the source can tell.

    Args:
        message: names the first of the blocks.
        blocks: the rows of those that need a label, or another.
    """

    def __init__(self, message: str, blocks: Sequence[int]) -> None:
        super().__init__(message)
        self.blocks = tuple(blocks)


def ranges_of(document: Document, blocks: Blocks, labels: Sequence[Label | None], where: str) -> LabelledRanges:
    """The ranges of the source that say what the blocks of a page are.

    Neighbours in the source with one label become one range. The nodes of a block without a span get a line each,
    without a place where they have none.

    Args:
        document: the page.
        blocks: its n blocks.
        labels: n labels, None for blocks that nobody judged.
        where: what to call the page in errors.

    Raises:
        UntellableError: read back by `carry_over`, they would not say the same.
    """
    source = document.source or ""
    locations = locate(document)
    spans = block_spans(document, blocks, locations)
    paths = Paths(document)
    owners: list[int] = blocks.owners.tolist()
    places = [(*span, block) for block, span in enumerate(spans) if span is not None]
    unplaced = []
    for node in _nodes(document, blocks, locations):
        label = labels[node.block]
        if spans[node.block] is None and node.start >= 0:
            places.append((node.start, node.end, node.block))
        elif spans[node.block] is None and label is not None:
            unplaced.append(LabelledRange(-1, -1, node.words, paths.of(owners[node.block]), label))
    ranges = []
    for label, run in groupby(sorted(places), key=lambda place: labels[place[2]]):
        if label is not None:
            items = list(run)
            start, end = items[0][0], items[-1][1]
            words = _fingerprint(source[start:end])
            ranges.append(LabelledRange(start, end, words, paths.of(owners[items[0][2]]), label))
    gold = LabelledRanges(tuple(ranges), tuple(unplaced), document.encoding or "", None not in labels)
    told = carry_over(document, blocks, gold, where)
    if told != list(labels):
        raise _untellable(where, blocks, labels, told)
    return gold


def _untellable(
    where: str, blocks: Blocks, labels: Sequence[Label | None], told: Sequence[Label | None]
) -> UntellableError:
    """What to say of labels that would be read back otherwise: mostly of a block without one that is taken for its like."""
    wrong = [row for row in range(len(blocks)) if labels[row] != told[row]]
    bare = [row for row in wrong if labels[row] is None] or wrong
    mend = "label it too" if labels[bare[0]] is None else "label every block"
    return UntellableError(
        f"{where}: block {bare[0] + 1} of {len(blocks)} ({blocks.texts[bare[0]][:60]!r}) cannot be told from one of the"
        f" same words that has no place in the source: {mend}",
        bare,
    )


def carry_over(document: Document, blocks: Blocks, gold: LabelledRanges, where: str) -> list[Label | None]:
    """What labelled ranges say of today's blocks.

    Each node of a block votes with its words for the range that covers it, or for no label where none does; where a
    range ends within a node, the vote is shared. Most words win; a tie goes to the label rarer on the page.

    Args:
        document: the page.
        blocks: its n blocks, of any segmentation.
        gold: the ranges.
        where: what to call the page in errors.

    Returns:
        n labels; None only where the page is not fully labelled.

    Raises:
        CorpusError: the page was decoded otherwise, a range does not hold its words, or a block of a fully labelled
            page has no label.
    """
    source = document.source or ""
    if document.encoding != gold.encoding:
        raise CorpusError(f"{where}: read as {document.encoding}, labelled as {gold.encoding}: {RELABEL}")
    for item in gold.ranges:
        if item.end > len(source) or _fingerprint(source[item.start : item.end]) != item.words:
            raise CorpusError(f"{where}: the range {item.start} to {item.end} does not hold its words: {RELABEL}")
    votes = _votes(document, blocks, gold, where)
    amounts: defaultdict[Label | None, float] = defaultdict(float)
    for vote in votes:
        for label, weight in vote.items():
            amounts[label] += weight
    labels = [
        max(vote, key=lambda label: (vote[label], label is not None, -amounts[label], str(label)), default=None)
        for vote in votes
    ]
    if gold.complete and None in labels:
        text = blocks.texts[labels.index(None)]
        raise CorpusError(f"{where}: no label for the block {text[:60]!r} of a fully labelled page: {RELABEL}")
    return labels


def _votes(
    document: Document, blocks: Blocks, gold: LabelledRanges, where: str
) -> list[defaultdict[Label | None, float]]:
    """The words each label has in each block."""
    waiting: dict[str, deque[Label]] = defaultdict(deque)
    for item in gold.unplaced:
        waiting[item.words].append(item.label)
    met: set[str] = set()
    votes: list[defaultdict[Label | None, float]] = [defaultdict(float) for _ in range(len(blocks))]
    ends = [item.end for item in gold.ranges]
    for node in _nodes(document, blocks, locate(document)):
        vote = votes[node.block]
        left = node.weight
        for item in islice(gold.ranges, bisect_right(ends, node.start), None):
            if item.start >= node.end:
                break
            share = node.weight * (min(item.end, node.end) - max(item.start, node.start)) / (node.end - node.start)
            vote[item.label] += share
            left -= share
        if left == node.weight and node.words in waiting:
            met.add(node.words)
            known = waiting[node.words]
            vote[known.popleft() if len(known) > 1 else known[0]] += left
        elif left > 0:
            vote[None] += left
    for item in gold.unplaced:
        if item.words not in met:
            raise CorpusError(f"{where}: nothing on the page has the words of the line {item.path!r}: {RELABEL}")
    return votes


@dataclass(frozen=True, slots=True)
class _Node:
    """A node of a block that has characters; start and end are -1 where it has no place in the source."""

    block: int
    start: int
    end: int
    weight: float
    words: str


def _nodes(document: Document, blocks: Blocks, locations: Locations | None) -> list[_Node]:
    """What votes: the texts and controls of blocks. A control stands where its start tag does."""
    rows = np.flatnonzero(blocks.of_node >= 0)
    of_node: list[int] = blocks.of_node.tolist()
    members = Counter(of_node[row] for row in rows.tolist())
    nodes = []
    for row in rows.tolist():
        block = of_node[row]
        is_text = document.tags[row] == TEXT
        text = document.texts[row] if is_text else blocks.texts[block]
        start = end = -1
        if locations is not None:
            end = int((locations.ends if is_text else locations.tag_ends)[row])
            start = int(locations.starts[row]) if end >= 0 else -1
        weight = len(split_words(text)) / (1 if is_text else members[block])
        nodes.append(_Node(block, start, end, weight or _WORDLESS, _fingerprint(text)))
    return nodes


def _fingerprint(text: str) -> str:
    """Hash of the words of a text, markup and all; of its characters where it has none.

    The words are joined, so that where the splitter parts them does not matter.
    """
    words = "".join(split_words(text)) or "".join(text.split())
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:16]
