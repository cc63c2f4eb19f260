"""Labels of our own for pages of any corpus, without the text of the pages.

`training_data/annotations/<corpus>/<page>.jsonl` holds a header, then a line for each labelled range of the decoded
source. Ranges belong to the source, not to a segmentation: what a block is today is voted by the words of its nodes
that each range covers. A node without a place in the source (moved or made up by the parser) has a line without one
and is known by its words again. Whatever does not fit is an error, never skipped.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, replace
from itertools import groupby, islice, pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from declutter.corpus.base import LabelledRange, LabelledRanges
from declutter.document import TEXT, decode
from declutter.document.paths import Paths
from declutter.document.spans import block_spans, locate
from declutter.errors import CorpusError
from declutter.labels import Label
from declutter.words import split_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from declutter.blocks import Blocks
    from declutter.corpus.base import CorpusPage
    from declutter.document import Document
    from declutter.document.spans import Locations

__all__ = [
    "GUIDE_VERSION",
    "Annotation",
    "UntellableError",
    "annotation_path",
    "carry_over",
    "overlay",
    "parse_annotation",
    "read_annotation",
    "write_annotation",
]

GUIDE_VERSION: Final = 1
"""Version of the labelling guide that new annotations follow."""

_HEADER: Final = {"corpus": str, "page": str, "sha256": str, "encoding": str, "guide": int, "complete": bool}
_RELABEL: Final = "label the page anew, or delete the file"
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


@dataclass(frozen=True, slots=True)
class Annotation:
    """A file of annotations.

    Attributes:
        corpus: the corpus of the page.
        page: its name there.
        sha256: hash of its gunzipped bytes.
        guide: version of the labelling guide.
        gold: the labels.
    """

    corpus: str
    page: str
    sha256: str
    guide: int
    gold: LabelledRanges


def annotation_path(root: Path, corpus: str, page: str) -> Path:
    """Where the annotation of a page lies under `training_data/annotations`."""
    return root / corpus / f"{page}.jsonl"


def overlay(page: CorpusPage, annotations_root: Path) -> CorpusPage:
    """The page with its annotation where there is one: as gold where it has no other, else beside it.

    Raises:
        CorpusError: the annotation cannot be read, or is of another page.
    """
    path = annotation_path(annotations_root, page.corpus, page.name)
    if not path.is_file():
        return page
    labels = read_annotation(path, page)
    return replace(page, gold=labels) if page.gold is None else replace(page, annotation=labels)


def read_annotation(path: Path, page: CorpusPage) -> LabelledRanges:
    """The labels of a page.

    Raises:
        CorpusError: the file cannot be read, or is of another page or other bytes.
    """
    annotation = parse_annotation(path)
    named = (annotation.corpus, annotation.page)
    if named != (page.corpus, page.name):
        raise CorpusError(f"{path}: is of {'/'.join(named)}: move it to <corpus>/<page>.jsonl of its own page")
    if annotation.sha256 != page.sha256:
        raise CorpusError(
            f"{path}: labels a page with sha256 {annotation.sha256}, this one has {page.sha256}: "
            f"bring back the page that was labelled (a public one: `declutter corpus fetch` it), or {_RELABEL}"
        )
    return annotation.gold


def parse_annotation(path: Path) -> Annotation:
    """Read a file of annotations without the page.

    Raises:
        CorpusError: it is missing or not in the format; the message names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")  # editors put a byte order mark there
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: cannot be read ({error}): {_RELABEL}") from error
    # Not by splitlines: paths may hold what it takes for the end of a line, such as U+2028 in the name of an element.
    lines = text.rstrip("\n").split("\n") if text.strip() else []
    rows = [_object(line, f"{path}:{number}") for number, line in enumerate(lines, 1)]
    if not rows:
        raise CorpusError(f"{path}: is empty: {_RELABEL}")
    header = rows[0]
    for key, kind in _HEADER.items():
        if type(header.get(key)) is not kind:
            raise CorpusError(f"{path}:1: the header has no {key} of type {kind.__name__}: {_RELABEL}")
    ranges: list[LabelledRange] = []
    unplaced: list[LabelledRange] = []
    for number, row in enumerate(rows[1:], 2):
        item = _range(row, f"{path}:{number}")
        (unplaced if item.start < 0 else ranges).append(item)
    for one, two in pairwise(ranges):
        if one.end > two.start:
            raise CorpusError(f"{path}: ranges {one.start} and {two.start} overlap or are out of order: {_RELABEL}")
    gold = LabelledRanges(tuple(ranges), tuple(unplaced), header["encoding"], header["complete"])
    return Annotation(header["corpus"], header["page"], header["sha256"], header["guide"], gold)


