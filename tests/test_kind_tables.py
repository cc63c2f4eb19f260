"""Figures of kinds: what counts, and as rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from declutter.corpus.base import CorpusPage, MarkedElements
from declutter.corpus.sources import load_sources, training_data_root
from declutter.labels import CHROME, Label
from declutter.measure.figures import UNKNOWN, Figures, Judged, figures_of, label_table
from declutter.measure.held_out import FOLDS, LEFT_OUT, SHIPPED, Record
from declutter.measure.kind_tables import hashed_rows, kind_rows, label_rows, language_kind_rows
from declutter.measure.tables import markdown
from declutter.training.examples import Example, make_example

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


def test_a_box_that_is_on_several_pages_of_a_site_counts_once() -> None:
    one = make_example(CorpusPage("own", "news-en-tides", PAGE, MarkedElements()))
    other = make_example(CorpusPage("own", "news-en-ebb", PAGE.replace(b"Give more", b"Give less"), MarkedElements()))
    elsewhere = make_example(CorpusPage("own", "news-en-flood", PAGE, MarkedElements()))
    other.domain = one.domain
    elsewhere.domain = "elsewhere.test"
    judged = Judged(np.zeros(6), np.zeros(6, dtype=np.bool_), 0.5)
    kinds = np.zeros((6, len(CHROME)))
    kinds[:, CHROME.index(Label.DONATION)] = 1
    sources = load_sources(training_data_root())

    def counts(*pages: Example) -> tuple[list[int], list[int]]:
        found = figures_of(pages, [judged] * len(pages), sources, [kinds] * len(pages))["own"]
        assert sum(found.labels["donation"]) == found.kinds["donation"][0] == sum(found.confusion["donation"])
        return found.kinds["donation"], found.kinds["footer"]

    assert counts(one) == ([2, 3, 2], [1, 0, 0])
    assert counts(one, other) == ([3, 4, 3], [1, 0, 0])
    assert counts(one, elsewhere) == ([4, 6, 4], [2, 0, 0])
    # The same words twice on one page are two blocks of one box.
    twice = make_example(CorpusPage("own", "news-en-twice", PAGE.replace(b"Give more", b"Give now"), MarkedElements()))
    assert counts(twice) == ([2, 3, 2], [1, 0, 0])
    # Not when they are said to be of another kind.
    changed = replace(one, kind=np.where(one.kind == CHROME.index(Label.FOOTER), CHROME.index(Label.SOCIAL), one.kind))
    assert counts(one, changed)[0] == [2, 4, 2]


def test_names_hashed_and_languages_are_counted_apart() -> None:
    one = make_example(CorpusPage("own", "news-en-tides", PAGE, MarkedElements()))
    two = replace(one, name="news-de-tides", domain="two.test")
    judged = Judged(np.zeros(6), np.zeros(6, dtype=np.bool_), 0.5)
    right, wrong = np.zeros((6, len(CHROME))), np.zeros((6, len(CHROME)))
    right[:, CHROME.index(Label.DONATION)] = wrong[:, CHROME.index(Label.SOCIAL)] = 1
    sources = load_sources(training_data_root())
    found = figures_of([one, two], [judged] * 2, sources, [right] * 2, {0: wrong}, {0: "en", 1: "de"})["own"]
    assert found.kinds["donation"] == [4, 6, 4]
    assert found.hashed == {"donation": [2, 0, 0], "footer": [1, 0, 0], "social": [0, 3, 0]}
    assert found.languages == {
        "en donation": [2, 3, 2],
        "en footer": [1, 0, 0],
        "de donation": [2, 3, 2],
        "de footer": [1, 0, 0],
    }
    records = [(FOLDS, "own", Record({}, found)), (FOLDS, "wcxb", Record({}, Figures(kinds={"donation": [9, 9, 9]})))]
    rows = {(row["corpus"], row["kind"]): row for row in hashed_rows(records)}
    assert rows["all", "donation"] == rows["own", "donation"] | {"corpus": "all"}
    assert (rows["own", "donation"]["f1"], rows["own", "donation"]["hashed"]) == (0.8, 0.0)
    assert rows["own", "mean of the kinds but other"]["f1"] == 0.4
    spoken = language_kind_rows(records)
    assert [row["language"] for row in spoken if row["kind"] == "donation"] == ["de", "en"]
    assert {row["f1"] for row in spoken if row["kind"] == "donation"} == {0.8}
    table = markdown(
        {"date": "", "model": {"trained": "", "sha256": ""}, "strictness": "", "rows": [], "elements": []}
        | {"calibration": [], "kinds": [], "hashed": hashed_rows(records), "kinds_by_language": spoken}
    )
    assert "| donation | own | 4 | 0.800 | 0.000 |" in table
    assert "| de |" not in table  # too few to tell


def test_languages_are_told_by_their_blocks() -> None:
    figures = Figures(languages={"de other": [15, 15, 15], "en donation": [10, 10, 10]})
    assert [row["language"] for row in language_kind_rows([(FOLDS, "own", Record({}, figures))])] == ["de", "en", "en"]
