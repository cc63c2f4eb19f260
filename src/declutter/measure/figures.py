"""What was measured on the pages of a corpus: scores page by page, and counts for kinds and elements."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import numpy as np

from declutter.labels import CHROME, Label
from declutter.measure.calibration import reliability
from declutter.measure.elements import kept_words, nearly_empty
from declutter.training.data import OWN
from declutter.training.run import scorable
from declutter.training.scoring import Segments, interval, segment_counts, segment_score, word_score

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from declutter.corpus.sources import Source
    from declutter.training.examples import Example

    Scores = Sequence[NDArray[np.float64]]
    Number = TypeVar("Number", int, float)

__all__ = [
    "HASH",
    "SEGMENTS",
    "UNKNOWN",
    "WORDS",
    "Figures",
    "Judged",
    "confusion",
    "figures_of",
    "joined",
    "label_table",
    "summaries",
]

HASH: Final = 16
"""Digits of the SHA-256 of a page's bytes that name it."""

WORDS: Final = "word F1"
SEGMENTS: Final = "segment F"
UNKNOWN: Final = "chrome of unknown kind"
"""Stands for the label of blocks that are known to be no content, and nothing more."""

_GIVEN: Final = (Label.CONTENT, *CHROME)


class Judged(NamedTuple):
    """What a model made of a page of n blocks.

    Attributes:
        scores: float64, n, content scores.
        keep: bool, n, which blocks stay.
        confidence: the F1 that is expected.
        at: by name of strictness, which blocks stay at it (bool, n); None where that is not asked.
    """

    scores: NDArray[np.float64]
    keep: NDArray[np.bool_]
    confidence: float
    at: Mapping[str, NDArray[np.bool_]] | None = None


@dataclass(slots=True)
class Figures:
    """What was measured on some pages of one corpus; figures of other pages of it can be added.

    Attributes:
        score: WORDS, SEGMENTS, or "" where there is no gold to score against.
        pages: by the beginning of its hash, the type of each page, then F1, precision and recall for WORDS, passages
            kept, wrongly kept and lost for SEGMENTS.
        kinds: by kind of chrome, blocks that are of it, blocks that were taken for it, and blocks that are both, among
            blocks whose kind is known. A block of the same words and kind as one of an earlier page of the site does not count
            again, here and in all that follows of kinds.
        hashed: the same with class names and ids hashed, where that was asked.
        languages: the same as `kinds` by language and kind, as in "de donation".
        confusion: by kind of chrome, how many blocks that are of it were taken for each kind, in the order of CHROME.
        labels: by label that blocks are of, or UNKNOWN, how many were given each label, content first, then in the order of
            CHROME: blocks of pages on which some kind is known, the main headline left out.
        strictness: by its name, pages and the sums of their F1, precision and recall for WORDS, passages kept, wrongly kept
            and lost for SEGMENTS.
        elements: by element, words of content that are kept, and all words of content (see elements.py).
        answers: pages of which under a tenth of the content is kept, and all pages with content.
        reliability: by range of content scores, blocks, the sum of their scores, blocks of content (see calibration.py).
        confidence: for WORDS, by the beginning of its hash, the F1 that was expected of each page.
    """

    score: str = ""
    pages: dict[str, list[Any]] = field(default_factory=dict)
    kinds: dict[str, list[int]] = field(default_factory=dict)
    hashed: dict[str, list[int]] = field(default_factory=dict)
    languages: dict[str, list[int]] = field(default_factory=dict)
    confusion: dict[str, list[int]] = field(default_factory=dict)
    labels: dict[str, list[int]] = field(default_factory=dict)
    strictness: dict[str, list[float]] = field(default_factory=dict)
    elements: dict[str, list[int]] = field(default_factory=dict)
    answers: list[int] = field(default_factory=list)
    reliability: dict[str, list[float]] = field(default_factory=dict)
    confidence: dict[str, float] = field(default_factory=dict)

    def add(self, other: Figures) -> None:
        """Take the figures of other pages in."""
        self.score = self.score or other.score
        self.pages |= other.pages
        _add(self.kinds, other.kinds)
        _add(self.hashed, other.hashed)
        _add(self.languages, other.languages)
        _add(self.confusion, other.confusion)
        _add(self.labels, other.labels)
        _add(self.strictness, other.strictness)
        _add(self.elements, other.elements)
        _add(self.reliability, other.reliability)
        self.confidence |= other.confidence
        self.answers = [sum(pair) for pair in zip(self.answers or [0, 0], other.answers or [0, 0], strict=True)]

    def as_json(self) -> dict[str, Any]:
        """Plain data, without what is empty."""
        return {name: value for name, value in asdict(self).items() if value}


