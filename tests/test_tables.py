"""Stored figures as rows."""

from __future__ import annotations

import numpy as np

from declutter.corpus.base import CorpusPage, MarkedElements, Segments
from declutter.corpus.sources import load_sources, training_data_root
from declutter.measure.figures import SEGMENTS, WORDS, Figures, Judged, figures_of, joined
from declutter.measure.held_out import FOLDS, Record
from declutter.measure.tables import markdown, strictness_rows
from declutter.training.examples import make_example

PAGE = (
    b'<body data-label="content"><h1>Tides</h1><p>One two</p><p>Three</p>'
    b'<p data-label="footer">Imprint</p><p data-label="donation">Give now</p><p data-label="donation">Give more</p>'
)


def test_each_strictness_is_counted_and_parts_are_added() -> None:
    sources = load_sources(training_data_root())
    whole = make_example(CorpusPage("own", "news-en-tides", PAGE, MarkedElements()))
    parts = make_example(CorpusPage("trafilatura-eval", "1", PAGE, Segments(("One two", "Three"), ("Give now",))))
    little, much = np.array([True, True, False, False, False, False]), np.ones(6, dtype=np.bool_)
    judged = Judged(np.zeros(6), little, 0.5, {"precision": little, "recall": much})
    found = figures_of([whole, parts], [judged] * 2, sources)
    found = joined([found, figures_of([whole, parts], [judged] * 2, sources)])
    assert (found["own"].score, found["trafilatura-eval"].score) == (WORDS, SEGMENTS)
    assert found["own"].strictness["precision"][0] == 2
    assert found["trafilatura-eval"].strictness == {"precision": [2, 0, 2], "recall": [4, 2, 0]}
    records = [(FOLDS, name, Record({}, figures)) for name, figures in found.items()]
    rows = {(row["corpus"], row["strictness"]): row for row in strictness_rows(records)}
    assert (rows["own", "precision"]["precision"], rows["own", "precision"]["recall"]) == (1.0, 0.75)
    assert rows["own", "recall"]["recall"] == 1.0
    assert (rows["trafilatura-eval", "recall"]["precision"], rows["trafilatura-eval", "recall"]["recall"]) == (
        0.6667,
        1,
    )
    assert rows["trafilatura-eval", "precision"]["f1"] == 0.6667
    assert strictness_rows([(FOLDS, "own", Record({}, Figures(score=WORDS)))]) == []


def test_new_tables_stand_only_where_there_is_something_in_them() -> None:
    report = {
        "date": "2026-01-01",
        "model": {"trained": "2026-01-01", "sha256": "0" * 64},
        "strictness": "balanced",
        **{name: [] for name in ("calibration", "rows", "kinds", "elements")},
    }
    assert "At each name of strictness" not in markdown(report)
    rates = {"f1": 0.5, "precision": 0.25, "recall": 0.75}
    row = {
        "corpus": "wcxb",
        "how": "shipped model",
        "pages": 7,
        "blocks": 9,
        "label": "content",
        "strictness": "recall",
    }
    table = markdown(report | {"labels": [row | rates], "by_strictness": [row | rates]})
    assert "| content | wcxb | 9 | 0.250 | 0.750 | 0.500 | shipped model |" in table
    assert "| wcxb | 7 | recall | 0.500 | 0.250 | 0.750 | shipped model |" in table
