"""Scores of what was kept against gold: word F1 for whole texts, segment F for passages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from declutter.training.examples import Example

__all__ = ["Score", "Segments", "interval", "segment_counts", "segment_score", "word_score"]

_RESAMPLES: Final = 1000
_SEED: Final = 7


class Score(NamedTuple):
    """F1, precision and recall, 0 to 1."""

    f1: float
    precision: float
    recall: float


class Segments(NamedTuple):
    """Passages of one page: wanted and kept, unwanted and kept, wanted and lost."""

    kept: int
    wrong: int
    lost: int


def _judged(example: Example, keep: NDArray[np.bool_], headline: bool) -> NDArray[np.bool_]:
    if headline or example.headline < 0:
        return keep
    keep = keep.copy()
    keep[example.headline] = False
    return keep


def word_score(example: Example, keep: NDArray[np.bool_], *, headline: bool) -> Score:
    """Bag-of-words scores of one page with whole gold.

    Args:
        example: the page.
        keep: bool, n: which blocks stay.
        headline: whether the corpus's gold holds the main headline; else that block is left out of what is kept.
    """
    gold = example.gold_counts
    assert gold is not None
    chosen = [example.block_words[row] for row in np.flatnonzero(_judged(example, keep, headline))]
    words = np.concatenate(chosen) if chosen else np.zeros(0, dtype=np.int32)
    wanted = int(gold.sum())
    if not wanted or not len(words):
        hit = float(not wanted and not len(words))
        return Score(hit, hit, hit if wanted else 1.0)
    counts = np.bincount(words[words >= 0], minlength=len(gold))
    common = int(np.minimum(counts, gold).sum())
    precision, recall = common / len(words), common / wanted
    return Score(2 * precision * recall / (precision + recall) if common else 0.0, precision, recall)


def segment_counts(example: Example, keep: NDArray[np.bool_], *, headline: bool) -> Segments:
    """How many passages of one page are kept, wrongly kept and lost."""
    assert example.segments is not None
    assert example.texts is not None
    texts = [example.texts[row] for row in np.flatnonzero(_judged(example, keep, headline))]
    text = " ".join(" ".join(texts).split())
    wanted, unwanted = example.segments
    kept = sum(" ".join(passage.split()) in text for passage in wanted)
    wrong = sum(" ".join(passage.split()) in text for passage in unwanted)
    return Segments(kept, wrong, len(wanted) - kept)


def segment_score(counts: Sequence[Segments]) -> Score:
    """Scores over the passages of all pages together, as trafilatura's evaluation counts them."""
    kept, wrong, lost = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0, 0)
    precision = kept / (kept + wrong) if kept else 0.0
    recall = kept / (kept + lost) if kept else 0.0
    return Score(2 * precision * recall / (precision + recall) if kept else 0.0, precision, recall)


def interval(values: Sequence[float] | Sequence[Segments]) -> tuple[float, float]:
    """95% percentile bootstrap of the F1 over pages (1,000 resamples, fixed seed)."""
    if not values:
        return 0.0, 0.0
    state = np.random.default_rng(_SEED)
    picks = state.integers(0, len(values), (_RESAMPLES, len(values)))
    if isinstance(values[0], Segments):
        table = np.array(values)[picks].sum(axis=1)
        means = 2 * table[:, 0] / np.maximum(2 * table[:, 0] + table[:, 1] + table[:, 2], 1)
    else:
        means = np.array(values)[picks].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)
