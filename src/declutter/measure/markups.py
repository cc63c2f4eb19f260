"""Pages that a model saw nothing of, by what they are written in and by language.

The same pages are read as they were served, with class names and ids that tell nothing, without any, and flattened to plain
text: what a model makes of them then says how far it leans on the names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from declutter.measure.figures import Figures, joined, summaries
from declutter.training.data import load_flat
from declutter.training.evaluate import shipped_figures
from declutter.training.renamed import ABSENT, AS_SERVED, HASHED, load_renamed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from declutter.corpus.base import CorpusPage
    from declutter.model.predictor import Model

__all__ = ["MARKUPS", "by_language", "by_markup"]

MARKUPS: Final = (AS_SERVED, HASHED, ABSENT, "plain text")
"""How pages are read: HTML with class names and ids as they were, hashed as build tools do, and absent; as plain text."""

# So many pages at a time: their features fill some tens of megabytes.
_CHUNK: Final = 64


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
            flat = markup == "plain text"
            examples = load_flat(chosen, jobs=jobs) if flat else load_renamed(chosen, markup, jobs)
            yield shipped_figures(model.of("text" if flat else "html"), examples)

    return joined(parts())


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
