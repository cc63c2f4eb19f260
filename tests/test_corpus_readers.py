"""Readers of the public layouts, on small copies of each layout written here."""

from __future__ import annotations

import gzip
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from declutter.corpus import (
    CORPORA,
    READERS,
    CorpusPage,
    FormKinds,
    MarkedElements,
    Segments,
    WholeText,
    corpora_root,
    formasaurus,
    load_corpus,
)
from declutter.corpus.files import decode_text
from declutter.corpus.markup import forms, page_address, text_of
from declutter.errors import CorpusError
from declutter.labels import Label

if TYPE_CHECKING:
    from pathlib import Path


def put(path: Path, text: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = text.encode() if isinstance(text, str) else text
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)


def pages(name: str, root: Path) -> list[CorpusPage]:
    return list(load_corpus(name, root))


def test_every_corpus_has_a_reader_and_a_folder() -> None:
    assert set(READERS) == set(CORPORA)


def test_an_unknown_corpus_is_named_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no corpus named 'wiki'.*wcxb"):
        load_corpus("wiki", tmp_path)


def test_an_absent_corpus_says_how_to_bring_it(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="declutter corpus fetch wcxb"):
        load_corpus("wcxb", tmp_path)


def test_corpora_root_prefers_the_argument_then_the_variable_then_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, named = tmp_path / "given", tmp_path / "named"
    cache = tmp_path / "declutter" / "corpora"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("DECLUTTER_CORPORA", str(named))
    for folder in (given, named, cache):
        folder.mkdir(parents=True)
    assert corpora_root(given) == given
    assert corpora_root() == named
    monkeypatch.delenv("DECLUTTER_CORPORA")
    assert corpora_root() == cache
    cache.rmdir()
    with pytest.raises(CorpusError, match="DECLUTTER_CORPORA"):
        corpora_root()


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_wcxb_gives_text_type_and_address_and_leaves_out_pages_without_text(tmp_path: Path, suffix: str) -> None:
    record: dict[str, Any] = {
        "url": "https://a.test/x",
        "_internal": {"page_type": {"primary": "forum"}},
        "ground_truth": {"main_content": "Tide tables.\n\nHigh water."},
    }
    for name, text in (("0002", "Tide tables."), ("0001", "First"), ("0003", " ")):
        put(tmp_path / f"wcxb/dev/html/{name}.html{suffix}", f"<p>{text}")
        record["ground_truth"] = {"main_content": text}
        put(tmp_path / f"wcxb/dev/ground-truth/{name}.json", json.dumps(record))
    first, second = pages("wcxb", tmp_path)
    assert (first.name, second.name) == ("0001", "0002")
    assert second == CorpusPage(
        "wcxb", "0002", b"<p>Tide tables.", WholeText("Tide tables."), "https://a.test/x", "forum"
    )
    assert len(second.sha256) == 64


def test_trafilatura_eval_takes_pages_from_either_folder_by_file_name(tmp_path: Path) -> None:
    folder = tmp_path / "trafilatura-eval"
    records = {
        "https://b.test/": {"file": "b.html", "with": ["Gezeiten"], "without": ["Impressum"]},
        "https://a.test/": {"file": "a.html", "with": ["Ebbe"], "without": []},
    }
    put(folder / "evaldata.json", json.dumps(records))
    put(folder / "cache/b.html.gz", "<p>Gezeiten")
    put(folder / "eval/a.html", "<p>Ebbe")
    first, second = pages("trafilatura-eval", tmp_path)
    assert first == CorpusPage("trafilatura-eval", "a", b"<p>Ebbe", Segments(("Ebbe",)), "https://a.test/")
    assert second.gold == Segments(("Gezeiten",), ("Impressum",))
    (folder / "eval/a.html").unlink()
    with pytest.raises(CorpusError, match=r"a\.html is in neither"):
        pages("trafilatura-eval", tmp_path)


def test_readability_gold_keeps_the_words_of_neighbouring_blocks_apart(tmp_path: Path) -> None:
    put(tmp_path / "readability/one/source.html.gz", "<body>all")
    put(
        tmp_path / "readability/one/expected.html.gz",
        "<div><h2>Low <b>wa</b>ter</h2><p>The\n pier</p>is dry</div>",
    )
    (page,) = pages("readability", tmp_path)
    assert page.name == "one"
    assert page.html == b"<body>all"
    assert page.gold == WholeText("Low water\nThe pier\nis dry")


def test_goose3_gold_is_partial(tmp_path: Path) -> None:
    put(tmp_path / "goose3/t.html", "<p>Moin")
    put(tmp_path / "goose3/t.json", json.dumps({"url": "http://c.test", "expected": {"cleaned_text": "Moin"}}))
    put(tmp_path / "goose3/u.html", "<p>Moin")
    put(tmp_path / "goose3/u.json", json.dumps({"url": "http://c.test", "expected": {}}))
    (page,) = pages("goose3", tmp_path)
    assert page.gold == Segments(("Moin",))
    assert page.url == "http://c.test"


