"""The prediction form: nested arrays, written and read back."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from declutter.labels import CHROME
from declutter.model.form import form_of, read_form, write_form
from declutter.training.nets import fit_net, grid_of
from declutter.training.settings import Settings


@pytest.fixture(scope="module")
def parts() -> dict[str, Any]:
    state = np.random.default_rng(1)
    matrix, truth = state.normal(size=(200, 4)), state.integers(0, 2, 200)
    kinds = state.integers(0, 3, 200)
    bags = [
        [HistGradientBoostingClassifier(max_iter=3, random_state=seed).fit(matrix, truth) for seed in range(2)]
        for _ in range(11)
    ]
    rows, settings = matrix.astype(np.float32), Settings(net_units=3)
    nets = [fit_net(grid_of(rows), rows, kinds, np.ones(len(rows)), settings, 1)]
    inner = {"content": bags[:1], "strictness": {"left": np.arange(3)}}
    whole = {"content": bags, "kind_nets": {"first": nets}, "columns": np.arange(4)}
    return {**whole, "kinds": {"mean": np.ones(2, np.float32)}, "text": inner}


def test_written_and_read_back(parts: dict[str, Any]) -> None:
    form = form_of(parts)
    found = read_form(write_form(form))
    assert {*found} == {*parts}
    assert len(found["content"]) == 11  # in their order, also beyond the ninth
    for one, other in zip(
        [*form["content"], *form["text"]["content"]], [*found["content"], *found["text"]["content"]], strict=True
    ):
        for name, array in one._asdict().items():
            np.testing.assert_array_equal(getattr(other, name), array)
            assert getattr(other, name).dtype == array.dtype
    for name, array in form["kind_nets"]["first"].items():
        np.testing.assert_array_equal(found["kind_nets"]["first"][name], array)
    assert found["kind_nets"]["first"]["second"].shape == (3, len(CHROME))
    np.testing.assert_array_equal(found["text"]["strictness"]["left"], [0, 1, 2])
    assert found["kinds"]["mean"].dtype == np.float32


def test_the_part_for_text_is_read_when_asked_for_and_pickles_as_it_lies(parts: dict[str, Any]) -> None:
    text = read_form(write_form(form_of(parts)))["text"]
    before = pickle.dumps(text)
    assert "content" in text
    assert "nonsense" not in text
    assert [*text] == ["content", "strictness"]
    assert len(text) == 2
    assert "_form" not in vars(text)
    assert text["strictness"]["left"].tolist() == [0, 1, 2]
    assert pickle.dumps(text) == before
    assert pickle.loads(before)["strictness"]["left"].tolist() == [0, 1, 2]


def test_the_same_bytes_each_time(parts: dict[str, Any]) -> None:
    assert write_form(form_of(parts)) == write_form(form_of(parts))


@pytest.mark.parametrize("data", [b"", b"text", b"PK\x03\x04"])
def test_what_is_no_form(data: bytes) -> None:
    with pytest.raises(Exception, match=r".*"):
        read_form(data)
