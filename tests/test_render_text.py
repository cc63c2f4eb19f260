"""The content as plain text: code, tables, and what elements say."""

from __future__ import annotations

import time

import numpy as np
import pytest

from declutter.blocks import segment
from declutter.document import read_document
from declutter.render.text import content_text


def text(html: str) -> str:
    """The text where every block is kept but those with DROP in theirs."""
    document = read_document(f"<body>{html}")
    blocks = segment(document)
    return content_text(document, blocks, np.array(["DROP" not in text for text in blocks.texts], dtype=np.bool_))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<pre><div>a:</div><div>  <span>b: 1</span></div></pre>", "a:\n  b: 1"),
        ("<pre><b style='display:flex'><i>a\n</i></b><b style='display:flex'><i>  </i><i>b\n</i></b></pre>", "a\n  b"),
        ("<pre><b style='display:block'>a</b><b style='display:block'><i>  </i>b</b></pre>", "a\n  b"),
        ("<pre><div>a</div><div><br></div><div>  b</div></pre><p>c", "a\n\n  b\n\nc"),
        ("<pre>a<br><br>  b</pre>", "a\n\n  b"),
        ("<pre><span>    </span>x = 1\n    y</pre>", "    x = 1\n    y"),
        ("<pre><i>\v\u200b </i>x</pre>", " x"),
        ("<pre>\n\n <b>x</b>\n</pre>", " x"),
        ("<pre><div>a</div><div>DROP</div><div>  <b>b</b></div></pre>", "a\n  b"),
        ("<pre><div>DROP</div>\n  <div>b</div></pre>", "b"),
        ("<pre><span>  </span>DROP</pre><p>x", "x"),
        ("<pre><button>Copy</button><code>x\n  y</code></pre>", "Copy\nx\n  y"),
        ("<pre>a<div>b<select><option>x<option>y</select></div><script> </script>c<svg> </svg></pre>", "a\nbx y\nc"),
        ("<pre><table><tr><td>1<td>  a<tr><td>2<td>b</table></pre>", "1\t  a\n2\tb"),
        ("<ul><li>a</ul><pre><ol><li>x<li>  y</ol></pre><pre><ol><li>z</ol></pre>", "a\n\nx\n  y\n\nz"),
        ("<pre>a<pre><div>b</div></pre></pre>", "a\nb"),
    ],
)
def test_has_code_as_it_stands(html: str, expected: str) -> None:
    assert text(html) == expected


GUTTER = "<table><tr><td class='{}'><pre>1\n2</pre><td class=code><pre>x\n  y</pre>{}</table>"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (GUTTER.format("gutter", ""), "x\n  y"),
        (GUTTER.format("rouge-gutter gl", "<tr>"), "x\n  y"),
        (GUTTER.format("gutter", "<td>z"), "1\n2\n\nx\n  y\n\nz"),
        (GUTTER.format("gutter", "z"), "1\n2\n\nx\n  y\n\nz"),
        (GUTTER.format("total", ""), "1\n2\n\nx\n  y"),
        (GUTTER.format("gutter", "").replace("x", "DROP"), "1\n2"),
        ("<p>DROP<table><tr><td>DROP</table><pre>DROP</pre>", ""),
        (GUTTER.format("gutter", "").replace("2", "b"), "1\nb\n\nx\n  y"),
        ("<p>a<div class=gutter>1</div>", "a\n\n1"),
        ("<pre>a</pre><table><tr><td class=gutter>1<td>x</table>", "a\n\n1\tx"),
    ],
)
def test_leaves_out_the_numbers_of_lines(html: str, expected: str) -> None:
    assert text(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<table><tr><td>Ann<td><td>Ulm</table>", "Ann\t\tUlm"),
        ("<table><tr><td><p>Bob</p><td><p>4</p><tr><td><td>5</table>", "Bob\t4\n\t5"),
        ("<table><thead><tr><th><th>A<tbody><tr><th>x<td>1<td></table>", "\tA\nx\t1"),
        ("<table><tr><td>a<td>DROP<tr><td>DROP<td>d<tr><td>e<td>f</table>", "a\n\td\ne\tf"),
        ("<table><tr><td>DROP<td><p>x<tr><td>DROP<td><p>y</table>", "x\n\ny"),
        ("<table><tr><td><p>x<tr><td><p>y</table>", "x\n\ny"),
        ("<table><tr><td><p>a<p>b<td><p>c</table>", "a\n\nb\n\nc"),
        ("<table><tr><td><p>a<p>b<td>c<tr><td><p>d<td><p>e</table>", "a\n\nb\n\nc\n\nd\te"),
        ("<table><tr><td>x<table><tr><td><p>a<td><p>b</table><td><p>c</table>", "x\n\na\tb\n\nc"),
        ("<table><tr><td>a<td>b</table><table><tr><td><p>c<td>d</table>", "a\tb\n\nc\td"),
        # Cells of several columns and rows.
        (
            "<table><tr><th>Year<th colspan=2>Trips<th>By<tr><td>1<td>2<td>3<td>4</table>",
            "Year\tTrips\t\tBy\n1\t2\t3\t4",
        ),
        ("<table><tr><td rowspan=2>a<td>b<td>c<tr><td>d<td>e<tr><td>f<td>g<td>h</table>", "a\tb\tc\n\td\te\nf\tg\th"),
        ("<table><tr><td>a<td rowspan=2 colspan=2>b<td>c<tr><td>d<td>e</table>", "a\tb\t\tc\nd\t\t\te"),
        ("<table><tr><td rowspan=0>a<td>b<tr><td>c<td>d<tbody><tr><td>e<td>f</table>", "a\tb\n\tc\td\ne\tf"),
        ("<table><tr><td rowspan=3>a<td>b<tbody><tr><td>c<td>d</table>", "a\tb\nc\td"),
        ("<table><tr><td rowspan=2>DROP<td>b<td>c<tr><td>d<td>e</table>", "\tb\tc\n\td\te"),
        ("<table><tr><td colspan=x rowspan=-1>a<td colspan=0>b<tr><td>c<td>d</table>", "a\tb\nc\td"),
        ("<table><tr><td colspan=99999>a<td>b<tr><td>c<td>d</table>", "a\tb\nc\td"),
        ("<table><tr><td colspan=2>a<td>b</table><p>x<table><tr><td>c<td>d</table>", "a\t\tb\n\nx\n\nc\td"),
        ("<table><tr><td><pre>a\nb</pre><td>c</table>", "a\nb\n\nc"),
        (f"<table><tr><td><p>{'a' * 300}<td><p>{'b' * 300}</table>", f"{'a' * 300}\n\n{'b' * 300}"),
        (f"<table><tr><td><p>a<td><p>{'b' * 300}</table>", f"a\t{'b' * 300}"),
    ],
)
def test_keeps_the_columns_of_tables(html: str, expected: str) -> None:
    assert text(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>x <ruby>\u6771\u4eac<rt>Tokyo</rt></ruby>.", "x \u6771\u4eac(Tokyo)."),
        ("<p><ruby>a<rt>b</rt>c<rt> <i>d</i>e </rt></ruby>", "a(b)c (de)"),
        ("<p><ruby>a<rp>[</rp><rt>b</rt><rp>]</rp></ruby><ruby>c<rt></rt></ruby>", "a[b]c"),
        ("<p>He said <q>I <q>said</q> so</q>.", 'He said "I "said" so".'),
        ("<p><q> a <b>b</b> </q>, <q>\u201cc\u201d</q><q></q>", '"a b" , \u201cc\u201d'),
        ("<q><p>a</p><p>b</p></q><p>c <code><q>d</q></code>", "a\n\nb\n\nc d"),
        ("<p>x <q>a <script type=math/tex>b</script></q>", 'x "a b"'),
        ("<p>Oh <img alt='\U0001f600'>, <img alt='1\ufe0f\u20e3'> <img alt=cat>", "Oh \U0001f600, 1\ufe0f\u20e3"),
        ("<p>a</p><p><img alt='\U0001f44d\U0001f3fd'></p>", "a\n\n\U0001f44d\U0001f3fd"),
        ("<p>a<noscript><img alt='\U0001f600'></noscript> b", "a b"),
        ("<p>DROP <q>a</q> <img alt='\U0001f600'>", ""),
        ("<p>An&shy;nounce <code>a</code><p>b&#x200b;c", "Announce a\n\nb\u200bc"),
        ("<p>a <code>b&shy;c</code> d<pre>e&shy;f</pre>", "a b\u00adc d\n\ne\u00adf"),
    ],
)
def test_says_what_elements_say(html: str, expected: str) -> None:
    assert text(html) == expected


