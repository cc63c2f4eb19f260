"""The fixed sample of the validation corpora: pages that a model is measured on afresh, in a minute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from declutter.corpus import load_corpus
from declutter.corpus.dedupe import without_duplicates
from declutter.training.data import load_examples, present
from declutter.training.evaluate import shipped_figures

if TYPE_CHECKING:
    from pathlib import Path

    from declutter.corpus.base import CorpusPage
    from declutter.measure.figures import Figures
    from declutter.model.predictor import Model

__all__ = ["PAGES", "sample_figures", "sample_pages"]

PAGES: Final = 150
"""Pages of each corpus."""


def sample_pages(name: str, root: Path, pages: int = PAGES) -> list[CorpusPage]:
    """The pages of a corpus whose hashes are the lowest, without duplicates: the same whatever else changes.

    Raises:
        CorpusError: the corpus does not hold what it should.
    """
    with_gold = (page for page in load_corpus(name, root) if page.gold is not None)
    return without_duplicates(sorted(with_gold, key=lambda page: page.sha256)[:pages])


def sample_figures(model: Model, root: Path, pages: int = PAGES) -> dict[str, Figures]:
    """Figures of the sample of each validation corpus under a folder, by corpus; empty where there is none."""
    found = [page for name in present("validate", root) for page in sample_pages(name, root, pages)]
    return shipped_figures(model, load_examples(found)) if found else {}
