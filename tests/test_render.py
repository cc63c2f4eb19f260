"""Renderings of the content: text, Markdown, inert HTML."""

from __future__ import annotations

import re
import time

import numpy as np
import pytest
import turbohtml
from bs4 import BeautifulSoup

from declutter.blocks import segment
from declutter.document import read_document
from declutter.document.parser_input import parser_input
from declutter.render.html import as_soup, content_html, page_html
from declutter.render.markdown import content_markdown
from declutter.render.text import content_text

LOADED = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "button",
    "select",
    "textarea",
    "svg",
    "math",
}
LOADED |= {
    "base",
    "link",
    "meta",
    "template",
    "noscript",
    "frame",
    "frameset",
    "applet",
    "param",
    "title",
    "head",
    "xmp",
}
ADDRESSES = {"href", "src", "srcset", "poster", "cite", "action", "formaction", "background", "data", "xlink:href"}


def rendered(html: str, name: str = "html", *, body: bool = True) -> str:
    """The content where every block is kept but those with DROP in their text."""
    document = read_document(f"<body>{html}" if body else html)
    blocks = segment(document)
    keep = np.array(["DROP" not in text for text in blocks.texts], dtype=np.bool_)
    render = {"html": content_html, "markdown": content_markdown, "text": content_text}[name]
    return render(document, blocks, keep)


def squeezed(html: str) -> str:
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", html).strip()


# -- safety --------------------------------------------------------------------------------------------------------


def check_inert(html: str) -> None:
    """Read the output with two other parsers, because what one takes for text another may run."""
    for parser in ("html.parser", "lxml"):
        for tag in BeautifulSoup(html, parser).find_all(True):
            assert tag.name not in LOADED, html
            for name, value in tag.attrs.items():
                assert not name.startswith("on"), html
                assert name not in {"style", "srcdoc", "action", "formaction", "http-equiv", "ping", "xmlns"}, html
                if name in ADDRESSES:
                    for address in re.split(r",\s*", str(value)):
                        scheme = re.match(r"([^/?#]*?):", re.sub(r"[\x00-\x20]", "", address))
                        assert scheme is None or scheme[1].lower() in {"http", "https", "mailto"}, html


HOSTILE = [
    "<p>ink<script>alert(1)</script></p>",
    "<p>ink</p><SCRIPT SRC=//evil></SCRIPT>",
    "<p onclick=alert(1)>ink <img src=x onerror=alert(1)></p>",
    "<p/onmouseover=alert(1)>ink</p>",
    "<a href='javascript:alert(1)'>ink</a>",
    "<a href='JaVaScRiPt:alert(1)'>ink</a>",
    "<a href=' \x01javascript:alert(1)'>ink</a>",
    "<a href='java&#10;script:alert(1)'>ink</a>",
    "<a href='&#106;&#x61;vascript&colon;alert(1)'>ink</a>",
    "<a href='javascript&Tab;:alert(1)'>ink</a>",
    "<a href='vbscript:x'>ink</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>ink</a>",
    "<a href='//evil' ping='//evil'>ink</a>",
    "<p>ink<img src='data:image/svg+xml,<svg onload=alert(1)>'></p>",
    "<p>ink<img srcset='javascript:alert(1) 1x, /a.png 2x'></p>",
    "<p>ink<iframe srcdoc='<script>alert(1)</script>'></iframe></p>",
    "<p>ink<iframe src='javascript:alert(1)'></iframe></p>",
    "<p>ink<object data=evil.swf></object><embed src=evil.swf></p>",
    "<form action=//evil><p>ink<input name=q><button formaction='javascript:alert(1)'>Go</button></p></form>",
    "<p style='background:url(javascript:alert(1))'>ink</p>",
    "<style>p{background:url(javascript:alert(1))}</style><p>ink",
    "<link rel=stylesheet href=//evil><meta http-equiv=refresh content='0;url=//evil'><base href=//evil><p>ink",
    "<svg onload=alert(1)><circle></circle></svg><p>ink",
    "<svg><foreignObject><p onclick=alert(1)>ink</p><script>alert(1)</script></foreignObject></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg><p>ink",
    "<svg><style><img src=x onerror=alert(1)></style></svg><p>ink",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></table></mtext></math><p>ink",
    "<math><annotation-xml encoding=text/html><script>alert(1)</script></annotation-xml></math><p>ink",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>ink</p></noscript>",
    "<template><p>ink<script>alert(1)</script><img src=x onerror=alert(1)></p></template>",
    "<template shadowrootmode=open><p onclick=alert(1)>ink</p></template>",
    "<p title='\"><script>alert(1)</script>'>ink</p>",
    '<p title="\'><img src=x onerror=alert(1)>">ink</p>',
    "<p>&lt;script&gt;alert(1)&lt;/script&gt; ink</p>",
    "<p>&amp;lt;script&amp;gt;ink</p>",
    "<xmp><script>alert(1)</script>ink</xmp>",
    "<textarea><script>alert(1)</script>ink</textarea>",
    "<select><option><b>ink</b><option>&lt;script&gt;</select>",
    "<input type=submit value='&lt;script&gt;alert(1)&lt;/script&gt; ink'>",
    "<button aria-label='&lt;img src=x onerror=alert(1)&gt; ink'></button>",
    "<listing>&lt;img src=x onerror=alert(1)&gt;ink</listing>",
    "<p>ink</p><plaintext><script>alert(1)</script>",
    "<p>ink<!-- --!><img src=x onerror=alert(1)> --></p>",
    "<p>ink<![CDATA[<img src=x onerror=alert(1)>]]></p>",
    "<table><td><p>ink</td><script>alert(1)</script></table>",
    "<x-card onclick=alert(1)>ink</x-card>",
    "<p><a href=x><a href='javascript:alert(1)'>ink</a></p>",
    "<details ontoggle=alert(1) open><summary>ink</summary></details>",
    "<video src=x onerror=alert(1) poster='javascript:alert(1)'></video><p>ink",
    "<p>ink<isindex type=image src=1 onerror=alert(1)>",
    "<blockquote cite='javascript:alert(1)'>ink</blockquote>",
]


