"""The compiled forms give what the pure ones give, to the last bit."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from declutter import compiled
from declutter.model import load_default

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(not hasattr(compiled, "speedups"), reason="the extension is not built")


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], tuple[Any, Any]]:
    """What a call gives with the compiled forms, and without them."""

    def run(call: Callable[[], Any]) -> tuple[Any, Any]:
        results = []
        for used in (True, False):
            monkeypatch.setattr(compiled, "used", used)
            results.append(call())
        return results[0], results[1]

    return run


def test_the_environment_turns_them_off() -> None:
    code = "from declutter import compiled; print(compiled.used)"
    for value, expected in (("1", "False"), ("", "True")):
        environment = {**os.environ, "DECLUTTER_PURE": value}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == expected


@pytest.mark.parametrize("rows", [0, 1, 15, 16, 17, 300])
def test_forests(rows: int, both: Callable[[Callable[[], Any]], tuple[Any, Any]]) -> None:
    for forest in load_default().content:
        matrix = np.random.default_rng(rows).gamma(0.5, 2.0, (rows, forest._columns)).astype(np.float32)
        matrix[::3, ::2] = np.nan
        matrix[1::3, ::2] = np.inf
        ours, theirs = both(partial(forest.positive, matrix))
        assert np.array_equal(ours, theirs)


def test_damaged_trees_are_refused() -> None:
    forest = load_default().content[0]
    rows, sums = np.zeros((2, forest._columns), dtype=np.float32), np.zeros(2)
    nodes, *others = forest._packed
    add: Any = compiled.speedups.forest_add
    with pytest.raises(ValueError, match="do not fit"):
        add(nodes[:-1], *others, rows, sums)
    with pytest.raises(ValueError, match="damaged"):
        add(nodes, *others, rows[:, 1:].copy(), sums)
    with pytest.raises(ValueError, match="damaged"):
        add(nodes[::-1].copy(), *others, rows, sums)
    with pytest.raises(TypeError, match="floats of 4 bytes"):
        add(nodes, *others, rows.astype(np.float64), sums)
    with pytest.raises(TypeError, match="takes 6 arguments"):
        add(nodes)
