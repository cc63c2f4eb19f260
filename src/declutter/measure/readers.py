"""How far a reader of a page and its gold agree: what no extractor can be expected to pass by far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from declutter.measure.figures import HASH, WORDS
from declutter.measure.held_out import FOLDS
from declutter.training.examples import make_example
from declutter.training.scoring import word_score

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from declutter.corpus.base import CorpusPage
    from declutter.measure.held_out import HeldOut

__all__ = ["Reading", "means", "readings", "weighed"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One page against its gold, the main headline left out.

    Attributes:
        name: corpus and name of the page.
        page_type: as in CorpusPage.
        reader: word F1, precision and recall of what the reader calls content.
        model: the same of what a model keeps that saw no page of the site.
    """

    name: str
    page_type: str
    reader: tuple[float, float, float]
    model: tuple[float, float, float]


def readings(pages: Sequence[CorpusPage], stored: HeldOut) -> list[Reading]:
    """What reader and model make of pages that were labelled blind and whose gold is a whole text.

    Args:
        pages: pages with an annotation; others are passed over, and so is what `stored` has no figure of.
        stored: the figures of outer folds.

    Raises:
        CorpusError: an annotation does not fit its page.
    """
    found = []
    for page in pages:
        record = stored.sections[FOLDS].get(page.corpus)
        if page.annotation is None or record is None or record.figures.score != WORDS:
            continue
        figure = record.figures.pages.get(page.sha256[:HASH])
        if figure is None:
            continue
        # The labels are the targets, the gold is what they are scored by.
        example = make_example(page)
        reader = word_score(example, example.content == 1, headline=False)
        page_type, f1, precision, recall = figure
        found.append(
            Reading(
                f"{page.corpus}/{page.name}",
                page_type or "",
                (reader.f1, reader.precision, reader.recall),
                (f1, precision, recall),
            )
        )
    return found


def means(found: Sequence[Reading]) -> tuple[list[float], list[float]]:
    """Mean F1, precision and recall of the reader, and of the model."""
    reader, model = (np.mean([getattr(one, who) for one in found], axis=0) for who in ("reader", "model"))
    return reader.tolist(), model.tolist()


def weighed(found: Sequence[Reading], types: Counter[str]) -> tuple[list[float], list[float]]:
    """The means of a corpus of which the pages are a sample by type.

    Args:
        found: pages of each of the types.
        types: how many pages of each type the corpus has.
    """
    shares = {name: count / types.total() for name, count in types.items()}
    of_types = [(share, means([one for one in found if one.page_type == name])) for name, share in shares.items()]
    reader, model = (np.sum([share * np.array(rows[side]) for share, rows in of_types], axis=0) for side in (0, 1))
    return reader.tolist(), model.tolist()
