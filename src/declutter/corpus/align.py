"""Gold to blocks: what a corpus says of a page becomes one target a block.

Whole gold text is aligned by a longest common subsequence of words; a block is content when half of its words or more
are matched. On WCXB, Dragnet and CleanEval keeping such blocks gives word F1 of .98 to .99, the ceiling of this method.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
from rapidfuzz.distance import LCSseq

from declutter.blocks import Origin
from declutter.corpus.base import FormKinds, LabelledRanges, MarkedElements, Segments, WholeText
from declutter.corpus.ranges import carry_over
from declutter.errors import CorpusError
from declutter.labels import CHROME, Label
from declutter.words import split_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.corpus.base import CorpusPage
    from declutter.document import Document

__all__ = ["NOT_ANNOTATED", "Targets", "align", "set_label"]

NOT_ANNOTATED: Final = -1
"""The state of a target of which nobody said anything; never a label."""

# Half of the words: calibrated on WCXB, Dragnet and CleanEval, where it gives the highest ceiling.
_MATCHED: Final = 0.5
# A passage that only begins a text says nothing of a block it covers less of than this.
_COVERED: Final = 0.8
# A passage of gold that should be left out may stand by chance in a longer text; then that text is not judged.
_OWN_SHARE: Final = 0.3
# Captions are content (see the labelling guide) that gold texts leave out: of 602 in a figcaption WCXB's has 72. What looks like
# one, of so many characters between two blocks that the gold has, is not judged: at most so many in a row.
_CAPTION_SIZES: Final = (20, 400)
_CAPTIONS: Final = 2
# Some servers wrap the whole page in one form; such a form's label says nothing of its blocks.
_LARGEST_FORM: Final = 40


@dataclass(slots=True)
class Targets:
    """What is known of each block of a page.

    Attributes:
        content: int8, 1 content, 0 not content, NOT_ANNOTATED.
        kind: int8, the place in CHROME of the kind of what is not content; NOT_ANNOTATED where the kind is not known.
    """

    content: NDArray[np.int8]
    kind: NDArray[np.int8]


def align(
    page: CorpusPage,
    document: Document,
    blocks: Blocks,
    marked: dict[int, str] | None = None,
    set_in: NDArray[np.bool_] | None = None,
) -> Targets:
    """Carry a page's annotation, or else its gold and the kinds that its reading gives what the gold leaves out, over to its blocks.

    Args:
        page: the labelled page.
        document: its document, from which marking attributes are already taken.
        blocks: its blocks.
        marked: for MarkedElements, the label texts by node.
        set_in: bool, n, blocks that are not of the page but were set into it; None for none.

    Raises:
        CorpusError: a mark is no label, a block of a marked page has none, forms do not match, or an annotation does
            not fit the page.
    """
    n = len(blocks)
    targets = Targets(np.full(n, NOT_ANNOTATED, np.int8), np.full(n, NOT_ANNOTATED, np.int8))
    gold = page.annotation or page.gold
    where = f"{page.corpus}/{page.name}"
    if isinstance(gold, WholeText):
        targets.content[:] = _whole(blocks, gold.text) >= _MATCHED
        skipped = blocks.origins == Origin.ALT
        captions = _captions(document, blocks, targets.content, skipped if set_in is None else skipped | set_in)
        targets.content[captions] = NOT_ANNOTATED
    elif isinstance(gold, Segments):
        _segments(blocks, gold, targets)
    elif isinstance(gold, FormKinds):
        _forms(document, blocks, gold, targets, where)
    elif isinstance(gold, MarkedElements):
        _marks(document, blocks, marked or {}, targets, where)
    elif isinstance(gold, LabelledRanges):
        for row, label in enumerate(carry_over(document, blocks, gold, where)):
            if label is not None:
                set_label(targets, row, label)
    if page.reading is not None:
        for row, label in enumerate(carry_over(document, blocks, page.reading, where)):
            if label not in {None, Label.CONTENT} and targets.content[row] == 0:
                set_label(targets, row, label)
    return targets


def set_label(targets: Targets, row: int, label: Label) -> None:
    """Write a full label into the targets of a block."""
    targets.content[row] = label is Label.CONTENT
    targets.kind[row] = NOT_ANNOTATED if label is Label.CONTENT else CHROME.index(label)


def _captions(document: Document, blocks: Blocks, content: NDArray[np.int8], skipped: NDArray[np.bool_]) -> list[int]:
    """The blocks that look like captions and are left out between two that are content, skipped ones aside."""
    pictures = np.flatnonzero(np.array([tag in {"img", "picture", "video"} for tag in document.tags], dtype=np.bool_))
    found: list[int] = []
    kept = np.flatnonzero((content == 1) & ~skipped).tolist()
    for before, after in pairwise(kept):
        between = [row for row in range(before + 1, after) if not skipped[row]]
        if 0 < len(between) <= _CAPTIONS and all(_caption(document, blocks, row, pictures) for row in between):
            found += between
    return found


def _caption(document: Document, blocks: Blocks, row: int, pictures: NDArray[np.int64]) -> bool:
    """Whether a block stands in a `figcaption` or right behind a picture, and is as long as a caption, without a link."""
    start, end, owner = int(blocks.starts[row]), int(blocks.ends[row]), int(blocks.owners[row])
    if not _CAPTION_SIZES[0] <= len(blocks.texts[row]) <= _CAPTION_SIZES[1]:
        return False
    around = {document.tags[owner], document.tags[int(document.parents[owner])]}
    inline = start
    while inline > owner:
        inline = int(document.parents[inline])
        around.add(document.tags[inline])
    if "a" in around or "a" in document.tags[start:end]:
        return False
    # Behind the block before; where that is the picture's alternative text, the picture itself.
    alt = row and blocks.origins[row - 1] == Origin.ALT
    since = int(blocks.starts[row - 1] if alt else blocks.ends[row - 1]) if row else 0
    behind = int(np.searchsorted(pictures, since))
    return "figcaption" in around or (behind < len(pictures) and int(pictures[behind]) <= start)


def _whole(blocks: Blocks, text: str) -> NDArray[np.float64]:
    """The share of each block's words that a longest common subsequence with the gold matches."""
    words = [split_words(block) for block in blocks.texts]
    lengths = np.array([len(block) for block in words], dtype=np.int64)
    flat = [word for block in words for word in block]
    rows = np.repeat(np.arange(len(words)), lengths)
    matched = np.zeros(len(flat))
    matched[_common(flat, split_words(text))] = 1
    hits = np.bincount(rows, weights=matched, minlength=len(words)) if flat else np.zeros(len(words))
    return np.asarray(hits / np.maximum(lengths, 1))