@pytest.mark.parametrize("html", HOSTILE)
def test_html_is_inert_and_keeps_the_text(html: str) -> None:
    out = rendered(html)
    check_inert(out)
    assert "ink" in BeautifulSoup(out, "html.parser").get_text()


@pytest.mark.parametrize("html", HOSTILE)
def test_markdown_holds_no_markup_of_the_page(html: str) -> None:
    out = rendered(html, "markdown")
    assert "ink" in out
    code = re.sub(r"```.*?```|`[^`]*`", "", out, flags=re.DOTALL)
    assert not re.search(r"(?<!\\)<(?!>)[a-zA-Z/!]", re.sub(r"<br>", "", code)), out
    assert not re.search(r"\]\(<?\s*(?:javascript|vbscript|data)", code, re.IGNORECASE), out


def strange_soup() -> BeautifulSoup:
    """A soup with names that no parser gives."""
    soup = BeautifulSoup("<p>ink</p>", "html.parser")
    assert soup.p is not None
    soup.p["onclick"] = "alert(1)"
    soup.p['a"><script>alert(1)</script'] = "x"
    soup.p.append(soup.new_tag("img src=x onerror=alert(1)"))
    return soup


def rendered_soup(soup: BeautifulSoup) -> str:
    document = read_document(soup)
    blocks = segment(document)
    return content_html(document, blocks, np.ones(len(blocks), dtype=np.bool_))


def test_a_soup_with_strange_names_is_inert() -> None:
    check_inert(rendered_soup(strange_soup()))


# -- what another reading makes of it ------------------------------------------------------------------------------


# What does not come back as it was where the tree is written as it stands: elements that cannot stand in each other, line breaks
# that a parser takes, formatting that is taken up again.
MUTATING = [
    "<p>a<button><p>ink</p></button>b</p>",
    "<p>a<template><p>ink</p></template>b</p>",
    "<p>a<object><p>ink</p></object>b</p>",
    "<p>a<marquee><p>ink</marquee>b",
    "<p><svg><foreignObject><p>ink</p></foreignObject></svg></p>",
    "<h1>a<svg><foreignObject><h2>ink</h2></foreignObject></svg></h1>",
    "<a href=/1>a<object><a href=/2>ink</a></object>b</a>",
    "<a href=/1>a<template><a href=/2>ink</a></template>b</a>",
    "<a href=/1>a<table><a href=/2>ink</table>",
    "<a href=/1><div><a href=/2>ink</a></div></a>",
    "<p>a<table><tr><td><p>ink<table><td>b</table></table>",
    "<table>ink<tr><td>a</table>",
    "<table><caption><table><caption>ink",
    "<table><tr><template><td>ink</td></template></tr></table>",
    "<template><tr><td>ink</td></tr></template>",
    "<x-t><td>ink</td></x-t>",
    "<ul><li>a<button><li>ink</li></button></ul>",
    "<dl><dt>a<object><dd>ink</object></dl>",
    "<b><p>ink<b><p>a<b>b</b></b></b>",
    "<b><b><b><b><b>ink</b></b></b></b></b>",
    "<b><div><details><p>ink<a><dialog><p>a</x></b>",
    "<i><table><tr><td></i>ink</table>",
    "<nobr>a<nobr>ink",
    "<ruby>a<rt>b<rp>c<rt>ink</ruby>",
    "<pre>\n\n\nink</pre>",
    "<pre>\n\n<b>ink</b></pre>",
    "<pre class=k><b>\n</b>ink</pre>",
    "<pre><code>\nink</code></pre>",
    "<textarea>\n\nink</textarea>",
    "<p>ink &#13; &#x80; &#0; a</p>",
    "<p title='a&#10;b&#13;c'>ink</p>",
    "<math><mtext><table><tr><td>ink</table></mtext></math>",
    "<select><option>ink<option>&lt;style></select><style><!--</style>--><img src=x onerror=alert(1)>",
]


