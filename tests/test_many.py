"""predict_many: in order, lazily, errors in their place, in this process and in others."""

from __future__ import annotations

import os
import pickle
import time
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from joblib import Parallel, delayed

from declutter import DeclutterError, InputError, Limits, Page, predict, predict_many
from declutter.blocks import Blocks, segment
from declutter.pipeline.processes import in_processes

if TYPE_CHECKING:
    from declutter.document import Document


PAGES: list[Any] = [f"<h1>Number {number}</h1><p>This is page {number}.</p>" for number in range(40)]


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_many_pages_come_in_order_and_workers_are_no_forks(n_jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # A fork of a process whose scikit-learn has used its threads waits for them without end.
    def fork() -> int:
        raise AssertionError("forked")

    monkeypatch.setattr(os, "fork", fork)
    pages = [page for page in predict_many(PAGES, n_jobs=n_jobs, strictness=0) if isinstance(page, Page)]
    assert [page.text() for page in pages] == [f"Number {n}\n\nThis is page {n}." for n in range(len(PAGES))]
    assert pages[3].to_dict() == predict(PAGES[3], strictness=0).to_dict()


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_many_pages_are_read_lazily(n_jobs: int) -> None:
    taken = 0

    def endless() -> Any:
        nonlocal taken
        while True:
            taken += 1
            yield f"<p>{taken}"

    results = predict_many(endless(), n_jobs=n_jobs)
    for _ in range(3):
        assert isinstance(next(results), Page)
    assert taken <= 100


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_errors_take_the_place_of_their_page(n_jobs: int) -> None:
    results = list(predict_many(["<p>a", b"%PDF-1", "<p>b", 5], n_jobs=n_jobs, on_error="return"))  # type: ignore[list-item]
    assert [type(result) for result in results] == [Page, InputError, Page, InputError]
    assert "PDF" in str(results[1])


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_the_first_error_is_raised(n_jobs: int) -> None:
    results = predict_many(["<p>a", b"%PDF-1", "<p>b"], n_jobs=n_jobs)
    assert isinstance(next(results), Page)
    with pytest.raises(InputError, match="PDF"):
        next(results)


def test_a_run_that_is_left_early_leaves_the_next_one_alone() -> None:
    results = predict_many(["<p>a"] * 99, n_jobs=2)
    assert isinstance(next(results), Page)
    results.close()  # type: ignore[attr-defined]
    assert len(list(predict_many(["<p>b"] * 9, n_jobs=2))) == 9


def test_processes_are_not_those_of_joblib() -> None:
    """Whoever uses joblib beside us, as scikit-learn does, shares a pool that is left to them."""

    def theirs() -> list[int]:
        found: list[int] = Parallel(2, backend="loky")(delayed(len)("a" * number) for number in range(4))
        return found

    assert theirs() == [0, 1, 2, 3]
    results = predict_many(["<p>a"] * 40, n_jobs=2)
    others = predict_many(["<p>b"] * 9, n_jobs=3)
    assert isinstance(next(results), Page)
    assert theirs() == [0, 1, 2, 3]
    assert len(list(others)) == 9
    assert len(list(results)) == 39


def test_a_process_that_may_start_none_works_alone() -> None:
    with get_context("spawn").Pool(1) as pool:
        assert pool.apply(_in_a_daemon) == ["Page", "InputError"]


def _in_a_daemon() -> list[str]:
    return [type(page).__name__ for page in predict_many(["<p>a", 5], n_jobs=2, on_error="return")]  # type: ignore[list-item]


def test_what_travels_to_other_processes() -> None:
    """A str of the caller's class as a str; a soup not at all."""
    local, soup = type("Local", (str,), {}), BeautifulSoup("<p>b", "html.parser")
    assert isinstance(next(predict_many([soup])), Page)
    arrived, refused = predict_many([local("<p>a"), soup], n_jobs=2, on_error="return")
    assert isinstance(arrived, Page)
    assert [block.text for block in arrived.blocks] == ["a"]
    assert isinstance(refused, InputError)
    assert "n_jobs=1" in str(refused)


def test_no_pages() -> None:
    assert list(predict_many([])) == []
    assert list(predict_many([], n_jobs=2)) == []


@pytest.mark.parametrize("n_jobs", [0, -1, 1.5, "2", None, True, 1025, pytest.param(10**5000, id="huge")])
def test_a_wrong_number_of_processes(n_jobs: Any) -> None:
    with pytest.raises(InputError, match=r"n_jobs is .+: give a whole number from 1 to 1,024"):
        predict_many([], n_jobs=n_jobs)


def test_wrong_ways_to_ask_for_many() -> None:
    with pytest.raises(InputError, match="'raise' or 'return'"):
        predict_many([], on_error="ignore")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="'raise' or 'return'"):
        predict_many([], on_error=[])  # type: ignore[arg-type]
    with pytest.raises(InputError, match="pages is of type int: give a list of pages"):
        predict_many(5)  # type: ignore[arg-type]
    for one in ("<p>a", b"<p>a", bytearray(b"<p>a")):
        with pytest.raises(InputError, match="one page"):
            predict_many(one)  # type: ignore[arg-type]