def test_newspaper4k_and_postlight(tmp_path: Path) -> None:
    put(tmp_path / "newspaper4k/html/x.html.gz", "<p>潮")
    put(tmp_path / "newspaper4k/txt/x.txt", "潮")
    put(tmp_path / "postlight/www.d.test--two.html", "<p>d")
    (page,) = pages("newspaper4k", tmp_path)
    assert page.gold == WholeText("潮")
    (bare,) = pages("postlight", tmp_path)
    assert bare.gold is None
    assert bare.name == "www.d.test--two"


@pytest.mark.parametrize(
    "gold",
    [
        "Tide\r\n\r\n!@#$%^&*()  COMMENTS\r\nFirst!".encode("utf-16"),
        b"Tide\r\n\r\n!@#$%^&**()  COMMENTS\r\n\x93First\x94",
        b"Tide\n\n",
    ],
)
def test_dragnet_cuts_the_comments_off_whatever_the_encoding(tmp_path: Path, gold: bytes) -> None:
    put(tmp_path / "validate/dragnet/input/1.html.gz", "<p>Tide")
    put(tmp_path / "validate/dragnet/GoldStandard/1.txt", gold)
    (page,) = pages("dragnet", tmp_path)
    assert page.gold == WholeText("Tide\n\n")


def test_cleaneval_drops_its_marks_and_keeps_the_page_as_it_is(tmp_path: Path) -> None:
    html = b'<text id="http://e.test/?a=1&amp;b=2" title="T" encoding="utf8">\n<p>Tide</text>'
    gold = (
        "\ufeffURL: http://e.test/\n\n<h>Head\n<p>Text < 5 and <b>more\n<l>Item</p>\n<h<Next <l. last <http://f.test>"
    )
    put(tmp_path / "validate/cleaneval/input/1.html.gz", html)
    put(tmp_path / "validate/cleaneval/GoldStandard/1.txt", gold)
    (page,) = pages("cleaneval", tmp_path)
    assert page.html == html
    assert page.url == "http://e.test/?a=1&b=2"
    assert isinstance(page.gold, WholeText)
    expected = ["Head", "Text", "<", "5", "and", "<b>more", "Item", "<Next", "last", "<http://f.test>"]
    assert page.gold.text.split() == expected


def test_own_pages_take_type_and_language_from_their_name(tmp_path: Path) -> None:
    put(tmp_path / "pages/shop-zhtw-tea-house.html", "<p data-label=content>x")
    (page,) = pages("own", tmp_path)
    assert (page.page_type, page.language, page.gold) == ("shop", "zhtw", MarkedElements())
    put(tmp_path / "pages/Readme.html", "x")
    with pytest.raises(CorpusError, match="name it <type>-<language>-<slug>"):
        pages("own", tmp_path)


def test_damaged_files_are_named(tmp_path: Path) -> None:
    put(tmp_path / "wcxb/dev/html/1.html", "x")
    with pytest.raises(CorpusError, match=r"1\.json: missing"):
        pages("wcxb", tmp_path)
    put(tmp_path / "wcxb/dev/ground-truth/1.json", "[]")
    with pytest.raises(CorpusError, match="holds list where an object belongs"):
        pages("wcxb", tmp_path)
    put(tmp_path / "wcxb/dev/ground-truth/1.json", "{")
    with pytest.raises(CorpusError, match="not JSON"):
        pages("wcxb", tmp_path)
    (tmp_path / "postlight").mkdir()
    (tmp_path / "postlight/a.html.gz").write_bytes(gzip.compress(b"long enough")[:-9])
    with pytest.raises(CorpusError, match="not whole gzip"):
        pages("postlight", tmp_path)
    (tmp_path / "newspaper4k").mkdir()
    with pytest.raises(CorpusError, match="html: missing"):
        pages("newspaper4k", tmp_path)


def test_gold_text_is_decoded_by_mark_then_utf_8_then_windows_1252() -> None:
    assert decode_text("é\r\n".encode("utf-8-sig")) == "é\n"
    assert decode_text(b"caf\xe9 \x93a\x94\r") == "café “a”\n"
    assert decode_text("日".encode("utf-16-be")) != "日"
    assert decode_text(b"\xfe\xff" + "日".encode("utf-16-be")) == "日"


def test_text_of_leaves_out_scripts_and_the_head_and_knows_no_depth() -> None:
    page = "<head><title>T</title></head><body>a<script>s</script><td>b</td><br>c<i>d</i><textarea>t</textarea>"
    assert text_of(page) == "ab\ncd"
    assert text_of("<table><tr><td>1<td>2</table>") == "1\n2"
    assert text_of("<div>" * 5000 + "deep") == "deep"