def tree_of(html: str) -> tuple[object, ...]:
    document = read_document(html)
    return document.tags, document.attributes, document.texts, document.parents.tolist()


def check_stable(html: str) -> None:
    """Written out and read again it is the same tree, by the rules for old pages as by those for new ones."""
    tree = tree_of(html)
    assert tree_of(turbohtml.parse(parser_input(html)).html) == tree
    assert tree_of(f"<!DOCTYPE html>{html}") == tree


@pytest.mark.parametrize(
    "html",
    [
        "<p>ink</p><plaintext>a",
        "<a href=/1>a<table><a href=/2>ink</table>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=alert(1)&gt;'>",
    ],
)
def test_what_mutates_is_seen(html: str) -> None:
    with pytest.raises(AssertionError):
        check_stable(html)
    check_stable(rendered(html))


@pytest.mark.parametrize("html", [*HOSTILE, *MUTATING])
def test_html_is_the_same_tree_when_it_is_read_again(html: str) -> None:
    out = rendered(html)
    check_inert(out)
    check_stable(out)
    assert "ink" in out


@pytest.mark.parametrize("html", [*HOSTILE, *MUTATING])
def test_an_inert_document_is_the_same_tree_when_it_is_read_again(html: str) -> None:
    for page in (html, f"<head>{html}</head><title>x</title>ink", f"<p>ink<img alt='{html.replace(chr(39), '')}'>"):
        document = inert_document(page)
        check_stable(document)
        again = inert_document(document)
        assert inert_document(again) == again
        assert again == document.replace("\r", "\n")  # which a parser takes it for


@pytest.mark.parametrize("depth", [1, 3, 100])
def test_what_templates_hold_is_the_same_tree_when_it_is_read_again(depth: int) -> None:
    document = inert_document(templates(depth))
    check_stable(document)
    assert inert_document(document) == document


@pytest.mark.parametrize("html", HOSTILE)
def test_html_of_html_is_the_same(html: str) -> None:
    again = rendered(rendered(html), body=False)
    assert rendered(again, body=False) == again
    assert again.strip() == rendered(html).strip()


@pytest.mark.parametrize("html", MUTATING)
def test_html_of_html_that_mutates_is_the_same_but_for_spaces_beside_tags(html: str) -> None:
    again = rendered(rendered(html), body=False)
    assert squeezed(rendered(again, body=False)) == squeezed(again)


def test_a_soup_that_no_parser_would_make_is_the_same_tree_when_it_is_read_again() -> None:
    soup = strange_soup()
    assert soup.p is not None
    for outer, inner in (
        ("p", "p"),
        ("a", "a"),
        ("li", "li"),
        ("h1", "h2"),
        ("table", "p"),
        ("p", "td"),
        ("pre", "pre"),
    ):
        tag = soup.new_tag(outer)
        soup.p.append(tag)
        tag.append("\nink </p><script>alert(1)</script>")
        below = soup.new_tag(inner)
        below.append("ink")
        tag.append(below)
    out = rendered_soup(soup)
    check_inert(out)
    check_stable(out)
    again = rendered(out, body=False)
    assert squeezed(rendered(again, body=False)) == squeezed(again)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<pre>ink</pre>", "ink"),
        ("<pre>\nink</pre>", "ink"),
        ("<pre class=k>\n\n\nink</pre>", "\n\nink"),
        ("<pre>\n\n<b>ink</b></pre>", "\nink"),
        ("<pre><b>\n</b>ink</pre>", "\nink"),
        ("<pre><code>\nink</code></pre>", "\nink"),
        ("<textarea>\n\nink</textarea>", "\nink"),
        ("<pre><!--\n-->\nink</pre>", "\nink"),
    ],
)
def test_code_keeps_the_empty_lines_that_it_begins_with(html: str, text: str) -> None:
    out = rendered(html)
    assert "".join(read_document(out).texts) == text
    assert as_soup(out, "content").get_text() == as_soup(html, "document").get_text() == text


