"""From the last pass to the label: joining, calibration, threshold, headline, kind, rule or box, with their effect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from declutter.decide import decide
from declutter.explain.record import Step
from declutter.labels import Label
from declutter.model.predictor import joined

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from declutter.page import Page

__all__ = ["steps_of"]

_LABELS: Final = tuple(Label)
# Other processors differ in the last bits of a score.
_MOVED: Final = 1e-6


def steps_of(page: Page, row: int, passes: NDArray[np.float64], trained: float) -> tuple[Step, ...]:
    """The steps that a block went through behind the last pass of the content model.

    Args:
        page: the page.
        row: the block.
        passes: float64, what each content pass made of the block, 0 to 1.
        trained: its content score by all of them; what a person's labels on the site made of it is the page's.
    """
    probabilities = page._probabilities[row]  # noqa: SLF001 - the columns behind the views
    score, threshold = float(probabilities[0]), page.threshold
    headline = row == page._headline  # noqa: SLF001
    said, alone = (
        _LABELS[int(decide(probabilities[None], threshold, place)[0])] for place in (0 if headline else -1, -1)
    )
    last, whole = float(passes[-1]), float(joined([passes[place : place + 1] for place in range(len(passes))])[0])
    steps = [Step("last pass", f"the log-odds make a score of {last:.3f}", last, None)]
    if len(passes) > 1:
        earlier = " and ".join(f"{one:.3f}" for one in passes[:-1])
        text = f"joined with what the pass before it made of the block, {earlier}: {whole:.3f}"
        steps.append(Step("first passes", text, whole, None))
    steps.append(Step("calibration", f"calibrated on pages that the model had not seen: {trained:.3f}", trained, None))
    if abs(score - trained) > _MOVED:
        steps.append(
            Step("site", f"its place or words were labelled so on your pages of this site: {score:.3f}", score, None)
        )
    side = f"content from {threshold:.3f} on this page"
    kept = alone is Label.CONTENT
    verdict = f"{score:.3f} {'reaches' if kept else 'is below'} the threshold: {side}"
    steps.append(Step("threshold", verdict, score, Label.CONTENT if kept else None))
    if headline:
        steps.append(Step("headline", "it is the page's main headline", score, Label.CONTENT))
    label = _LABELS[int(page._labels[row])]  # noqa: SLF001
    if said is not Label.CONTENT:
        steps.append(_kind(probabilities, said))
    if page._ruled[row]:  # noqa: SLF001
        # The last word is the rule's; that of the box would change nothing.
        model = f"as the model does: {said}" if label is said else f"where the model says {said}"
        text = f"a rule of yours says that it {'stays' if label is Label.CONTENT else 'goes'}, {model}"
        if label not in {said, Label.CONTENT}:
            text += f"; {_kind(probabilities, label).text}"
        return (*steps, Step("rule", text, score, label))
    box = next((box for box in page._box_rows if row in box.rows), None)  # noqa: SLF001
    if box is not None:
        others = len(box.rows) - 1
        with_them = f"with {others:,} other block{'' if others == 1 else 's'}" if others else "of its own"
        text = f"in a box of {_LABELS[box.label]} {with_them}, which changes no label"
        steps.append(Step("box", text, score, label))
    return tuple(steps)


def _kind(probabilities: NDArray[np.float64], kind: Label) -> Step:
    score = float(probabilities[0])
    share = float(probabilities[_LABELS.index(kind)]) / max(1 - score, 1e-9)
    return Step("kind", f"{kind} is the likeliest kind of chrome: {share:.0%}", score, kind)
