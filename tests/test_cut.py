"""The source without its chrome: what goes whole, what goes piece by piece, what stays to the last character."""

from __future__ import annotations

import random
import re
import time
from typing import Literal

import numpy as np
import pytest

from declutter import InputError
from declutter.blocks import segment
from declutter.document import read_document
from declutter.document.markup import read_page
from declutter.render.cut import cut_rows, cut_spans
from dropping import dropping


def cut(html: str | bytes) -> str:
    return dropping(html).html("document")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        # The largest element that holds nothing that stays.
        ("<p>a</p><div class=x><div><p>DROP</p></div> </div>\n<p>b</p>", "<p>a</p>\n<p>b</p>"),
        ("<div><p>DROP</p><p>a</p></div>", "<div><p>a</p></div>"),
        ("<nav><ul><li>DROP<li>DROP</ul></nav>a", "a"),
        ("<aside>DROP<form><input type=email><iframe src=x></iframe></form><script>x</script></aside>a", "a"),
        ("<div>DROP<!-- c --></div><!-- d --><p>a", "<!-- d --><p>a"),
        (
            "<div><script>x</script><style>y</style><link href=z><p>DROP</p><p>a</p></div>",
            "<div><script>x</script><style>y</style><link href=z><p>a</p></div>",
        ),
        ("<p>a<div>DROP<svg><path d=M0></svg></div>", "<p>a"),
        ("<p>a</p><x-promo><p>DROP</p></x-promo>", "<p>a</p>"),
        ("<p>a</p><dialog><p>DROP</p></dialog><details><summary>DROP</summary>DROP</details>", "<p>a</p>"),
        ("<p>a</p><noscript><p>DROP</p></noscript><template><p>DROP</template>", "<p>a</p>"),
        ("<p>a</p><select><option>DROP<option>x</select>", "<p>a</p>"),
        ("<p>a</p><p><a aria-label=DROP href=x><i></i></a></p>", "<p>a</p>"),
        ("<p>a</p><p><img alt=DROP></p>", "<p>a</p>"),
        # What holds the page stays.
        ("<html><head></head><body>DROP</body></html>", "<html><head></head><body></body></html>"),
        ("<body><main class=m><p>DROP</p></main></body>", "<body><main class=m></main></body>"),
        ("<body><div><main><p>DROP</p></main><p>DROP</p></div>", "<body><div><main></main></div>"),
        ("<head><template><p>DROP</template></head><p>a", None),
        ("<title>DROP</title><meta name=x content=DROP><p class=DROP title=DROP>a", None),
        # Things without text go with their surroundings.
        ("<p>a</p><img src=k><p>DROP</p><img src=g><p>DROP</p>", "<p>a</p><img src=k>"),
        ("<figure><img><figcaption>DROP</figcaption></figure><p>a", "<p>a"),
        ("<div>a<hr></div><div>DROP<hr></div>", "<div>a<hr></div>"),
        ("<div>a</div><div>DROP <img> DROP<p>b</p></div>", "<div>a</div><div>  <p>b</p></div>"),
        (
            "<div>DROP <input type=email> DROP<input type=hidden><p>a</p></div>",
            "<div>  <input type=hidden><p>a</p></div>",
        ),
        ("<div>DROP <a href=x title=Share></a> DROP<p>a</p></div>", "<div>  <p>a</p></div>"),
        ("<div>DROP <a href=x id=top></a> DROP<p>a</p></div>", "<div> <a href=x id=top></a> <p>a</p></div>"),
        (
            "<div class=empty></div><p>DROP</p><div class=gap></div><p>a",
            "<div class=empty></div><div class=gap></div><p>a",
        ),
        ("<img><hr><iframe></iframe>", None),
        # A text among what stays.
        ("<div>DROP<p>a</p> DROP again <p>b</p>\nDROP\n</div>", "<div><p>a</p>  <p>b</p>\n\n</div>"),
        ("<div>DROP <b>DROP</b> &amp; DROP<!-- c --> DROP<p>a</p></div>", "<div>  <!-- c --> <p>a</p></div>"),
        # Rows and cells.
        ("<table><tr><td>DROP<td>a<tr><td>DROP<td>DROP</table>", "<table><tr><td><td>a</table>"),
        ("<table><tr><td rowspan=2>a<td>b<tr><td>DROP</table>", "<table><tr><td rowspan=2>a<td>b<tr><td></table>"),
        ("<table><thead><tr><th>DROP<tbody><tr><td>a</table>", "<table><tbody><tr><td>a</table>"),
        ("<table><caption>DROP</caption><tr><td>a</table>", "<table><tr><td>a</table>"),
        ("<table><tr><td>DROP</table><p>a", "<p>a"),
        ("<ul><li>a<li>DROP<li>b</ul>", "<ul><li>a<li>b</ul>"),
        ("<ul><li>a<li>DROP</ul><dl><dt>DROP<dd>DROP<dt>b</dl>", "<ul><li>a</ul><dl><dt>b</dl>"),
    ],
)
def test_what_goes(html: str, expected: str | None) -> None:
    assert cut(html) == (html if expected is None else expected)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a<div>DROP</div>b", "<p>a<div></div>b"),
        ("<div>a<div>DROP</div>b</div>", "<div>a<div></div>b</div>"),
        ("<div>a<div><p>DROP</p><p>DROP</p></div>b</div>", "<div>a<div></div>b</div>"),
        ("<div>a<span><div>DROP</div></span>b</div>", "<div>a<span><div></div></span>b</div>"),
        ("<div>a<br><p>DROP</p>b</div>", "<div>a<br><p></p>b</div>"),
        ("<div>a<br><p>DROP</p><br>b</div>", "<div>a<br><br>b</div>"),
        ("<div>a<br><br>DROP<br><br>b</div>", "<div>a<br><br><br><br>b</div>"),
        ("<div>a<p>DROP</p><p>b</p></div>", "<div>a<p>b</p></div>"),
        ("<div><p>a</p><p>DROP</p>b</div>", "<div><p>a</p>b</div>"),
        ("<div>a</div><p>DROP</p><div>b</div>", "<div>a</div><div>b</div>"),
        ("<div>a<button>DROP</button>b</div>", "<div>a<button></button>b</div>"),
        ("<div>a<button aria-label=k></button><button aria-label=DROP></button><p>b</div>", None),
        ("<div>a <input type=submit value=DROP> b</div>", "<div>a  b</div>"),
        ("<div>a<input type=submit value=DROP>b</div>", "<div>a<input type=submit value=DROP>b</div>"),
        ("<div>a<select><option>DROP</select>b</div>", "<div>a<select><option>DROP</select>b</div>"),
        ("<div>a<p>DROP</p></div><span>b</span>", "<div>a</div><span>b</span>"),
        ("<span>a</span><div>DROP</div><span>b</span>", "<span>a</span><div></div><span>b</span>"),
    ],
)
def test_kept_texts_do_not_run_together(html: str, expected: str | None) -> None:
    assert cut(html) == (expected or html.replace("<button aria-label=DROP></button>", ""))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        # Formatting that another element closes.
        ("<b>a<p>DROP</b>DROP</p>b", "<b>a<p></b></p>b"),
        ("<div><b>a</div><div>DROP</b></div>b", "<div><b>a</div><div></b></div>b"),
        ("<div><b>a</b></div><div><b>DROP</b></div>b", "<div><b>a</b></div>b"),
        ("<i>a<div><i>DROP</i></div></i>b", "<i>a<div></div></i>b"),
        # Foster parenting.
        ("<table>a<tr><td>DROP</table>", "<table>a<tr><td></table>"),
        ("<table><tr>a<td>DROP</tr></table>b", "<table><tr>a<td></tr></table>b"),
        ("<div>x</div><table>DROP<tr><td>a</table>", "<div>x</div><table>DROP<tr><td>a</table>"),
        ("<table><div>DROP</div><tr><td>a</table>", "<table><tr><td>a</table>"),
        ("<table><tr><td>a</td></tr><div>DROP</div></table>", "<table><tr><td>a</td></tr></table>"),
        # Forms in forms: the end tag of the inner closes the outer.
        (
            "<form id=o><div>DROP<form id=i><p>DROP</p></form></div>a</form>",
            "<form id=o><div><form id=i></form></div>a</form>",
        ),
        ("<form id=o><p>a</p></form><form id=i><p>DROP</p></form>", "<form id=o><p>a</p></form>"),
        # Start tags that close what is before them.
        ("<p>a<ul><li>DROP</ul><img src=x>", "<p>a<ul></ul><img src=x>"),
        ("<p>a<ul><li>DROP</ul><p>b", "<p>a<p>b"),
        ("<h2>a<h3>DROP</h3><p>b", "<h2>a<h3></h3><p>b"),
        ("<div><a href=x>a<br><br><a href=y>DROP</a></div>b", "<div><a href=x>a<br><br><a href=y></a></div>b"),
        ("<div><a href=x>a<br><br><a href=y>DROP</a><p>b</div>", "<div><a href=x>a<br><br><a href=y></a><p>b</div>"),
        ("<button>a<button>DROP</button><span>b</span>", "<button>a<button></button><span>b</span>"),
        ("<select><option>a<input type=submit value=DROP><p>b", "<select><option>a<input type=submit value=DROP><p>b"),
    ],
)
def test_what_the_parser_moves_or_closes_stays_what_it_is(html: str, expected: str) -> None:
    assert cut(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a\r\n<p>\r\nDROP\r\n\r\n<p>b\r\n", "<p>a\r\n\r\n\r\n<p>b\r\n"),
        ("<div>\r\nDROP\r\nDROP\r\n<p>b\r\n</div>", "<div>\r\n\r\n<p>b\r\n</div>"),
        ("<p>a\r<p>\rDROP\r<p>b\r\r\n\n\r", "<p>a\r\r<p>b\r\r\n\n\r"),
        ("\ufeff<p>a<p>DROP", "\ufeff<p>a"),
        ("\ufeffDROP<p>a", "\ufeff<p>a"),
        ("\0<p>a\0b\0<p>DR\0OP DROP\0</p>\0", "\0<p>a\0b\0\0"),
        (
            "<p id='&amp;&lt;'>a &amp; b &copy &#x41;<p>DROP &nbsp;&eacute;&bogus;",
            "<p id='&amp;&lt;'>a &amp; b &copy &#x41;",
        ),
        ("<P CLASS = 'x'\n>a</P ><DIV\t>DROP</DIV\n><BR/>", "<P CLASS = 'x'\n>a</P ><BR/>"),
        ("<p>\ud800a<p>DROP\udfff", "<p>\ud800a"),
        ("<p>\U0001f600</p><p>DROP\U0001f600</p>\U0001f600", "<p>\U0001f600</p>\U0001f600"),
        ("<!doctype html><!-- a --><p>a<!-- DROP --></p><?php DROP ?>", None),
        ("<p>a</p><p>1 < 2 DROP <3 & 4</p>< b", "<p>a</p>< b"),
        ("<p>a</p><textarea>DROP <b>x</b></textarea><xmp>DROP <p></xmp>", "<p>a</p>"),
        ("", ""),
        ("  \n", "  \n"),
        ("DROP", ""),
    ],
)
def test_all_else_is_the_same_to_the_character(html: str, expected: str | None) -> None:
    assert cut(html) == (html if expected is None else expected)