# -- what stays ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a</p><p>DROP</p><p>b</p>", "<p>a</p><p>b</p>"),
        ("<div><div><p>a</p></div><div><p>DROP</p></div></div>", "<div><div><p>a</p></div></div>"),
        ("<ul><li>a<li>DROP<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<p>one <b>two</b> <a href=/x>three</a></p>", '<p>one<b>two</b><a href="/x">three</a></p>'),
        ("<p id=i class=c lang=de title=t dir=ltr>a", '<p id="i" class="c" lang="de" title="t" dir="ltr">a</p>'),
        ("<ol start=3><li>a</ol>", '<ol start="3"><li>a</li></ol>'),
        ("<pre><code>if x:\n    y</code></pre>", "<pre><code>if x:\n    y</code></pre>"),
        ("<p>a<br>b", "<p>a<br>b</p>"),
        ("<div>a<br><br>b</div>", "<div>a<br><br>b</div>"),
        ("<p>a <b>b<br>c</b>", "<p>a<b>b<br>c</b></p>"),
        # Editors put one of two line breaks into an element of its own.
        ("<div>a<br><span><br></span>b</div>", "<div>a<br><span><br></span>b</div>"),
        ("<div><i>a<br>b<br></i><br>c</div>", "<div><i>a<br>b<br></i><br>c</div>"),
        ("<p>a<br><span><br></span></p><p>b</p>", "<p>a<br></p><p>b</p>"),
        # Two texts of their own stay so where the block between them goes.
        ("<div>a<div>DROP</div>b</div>", "<div>a<div></div>b</div>"),
        ("<div>a <ul><li>DROP</ul><br>b</div>", "<div>a<div></div><br>b</div>"),
        ("<div><i>a</i><form>DROP</form><b>b</b></div>", "<div><i>a</i><div></div><b>b</b></div>"),
        ("<ul><li>a<div></div>b</ul>", "<ul><li>a<div></div>b</li></ul>"),
        ("<div>a<br><br><p>DROP</p>b</div>", "<div>a<br><br>b</div>"),
        ("<div>a<p>DROP</p><p>b</p></div>", "<div>a<p>b</p></div>"),
        ("<div>a<button>DROP</button>b</div>", "<div>a b</div>"),
        ("<h2>a<div>DROP</div>b</h2>", "<h2>a b</h2>"),
        ("<template><p>a</template>", "<p>a</p>"),
        ("<div>x<noscript><p>a</p></noscript></div>", "<div>x<p>a</p></div>"),
        ("<x-card><p>a</p></x-card>", "<p>a</p>"),
        ("<x-card>a</x-card><x-card>b</x-card>", "<div>a</div><div>b</div>"),
        ("<p>a <x-icon>b</x-icon> c", "<p>a b c</p>"),
        ("<button>Go</button><button>Run</button>", "<div>Go</div><div>Run</div>"),
        ("<xmp>a <b></xmp>", "<pre>a &lt;b&gt;</pre>"),
        ("<p>x <math><mi>a</mi><mo>=</mo><mn>1</mn></math>", "<p>x a=1</p>"),
        ("<dialog open><p>a</dialog>", "<p>a</p>"),
        ("<details><summary>s</summary><p>a</details>", "<details><summary>s</summary><p>a</p></details>"),
        ("<p>5 &lt; 6 &amp; 7&nbsp;km", "<p>5 &lt; 6 &amp; 7&nbsp;km</p>"),
        ("<p>DROP</p>", ""),
    ],
)
def test_html_of_what_is_kept(html: str, expected: str) -> None:
    assert squeezed(rendered(html)) == squeezed(expected)


@pytest.mark.parametrize(
    "html",
    [
        "<div>one<button>DROP</button>two</div>",
        "<div>one<select><option>DROP</select>two</div>",
        "<div>one<input type=submit value=DROP>two</div>",
        "<div>one<p>DROP</p>two</div>",
        "<div>one<br><br>two</div>",
        "<div>one<br><br>DROP<br><br>two</div>",
        "<x-card>one</x-card><x-card>two</x-card>",
        "<form>one</form><fieldset>two</fieldset>",
        "<p>one<button>x</button>two</p>",
        "<table><tr><td>one<td>two</table>",
    ],
)
@pytest.mark.parametrize("name", ["html", "markdown", "text"])
def test_words_never_grow_together(html: str, name: str) -> None:
    out = re.sub(r"<[^>]+>", "\n", rendered(html, name))
    assert "DROP" not in out
    assert {"one", "two"} <= set(re.findall(r"\w+", out))


