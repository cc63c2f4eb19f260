"""Why the blocks of a page have their labels: the model's last stages as sums over groups of features, and what follows.

The method, what it was chosen for and what it does not say are told in docs/how-it-works.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.errors import InputError, ModelError
from declutter.explain.groups import PLAYERS
from declutter.explain.phrases import Phrases
from declutter.explain.record import Account, Reason, Reasons
from declutter.explain.shapley import shapley
from declutter.explain.stages import Stages, spread
from declutter.explain.steps import steps_of
from declutter.explain.surroundings import Surroundings
from declutter.features import extract
from declutter.labels import Label
from declutter.model import load_default
from declutter.model.context import layout_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from declutter.model import Model
    from declutter.page import Page

__all__ = ["Explainer"]

_LABELS: Final = tuple(Label)
# Blocks of the page that a block is compared with (docs/experiments.md); asking for the kind costs more.
_COMPARED: Final = 16
_COMPARED_KINDS: Final = 8
# Probabilities further from those of the page are another model's; other processors differ in the last bits.
_SAME: Final = 1e-3


class Explainer:
    """Explains the blocks of one page; what all its blocks have in common is computed once.

    Args:
        page: a result of `predict`; n blocks.
        model: the model it was judged with; None for the one that the page knows, the shipped one where it knows none.

    Raises:
        ModelError: another model judged the page, or another version of declutter.
    """

    def __init__(self, page: Page, model: Model | None = None) -> None:
        self._page = page
        if not len(page._labels):  # noqa: SLF001 - the columns behind the views
            return
        loaded = model or page._model or load_default()  # noqa: SLF001
        document = page._document  # noqa: SLF001
        features, view = extract(document, page._table)  # noqa: SLF001
        layout = layout_of(view)
        self._model = loaded.of(document.markup)
        self._stages = stages = Stages(self._model, features, layout)
        site = self._model.on_site(document, page._table)  # noqa: SLF001
        said = stages.probabilities if site is None else site.adapted(stages.probabilities)
        if not np.allclose(said, page._probabilities, rtol=0, atol=_SAME):  # noqa: SLF001
            raise ModelError(
                "the page was judged by another model: give the one that judged it, as declutter.explain.Explainer(page, model),"
                " or predict the page again"
            )
        self._phrases = Phrases(view, features)
        self._surroundings = Surroundings(layout, stages.passes[0], stages.first_kinds)
        odds = stages.content(stages.content_rows)
        self._compared, self._compared_kinds = spread(odds, _COMPARED), spread(odds, _COMPARED_KINDS)

    def of(self, row: int) -> Reasons:
        """Why a block has its label.

        Args:
            row: place of the block in `page.blocks`.

        Raises:
            InputError: the page has no such block.
        """
        count = len(self._page._labels)  # noqa: SLF001
        if not 0 <= row < count:
            raise InputError(f"row is {row}: give the place of a block, of which the page has {count}, counted from 0")
        stages = self._stages
        label = _LABELS[int(self._page._labels[row])]  # noqa: SLF001
        content = self._account(row, label, stages.content_rows, stages.content_groups, stages.content, kinds=False)
        kind = None
        if label is not Label.CONTENT:
            place = _LABELS.index(label) - 1

            def log_odds(rows: NDArray[np.float32]) -> NDArray[np.float64]:
                return stages.kind(rows, place)

            kind = self._account(row, label, stages.kind_rows, stages.kind_groups, log_odds, kinds=True)
        return Reasons(
            label, content, kind, steps_of(self._page, row, stages.passes[:, row], float(stages.probabilities[row, 0]))
        )

    def _account(
        self,
        row: int,
        label: Label,
        rows: NDArray[np.float32],
        groups: NDArray[np.int64],
        value: Callable[[NDArray[np.float32]], NDArray[np.float64]],
        *,
        kinds: bool,
    ) -> Account:
        compared = self._compared_kinds if kinds else self._compared
        start, shares = shapley(rows[row], rows[compared], groups, len(PLAYERS), value)
        reasons = [
            Reason(self._words(group, row, label, kinds=kinds), float(share), group)
            for group, share in zip(PLAYERS, shares, strict=True)
        ]
        reasons.sort(key=lambda reason: -abs(reason.weight))
        return Account(start, tuple(reasons), start + sum(float(share) for share in shares))

    def _words(self, group: str, row: int, label: Label, *, kinds: bool) -> str:
        if group in self._surroundings:
            return self._surroundings.of(group, row, label if kinds else None)
        return self._phrases.of(group, row, label)