def _add(sums: dict[str, list[Number]], further: Mapping[str, Sequence[Number]]) -> None:
    for name, counts in further.items():
        sums[name] = [a + b for a, b in zip(sums.get(name, [0] * len(counts)), counts, strict=True)]


def figures_of(
    examples: Sequence[Example],
    judged: Sequence[Judged],
    sources: Mapping[str, Source],
    kinds: Scores | None = None,
    hashed: Mapping[int, NDArray[np.float64]] = MappingProxyType({}),
    languages: Mapping[int, str] = MappingProxyType({}),
) -> dict[str, Figures]:
    """Figures of some pages, by corpus; all pages of a site that are judged have to be among them.

    Args:
        examples: the pages.
        judged: what a model made of each.
        sources: the corpora, which say whether their gold holds the headline.
        kinds: probabilities of the kinds of each page's blocks, n x 12; without rows where no kind is known.
        hashed: the same with class names and ids hashed, by the places of the pages of which it is known.
        languages: by the places of the pages likewise.
    """
    found: dict[str, Figures] = {}
    for corpus, places in scorable(examples).items():
        headline = sources[corpus].headline == "in"
        figures = found.setdefault(corpus, Figures())
        for place in places:
            example = examples[place]
            figures.score = WORDS if example.segments is None else SEGMENTS
            values = _rates(example, judged[place].keep, headline=headline)
            if example.segments is None:
                figures.confidence[example.sha256[:HASH]] = round(judged[place].confidence, 4)
            for name, keep in (judged[place].at or {}).items():
                rates = _rates(example, keep, headline=headline)
                _add(figures.strictness, {name: [1, *rates] if example.segments is None else rates})
            figures.pages[example.sha256[:HASH]] = [example.page_type, *values]
    seen: dict[tuple[str, int, int], int] = {}
    for place, example in enumerate(examples):
        if example.corpus in found or example.corpus == OWN:
            keep = judged[place].keep
            figures = found.setdefault(example.corpus, Figures())
            _add(figures.elements, kept_words(example, keep))
            _add(figures.reliability, reliability(example, judged[place].scores))
            if (empty := nearly_empty(example, keep)) is not None:
                figures.answers = [a + b for a, b in zip(figures.answers or [0, 0], (empty, 1), strict=True)]
        if kinds is not None and (example.kind >= 0).any():
            figures = found.setdefault(example.corpus, Figures())
            again = _seen_before(example, place, seen)
            known = (example.kind >= 0) & ~again
            truth, guess = example.kind[known], kinds[place][known].argmax(axis=1)
            _add(figures.kinds, counts := _kinds(truth, guess))
            _add(figures.confusion, _confusion(truth, guess))
            _add(figures.labels, _labels(example, judged[place].keep, kinds[place], again))
            if place in hashed:
                _add(figures.hashed, _kinds(truth, hashed[place][known].argmax(axis=1)))
            if place in languages:
                _add(figures.languages, {f"{languages[place]} {kind}": of_kind for kind, of_kind in counts.items()})
    return found


def _rates(example: Example, keep: NDArray[np.bool_], *, headline: bool) -> list[float]:
    """Of one page F1, precision and recall, or where its gold is passages those kept, wrongly kept and lost."""
    if example.segments is not None:
        return list(segment_counts(example, keep, headline=headline))
    return [round(value, 4) for value in word_score(example, keep, headline=headline)]