def test_the_headline_of_a_head_is_no_content() -> None:
    html = "<head><title>title</title><meta name=description content=x><style>y</style></head><body><p>a"
    assert rendered(html, body=False) == "<p>a</p>"


@pytest.mark.parametrize(
    ("html", "kept", "cut"),
    [
        ("<p>a<img src=k.png></p><p>DROP<img src=d.png></p>", ["k.png"], ["d.png"]),
        ("<div><img src=k.png><p>a</div><div><img src=d.png><p>DROP</div>", ["k.png"], ["d.png"]),
        ("<div><p>a</p><img src=k.png></div><div><p>DROP</p><img src=d.png></div>", ["k.png"], ["d.png"]),
        ("<figure><img src=k.png><figcaption>a</figcaption></figure>", ["k.png"], []),
        ("<figure><img src=d.png><figcaption>DROP</figcaption></figure><p>a", [], ["d.png"]),
        ("<figure><picture><source srcset=s.webp><img src=k.png></picture></figure><p>a", ["s.webp", "k.png"], []),
        ("<a href=/big><img src=k.png alt=K></a><p>a", ["/big", "k.png"], []),
        ("<p>a</p><video src=k.mp4 controls></video>", ["k.mp4", "controls"], []),
        ("<audio src=d.mp3></audio><p>DROP", [], ["d.mp3"]),
        ("<ul><li><img src=k.png>a<li><img src=d.png>DROP</ul>", ["k.png"], ["d.png"]),
        ("<div><div><div><img src=k.png></div></div><p>a</p></div><p>DROP", ["k.png"], []),
        ("<section><p>a</p><hr><p>b</p></section><section><hr><p>DROP</section>", ["<hr>"], []),
    ],
)
def test_images_go_with_the_text_beside_them(html: str, kept: list[str], cut: list[str]) -> None:
    out = rendered(html)
    assert all(name in out for name in kept)
    assert not any(name in out for name in cut)


def test_a_rule_of_a_cut_part_goes() -> None:
    assert rendered("<section><p>a</section><section><hr><p>DROP</section>").count("<hr>") == 0


TABLE = "<table><tr><th>Day<th>Height<tr><td>Mon<td>{}</table>"


def test_tables_keep_their_columns() -> None:
    out = squeezed(rendered(TABLE.format("DROP")))
    assert out == "<table><tbody><tr><th>Day</th><th>Height</th></tr><tr><td>Mon</td><td></td></tr></tbody></table>"
    assert "<table" not in rendered("<table><tr><td>DROP<td>DROP</table><p>a")
    assert 'colspan="2"' in rendered("<table><tr><td colspan=2 style=x>a</table>")


# -- Markdown ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h1>A</h1><h2>B</h2><h6>C</h6>", "# A\n\n## B\n\n###### C"),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<ul><li>a<li>b<ul><li>c</ul></ul>", "- a\n- b\n  - c"),
        ("<ol><li>a<li>b</ol>", "1. a\n2. b"),
        (TABLE.format("4.1"), "| Day | Height |\n| --- | --- |\n| Mon | 4.1 |"),
        ("<pre><code>if x:\n    y</code></pre>", "```\nif x:\n    y\n```"),
        ("<p>Use <code>x</code>", "Use `x`"),
        ("<blockquote><p>a</blockquote>", "> a"),
        ("<p>a <b>b</b> <em>c</em> <a href=/d>d</a>", "a **b** *c* [d](/d)"),
        ("<p>a <img src=i.png alt=I>", "a ![I](i.png)"),
        ("<p>a<br>b", "a  \nb"),
        ("<div>a<br><br>b</div>", "a\n\nb"),
        ("<div>a<br><br><br>b</div>", "a\n\nb"),
        ("<div>a<div>DROP</div>b</div>", "a\n\nb"),
        ("<table><tr><td>a<div>DROP</div>b<td>c</table>", "| a<br>b | c |\n| --- | --- |"),
        ("<h2>a<div>DROP</div>b</h2>", "## a b"),
        ("<dl><dt>DROP<dd>a<dt>b<dd>c</dl>", "a\n\nb\n: c"),
        ("<pre>a<br><br>b</pre>", "```\na\n\nb\n```"),
        ("<p>a<hr><p>b", "a\n\n---\n\nb"),
        ("<p># no heading", "\\# no heading"),
        ("<p>*no* _no_ [no](no)", "\\*no\\* \\_no\\_ \\[no\\](no)"),
        ("<dl><dt>a<dd>b</dl>", "a\n: b"),
    ],
)
def test_markdown_keeps_the_shape(html: str, expected: str) -> None:
    assert rendered(html, "markdown") == expected


