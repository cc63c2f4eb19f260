"""Segmentation, rule by rule, on one line of HTML each."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from bs4 import BeautifulSoup

from declutter.blocks import Blocks, Origin, segment
from declutter.document import TEXT, Document, read_document

# Signs behind a text: c from a control, a an alternative text, h hidden.
SIGNS = {Origin.TEXT: "", Origin.CONTROL: "c", Origin.ALT: "a"}


def signed(blocks: Blocks) -> list[str]:
    """The texts with their signs: "Go |c", "pixel |ah"."""
    out = []
    for text, origin, hidden in zip(blocks.texts, blocks.origins, blocks.hidden, strict=True):
        sign = SIGNS[Origin(origin)] + ("h" if hidden else "")
        out.append(f"{text} |{sign}" if sign else text)
    return out


def cut(html: str) -> list[str]:
    return signed(segment(read_document(f"<body>{html}")))


def check_columns(document: Document, blocks: Blocks) -> None:
    n = len(blocks)
    for column in (blocks.texts, blocks.owners, blocks.starts, blocks.ends, blocks.origins, blocks.hidden):
        assert len(column) == n
    assert len(blocks.of_node) == len(document)
    assert (np.diff(blocks.starts) > 0).all()
    assert (blocks.starts < blocks.ends).all()
    assert (blocks.ends[:-1] <= blocks.starts[1:]).all()
    assert set(blocks.of_node.tolist()) - {-1} == set(range(n))
    for row in range(n):
        nodes = np.flatnonzero(blocks.of_node == row)
        assert blocks.starts[row] == nodes[0]
        assert blocks.ends[row] == nodes[-1] + 1
        assert blocks.owners[row] <= nodes[0] < document.ends[blocks.owners[row]]
        assert document.tags[blocks.owners[row]] != TEXT


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("", []),
        (" \n\t", []),
        ("plain text", ["plain text"]),
        ("<p>one</p><p>two</p>", ["one", "two"]),
        ("<p>one<p>two", ["one", "two"]),
        ("<div>a<p>b</p>c</div>", ["a", "b", "c"]),
        ("<p>a <b>b</b> <i>c</i><u>d</u></p>", ["a b cd"]),
        ("<p>\n  a\n\t b \n</p>", ["a b"]),
        ("<p>a&nbsp;b</p>", ["a b"]),
        ("<ul><li>a<ul><li>b</ul>c</ul>", ["a", "b", "c"]),
        ("<dl><dt>a<dd>b</dl>", ["a", "b"]),
        ("<h2>Head</h2>text", ["Head", "text"]),
        ("<a href=x><div>a</div><div>b</div></a>", ["a", "b"]),
        ("<fieldset><legend>L</legend><label>l</label></fieldset>", ["L", "l"]),
        ("<p>漢<ruby>字<rp>(</rp><rt>ji</rt><rp>)</rp></ruby></p>", ["漢字(ji)"]),
        ("<p>a <math><mi>x</mi><mo>=</mo><mn>1</mn></math> b", ["a x=1 b"]),
        ("<p>a<wbr>b</p>", ["ab"]),
    ],
)
def test_a_block_is_a_run_of_inline_content_in_one_block_element(html: str, blocks: list[str]) -> None:
    assert cut(html) == blocks


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<p>a<br>b</p>", ["a\nb"]),
        ("<p>a <br> b <br/>c</p>", ["a\nb\nc"]),
        ("<p><br>a<br></p>", ["a"]),
        ("<p>a<br><br>b</p>", ["a", "b"]),
        ("<p>a<br> \n <br>b</p>", ["a", "b"]),
        ("<p>a<br>&nbsp;<br>b</p>", ["a", "b"]),
        ("<p>a<br><!-- c --><br>b</p>", ["a", "b"]),
        ("<p>a<br><img src=x><br>b</p>", ["a", "b"]),
        ("<p>a<br><br><br><br>b</p>", ["a", "b"]),
        ("<p>a<span><br></span><br>b</p>", ["a", "b"]),
        ("<p><b>a<br><br>b</b><br>c</p>", ["a", "b\nc"]),
        ("<div>a<br><p>b</p><br>c</div>", ["a", "b", "c"]),
    ],
)
def test_two_line_breaks_part_a_block_and_one_does_not(html: str, blocks: list[str]) -> None:
    assert cut(html) == blocks


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<a href=1>one</a><a href=2>two</a>", ["one two"]),
        ("<a href=1>one</a> <a href=2>two</a>", ["one two"]),
        ("<p>pre<a href=1>fix</a></p>", ["prefix"]),
        ("<p><a href=1>pre</a>fix</p>", ["prefix"]),
        ("<a href=1>one</a>/<a href=2>two</a>", ["one/two"]),
    ],
)
def test_links_side_by_side_are_words_apart(html: str, blocks: list[str]) -> None:
    assert cut(html) == blocks


def test_nested_options_of_a_soup_are_read_once() -> None:
    soup = BeautifulSoup("<select><option>a<option>b<option>c</option>d</option>e</option>f</select>", "html.parser")
    assert segment(read_document(soup)).texts == ["a b cde f"]


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<button>Go</button>", ["Go |c"]),
        ("<button><b>Go</b> on</button>", ["Go on |c"]),
        ("<div>a<button>Go</button>b</div>", ["a", "Go |c", "b"]),
        ("<button>One</button><button>Two</button>", ["One |c", "Two |c"]),
        ("<p>Press <button>Go</button> now</p>", ["Press Go now"]),
        ("<p>Press<button>Go</button>now</p>", ["Press Go now"]),
        ("<h1>Title<button>edit</button></h1>", ["Title edit"]),
        ("<input type=submit value=Send>", ["Send |c"]),
        ("<input type=SUBMIT value=Send>", ["Send |c"]),
        ("<input type=button value='Do  it'>", ["Do it |c"]),
        ("<input type=reset value=Clear>", ["Clear |c"]),
        ("<input type=submit aria-label=Search>", ["Search |c"]),
        ("<input type=submit>", []),
        ("<input type=image alt=Search src=x>", ["Search |c"]),
        ("<input type=text value=typed placeholder=name>", []),
        ("<input type=hidden value=secret>", []),
        ("<p>Name:<input>Town:<input></p>", ["Name: Town:"]),
        ("<p>a <input type=submit value=Send> b</p>", ["a", "Send |c", "b"]),
        ("<textarea>a\n  b</textarea>", ["a\n  b |c"]),
    ],
)
def test_what_buttons_show_is_text(html: str, blocks: list[str]) -> None:
    assert cut(html) == blocks


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<select><option>a<option>b</select>", ["a b |c"]),
        ("<select><optgroup label=G><option>a<option> b  c </select>", ["a b c |c"]),
        ("<select>" + "<option>x" * 12 + "</select>", ["x" + " x" * 11 + " |c"]),
        ("<select>" + "<option>x" * 12 + "<option selected>y</select>", ["y |c"]),
        ("<select><option>first" + "<option>x" * 12 + "</select>", ["first |c"]),
        ("<select>beside", ["beside |c"]),
        ("<select><option>a</option>beside<option>b</select>", ["a beside b |c"]),
        (
            "<select>one <b>two</b>" + "<option>x" * 12 + "<option selected>y</option>three</select>",
            ["one two y three |c"],
        ),
        ("<select><script>x</script> <option>a</option> </select>", ["a |c"]),
        ("<select><p>one<p>two", ["one two |c"]),
        ("<select aria-label=Country></select>", ["Country |c"]),
        ("<select></select>", []),
        ("<label>Pick <select><option>a</select> now</label>", ["Pick", "a |c", "now"]),
        ("<datalist><option>a</datalist>", ["a |ch"]),
    ],
)
def test_a_short_select_shows_its_options_and_a_long_one_the_chosen(html: str, blocks: list[str]) -> None:
    assert cut(html) == blocks


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<button aria-label=Close><svg><path d=M0></svg></button>", ["Close |c"]),
        ("<button title=Close><i class=icon></i></button>", ["Close |c"]),
        ("<button title=b aria-label=a></button>", ["a |c"]),
        ("<button aria-label=Close>X</button>", ["X |c"]),
        ("<a href=x aria-label='Share it'><svg></svg></a>", ["Share it |c"]),
        ("<a href=x title=Share><i></i></a>", ["Share |c"]),
        ("<a href=x aria-label=Share>Tell others</a>", ["Tell others"]),
        ("<a href=x aria-label=One><svg></svg></a> <a href=x aria-label=Two><svg></svg></a>", ["One Two |c"]),
        ("<a href=x aria-label=' '><svg></svg></a>", []),
        ("<svg><title>drawn</title><text>drawn</text></svg>", []),
        ("<p>a <svg><text>drawn</text></svg> b", ["a b"]),
        ("<p>a<svg><foreignObject><p>b</p></foreignObject><text>drawn</text></svg>", ["a", "b"]),
        ("<svg><foreignObject><svg><text>drawn</text></svg>a</foreignObject></svg>", ["a"]),
    ],
)
def test_the_label_of_an_icon_is_text(html: str, blocks: list[str]) -> None:
    assert cut(html) == blocks


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<img alt='A bridge' src=x>", ["A bridge |a"]),
        ("<a href=x><img alt=Home src=x></a>", ["Home |a"]),
        ("<p><img alt=one><img alt=two></p>", ["one two |a"]),
        ("<figure><img alt=Bridge><figcaption>Caption</figcaption></figure>", ["Bridge |a", "Caption"]),
        ("<button><img alt=Search src=x></button>", ["Search |a"]),
        ("<p>text <img alt=smile src=x> more</p>", ["text more"]),
        ("<img alt='' src=x><img src=x>", []),
        ("<img alt=seen><div hidden><img alt=unseen></div>", ["seen |a", "unseen |ah"]),
    ],
)
def test_the_alt_of_an_image_that_stands_alone_is_text(html: str, blocks: list[str]) -> None:
    assert cut(html) == blocks


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<div hidden>a</div>b", ["a |h", "b"]),
        ("<div hidden=until-found>a</div>", ["a |h"]),
        ("<div style='display:none'>a<p>b</p></div>c", ["a |h", "b |h", "c"]),
        ("<div style='color:red; DISPLAY : None !important'>a</div>", ["a |h"]),
        ("<div style='visibility:hidden'>a</div>", ["a |h"]),
        ("<div style='display:block'>a</div>", ["a"]),
        ("<div aria-hidden=true>a</div><div aria-hidden=false>b</div>", ["a |h", "b"]),
        ("<div aria-hidden>a</div>", ["a"]),
        ("<dialog>a</dialog><dialog open>b</dialog>", ["a |h", "b"]),
        ("<details><summary>s</summary>a<p>b</p></details>c", ["s", "a |h", "b |h", "c"]),
        ("<details open><summary>s</summary>a</details>", ["s", "a"]),
        ("<details>a<summary>s</summary>b</details>", ["a |h", "s", "b |h"]),
        ("<details><summary>s</summary><details><summary>t</summary>u</details></details>", ["s", "t |h", "u |h"]),
        (
            "<details open><summary>s</summary><details><summary>t</summary>u</details>v</details>",
            ["s", "t", "u |h", "v"],
        ),
        ("<template><p>a</template>b", ["a |h", "b"]),
        ("<template><template>a</template></template>", ["a |h"]),
        ("<div><template shadowrootmode=open><p>a</template>b</div>", ["a |h", "b"]),
        ("<div><template shadowrootmode=open><slot></slot></template>b</div>", ["b"]),
        ("x<noscript><p>a<p>b</noscript>", ["x", "a |h", "b |h"]),
        ("<p>x<noscript>a</noscript>y", ["x", "a |h", "y"]),
        ("<p>x<noscript><img src=x></noscript>y", ["xy"]),
        ("<button hidden>a</button><input type=submit value=b hidden>", ["a |ch", "b |ch"]),
        ("<select hidden><option>a</select>", ["a |ch"]),
    ],
)
def test_hidden_parts_are_marked_and_not_lost(html: str, blocks: list[str]) -> None:
    assert cut(html) == blocks


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<p>a <span hidden>b</span> c</p>", ["a b c"]),
        ("<p><span style='display:none'>a</span></p>", ["a |h"]),
        ("<p><span aria-hidden=true>a</span> <b hidden>b</b></p>", ["a b |h"]),
    ],
)
def test_a_run_is_hidden_when_all_of_it_is(html: str, blocks: list[str]) -> None:
    assert cut(html) == blocks


def test_a_template_in_the_head_is_not_lost() -> None:
    blocks = segment(read_document("<head><template><p>a</p></template><title>t</title></head><body>b"))
    assert signed(blocks) == ["a |h", "b"]


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<pre>a\n  b\n\nc</pre>", ["a\n  b\n\nc"]),
        ("<pre>\n  a\n</pre>", ["  a"]),
        ("<pre><code>if x:\n    <b>y</b>\n</code></pre>", ["if x:\n    y"]),
        ("<pre>a<br>b</pre>", ["a\nb"]),
        ("<pre><a href=1>a</a><a href=2>b</a></pre>", ["ab"]),
        ("<div><pre>a  b</pre>c  d</div>", ["a  b", "c d"]),
        ("<p><code>a  b</code></p>", ["a b"]),
        ("<xmp>a <b>c</b></xmp>", ["a <b>c</b>"]),
    ],
)
def test_preformatted_text_stays_as_it_stands(html: str, blocks: list[str]) -> None:
    assert cut(html) == blocks


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<x-card><p>a</p><p>b</p></x-card>", ["a", "b"]),
        ("<x-card>a</x-card><x-card>b</x-card>", ["a", "b"]),
        ("<p>a <x-icon>b</x-icon> c</p>", ["a b c"]),
        ("<x-list><x-item>a</x-item><x-item>b</x-item></x-list>", ["a", "b"]),
        ("<unknown>a</unknown><unknown>b</unknown>", ["a", "b"]),
    ],
)
def test_custom_elements_bound_blocks_but_not_in_running_text(html: str, blocks: list[str]) -> None:
    assert cut(html) == blocks


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<span style='display:block'>a</span><span style='display: flex'>b</span>", ["a", "b"]),
        ("<a href=x style='display:grid'>a</a><a href=y style='display:list-item'>b</a>", ["a", "b"]),
        ("<span style='display:inline-block'>a</span> <span>b</span>", ["a b"]),
        ("<span style='color:red'>a</span><span>b</span>", ["ab"]),
    ],
)
def test_an_inline_element_set_as_a_block_is_one(html: str, blocks: list[str]) -> None:
    assert cut(html) == blocks


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<table><caption>c</caption><tr><th>h<td>a<tr><td>b<td>d</table>", ["c", "h", "a", "b", "d"]),
        ("<table><tr><td>a<p>b</p>c</table>", ["a", "b", "c"]),
        ("<table><tr><td><table><tr><td>a</table><td>b</table>", ["a", "b"]),
        ("<table>stray<tr><td>a</table>", ["stray", "a"]),
    ],
)
def test_cells_are_blocks(html: str, blocks: list[str]) -> None:
    assert cut(html) == blocks


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        "<style>x</style>",
        "<iframe>x</iframe>",
        "<noframes>x</noframes>",
        "<noembed>x</noembed>",
        "<!-- x -->",
        "<p>&#8203;&shy;&#xfeff;</p>",
        "<input value=x placeholder=y>",
    ],
)
def test_what_nobody_reads_is_no_block(html: str) -> None:
    assert cut(html) == []
    assert cut(f"<p>a{html}b</p>")[0].startswith("a")
    assert "x" not in "".join(cut(f"<p>a{html}b</p>"))


PAGE = """<!DOCTYPE html><html lang="en"><head><title>Tide tables</title><style>p{}</style></head><body>
<header><a href="/" aria-label="Home"><svg><path d="M0"></path></svg></a><nav><ul><li><a href="/a">News</a></li>
<li><a href="/b">Harbour</a></li></ul></nav><form action="/s"><input type="search" placeholder="Find">
<input type="submit" value="Search"><select name="y"><option>2025</option><option selected="">2026</option></select></form>
</header><main><h1>High water</h1><p>The <b>spring</b> tide<br>came early.<br><br>Boats stayed in.</p>
<pre>Mon  4:10
Tue  5:02</pre><table><tbody><tr><th>Day</th><td>Height</td></tr></tbody></table>
<figure><img src="x.png" alt="The quay"><figcaption>The quay at noon</figcaption></figure>
<details><summary>More</summary><p>Closed text</p></details><template><p>Later</p></template>
<noscript><p>No script</p></noscript><x-note><p>A note</p></x-note><div style="display:none">Unseen</div>
<p>A <span style="display:block">stray</span> line</p><dialog>Sign up<button>Join</button></dialog></main>
<footer><p>About<a href="/i">Imprint</a><a href="/p">Privacy</a></p></footer><script>var x = 1</script></body></html>"""


@pytest.mark.parametrize("parser", ["lxml", "html.parser"])
def test_a_soup_gives_the_same_blocks(parser: str) -> None:
    ours, theirs = segment(read_document(PAGE)), segment(read_document(BeautifulSoup(PAGE, parser)))
    assert signed(theirs) == signed(ours)
    assert len(ours) > 20


def test_a_soup_that_never_closed_its_head_loses_nothing() -> None:
    soup = BeautifulSoup("<head><title>t</title><p>a</p><p>b</p>", "html.parser")
    assert segment(read_document(soup)).texts == ["a", "b"]


@pytest.mark.parametrize(
    "html", [PAGE, "<a href=x aria-label=a><svg></svg></a><p>b<br><br>c", "", "<p>a<b>b</b><div>c</div>d"]
)
def test_columns_fit_the_document(html: str) -> None:
    document = read_document(html)
    check_columns(document, segment(document))


def test_every_visible_character_of_the_page_is_in_a_block() -> None:
    document = read_document(PAGE)
    blocks = segment(document)
    in_blocks = "".join("".join(blocks.texts).split())
    skipped = {"script", "style", "title", "svg", "option"}
    for node, text in enumerate(document.texts):
        parent = document.tags[document.parents[node]] if node else ""
        if text.strip() and parent not in skipped:
            assert "".join(text.split()) in in_blocks
            assert blocks.of_node[node] >= 0


def test_blocks_pickle() -> None:
    blocks = segment(read_document(PAGE))
    again = pickle.loads(pickle.dumps(blocks))
    assert signed(again) == signed(blocks)
    assert np.array_equal(again.of_node, blocks.of_node)