SUM = "<munderover><mo>\u2211</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>"


@pytest.mark.parametrize(
    ("mathml", "expected"),
    [
        ("<mi>m</mi><mo>=</mo><mfrac><mn>1</mn><mn>2</mn></mfrac><msup><mi>v</mi><mn>2</mn></msup>", "m=1/2 v^2"),
        ("<msqrt><mn>2</mn></msqrt><mo>&lt;</mo><mroot><mi>x</mi><mn>3</mn></mroot>", "\u221a(2)<x^(1/3)"),
        ("<msup><mi>e</mi><mrow><mi>n</mi><mo>+</mo><msub><mi>k</mi><mi>i</mi></msub></mrow></msup>", "e^(n+k_i)"),
        (f"{SUM}<mi>x</mi>", "\u2211_(i=1)^n x"),
        ("<msup><mi>f</mi><mo>\u2032</mo></msup><mi>x</mi>", "f\u2032x"),
        ("<mi>DROP</mi><mfrac><mn>1</mn><mn>2</mn></mfrac>", ""),
    ],
)
def test_has_mathml_in_a_line(mathml: str, expected: str) -> None:
    assert text(f"<p><math>{mathml}</math>") == expected
    shown = f"So {expected}." if expected else ""
    assert text(f"<p>So<math display=block>{mathml}</math>.") == shown.replace(".", " .")


@pytest.mark.parametrize(
    "html",
    [
        "<pre>" + "<div> a" * 40_000,
        "<pre>" + "<div>a</div> " * 40_000,
        "<table><tr><td class=gutter>1<td><pre>" * 10_000,
        "<table><tr><td>" + "<td>a<td>" * 40_000,
        "<table>" + "<tr><td>a<td colspan=1000 rowspan=0>b" * 20_000,
        "<table><tr>" + "<td rowspan=0>a" * 20_000 + "<tr><td>b<td>c" * 20_000,
        "<p>" + "<q>a" * 40_000,
        "<p>" + "<ruby>a<rt>b" * 40_000,
        "<p><math>" + "<msup><mi>a</mi>" * 40_000,
        "<p>a" + "\u00ad<code>\u00ad</code><img alt='\u2600'>" * 40_000,
        "<p>a<img alt='" + "\u2600" * 400_000 + "x'>",
    ],
    ids=[
        "lines in lines",
        "lines",
        "gutters",
        "cells",
        "wide spans",
        "high spans",
        "q",
        "ruby",
        "math",
        "hyphens",
        "emoji",
    ],
)
def test_takes_linear_time(html: str) -> None:
    before = time.process_time()
    assert text(html)
    assert time.process_time() - before < 5