def test_spans_are_those_of_the_source_in_order() -> None:
    html = "\ufeff<p>a\r\n<div>DROP<p>b</div><ul><li>DROP</ul>\r\n"
    page = dropping(html)
    assert [html[start:end] for start, end in page.cuts()] == ["DROP", "<ul><li>DROP</ul>"]
    assert cut_spans(read_document("<p>a"), segment(read_document("<p>a")), np.ones(1, dtype=np.bool_)) == []


def test_a_page_without_a_source_says_the_mend() -> None:
    document = read_document("<p>a<p>DROP")
    document.source = None
    with pytest.raises(InputError, match=r"declutter\.prune\(soup\)"):
        cut_spans(document, segment(document), np.array([True, False]))


@pytest.mark.parametrize("markup", ["text", "markdown"])
def test_text_and_markdown_say_what_gives_their_lines(markup: Literal["text", "markdown"]) -> None:
    document = read_page("a\n\nDROP", markup=markup)
    with pytest.raises(InputError, match="ask for text or Markdown"):
        cut_spans(document, segment(document), np.array([True, False]))


def test_rows_of_a_tree() -> None:
    document = read_document("<div>a<div>DROP</div>b</div><p>DROP")
    keep = np.array([True, False, True, False])
    tags = [document.tags[row] for row in cut_rows(document, segment(document), keep)]
    assert tags == ["#text", "p"]
    root = document.tags.index("p")
    assert cut_rows(document, segment(document), keep, root=root)[-1] == root + 1


