"""Inputs that break other tools: nothing is lost without a word, and time grows with the size of the page only."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
from bs4 import BeautifulSoup

from declutter import Label, Model, Page, clean, predict
from declutter.model.predictor import Scores
from declutter.model.strictness import BETAS, SUMMARY, THRESHOLDS, Expected, page_summary

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from declutter.model.context import Layout

# The tracer of coverage would be timed instead of the library.
pytestmark = pytest.mark.no_cover

# CPU seconds: this machine's other work does not count.
LIMIT = 5.0
LIMIT_OF_MANY_BLOCKS = 10.0
MANY = 100_000


class Blind(Model):
    """A model that says the same of every block: what it costs to ask is measured apart, as it is the same for all."""

    def __post_init__(self) -> None:
        pass  # it has no parts

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


class Case(NamedTuple):
    """A page, a word of it, and how often its blocks must hold that word."""

    html: str | bytes
    word: str = "needle"
    times: int = 1


def texts(page: Page) -> str:
    # Not page.blocks: 200,000 views take longer than what is measured here.
    return "\n".join(page._table.texts)


def check(html: str | bytes | BeautifulSoup, word: str, count: int, model: Model | None = BLIND) -> None:
    started = time.process_time()
    page = predict(html, strictness=0, model=model)
    seconds = {"predict": time.process_time() - started}
    assert texts(page).count(word) == count
    for name, render in (("text", page.text), ("html", page.html), ("markdown", page.markdown)):
        started = time.process_time()
        output = render()
        seconds[name] = time.process_time() - started
        assert word in output, name
    limit = LIMIT_OF_MANY_BLOCKS if len(page._table) >= MANY else LIMIT
    assert max(seconds.values()) < limit, f"{len(page._table)} blocks: {seconds}"


DEEP = {
    "300 nested div": Case("<div>" * 300 + "<p>needle</p>" + "</div>" * 300),
    "50,000 nested div": Case("<div>" * 50_000 + "<p>needle</p>"),
    "20,000 nested div with text": Case("<div>needle " * 20_000, times=20_000),
    "50,000 nested span": Case("<p>" + "<span>needle " * 50_000, times=50_000),
    "10,000 nested tables": Case("<table><tr><td>needle " * 10_000, times=10_000),
    "10,000 nested lists": Case("<ul><li>needle " * 10_000, times=10_000),
    "10,000 nested details": Case("<details><summary>needle</summary>" * 10_000, times=10_000),
    "10,000 nested custom elements": Case("<x-a>needle " * 10_000, times=10_000),
    "10,000 nested hidden": Case("<div hidden>needle " * 10_000, times=10_000),
    "10,000 nested templates": Case("<p>a" + "<template><p>needle" * 10_000, times=10_000),
    "10,000 nested noscript": Case("<p>a" + "<noscript><p>needle" * 10_000, times=10_000),
    "20,000 nested drawings": Case("<p>needle" + "<svg><g>" * 20_000),
    "20,000 nested formulas": Case("<p>needle " + "<math><mi>" * 20_000),
    "formatting to reconstruct": Case(
        "".join(f"<font size={n}>" for n in range(2000)) + "<p>needle" * 2000, times=2000
    ),
    "misnested formatting": Case("<b><i><u><s>" * 1000 + "<p>needle" + "</b></p><p>" * 1000),
}

WIDE = {
    "one tag with 100,000 attributes": Case("<p " + " ".join(f"a{n}=v" for n in range(100_000)) + ">needle"),
    "a row of 15,000 cells": Case("<table><tr>" + "<td>needle" * 15_000, times=15_000),
    "15,000 forms": Case("<form><input type=email><p>needle</p></form>" * 15_000, times=15_000),
    "15,000 buttons": Case("<button>needle</button>" * 15_000, times=15_000),
    "a select of 100,000 options": Case("<select><option>needle" + "<option>other" * 100_000),
    "15,000 selects": Case("<select><option>needle</select>" * 15_000, times=15_000),
    "30,000 links in a paragraph": Case("<p>" + "<a href=x>needle</a>" * 30_000, times=30_000),
    "30,000 line breaks": Case("<p>" + "needle<br>" * 30_000, times=30_000),
    "15,000 double line breaks": Case("<p>" + "needle<br><br>" * 15_000, times=15_000),
    "30,000 spans": Case("<p>" + "<span>needle </span>" * 30_000, times=30_000),
    "30,000 blank spans": Case("<p>needle" + " <b> </b>" * 30_000),
    "30,000 images": Case("<p>needle</p>" + "<img src=a>" * 30_000),
    "images far from text": Case("<p>needle</p>" + "<div>" * 500 + "<img src=a>" * 30_000),
    "15,000 ids": Case("".join(f"<div id=i{n}>needle</div>" for n in range(15_000)), times=15_000),
    "15,000 classes": Case("".join(f"<div class='c{n}'>needle</div>" for n in range(15_000)), times=15_000),
    "5,000 titles": Case(
        "".join(f"<meta property=og:title content='a b{n}'>" for n in range(5000)) + "<h1>needle</h1>" * 5000,
        times=5000,
    ),
    "15,000 headings": Case("<h1>needle</h1>" * 15_000, times=15_000),
}

LONG = {
    "a 20 MB text node": Case("<p>" + "needle text, " * 1_500_000, times=1_500_000),
    "a word of 5 MB": Case("<p>" + "n" * 5_000_000 + "needle"),
    "20 MB of script": Case("<p>needle</p><script>" + "<" * 20_000_000),
    "a 5 MB data address": Case("<p>needle<img src='data:image/png;base64," + "A" * 5_000_000 + "'>"),
    "5 MB of class names": Case("<p class='" + "navMenu " * 600_000 + "'>needle"),
    "a 5 MB style": Case("<p style='" + "display " * 600_000 + "'>needle"),
    "a style of white space": Case("<p style='display" + " " * 2_000_000 + "'>needle"),
    "styles of white space": Case("<span style='" + "display   " * 200_000 + "'>needle</span>"),
    "a 5 MB address": Case("<p><a href='" + "a-b/" * 1_000_000 + "'>needle</a>"),
    "a long title": Case("<title>" + "word " * 200_000 + "</title>" + "<h1>needle word</h1>" * 2000, times=2000),
    "a title of accents": Case("<title>a" + "\u0315\u0300" * 100_000 + "</title><h1>needle</h1>"),
    "a text of accents": Case("<p>needle" + "\u0315\u0300" * 300_000),
    "a text of joiners": Case("<p>needle" + "\u200d" * 1_000_000),
    "a text of white space": Case("<p>needle" + " " * 5_000_000 + "end"),
    "a text of quotes": Case("<p>needle." + '"' * 1_000_000),
    "a text of digits": Case("<p>needle " + "1" * 1_000_000),
    "a pre of 500,000 lines": Case("<pre>" + "x\n" * 500_000 + "needle"),
    "an unclosed comment": Case("<p>needle</p><!-- " + "x" * 5_000_000),
    "200,000 comment starts": Case("<p>needle</p>" + "<!--" * 200_000),
    "5 MB of ampersands": Case("<p>needle " + "&" * 1_000_000 + "&amp;" * 500_000),
    "unclosed tags": Case("<p>needle</p>" + "<a b='" * 200_000),
    "unclosed templates": Case("<p>needle</p>" + "<template a=" * 100_000 + " shadowrootmode"),
    "unclosed quotes": Case("<p>needle</p>" + "<template \"'" * 100_000 + "shadowrootmode>"),
    "many shadow roots": Case(
        "<p>a" + "<div><template shadowrootmode=open>needle</template></div>" * 10_000, times=10_000
    ),
    "many meta": Case(b"<meta " + b"x" * 900 + b">" + b"<meta chars" * 50_000 + b"><p>needle\xe9"),
}

STRUCTURED = {
    "nested JSON-LD": Case('<script type="application/ld+json">' + '{"a":[' * 20_000 + "</script><p>needle"),
    "JSON-LD of quotes": Case('<script type="application/ld+json">' + '"text":"' * 100_000 + "</script><p>needle"),
    "JSON-LD of backslashes": Case(
        '<script type="application/ld+json">' + ('"text":"' + "\\" * 31) * 20_000 + "</script><p>needle"
    ),
    "JSON-LD of spaces": Case('<script type="application/ld+json">' + '"text" ' * 60_000 + "</script><p>needle"),
    "JSON-LD of spaces after a type": Case(
        '<script type="application/ld+json">{"@type":' + " " * 300_000 + "</script><p>needle"
    ),
    "nested entities": Case(
        '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]><p>needle &c;&b;'
    ),
}

STRANGE = {
    "control character": Case("<p>needle &#1; more</p>"),
    "noncharacter": Case("<p>needle &#xFFFE; &#xFFFF; more</p>"),
    "references beyond Unicode": Case("<p>needle &#0; &#xD800; &#x110000; &#99999999999;</p>"),
    "lone surrogate": Case("<p>needle \ud800 more \udfff</p>"),
    "NUL in a str": Case("<p>\0needle\0 more\0</p>" + "\0" * 1000),
    "NUL in bytes": Case(b"<p>\0needle\0 more</p>" + b" " * 100),
    "huge spans": Case("<table><tr><td colspan=9007199254740991 rowspan=9007199254740991>needle</table>"),
    "huge numbers": Case("<ol start=99999999999999999999><li value=-1e999>needle</ol>"),
    "no tags": Case("needle"),
    "only an end tag": Case("</p>needle"),
    "cut inside a tag": Case("<p>needle</p><p class='x"),
    "cut inside a character": Case("<p>needle é".encode()[:-1]),
    "frameset": Case("<p>needle</p><frameset><frame src=x></frameset>"),
    "plaintext": Case("<p>a</p><plaintext><p>needle"),
    "byte-order mark inside": Case("<p>needle\ufeff\ufffe</p>"),
    "two bodies": Case("<body><p>a</body><body><p>needle</body></html><p>b"),
    "bidirectional controls": Case("<p>\u202eneedle\u2066</p>"),
    "invented elements": Case("<a1><b:c><d_e>needle</d_e></b:c></a1>"),
    "attributes without names": Case("<p =x ='y' \"z\">needle</p>"),
}

ALL = DEEP | WIDE | LONG | STRUCTURED | STRANGE


@pytest.mark.parametrize("case", ALL.values(), ids=ALL.keys())
def test_hostile_pages(case: Case) -> None:
    check(*case)


@pytest.mark.parametrize(
    ("make", "count"),
    [
        (lambda: "<nav>" + "".join(f"<li><a href=/p{n}>needle {n}</a>" for n in range(200_000)), 200_000),
        (
            lambda: "".join(f"<p>Paragraph {n}, with a comma, says needle. " + "It goes on. " * 8 for n in range(MANY)),
            MANY,
        ),
        (lambda: "<table>" + "<tr><td>needle" * MANY, MANY),
    ],
    ids=["200,000 links", "100,000 paragraphs", "100,000 rows"],
)
def test_pages_of_many_blocks(make: Callable[[], str], count: int) -> None:
    check(make(), "needle", count)


@pytest.mark.parametrize("piece", ["<p><b>needle ", "<a href=x>needle<div>"])
def test_many_blocks_with_the_shipped_model(piece: str) -> None:
    predict("<p>The model is loaded before the clock starts.")
    check(piece * 20_000, "needle", 20_000, None)


@pytest.mark.parametrize("depth", [1000, 50_000])
def test_a_deep_soup(depth: int) -> None:
    check(BeautifulSoup("<div>" * depth + "needle", "html.parser"), "needle", 1)


@pytest.mark.parametrize(
    "html", ["", " ", "\n\t\f\r\n", "\ufeff", "\0", "<", "&", "<!--", "<!DOCTYPE", "</", "<p", b"\xef\xbb\xbf"]
)
def test_next_to_nothing(html: str | bytes) -> None:
    for output in ("text", "markdown", "html"):
        assert clean(html, output=output) == clean(html, output=output)
    assert len(predict(html).blocks) <= 1


def test_a_long_name_of_the_site_is_not_looked_for_word_by_word() -> None:
    words = " ".join(f"w{number}" for number in range(60_000))
    html = f"<meta property=og:site_name content='a {'-' * 250} {words}'><p>needle</p><p>{words}</p>"
    started = time.process_time()
    predict(html, model=BLIND)
    assert time.process_time() - started < 5
