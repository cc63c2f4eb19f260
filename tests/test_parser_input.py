"""What goes to the parser: no page makes the tree explode, no text is lost by that, and other pages stay as they are."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest

from declutter import compiled
from declutter.blocks import segment
from declutter.document import parser_input as module
from declutter.document import read_document
from declutter.document.parser_input import parser_input
from declutter.document.spans import block_spans
from declutter.document.tags import read_tags

if TYPE_CHECKING:
    from pathlib import Path

# The tracer of coverage would be timed instead of the library.
pytestmark = pytest.mark.no_cover

# Ways to write tags of formatting that a quick look takes for fewer, or for closed.
TRICKS = {
    "plain": "<i a={}>",
    "upper case": "<I A={}>",
    "quoted": '<b a="{}">',
    "a > in quotes": '<b a=">{}">',
    "a > in other quotes": "<b a='>{}'>",
    "a < in a value": "<b a=<{}>",
    "a < as a name": "<b <{}>",
    "a quote in a name": '<i x"y a="z">{}">',
    "quotes in names": '<i x" a="p>{}">',
    "a quote in a value": '<i a=b"{}>',
    "slashes": "<u/a={}/>",
    "line breaks": "<font\na\n=\n{}\n>",
    "characters of case": "<s a=aB{}>",
    "much before what differs": "<em a='" + "x" * 300 + "{}'>",
    "an end tag in a value": "<i a='></i>{}'>",
    "an end tag in a comment": "<i a={}><!--</i>-->",
    "an end tag in a title": "<i a={}><title></i></title>",
    "an end tag out of scope": "<i a={}><table></i></table>",
    "an end tag in a cell": "<i a={}><table><td></i></table>",
    "an end tag of another": "<i a={}></b>",
    "an end tag after a block": "<i a={}><div></i></div>",
    "a title of a drawing": "<svg><title><i a={}></title></svg>",
    "a title in a select": "<select><title></select><i a={}></title>",
    "a title in a template": "<template><col><title></template><i a={}></title>",
    "a script in a script": "<i a={}><script><!--<script></script></i>--></script>",
    "a comment in CDATA": "<svg><![CDATA[<!--]]></svg><i a={}>",
    "a drawing in CDATA": "<svg><![CDATA[</svg>]]><title><i a={}></title></svg>",
    "a drawing in an attribute": "<svg a=/><title></title><i a={}>",
    "a comment in a title": "<svg><p></svg><title><!--</title><i a={}>-->",
    "an end tag in a script": "<i a={}><script></i></script>",
    "an end tag of a cell": "<i a={}><div><td></div></i>",
    "in a table": "<table><i a={}></table>",
    "no end of a value": "<svg><style><</style></svg><i a={} b='><p c='>",
}


@pytest.mark.parametrize("trick", TRICKS.values(), ids=TRICKS.keys())
def test_unclosed_formatting_grows_with_the_page_only(trick: str) -> None:
    html = "<div>" + "".join(trick.format(n) for n in range(600)) + "</div>" + "<div>needle</div>" * 3000
    started = time.process_time()
    document = read_document(html)
    assert time.process_time() - started < 5
    # 512 elements in each of 3,000 blocks would be 1.5 million.
    assert len(document) < 500_000
    assert "\n".join(document.texts).count("needle") == 3000
    assert "svg" in trick or "\n".join(segment(document).texts).count("needle") == 3000


def test_spans_hold_where_formatting_is_changed() -> None:
    html = "<div>" + "".join(f"<strong a={n}>" for n in range(600)) + "</div>" + "<div>needle</div>" * 3000
    assert parser_input(html) != html
    document = read_document(html)
    blocks = segment(document)
    spans = block_spans(document, blocks)
    places = [span for span in spans if span is not None]
    assert len(places) > 2500
    assert all(html[start:end].count("needle") == 1 for start, end in places)


@pytest.mark.parametrize(
    "tag", ["<body a{}=1>", "<HTML a{}=1>", "<body a{}>", "<body 'a{}'>", "<html/a{}=<>", "<body a{}"]
)
def test_start_tags_of_body_grow_with_the_page_only(tag: str) -> None:
    html = "<p>needle" + "".join(tag.format(n) for n in range(10_000)) + "<p>needle"
    sent = parser_input(html)
    assert len(sent) == len(html)
    assert sum(found.name in {"body", "html"} for found in read_tags(sent)) < 5000
    started = time.process_time()
    document = read_document(html)
    assert time.process_time() - started < 5
    assert "needle" in "".join(segment(document).texts)


def test_one_large_body_and_many_small_ones() -> None:
    html = (
        "<body " + " ".join(f"a{n}" for n in range(100_000)) + ">needle" + "".join(f"<body b{n}>" for n in range(2000))
    )
    started = time.process_time()
    document = read_document(html)
    assert time.process_time() - started < 5
    assert "needle" in document.texts


@pytest.mark.parametrize(
    "html",
    [
        "<b>one</b> <i class=x>two</i> " * 30_000,
        "<p><font color=red>one<p>" * 5000,
        "<p><b>one</p>" * 30_000,
        "<p>" + "<i class=icon></i><a href=x>one</a> " * 20_000,
        "".join(f"<p><em id=e{n}>one</em>" for n in range(20_000)),
        "<body class=a>" * 1000,
        "<html><body>" * 8,
        "".join(f"<p><b id=a{n}><a href=x>one</a></b> " for n in range(20_000)),
        "".join(f"<b id=a{n}><div><ul><li>one<li>two</ul></div></b>" for n in range(5000)),
        "".join(f"<code id=a{n}><span>one</span><!-- <b> --><br></code>" for n in range(20_000)),
        "".join(f"<li><tt id=a{n}><svg><title>one</title><path d=x /></svg></tt>" for n in range(5000)),
        "<title>" + "".join(f"<b id=a{n}>" for n in range(20_000)) + "</title><p>one",
        "<textarea>" + "".join(f"<b id=a{n}>" for n in range(20_000)) + "</textarea>" + "<p>one" * 1000,
        "<!--" + "".join(f"<i id=a{n}>" for n in range(20_000)) + "-->",
        "<textarea>" + "<body a=1>" * 8000 + "</textarea>",
        "<xmp><template shadowrootmode=open></xmp><!--<template shadowrootmode=open>-->"
        "<p title='<template shadowrootmode=open>'>one<p>shadowrootmode",
        "".join(f"<\u017f a{n}><\u017ftrong a{n}>" for n in range(20_000)),
    ],
)
def test_many_tags_alone_are_no_reason(html: str) -> None:
    assert parser_input(html) == html


@pytest.mark.parametrize(
    "tag",
    ["<tEmplate shadowrootmode=open>", "<TEMPLATE ShadowRootMode='open'>", "<template a='>' shadowrootmode=open>"],
)
@pytest.mark.parametrize("used", [True, False])
def test_shadow_roots_stay_in_the_tree(tag: str, used: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "used", used and compiled.used)
    assert "needle" in segment(read_document(f"<div>{tag}<p>needle</p></template></div>")).texts


def test_stored_pages_stay_as_they_are(stored_page: Path) -> None:
    html = (stored_page / "source.html").read_text(encoding="utf-8", errors="replace")
    assert parser_input(html) == html
    assert module._without_reopened(module._without_merged(html)) == html


def test_what_is_changed_is_changed_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_REOPENED", 30)
    monkeypatch.setattr(module, "_MOST_MERGED", 100)
    monkeypatch.setattr(compiled, "used", False)
    assert (
        parser_input("<b>one<strong class=a>two</strong><i>three<Font a=1><p>four<b>five")
        == "<b>one<strong class=a>two</strong><i>three<!       ><p>four<b>five"
    )
    unclosed = "".join(f"<b a={n}>" for n in range(20))
    closed = "<em class='a>b'>two</em><textarea><i a=1></textarea>"
    comments = re.sub(r"<b a=(?!0>)\d+>", lambda tag: f"<!{' ' * (len(tag[0]) - 3)}>", unclosed)
    assert parser_input(f"<p>{unclosed}{closed}") == f"<p>{comments}{closed}"
    assert parser_input(f"<p>{unclosed}<em class='a>b'><p>two</p></em>").endswith("<!             ><p>two</p><!  >")
    assert parser_input("<body a=1>" * 8 + "<body b=1>x") == "<body a=1>" * 8 + "</ody b=1>x"


@pytest.mark.parametrize(
    "source",
    [
        "<select><plaintext><template shadowrootmode=open a=<template ShadowRootMode=closed>text</template> and more",
        "<select><plaintext>" + "".join(f"<b a{number}=<i b{number}>" for number in range(3000)) + "text",
    ],
    ids=["shadow roots", "formatting"],
)
def test_tags_inside_of_tags_do_not_make_the_page_longer(source: str) -> None:
    changed = parser_input(source)
    assert changed != source
    assert len(changed) == len(source)
    assert "shadowrootmode" not in changed.lower()
    spans = [span for span in block_spans(read_document(source), segment(read_document(source))) if span]
    assert all(0 <= start < end <= len(source) for start, end in spans)


XML = '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize(
    "head",
    [
        "<title/>",
        '<script src="tide.js"/>',
        "<SCRIPT src='a>b'\n/>",
        "<style type=text/css /><textarea/><iframe src='x'/>",
        "<!-- <script/> --><script/>",
        "<script>let a = '<script/>';</script><title>Tides</title><style/>",
        "<!--><script/>",
    ],
)
def test_what_xml_closes_at_once_takes_no_text(head: str, mark: str) -> None:
    source = f"{mark}{XML}<head>{head}</head><body><p>High water at noon.</p></body></html>"
    document = read_document(source)
    assert "High water at noon." in segment(document).texts
    assert len(parser_input(source)) == len(source)
    spans = [span for span in block_spans(document, segment(document)) if span]
    assert source[slice(*spans[-1])] == "High water at noon."


@pytest.mark.parametrize(
    "source",
    [
        f"{XML}<!-- <script/> <p>High water at noon.</p>",
        f"{XML}<script>let a = '<script/>';<p>High water at noon.</p>",
        f'{XML}<script a="-->"/><p>High water at noon.</p>',
        "<html><script/><p>High water at noon.</p>",
    ],
    ids=["no end of a comment", "no end of a script", "an end of a comment in it", "no XML"],
)
def test_nothing_else_is_closed(source: str) -> None:
    assert parser_input(source) == source


@pytest.mark.parametrize("part", ["<!--", "<script>", "<script", "<title/>", "<script a='", "<textarea/ "])
def test_empty_elements_are_found_in_linear_time(part: str) -> None:
    times = []
    for size in (100_000, 800_000):
        source = XML + part * (size // len(part))
        start = time.perf_counter()
        parser_input(source)
        times.append(time.perf_counter() - start)
    assert times[1] < 30 * times[0] + 0.2