# -- text ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", ""),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<h1>a</h1><p>b<br>c", "a\n\nb\nc"),
        ("<p>x<ul><li>a<li>b</ul><p>y", "x\n\na\nb\n\ny"),
        ("<dl><dt>a<dd>b</dl>", "a\nb"),
        ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", "a\tb\nc\td"),
        ("<table><tr><td>a</table><p>b", "a\n\nb"),
        ("<table><tr><td>a<td>DROP<td>c</table>", "a\t\tc"),
        ("<p>a</p><img alt=picture src=x><p>b</p>", "a\n\nb"),
        ("<p>a</p><button>Go</button>", "a\n\nGo"),
        ("<pre>a\n  b</pre><p>c", "a\n  b\n\nc"),
        ("<div>a<br><br>b</div>", "a\n\nb"),
        ("<p>DROP</p><p>a</p>", "a"),
        ("<p>a & b &lt;i&gt; [c]", "a & b <i> [c]"),
    ],
)
def test_text_joins_blocks_by_what_they_are(html: str, expected: str) -> None:
    assert rendered(html, "text") == expected


TEX = "<semantics><mi>a</mi><annotation encoding=application/x-tex>a_1</annotation></semantics>"
KATEX = f"<span><span><math>{TEX}</math></span><span aria-hidden=true><i>a</i>1</span></span>"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"<p>So {KATEX} is <a>b</a><a>c</a>", "So a_1 is b c"),
        (f"<p>So<br>{KATEX}, <b>b</b>", "So\na_1, b"),
        (f"<p>{KATEX}<p>b", "a_1\n\nb"),
        (f"<p>So {KATEX} is<button>c</button>d", "So a_1 is c d"),
        (f"<table><tr><td>{KATEX}<td>b</table>", "a_1\tb"),
        (f"<pre>So\n  {KATEX}</pre>", "So\n  a_1"),
        ("<pre><div>a\n   b <script type=math/tex>x^2</script></div></pre>", "a\n   b x^2"),
        ("<textarea>a\n  b</textarea><script type=math/tex>x^2</script>", "a\n  b\n\nx^2"),
        ("<p><input type=submit value=Search><script type=math/tex>x^2</script>", "Search\n\nx^2"),
        ("<select><option>A<option>B</select><script type=math/tex>x^2</script>", "A B\n\nx^2"),
        ("<div>So<p><script type=math/tex>x^2</script></p>then</div>", "So\n\nx^2\n\nthen"),
        ("<ul><li>a<ul><li><script type=math/tex>x^2</script></ul></ul>", "a\nx^2"),
        ("<table><tr><td><script type=math/tex>x^2</script><td>b</table>", "x^2\tb"),
        ("<p>So<script type='math/tex; mode=display'>x^2</script>then", "So x^2 then"),
        ("<p><span class=MathJax>x2</span><script type=math/tex>x^2</script> is", "x^2 is"),
        (
            "<p>So</p><div class=MathJax_Display><i>x2</i></div><script type='math/tex; mode=display'>x^2</script><p>then",
            "So\n\nx^2\n\nthen",
        ),
        ("<p>So <span class=MathJax>x2</span><script type=math/tex> </script> is", "So x2 is"),
        ("<p>So <script type=math/tex>x % old\n+ 5\\% y</script>", "So x + 5\\% y"),
        ("<div hidden><script type=math/tex>x^2</script></div><p>So", "So"),
        ("<p><a>b</a><script>1</script><a>c</a> <script type=math/tex>x^2</script>", "b c x^2"),
        # A formula that is not closed takes in the rest of the paragraph, which is none.
        ("<p>Let <math alttext=x><mi>x</mi> be a number</p>", "Let x be a number"),
        ("<p>a <math><mi>x</mi><annotation encoding='text/plain'>speech</annotation></math>", "a x"),
        (f"<p>DROP {KATEX}<p>b", "b"),
        ("<p>So <script type=math/tex>x^2</script> is", "So x^2 is"),
        ("<p>So <script type=math/tex>x^2</script></p>is", "So x^2\n\nis"),
        ("<p>So</p><script type='math/tex; mode=display'>x^2</script><p>DROP", "So\n\nx^2"),
        ("<p>DROP</p><script type='math/tex; mode=display'>x^2</script><p>So", "x^2\n\nSo"),
        (
            "<p>So <span class=MathJax_Preview>x2</span><script type=math/tex>x^2</script> is",
            "So x^2 is",
        ),
        ("<p>So <math><mi>a</mi><mo>=</mo><mn>2</mn></math> is <script>1</script>", "So a=2 is"),
    ],
)
def test_text_has_a_formula_once_as_its_tex(html: str, expected: str) -> None:
    assert rendered(html, "text") == expected


