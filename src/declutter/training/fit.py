"""Fit a model: content in several passes and its calibration; kinds by kinds.py."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from joblib import cpu_count
from sklearn.linear_model import LogisticRegression
from sklearn.utils.parallel import Parallel, delayed

from declutter.corpus.align import NOT_ANNOTATED
from declutter.errors import CorpusError
from declutter.features import FEATURE_NAMES
from declutter.features.languages import TOPICS
from declutter.model.context import CONTENT_CONTEXT, content_context
from declutter.model.forest import Forest, trees_of
from declutter.model.predictor import calibrate, joined
from declutter.training.augment import GRAFTINGS
from declutter.training.data import OWN
from declutter.training.folds import fold_numbers
from declutter.training.kinds import fit_kinds
from declutter.training.settings import NAME_COLUMNS, Settings
from declutter.training.strictness import fit_strictness, page_thresholds
from declutter.training.trees import fit_trees

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from sklearn.ensemble import HistGradientBoostingClassifier

    from declutter.training.examples import Example

    Floats = NDArray[np.float64]
    Matrix = NDArray[np.float32]
    Progress = Callable[[str], None]

__all__ = ["fit_parts", "score_pages"]


# What tells a box from an article; public gold has few such boxes, so that the screening would drop it.
_TELLING: Final = (
    "lexicon",
    "told",
    "box",
    "site_name",
    "reader",
    "writer",
    *TOPICS,
    "input",
    "form",
    "leads",
    "near_name",
    "amount",
    "dated",
    "currency",
    "digit_share",
    "capital_words",
    # What a block stands in: two screenings of the same pages differed in these most.
    "in_",
    "since_picture",
    "until_picture",
)
_TELLING_COLUMNS: Final = np.array(
    [name.startswith(_TELLING) and not name.startswith("lexicon_heading") for name in FEATURE_NAMES]
)

CONTENT_WEIGHTS: Final = {"trafilatura-eval": 0.6, "goose3": 0.5, "formasaurus": 0.0}
"""Weight of a page in the content model by corpus, 1 where not named: partial labels say less than whole gold does.