def _common(page: Sequence[str], gold: Sequence[str]) -> list[int]:
    """Places in the page's words that a longest common subsequence with the gold's words uses."""
    matched: list[int] = []
    for block in LCSseq.opcodes(page, gold):
        if block.tag == "equal":
            matched.extend(range(block.src_start, block.src_end))
    return matched


def _segments(blocks: Blocks, gold: Segments, targets: Targets) -> None:
    words = [split_words(block) for block in blocks.texts]
    flat = [word for block in words for word in block]
    lengths = np.array([len(block) for block in words], dtype=np.int64)
    rows = np.repeat(np.arange(len(words)), lengths)
    places: dict[str, list[int]] = {}
    for place, word in enumerate(flat):
        places.setdefault(word, []).append(place)
    for passage in gold.without:
        for spot, size in _occurrences(passage, flat, places):
            for row, count in Counter(rows[spot : spot + size].tolist()).items():
                if count >= _OWN_SHARE * lengths[row]:
                    targets.content[row] = 0
    for passage in gold.with_:
        found = _occurrences(passage, flat, places)
        if found:
            # The passage may stand in a teaser too: the longest block that holds it is the text.
            spot, size = max(found, key=lambda item: lengths[rows[item[0]]])
            for row in set(rows[spot : spot + size].tolist()):
                targets.content[row] = 1
        elif len(passage) >= 200:
            share = _whole(blocks, passage)
            targets.content[(share >= _COVERED) & (lengths >= 8)] = 1


def _occurrences(passage: str, flat: Sequence[str], places: dict[str, list[int]]) -> list[tuple[int, int]]:
    words = split_words(passage)
    if not words:
        return []
    return [(spot, len(words)) for spot in places.get(words[0], ()) if list(flat[spot : spot + len(words)]) == words]


def _forms(document: Document, blocks: Blocks, gold: FormKinds, targets: Targets, where: str) -> None:
    forms = [node for node, tag in enumerate(document.tags) if tag == "form"]
    if len(forms) != len(gold.kinds):
        raise CorpusError(f"{where}: {len(forms)} forms in the page, {len(gold.kinds)} in the gold: leave the page out")
    for node, kind in zip(forms, gold.kinds, strict=True):
        rows = np.flatnonzero((blocks.starts >= node) & (blocks.starts < document.ends[node]))
        if kind is None or len(rows) > _LARGEST_FORM:
            continue
        for row in rows.tolist():
            set_label(targets, row, kind)


def _marks(document: Document, blocks: Blocks, marked: dict[int, str], targets: Targets, where: str) -> None:
    for row in range(len(blocks)):
        node = int(blocks.starts[row])
        while node >= 0 and node not in marked:
            node = int(document.parents[node])
        if node < 0:
            raise CorpusError(f"{where}: no data-label above the block {blocks.texts[row][:60]!r}: give it one")
        try:
            set_label(targets, row, Label(marked[node]))
        except ValueError:
            raise CorpusError(f"{where}: {marked[node]!r} is no label: use one of {', '.join(Label)}") from None
