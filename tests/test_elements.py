"""What of the content is lost, by element."""

from __future__ import annotations

import numpy as np
import pytest

from declutter.corpus.base import CorpusPage, MarkedElements
from declutter.corpus.sources import load_sources
from declutter.measure.elements import ELEMENTS, kept_words, nearly_empty
from declutter.measure.figures import Judged, figures_of
from declutter.measure.held_out import FOLDS, Record
from declutter.measure.tables import calibration_rows, element_rows, markdown
from declutter.training.examples import Example, make_example
from training_corpora import ROOT

TEN = "one two three four five six seven eight nine ten"
PAGE = f"""<body data-label="content"><nav data-label="navigation"><ul><li><a href="/">Home of the tide tables</a></ul></nav>
<main><h1>The main headline of this page</h1><p>By a writer</p><p>{TEN} first</p><div>{TEN} <b>div</b></div>
<h2>A lower heading</h2><ul><li>An item<li><div>Another item here</div><li><p>{TEN} in an item</p></ul>
<table><tr><th>Head of it<td>A cell<td><p>{TEN} in a cell</p></table>
<pre>a = b</pre><figure><img src="a.png"><figcaption>What is seen</figcaption></figure>
<dl><dt>Term<dd>What it means</dl><blockquote><p>{TEN} last</p></blockquote><p>The end</p></main>
<footer data-label="footer"><p>{TEN} about us</p></footer>"""


@pytest.fixture(scope="module")
def example() -> Example:
    return make_example(CorpusPage("own", "news-en-tides", PAGE.encode(), MarkedElements()))


def test_words_by_element(example: Example) -> None:
    everything = kept_words(example, np.ones(len(example), dtype=np.bool_))
    assert list(everything) == list(ELEMENTS)
    assert {name: words for name, (_, words) in everything.items()} == {
        "first paragraph": 11,
        "last paragraph": 11,
        "other paragraphs": 3 + 11 + 13 + 13 + 2,
        "headings": 3,  # the main headline is not counted: it stays whatever the model says
        "list items": 2 + 3 + 1 + 3,
        "table cells": 3 + 2,
        "code": 2,
        "captions": 3,
    }
    assert all(kept == words for kept, words in everything.values())
    nothing = kept_words(example, np.zeros(len(example), dtype=np.bool_))
    assert all(kept == 0 for kept, _ in nothing.values())


def test_what_is_kept_of_chrome_counts_nothing(example: Example) -> None:
    keep = np.asarray(example.content == 0)
    assert all(kept == 0 for kept, _ in kept_words(example, keep).values())
    assert nearly_empty(example, keep) is True
    assert nearly_empty(example, ~keep) is False


def test_a_page_without_content_has_no_answer_to_lose() -> None:
    page = CorpusPage("own", "news-en-none", b'<p data-label="footer">Nothing here</p>', MarkedElements())
    bare = make_example(page)
    bare.headline = -1
    bare.content[:] = 0
    assert nearly_empty(bare, np.ones(len(bare), dtype=np.bool_)) is None
    assert kept_words(bare, np.ones(len(bare), dtype=np.bool_)) == {}


def test_one_paragraph_is_the_first() -> None:
    page = CorpusPage("own", "news-en-one", f'<p data-label="content">{TEN}</p>'.encode(), MarkedElements())
    alone = make_example(page)
    alone.headline = -1
    assert kept_words(alone, np.ones(1, dtype=np.bool_)) == {"first paragraph": [10, 10]}


def test_figures_and_tables(example: Example) -> None:
    keep = (example.content == 1) & (example.words != 11)
    sources = load_sources(ROOT / "training_data")
    none = np.zeros(len(example), dtype=np.bool_)
    found = figures_of(
        [example] * 100,
        [Judged(np.where(keep, 0.8, 0.0), keep, 0.9), Judged(np.zeros(len(none)), none, 0.1)] * 50,
        sources,
    )
    assert found["own"].answers == [50, 100]
    assert found["own"].elements["code"] == [100, 200]
    records = [(FOLDS, "own", Record({}, found["own"]))]
    (row,) = element_rows(records)
    assert row["empty"] == 0.5
    assert row["elements"]["headings"] == {"words": 300, "recall": 0.5}
    assert row["elements"]["first paragraph"]["recall"] == 0
    report = {
        "date": "2026-01-01",
        "model": {"trained": "2026-01-01", "sha256": "0" * 64},
        "strictness": "balanced",
        "calibration": calibration_rows([(FOLDS, "wcxb", Record({}, found["own"]))]),
        "rows": [],
        "kinds": [],
        "elements": [row],
    }
    row["elements"]["captions"]["words"] = 99
    line = next(line for line in markdown(report).splitlines() if line.startswith("| own"))
    assert line == "| own | 100 | 0.000 | 0.000 | 0.369 | 0.500 | 0.500 | 0.500 | 0.500 |  | 50.0% | grouped folds |"
