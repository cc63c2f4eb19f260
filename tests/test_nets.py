"""Nets in the form that predicts give what scikit-learn's own give, to the last bit wherever the sums are made."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from declutter import compiled
from declutter.labels import CHROME
from declutter.model.directory import default_directory, load_default, load_estimators
from declutter.model.nets import EXACT, INPUT_STEPS, LARGEST, Grid, Net, weights_of
from declutter.training.nets import fit_net, grid_of
from declutter.training.settings import Settings

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

SETTINGS = Settings(net_units=6, net_batch=50)


def rows(number: int = 3, count: int = 400) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    state = np.random.default_rng(number)
    table = state.gamma(0.4, 3.0, (count, 7)).astype(np.float32)
    table[:, 2] = -1  # says nothing
    table[:, 3] *= state.random(count) < 0.1
    table[:, 4] *= 1e6
    return table


def bag(kinds: tuple[int, ...] = (0, 1), nets: int = 3) -> list[Pipeline]:
    table = rows()
    grid = grid_of(table)
    places = np.digitize(table[:, 0], np.linspace(0.3, 2, len(kinds) - 1))
    truth, weight = np.array(kinds)[places], np.random.default_rng(1).random(len(table)) + 0.5
    return [fit_net(grid, table, truth, weight, SETTINGS, 3, number) for number in range(nets)]


@pytest.fixture(params=["compiled", "pure"], autouse=True)
def form(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every test in both forms."""
    if request.param == "compiled" and not compiled.used:
        pytest.skip("the compiled forms are not built")
    monkeypatch.setattr(compiled, "used", request.param == "compiled")
    return str(request.param)


@pytest.fixture(scope="module")
def weights() -> dict[str, Any]:
    return weights_of(bag())


@pytest.mark.parametrize("count", [0, 1, 2, 500])
def test_the_log_odds_of_two_classes(count: int) -> None:
    nets, table = bag(), rows(5, count)
    found = Net(weights_of(nets)).log_odds(table)
    assert found.shape == (count, 1)
    if count:
        logs = np.mean([net.predict_log_proba(table) for net in nets], axis=0)
        np.testing.assert_allclose(found[:, 0], logs[:, 1] - logs[:, 0], atol=1e-9)


def test_the_log_odds_of_kinds_and_of_those_never_seen() -> None:
    shown = (0, 3, 4, 9)
    nets, table = bag(shown), rows(5)
    found = Net(weights_of(nets, len(CHROME))).log_odds(table)
    logs = np.mean([net.predict_log_proba(table) for net in nets], axis=0)
    np.testing.assert_allclose(np.diff(found[:, shown], axis=1), np.diff(logs, axis=1), atol=1e-9)
    assert (np.delete(found, shown, axis=1) == -30).all()


def test_the_order_in_which_a_processor_adds_makes_no_difference(weights: dict[str, Any]) -> None:
    table, order = rows(8), np.random.default_rng(2).permutation(7)
    units = np.random.default_rng(4).permutation(len(weights["bias"]))
    turned = weights | {name: weights[name][order] for name in ("softness", "middle", "scale")}
    turned |= {name: weights[name][units] for name in ("bias", "step", "second")}
    turned["first"] = weights["first"][units][:, order]
    assert np.array_equal(Net(turned).log_odds(table[:, order]), Net(weights).log_odds(table))


def test_two_kinds_alone_are_told_apart() -> None:
    nets, table = bag((3, 9)), rows(5)
    found = Net(weights_of(nets, len(CHROME))).log_odds(table)
    logs = np.mean([net.predict_log_proba(table) for net in nets], axis=0)
    np.testing.assert_allclose(found[:, 9] - found[:, 3], logs[:, 1] - logs[:, 0], atol=1e-9)
    assert (np.delete(found, (3, 9), axis=1) == -30).all()


