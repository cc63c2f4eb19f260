"""Grafting: boxes of the project's own pages set into and below the articles of other pages, as further training examples.

Public gold knows few appeals and forms inside articles, and where it does it does not say so. A grafted page keeps its
gold; the blocks of the graft are chrome.
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

__all__ = ["Graft", "grafted", "grafts_of"]

_KINDS: Final = frozenset(
    label.value
    for label in (Label.DONATION, Label.SIGNUP, Label.PAYMENT, Label.ADVERTISING, Label.RELATED, Label.SOCIAL)
)
# Boxes of these read like articles, and public gold has few: they are set in this many times as often as others.
_PROSE_KINDS: Final = frozenset((Label.DONATION.value, Label.SIGNUP.value))
_PROSE_WEIGHT: Final = 3.0
# Readers' comments stand below an article, never inside.
_THREAD: Final = Label.COMMENTS.value
# A box of fewer characters is a link, of more a whole column; of a thread, a control or a whole page.
_SIZES: Final = (40, 6000)
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
# Share of boxes that stand right behind another, and how many in a row at most: below an article they come in stacks.
_STACKED: Final = 0.35
_HIGHEST_STACK: Final = 4
# Share of grafts whose names are taken away, so that a box is known by more than its class.
_NAMELESS: Final = 0.5
# Share of grafts that lose the element around them, so that paragraphs of a box stand among those of the article.
_BARE: Final = 0.3
# Elements that an article's paragraphs stand in, behind which its next box may stand.
_BODIES: Final = frozenset(("div", "section", "article", "main"))
_WRAPPERS: Final = frozenset(("div", "section", "aside", "form"))
# Parts of something, not boxes.
_PARTS: Final = frozenset(("li", "td", "tr", "a", "span", "button", "label", "body"))


@dataclass(frozen=True, slots=True)
class Graft:
    """A box of a labelled page, one subtree or several in a row: rows of its document.

    Parent numbers are relative to the first row, -1 at the top. The cell is that of the page it is cut from.
    """

    language: str
    cell: int
    kind: str
    tags: list[str]
    attributes: list[tuple[tuple[str, str | None], ...]]
    texts: list[str]
    parents: list[int]


def grafts_of(pages: Sequence[CorpusPage]) -> list[Graft]:
    """The boxes of marked pages: elements labelled as a kind that sites set into articles.

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
        for start, end in runs:
            size = sum(len(text) for text in document.texts[start:end])
            smallest, largest = _THREAD_SIZES if marked[start] == _THREAD else _SIZES
            if smallest <= size <= largest:
                parents = document.parents[start:end] - start
                found.append(
                    Graft(
                        page.language or "",
                        cell_of(domain(page)),
                        marked[start],
                        document.tags[start:end],
                        document.attributes[start:end],
                        document.texts[start:end],
                        np.where(parents < 0, -1, parents).tolist(),
                    )
                )
    return found


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
    )


def _spliced(document: Document, after: int, graft: Graft, *, nameless: bool) -> Document:
    """The document with the graft set behind an element, as its next siblings."""
    place, size = int(document.ends[after]), len(graft.tags)
    attributes = graft.attributes
    if nameless:
        attributes = [tuple(pair for pair in pairs if pair[0] not in {"class", "id"}) for pairs in attributes]
    parents = document.parents.tolist()
    above = parents[after]
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


def _paragraphs(page: CorpusPage, document: Document) -> tuple[list[int], int]:
    """Elements of content paragraphs that have a sibling paragraph, so that a box can stand between; and the last of all."""
    blocks = segment(document)
    content = align(page, document, blocks).content == 1
    owners = [int(blocks.owners[row]) for row in np.flatnonzero(content) if len(blocks.texts[row]) >= _PARAGRAPH]
    counts: dict[int, int] = {}
    for owner in owners:
        parent = int(document.parents[owner])
        counts[parent] = counts.get(parent, 0) + 1
    places = [owner for owner in owners if counts[int(document.parents[owner])] > 1 and document.tags[owner] != TEXT]
    return places, max(owners, default=-1)


def _drawn(grafts: Sequence[Graft], state: np.random.Generator) -> Graft:
    weights = np.array([_PROSE_WEIGHT if graft.kind in _PROSE_KINDS else 1.0 for graft in grafts])
    return grafts[int(state.choice(len(grafts), p=weights / weights.sum()))]


def _set_in(
    document: Document, foreign: list[bool], after: int, graft: Graft, state: np.random.Generator
) -> tuple[Document, list[bool]]:
    """The document with one more graft, and which rows are of a graft."""
    place = int(document.ends[after])
    document = _spliced(document, after, graft, nameless=bool(state.random() < _NAMELESS))
    return document, [*foreign[:place], *([True] * len(graft.tags)), *foreign[place:]]


def grafted(page: CorpusPage, grafts: Sequence[Graft], seed: int) -> tuple[Document, list[bool]] | None:
    """A page with boxes set between and below its paragraphs, on some a thread of comments below; and which rows those are.

    None where it has no room for any.

    Args:
        page: a page whose gold is whole text or passages.
        grafts: boxes; those are used that are cut from pages of the host's cell, so that wherever a page is held out, what
            was cut from it is too. Three in four are of a page in English, the language of most corpora.
        seed: which boxes go where.
    """
    state = np.random.default_rng(seed)
    document = read_document(page.html)
    places, last = _paragraphs(replace(page, annotation=None), document)
    cell = cell_of(domain(page))
    grafts = [graft for graft in grafts if graft.cell == cell]
    threads = [graft for graft in grafts if graft.kind == _THREAD]
    grafts = [graft for graft in grafts if graft.kind != _THREAD]
    if not places or not grafts:
        return None
    english = [graft for graft in grafts if graft.language == "en"] or grafts
    foreign: list[bool] = [False] * len(document.tags)
    chosen = sorted(state.choice(places, min(len(places), int(state.integers(1, _MOST + 1))), replace=False).tolist())
    if state.random() < _BELOW:
        chosen[-1] = max(places)
        if state.random() < 0.5 and document.tags[document.parents[chosen[-1]]] in _BODIES:
            chosen[-1] = int(document.parents[chosen[-1]])
    # The thread first: what is set in before it moves the row that it stands behind.
    if threads and state.random() < _DISCUSSED:
        for _ in range(_HIGHEST):
            if document.tags[last] == TEXT or (
                state.random() < 0.5 and document.tags[document.parents[last]] in _BODIES
            ):
                last = int(document.parents[last])
        thread = threads[int(state.integers(len(threads)))]
        document, foreign = _set_in(document, foreign, last, thread, state)
    for after in sorted(chosen, key=lambda node: -int(document.ends[node])):
        for _ in range(int(min(state.geometric(1 - _STACKED), _HIGHEST_STACK))):
            graft = _drawn(english if state.random() < 0.75 else grafts, state)
            if state.random() < _BARE:
                graft = _unwrapped(graft)
            document, foreign = _set_in(document, foreign, after, graft, state)
    return document, foreign
