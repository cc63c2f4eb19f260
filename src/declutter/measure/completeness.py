"""Whether figures are stored of all pages that they are said to be of, and of no others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from declutter.corpus.base import LabelledRanges, MarkedElements, Segments, WholeText
from declutter.measure.figures import HASH
from declutter.measure.held_out import FOLDS, SHIPPED, TEXT
from declutter.training.data import OWN, load_flat, load_pages, pages_hash, present

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from declutter.corpus.base import CorpusPage, Gold
    from declutter.measure.held_out import HeldOut

    Pages = dict[str, dict[str, str | None]]

__all__ = ["Here", "amiss", "here", "scored_pages", "without_text"]

# Of its passages there are too few a page to score by (see training.run.scorable).
_UNSCORED: Final = "goose3"


class Here(NamedTuple):
    """The pages that are here.

    Attributes:
        corpus_hash: of the training pages; None where a corpus is missing.
        pages: of each corpus that is here, the type of each page that is scored, by the beginning of its hash.
        textless: pages of training corpora that show nothing as plain text, by the beginning of their hashes.
    """

    corpus_hash: str | None
    pages: Pages
    textless: frozenset[str] = frozenset()


def here(names: Iterable[str], root: Path | None, stored: HeldOut) -> Here:
    """Read the corpora that are here.

    Args:
        names: all training corpora.
        root: the folder of the corpora; None where they are not here: then the project's own pages alone are read.
        stored: the figures; which of the pages that they lack as text show none is looked up.

    Raises:
        CorpusError: a corpus does not hold what it should.
    """
    whole = root is not None and {OWN, *present("train", root)} == {*names}
    chosen = load_pages([*present("train", root), OWN] if root and whole else [OWN], root)
    pages = scored_pages(chosen)
    textless = without_text(chosen, stored)
    corpus_hash = pages_hash(chosen) if whole else None
    del chosen  # the validation corpora are as large
    for name in present("validate", root) if root else []:
        pages |= scored_pages(load_pages([name], root))
    return Here(corpus_hash, pages, textless)


def scored_pages(pages: Iterable[CorpusPage]) -> Pages:
    """The pages with gold to score against, by corpus and the beginning of their hashes: their types."""
    found: Pages = {}
    for page in pages:
        if _scored(page.gold, page.corpus):
            found.setdefault(page.corpus, {})[page.sha256[:HASH]] = page.page_type
    return found


def _scored(gold: Gold | None, corpus: str) -> bool:
    if isinstance(gold, Segments):
        return corpus != _UNSCORED
    return isinstance(gold, WholeText | MarkedElements) or (isinstance(gold, LabelledRanges) and gold.complete)


def without_text(pages: Iterable[CorpusPage], stored: HeldOut) -> frozenset[str]:
    """Pages that no figures as text are stored of although their corpus has some, and that show no text when flattened."""
    known = {corpus: record.figures.pages for corpus, record in stored.sections[TEXT].items()}
    lost = [page for page in pages if page.corpus in known and page.sha256[:HASH] not in known[page.corpus]]
    flat = {example.sha256 for example in load_flat(lost, jobs=1)} if lost else set()
    return frozenset(page.sha256[:HASH] for page in lost if page.sha256 not in flat)


def amiss(stored: HeldOut, found: Here, counts: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Section, corpus and what is amiss where the stored pages are not those of the corpus.

    Args:
        stored: the figures.
        found: the pages that are here.
        counts: of each training corpus the number of its pages, as model.json has it.
    """
    told = []
    for section, corpus, record in stored:
        pages = record.figures.pages
        if (section != SHIPPED or corpus in found.pages) and (
            said := _apart(pages, found, corpus, counts, text=section == TEXT)
        ):
            told.append((section, corpus, said))
    for section in (FOLDS, TEXT):
        records = stored.sections[section]
        # As text those that the folds have: a corpus of forms alone has none.
        wanted = {*counts} if section == FOLDS else {*stored.sections[FOLDS]}
        if records:
            told += [(section, corpus, "no figures of this corpus") for corpus in sorted(wanted - {*records})]
    return told


def _apart(pages: Mapping[str, Any], found: Here, corpus: str, counts: Mapping[str, Any], *, text: bool) -> str:
    known = found.pages.get(corpus)
    if known is None:
        # The corpus is not here, or none of its pages has gold to score against.
        wanted = counts.get(corpus)
        lost = pages and wanted is not None and not text and len(pages) != wanted
        return f"figures of {len(pages)} pages, the model was trained on {wanted}" if lost else ""
    gone = {*known} - {*pages} - (found.textless if text else frozenset())
    strange = {*pages} - {*known}
    types = [page for page in {*pages} & {*known} if pages[page][0] != known[page]]
    said = [
        f"{len(some)} {what} ({min(some)})"
        for some, what in (
            (gone, "pages of the corpus are left out"),
            (strange, "pages are not of the corpus"),
            (types, "pages have another type there"),
        )
        if some
    ]
    return ", ".join(said)
