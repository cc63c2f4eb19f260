"""The same pages written otherwise, and held-out pages by language."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

from declutter.corpus.base import CorpusPage, LabelledRanges, MarkedElements, Segments, WholeText
from declutter.document import read_document
from declutter.measure.figures import HASH, SEGMENTS, WORDS, Figures
from declutter.measure.golds import gold_text, language_of
from declutter.measure.held_out import FOLDS, SHIPPED, HeldOut
from declutter.measure.markups import MARKUPS, by_language, by_markup
from declutter.model import load_default
from declutter.training.renamed import renamed

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
ENGLISH = (
    "The water was low and the boats lay on the sand until the tide came back in the evening, as they had for years."
)
GERMAN = (
    "Das Wasser war niedrig, und die Boote lagen auf dem Sand, bis am Abend die Flut zurückkam, wie schon seit Jahren."
)
PAGE = (
    '<body class="page"><nav class="menu top" id=main><a class="menu" href="/">Home</a></nav>'
    f"<p>{ENGLISH}</p><p>{ENGLISH.upper()}</p></body>"
)


def page(text: str = ENGLISH, gold: Any = None, html: str = PAGE, corpus: str = "dragnet") -> CorpusPage:
    return CorpusPage(corpus, "1", html.encode(), gold or WholeText(text))


@pytest.fixture
def markup(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.delitem(sys.modules, "markup", raising=False)
    return importlib.import_module("markup")


def test_names_are_hashed_alike_and_taken_away() -> None:
    document = read_document(PAGE)

    def names(markup: str) -> list[str | None]:
        found = renamed(document, markup).attributes
        return [value for pairs in found for name, value in pairs if name in {"class", "id"}]

    assert names("as served") == ["page", "menu top", "main", "menu"]
    hashed = names("hashed")
    assert hashed[1] is not None
    assert hashed[1].split()[0] == hashed[3]
    assert not {"page", "menu", "top", "main"} & set(" ".join(map(str, hashed)).split())
    assert names("absent") == []
    kept = [pairs for pairs in renamed(document, "absent").attributes if pairs]
    assert kept == [(("href", "/"),)]
    assert [pairs for pairs in document.attributes if pairs] != kept


def test_a_page_is_scored_in_each_markup_and_at_each_strictness(markup: Any) -> None:
    pages = [page(f"{ENGLISH} {ENGLISH}")]
    model = load_default()
    for name in MARKUPS:
        (found,) = by_markup(model, pages, name, 1).values()
        assert found.score == WORDS
        assert {counts[0] for counts in found.strictness.values()} == {1}
    rows = markup.markup_rows(model, pages, 1)
    assert [(row["markup"], row["strictness"]) for row in rows] == [
        (name, strictness) for name in MARKUPS for strictness in ("balanced", "precision", "recall")
    ]
    assert all(("low" in row) == (row["strictness"] == "balanced") for row in rows)


def test_the_language_is_that_of_the_gold() -> None:
    assert language_of(page()) == "en"
    assert language_of(page(GERMAN)) == "de"
    assert language_of(page(gold=Segments((GERMAN,), (ENGLISH,)))) == "de"
    assert language_of(page("Tide")) == "not told"
    assert (
        language_of(page("Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod.")) == "filler text"
    )
    assert language_of(CorpusPage("own", "1", b"", WholeText(GERMAN), language="fr-CA")) == "fr"


def test_gold_as_text() -> None:
    html = '<h1 data-label="content">Tides</h1><nav data-label="navigation">Home</nav><p data-label="content">Low.'
    assert gold_text(page(gold=MarkedElements(), html=html, corpus="own")) == "Tides\nLow."
    assert gold_text(page("Low.")) == "Low."
    assert gold_text(page(gold=Segments(("Low.",)))) is None
    assert gold_text(page(gold=LabelledRanges((), (), "utf-8", complete=False))) is None


def test_pages_are_grouped_by_language(markup: Any) -> None:
    names = [digit * HASH for digit in "abcd"]
    languages = dict(zip(names, ("en", "de", "en", "en"), strict=True))
    words = Figures(WORDS, {names[0]: ["article", 1.0, 1.0, 1.0], names[1]: [None, 0.5, 0.25, 0.75]})
    more = Figures(WORDS, {names[2]: [None, 0.5, 0.5, 0.5], "gone": [None, 0.0, 0.0, 0.0]})
    rows = by_language([words], languages)
    assert [(row["language"], row["pages"], row["f1"]) for row in rows] == [("de", 1, 0.5), ("en", 1, 1.0)]
    stored = HeldOut()
    stored.put(
        FOLDS,
        {},
        {"readability": words, "wcxb": more, "trafilatura-eval": Figures(SEGMENTS, {names[3]: [None, 2, 1, 1]})},
    )
    stored.put(SHIPPED, {}, {"dragnet": more})
    found = markup.language_rows(stored, languages)
    assert [(row["of"], row["how"], row["language"], row["pages"], row["f1"]) for row in found] == [
        (WORDS, "grouped folds", "en", 2, 0.75),
        (WORDS, "grouped folds", "de", 1, 0.5),
        (SEGMENTS, "grouped folds", "en", 1, 0.6667),
        (WORDS, "shipped model", "en", 1, 0.5),
    ]
    row = {"corpus": "dragnet", "markup": "hashed", "pages": 1, "precision": 0.5, "recall": 0.75, "f1": 0.6}
    report = {
        "date": "2026-01-01",
        "model": "0" * 64,
        "scored": "2026-01-01",
        "markups": [row | {"strictness": "recall"}, row | {"strictness": "balanced", "low": 0.1, "high": 0.9}],
        "languages": found,
    }
    table = markup.markdown(report)
    assert "| dragnet | 1 | hashed | recall | 0.500 | 0.750 | 0.600 |  |" in table
    assert "| dragnet | 1 | hashed | balanced | 0.500 | 0.750 | 0.600 | 0.100 to 0.900 |" in table
    assert "| en | 1 | segment F | 0.667 | 0.667 | 0.667 |" in table
