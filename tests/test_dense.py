"""The dense net against the classifiers it was made of."""

from __future__ import annotations

import numpy as np
from sklearn.neural_network import MLPClassifier

from declutter.model.dense import DenseNet


def arrays() -> tuple[dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]], list[MLPClassifier]]:
    state = np.random.default_rng(3)
    matrix = state.normal(size=(200, 6)).astype(np.float32)
    truth = np.digitize(matrix[:, 0] + matrix[:, 1], [-0.5, 0.5])
    nets = []
    for seed in range(2):
        net = MLPClassifier((5,), random_state=seed)
        for _ in range(20):
            net.partial_fit(matrix, truth, classes=[0, 1, 2])
        nets.append(net)
    made = {
        "mean": np.zeros(6),
        "scale": np.ones(6),
        "hidden": np.stack([net.coefs_[0] for net in nets]),
        "hidden_bias": np.stack([net.intercepts_[0] for net in nets]),
        "output": np.stack([net.coefs_[1] for net in nets]),
        "output_bias": np.stack([net.intercepts_[1] for net in nets]),
    }
    return {name: array.astype(np.float32) for name, array in made.items()}, nets


def test_the_mean_of_the_nets() -> None:
    made, nets = arrays()
    matrix = np.random.default_rng(4).normal(size=(50, 6)).astype(np.float32)
    expected = np.mean([net.predict_proba(matrix) for net in nets], axis=0)
    got = DenseNet(made).predict_proba(matrix)
    np.testing.assert_allclose(got, expected, atol=1e-5)
    np.testing.assert_allclose(got.sum(axis=1), 1)


def test_standardising_and_clipping() -> None:
    made, nets = arrays()
    made |= {"mean": np.full(6, 2, np.float32), "scale": np.full(6, 0.5, np.float32)}
    matrix = np.array([[2, 2.5, 1.5, 2, 2, 2], [1e9, 2, 2, 2, 2, -1e9]], dtype=np.float32)
    plain = np.array([[0, 1, -1, 0, 0, 0], [5, 0, 0, 0, 0, -5]])
    expected = np.mean([net.predict_proba(plain) for net in nets], axis=0)
    np.testing.assert_allclose(DenseNet(made).predict_proba(matrix), expected, atol=1e-5)


def test_no_rows() -> None:
    assert DenseNet(arrays()[0]).predict_proba(np.zeros((0, 6), dtype=np.float32)).shape == (0, 3)
