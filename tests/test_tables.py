"""Stored figures as rows."""

from __future__ import annotations

import numpy as np

from declutter.corpus.base import CorpusPage, MarkedElements, Segments
from declutter.corpus.sources import load_sources, training_data_root
from declutter.labels import CHROME, Label
from declutter.measure.figures import SEGMENTS, UNKNOWN, WORDS, Figures, Judged, figures_of, joined, label_table
from declutter.measure.held_out import FOLDS, LEFT_OUT, SHIPPED, Record
from declutter.measure.tables import kind_rows, label_rows, markdown, strictness_rows
from declutter.training.examples import make_example

PAGE = (
    b'<body data-label="content"><h1>Tides</h1><p>One two</p><p>Three</p>'
    b'<p data-label="footer">Imprint</p><p data-label="donation">Give now</p><p data-label="donation">Give more</p>'
)


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


def test_labels_that_were_given_are_counted() -> None:
    example = make_example(CorpusPage("own", "news-en-tides", PAGE, MarkedElements()))
    example.kind[3] = -1  # chrome, nobody says of which kind
    kinds = np.zeros((6, len(CHROME)))
    kinds[:, CHROME.index(Label.DONATION)] = 1
    keep = np.array([False, True, False, True, True, False])
    found = figures_of([example], [Judged(keep.astype(float), keep, 0.5)], load_sources(training_data_root()), [kinds])
    counts = found["own"].labels
    assert {name: [row[0], row[1], sum(row)] for name, row in counts.items()} == {
        "content": [1, 1, 2],  # the headline is left out
        "donation": [1, 1, 2],
        UNKNOWN: [1, 0, 1],
    }
    assert label_table([found["own"], found["own"]]).sum() == 10
    rows = {row["label"]: row for row in label_rows([(FOLDS, "own", Record({}, found["own"]))])}
    assert {*rows} == {"content", "donation"}
    assert (rows["content"]["precision"], rows["content"]["recall"], rows["content"]["blocks"]) == (0.3333, 0.5, 2)
    # That a block of content was called donation counts, too.
    assert (rows["donation"]["precision"], rows["donation"]["recall"], rows["donation"]["corpus"]) == (0.5, 0.5, "own")
    assert label_rows([(FOLDS, "own", Record({}, Figures())), (SHIPPED, "own", Record({}, found["own"]))]) == []


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
