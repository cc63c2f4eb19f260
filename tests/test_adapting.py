"""What adapting gains on pages held out: labels out of gold, taught sites, other sites, tables."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from declutter.corpus.base import CorpusPage, WholeText
from declutter.model import load_default
from declutter.training import sites as fits
from template_pages import TOPICS, site_page

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
SITES = ("brackwater-herald.example", "lantern.example")


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.delitem(sys.modules, "adapting", raising=False)
    return importlib.import_module("adapting")


def page(number: int, site: str) -> CorpusPage:
    """A page whose gold leaves the tides out, as its readers do."""
    topic = TOPICS[number % len(TOPICS)]
    html = site_page(number, site)
    if site != SITES[0]:
        html = html.replace(b"herald-", b"lantern-")
    gold = (
        f"The council spoke of {topic} for the whole of Tuesday evening, and ended where it had begun, with a vote to wait."
        f" Residents who had come to hear about {topic} left at ten, when the hall closed, and talked on in the rain outside."
        f" A second meeting about {topic} follows on the ninth, the clerk said, and the minutes will be printed before then."
    )
    return CorpusPage("wcxb", f"{site}-{number}", html, WholeText(gold), url=f"https://www.{site}/{number}")


def pages() -> list[CorpusPage]:
    return [page(number, site) for site in SITES for number in range(4)]


def test_sites_with_enough_pages(bench: Any) -> None:
    found = bench.sites_of([*pages(), page(0, "lonely.example")])
    assert {name: len(there) for name, there in found.items()} == dict.fromkeys(SITES, 4)


def test_labels_of_a_page(bench: Any) -> None:
    example = bench.labelled(page(0, SITES[0]), load_default())
    assert (example.labels == 0).sum() == 3
    assert example.labels[example.headline] == -1
    assert (example.labels > 0).sum() == len(example.labels) - 4


def test_from_pages_to_tables(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "TAUGHT", (1, 3, 5))
    model = load_default()
    sites = {name: [bench.labelled(each, model) for each in found] for name, found in bench.sites_of(pages()).items()}
    measured = bench.measure(sites, model, (fits._PRIOR, 1e9))
    rows = {(row["taught"], row["prior"]): row for row in measured["rows"]}
    gained, still = rows[3, fits._PRIOR], rows[3, 1e9]
    assert (gained["pages"], gained["sites"], gained["worse"]) == (8, 2, 0)
    assert gained["after"] > gained["before"] == still["before"]
    assert still["after"] == pytest.approx(still["before"])
    assert (gained["ships"], still["ships"]) == (True, False)
    assert rows[5, fits._PRIOR]["pages"] == 0
    assert measured["elsewhere"]["pairs"] == 8
    shipped = bench.measure(sites, model, None)["rows"]
    assert [row["prior"] for row in shipped] == [fits._PRIOR_OF_ONE, fits._PRIOR, fits._PRIOR]
    corpus = {"date": "2026-01-01", "commit": "c039d5e", "pages": 8, "sites": 2, **measured}
    table = bench.markdown({"model": "0" * 64, "corpora": {"wcxb": corpus}})
    assert f"| 3 | {fits._PRIOR:g}, ships | 8 | 2 | " in table
    assert f"| told | 2 | {fits._AGREED:g} | {fits._HELD:g}, ships | 4 | 1 | " in table
    assert "Of 8 pairs of a page and another site" in table


def test_where_only_what_is_wrong_is_labelled(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "MENDED", (2, 4))
    model = load_default()
    sites = {name: [bench.labelled(each, model) for each in found] for name, found in bench.sites_of(pages()).items()}
    labels = [bench.only_wrong(example, model).labels for example in sites[SITES[0]]]
    assert all(0 < (given >= 0).sum() < 3 for given in labels)
    rows = bench.measure_partly(sites, model, ((0.0, 0.0), bench.SHIPS))
    assert [(row["half"], row["taught"], row["ships"]) for row in rows[:4]] == [
        ("chosen on", 2, False),
        ("chosen on", 2, True),
        ("chosen on", 4, False),
        ("chosen on", 4, True),
    ]
    assert {(row["pages"], row["sites"]) for row in rows if row["taught"] == 2} == {(4, 1)}
    assert all(row["after"] >= row["before"] and row["worse"] == 0 for row in rows if row["ships"])
    assert all(row["pages"] == 0 for row in rows if row["taught"] == 4)


def test_the_prior_is_put_back(bench: Any) -> None:
    before = fits._PRIOR, fits._PRIOR_OF_ONE
    bench.taught([bench.labelled(page(0, SITES[0]), load_default())], 50.0)
    assert before == (fits._PRIOR, fits._PRIOR_OF_ONE)


def test_the_mean_and_the_interval(bench: Any) -> None:
    found = bench.gain({"a": [(0.5, 0.75), (0.5, 0.25)], "b": [(0.5, 0.5)]})
    assert (found.pages, found.sites, found.before, found.after) == (3, 2, 0.5, 0.5)
    assert found.low <= 0 <= found.high
    assert found.worse == pytest.approx(1 / 3, abs=1e-4)
    assert np.isfinite(bench.gain({})).all()