def test_pages_from_other_processes_are_read_again_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = Limits(max_blocks=3, on_exceed="truncate", max_seconds=30)
    source = "<h1>Tide</h1>" + "".join(f"<p>High water comes at {hour} in the afternoon.</p>" for hour in range(9))
    read: list[str] = []

    def counted(document: Document) -> Blocks:
        read.append("read")
        return segment(document)

    monkeypatch.setattr("declutter.pipeline.segment", counted)
    (one,) = predict_many([source.encode("utf-16")], n_jobs=2, limits=limits, url="http://tide.example/")
    assert isinstance(one, Page)
    assert one.truncated
    assert read == []
    own = predict(source.encode("utf-16"), limits=limits, url="http://tide.example/")
    read.clear()
    assert one.blocks == own.blocks
    assert [block.span for block in one.blocks] == [block.span for block in own.blocks]
    assert one.text() == own.text()
    assert read == ["read"]
    (text,) = predict_many(["High water at four.\n\nLog in"], n_jobs=2, markup="text")
    assert isinstance(text, Page)
    assert text.to_dict() == predict("High water at four.\n\nLog in", markup="text").to_dict()
    assert pickle.loads(pickle.dumps(one)).blocks == own.blocks


class Deadly:
    """Ends the process that it is in."""

    def __call__(self, html: Any, url: Any) -> Any:  # noqa: ARG002 - see Attempt
        return html

    def light(self, html: Any, url: Any) -> Any:  # noqa: ARG002 - see Attempt
        if html == "<p>dead":
            os._exit(3)
        return html

    def whole(self, html: Any, result: Any) -> Any:
        return html, result


def slept(page: object) -> object:
    time.sleep(0.05)
    return page


def test_a_process_that_ends_is_an_error_that_says_so() -> None:
    with pytest.raises(DeclutterError, match="a process ended"):
        list(in_processes([("<p>dead", None)], 2, Deadly()))
    # Also where it ends while what came before is taken, so that the next page cannot be given to it.
    found = in_processes((("<p>dead" if number == 30 else "<p>a", None) for number in range(500)), 2, Deadly())
    slowly = map(slept, found)
    with pytest.raises(DeclutterError, match="a process ended"):
        list(slowly)


PAGE = (
    "<body><h1>The tide</h1><p>At low tide one walks to the island, and <a href=map>back again</a>, as people did of old.</p>"
    * 2
)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_each_page_has_its_own_address(n_jobs: int) -> None:
    urls = ["https://a.example/b/", None, "https://c.example/d"]
    found: list[Any] = list(predict_many([PAGE] * 3, url=iter(urls), n_jobs=n_jobs))
    assert [page.url for page in found] == urls
    links = [page.markdown().split("](")[1].split(")")[0] for page in found]
    assert links == ["https://a.example/b/map", "map", "https://c.example/map"]
    alike: list[Any] = list(predict_many([PAGE] * 2, url=urls[0], n_jobs=n_jobs))
    assert [page.url for page in alike] == urls[:1] * 2


@pytest.mark.parametrize(
    ("urls", "message"),
    [
        (["https://a.example/"], "fewer addresses than there are pages"),
        ([None] * 3, "more addresses than there are pages"),
        (7, "url is of type int"),
        ([7, None], "url is of type int"),
    ],
)
def test_addresses_that_do_not_fit_are_refused(urls: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        list(predict_many([PAGE] * 2, url=urls))


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_what_was_read_before_the_addresses_end_is_labelled(n_jobs: int) -> None:
    found = predict_many([PAGE] * 6, url=[None] * 5, n_jobs=n_jobs)
    assert len([next(found) for _ in range(5)]) == 5
    with pytest.raises(InputError, match="fewer addresses"):
        next(found)