def test_text_of_many_formulas() -> None:
    assert rendered("<p>a" + "<script type=math/tex>x</script><i>b</i>" * 20000, "text") == "a" + "xb" * 20000


# -- documents -----------------------------------------------------------------------------------------------------


def inert_document(html: str) -> str:
    document = read_document(html)
    blocks = segment(document)
    return page_html(
        document, blocks, np.array(["DROP" not in text for text in blocks.texts], dtype=bool), "document", True
    )


def test_an_inert_document_has_head_and_body() -> None:
    html = (
        "<!DOCTYPE html><html lang=de dir=ltr onload=x><head><meta charset=latin1><title>Tide &amp; <b></title>"
        "<meta name=description content='a &quot;b&quot;'><meta http-equiv=refresh content='0;url=http://evil'>"
        "<base href=//evil><link rel=stylesheet href=x><script>x</script><style>x</style></head>"
        "<body class=k onclick=x><p hidden style='color:red'>kept</p><p>DROP</p><svg><title>x</title></svg><img src=a.png>"
    )
    assert inert_document(html) == (
        '<!DOCTYPE html>\n<html lang="de" dir="ltr">\n<head><meta charset="utf-8"><title>Tide &amp; &lt;b&gt;</title>'
        '<meta name="description" content="a &quot;b&quot;"></head>\n'
        '<body>\n<p hidden="">kept</p><img src="a.png">\n</body>\n</html>\n'
    )


@pytest.mark.parametrize("html", HOSTILE)
def test_an_inert_document_runs_nothing(html: str) -> None:
    for page in (html, f"<head>{html}</head><title>x</title>ink", f"<p>ink<img alt='{html.replace(chr(39), '')}'>"):
        document = inert_document(page)
        head, _, body = document.partition("<body>")
        check_inert(body)
        assert re.fullmatch(
            r"(?:<!DOCTYPE html>\n)?<html>\n<head><meta charset=\"utf-8\">(?:<title>[^<]*</title>)?(?:\s|<meta[^<>]*>)*</head>\n",
            head,
        )


def templates(depth: int) -> str:
    return "<div><template shadowrootmode=open><p onclick=x>ink<script>x</script></p>" * depth + "<template>b" * depth


@pytest.mark.parametrize("depth", [1, 3, 100])
def test_an_inert_document_keeps_what_templates_hold(depth: int) -> None:
    document = inert_document(templates(depth))
    assert BeautifulSoup(document, "html.parser").get_text().strip() == "ink" * depth + "b" * depth
    check_inert(document.partition("<body>")[2])


def test_a_title_cannot_leave_its_element() -> None:
    document = inert_document("<title></title><p><title>x</title>a<svg><title><script>alert(1)</script></title></svg>")
    assert "script" not in document
    assert "<title></title>" in document


# -- cost ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        "<p>a</p>" + "<div>" * 500 + "<img src=a>" * 50_000,
        "<table><tr><td>a" * 300 + "<tr><td>b" * 20_000,
        "<div>" + "a<br><br>" * 30_000,
        "<p>" + "<a href=x>a</a>" * 50_000,
        "<p>a" + "<svg><foreignObject><p>b</p></foreignObject></svg>" * 10_000,
        "<p>a" + "<pre>" * 20_000,
        "<p>a" + "<div><img src=a></div>" * 30_000 + "<p>b",
        "<p>a" + "<div><span></span><noscript><img src=a></noscript></div>" * 20_000 + "<p>b",
        "<p>a<div>" + "<noscript>" * 400 + "<img src=a>" * 10_000 + "b",
        f"<p>a<img src=/blank{'1' * 60} data-src=b>" * 1000,
        f"<p>a<img data-any='{'b.jpg?' * 300} c'>" * 1000,
    ],
    ids=[
        "deep images",
        "nested tables",
        "breaks",
        "links",
        "drawings",
        "nested pre",
        "images",
        "copies",
        "nested copies",
        "placeholders",
        "addresses",
    ],
)
@pytest.mark.parametrize("name", ["html", "markdown", "text"])
def test_rendering_takes_linear_time(html: str, name: str) -> None:
    before = time.process_time()
    assert rendered(html, name)
    assert time.process_time() - before < 5


