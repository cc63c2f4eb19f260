"""predict, predict_many and clean, with the shipped model."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import time
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from bs4 import BeautifulSoup
from joblib import Parallel, delayed

import declutter
from declutter import (
    DeclutterError,
    InputError,
    Label,
    Limits,
    Model,
    ModelError,
    Page,
    clean,
    load_model,
    predict,
    predict_many,
)
from declutter.blocks import Blocks, segment
from declutter.model.directory import default_directory
from declutter.processes import in_processes

if TYPE_CHECKING:
    from declutter.document import Document

NEWS = (Path(__file__).parent / "pages" / "news-telling-classes" / "source.html").read_text(encoding="utf-8")


def same(page: Page, other: Page) -> bool:
    return page.to_dict() == other.to_dict() and page.html() == other.html() and page.markdown() == other.markdown()


def test_public_names() -> None:
    for name in declutter.__all__:
        assert getattr(declutter, name) is not None
    assert {"predict", "predict_many", "clean", "load_model", "Page", "Block", "Label"} <= set(declutter.__all__)
    assert {"InputError", "LimitExceeded", "ModelError", "CorpusError", "RuleError"} <= set(declutter.__all__)
    for name in ("InputError", "LimitExceeded", "ModelError", "CorpusError", "RuleError"):
        assert issubclass(getattr(declutter, name), DeclutterError)


def test_the_contract_on_real_scores(stored_page: Path) -> None:
    page = predict((stored_page / "source.html").read_bytes())
    threshold = page.threshold
    assert page.blocks
    for block in page.blocks:
        assert sum(block.probabilities.values()) == pytest.approx(1, abs=1e-6)
        assert all(0 <= value <= 1 for value in block.probabilities.values())
        assert block.probabilities[Label.CONTENT] == block.content_score
        assert block.probabilities[block.label] == block.score
        if block is not page.headline:
            assert (block.label is Label.CONTENT) == (block.content_score >= threshold)
        if block.label is not Label.CONTENT:
            kinds = {label: value for label, value in block.probabilities.items() if label is not Label.CONTENT}
            assert block.score == max(kinds.values())
    assert page.headline is None or page.headline.label is Label.CONTENT
    assert same(pickle.loads(pickle.dumps(page)), page)
    json.dumps(page.to_dict(), allow_nan=False)


def test_title_url_and_headline() -> None:
    page = predict(NEWS, url="https://news.test/a")
    assert page.title == "Ferry timetable thinned after engine fault | Sound & Shore"
    assert page.url == "https://news.test/a"
    assert page.headline is not None
    assert page.headline.text == "Ferry timetable thinned after engine fault"
    assert predict(NEWS).url is None


def test_str_bytes_and_soup_are_one_page() -> None:
    page = predict(NEWS)
    assert same(predict(NEWS.encode()), page)
    assert same(predict(NEWS.encode("utf-16")), page)
    assert same(predict(NEWS.encode("cp1252"), encoding="cp1252"), page)
    soup = BeautifulSoup(NEWS, "lxml")
    before = str(soup)
    assert predict(soup).to_dict()["blocks"] == page.to_dict()["blocks"]
    assert str(soup) == before


def test_a_tag_is_a_page() -> None:
    soup = BeautifulSoup(NEWS, "html.parser")
    before = str(soup)
    assert soup.article is not None
    page = predict(soup.article)
    assert page.blocks[0].text == "Ferry timetable thinned after engine fault"
    assert "Accept all" not in {block.text for block in page.blocks}
    assert str(soup) == before


def test_the_same_bytes_give_the_same_page() -> None:
    assert same(predict(NEWS), predict(NEWS))


@pytest.mark.parametrize(
    "html", ["", " \n\t", b"", b"\n", "<!-- only a comment -->", "<html></html>", "<script>x</script>"]
)
def test_a_page_without_text_has_no_blocks(html: str | bytes) -> None:
    page = predict(html)
    assert page.blocks == ()
    assert (page.text(), page.markdown(), page.html()) == ("", "", "")
    assert (page.headline, page.title, page.confidence) == (None, "", 0)
    assert clean(html) == ""


@pytest.mark.parametrize("html", [None, 5, ["<p>a"], Path("page.html"), object()])
def test_other_types_are_input_errors(html: Any) -> None:
    with pytest.raises(InputError, match="give str, bytes or a BeautifulSoup"):
        predict(html)


def test_binary_bytes_are_input_errors() -> None:
    with pytest.raises(InputError, match="PDF"):
        predict(b"%PDF-1.7 ...")


# -- strictness ----------------------------------------------------------------------------------------------------


def content(page: Page) -> list[str]:
    return [block.text for block in page.content]


def test_names_of_strictness_are_thresholds_of_the_model() -> None:
    thresholds = {name: predict(NEWS, strictness=name).threshold for name in ("precision", "balanced", "recall")}
    assert thresholds["recall"] <= thresholds["balanced"] <= thresholds["precision"]
    for name in ("precision", "balanced", "recall"):
        assert same(predict(NEWS, strictness=name), predict(NEWS, strictness=thresholds[name]))


def test_a_number_is_the_score_from_which_a_block_stays() -> None:
    whole = predict(NEWS, strictness=0)
    assert whole.chrome == ()
    assert content(predict(NEWS, strictness=1.0)) in ([], ["Ferry timetable thinned after engine fault"])
    scores = sorted({block.content_score for block in whole.blocks})
    middle = scores[len(scores) // 2]
    page = predict(NEWS, strictness=middle)
    stay = [block.text for block in whole.blocks if block.content_score >= middle or block == whole.headline]
    assert content(page) == stay
    assert [block.content_score for block in page.blocks] == [block.content_score for block in whole.blocks]


def test_recall_keeps_what_precision_keeps() -> None:
    strict, lax = predict(NEWS, strictness="precision"), predict(NEWS, strictness="recall")
    assert set(content(strict)) <= set(content(lax))


@pytest.mark.parametrize("strictness", ["strict", "", -0.1, 1.1, float("nan"), float("inf"), None, [0.5], "0.5"])
def test_other_strictness_is_an_error_that_names_the_choices(strictness: Any) -> None:
    with pytest.raises(InputError, match="balanced, precision, recall or a number from 0 to 1"):
        predict(NEWS, strictness=strictness)


# -- the model -----------------------------------------------------------------------------------------------------


def test_a_model_is_a_value_or_a_directory() -> None:
    page = predict(NEWS)
    assert same(predict(NEWS, model=load_model(default_directory())), page)
    assert same(predict(NEWS, model=default_directory()), page)
    assert same(predict(NEWS, model=str(default_directory())), page)


def test_a_model_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="declutter train"):
        predict(NEWS, model=tmp_path)
    with pytest.raises(InputError, match="load_model"):
        predict(NEWS, model=5)  # type: ignore[arg-type]


# -- many pages ----------------------------------------------------------------------------------------------------

PAGES: list[Any] = [f"<h1>Number {number}</h1><p>This is page {number}.</p>" for number in range(40)]


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_many_pages_come_in_order(n_jobs: int) -> None:
    pages = [page for page in predict_many(PAGES, n_jobs=n_jobs, strictness=0) if isinstance(page, Page)]
    assert [page.text() for page in pages] == [f"Number {n}\n\nThis is page {n}." for n in range(len(PAGES))]
    assert same(pages[3], predict(PAGES[3], strictness=0))


def test_worker_processes_are_no_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    # A fork of a process whose scikit-learn has used its threads waits for them without end.
    def fork() -> int:
        raise AssertionError("forked")

    monkeypatch.setattr(os, "fork", fork)
    assert len(list(predict_many(PAGES[:3], n_jobs=2))) == 3


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


def test_a_str_of_the_callers_class_arrives() -> None:
    local = type("Local", (str,), {})
    assert [len(page.blocks) for page in predict_many([local("<p>a")], n_jobs=2) if isinstance(page, Page)] == [1]


def test_soups_stay_in_their_process() -> None:
    soup = BeautifulSoup("<p>a", "html.parser")
    assert isinstance(next(predict_many([soup])), Page)
    [result] = predict_many([soup], n_jobs=2, on_error="return")
    assert isinstance(result, InputError)
    assert "n_jobs=1" in str(result)


def test_no_pages() -> None:
    assert list(predict_many([])) == []
    assert list(predict_many([], n_jobs=2)) == []


@pytest.mark.parametrize("n_jobs", [0, -1, 1.5, "2", None])
def test_a_wrong_number_of_processes(n_jobs: Any) -> None:
    with pytest.raises(InputError, match="n_jobs"):
        predict_many([], n_jobs=n_jobs)


def test_wrong_ways_to_ask_for_many() -> None:
    with pytest.raises(InputError, match="'raise' or 'return'"):
        predict_many([], on_error="ignore")  # type: ignore[arg-type]
    for one in ("<p>a", b"<p>a"):
        with pytest.raises(InputError, match="one page"):
            predict_many(one)  # type: ignore[arg-type]


# -- clean ---------------------------------------------------------------------------------------------------------


def test_clean_is_predict_and_render() -> None:
    page = predict(NEWS)
    assert clean(NEWS) == page.text()
    assert clean(NEWS, output="text", headline=False) == page.text(headline=False)
    assert clean(NEWS, output="markdown") == page.markdown()
    assert clean(NEWS, output="html", headline=False) == page.html(headline=False)
    assert clean(NEWS, strictness=0) == predict(NEWS, strictness=0).text()


def test_clean_to_a_document() -> None:
    page = predict(NEWS)
    document = clean(NEWS, output="html", scope="document")
    assert document == page.html("document")
    assert clean(NEWS, output="html", scope="document", headline=False) == page.html("document", headline=False)
    assert clean(NEWS, output="html", scope="document", inert=True) == page.html("document", inert=True)
    assert clean(NEWS, output="html", inert=True) == page.html()
    kept = clean(NEWS, output="html", scope="document", keep=["navigation"])
    assert len(kept) > len(document)


@pytest.mark.parametrize("options", [{"scope": "document"}, {"inert": True}, {"inert": False}])
@pytest.mark.parametrize("output", ["text", "markdown", "json"])
def test_what_only_html_has_is_an_error_elsewhere(output: Any, options: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="output='html'"):
        clean(NEWS, output=output, **options)


def test_a_document_of_a_soup_says_the_mend() -> None:
    with pytest.raises(InputError, match=r"declutter\.prune\(soup\)"):
        clean(BeautifulSoup(NEWS, "html.parser"), output="html", scope="document")


def test_clean_need_not_tell_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = clean(NEWS)

    def refused(*_: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(Model, "judge_kinds", refused)
    assert clean(NEWS) == wanted


def test_clean_to_json_is_one_line() -> None:
    line = clean(NEWS, output="json", url="https://news.test/é\u2028")
    assert "\n" not in line
    assert json.loads(line) == predict(NEWS, url="https://news.test/é\u2028").to_dict()
    shorter = json.loads(clean(NEWS, output="json", headline=False))
    assert shorter["text"] == predict(NEWS).text(headline=False)


def test_an_unknown_output_is_an_error_before_the_work() -> None:
    with pytest.raises(InputError, match="text, markdown, html, json"):
        clean(None, output="pdf")  # type: ignore[arg-type]


def test_options_of_output_change_only_what_they_name() -> None:
    page = predict(NEWS)
    scores = [block.content_score for block in page.blocks]
    page.text(), page.markdown(headline=False), page.html(), page.to_dict()
    assert [block.content_score for block in page.blocks] == scores
    assert np.isfinite(scores).all()


# Reads nothing but what it was given: whatever opens a file, a connection or a process is an error from then on.
GUARDED = r"""
import sys
from declutter import clean, predict, prune, Limits
from bs4 import BeautifulSoup

