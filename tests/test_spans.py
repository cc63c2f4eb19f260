"""Spans: the source of a block holds the words of the block, whatever the source is like."""

from __future__ import annotations

import pickle
import time
from itertools import pairwise
from pathlib import Path

import pytest

from declutter.blocks import segment
from declutter.document import read_document
from declutter.document.spans import block_spans, locate
from declutter.words import split_words

PAGES = sorted((Path(__file__).parents[1] / "training_data/pages").glob("*.html"))


def cut(html: str | bytes) -> list[tuple[str, str | None]]:
    """The text of each block and its piece of the source."""
    document = read_document(html)
    blocks = segment(document)
    source = document.source or ""
    return [
        (text, None if span is None else source[slice(*span)])
        for text, span in zip(blocks.texts, block_spans(document, blocks), strict=True)
    ]


def words(html: str) -> list[str]:
    return [word for text in segment(read_document(html)).texts for word in split_words(text)]


def check(html: str | bytes, lost: int = 0) -> None:
    """Pieces hold the words of their blocks and do not overlap; all blocks but `lost` have one."""
    document = read_document(html)
    blocks = segment(document)
    spans = block_spans(document, blocks)
    source = document.source or ""
    assert spans.count(None) == lost, [text for text, span in zip(blocks.texts, spans, strict=True) if span is None]
    for text, span in zip(blocks.texts, spans, strict=True):
        if span is not None:
            piece = source[slice(*span)]
            assert words(piece) == split_words(text), piece
            assert piece == piece.strip(" \t\n\f\r")
    ordered = sorted(span for span in spans if span is not None)
    assert all(one[1] <= two[0] for one, two in pairwise(ordered))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_pages_of_the_project(path: Path) -> None:
    page = path.read_bytes()
    check(page)
    text = page.decode()
    check(text.replace("\n", "\r\n"))
    check(text.replace("\n", "\r"))
    check("\ufeff".encode() + page)


def test_there_are_pages() -> None:
    assert len(PAGES) >= 60


@pytest.mark.parametrize(
    ("html", "pieces"),
    [
        ("<p> Tide \n<p>table</p>", ["Tide", "table"]),
        ("<p>\r\nTide\r\n table\r\n<p>\r\nof Arlow", ["Tide\r\n table", "of Arlow"]),
        ("<p\r\nid=a>\rTide\rtable\r<p>x", ["Tide\rtable", "x"]),
        ("<pre>\r\n\r\n a\r\n  b\r\n</pre>c", ["a\r\n  b", "c"]),
        ("\ufeffTide", ["\ufeffTide"]),
        ("<p>Ti\0de</p>\0\0<p>ta\0ble", ["Ti\0de", "ta\0ble"]),
        ("<p>R&amp;D &lt;b&gt; caf&eacute &#x26; &#38;", ["R&amp;D &lt;b&gt; caf&eacute &#x26; &#38;"]),
        ("<p>&nbsp;&copy;2020 &notit; &bogus; &</p>", ["&nbsp;&copy;2020 &notit; &bogus; &"]),
        ("<p>a&#1;b&#x80;c&#0;d&#xD800;e&#99999999999;f", ["a&#1;b&#x80;c&#0;d&#xD800;e&#99999999999;f"]),
        ("<p>&#32;a&#10;</p>b", ["a", "b"]),
        ("<p>a<!-- b -->c<!--> d <!---> e<!-- f --!>g</p>", ["a<!-- b -->c<!--> d <!---> e<!-- f --!>g"]),
        ("<p>a<?php b ?>c<!b>d</ b>e</>f", ["a<?php b ?>c<!b>d</ b>e</>f"]),
        ("<p>1 < 2 and 3 <4", ["1 < 2 and 3 <4"]),
        ("<p>a</i>b<body class='>'>c</p>", ["a</i>b<body class='>'>c"]),
        ("<body><p>a</p>b</body>c</html>d", ["a", "b</body>c</html>d"]),
        ("<p>Go <a href=/x>on</a></p>", ["Go <a href=/x>on</a>"]),
        ("<li><a href=/x><b>on</b> </a></li>", ["<a href=/x><b>on</b> </a>"]),
        ("<p><a>a</a><a>b</a></p>", ["<a>a</a><a>b</a>"]),
        ("<p><b>a<br><br>b</b> c", ["a", "b</b> c"]),
        ("<a href=/x>a<a href=/y>b</a>", ["a<a href=/y>b</a>"]),
        ("<span><div>a</div></span>", ["a"]),
        ("<p><input type=submit value='Send it'></p>", ["<input type=submit value='Send it'>"]),
        ("<select><option>a<option>b</select>c", ["<select><option>a<option>b</select>", "c"]),
        ("<p><a href=/x><img alt=cat></a></p>", ["<a href=/x><img alt=cat></a>"]),
        ("<p><img alt=cat><img alt=dog></p>", ["<img alt=cat><img alt=dog>"]),
        ("<div><a aria-label=Share><i></i></a></div>", ["<a aria-label=Share><i></i></a>"]),
        ("<button aria-label=Close><i></i></button>x", ["<button aria-label=Close><i></i></button>", "x"]),
        ("<textarea>\n a <b> &amp; c </textarea>d", ["a <b> &amp; c", "d"]),
        ("<xmp>a <b> &amp;</xmp>d", ["a <b> &amp;", "d"]),
        ("<p>a<script>'<p>b</p>'</script>c", ["a<script>'<p>b</p>'</script>c"]),
        ("<div><template shadowrootmode=open>a</template>b</div>", ["a", "b"]),
        ("<p>a\ud800b</p>c", ["a\ud800b", "c"]),
        ("<p>\U0001f600 a</p>\r\n<p>b", ["\U0001f600 a", "b"]),
    ],
)
def test_pieces_of_the_source(html: str, pieces: list[str]) -> None:
    assert [piece for _, piece in cut(html)] == pieces