def test_a_deep_soup_renders_in_linear_time() -> None:
    soup = BeautifulSoup("", "html.parser")
    tag = soup
    for _ in range(20_000):
        below = soup.new_tag("div")
        tag.append(below)
        tag.append(soup.new_tag("img", src="a"))
        tag = below  # type: ignore[assignment]
    tag.append("deep")
    before = time.process_time()
    document = read_document(soup)
    blocks = segment(document)
    assert blocks.texts == ["deep"]
    assert "deep" in content_html(document, blocks, np.ones(1, dtype=np.bool_))
    assert time.process_time() - before < 5


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("<img src=/a.jpg data-src=/b.jpg alt=Ferry>", 'src="/a.jpg"'),
        ("<img data-src=/b.jpg alt=Ferry>", 'src="/b.jpg"'),
        ("<img src='data:image/gif;base64,R0lGOD' data-lazy-src=/b.jpg alt=Ferry>", 'src="/b.jpg"'),
        ("<img src='' data-original=/b.jpg alt=Ferry>", 'src="/b.jpg"'),
        ("<img src=/a.jpg data-srcset='/b.jpg 2x' alt=Ferry>", 'srcset="/b.jpg 2x"'),
        ("<img src=/img/blank.gif data-src=/b.jpg alt=Ferry>", 'src="/b.jpg"'),
        ("<img src=/assets/s_1x2.gif data-src=/b.jpg alt=Ferry>", 'src="/b.jpg"'),
        ("<img src=/grey-pixel.gif data-src=/b.jpg alt=Ferry>", 'src="/b.jpg"'),
        ("<img src=/small.jpg class='wp-image lazyload' data-src=/b.jpg alt=Ferry>", 'src="/b.jpg"'),
        ("<img src=/a.jpg class=lazyloaded data-src='{\"x\": 1}' alt=Ferry>", 'src="/a.jpg"'),
        ("<img nitro-lazy-src=/b.jpg alt=Ferry>", 'src="/b.jpg"'),
        ("<img data-src-1440=/b.jpg?w=1440 alt=Ferry>", 'src="/b.jpg?w=1440"'),
        ("<img data-sizes-of-it='/b.jpg 300w, /c.jpg 600w' alt=Ferry>", 'srcset="/b.jpg 300w, /c.jpg 600w"'),
        ("<img data-name='ferry.jpg of last year' alt=Ferry>", "<img alt"),
        ("<img src=/pixel-art.png data-src=/b.jpg alt=Ferry>", 'src="/pixel-art.png"'),
    ],
)
def test_an_image_that_waits_to_be_loaded_has_its_address(image: str, expected: str) -> None:
    assert expected in rendered(f"<p>Text</p>{image}<p>Text</p>")


@pytest.mark.parametrize(
    ("html", "images"),
    [
        ("<img data-src=/r.jpg alt=B><noscript><img src=/r.jpg alt=B></noscript>", ["/r.jpg"]),
        ("<noscript><img src=/r.jpg></noscript>\n<span><img data-src=/r.jpg alt=B></span>", ["/r.jpg"]),
        ("<figure><img src=/r-300.jpg alt=B> <noscript><img src=/r.jpg alt=B></noscript></figure>", ["/r-300.jpg"]),
        ("<img src=/r.jpg alt=B><noscript><img src=/q.jpg alt=C></noscript>", ["/r.jpg", "/q.jpg"]),
        ("<img src=/r.jpg alt=B> and <noscript><img src=/r.jpg alt=B></noscript>", ["/r.jpg", "/r.jpg"]),
        ("<noscript><img src=/r.jpg alt=B></noscript>", ["/r.jpg"]),
        ("<img alt=B><noscript><img src=/r.jpg alt=B></noscript>", ["/r.jpg"]),
        ("<img src=/blank.gif alt=B><noscript><img src=/r.jpg alt=B></noscript>", ["/r.jpg"]),
        ("<img src=/blank.gif alt=B><noscript><img src=/count.gif alt=''></noscript>", ["/blank.gif", "/count.gif"]),
    ],
)
def test_a_copy_for_browsers_without_scripts_is_not_shown_twice(html: str, images: list[str]) -> None:
    soup = BeautifulSoup(rendered(f"<p>Before</p>{html}<p>Behind</p>"), "html.parser")
    assert [image.get("src", "") for image in soup.find_all("img")] == images


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<a href=' https://x.org/y\n'>b</a>", 'href="https://x.org/y"'),
        ("<a href='https://x.org/a\nb'>b</a>", 'href="https://x.org/ab"'),
        ("<img alt=a src=' /a b.jpg '>", 'src="/a b.jpg"'),
        ("<strike>10</strike> now <tt>cmd</tt>", "<s>10</s> now <code>cmd</code>"),
    ],
)
def test_what_browsers_read_alike_is_written_so(html: str, expected: str) -> None:
    assert expected in rendered(f"<p>Text {html} text</p>")


def test_a_waiting_address_that_would_run_is_dropped() -> None:
    assert "alert" not in rendered("<p>Text <img data-src='javascript:alert(1)' alt=x></p>")
