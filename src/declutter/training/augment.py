"""Grafting: boxes of the project's own pages set into and below the articles of other pages, as further training examples.

Public gold knows few appeals and forms inside articles, and where it does it does not say so. A grafted page keeps its
gold; the blocks of a graft have their own labels. Pictures with captions are set in too: with boxes alone whatever stands out
of the flow of paragraphs would be chrome.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.blocks import segment
from declutter.corpus.align import align
from declutter.corpus.dedupe import domain
from declutter.document import TEXT, Document, read_document, subtree_ends
from declutter.labels import Label
from declutter.training.folds import cell_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from declutter.corpus.base import CorpusPage

__all__ = ["GRAFTINGS", "Graft", "grafted", "grafts_of"]

GRAFTINGS: Final = 2
"""How many times boxes are set into a page, other ones and elsewhere each time."""

_KINDS: Final = frozenset(
    label.value
    for label in (
        Label.DONATION,
        Label.SIGNUP,
        Label.PAYMENT,
        Label.ADVERTISING,
        Label.RELATED,
        Label.SOCIAL,
        Label.CONSENT,
    )
)
# Boxes of these read like articles, and public gold has few: they are set in this many times as often as others.
_PROSE_KINDS: Final = frozenset((Label.DONATION.value, Label.SIGNUP.value))
_PROSE_WEIGHT: Final = 3.0
# Readers' comments stand below an article, never inside.
_THREAD: Final = Label.COMMENTS.value
# Pictures with their captions are content, and stand in front of the first paragraph or between two, on this share of hosts.
_PICTURE: Final = Label.CONTENT.value
_PICTURED: Final = 0.7
_CAPTION_SIZES: Final = (20, 400)
# A box of fewer characters is a link, of more a whole column; of a thread, a control or a whole page.
_SIZES: Final = (40, 6000)
# What stands in a line above a headline may be shorter.
_LINE: Final = 12
_THREAD_SIZES: Final = (150, 40_000)
# Share of hosts that get a thread of comments, behind their last paragraph or one of so many elements around it.
_DISCUSSED: Final = 0.3
_HIGHEST: Final = 3
# Grafts a page: one to three, as on news sites.
_MOST: Final = 3
# A paragraph that a box may follow: content of this many characters.
_PARAGRAPH: Final = 80
# Share of hosts that get a box below the article: half of them inside its element, half behind it.
_BELOW: Final = 0.4
# Share of hosts that get a box above the headline, where sites have theirs in a line.
_ABOVE: Final = 0.12
# Share of boxes that stand right behind another, and how many in a row at most: below an article they come in stacks.
_STACKED: Final = 0.35
_HIGHEST_STACK: Final = 4
# Share of grafts whose names are taken away, so that a box is known by more than its class.
_NAMELESS: Final = 0.5
# Share of grafts that lose the element around them, so that paragraphs of a box stand among those of the article.
_BARE: Final = 0.3
# Share of pages whose elements are renamed, one way or another, so that no element is needed to tell a box or a caption.
_RENAMED: Final = 0.15
_WAYS: Final = (
    {"p": "div"},
    {"figure": "div", "figcaption": "p"},
    {
        "figure": "div",
        "figcaption": "div",
        "aside": "div",
        "section": "div",
        "article": "div",
        "main": "div",
        "form": "div",
    },
)
# An article that ends in one of these ends behind it, or in a table that is not most of the page.
_LISTS: Final = frozenset(("li", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre"))
_LAYOUT: Final = 0.3
# Elements that an article's paragraphs stand in, behind which its next box may stand.
_BODIES: Final = frozenset(("div", "section", "article", "main"))
_WRAPPERS: Final = frozenset(("div", "section", "aside", "form"))
# Parts of something, not boxes.
_PARTS: Final = frozenset(("li", "td", "tr", "a", "span", "button", "label", "body"))


@dataclass(frozen=True, slots=True)
class Graft:
    """A box of a labelled page, one subtree or several in a row: rows of its document.

    Parent numbers are relative to the first row, -1 at the top. The cell is that of the page it is cut from. Labels are of each
    row, as its page has it.
    """

    language: str
    cell: int
    kind: str
    tags: list[str]
    attributes: list[tuple[tuple[str, str | None], ...]]
    texts: list[str]
    parents: list[int]
    labels: list[str]

    @property
    def size(self) -> int:
        """Characters of its text."""
        return sum(len(text.strip()) for text in self.texts)


def grafts_of(pages: Sequence[CorpusPage]) -> list[Graft]:
    """The boxes of marked pages: elements labelled as a kind that sites set into articles, and figures with captions.

    Elements that stand side by side, with no box around them, are one box; comments join comments alone.
    """
    found = []
    for page in pages:
        document = read_document(page.html)
        marked = document.take_attribute("data-label")
        runs: list[tuple[int, int]] = []
        for node, label in sorted(marked.items()):
            start, end = node, int(document.ends[node])
            inner = {marked[row] for row in range(node, end) if row in marked}
            if runs and node < runs[-1][1]:
                continue
            if (
                (label not in _KINDS and label != _THREAD)
                or Label.CONTENT.value in inner
                or document.tags[node] in _PARTS
            ):
                continue
            alike = runs and (marked[runs[-1][0]] == _THREAD) == (label == _THREAD)
            if alike and _side_by_side(document, runs[-1][0], runs[-1][1], node):
                start = runs.pop()[0]
            runs.append((start, end))
        labels = _labels(document, marked)
        runs += [
            (row, int(document.ends[row]))
            for row, tag in enumerate(document.tags)
            if tag == "figure" and _is_picture(document, labels, row)
        ]
        for start, end in runs:
            kind = labels[start]
            size = sum(len(text.strip()) for text in document.texts[start:end])
            smallest, largest = {_THREAD: _THREAD_SIZES, _PICTURE: _CAPTION_SIZES}.get(kind, (_LINE, _SIZES[1]))
            if smallest <= size <= largest:
                parents = document.parents[start:end] - start
                found.append(
                    Graft(
                        page.language or "",
                        cell_of(domain(page)),
                        kind,
                        document.tags[start:end],
                        document.attributes[start:end],
                        document.texts[start:end],
                        np.where(parents < 0, -1, parents).tolist(),
                        labels[start:end],
                    )
                )
    return found


def _is_picture(document: Document, labels: Sequence[str], row: int) -> bool:
    """Whether a subtree holds a picture, and all of it is content."""
    rows = slice(row, int(document.ends[row]))
    return set(labels[rows]) == {_PICTURE} and not {"img", "picture", "video"}.isdisjoint(document.tags[rows])


def _labels(document: Document, marked: dict[int, str]) -> list[str]:
    """The label of every row: its own, or that of the nearest row above that has one; "" for none."""
    labels: list[str] = []
    for row, parent in enumerate(document.parents.tolist()):
        labels.append(marked.get(row) or (labels[parent] if parent >= 0 else ""))
    return labels


def _side_by_side(document: Document, first: int, end: int, node: int) -> bool:
    """Whether only white space is between the subtree that ends and a sibling of its first row."""
    if document.parents[first] != document.parents[node]:
        return False
    return all(document.tags[row] == TEXT and document.texts[row].isspace() for row in range(end, node))


def _unwrapped(graft: Graft) -> Graft:
    """The box without the element around it; itself where it has none or that holds no two elements."""
    tops = [row for row, parent in enumerate(graft.parents) if parent == 0 and graft.tags[row] != TEXT]
    if len(tops) < 2 or graft.parents.count(-1) > 1 or graft.tags[0] not in _WRAPPERS:
        return graft
    return Graft(
        graft.language,
        graft.cell,
        graft.kind,
        graft.tags[1:],
        graft.attributes[1:],
        graft.texts[1:],
        [parent - 1 for parent in graft.parents[1:]],
        graft.labels[1:],
    )


def _spliced(document: Document, beside: int, place: int, graft: Graft, *, nameless: bool) -> Document:
    """The document with the graft set in at a row, as siblings of the element beside it."""
    size = len(graft.tags)
    attributes = graft.attributes
    if nameless:
        attributes = [tuple(pair for pair in pairs if pair[0] not in {"class", "id"}) for pairs in attributes]
    parents = document.parents.tolist()
    above = parents[beside]
    inner = [above if parent < 0 else parent + place for parent in graft.parents]
    behind = [parent + size if parent >= place else parent for parent in parents[place:]]
    whole = [*parents[:place], *inner, *behind]
    rows = np.array(whole, dtype=np.int32)
    return Document(
        [*document.tags[:place], *graft.tags, *document.tags[place:]],
        [*document.attributes[:place], *attributes, *document.attributes[place:]],
        [*document.texts[:place], *graft.texts, *document.texts[place:]],
        rows,
        subtree_ends(rows),
    )


def _paragraphs(page: CorpusPage, document: Document) -> tuple[list[int], int, int]:
    """Elements of content paragraphs that have a sibling paragraph, so that a box can stand between; where content begins and ends.

    It begins with a heading of the first rank, if there is one before its first block.
    """
    blocks = segment(document)
    content = np.flatnonzero(align(page, document, blocks).content == 1)
    last = int(blocks.owners[content[-1]]) if len(content) else -1
    node = last
    while node > 0 and document.tags[node] not in _BODIES:
        size = int(document.ends[node]) - node
        if document.tags[node] in _LISTS or (document.tags[node] == "table" and size < _LAYOUT * len(document.tags)):
            last = node
        node = int(document.parents[node])
    owners = [int(blocks.owners[row]) for row in content if len(blocks.texts[row]) >= _PARAGRAPH]
    counts: dict[int, int] = {}
    for owner in owners:
        parent = int(document.parents[owner])
        counts[parent] = counts.get(parent, 0) + 1
    places = [owner for owner in owners if counts[int(document.parents[owner])] > 1 and document.tags[owner] != TEXT]
    first = int(blocks.owners[content[0]]) if len(content) else -1
    return places, next((node for node in range(first) if document.tags[node] == "h1"), first), last


def _drawn(grafts: Sequence[Graft], state: np.random.Generator) -> Graft:
    weights = np.array([_PROSE_WEIGHT if graft.kind in _PROSE_KINDS else 1.0 for graft in grafts])
    return grafts[int(state.choice(len(grafts), p=weights / weights.sum()))]


def _set_in(
    document: Document,
    foreign: list[str],
    beside: int,
    graft: Graft,
    state: np.random.Generator,
    *,
    before: bool = False,
) -> tuple[Document, list[str]]:
    """The document with one more graft, and the labels of the rows that are of a graft."""
    place = beside if before else int(document.ends[beside])
    document = _spliced(document, beside, place, graft, nameless=bool(state.random() < _NAMELESS))
    return document, [*foreign[:place], *graft.labels, *foreign[place:]]


def _renamed(document: Document, state: np.random.Generator) -> Document:
    """The document with some elements renamed."""
    way = _WAYS[int(state.integers(len(_WAYS)))]
    tags = [way.get(tag, tag) for tag in document.tags]
    return Document(tags, document.attributes, document.texts, document.parents, document.ends)


def grafted(page: CorpusPage, grafts: Sequence[Graft], seed: int) -> tuple[Document, list[str]] | None:
    """A page with boxes and pictures set between its paragraphs and below, and the label of each row that is of them, else "".

    None where it has no room for any.

    Args:
        page: a page whose gold is whole text or passages.
        grafts: boxes; those are used that are cut from pages of the host's cell, so that wherever a page is held out, what
            was cut from it is too. Three in four boxes are of a page in English, the language of most corpora.
        seed: which boxes go where.
    """
    state = np.random.default_rng(seed)
    document = read_document(page.html)
    places, first, last = _paragraphs(replace(page, annotation=None, reading=None), document)
    cell = cell_of(domain(page))
    grafts = [graft for graft in grafts if graft.cell == cell]
    threads = [graft for graft in grafts if graft.kind == _THREAD]
    pictures = [graft for graft in grafts if graft.kind == _PICTURE]
    grafts = [graft for graft in grafts if graft.kind not in {_THREAD, _PICTURE}]
    lines = [graft for graft in grafts if graft.size < _SIZES[0]]
    grafts = [graft for graft in grafts if graft.size >= _SIZES[0]]
    if not places or not grafts:
        return None
    english = [graft for graft in grafts if graft.language == "en"] or grafts
    foreign = [""] * len(document.tags)
    chosen = sorted(state.choice(places, min(len(places), int(state.integers(1, _MOST + 1))), replace=False).tolist())
    if state.random() < _BELOW:
        chosen[-1] = max(places)
        if state.random() < 0.5 and document.tags[document.parents[chosen[-1]]] in _BODIES:
            chosen[-1] = int(document.parents[chosen[-1]])
    # From the end on, since what is set in moves the rows behind it.
    if threads and state.random() < _DISCUSSED:
        for _ in range(_HIGHEST):
            if document.tags[last] == TEXT or (
                state.random() < 0.5 and document.tags[document.parents[last]] in _BODIES
            ):
                last = int(document.parents[last])
        thread = threads[int(state.integers(len(threads)))]
        document, foreign = _set_in(document, foreign, last, thread, state)
    picture = pictures[int(state.integers(len(pictures)))] if pictures and state.random() < _PICTURED else None
    # In front of the first paragraph as often as behind any.
    behind = int(state.choice(places)) if picture and state.random() < 0.5 else -1
    for after in sorted({*chosen, behind} - {-1}, key=lambda node: -int(document.ends[node])):
        if picture and after == behind:
            document, foreign = _set_in(document, foreign, after, picture, state)
        for _ in range(int(min(state.geometric(1 - _STACKED), _HIGHEST_STACK)) if after in chosen else 0):
            graft = _drawn(english if state.random() < 0.75 else grafts, state)
            if state.random() < _BARE:
                graft = _unwrapped(graft)
            document, foreign = _set_in(document, foreign, after, graft, state)
    if picture and behind < 0:
        document, foreign = _set_in(document, foreign, min(places), picture, state, before=True)
    if state.random() < _ABOVE and document.tags[first] != TEXT:
        above = lines if lines and state.random() < 0.5 else english
        document, foreign = _set_in(document, foreign, first, _drawn(above, state), state, before=True)
    if state.random() < _RENAMED:
        document = _renamed(document, state)
    return document, foreign