The project's own pages weigh what the settings say: they are few, but alone have boxes inside articles labelled throughout.
Formasaurus labels nothing but forms: with its pages in, forms of other pages lost content. Labelled throughout, its front pages and
shops taught that teasers and forms' surroundings are content: articles of WCXB lost .004 (docs/experiments.md).
"""

_GRAFTED: Final = 0.7 / GRAFTINGS
"""Weight of a page with grafts beside the same page without: together they weigh .7."""

_SCREENINGS: Final = 2
"""Small fits that columns are chosen by: by one alone, another draw of it gave other columns (19 of 330)."""


def _worth(example: Example, settings: Settings) -> float:
    """The weight of a page in the content model; one that is labelled throughout weighs no less than 1, but for corpora that weigh 0."""
    worth = settings.own_weight if example.corpus == OWN else CONTENT_WEIGHTS.get(example.corpus, 1.0)
    return (max(worth, 1.0) if example.read and worth else worth) * (_GRAFTED if example.grafted else 1.0)


def _rows(example: Example, settings: Settings, state: np.random.Generator) -> tuple[NDArray[np.int64], Floats]:
    """Rows of a page to train on, and their weights.

    Every page weighs the same, times its corpus's weight; inside it a block weighs by its words, damped. Long pages are
    sampled, so that they cost no more than others.
    """
    known = np.flatnonzero(example.content != NOT_ANNOTATED)
    worth = _worth(example, settings)
    if not len(known) or not worth:
        return known[:0], np.zeros(0)
    weights = (example.words[known] + 1) ** settings.word_power
    weights *= 100 * worth / weights.sum()
    most = settings.rows_a_page // (GRAFTINGS if example.grafted else 1)
    if len(known) > most:
        chosen = np.sort(state.choice(len(known), most, replace=False))
        weights = weights[chosen] * len(known) / most
        known = known[chosen]
    return known, weights


def _fit_content(
    examples: Sequence[Example],
    inputs: Sequence[Matrix],
    names: NDArray[np.int64],
    settings: Settings,
    trees: int,
    number: int = 0,
) -> HistGradientBoostingClassifier:
    """Fit trees on one matrix a page; on a share of the pages the columns `names` are blank.

    So the model has seen pages whose class names are hashed or absent, and can do without them. The number is that in a
    bag: each has other blank pages, other rows of long ones and other columns at each split.
    """
    state = np.random.default_rng(settings.seed + number)
    columns, targets, weights = [], [], []
    for example, matrix in zip(examples, inputs, strict=True):
        rows, weight = _rows(example, settings, state)
        if not len(rows):
            continue
        part = matrix[rows]
        if state.random() < settings.names_dropped:
            part[:, names] = 0
        columns.append(part)
        targets.append(example.content[rows])
        weights.append(weight)
    weight = np.concatenate(weights)
    return fit_trees(
        np.concatenate(columns),
        np.concatenate(targets),
        weight / weight.mean(),
        max_iter=trees,
        learning_rate=settings.learning_rate,
        max_leaf_nodes=settings.leaves,
        min_samples_leaf=settings.min_leaf,
        l2_regularization=settings.l2,
        max_features=settings.max_features,
        random_state=settings.seed + number,
    )


def useful_columns(examples: Sequence[Example], settings: Settings) -> NDArray[np.int64]:
    """Columns that small first fits draw at least `least_gain` of their gain from; the rest only costs time."""
    inputs = [example.features for example in examples]
    few = replace(settings, rows_a_page=min(settings.rows_a_page, settings.screening_rows))
    fits = Parallel(min(cpu_count(), _SCREENINGS), backend="threading")(
        delayed(_fit_content)(examples, inputs, NAME_COLUMNS, few, settings.screening_trees, number)
        for number in range(_SCREENINGS)
    )
    gains = np.zeros(len(FEATURE_NAMES))
    for model in fits:
        for (tree,) in model._predictors:  # noqa: SLF001 - scikit-learn shows no gains; its version is bounded
            splits = tree.nodes[tree.nodes["is_leaf"] == 0]
            np.add.at(gains, splits["feature_idx"], splits["gain"])
    return np.flatnonzero((gains >= settings.least_gain * gains.sum()) | _TELLING_COLUMNS)


def _pages(bag: Sequence[HistGradientBoostingClassifier], matrices: Sequence[Matrix]) -> list[Floats]:
    """Probabilities of a bag, page by page."""
    if not matrices:
        return []
    whole = Forest(trees_of(bag)).positive(np.concatenate(matrices))
    return np.split(whole, np.cumsum([len(matrix) for matrix in matrices])[:-1])


def _later_inputs(narrow: Sequence[Matrix], contexts: Sequence[Matrix]) -> list[Matrix]:
    return [np.hstack(pair) for pair in zip(narrow, contexts, strict=True)]


def fit_parts(
    examples: Sequence[Example],
    settings: Settings,
    progress: Progress = lambda _: None,
    *,
    grafted: Sequence[Example] = (),
    kinds: bool = True,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fit all passes.

    A later pass is fitted on values of the earlier ones that come from inner folds grouped by registrable domain, much as it
    will see them on unknown pages. Calibration and thresholds come from the same inner folds. The model is the mean of the
    folds' fits: no worse than fits of all pages, steadier, and there for nothing. What a later pass makes of a held-out page
    hangs a little on it, through what the earlier fits made of other pages; `evaluate` nests the folds.

    Args:
        examples: training pages, without duplicates.
        settings: the run's settings.
        progress: told what is being done.
        grafted: further pages for the content model (see augment.py); calibration does not see them.
        kinds: fit the kind model too.

    Returns:
        The estimators by name, and what the fit tells: the calibration that model.json records, and of each of `examples`
        the calibrated scores (held_out_scores) and thresholds by name of strictness (held_out_thresholds), from models
        that saw no page of its site.

    Raises:
        CorpusError: the pages are of too few sites to hold any out, or fewer than two say anything of kinds.
    """
    given = len(examples)
    scored, examples = examples, [*examples, *grafted]
    numbers = fold_numbers(examples, settings.inner_folds)
    folds = sorted(set(numbers))
    if len(folds) < 2:
        raise CorpusError("all training pages are of one inner fold: add pages of other sites")
    progress("choosing columns")
    columns = useful_columns(examples, settings)
    names = np.flatnonzero(np.isin(columns, NAME_COLUMNS))
    narrow = [np.ascontiguousarray(example.features[:, columns]) for example in examples]

    def fit(
        places: Sequence[int], inputs: Sequence[Matrix], trees: int, number: int = 0
    ) -> HistGradientBoostingClassifier:
        chosen = [examples[i] for i in places], [inputs[i] for i in places]
        return _fit_content(*chosen, names, settings, trees, number)

    everything = range(len(examples))
    parts: dict[str, Any] = {"content_columns": columns, "content": []}
    inputs: Sequence[Matrix] = narrow
    contexts = [np.zeros((len(example), len(CONTENT_CONTEXT)), dtype=np.float32) for example in examples]
    passes: list[list[Floats]] = []
    for number, trees in enumerate(settings.trees, 1):
        if passes:
            contexts = [content_context(e.layout, joined(seen)) for e, *seen in zip(examples, *passes, strict=True)]
            inputs = _later_inputs(narrow, contexts)
        progress(f"pass {number}: {len(folds)} inner folds")
        fits = Parallel(min(cpu_count(), len(folds)), backend="threading")(
            delayed(fit)([i for i in everything if numbers[i] != fold], inputs, trees, draw)
            for draw, fold in enumerate(folds)
        )
        parts["content"].append(fits)
        outside: list[Floats] = [np.zeros(0)] * len(examples)
        for fold, model in zip(folds, fits, strict=True):
            held = [i for i in everything if numbers[i] == fold]
            for place, values in zip(held, _pages([model], [inputs[i] for i in held]), strict=True):
                outside[place] = values
        passes.append(outside)
    raw = [joined(seen) for seen in zip(*passes, strict=True)][:given]
    calibration = _calibration(scored, raw, settings)
    held_out = [calibrate(scores, *calibration) for scores in raw]
    progress("strictness")
    parts["strictness"] = fit_strictness(scored, held_out, settings)
    if kinds:
        progress("kinds")
        parts |= fit_kinds(examples, contexts, settings)
    return parts, {
        "calibration": calibration,
        "held_out_scores": held_out,
        "held_out_thresholds": _held_out_thresholds(scored, held_out, numbers, settings),
    }


