"""Inputs that break other tools: nothing is lost without a word, and time grows with the size of the page only.

A quarter of the sizes, against a quarter of the time, so that the suite stays quick; `make test-hostile` takes them whole.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
from bs4 import BeautifulSoup

from declutter import InputError, Label, LimitExceeded, Limits, Model, Page, clean, predict
from declutter.model.predictor import Scores
from declutter.model.strictness import BETAS, SUMMARY, THRESHOLDS, Expected, page_summary
from declutter.page.boxes import find_boxes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.model.context import Layout

# The tracer of coverage would be timed instead of the library.
pytestmark = pytest.mark.no_cover

WHOLE = bool(os.environ.get("DECLUTTER_HOSTILE"))
_AGAIN = 2
PART = 1 if WHOLE else 4
# A quarter of a page has four fifths of the time: what a whole page is promised is measured by `make test-hostile`, and processes
# side by side on a busy machine slow each other by a factor of two and more. What is quadratic takes a sixteenth of the whole's time.
SLACK = 1 if WHOLE else 1.25
# CPU seconds of whole sizes: this machine's other work does not count.
LIMIT = 5.0
LIMIT_OF_MANY_BLOCKS = 10.0
MANY = 100_000


class Blind(Model):
    """A model that says the same of every block: what it costs to ask is measured apart, as it is the same for all."""

    def __post_init__(self) -> None:
        self._text, self.sites = None, ()  # it has no parts

    def content_scores(self, features: NDArray[np.float32], layout: Layout) -> Scores:
        assert len(layout) == len(features)
        return Scores(np.full(len(features), 1 / len(Label)), features[:, :0])

    def probabilities(
        self, features: NDArray[np.float32], layout: Layout, scores: Scores | None = None
    ) -> NDArray[np.float64]:
        assert len(layout) == len(features)
        assert scores is not None
        return np.full((len(features), len(Label)), 1 / len(Label))

    def expected(self, features: NDArray[np.float32], layout: Layout, scores: NDArray[np.float64]) -> Expected:
        assert len(page_summary(features, layout.weights, scores)) == len(SUMMARY)
        return Expected(np.full((len(BETAS), len(THRESHOLDS)), 0.5))


BLIND = Blind("blind", {"thresholds": {}}, {})

Html = str | bytes
Make = Callable[[int], Html]


class Case(NamedTuple):
    """How to make a page of a size, the size, a word of it, and how often its blocks must hold that word."""

    make: Make
    size: int = PART
    each: bool = False
    """The word stands once for each, not once in all."""
    word: str = "needle"
    outside: bool = False
    """Where one looks: in the blocks alone, as the text of this page is no text of the content."""


def texts(page: Page) -> str:
    # Not page.blocks: 200,000 views take longer than what is measured here.
    return "\n".join(page._table.texts)


def check(html: Html | BeautifulSoup, word: str, count: int, model: Model | None, *, outside: bool = False) -> Page:
    page, seconds = measured(html, word, count, model, outside)
    limit = (LIMIT_OF_MANY_BLOCKS if len(page._table) * PART >= MANY else LIMIT) / SLACK
    for _ in range(_AGAIN if max(seconds.values()) >= limit else 0):
        # Processes side by side take each other's caches: what is slow by itself is slow each time.
        _, again = measured(html, word, count, model, outside)
        seconds = {name: min(spent, again[name]) for name, spent in seconds.items()}
    assert max(seconds.values()) < limit, f"{len(page._table)} blocks: {seconds}"
    return page


def measured(
    html: Html | BeautifulSoup, word: str, count: int, model: Model | None, outside: bool
) -> tuple[Page, dict[str, float]]:
    """The page, and the CPU seconds of each thing that is done with it."""
    started = time.process_time()
    page = predict(html, strictness=0, model=model)
    seconds = {"predict": time.process_time() - started}
    assert texts(page).count(word) == count
    works: dict[str, Callable[[], object]] = {
        "text": page.text,
        "html": page.html,
        "markdown": page.markdown,
        "spans": lambda: page._places.of_block(0) if len(page._table) else None,
        "boxes": lambda: find_boxes(page._document, page._table, np.ones(len(page._table), dtype=np.int64)),
    }
    if isinstance(html, str | bytes):
        works["document"] = lambda: page.html(scope="document")
    for name, work in works.items():
        started = time.process_time()
        output = work()
        seconds[name] = time.process_time() - started
        assert outside or not isinstance(output, str) or word in output, name
    return page, seconds


def numbered(start: str, end: str = "") -> Callable[[int], str]:
    """Makes a page of pieces that differ in a number."""
    return lambda n: "".join(f"{start}{number}{end}" for number in range(n))


def repeated(piece: str, before: str = "", after: str = "") -> Callable[[int], str]:
    """Makes a page of equal pieces."""
    return lambda n: before + piece * n + after


JAPANESE = (
    "<title>灯台</title><p>灯台守は毎晩、階段を上って明かりをともした。港の人々はその光を頼りに船を動かしている。</p>"
)
CHINESE = "<title>灯塔</title><p>守塔人每天晚上都要爬上楼梯点亮灯光。港口的人们依靠这道光来驾驶船只，这个习惯已经延续了一百年。</p>"
RUSSIAN = "<title>Маяк</title><p>Смотритель маяка каждый вечер поднимался по лестнице и зажигал огонь для лодок.</p>"

KNOWN = {
    "300 nested div": Case(lambda _: "<div>" * 300 + "<p>needle</p>" + "</div>" * 300),
    "nested div": Case(repeated("<div>", after="<p>needle</p>"), 50_000),
    "unclosed p and b": Case(repeated("<p><b>needle "), 20_000, each=True),
    "links around blocks": Case(repeated("<a href=x>needle<div>"), 20_000, each=True),
    "one tag with many attributes": Case(lambda n: "<p " + numbered("a", "=v ")(n) + ">needle", 100_000),
    "nav links": Case(
        lambda n: "<nav>" + "".join(f"<li><a href=/p{i}>needle {i}</a>" for i in range(n)), 200_000, each=True
    ),
    "paragraphs": Case(
        lambda n: "".join(f"<p>Paragraph {i}, with a comma, says needle. " + "It goes on. " * 8 for i in range(n)),
        100_000,
        each=True,
    ),
    "rows": Case(repeated("<tr><td>needle", "<table>"), 100_000, each=True),
    "one text node of 20 MB": Case(repeated("needle text, ", "<p>"), 1_500_000, each=True),
    "a control character": Case(lambda _: "<p>needle &#1; more</p>"),
    "noncharacters": Case(lambda _: "<p>needle &#xFFFE; &#xFFFF; more</p>"),
    "nested entities": Case(
        lambda _: (
            '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]><p>needle &c;&b;'
        )
    ),
    "a lone surrogate": Case(lambda _: "<p>needle \ud800 more \udfff</p>"),
    "nested JSON-LD": Case(
        repeated('{"a":[', '<script type="application/ld+json">', "</script><p>needle"),
        20_000,
    ),
    "links that run": Case(
        lambda _: (
            "<p><a href='javascript:alert(1)' onclick=alert(2)>needle</a><img src=x onerror=alert(3)>"
            "<iframe srcdoc='<script>alert(4)</script>'></iframe>"
        )
    ),
    "UTF-8 labelled latin-1": Case(lambda _: ("<meta charset=latin-1>" + JAPANESE).encode(), word="灯台守"),
    "Shift_JIS without a label": Case(lambda _: JAPANESE.encode("shift_jis"), word="灯台守"),
    "GB18030 without a label": Case(lambda _: CHINESE.encode("gb18030"), word="守塔人"),
    "windows-1251 without a label": Case(lambda _: RUSSIAN.encode("cp1251"), word="Смотритель"),
    "NUL in a str": Case(lambda _: "<p>\0needle\0 more\0</p>" + "\0" * 1000),
    "NUL in bytes": Case(lambda _: b"<p>\0needle\0 more</p>" + b" " * 100),
    "huge spans": Case(
        lambda _: "<table><tr><td colspan=9007199254740991 rowspan=9007199254740991>needle</table>",
    ),
    "a 5 MB data address": Case(repeated("A", "<p>needle<img src='data:image/png;base64,", "'>"), 5_000_000),
    "an unclosed comment": Case(repeated("x", "<p>needle</p><!-- "), 5_000_000),
}

DEEP = {
    "div with text": Case(repeated("<div>needle "), 20_000, each=True),
    "span": Case(repeated("<span>needle ", "<p>"), 50_000, each=True),
    "tables": Case(repeated("<table><tr><td>needle "), 10_000, each=True),
    "lists": Case(repeated("<ul><li>needle "), 10_000, each=True),
    "details": Case(repeated("<details><summary>needle</summary>"), 10_000, each=True),
    "custom elements": Case(repeated("<x-a>needle "), 10_000, each=True),
    "hidden": Case(repeated("<div hidden>needle "), 10_000, each=True),
    "templates": Case(repeated("<template><p>needle", "<p>a"), 10_000, each=True),
    "noscript": Case(repeated("<noscript><p>needle", "<p>a"), 10_000, each=True),
    "drawings": Case(repeated("<svg><g>", "<p>needle"), 20_000),
    "formulas": Case(repeated("<math><mi>", "<p>needle "), 20_000),
    "HTML in drawings": Case(repeated("<svg><foreignObject><p>needle"), 10_000, each=True),
    "quotations": Case(repeated("<blockquote>needle"), 15_000, each=True),
    "sections with headings": Case(repeated("<section><h2>needle</h2>"), 15_000, each=True),
    "buttons": Case(repeated("<button>needle "), 15_000, each=True),
    "numbered lists": Case(repeated("<ol start=999999999>", after="<li>needle"), 20_000),
    "links with labels in tables": Case(repeated("<a title=x><table><td>", "<p>needle"), 10_000),
    "formatting to reconstruct": Case(
        lambda n: "".join(f"<font size={i}>" for i in range(n)) + "<p>needle" * n, 2000, each=True
    ),
    "formatting to open again in each block": Case(
        lambda n: "<div>" + "".join(f"<i a={i}>" for i in range(600)) + "</div>" + "<div>needle</div>" * n,
        30_000,
        each=True,
    ),
    "misnested formatting": Case(lambda n: "<b><i><u><s>" * n + "<p>needle" + "</b></p><p>" * n, 1000),
    "formatting closed in another order": Case(repeated("<b><i><p>needle</b></i>"), 15_000, each=True),
    "end tags without start": Case(lambda n: "<div>needle" + "</span></p></b>" * n, 30_000),
}

WIDE = {
    "start tags of body": Case(numbered("<body a", "=1>" + "<p>needle"), 20_000, each=True),
    "start tags of html": Case(numbered("<html a", "=1>" + "<p>needle"), 20_000, each=True),
    "cells in a row": Case(repeated("<td>needle", "<table><tr>"), 15_000, each=True),
    "cells that span": Case(repeated("<tr><td colspan=1000 rowspan=1000>needle", "<table>"), 15_000, each=True),
    "texts in a table outside of cells": Case(repeated("<tr>needle ", "<table>"), 15_000, each=True),
    "captions": Case(repeated("<caption>needle", "<table>"), 15_000, each=True),
    "items with numbers of their own": Case(
        lambda n: "<ol>" + "".join(f"<li value={2 * i}>needle" for i in range(n)), 30_000, each=True
    ),
    "forms": Case(repeated("<form><input type=email><p>needle</p></form>"), 15_000, each=True),
    "fields in a form": Case(repeated("<input placeholder=a>", "<form>needle"), 30_000),
    "labels of fields": Case(repeated("<label for=a>needle</label> <input id=a>", "<form>"), 15_000, each=True),
    "buttons": Case(repeated("<button>needle</button>"), 15_000, each=True),
    "options": Case(repeated("<option>other", "<select><option>needle"), 100_000),
    "options in groups": Case(repeated("<optgroup label=x><option>other", "<select><option>needle"), 30_000),
    "nested options": Case(repeated("<option><x>other", "<select><option>needle"), 20_000),
    "texts beside options": Case(repeated("<option>other</option>needle ", "<p>a<select>"), 15_000, each=True),
    "an unclosed select": Case(lambda n: "<select>" + "<p>needle</p>" * n, 15_000, each=True),
    "selects": Case(repeated("<select><option>needle</select>"), 15_000, each=True),
    "links in a paragraph": Case(repeated("<a href=x>needle</a>", "<p>"), 30_000, each=True),
    "links to many hosts": Case(numbered("<p><a href='http://h", ".example/?y=1#z'>needle</a>"), 15_000, each=True),
    "links with a label alone": Case(repeated("<a aria-label=other></a>", "<p>needle</p>"), 30_000),
    "line breaks": Case(repeated("needle<br>", "<p>"), 30_000, each=True),
    "double line breaks": Case(repeated("needle<br><br>", "<p>"), 15_000, each=True),
    "rules": Case(repeated("needle<hr>"), 15_000, each=True),
    "spans": Case(repeated("<span>needle </span>", "<p>"), 30_000, each=True),
    "blank spans": Case(repeated(" <b> </b>", "<p>needle"), 30_000),
    "images": Case(repeated("<img src=a>", "<p>needle</p>"), 30_000),
    "images with long descriptions": Case(
        lambda n: "<p>needle</p>" + f"<img alt='{'apple pay ' * 12}' src='/{'visa/' * 30}'>" * n, 30_000
    ),
    "images with descriptions": Case(repeated("<div><img alt=needle></div>"), 15_000, each=True, outside=True),
    "images far from text": Case(repeated("<img src=a>", "<p>needle</p>" + "<div>" * 500), 30_000),
    "figures": Case(repeated("<figure><img src=x><figcaption>needle</figcaption></figure>"), 15_000, each=True),
    "films": Case(repeated("<video src=x></video>", "<p>needle</p>"), 15_000),
    "ids": Case(numbered("<div id=i", ">needle</div>"), 15_000, each=True),
    "one id": Case(repeated("<div id=a>needle</div>"), 15_000, each=True),
    "classes": Case(numbered("<div class='c", "'>needle</div>"), 15_000, each=True),
    "names of elements": Case(numbered("<x", ">needle"), 15_000, each=True),
    "names of custom elements": Case(numbered("<p>a<x-", ">needle"), 15_000, each=True),
    "titles": Case(
        lambda n: "".join(f"<meta property=og:title content='a b{i}'>" for i in range(n)) + "<h1>needle</h1>" * n,
        5000,
        each=True,
    ),
    "headings": Case(repeated("<h1>needle</h1>"), 15_000, each=True),
    "articles": Case(repeated("<article><h1>needle</h1><p>x</article>"), 10_000, each=True),
    "boxes of chrome": Case(
        repeated("<div><h3>Newsletter</h3><input type=email><button>Sign up</button></div><p>needle, and more.</p>"),
        10_000,
        each=True,
    ),
    "hidden boxes": Case(repeated("<dialog>needle</dialog>"), 15_000, each=True),
    "text areas": Case(repeated("<textarea>needle</textarea>"), 15_000, each=True),
    "annotations in ruby": Case(repeated("<ruby>needle<rt>x<rp>y"), 15_000, each=True),
    "text between frames": Case(repeated("<frame>", "<p>needle</p>"), 100_000),
    "processing instructions": Case(repeated("<?x y>needle ", "<p>"), 100_000, each=True),
    "CDATA": Case(repeated("<![CDATA[x]]>needle ", "<p>"), 100_000, each=True),
    "comments between words": Case(repeated("needle<!--x--> ", "<p>"), 50_000, each=True),
    "doctypes": Case(repeated("<!doctype html>", after="<p>needle"), 200_000),
    "end tags of the page": Case(repeated("</body></html>needle "), 100_000, each=True),
}

LONG = {
    "a word of 5 MB": Case(lambda n: "<p>" + "n" * n + "needle", 5_000_000),
    "20 MB of script": Case(repeated("<", "<p>needle</p><script>"), 20_000_000),
    "unclosed scripts in scripts": Case(repeated("<script>", "<p>needle</p><script><!--"), 200_000),
    "class names": Case(repeated("navMenu ", "<p class='", "'>needle"), 600_000),
    "one class name": Case(repeated("aB", "<p class='", "'>needle"), 1_000_000),
    "styles": Case(repeated("display ", "<p style='", "'>needle"), 600_000),
    "a style of white space": Case(repeated(" ", "<p style='display", "'>needle"), 2_000_000),
    "styles of white space": Case(repeated("display   ", "<span style='", "'>needle</span>"), 200_000),
    "an address": Case(repeated("a-b/", "<p><a href='", "'>needle</a>"), 1_000_000),
    "an address of a form": Case(repeated("/pay?", "<form action='", "'>needle"), 1_000_000),
    "a host": Case(repeated("a.", "<p><a href='http://", "'>needle</a>"), 1_000_000),
    "a label": Case(repeated("more ", "<p>needle<p><a aria-label='", "'></a>"), 1_000_000),
    "a name of an element": Case(repeated("a", "<", ">needle"), 5_000_000),
    "a name of an attribute": Case(repeated("a", "<p ", ">needle"), 5_000_000),
    "a title": Case(
        lambda n: "<title>" + "word " * n + "</title>" + "<h1>needle word</h1>" + "<h1>a word</h1>" * 500, 200_000
    ),
    "a title of accents": Case(repeated("\u0315\u0300", "<title>a", "</title><h1>needle</h1>"), 100_000),
    "a description": Case(
        lambda n: "<meta name=description content='" + numbered("w", " ")(n) + "'><p>needle", 200_000
    ),
    "accents": Case(repeated("\u0315\u0300", "<p>needle"), 300_000),
    "joiners": Case(repeated("\u200d", "<p>needle"), 1_000_000),
    "emoji": Case(repeated("\U0001f469\u200d\U0001f469", "<p>needle "), 300_000),
    "white space": Case(repeated(" ", "<p>needle", "end"), 5_000_000),
    "no-break spaces": Case(repeated("\xa0", "<p>needle", "end"), 2_000_000),
    "line ends of three kinds": Case(repeated("a\r\nb\rc\n", "<p>needle "), 500_000),
    "quotes": Case(repeated('"', "<p>needle."), 1_000_000),
    "open quotes": Case(repeated("\u201c a \u00ab b ", "<p>needle "), 300_000),
    "digits": Case(repeated("1", "<p>needle "), 1_000_000),
    "dates": Case(repeated("2020-01-01 1/1/20 12:00 january 1 ", "<p>needle "), 50_000),
    "pieces of dates": Case(repeated("1/", "<p>needle "), 1_000_000),
    "amounts": Case(repeated("$1 € 2,00 ", "<p>needle "), 200_000),
    "addresses of mail": Case(repeated("a.b@c.d ", "<p>needle "), 300_000),
    "dots": Case(repeated(".", "<p>needle"), 2_000_000),
    "phrases of chrome": Case(repeated("subscribe to our newsletter ", "<p>needle "), 100_000),
    "beginnings of phrases": Case(repeated("all rights ", "<p>needle "), 200_000),
    "different words": Case(lambda n: "<p>needle " + numbered("w", " ")(n), 500_000),
    "Chinese": Case(repeated("灯塔", "<p>needle"), 1_000_000),
    "Thai": Case(repeated("กา", "<p>needle"), 500_000),
    "Hindi": Case(repeated("कि", "<p>needle"), 500_000),
    "letters that grow": Case(repeated("\ufdfaİßŉ", "<p>needle "), 300_000),
    "lines in a pre": Case(repeated("x\n", "<pre>", "needle"), 500_000),
    "marks of Markdown": Case(repeated("*_`[]()#\\", "<p>needle"), 200_000),
    "backticks in code": Case(lambda n: "<p>needle <code>" + " ".join("`" * i for i in range(n)) + "</code>", 1500),
    "backticks in a pre": Case(repeated("```\n", "<pre>needle\n", "</pre>"), 500_000),
    "comment starts": Case(repeated("<!--", "<p>needle</p>"), 200_000),
    "dashes in a comment": Case(repeated("--!", "<p>needle<!--"), 1_000_000),
    "ampersands": Case(lambda n: "<p>needle " + "&" * n + "&amp;" * n, 500_000),
    "a reference of 1 MB": Case(repeated("9", "<p>needle &#"), 1_000_000),
    "names of references": Case(repeated("&notit;&ampx", "<p>needle "), 200_000),
    "tags that never end": Case(repeated("<a b='", "<p>needle</p>"), 200_000),
    "templates that never end": Case(repeated("<template a=", "<p>needle</p>", " shadowrootmode"), 100_000),
    "quotes that never end": Case(repeated("<template \"'", "<p>needle</p>", "shadowrootmode>"), 100_000),
    "formatting that never ends": Case(repeated("<i \"'", "<p>needle</p>"), 200_000),
    "shadow roots": Case(
        repeated("<div><template shadowrootmode=open>needle</template></div>", "<p>a"), 10_000, each=True
    ),
    "halves of declarations": Case(
        lambda n: b"<meta " + b"x" * 900 + b">" + b"<meta chars" * n + b"><p>needle\xe9",
        50_000,
    ),
    "escape sequences": Case(lambda n: b"<p>needle" + b"\x1b$B" * n, 300_000),
}

STRUCTURED = {
    "quotes": Case(repeated('"text":"', '<script type="application/ld+json">', "</script><p>needle"), 100_000),
    "backslashes": Case(
        repeated('"text":"' + "\\" * 31, '<script type="application/ld+json">', "</script><p>needle"), 20_000
    ),
    "spaces": Case(repeated('"text" ', '<script type="application/ld+json">', "</script><p>needle"), 60_000),
    "spaces after a type": Case(
        repeated(" ", '<script type="application/ld+json">{"@type":', "</script><p>needle"), 300_000
    ),
    "types": Case(repeated('{"@type":"Article",', '<script type="application/ld+json">', "</script><p>needle"), 50_000),
    "many": Case(repeated('<script type="application/ld+json">{"@type":"A"}</script>', after="<p>needle"), 20_000),
}

STRANGE = {
    "references beyond Unicode": Case(lambda _: "<p>needle &#0; &#xD800; &#x110000; &#99999999999;</p>"),
    "huge numbers": Case(lambda _: "<ol start=99999999999999999999><li value=-1e999>needle</ol>"),
    "no tags": Case(lambda _: "needle"),
    "only an end tag": Case(lambda _: "</p>needle"),
    "cut inside a tag": Case(lambda _: "<p>needle</p><p class='x"),
    "cut inside a character": Case(lambda _: "<p>needle é".encode()[:-1]),
    "frameset": Case(lambda _: "<p>needle</p><frameset><frame src=x></frameset>"),
    "plaintext": Case(lambda _: "<p>a</p><plaintext><p>needle"),
    "byte-order mark inside": Case(lambda _: "<p>needle\ufeff\ufffe</p>"),
    "two byte-order marks": Case(lambda _: b"\xef\xbb\xbf\xef\xbb\xbf<p>needle"),
    "two bodies": Case(lambda _: "<body><p>a</body><body><p>needle</body></html><p>b"),
    "text after the page": Case(lambda _: "<html><body><p>a</p></body></html>needle"),
    "text in the head": Case(lambda _: "<head>needle<title>t</title></head><p>a"),
    "bidirectional controls": Case(lambda _: "<p>\u202eneedle\u2066</p>"),
    "invented elements": Case(lambda _: "<a1><b:c><d_e>needle</d_e></b:c></a1>"),
    "attributes without names": Case(lambda _: "<p =x ='y' \"z\">needle</p>"),
    "an upper-case page": Case(lambda _: "<HTML><BODY><P CLASS=X>needle</P></BODY></HTML>"),
    "XHTML with a namespace": Case(
        lambda _: '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>needle</p></body></html>'
    ),
    "a caption alone": Case(lambda _: "<caption>needle"),
    "a cell alone": Case(lambda _: "<td>needle"),
    "text in a row": Case(lambda _: "<table><tr>needle</tr></table>"),
    "fallback of media": Case(lambda _: "<video>needle</video>"),
    "tags of another kind": Case(lambda _: "<p>needle <% if x %> {{ y }} [[z]]"),
    "UTF-16 without a mark": Case(lambda _: "<p>needle and more".encode("utf-16-le")),
    "UTF-32 with a mark": Case(lambda _: "<p>needle".encode("utf-32")),
}

KINDS = {"known": KNOWN, "deep": DEEP, "wide": WIDE, "long": LONG, "structured": STRUCTURED, "strange": STRANGE}
ALL = {f"{kind}: {name}": case for kind, cases in KINDS.items() for name, case in cases.items()}


@pytest.mark.parametrize("case", ALL.values(), ids=ALL.keys())
def test_hostile_pages(case: Case) -> None:
    size = case.size // PART
    check(case.make(size), case.word, size if case.each else 1, None if WHOLE else BLIND, outside=case.outside)


SOUPS = {
    "div": ("<div>", "needle"),
    "options in one select": ("<option>a", "needle"),
    "links with labels": ("<a title=x>", "<p>needle"),
    "selects": ("<select title=x>", "</select>needle"),
    "drawings": ("<svg><foreignObject>", "needle"),
    "headings": ("<h1>a", "needle"),
    "details": ("<details>", "needle"),
    "tables": ("<table><tr><td>a", "needle"),
}


@pytest.mark.parametrize("piece", SOUPS.values(), ids=SOUPS.keys())
def test_deep_soups(piece: tuple[str, str]) -> None:
    size = 20_000 // PART
    html = piece[0] * size + piece[1]
    check(BeautifulSoup(html, "html.parser"), "needle", html.count("needle"), BLIND)


def test_the_shipped_model_on_many_blocks() -> None:
    predict("<p>The model is loaded before the clock starts.")
    for piece in ("<p><b>needle ", "<a href=x>needle<div>"):
        check(piece * (20_000 // PART), "needle", 20_000 // PART, None)


def test_html_output_runs_nothing() -> None:
    html = check(KNOWN["links that run"].make(1), "needle", 1, BLIND).html()
    assert not any(word in html for word in ("javascript:", "onclick", "onerror", "srcdoc", "alert"))


@pytest.mark.parametrize(
    "html", ["", " ", "\n\t\f\r\n", "\ufeff", "\0", "<", "&", "<!--", "<!DOCTYPE", "</", "<p", b"\xef\xbb\xbf"]
)
def test_next_to_nothing(html: str | bytes) -> None:
    for output in ("text", "markdown", "html"):
        assert clean(html, output=output) == clean(html, output=output)
    assert len(predict(html).blocks) <= 1


@pytest.mark.parametrize(
    ("start", "name"),
    [(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"), (b"\x89PNG\r\n\x1a\n", "PNG"), (b"\xff\xd8\xff\xe0", "JPEG")],
)
def test_files_that_are_no_pages_are_named_at_once(start: bytes, name: str) -> None:
    data = start + bytes(range(256)) * (80_000 // PART)
    started = time.process_time()
    with pytest.raises(InputError, match=f"{name}.*not a web page: "):
        predict(data)
    assert time.process_time() - started < LIMIT / SLACK


def test_a_page_over_the_limit_is_refused_at_once() -> None:
    html = "<p>needle " * 7_000_000  # 70 MB
    started = time.process_time()
    page = predict(html, model=BLIND, limits=Limits(max_bytes=100_000, on_exceed="truncate"))
    assert time.process_time() - started < LIMIT / SLACK
    assert texts(page).count("needle") == 9_999
    started = time.process_time()
    with pytest.raises(LimitExceeded):
        predict(html)
    assert time.process_time() - started < LIMIT / SLACK


def test_a_long_name_of_the_site_is_not_looked_for_word_by_word() -> None:
    words = " ".join(f"w{number}" for number in range(60_000))
    html = f"<meta property=og:site_name content='a {'-' * 250} {words}'><p>needle</p><p>{words}</p>"
    started = time.process_time()
    predict(html, model=BLIND)
    assert time.process_time() - started < LIMIT
