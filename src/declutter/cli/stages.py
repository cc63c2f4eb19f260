"""How long each stage of cleaning takes, for `declutter clean --profile`.

The stages are timed from outside, by clocks around their functions while it is asked for: the way of a page knows nothing of it.
"""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from declutter import pipeline
from declutter.cli import work
from declutter.document.limits import Gauge
from declutter.model import Model, predictor
from declutter.model.forest import Forest
from declutter.render import html
from declutter.rules.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["REST", "STAGES", "timed"]


def _content_pass(_forest: Any, _table: Any, _columns: Any, beside: Any = None) -> str:
    """The stage of a call of `Forest.positive_of`: a later pass also sees what came out of the one before."""
    return "first pass" if beside is None else "second pass"


# A stage, or what tells it by the arguments of the call; and whose function it is.
_FUNCTIONS: Final[tuple[tuple[str | Callable[..., str], Any, str], ...]] = (
    ("read", work, "read_item"),
    ("parse", Gauge, "read"),
    ("walk", pipeline, "segment"),
    ("features", pipeline, "extract"),
    (_content_pass, Forest, "positive_of"),
    ("second pass", predictor, "content_context"),
    ("threshold", Model, "expected"),
    ("kind model", Model, "probabilities"),
    ("labels", pipeline, "decide"),
    ("labels", pipeline, "kept"),
    ("labels", Rules, "apply"),
    ("render", work, "_rendered"),
    ("render", pipeline, "render"),
    ("render", pipeline, "rendered"),
    ("render", html, "page_html"),
)

STAGES: Final = (
    *("read", "parse", "walk", "features", "first pass", "second pass"),
    *("threshold", "kind model", "labels", "render"),
)
"""The stages, in the order in which a page goes through them."""

REST: Final = "rest"
"""What is between them."""


@contextmanager
def timed() -> Iterator[dict[str, float]]:
    """Time the stages while this lasts; gives the seconds of each of STAGES and of the rest, complete at the end.

    Of what is called inside a stage nothing counts twice. Only this process is timed.
    """
    seconds = dict.fromkeys((*STAGES, REST), 0.0)
    inside = [False]
    whole = time.perf_counter()
    with ExitStack() as ended:
        for stage, owner, name in _FUNCTIONS:
            function = getattr(owner, name)
            setattr(owner, name, _with_clock(function, stage, seconds, inside))
            ended.callback(setattr, owner, name, function)
        yield seconds
    seconds[REST] = time.perf_counter() - whole - sum(seconds.values())


def _with_clock(
    function: Callable[..., Any], stage: str | Callable[..., str], seconds: dict[str, float], inside: list[bool]
) -> Callable[..., Any]:
    @wraps(function)
    def run(*args: Any, **options: Any) -> Any:
        if inside[0]:
            return function(*args, **options)
        at = stage if isinstance(stage, str) else stage(*args, **options)
        inside[0] = True
        start = time.perf_counter()
        try:
            return function(*args, **options)
        finally:
            seconds[at] += time.perf_counter() - start
            inside[0] = False

    return run
