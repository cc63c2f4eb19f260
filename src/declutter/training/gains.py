"""What adapting to a site gains, measured page by page on pages that were held out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from declutter.decide import decide, threshold_of
from declutter.model.sites import Site, recognised
from declutter.training.sites import UNLABELLED, fit_site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from declutter.model import Model
    from declutter.training.sites import SitePage

__all__ = ["Change", "judged", "measured", "rates_of"]

_FOLDS: Final = 10


class Change(NamedTuple):
    """What adapting did for a site, on pages that were held out; shares from 0 to 1, means over pages.

    Attributes:
        site: its name.
        pages: its labelled pages.
        held_out: those that were measured; 0 where there are too few pages to hold any out.
        f1, f1_after: F1 of the words of content, over the labelled blocks.
        right, right_after: share of the labelled blocks with the right label.
        kept: the site is in the adapted model.
        mended: labelled blocks of those pages that were wrong and are right.
        unlabelled: blocks of those pages that nobody labelled.
        changed: those of them that were content and are none, or the other way round. Where no page is held out, these
            three are of the page itself.
    """

    site: str
    pages: int
    held_out: int
    f1: float
    f1_after: float
    right: float
    right_after: float
    kept: bool
    mended: int = 0
    unlabelled: int = 0
    changed: int = 0


def measured(site: str, pages: Sequence[SitePage], model: Model) -> Change:
    """What is gained on pages held out: each is judged by what the others tell, in folds where they are many."""
    folds = min(len(pages), _FOLDS)
    rates, counts = [], []
    for fold in range(folds):
        others = [page for place, page in enumerate(pages) if place % folds != fold]
        known = Site(fit_site(others or pages))
        for page in pages[fold::folds]:
            before, after = judged(page, model, None), judged(page, model, known)
            rates.append((*rates_of(page, before), *rates_of(page, after)))
            counts.append(_counts(page, before, after))
    mended, unlabelled, changed = np.sum(counts, axis=0).tolist()
    if len(pages) < 2:
        return Change(site, 1, 0, 0.0, 0.0, 0.0, 0.0, True, mended, unlabelled, changed)
    f1, right, f1_after, right_after = np.mean(rates, axis=0).tolist()
    kept = f1_after >= f1 and right_after >= right
    return Change(site, len(pages), len(rates), f1, f1_after, right, right_after, kept, mended, unlabelled, changed)


def judged(page: SitePage, model: Model, known: Site | None) -> NDArray[np.int64]:
    """The labels (n, places in Label) that a page gets with what is known of a site, as `predict` gives them."""
    scores = page.scores
    site = recognised([known], page.keys) if known is not None else None
    if site is not None:
        scores = scores._replace(content=site.content(scores.content))
    threshold = threshold_of("balanced", model.expected(page.features, page.layout, scores.content), scores.content)
    probabilities = model.probabilities(page.features, page.layout, scores)
    if site is not None:
        probabilities = site.probabilities(probabilities)
    return decide(probabilities, threshold, page.headline)


def rates_of(page: SitePage, found: NDArray[np.int64]) -> tuple[float, float]:
    """F1 of the words of content and share of right labels, over the labelled blocks of a page."""
    known_rows = page.labels != UNLABELLED
    kept, wanted = (found == 0) & known_rows, page.labels == 0
    both, words = page.words[kept & wanted].sum(), page.words[kept].sum() + page.words[wanted].sum()
    f1 = 2 * both / words if words else 1.0
    return float(f1), float((found == page.labels)[known_rows].mean())


def _counts(page: SitePage, before: NDArray[np.int64], after: NDArray[np.int64]) -> tuple[int, int, int]:
    """Of a page: labelled blocks that are mended, blocks without a label, and those of them that come or go."""
    nobody = page.labels == UNLABELLED
    mended = (before != page.labels) & (after == page.labels)
    return int(mended.sum()), int(nobody.sum()), int((nobody & ((before == 0) != (after == 0))).sum())
