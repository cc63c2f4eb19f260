"""Stored figures as rows."""

from __future__ import annotations

from declutter.measure.figures import Figures
from declutter.measure.held_out import FOLDS, LEFT_OUT, Record
from declutter.measure.tables import kind_rows


def test_kinds_are_pooled_over_corpora_and_averaged() -> None:
    own = Record({}, Figures(kinds={"donation": [10, 10, 9], "signup": [10, 10, 5], "other": [5, 5, 0]}))
    real = Record({}, Figures(kinds={"donation": [10, 20, 6], "other": [5, 0, 0]}))
    rows = kind_rows([(FOLDS, "own", own), (FOLDS, "wcxb", real), (LEFT_OUT, "wcxb", own)])
    found = {(row["corpus"], row["kind"]): row for row in rows}
    assert found["own", "donation"]["f1"] == 0.9
    assert found["wcxb", "donation"] == {
        "corpus": "wcxb",
        "how": "grouped folds",
        "kind": "donation",
        "blocks": 10,
        "precision": 0.3,
        "recall": 0.6,
        "f1": 0.4,
    }
    assert found["all", "donation"]["f1"] == 0.6
    assert found["all but own", "donation"]["f1"] == 0.4
    assert found["all", "other"]["f1"] == 0.0
    # Of donation and signup; what is other counts for nothing.
    assert found["own", "mean of the kinds but other"]["f1"] == 0.7
    assert found["all", "mean of the kinds but other"]["f1"] == 0.55
    assert ("wcxb", "mean of the kinds but other") not in found
    assert ("all but own", "signup") not in found
