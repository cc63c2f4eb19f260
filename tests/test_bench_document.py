"""Documents less their chrome, counted over corpora: the draw, the counts, what fails, what is written."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from altered import Altered
from declutter.corpus.base import CorpusPage, MarkedElements
from declutter.errors import InputError
from declutter.measure.cutting import Cut
from declutter.model import load_default
from dropping import dropping
from training_corpora import small_corpora

ROOT = Path(__file__).parents[1]
OWN = sorted((ROOT / "training_data" / "pages").glob("*.html"))[:3]
HTML = b"<p>one two</p><p>DROP</p><p>three</p>"
PAGE = CorpusPage("wcxb", "0007", HTML, MarkedElements())


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The module, whose results go elsewhere."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    monkeypatch.delitem(sys.modules, "document", raising=False)
    module = importlib.import_module("document")
    (tmp_path / "results").mkdir()
    monkeypatch.setattr(module, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(module, "CORPORA", ("wcxb", "trafilatura-eval"))
    return module


def test_pages_are_shared_out_to_the_last_one(bench: Any) -> None:
    assert bench.shared(200, ("a", "b", "c")) == {"a": 66, "b": 67, "c": 67}
    assert bench.shared(1, ("a", "b")) == {"a": 0, "b": 1}


def test_the_draw_goes_by_hash_and_leaves_duplicates_out(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [CorpusPage("wcxb", str(n), f"<p>page {n % 5}</p>".encode(), MarkedElements()) for n in range(10)]
    monkeypatch.setattr(bench, "load_corpus", lambda *_: iter(pages))
    found = bench.drawn("wcxb", Path(), 4)
    assert [page.sha256 for page in found] == sorted({page.sha256 for page in pages})[:4]


def test_pages_of_ours_pass(bench: Any) -> None:
    pages = [CorpusPage("own", path.stem, path.read_bytes(), MarkedElements()) for path in OWN]
    row, failed = bench.measure("own", pages, load_default())
    assert failed == []
    assert row["corpus"] == "own"
    assert row["pages"] == row["subsequence"] == row["content_there"] == row["chrome_gone"] == 3
    assert row["content"] > 30
    assert row["chrome"] > 30


@pytest.mark.parametrize(
    ("html", "passed", "why"),
    [
        ("<p>one two</p><p>three</p>", (1, 1, 1), ""),
        ("<p>one two</p>x<p>three</p>", (0, 1, 1), "it is not its source with some of it taken out"),
        ("<p>one two</p>", (1, 0, 1), "of 2 blocks that stay 1 are not there"),
        ("<p>one two three</p>", (0, 0, 1), "of 2 blocks that stay 2 are there as parts of others"),
        (HTML.decode(), (1, 1, 0), "of 1 blocks that go 1 are there"),
    ],
)
def test_what_fails_and_why(
    bench: Any, monkeypatch: pytest.MonkeyPatch, html: str, passed: tuple[int, int, int], why: str
) -> None:
    monkeypatch.setattr(bench, "predict", lambda data, **_: Altered(dropping(data), html))
    row, failed = bench.measure("wcxb", [PAGE], load_default())
    assert (row["subsequence"], row["content_there"], row["chrome_gone"]) == passed
    assert (row["pages"], row["content"], row["chrome"]) == (1, 2, 1)
    assert [(page["corpus"], page["page"]) for page in failed] == [("wcxb", "0007")] * bool(why)
    assert all(why in page["why"] for page in failed)


def test_a_page_that_cannot_be_cut_fails(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: Any, **__: Any) -> Any:
        raise InputError("cannot be cut in its encoding")

    monkeypatch.setattr(bench, "predict", refuses)
    row, failed = bench.measure("wcxb", [PAGE], load_default())
    assert (row["pages"], row["subsequence"], row["content_there"], row["chrome_gone"]) == (1, 0, 0, 0)
    assert failed == [{"corpus": "wcxb", "page": "0007", "why": "cannot be cut in its encoding"}]


def test_several_problems_of_a_page_are_all_told(bench: Any) -> None:
    assert bench.problems(Cut(1, 0, 5, 0, 0, 5, 0)) == ""
    assert bench.problems(Cut(1, 1, 5, 2, 0, 5, 3)).count("; ") == 2


def test_results_are_written_and_a_failure_is_an_exit_code(
    bench: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "PAGES", 4)
    given = ["--pages", "4", "--corpora", str(small_corpora(tmp_path))]
    assert bench.main(given) == 0
    report = json.loads((bench.RESULTS / "document.json").read_text(encoding="utf-8"))
    assert report["model"] == load_default().info["sha256"]
    assert [(row["corpus"], row["pages"], row["subsequence"]) for row in report["rows"]] == [
        ("wcxb", 2, 2),
        ("trafilatura-eval", 2, 2),
    ]
    table = (bench.RESULTS / "document.md").read_text(encoding="utf-8")
    assert "| all | 4 | 4 | 4 | 4 |" in table
    assert "Failed pages: none." in table
    assert table in capsys.readouterr().out

    monkeypatch.setattr(bench, "predict", lambda data, **_: Altered(dropping(data), "<p>\N{DAGGER}"))
    assert bench.main(given) == 1
    report = json.loads((bench.RESULTS / "document.json").read_text(encoding="utf-8"))
    assert {page["corpus"] for page in report["failed"]} == {"wcxb", "trafilatura-eval"}
    table = (bench.RESULTS / "document.md").read_text(encoding="utf-8")
    assert "Failed pages: 4." in table
    first = report["failed"][0]
    assert f"- {first['corpus']}/{first['page']}: it is not its source" in table


def test_another_number_of_pages_is_not_stored(bench: Any, tmp_path: Path) -> None:
    assert bench.main(["--pages", "2", "--corpora", str(small_corpora(tmp_path))]) == 0
    assert list(bench.RESULTS.iterdir()) == []