def _held_out_thresholds(
    examples: Sequence[Example], scores: Sequence[Floats], numbers: Sequence[int], settings: Settings
) -> list[dict[str, float]]:
    """The thresholds of each page, from forests that saw no page of its site."""
    found: list[dict[str, float]] = [{}] * len(examples)
    for fold in set(numbers[: len(examples)]):
        seen = [i for i in range(len(examples)) if numbers[i] != fold]
        parts = fit_strictness([examples[i] for i in seen], [scores[i] for i in seen], settings)
        held = [i for i in range(len(examples)) if numbers[i] == fold]
        for place, thresholds in zip(
            held, page_thresholds(parts, [examples[i] for i in held], [scores[i] for i in held]), strict=True
        ):
            found[place] = thresholds
    return found


def _calibration(examples: Sequence[Example], scores: Sequence[Floats], settings: Settings) -> list[float]:
    """Slope and offset of Platt scaling on the log-odds, every page weighing the same."""
    known = [(e.content != NOT_ANNOTATED) & (_worth(e, settings) > 0) for e in examples]
    raw = np.concatenate([p[k] for p, k in zip(scores, known, strict=True)])
    truth = np.concatenate([e.content[k] for e, k in zip(examples, known, strict=True)])
    weight = np.concatenate([np.full(int(k.sum()), 1 / max(int(k.sum()), 1)) for k in known])
    clipped = np.clip(raw, 1e-6, 1 - 1e-6)
    logit = (np.log(clipped) - np.log1p(-clipped))[:, None]
    line = LogisticRegression(C=1e6).fit(logit, truth, sample_weight=weight)
    return [round(float(line.coef_[0, 0]), 4), round(float(line.intercept_[0]), 4)]


def score_pages(parts: dict[str, Any], examples: Sequence[Example]) -> list[Floats]:
    """Uncalibrated content scores of all passes, page by page."""
    narrow = [np.ascontiguousarray(example.features[:, parts["content_columns"]]) for example in examples]
    passes = [_pages(parts["content"][0], narrow)]
    for bag in parts["content"][1:]:
        contexts = [content_context(e.layout, joined(seen)) for e, *seen in zip(examples, *passes, strict=True)]
        passes.append(_pages(bag, _later_inputs(narrow, contexts)))
    return [joined(seen) for seen in zip(*passes, strict=True)]