def test_many_rows_are_read_piece_by_piece(weights: dict[str, Any], monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    if form == "compiled":
        pytest.skip("the compiled form takes a few rows at a time anyway")
    whole = Net(weights).log_odds(rows(8))
    monkeypatch.setattr("declutter.model.nets.ROWS", 33)
    assert np.array_equal(Net(weights).log_odds(rows(8)), whole)


def test_inputs_are_whole_steps_between_bounds() -> None:
    table = rows()
    table[0] = np.float32(3e38)
    table[1] = -np.float32(3e38)
    steps = grid_of(rows()).steps(table.T)
    assert (steps == np.rint(steps)).all()
    assert np.abs(steps).max() <= LARGEST * INPUT_STEPS
    assert (steps[2, 2:] == 0).all()  # what does not vary says nothing


def test_a_net_pickles(weights: dict[str, Any]) -> None:
    net = Net(weights)
    table = rows(9)
    assert np.array_equal(pickle.loads(pickle.dumps(net)).log_odds(table), net.log_odds(table))


def test_other_shapes_are_refused(weights: dict[str, Any]) -> None:
    net = Net(weights)
    net.check_shape(7, 1)
    with pytest.raises(ValueError, match="6 columns and 1 outputs are wanted, the net has 7 and 1"):
        net.check_shape(6, 1)
    with pytest.raises(ValueError, match="the net reads 7 columns"):
        net.log_odds(np.zeros((3, 6), dtype=np.float32))


@pytest.mark.parametrize("name", ["softness", "middle", "scale", "first", "bias", "step", "second", "last", "nets"])
def test_arrays_that_do_not_fit_are_refused(weights: dict[str, Any], name: str) -> None:
    with pytest.raises(ValueError, match="the net"):
        Net(weights | {name: weights[name][:-1]})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("first", 0.5, "grid"),
        ("first", EXACT, "exact"),
        ("second", 1e-9, "grid"),
        ("second", 2.0**40, "exact"),
        ("second", 1e308, "exact"),
        ("step", 0.3, "powers"),
        ("step", 2.0**-20, "powers"),
        ("step", -0.5, "powers"),
        ("softness", 0.0, "damaged"),
        ("last", 1e9, "damaged"),
        ("nets", 0.0, "damaged"),
        ("bias", np.inf, "no number"),
        ("middle", np.nan, "no number"),
    ],
)
def test_numbers_that_would_not_be_exact_are_refused(
    weights: dict[str, Any], name: str, value: float, message: str
) -> None:
    array = weights[name].copy()
    array.flat[0] = value
    with pytest.raises(ValueError, match=message):
        Net(weights | {name: array})


def test_a_unit_that_says_nothing_hides_no_weight(weights: dict[str, Any]) -> None:
    first, bias, second = (weights[name].copy() for name in ("first", "bias", "second"))
    first[0], bias[0], second[0] = 0, 0, 1e308
    with pytest.raises(ValueError, match="exact"):
        Net(weights | {"first": first, "bias": bias, "second": second})


def test_the_grid_of_columns_of_nothing() -> None:
    grid = grid_of(np.zeros((5, 2), dtype=np.float32))
    assert isinstance(grid, Grid)
    assert (grid.steps(np.zeros((2, 4), dtype=np.float32)) == 0).all()


def test_the_shipped_nets() -> None:
    model, fitted = load_default(), load_estimators(default_directory())
    assert model.text is not None
    for part, parts in ((model, fitted), (model.text, fitted["text"])):
        for judge, bag in zip(part.kinds, parts["kind_nets"].values(), strict=True):
            columns = bag[0].named_steps["net"].n_features_in_
            table = np.random.default_rng(3).gamma(0.5, 2.0, (300, columns)).astype(np.float32)
            logs = np.mean([net.predict_log_proba(table) for net in bag], axis=0)
            np.testing.assert_allclose(np.diff(judge.net.log_odds(table)), np.diff(logs), atol=1e-9)
