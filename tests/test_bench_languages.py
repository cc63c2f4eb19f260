"""Languages left out: which features are wording, and the table."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from declutter.corpus.base import CorpusPage, MarkedElements
from declutter.features import FEATURE_NAMES

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.delitem(sys.modules, "languages", raising=False)
    return importlib.import_module("languages")


def test_wording_is_what_phrases_and_words_tell_and_nothing_else(bench: Any) -> None:
    names = np.array(FEATURE_NAMES)[bench.wording_columns()].tolist()
    assert {"lexicon_donation", "told_signup_up1", "reader", "asking_page", "lexicon_any_after2"} <= set(names)
    assert {name.split("_")[0] for name in names} == {
        *("lexicon", "told", "box", "reader", "writer", "asking", "press", "mail", "money")
    }
    assert not any(name.startswith(("near_name", "title", "box_links", "link", "site_name")) for name in names)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Die Brücke ist seit dem Herbst gesperrt, und niemand weiß, wann sie wieder geöffnet wird. " * 3, "de"),
        ("El puente está cerrado desde el otoño y nadie sabe cuándo se abrirá de nuevo al tráfico. " * 3, "es"),
        ("", ""),
    ],
)
def test_the_language_of_a_page(bench: Any, text: str, language: str) -> None:
    page = CorpusPage("own", "a", f"<meta charset=utf-8><p>{text}".encode(), MarkedElements())
    assert bench.language_of(page) == language


def test_the_table_says_what_wording_brings(bench: Any) -> None:
    row = {"language": "de", "pages": 350, "fitted_on": 2800, "with": 0.93, "without": 0.942}
    report = {"date": "2026-11-27", "model": None, "columns": 135, "rows": [row]}
    table = bench.markdown(report)
    assert table.splitlines()[-1] == "| de | 350 | 2800 | 0.930 | 0.942 | -0.012 |"
    assert "by `make bench-languages`: F" in table
    assert "lack the second pass" in table
    assert "by `make bench-languages`, code 0123456789ab: F" in bench.markdown(
        {**report, "code_hash": "0123456789abcdef"}
    )


def test_the_result_is_what_was_measured(bench: Any) -> None:
    report = json.loads((bench.RESULTS / "languages.json").read_text(encoding="utf-8"))
    assert bench.markdown(report) == (bench.RESULTS / "languages.md").read_text(encoding="utf-8")