@pytest.mark.parametrize(
    ("html", "lost"),
    [
        ("<b>z<p>q</b>r</p>", 0),
        ("<a href=1>x<div>y</a>z</div>w", 0),
        ("<p>a<table><tr><td>b</table>c", 0),
        ("<table>moved<tr><td>cell</table>after", 1),
        ("<p>a<table>moved<tr><td>cell</table>after", 1),
        ("<table><div>moved</div><tr><td>cell</td></tr></table>after", 0),
        ("<table><tr>moved<td>one</td>again<td>two</td></tr></table>after", 1),
        ("<ul><a href=x aria-label=go><li>q</a><li>z</ul>", 0),
        ("<i><div>a</i>b</div><b><i><p>c</b>d</i>e", 0),
        ("<h1>x</h2>y<p>z</div>w<ul><li>a<li>b</ul>", 0),
        ("<select><button><selectedcontent></selectedcontent></button><option>q</select>x", 0),
        ("<noscript><p>a</noscript><dialog>b</dialog><template><p>c</template>d", 0),
        ("<div>" * 600 + "a" + "</div>b" * 600 + "c", 0),
    ],
)
def test_what_the_parser_moves_has_no_place_or_the_right_one(html: str, lost: int) -> None:
    check(html, lost)


def test_offsets_count_in_the_source_as_given_whatever_its_encoding() -> None:
    page = "<meta charset=iso-8859-2>\r\n<p>Zażółć\r\n<p>gęślą".encode("iso-8859-2")
    assert [piece for _, piece in cut(page)] == ["Zażółć", "gęślą"]
    assert [piece for _, piece in cut("\ufeff<p>ab".encode("utf-16"))] == ["ab"]


def test_elements_have_a_place_where_it_holds_what_they_hold() -> None:
    document = read_document("<div>a\r\n<p>b</div><table>moved<tr></table>")
    locations = locate(document)
    assert locations is not None
    source = document.source or ""
    found = {
        tag: source[start:end]
        for tag, start, end in zip(document.tags, locations.starts, locations.ends, strict=True)
        if end >= 0 and not tag.startswith("#")
    }
    assert found == {"div": "<div>a\r\n<p>b</div>", "p": "<p>b", "table": "<table>moved<tr></table>", "tr": "<tr>"}
    assert locations.closed[document.tags.index("div")]
    assert not locations.closed[document.tags.index("p")]


def test_no_source_no_spans() -> None:
    document = read_document("<p>a<p>b")
    blocks = segment(document)
    document.source = None
    assert locate(document) is None
    assert block_spans(document, blocks) == [None, None]
    document.source = "<p>a<p>c"
    assert block_spans(document, blocks) == [None, None]
    document.source = "<p>a"
    assert block_spans(document, blocks) == [None, None]
    assert block_spans(read_document(""), segment(read_document(""))) == []


def test_a_pickled_page_has_the_same_spans() -> None:
    document = read_document("<p>a\r\n<b>b</b><p>c")
    blocks = segment(document)
    assert block_spans(*pickle.loads(pickle.dumps((document, blocks)))) == block_spans(document, blocks)


@pytest.mark.parametrize(
    "html",
    [
        "".join(f"<p class=x>Tide {n} of <b>many &amp; more</b> words\r\n" for n in range(50_000)),
        "<table>" + "<b>moved<tr>" * 20_000,
        "<a href=x>y<div>" * 20_000,
        "<p>" + "<span>x" * 50_000 + "</span>" * 50_000,
        "<p>" + "x<!-- -->" * 100_000,
        "<p>" + "&amp; x " * 200_000,
        "<p>x<!--" * 100_000,
        "<div>" * 50_000 + "x" + "</div>y" * 50_000,
    ],
    ids=["paragraphs", "moved", "misnested", "nested", "comments", "references", "unclosed", "deep"],
)
def test_linear(html: str) -> None:
    document = read_document(html)
    blocks = segment(document)
    begin = time.process_time()
    block_spans(document, blocks)
    assert time.process_time() - begin < 5