TAGS = (
    "div p b a i table tr td th tbody ul li h1 h2 form button option span br hr img input dl dt dd section noscript"
    " template svg math pre details summary center font nobr main x-y caption label"
).split()


def made_up(seed: int) -> str:
    """Tags in no order, with numbered words between."""
    chance = random.Random(seed)
    pieces = []
    for number in range(chance.randrange(3, 25)):
        kind = chance.random()
        if kind < 0.4:
            pieces.append(
                f"<{chance.choice(TAGS)}{chance.choice(('', ' title=t', ' style=display:block', ' rowspan=2'))}>"
            )
        elif kind < 0.62:
            pieces.append(f"</{chance.choice(TAGS)}>")
        elif kind < 0.66:
            pieces.append("<!-- c -->")
        else:
            end = chance.choice((" ", "", "&amp;", "\0", "\r", " DROP "))
            pieces.append(f"{chance.choice((' ', '', chr(13) + chr(10)))}w{number}x{end}")
    return "".join(pieces)


@pytest.mark.parametrize("hundred", range(10))
def test_of_pages_without_any_order_the_content_stays(hundred: int) -> None:
    for seed in range(100 * hundred, 100 * hundred + 100):
        html = made_up(seed)
        page = dropping(html)
        left = cut(html)
        characters = iter(html)
        assert all(character in characters for character in left), html
        wanted = re.findall(r"w\d+x", " ".join(block.text for block in page.content))
        words = iter(re.findall(r"w\d+x", " ".join(segment(read_document(left)).texts)))
        assert all(word in words for word in wanted), html


@pytest.mark.parametrize(
    "html",
    [
        "<p>a<p>DROP" * 20_000,
        "<div>DROP<p>a</p>" * 10_000,
        "<div>" * 20_000 + "a<p>DROP</p>b" + "</div>" * 20_000,
        "<p>a" + "<div>DROP</div>" * 30_000 + "b",
        "<div>a" + "<span><p>DROP</p></span>" * 20_000 + "b",
        "<table>" + "<b>a<tr><td>DROP" * 5_000,
        "<table>a<tr><td>DROP" * 5_000,
        "<b><i><u>" * 500 + "<p>DROP" + "</b></p><p>a" * 500,
        "<div>" + "<a href=x>DROP<div>" * 10_000 + "a",
        "<p>a" + "<img src=x><p>DROP<input>" * 20_000,
        "<ul><li>a" * 5_000 + "<li>DROP" * 20_000,
        "<div>a" + "<input type=submit value=DROP>" * 20_000 + "b",
        "a" + "<table><tr><td>" * 5_000 + "DROP",
    ],
    ids=lambda html: html[:24],
)
def test_linear(html: str) -> None:
    page = dropping(html)
    before = time.process_time()
    left = page.html("document")
    assert len(left) < len(html)
    assert time.process_time() - before < 5