def _seen_before(example: Example, place: int, seen: dict[tuple[str, int, int], int]) -> NDArray[np.bool_]:
    """Which blocks of known kind an earlier page of the site has too; those that are new are noted with the page's place."""
    again = np.zeros(len(example), dtype=np.bool_)
    for row in np.flatnonzero(example.kind >= 0).tolist() if len(example.prints) else ():
        key = (example.domain, int(example.kind[row]), int(example.prints[row]))
        again[row] = seen.setdefault(key, place) != place
    return again


def _labels(
    example: Example, keep: NDArray[np.bool_], kinds: NDArray[np.float64], again: NDArray[np.bool_]
) -> dict[str, list[int]]:
    judged = (example.content >= 0) & ~again
    if example.headline >= 0:
        judged[example.headline] = False  # it is content by rule, in the targets too
    truth = np.where(example.content == 1, 0, np.where(example.kind >= 0, example.kind + 1, len(_GIVEN)))[judged]
    given = np.where(keep, 0, kinds.argmax(axis=1) + 1)[judged]
    names = [*(label.value for label in _GIVEN), UNKNOWN]
    return {
        names[label]: np.bincount(given[truth == label], minlength=len(_GIVEN)).tolist()
        for label in np.unique(truth).tolist()
    }


def _kinds(truth: NDArray[np.int8], guess: NDArray[np.int64]) -> dict[str, list[int]]:
    return {
        label.value: [int((truth == k).sum()), int((guess == k).sum()), int(((truth == k) & (guess == k)).sum())]
        for k, label in enumerate(CHROME)
        if (truth == k).any() or (guess == k).any()
    }


def _confusion(truth: NDArray[np.int8], guess: NDArray[np.int64]) -> dict[str, list[int]]:
    return {
        CHROME[kind].value: np.bincount(guess[truth == kind], minlength=len(CHROME)).tolist()
        for kind in np.unique(truth).tolist()
    }


def confusion(figures: Iterable[Figures]) -> NDArray[np.int64]:
    """How many blocks of each kind (rows) were taken for each (columns), in the order of CHROME, on all these pages."""
    table = np.zeros((len(CHROME), len(CHROME)), dtype=np.int64)
    for found in figures:
        for row, kind in enumerate(CHROME):
            table[row] += found.confusion.get(kind.value, [0] * len(CHROME))
    return table


def label_table(figures: Iterable[Figures]) -> NDArray[np.int64]:
    """How many blocks of each label (rows, UNKNOWN the last) were given each (columns), content first, then as in CHROME."""
    table = np.zeros((len(_GIVEN) + 1, len(_GIVEN)), dtype=np.int64)
    for found in figures:
        for row, name in enumerate([*(label.value for label in _GIVEN), UNKNOWN]):
            table[row] += found.labels.get(name, [0] * len(_GIVEN))
    return table


def joined(parts: Iterable[Mapping[str, Figures]]) -> dict[str, Figures]:
    """The figures of several parts of the same corpora, corpora by name, the project's own last."""
    whole: dict[str, Figures] = {}
    for part in parts:
        for corpus, figures in part.items():
            whole.setdefault(corpus, Figures()).add(figures)
    return {corpus: whole[corpus] for corpus in sorted(whole, key=lambda name: (name == OWN, name))}


def summaries(figures: Figures) -> list[dict[str, Any]]:
    """Scores of all pages and of each page type: group, pages, score, f1, low, high, precision, recall.

    low and high bound the F1 with 95% by a bootstrap over pages. No rows where there is no gold to score against.
    """
    groups: dict[str, list[list[Any]]] = {}
    for kind, *values in figures.pages.values():
        groups.setdefault("all", []).append(values)
        if kind is not None:
            groups.setdefault(kind, []).append(values)
    rows = []
    for group, pages in groups.items():
        if figures.score == SEGMENTS:
            counts = [Segments(*map(int, page)) for page in pages]
            total: Sequence[float] = segment_score(counts)
            bounds = interval(counts)
        else:
            total = np.array(pages, dtype=np.float64).mean(axis=0).tolist()
            bounds = interval([float(page[0]) for page in pages])
        names = ("f1", "precision", "recall", "low", "high")
        rows.append(
            {"group": group, "pages": len(pages), "score": figures.score}
            | {name: round(float(value), 4) for name, value in zip(names, (*total, *bounds), strict=True)}
        )
    return rows
