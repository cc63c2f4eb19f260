"""All passes: features to one probability vector a block."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from numbers import Real
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from declutter.errors import ModelError
from declutter.features import FEATURE_NAMES
from declutter.labels import CHROME
from declutter.model.arrays import places
from declutter.model.context import CONTENT_CONTEXT, KIND_POOLS, content_context, kind_context
from declutter.model.forest import Forest
from declutter.model.kinds import KindPass
from declutter.model.strictness import BETAS, CurveForest, Expected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document
    from declutter.model.context import Layout
    from declutter.model.sites import OnSite, Site

    Floats = NDArray[np.float64]

__all__ = ["Model", "Scores", "calibrate", "check_strictness", "joined"]


def calibrate(probabilities: Floats, slope: float, offset: float) -> Floats:
    """Platt scaling on the log-odds: 1 / (1 + exp(-(slope x logit(p) + offset))) (Platt 1999)."""
    clipped = np.clip(probabilities, 1e-6, 1 - 1e-6)
    logit = np.log(clipped) - np.log1p(-clipped)
    return np.asarray(1 / (1 + np.exp(-(slope * logit + offset))))


def check_strictness(strictness: str | float) -> None:
    """Check that it is a name of BETAS or a number from 0 to 1.

    Raises:
        ValueError: it is neither.
        TypeError: it is no number and no name.
    """
    if not isinstance(strictness, str | Real) or isinstance(strictness, bool):
        raise TypeError(strictness)
    if strictness not in BETAS if isinstance(strictness, str) else not 0 <= strictness <= 1:
        raise ValueError(strictness)


_LATEST: Final = 0.75


def joined(passes: Sequence[Floats]) -> Floats:
    """The content score of all passes so far, before calibration: three quarters of it are the latest's.

    The latest alone is best inside the training corpora, the mean of two on corpora left out (docs/experiments.md).
    """
    score = passes[0]
    for latest in passes[1:]:
        score = _LATEST * latest + (1 - _LATEST) * score
    return score


@contextmanager
def _fitting(name: str, what: str) -> Iterator[None]:
    """Say what to do where arrays that are read late do not fit; a file may hold anything."""
    try:
        yield
    except Exception as error:
        raise ModelError(
            f"the model {name} holds arrays for {what} that do not fit ({error}): train the model again"
        ) from error


class Scores(NamedTuple):
    """What the content passes made of n blocks.

    Attributes:
        content: float64, n, calibrated content scores.
        context: float32, n x CONTENT_CONTEXT, what the last pass saw of the passes before.
    """

    content: Floats
    context: NDArray[np.float32]


def _sites(parts: Mapping[str, Any]) -> tuple[Site, ...]:
    from declutter.model.sites import Site  # noqa: PLC0415 - few models need it

    return tuple(Site(parts[number]) for number in sorted(parts, key=int))


@dataclass(slots=True)
class Model:
    """A loaded model. Made by `load_model`; it holds no state that prediction changes.

    Attributes:
        name: name of its directory.
        info: what its model.json records.
        parts: its prediction form (see form.py): the columns that each model reads (content_columns, kind_columns) and what
            was fitted: content (trees a pass), kind_first, kind_second and kind_nets, strictness; as `text`, the same for plain
            text; in an adapted model `sites`, by number.
        content: the passes in the form that predicts.
        strictness: what F to expect of a page at each threshold.
        sites: what was learnt from a person's labels on pages of some sites (see sites.py); mostly none.
    """

    name: str
    info: Mapping[str, Any]
    parts: Mapping[str, Any]
    content: tuple[Forest, ...] = field(init=False, repr=False)
    _kinds: tuple[KindPass, KindPass] | None = field(init=False, repr=False)
    strictness: CurveForest = field(init=False, repr=False)
    sites: tuple[Site, ...] = field(init=False, repr=False)
    _text: Model | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("content_columns", "kind_columns"):
            places(self.parts[name], len(FEATURE_NAMES))
        self.content = tuple(Forest(trees) for trees in self.parts["content"])
        columns = len(self.parts["content_columns"])
        for number, forest in enumerate(self.content):
            forest.check_columns(columns + len(CONTENT_CONTEXT) * (number > 0))
        self._kinds = None
        self.strictness = CurveForest(self.parts["strictness"])
        self._text = None
        self.sites = _sites(self.parts["sites"]) if "sites" in self.parts else ()

    @property
    def kinds(self) -> tuple[KindPass, KindPass]:
        """The passes for kinds in the form that predicts, made when first asked for.

        Raises:
            ModelError: their arrays do not fit each other.
        """
        if self._kinds is None:
            with _fitting(self.name, "kinds"):
                nets = self.parts["kind_nets"]
                first, second = (KindPass(self.parts[f"kind_{name}"], nets[name]) for name in ("first", "second"))
                columns = len(self.parts["kind_columns"])
                first.check_columns(columns)
                second.check_columns(columns + len(CONTENT_CONTEXT) + len(CHROME) * (1 + len(KIND_POOLS)))
                self._kinds = first, second
        return self._kinds

    @property
    def text(self) -> Model | None:
        """The model of what comes as plain text; None in that itself, and where only pages with markup are known.

        Raises:
            ModelError: its arrays do not fit each other.
        """
        if self._text is None and "text" in self.parts:
            with _fitting(self.name, "text"):
                self._text = Model(self.name, self.info["text"], self.parts["text"])
        return self._text

    def check(self) -> None:
        """Make what is otherwise made when first asked for.

        Raises:
            ModelError: arrays do not fit each other.
        """
        for model in (self, self.text):
            if model is not None:
                _ = model.kinds

    def of(self, markup: str) -> Model:
        """The model for what is written in a markup (see document.Markup)."""
        return self.text if markup == "text" and self.text is not None else self

    def on_site(self, document: Document, blocks: Blocks) -> OnSite | None:
        """What is known of the site of a page; None where nothing is."""
        if not self.sites:
            return None
        from declutter.model.sites import page_keys, recognised  # noqa: PLC0415 - few models need it

        return recognised(self.sites, page_keys(document, blocks))

    def expected(self, features: NDArray[np.float32], layout: Layout, scores: Floats) -> Expected:
        """What F-score to expect of a page at each threshold, from its calibrated content scores (float64, n)."""
        return self.strictness.expected(features, layout.weights, scores)

    def content_scores(self, features: NDArray[np.float32], layout: Layout) -> Scores:
        """The content passes over one page.

        Args:
            features: float32, n x features.
            layout: where the blocks stand.
        """
        return self.judge_content(features, lambda _, score: content_context(layout, score))

    def probabilities(self, features: NDArray[np.float32], layout: Layout, scores: Scores | None = None) -> Floats:
        """All passes over one page.

        Args:
            features: float32, n x features.
            layout: where the blocks stand.
            scores: its content_scores, where they are known.

        Returns:
            float64, n x labels: the first column is the calibrated content_score, the kinds share out the rest; rows
            sum to 1.
        """
        scores = scores or self.content_scores(features, layout)
        return self.judge_kinds(features, scores, lambda kinds: kind_context(layout, kinds))

    def judge(
        self,
        features: NDArray[np.float32],
        context_of: Callable[[int, Floats], NDArray[np.float32]],
        around_of: Callable[[Floats], NDArray[np.float32]],
    ) -> Floats:
        """All passes, with what they see of the blocks around given by the caller: see the two below."""
        return self.judge_kinds(features, self.judge_content(features, context_of), around_of)

    def judge_content(
        self, features: NDArray[np.float32], context_of: Callable[[int, Floats], NDArray[np.float32]]
    ) -> Scores:
        """The content passes, with what they see of the blocks around given by the caller.

        Args:
            features: float32, n x features.
            context_of: what pass i, from 1, sees of the score so far (n): n x CONTENT_CONTEXT.
        """
        context = np.zeros((len(features), len(CONTENT_CONTEXT)), dtype=np.float32)
        if len(features) == 0:
            return Scores(np.zeros(0), context)
        columns = self.parts["content_columns"]
        passes = [self.content[0].positive_of(features, columns)]
        for number, forest in enumerate(self.content[1:], 1):
            context = context_of(number, joined(passes))
            passes.append(forest.positive_of(features, columns, context))
        return Scores(calibrate(joined(passes), *self.info["calibration"]), context)

    def judge_kinds(
        self, features: NDArray[np.float32], scores: Scores, around_of: Callable[[Floats], NDArray[np.float32]]
    ) -> Floats:
        """The kind passes, with what they see of the blocks around given by the caller.

        Args:
            features: float32, n x features.
            scores: what the content passes made of them.
            around_of: what the second pass sees of the first's probabilities.

        Returns:
            As `probabilities`.
        """
        if len(features) == 0:
            return np.zeros((0, len(CHROME) + 1))
        telling = features[:, self.parts["kind_columns"]]
        kinds = self.kinds[0].predict_proba(telling)
        around = around_of(kinds)
        kinds = self.kinds[1].predict_proba(np.hstack([telling, scores.context, kinds.astype(np.float32), around]))
        return np.hstack([scores.content[:, None], (1 - scores.content)[:, None] * kinds])