def test_forms_and_page_address() -> None:
    page = "<form><input name=q><input type=HIDDEN name=h><button name=b></button><select name=s></select>"
    page += "</form><form>"
    assert forms(page) == [frozenset({"q", "s"}), frozenset()]
    assert page_address('<link rel=canonical href="/x"><meta property="og:url" content=" https://g.test/y ">') == (
        "https://g.test/y"
    )
    assert page_address('<link rel=canonical href="https://g.test/x">') == "https://g.test/x"
    assert page_address("<p>none") is None


FORMS: list[tuple[str, dict[str, str], str, Label | None]] = [
    ("s", {"q": "qq"}, "http://h.test/", Label.NAVIGATION),
    ("l", {"user": "us", "pass": "p1"}, "http://h.test/", Label.SIGNUP),
    ("m", {"mail": "e1"}, "http://h.test/", Label.SIGNUP),
    ("b", {"qty": "qt"}, "http://h.test/", Label.PAYMENT),
    ("N", {"go": "nv"}, "http://h.test/", None),
    ("X", {"x": "XX"}, "http://h.test/", None),
    ("c", {"name": "nf", "email": "e1", "message": "CC"}, "http://h.test/", Label.SIGNUP),
    ("c", {"email": "e1", "comments": "CC"}, "http://h.test/contact-us", Label.SIGNUP),
    ("c", {"email": "e1", "comments": "CC"}, "http://h.test/story", None),
    ("c", {"email": "e1", "comment": "CC", "website": "ws"}, "http://h.test/contact", None),
    ("c", {"author": "nf", "email": "e1", "text": "CC"}, "http://h.test/", None),
    ("c", {"message": "CC"}, "http://h.test/", None),
    ("c", {"recipient_email": "e1", "share_message": "CC"}, "http://h.test/", None),
]


def wheel_of(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / formasaurus.WHEEL, "w") as archive:
        for path, data in files.items():
            archive.writestr(f"formasaurus/data/{path}", data)
        archive.writestr("formasaurus/__init__.py", "raise SystemExit")
    return folder / formasaurus.WHEEL


def form_files() -> dict[str, bytes]:
    index: dict[str, Any] = {}
    files: dict[str, bytes] = {}
    for number, (short, fields, url, _) in enumerate(
        [*FORMS, ("s", {"q": "qq"}, "", None), ("s", {"q": "qq"}, "", None)]
    ):
        inputs = "".join(f"<input name='{name}'>" for name in fields)
        files[f"html/{number}.html"] = f"<meta charset=latin1>é<form>{inputs}</form>".encode()
        index[f"html/{number}.html"] = {"url": url, "forms": [short], "visible_html_fields": [fields]}
    files[f"html/{len(FORMS)}.html"] += b"<form></form>"
    files[f"html/{len(FORMS) + 1}.html"] = b"<form><input name=other></form>"
    files["index.json"] = json.dumps(index).encode()
    return files


def test_formasaurus_maps_form_types_and_leaves_out_what_does_not_match(tmp_path: Path) -> None:
    wheel_of(tmp_path / "formasaurus", form_files())
    found = {page.name: page for page in pages("formasaurus", tmp_path)}
    for number, (_, fields, url, label) in enumerate(FORMS):
        if label is None:
            assert str(number) not in found
        else:
            assert found[str(number)].gold == FormKinds((label,), (frozenset(fields),))
            assert found[str(number)].url == url
    assert list(found) == sorted(found, key=int)
    known = sum(label is not None for *_, label in FORMS)
    assert formasaurus.survey(tmp_path / "formasaurus") == {
        "kept": known,
        "no form of known kind": len(FORMS) - known,
        "other number of forms": 1,
        "other fields": 1,
    }


def test_formasaurus_reads_the_same_from_an_unpacked_wheel(tmp_path: Path) -> None:
    wheel_of(tmp_path / "packed/formasaurus", form_files())
    for path, data in form_files().items():
        put(tmp_path / "formasaurus" / path, data)
    assert pages("formasaurus", tmp_path) == pages("formasaurus", tmp_path / "packed")
    (tmp_path / "formasaurus/html/0.html").unlink()
    with pytest.raises(CorpusError, match=r"0\.html: missing"):
        pages("formasaurus", tmp_path)


def test_formasaurus_names_a_damaged_wheel(tmp_path: Path) -> None:
    files = form_files()
    del files["html/3.html"]
    wheel = wheel_of(tmp_path / "formasaurus", files)
    with pytest.raises(CorpusError, match=r"html/3\.html is missing"):
        pages("formasaurus", tmp_path)
    wheel.write_bytes(b"no zip")
    with pytest.raises(CorpusError, match="not a wheel"):
        pages("formasaurus", tmp_path)