HTML = (
    "<!DOCTYPE html SYSTEM 'file:///etc/hosts'><base href=https://tides.test/><title>Tides</title>"
    "<link rel=stylesheet href=style.css><script src=https://tides.test/a.js></script><meta http-equiv=refresh content=0;url=/b>"
    "<script type=application/ld+json>{\"@context\": \"https://schema.org\", \"@type\": \"Article\", \"author\": \"A B\"}</script>"
    "<img src=file:///etc/hosts><iframe src=/c></iframe><object data=/d></object>"
    "<p>The tide table of the harbour shows when the water is high, and when boats can leave it.<p>&xxe; Share"
)

def everything():
    for page in (HTML, HTML.encode(), HTML.encode("utf-16"), BeautifulSoup(HTML, "html.parser")):
        found = predict(page, url="https://tides.test/", keep=["css:img"], strip=["text:Share"])
        assert found.text() and found.markdown() and found.html() and found.to_dict() and found.metadata.title
        assert [block.path for block in found.blocks] and [box.label for box in found.boxes] is not None
        if not isinstance(page, BeautifulSoup):
            assert found.html("document")
        for output in ("text", "markdown", "html", "json"):
            assert clean(page, output=output)
    prune(BeautifulSoup(HTML, "html.parser"))
    for markup in ("text", "markdown"):
        assert predict("# Tides\n\n![](file:///etc/hosts)\n", markup=markup).to_dict()

everything()  # imports, and the model
refused = ("open", "socket", "subprocess", "os.", "shutil", "urllib", "http", "ftplib", "ctypes.dlopen", "import")

def guard(event, arguments):
    if guarded and event.startswith(refused):
        raise SystemExit(f"{event} {arguments}")

guarded = True
sys.addaudithook(guard)
everything()
print("nothing")
open("/dev/null")
"""


def test_nothing_is_opened_but_what_was_given() -> None:
    done = subprocess.run([sys.executable, "-c", GUARDED], capture_output=True, text=True, check=False)
    assert done.stdout == "nothing\n", done.stderr
    assert "open ('/dev/null'" in done.stderr


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

    def __call__(self, html: Any) -> Any:
        return html

    def light(self, html: Any) -> Any:
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
        list(in_processes(["<p>dead"], 2, Deadly()))
    # Also where it ends while what came before is taken, so that the next page cannot be given to it.
    found = in_processes(("<p>dead" if number == 30 else "<p>a" for number in range(500)), 2, Deadly())
    slowly = map(slept, found)
    with pytest.raises(DeclutterError, match="a process ended"):
        list(slowly)
