"""Grafting: boxes of the project's own pages set into the articles of other pages, as further training examples.

Public gold knows few appeals and forms inside articles, and where it does it does not say so. A grafted page keeps its
gold; the blocks of the graft are chrome.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.blocks import segment
from declutter.corpus.align import align
from declutter.document import TEXT, Document, read_document, subtree_ends
from declutter.labels import Label
from declutter.training.examples import Example, example_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from declutter.corpus.base import CorpusPage

__all__ = ["Graft", "graft_examples", "grafts_of"]

_KINDS: Final = frozenset(
    label.value
    for label in (Label.DONATION, Label.SIGNUP, Label.PAYMENT, Label.ADVERTISING, Label.RELATED, Label.SOCIAL)
)
# A box of fewer characters is a link, of more a whole column.
_SMALLEST, _LARGEST = 40, 3000
# Grafts a page: one to three, as on news sites.
_MOST: Final = 3
# A paragraph that a box may follow: content of this many characters.
_PARAGRAPH: Final = 80
# Share of grafts whose names are taken away, so that a box is known by more than its class.
_NAMELESS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Graft:
    """A subtree of a labelled page: rows of its document, the parent numbers relative to the first row."""

    language: str
    tags: list[str]
    attributes: list[tuple[tuple[str, str | None], ...]]
    texts: list[str]
    parents: list[int]


def grafts_of(pages: Sequence[CorpusPage]) -> list[Graft]:
    """The boxes of marked pages: elements labelled as a kind that sites set into articles."""
    found = []
    for page in pages:
        document = read_document(page.html)
        marked = document.take_attribute("data-label")
        language = page.language or ""
        until = 0
        for node, label in sorted(marked.items()):
            end = int(document.ends[node])
            size = sum(len(text) for text in document.texts[node:end])
            inner = {marked[row] for row in range(node, end) if row in marked}
            if node < until or label not in _KINDS or Label.CONTENT.value in inner or not _SMALLEST <= size <= _LARGEST:
                continue
            if document.tags[node] in {"li", "td", "tr", "a", "span", "button", "label", "body"}:
                continue  # a part of something, not a box
            until = end
            found.append(
                Graft(
                    language,
                    document.tags[node:end],
                    document.attributes[node:end],
                    document.texts[node:end],
                    (document.parents[node:end] - node).tolist(),
                )
            )
    return found


def _spliced(document: Document, after: int, graft: Graft, *, nameless: bool) -> Document:
    """The document with the graft set behind an element, as its next sibling."""
    place, size = int(document.ends[after]), len(graft.tags)
    attributes = graft.attributes
    if nameless:
        attributes = [tuple(pair for pair in pairs if pair[0] not in {"class", "id"}) for pairs in attributes]
    parents = document.parents.tolist()
    above = parents[after]
    inner = [above if row == 0 else parent + place for row, parent in enumerate(graft.parents)]
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


def _paragraphs(page: CorpusPage, document: Document) -> list[int]:
    """Elements of content paragraphs that have a sibling paragraph, so that a box can stand between."""
    blocks = segment(document)
    content = align(page, document, blocks).content == 1
    owners = [int(blocks.owners[row]) for row in np.flatnonzero(content) if len(blocks.texts[row]) >= _PARAGRAPH]
    counts: dict[int, int] = {}
    for owner in owners:
        parent = int(document.parents[owner])
        counts[parent] = counts.get(parent, 0) + 1
    return [owner for owner in owners if counts[int(document.parents[owner])] > 1 and document.tags[owner] != TEXT]


def graft_examples(page: CorpusPage, grafts: Sequence[Graft], seed: int) -> Example | None:
    """One page with one to three boxes set between its paragraphs; None where it has no room for any.

    Args:
        page: a page whose gold is whole text or passages.
        grafts: boxes; three in four are of a page in English, the language of most corpora.
        seed: which boxes go where.
    """
    state = np.random.default_rng(seed)
    document = read_document(page.html)
    places = _paragraphs(page, document)
    if not places or not grafts:
        return None
    english = [graft for graft in grafts if graft.language == "en"] or list(grafts)
    spans: list[tuple[int, int]] = []
    chosen = sorted(state.choice(places, min(len(places), int(state.integers(1, _MOST + 1))), replace=False).tolist())
    for after in reversed(chosen):
        pool = english if state.random() < 0.75 else grafts
        graft = pool[int(state.integers(len(pool)))]
        start, size = int(document.ends[after]), len(graft.tags)
        document = _spliced(document, after, graft, nameless=bool(state.random() < _NAMELESS))
        spans = [(low + size, high + size) for low, high in spans] + [(start, start + size)]
    return example_of(replace(page, name=f"{page.name}+grafts"), document, grafted=spans)
