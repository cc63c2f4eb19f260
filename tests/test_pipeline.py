"""predict, predict_many and clean, with the shipped model."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bs4 import BeautifulSoup

import declutter
from declutter import (
    DeclutterError,
    InputError,
    Label,
    Model,
    ModelError,
    Page,
    clean,
    load_model,
    predict,
)
from declutter.model.directory import default_directory

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


@pytest.mark.parametrize(
    "strictness", ["strict", "", -0.1, 1.1, float("nan"), float("inf"), None, [0.5], "0.5", True, np.True_]
)
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


# -- other arguments ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", [predict, clean])
@pytest.mark.parametrize(
    ("html", "options", "mend"),
    [
        (NEWS, {"url": 5}, "url is of type int: give a text, or None"),
        (NEWS, {"url": b"https://news.test/"}, "url is of type bytes"),
        (NEWS.encode(), {"encoding": 5}, "encoding is of type int: give a name"),
        (NEWS, {"encoding": ["utf-8"]}, "encoding is of type list"),
        ("News", {"encoding": 5, "markup": "text"}, "encoding is of type int"),
        (NEWS, {"markup": []}, r"markup \[\] is not known"),
        (NEWS, {"keep": 5}, "keep is 5: give a list of rules"),
        (NEWS, {"strip": [5]}, "strip, rule 1: 5 is no text"),
        # Python writes no number of so many digits.
        (
            NEWS,
            {"strictness": 10**5000},
            "strictness of type int, which cannot be written out is not known: give balanced",
        ),
        (NEWS, {"markup": 10**5000}, "markup of type int, which cannot be written out is not known: give html"),
        (NEWS, {"keep": 10**5000}, "keep is of type int, which cannot be written out: give a list of rules"),
        (NEWS, {"strip": [10**5000]}, "strip, rule 1: of type int, which cannot be written out is no text"),
    ],
)
def test_arguments_of_other_types(call: Any, html: Any, options: dict[str, Any], mend: str) -> None:
    with pytest.raises(DeclutterError, match=mend):
        call(html, **options)


def test_forms_that_are_too_long_to_be_written() -> None:
    with pytest.raises(InputError, match="output of type int, which cannot be written out is not known: give text"):
        clean(NEWS, output=10**5000)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="scope of type int, which cannot be written out is not known: give content"):
        predict(NEWS).html(scope=10**5000)  # type: ignore[arg-type]


def test_half_a_character_in_the_address_goes_as_it_does_in_the_page() -> None:
    page = predict("<p>Half \ud800", url="https://news.test/\ud800")
    assert page.url == "https://news.test/\ufffd"
    line = clean("<p>Half \ud800", url="https://news.test/\ud800", output="json")
    assert json.loads(line.encode()) == page.to_dict()


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


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ("page.html", True),
        ("my pages/a.HTM", True),
        ("https://example.org/x?y", True),
        ("HTTP://example.org", True),
        (" page.html.gz\n", True),
        ("see https://example.org/x", False),
        ("<p>page.html", False),
        ("tide", False),
        ("a" * 3000 + ".html", False),
        (b"page.html", False),
    ],
)
def test_a_name_in_the_place_of_a_page_is_told_of(
    html: str | bytes, told: bool, caplog: pytest.LogCaptureFixture
) -> None:
    assert clean(html) == (html.decode() if isinstance(html, bytes) else html.removeprefix("<p>").strip())
    assert ("not its name" in caplog.text) == told
    if isinstance(html, str):
        caplog.clear()
        clean(html, markup="text")
        assert caplog.text == ""
