"""Evaluation: no model scores a page of a site that it saw."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from declutter.errors import InputError
from declutter.measure.figures import Judged
from declutter.training import evaluate
from declutter.training.folds import cell_of
from declutter.training.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


def pages(corpus: str, count: int, first: int = 0) -> list[Any]:
    return [
        SimpleNamespace(
            domain=f"site{number}.test",
            corpus=corpus,
            name=str(number),
            kind=np.full(2, -1),
            gold_counts=None,
            segments=None,
        )
        for number in range(first, first + count)
    ]


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[set[str], set[str]]]:
    """The sites of the pages and of the grafted pages that each fit saw."""
    seen: list[tuple[set[str], set[str]]] = []

    def fit_parts(examples: Any, *_: Any, grafted: Any, **__: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        seen.append(({page.domain for page in examples}, {page.domain for page in grafted}))
        return {"seen": seen[-1], "strictness": {}}, {"calibration": [1.0, 0.0]}

    def score_pages(parts: dict[str, Any], held: Any) -> list[Any]:
        assert not {page.domain for page in held} & set.union(*parts["seen"])
        return [np.full(2, 0.5) for _ in held]

    monkeypatch.setattr(evaluate, "fit_parts", fit_parts)
    monkeypatch.setattr(evaluate, "score_pages", score_pages)
    monkeypatch.setattr(evaluate, "_judged", lambda _, __, scores: [Judged(s, s > 0, 0.5) for s in scores])
    monkeypatch.setattr(evaluate, "Model", lambda *_: None)
    monkeypatch.setattr(evaluate, "form_of", dict)
    return seen


def test_a_fold_is_held_out_with_its_grafts(fits: list[tuple[set[str], set[str]]]) -> None:
    examples = pages("wcxb", 60)
    found = list(evaluate._by_folds(examples, pages("wcxb", 60), Settings(), 5, lambda _: None))
    assert len(fits) == len(found) == 5
    assert sorted(page.name for _, held, *_ in found for page in held) == sorted(page.name for page in examples)
    assert all(len(held) == len(scores) == len(kinds) for _, held, scores, kinds, _ in found)
    for sites, grafted in fits:
        assert grafted <= sites
        # Whole cells are held out: what is cut from a held-out page is set into held-out pages alone.
        assert not {cell_of(site) for site in sites} & {
            cell_of(page.domain) for page in examples if page.domain not in sites
        }


def test_folds_that_are_done_are_passed_over(fits: list[tuple[set[str], set[str]]]) -> None:
    told: list[str] = []
    found = evaluate._by_folds(pages("wcxb", 60), [], Settings(), 5, told.append, {0, 3})
    assert [fold for fold, *_ in found] == [1, 2, 4]
    assert len(fits) == 3
    assert "outer fold 4 of 5: finished before" in told


def test_a_corpus_is_left_out_with_its_sites(
    fits: list[tuple[set[str], set[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    examples = [*pages("wcxb", 20), *pages("readability", 20, 10)]  # ten sites in both
    monkeypatch.setattr(
        evaluate,
        "scorable",
        lambda found: {"readability": [i for i, e in enumerate(found) if e.corpus == "readability"]},
    )
    (found,) = evaluate._left_out(examples, pages("wcxb", 20), Settings(), lambda _: None, ["readability"])
    assert found[0] == "readability"
    assert len(found[1]) == 20
    assert fits == [({f"site{number}.test" for number in range(10)},) * 2]


@pytest.mark.parametrize("folds", [1, 2, 3, 10, 15, -1])
def test_folds_that_would_part_boxes_from_their_pages(folds: int, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="give 0, 4, 5 or 20"):
        evaluate.evaluate(results=tmp_path, folds=folds)


def test_a_corpus_that_is_not_there_cannot_be_left_out(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="wcxbb cannot be left out: name a training corpus that is here, of all"):
        evaluate.evaluate(root=tmp_path, results=tmp_path, left_out=["wcxbb"])