def write_annotation(
    path: Path, page: CorpusPage, document: Document, blocks: Blocks, labels: Sequence[Label | None]
) -> None:
    """Write down what the blocks of a page are.

    Neighbours in the source with one label become one range. The nodes of a block without a span get a line each,
    without a place where they have none. The same labels give the same bytes.

    Args:
        path: the file (see `annotation_path`); its folder is made.
        page: the page.
        document: as `read_document(page.html)` gives it.
        blocks: its n blocks.
        labels: n labels, None for blocks that nobody judged.

    Raises:
        CorpusError: the document is not that of the page, or there are not n labels.
        UntellableError: reading the file back would not give them.
    """
    where = f"{page.corpus}/{page.name}"
    if len(labels) != len(blocks):
        raise CorpusError(f"{where}: {len(blocks)} blocks, {len(labels)} labels: give each block one, or None")
    if document.encoding is None or (document.source, document.encoding) != decode(page.html):
        raise CorpusError(f"{where}: the document was decoded otherwise: make it with read_document(page.html)")
    gold = _gold(document, document.source or "", blocks, labels)
    told = carry_over(document, blocks, gold, where)
    if told != list(labels):
        raise _untellable(where, blocks, labels, told)
    header = {
        "corpus": page.corpus,
        "page": page.name,
        "sha256": page.sha256,
        "encoding": gold.encoding,
        "guide": GUIDE_VERSION,
        "complete": gold.complete,
    }
    rows = [header, *map(_row, (*gold.ranges, *gold.unplaced))]
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8", newline="\n")


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
        raise CorpusError(f"{where}: read as {document.encoding}, labelled as {gold.encoding}: {_RELABEL}")
    for item in gold.ranges:
        if item.end > len(source) or _fingerprint(source[item.start : item.end]) != item.words:
            raise CorpusError(f"{where}: the range {item.start} to {item.end} does not hold its words: {_RELABEL}")
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
        raise CorpusError(f"{where}: no label for the block {text[:60]!r} of a fully labelled page: {_RELABEL}")
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
            raise CorpusError(f"{where}: nothing on the page has the words of the line {item.path!r}: {_RELABEL}")
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


def _gold(document: Document, source: str, blocks: Blocks, labels: Sequence[Label | None]) -> LabelledRanges:
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
    return LabelledRanges(tuple(ranges), tuple(unplaced), document.encoding or "", None not in labels)


def _fingerprint(text: str) -> str:
    """Hash of the words of a text, markup and all; of its characters where it has none.

    The words are joined, so that where the splitter parts them does not matter.
    """
    words = "".join(split_words(text)) or "".join(text.split())
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:16]


def _row(item: LabelledRange) -> dict[str, Any]:
    placed = item.start >= 0
    return {
        "start": item.start if placed else None,
        "end": item.end if placed else None,
        "words": item.words,
        "path": item.path,
        "label": str(item.label),
    }


def _range(row: dict[str, Any], where: str) -> LabelledRange:
    start, end = row.get("start", ...), row.get("end", ...)
    if start is None and end is None:
        start = end = -1
    elif type(start) is not int or type(end) is not int or not 0 <= start < end:
        raise CorpusError(f"{where}: start and end are not two places in order, nor both null: {_RELABEL}")
    if not isinstance(row.get("words"), str) or not isinstance(row.get("path"), str):
        raise CorpusError(f"{where}: words or path is missing: {_RELABEL}")
    try:
        label = Label(str(row.get("label")))
    except ValueError:
        raise CorpusError(f"{where}: {row.get('label')!r} is no label: use one of {', '.join(Label)}") from None
    return LabelledRange(start, end, row["words"], row["path"], label)


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CorpusError(f"{where}: not JSON ({error}): {_RELABEL}") from error
    if not isinstance(row, dict):
        raise CorpusError(f"{where}: holds no JSON object: {_RELABEL}")
    return row
