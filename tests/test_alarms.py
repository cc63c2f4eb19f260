"""Content that talks like chrome."""

from __future__ import annotations

from pathlib import Path

import pytest

from declutter.corpus import own
from declutter.corpus.sources import load_set_aside, training_data_root
from declutter.errors import CorpusError
from declutter.measure.alarms import Alarms, alarms_of, shares
from declutter.model import load_default
from declutter.training import data
from declutter.training.examples import make_example

PAGES = Path(__file__).parents[1] / "benchmarks" / "alarms"


def test_shares() -> None:
    found = [Alarms("a", 10, 10, 100, 100), Alarms("b", 10, 9, 100, 95), Alarms("c", 20, 10, 200, 100)]
    assert shares(found) == {
        "pages": 3,
        "blocks": 40,
        "kept": 0.725,
        "words_kept": 0.7375,
        "pages_losing_any": 0.6667,
        "pages_losing_a_tenth": 0.3333,
    }


def test_our_own_pages_are_labelled_and_most_of_them_stays() -> None:
    pages = list(own.read(PAGES))
    assert len(pages) >= 15
    (first,) = alarms_of([make_example(pages[0])], load_default())
    assert 0.9 * first.blocks <= first.kept <= first.blocks
    assert 0 < first.kept_words <= first.words


def test_pages_that_are_set_aside_are_not_trained_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from training_corpora import small_corpora, small_training_data  # noqa: PLC0415 - makes corpora

    folder, root = small_training_data(tmp_path), small_corpora(tmp_path)
    monkeypatch.setattr(data, "training_data_root", lambda: folder)
    before = {page.name for page in data.load_pages(["wcxb"], root)}
    name = min(before)
    (folder / "set_aside.toml").write_text(f'wcxb = ["{name}"]\n')
    assert {page.name for page in data.load_pages(["wcxb"], root)} == before - {name}
    with pytest.raises(CorpusError, match=f"wcxb/{name} is set aside, but is not there or not annotated"):
        data.set_aside_pages(root)


def test_the_list_of_pages_that_are_set_aside(tmp_path: Path) -> None:
    assert load_set_aside(tmp_path) == frozenset()
    assert len(load_set_aside(training_data_root())) >= 25
    (tmp_path / "set_aside.toml").write_text("wcxb = 3\n")
    with pytest.raises(CorpusError, match="is not a list of page names"):
        load_set_aside(tmp_path)
    (tmp_path / "set_aside.toml").write_text("wcxb = [")
    with pytest.raises(CorpusError, match="not TOML"):
        load_set_aside(tmp_path)
