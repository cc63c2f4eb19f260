"""The marked page: every block of it, and nothing that could act."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from bs4 import BeautifulSoup

from declutter.blocks import segment
from declutter.document import read_document
from declutter.inspect import marked_html
from declutter.inspect.looks import is_whole, page_sheet
from declutter.labels import Label
from test_render import HOSTILE, check_inert

if TYPE_CHECKING:
    from pathlib import Path

LABELS = tuple(Label)
FOOTER = LABELS.index(Label.FOOTER)


def marked(html: str | BeautifulSoup) -> str:
    """A page whose blocks are content but those with DROP in their text, which are footer."""
    document = read_document(html)
    blocks = segment(document)
    labels = np.array([FOOTER if "DROP" in text else 0 for text in blocks.texts], dtype=np.int64)
    return marked_html(document, blocks, labels)


def short(html: str) -> str:
    """With the marks in few letters, and without names of elements: c0 for block 0, content; f1 for block 1, footer."""
    html = re.sub(r' data-declutter-tag="[\w-]+"', "", html)
    html = re.sub(r' data-declutter-label="(\w)\w+" data-declutter-block="(\d+)"', r" \1\2", html)
    return re.sub(r' data-declutter-(\w+)="(\w*)"', lambda at: f" {at[1]}={at[2]}" if at[2] else f" {at[1]}", html)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a <b>b</b></p>", "<p c0>a <b>b</b></p>"),
        ("<p>a</p><p>DROP</p>", "<p c0>a</p><p f1 cut>DROP</p>"),
        ("<div>a<p>b</p>c</div>", "<div><span c0>a</span><p c1>b</p><span c2>c</span></div>"),
        ("a <b>b</b><p>c", "<span c0>a </span><b><span c0>b</span></b><p c1>c</p>"),
        (
            "<nav><ul><li>DROP<li>DROP</ul></nav><p>a",
            "<nav cut><ul><li f0>DROP</li><li f1>DROP</li></ul></nav><p c2>a</p>",
        ),
        ("<p hidden>a", "<p c0 hidden closed>a</p>"),
        ("<form><fieldset><legend>a</legend></fieldset></form>", "<div><div><div c0>a</div></div></div>"),
        ("<button>a</button>", "<span c0 was=button>a</span>"),
        ("<button aria-label=a></button>", "<span c0 was=button>a</span>"),
        ("<input type=submit value=a>", "<span c0 was=button>a</span>"),
        ("<p>a<input placeholder=b><input type=hidden value=c>", "<p c0>a<span cut was=field>b</span></p>"),
        (
            "<p>a<input type=password value=b><input type=checkbox value=c>",
            "<p c0>a<span cut was=field></span><span cut was=tick></span></p>",
        ),
        ("<select><option>a<option>b</select>", "<span c0 was=choice>a b</span>"),
        ("<textarea>a</textarea>", "<pre c0 was=field>a</pre>"),
        ("<p><a href=/x aria-label=a><i></i></a></p>", "<p c0><a>a<i cut></i></a></p>"),
        ("<img src=/x alt=a>", "<span c0 was=image>a</span>"),
        ("<p>a<img src=/x>", "<p c0>a<span was=image></span></p>"),
        ("<p>a<img src=/x width=1 height=1>", "<p c0>a</p>"),
        ("<img src=/x width=1 alt=a>", '<span c0 was=image data-declutter-style="--declutter-w:1;">a</span>'),
        (
            f"<img src=data:image/png;base64,{'A' * 200} alt=a>",
            f'<span c0 was=image><img src="data:image/png;base64,{"A" * 200}" alt="a"></span>',
        ),
        ("<img src=data:image/gif;base64,AA== alt=a>", "<span c0 was=image>a</span>"),
        (f"<p>a<img src='data:image/svg+xml,<svg/>{' ' * 200}<p/>'>", "<p c0>a<span was=image></span></p>"),
        ("<p>a</p><iframe src=//x></iframe>", "<p c0>a</p><span was=frame></span>"),
        ("<p>a</p><video src=//x>b</video>", "<p c0>a</p><span was=media><span c1>b</span></span>"),
        ("<p>a<svg><text>b</text></svg>", "<p c0>a</p>"),
        ("<svg><foreignObject><p>a</p></foreignObject><text>b</text></svg>", "<p c0>a</p>"),
        ("<x-card>a</x-card>", "<div c0>a</div>"),
        ("<p onclick=x name=n title=t data-declutter-block=7>a", "<p c0>a</p>"),
        ("<p lang=de dir=rtl>a", '<p c0 lang="de" dir="rtl">a</p>'),
        ("<p lang='x y' dir=up>a", "<p c0>a</p>"),
        ("<template><td>a</td></template>", "<span closed><div c0 hidden>a</div></span>"),
        (
            "<details><summary>a</summary><p>b</details>",
            "<div closed=details><div c0>a</div><p c1 hidden>b</p></div>",
        ),
        ("<details open><summary>a</summary><p>b</details>", "<div><div c0>a</div><p c1>b</p></div>"),
        ("<dialog>a</dialog>", "<div c0 hidden closed>a</div>"),
        ("<div>a<noscript>b</noscript></div>", "<div><span c0>a</span><div c1 hidden closed>b</div></div>"),
        ("<p>&lt;script&gt; &amp;amp;", "<p c0>&lt;script&gt; &amp;amp;</p>"),
        ("<ol start=3><li>a</ol>", '<ol start="3"><li c0>a</li></ol>'),
        ("", ""),
        ("<script>a</script><style>b</style>", ""),
    ],
)
def test_how_it_is_marked(html: str, expected: str) -> None:
    assert short(marked(f"<body>{html}")) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p class='b  a' id=i>a", '<p c0 class="b a" id="i">a</p>'),
        ("<p style='color:red'>a", '<p c0 data-declutter-style="color:red;">a</p>'),
        (
            "<p style='color:red!important;background:url(//x);behavior:url(x)'>a",
            '<p c0 data-declutter-style="color:red;background: none ;">a</p>',
        ),
        ("<div class=a><span class=b><p>a</p></span></div>", '<div class="a"><span class="b"><p c0>a</p></span></div>'),
        ("<p>a<span>b</span>", "<p c0>ab</p>"),
        ("<center>a<p>b</center>", '<div data-declutter-tag="center"><span c0>a</span><p c1>b</p></div>'),
        ("<p align=CENTER>a", '<p c0 data-declutter-align="center">a</p>'),
        ("<p align=x>a", "<p c0>a</p>"),
        ("<form class=a><p>a</form>", '<div class="a" data-declutter-tag="form"><p c0>a</p></div>'),
        ("<x-card id=a><p>a</x-card>", '<span id="a" data-declutter-tag="x-card"><p c0>a</p></span>'),
        (
            "<p>a<img src=/x width=300 height=20px>",
            '<p c0>a<span was=image data-declutter-style="--declutter-w:300;--declutter-h:20;"'
            ' data-declutter-tag="img"></span></p>',
        ),
        ("<p>a<img src=/x width=50%>", '<p c0>a<span was=image data-declutter-tag="img"></span></p>'),
        (
            "<table><colgroup class=a><col class=b><tr class=c><td>a",
            '<table><tbody><tr class="c"><td c0>a</td></tr></tbody></table>',
        ),
        ("<p class='\"><script>'>a", '<p c0 class="&quot;&gt;&lt;script&gt;">a</p>'),
    ],
)
def test_what_style_sheets_choose_by_stays(html: str, expected: str) -> None:
    out = re.sub(r' data-declutter-label="(\w)\w+" data-declutter-block="(\d+)"', r" \1\2", marked(html))
    out = re.sub(r' data-declutter-was="(\w+)"', r" was=\1", out)
    assert BeautifulSoup(out, "html.parser") == BeautifulSoup(expected, "html.parser")


def test_attributes_that_the_sheet_asks_for_stay_and_mean_nothing() -> None:
    document = read_document(
        "<style>[data-A='1'] a[href^='/x'], [ type ]{color:red} p[class]{color:red}</style>"
        f"<div data-a=1 data-b=2><a href=/x onclick=y>a</a><input type=text placeholder=b data-a={'1' * 1001}></div>"
    )
    blocks = segment(document)
    html = marked_html(document, blocks, np.zeros(len(blocks), dtype=np.int64), page_sheet(document))
    found = [tag.attrs for tag in BeautifulSoup(html, "html.parser").find_all(True)]
    asked = [{name[15:]: value for name, value in attrs.items() if "-page-" in name} for attrs in found]
    assert asked == [{"page-data-a": "1"}, {"page-href": "/x"}, {"page-type": "text"}]
    assert not {"href", "type", "data-a"} & {name for attrs in found for name in attrs}


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<style>p{color:red}</style><style>b{c:d}</style>", "p{color:red;}\nb{c:d;}"),
        ("<style media=print>p{color:red}</style>", "@media print{p{color:red;}}"),
        ("<style media='{}'>p{color:red}</style>", ""),
        ("<style media='(min-width:1px)'>p{color:red</style>", "@media (min-width:1px){p{color:red;}}"),
        ("<style type=text/less>p{color:red}</style>", ""),
        ("<style type='Text/CSS '>p{color:red}</style>", "p{color:red;}"),
        ("<template><style>p{color:red}</style></template>", ""),
        ("<svg><style>p{color:red}</style></svg>", ""),
        ("<noscript><style>p{color:red}</style></noscript>", "p{color:red;}"),
        ("<link rel=stylesheet href=a.css>", ""),
        ("<style></style><style>@import 'a'</style>", ""),
    ],
)
def test_the_sheet_of_a_page(html: str, expected: str) -> None:
    assert page_sheet(read_document(html)) == expected


@pytest.mark.parametrize(
    ("html", "whole"),
    [
        ("<p class=a>a", False),
        ("<style>b{c:d}</style><p class=a>a", True),
        ("<link rel=stylesheet href=x><style>b{c:d}</style><p class=a>a", False),
        ("<link rel='Alternate StyleSheet' href=x><style>.a{c:d}</style><p class='b a'>a<p class=a>b<p class=c>", True),
        ("<link rel=stylesheet href=x><style>.a{c:d}</style><p class=b>a<p class=a>b<p class=c>", False),
        ("<link rel=icon href=x><style>b{c:d}</style><p class=a>a", True),
    ],
)
def test_whether_a_page_brings_its_looks(html: str, *, whole: bool) -> None:
    document = read_document(html)
    assert is_whole(document, page_sheet(document)) is whole


def test_tables_keep_their_cells_and_lose_vast_spans() -> None:
    html = marked("<table><tr><td colspan=2>a<td colspan=9007199254740991>b<th rowspan=3>c</table>")
    assert short(html) == (
        '<table><tbody><tr><td c0 colspan="2">a</td><td c1>b</td><th c2 rowspan="3">c</th></tr></tbody></table>'
    )


@pytest.mark.parametrize("html", HOSTILE)
def test_it_is_inert_and_keeps_the_text(html: str) -> None:
    out = marked(html)
    check_inert(out)
    for tag in BeautifulSoup(out, "html.parser").find_all(True):
        assert all(name.startswith("data-declutter-") or name in {"class", "id"} for name in tag.attrs), out
        assert "url" not in str(tag.get("data-declutter-style", ""))
    assert "ink" in BeautifulSoup(out, "html.parser").get_text()


def test_a_soup_with_strange_names_is_inert() -> None:
    soup = BeautifulSoup("<p>ink</p>", "html.parser")
    assert soup.p is not None
    soup.p["onclick"] = "alert(1)"
    soup.p['a"><script>alert(1)</script'] = "x"
    soup.p["lang"] = '"><script>alert(1)</script>'
    soup.p.append(soup.new_tag("img src=x onerror=alert(1)"))
    assert short(marked(soup)) == "<p c0>ink</p>"


def misnested() -> dict[str, str]:
    return {
        "nested links": "<a href=x>a<div>b<a href=y>c</a></div></a>",
        "unclosed": "<p><b>" * 300 + "a",
        "deep": "<div>" * 700 + "a" + "</div>" * 700 + "b",
        "foster parented": "<table>a<tr>b<td>c</td>d</tr><form><tr><td><input type=submit value=e></form></table>",
        "block in heading": "<h1>a<div>b</div>c<h2>d</h2></h1>",
        "button in paragraph": "<p>a<button>b</button>c<button><div>d</div></button></p>",
        "list": "<li>a<li>b<ul><li>c<p>d</ul>e",
        "select": "<p>a<select><option>b</select>c<datalist><option>d</datalist>",
        "noscript": "<head><noscript><p>a</noscript></head><noscript>b</noscript>",
        "frames": "<frameset><frame src=x></frameset><noframes>a</noframes>",
        "formula": "<p>a<math><mi>b</mi></math>c",
    }


@pytest.mark.parametrize("name", misnested())
def test_each_block_is_marked_with_its_text(name: str) -> None:
    document = read_document(misnested()[name])
    blocks = segment(document)
    html = marked_html(document, blocks, np.zeros(len(blocks), dtype=np.int64))
    assert found_texts(html) == ["".join(text.split()) for text in blocks.texts]


def test_each_block_of_the_stored_pages_is_marked(stored_page: Path) -> None:
    document = read_document((stored_page / "source.html").read_bytes())
    blocks = segment(document)
    html = marked_html(document, blocks, np.arange(len(blocks)) % len(LABELS))
    numbers = {int(number) for number in re.findall(r'data-declutter-block="(\d+)"', html)}
    assert numbers == set(range(len(blocks)))


def found_texts(html: str) -> list[str]:
    texts: dict[int, str] = {}
    for tag in BeautifulSoup(html, "lxml").select("[data-declutter-block]"):
        row = int(str(tag["data-declutter-block"]))
        texts[row] = texts.get(row, "") + tag.get_text()
    return ["".join(text.split()) for _, text in sorted(texts.items())]


@pytest.mark.parametrize("html", ["<p>a" * 20_000, "<td>1" * 20_000, "<svg><g>" * 20_000, "<b>" * 20_000 + "a"])
def test_time_grows_with_the_page(html: str) -> None:
    start = time.perf_counter()
    marked(html)
    assert time.perf_counter() - start < 5
