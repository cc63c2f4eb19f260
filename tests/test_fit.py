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
from declutter.model.predictor import Model, calibrate
from declutter.training.examples import make_example
from declutter.training.fit import fit_parts, score_pages, useful_columns
from declutter.training.settings import Settings
from training_corpora import ROOT

if TYPE_CHECKING:
    from declutter.training.examples import Example

SMALL = Settings(
    trees=(8, 5, 5),
    screening_trees=5,
    min_leaf=5,
    inner_folds=2,
    learning_rate=0.1,
    kind_nets=1,
    kind_rounds=3,
    kind_hidden=8,
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
    features, layout = examples()[0].features, examples()[0].layout
    for name, array in first["kind_first"].items():
        np.testing.assert_array_equal(array, second["kind_first"][name])
    assert len(layout) == len(features)


def test_a_fitted_model_knows_content_from_chrome_on_its_own_pages() -> None:
    steps: list[str] = []
    parts, told = fit_parts(examples(), SMALL, steps.append)
    assert any("pass 1" in step for step in steps)
    assert len(told["held_out_scores"]) == len(examples())
    scores = np.concatenate(score_pages(parts, examples()))
    truth = np.concatenate([example.content for example in examples()])
    assert scores[truth == 1].mean() > scores[truth == 0].mean() + 0.2
    model = Model("test", {"calibration": told["calibration"]}, parts)
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
