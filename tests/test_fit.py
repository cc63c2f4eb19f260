from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from declutter.corpus import load_corpus
from declutter.errors import CorpusError
from declutter.features import FEATURE_NAMES
from declutter.labels import CHROME
from declutter.model.form import form_of
from declutter.model.kinds import kind_trees
from declutter.model.nets import weights_of
from declutter.model.predictor import Model, calibrate
from declutter.training import fit
from declutter.training import kinds as fit_kinds
from declutter.training.examples import make_example
from declutter.training.fit import fit_parts, score_pages, useful_columns
from declutter.training.settings import Settings
from training_corpora import ROOT

if TYPE_CHECKING:
    from declutter.training.examples import Example

SMALL = Settings(
    trees=(8, 5),
    strictness_trees=8,
    screening_trees=5,
    min_leaf=5,
    rows_a_page=30,
    inner_folds=2,
    learning_rate=0.1,
    kind_rounds=3,
)


@cache
def examples() -> list[Example]:
    return [make_example(page) for page in list(load_corpus("own", ROOT / "training_data"))[:10]]


def test_two_fits_give_the_same_figures() -> None:
    first, told = fit_parts(examples(), SMALL)
    second, again = fit_parts(examples(), SMALL)
    assert told["calibration"] == again["calibration"]
    for one, other in zip(score_pages(first, examples()), score_pages(second, examples()), strict=True):
        np.testing.assert_array_equal(one, other)
    # A pass is the mean of the inner folds' fits: no two are the same.
    for bag in first["content"]:
        assert len(bag) == SMALL.inner_folds == 2
        matrix = np.random.default_rng(1).gamma(0.5, 2.0, (200, bag[0].n_features_in_))
        assert np.abs(bag[0].decision_function(matrix) - bag[1].decision_function(matrix)).max() > 1e-3
    features, layout = examples()[0].features, examples()[0].layout
    for mine, yours in zip(
        kind_trees(first["kind_first"]).values(), kind_trees(second["kind_first"]).values(), strict=True
    ):
        np.testing.assert_array_equal(mine["values"], yours["values"])
    for name, bag in first["kind_nets"].items():
        mine, yours = weights_of(bag, len(CHROME)), weights_of(second["kind_nets"][name], len(CHROME))
        assert all(np.array_equal(mine[key], yours[key]) for key in mine)
    assert len(layout) == len(features)


@pytest.mark.parametrize(
    ("corpus", "name", "read", "content", "kinds"),
    [
        ("wcxb", "1", False, 1.0, 1.0),
        ("trafilatura-eval", "1", False, 0.6, 1.0),
        ("trafilatura-eval", "1", True, 1.0, 1.0),
        ("formasaurus", "1", False, 0.0, 0.3),
        ("formasaurus", "1", True, 0.0, 1.0),
        ("own", "1", True, 3.0, 1.0),
        ("wcxb", "grafted", False, 0.35, 0.06),
    ],
)
def test_what_a_page_weighs(corpus: str, name: str, read: bool, content: float, kinds: float) -> None:
    example = replace(examples()[0], corpus=corpus, read=read, grafted=name == "grafted")
    assert fit._worth(example, Settings()) == pytest.approx(content)
    assert fit_kinds._worth(example) == pytest.approx(kinds)
    if corpus == "own":
        assert fit._worth(example, Settings().flat()) == pytest.approx(4.0)  # as text
    assert examples()[0].read  # a page of ours is labelled throughout


def test_a_fitted_model_knows_content_from_chrome_on_its_own_pages() -> None:
    steps: list[str] = []
    parts, told = fit_parts(examples(), replace(SMALL, trees=(16, 10, 10)), steps.append)
    assert any("pass 1" in step for step in steps)
    assert len(told["held_out_scores"]) == len(examples())
    scores = np.concatenate(score_pages(parts, examples()))
    truth = np.concatenate([example.content for example in examples()])
    assert scores[truth == 1].mean() > scores[truth == 0].mean() + 0.2
    model = Model("test", {"calibration": told["calibration"]}, form_of(parts))
    probabilities = model.probabilities(examples()[0].features, examples()[0].layout)
    assert probabilities.shape == (len(examples()[0]), len(CHROME) + 1)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)


def test_held_out_scores_come_from_models_that_did_not_see_the_page() -> None:
    # Turning one page's targets round changes its own held-out scores in no way when only its fold's models score it.
    parts, told = fit_parts(examples(), SMALL, kinds=False)
    assert "kind_first" not in parts
    seen = calibrate(score_pages(parts, examples())[0], *told["calibration"])
    assert not np.allclose(told["held_out_scores"][0], seen)
    for thresholds in told["held_out_thresholds"]:
        assert thresholds["recall"] <= thresholds["balanced"] <= thresholds["precision"]


def test_useful_columns_are_few_and_in_order() -> None:
    columns = useful_columns(examples(), SMALL)
    assert 5 < len(columns) < len(FEATURE_NAMES)
    assert (np.diff(columns) > 0).all()


def test_pages_of_one_site_cannot_be_held_out() -> None:
    alone = [replace(example, domain="one.test") for example in examples()]
    with pytest.raises(CorpusError, match="other sites"):
        fit_parts(alone, SMALL)


def test_settings_cannot_change_by_accident() -> None:
    with pytest.raises(AttributeError):
        SMALL.seed = 1  # type: ignore[misc]
