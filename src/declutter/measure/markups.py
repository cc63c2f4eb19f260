"""Pages that a model saw nothing of, by what they are written in and by language.

The same pages are read as they were served, with class names and ids that tell nothing, without any, and flattened to plain
text: what a model makes of them then says how far it leans on the names.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from joblib import Parallel, delayed

from declutter.document import Document
from declutter.measure.figures import Figures, joined, summaries
from declutter.measure.golds import gold_text
from declutter.metadata.language import page_language, primary_tag
from declutter.training.data import load_flat
from declutter.training.evaluate import shipped_figures
from declutter.training.examples import example_of, read_marked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from declutter.corpus.base import CorpusPage
    from declutter.model.predictor import Model
    from declutter.training.examples import Example

__all__ = ["MARKUPS", "by_language", "by_markup", "language_of", "renamed"]

MARKUPS: Final = ("as served", "hashed", "absent", "plain text")
"""How pages are read: HTML with class names and ids as they were, hashed as build tools do, and absent; as plain text."""

UNKNOWN: Final = "not told"
FILLER: Final = "filler text"
_NAMES: Final = frozenset(("class", "id"))
# So many pages at a time: their features fill some tens of megabytes.
_CHUNK: Final = 64


def renamed(document: Document, names: str) -> Document:
    """A document with other class names and ids; equal ones stay equal, so that what is alike can still be seen.

    Args:
        document: the page.
        names: one of MARKUPS, but for plain text.
    """
    if names == MARKUPS[0]:
        return document
    attributes = [
        tuple(
            (name, value if name not in _NAMES else _hashed(value or ""))
            for name, value in pairs
            if names == "hashed" or name not in _NAMES
        )
        for pairs in document.attributes
    ]
    return Document(document.tags, attributes, document.texts, document.parents, document.ends)


def _hashed(value: str) -> str:
    return " ".join(f"css-{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:7]}" for name in value.split())


def _example(page: CorpusPage, names: str) -> Example:
    document, marked = read_marked(page)
    return example_of(page, renamed(document, names), marked)


def by_markup(model: Model, pages: Sequence[CorpusPage], markup: str, jobs: int = -1) -> dict[str, Figures]:
    """Figures of pages that a model was not trained on, read in one of MARKUPS; by corpus, with those of each strictness.

    Args:
        model: the model; what it has for plain text reads that.
        pages: the pages, each with its gold alone.
        markup: one of MARKUPS.
        jobs: processes.
    """

    def parts() -> Iterator[dict[str, Figures]]:
        for start in range(0, len(pages), _CHUNK):
            chosen = pages[start : start + _CHUNK]
            if markup == "plain text":
                examples = load_flat(chosen, jobs=jobs)
            else:
                examples = list(Parallel(jobs)(delayed(_example)(page, markup) for page in chosen))
            yield shipped_figures(model.of("text" if markup == "plain text" else "html"), examples)

    return joined(parts())


def language_of(page: CorpusPage) -> str:
    """The language of a page's gold as a primary tag; "not told" where it is too short to say, "filler text" for Lorem ipsum."""
    claimed = primary_tag(page.language) if page.language else None
    text = gold_text(page)
    if text is None:
        text = " ".join(getattr(page.gold, "with_", ()))
    if "lorem ipsum" in text.lower():
        return FILLER  # no Latin: test pages of tools are full of it
    return claimed or page_language((), text) or UNKNOWN


def by_language(figures: Sequence[Figures], languages: Mapping[str, str]) -> list[dict[str, Any]]:
    """Scores of pages by language, the most frequent first.

    Args:
        figures: of one or several corpora, whose gold is all of a kind.
        languages: by the beginning of a page's hash, its language.

    Returns:
        Rows as `summaries` gives them, with `language` instead of `group`.
    """
    groups: dict[str, Figures] = {}
    for found in figures:
        for name, (_, *values) in found.pages.items():
            group = groups.setdefault(languages[name], Figures(score=found.score))
            group.pages[name] = [None, *values]
    rows = []
    for language, group in sorted(groups.items(), key=lambda item: (-len(item[1].pages), item[0])):
        (row,) = summaries(group)
        row.pop("group")
        rows.append({"language": language, **row})
    return rows
