"""Selectors choose rows of a Document: held against the parser's own tree and against BeautifulSoup's."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
import turbohtml
from bs4 import BeautifulSoup
from bs4.element import CData, NavigableString, PreformattedString, Tag

from declutter.document import TEXT, Document, read_document
from declutter.document.spans import _preorder
from declutter.errors import RuleError
from declutter.rules import css
from declutter.rules.css import Selectors, inside, selector_problem

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

ODD = {
    "plain": "<!doctype html><div class='a b' id=x>one <b>two</b></div><p class=a>three<p>four",
    "template": "<!doctype html><template><p class=a>in <b>it</b></p></template><p class=a>after",
    "shadow": "<!doctype html><div><template shadowrootmode=open><p class=a>in</p></template></div><p class=a>after",
    "noscript": "<!doctype html><head><noscript><style>p{}</style></noscript><body><noscript><p class=a>in</noscript><p>after",
    "adoption": "<!doctype html><p class=a>1<b class=a>2<i>3</b>4</i>5<div><a href=x>6<div>7<a href=y class=a>8",
    "foster": "<!doctype html><table class=a><b>moved</b><tr><td>cell<p class=a>x<td>y</table>after<p>z",
    "formatting": "<!doctype html><b class=a><p>one<p>two</b><p>three",
    "no html": "just <b class=a>text</b>",
    "two bodies": "<!doctype html><body class=a><p>one<body id=x><p class=a>two</html><p>three",
    "comments": "<!doctype html><!-- c --><div><!-- d --><p class=a><!-- e --></p><p>x</p></div><?pi?>",
    "drawing": "<!doctype html><svg viewBox='0 0 1 1'><g class=a><text>t</text></g><foreignObject><p class=a>x</svg><math><mi>y",
    "frames": "<!doctype html><frameset class=a><frame src=x><noframes><p class=a>x",
    "odd names": '<!doctype html><x"y class=a>1</x"y><p a<b=1 class=a>2<o:p class=a>3</o:p><p =x "=2 class=a>4<Bücher>5',
    "nulls": "<!doctype html><p class=a>a\0b<p data-x='\0' class=a>c",
    "select": "<!doctype html><select class=a><option>1<option class=a selected>2<optgroup><option>3</select>",
    "nested forms": "<!doctype html><form class=a><form><input><p class=a>x</form></form><p>y",
    "unclosed": "<!doctype html><div class=a><ul><li>1<li class=a>2<li><ul><li>3",
}
SELECTORS = (
    *("*", "p", ".a", "#x", "b, i, p", "p.a", "div > *", "body > .a", "html body .a", "template .a", "svg *", "[href]"),
    *("p:first-child", "p:last-of-type", ":nth-child(2n + 1)", "p + p", "p ~ p", ":not(.a)", ":is(p, li):has(b)"),
    *(":empty", ":root", "[class~=a]", "[class^=a i]", "li:nth-last-child(2)", ":only-child", "td p"),
)


def parsed_rows(html: str, document: Document, selector: str) -> list[int]:
    """By the parser's own tree, paired node by node with the rows."""
    root = turbohtml.parse(html, allow_declarative_shadow_roots=False)
    nodes = list(_preorder(root))
    assert len(nodes) == len(document)
    for row, node in enumerate(nodes):
        if isinstance(node, turbohtml.Element):
            assert node.tag == document.tags[row]
        elif isinstance(node, turbohtml.Text):
            assert node.data == document.texts[row]
    found = root.select(selector)
    return [row for row, node in enumerate(nodes) if node in found]


def soup_rows(soup: BeautifulSoup, document: Document, selector: str) -> list[int]:
    """By soupsieve on the soup, paired node by node with the rows."""
    nodes: list[Tag | NavigableString] = [
        node
        for node in (soup, *soup.descendants)
        if isinstance(node, Tag)
        or (isinstance(node, NavigableString) and (isinstance(node, CData) or not isinstance(node, PreformattedString)))
    ]
    assert len(nodes) == len(document)
    for row, node in enumerate(nodes[1:], 1):
        assert document.tags[row] == (node.name.lower() if isinstance(node, Tag) else TEXT)
    rows = {id(node): row for row, node in enumerate(nodes)}
    # soupsieve finds nothing in a template.
    return sorted(rows[id(element)] for element in soup.select(selector))


def outside_templates(document: Document, rows: NDArray[np.int32]) -> list[int]:
    templates = np.array([row for row, tag in enumerate(document.tags) if tag == "template"], dtype=np.int32)
    within = inside(document, templates)
    within[templates] = within[document.parents[templates]]
    return list(rows[~within[rows]].tolist())


def rows_of(document: Document, selector: str) -> list[int]:
    rows = Selectors(document).rows(selector)
    assert rows.dtype == np.int32
    return list(rows.tolist())


@pytest.mark.parametrize("name", ODD)
def test_rows_are_those_of_the_parsers_tree(name: str) -> None:
    document = read_document(ODD[name])
    html = ODD[name].replace("shadowrootmode", "data-shadowmod")
    chosen = Selectors(document)
    # The parser's tree has what is in a template aside, as a fragment that is no child.
    for selector in set(SELECTORS) - ({":empty", ":root"} if "<template" in html else set()):
        assert chosen.rows(selector).tolist() == parsed_rows(html, document, selector), selector


@pytest.mark.parametrize("parser", ["html.parser", "lxml"])
@pytest.mark.parametrize("name", [name for name in ODD if name != "odd names"])
def test_rows_are_those_of_a_soup(name: str, parser: str) -> None:
    soup = BeautifulSoup(ODD[name], parser)
    document = read_document(soup)
    chosen = Selectors(document)
    # Nor is a template empty because of that; of several roots it takes none.
    for selector in set(SELECTORS) - {":empty", ":root"}:
        assert outside_templates(document, chosen.rows(selector)) == soup_rows(soup, document, selector), selector


def test_rows_of_stored_pages(stored_page: Path) -> None:
    html = (stored_page / "source.html").read_text(encoding="utf-8")
    document, soup = read_document(html), BeautifulSoup(html, "lxml")
    of_soup = read_document(soup)
    chosen, chosen_of_soup = Selectors(document), Selectors(of_soup)
    for selector in ("*", "p", "main p", "ul > li a", "[class] [href]", "div:has(a)", "li:nth-child(odd)", "h1 ~ p"):
        assert chosen.rows(selector).tolist() == parsed_rows(html, document, selector), selector
        assert outside_templates(of_soup, chosen_of_soup.rows(selector)) == soup_rows(soup, of_soup, selector), selector
    assert chosen.rows("p").tolist() == [row for row, tag in enumerate(document.tags) if tag == "p"]


def test_a_lone_tag_is_a_page() -> None:
    soup = BeautifulSoup("<main><p class=a>x</p></main>", "html.parser")
    assert soup.p is not None
    assert rows_of(read_document(soup.p), "p.a") == [1]
    assert rows_of(read_document(soup.p), "main p") == []


def test_a_soup_made_by_hand() -> None:
    soup = BeautifulSoup("", "html.parser")
    for name, attributes in (("a b", {"x y": "1", "class": "a"}), ("br", {"class": "a"}), ("", {}), ("p", {"": "1"})):
        tag = soup.new_tag("p", attrs=attributes)
        tag.name = name
        tag.append("text")
        soup.append(tag)
    document = read_document(soup)
    assert rows_of(document, ".a") == [1, 3]
    assert rows_of(document, "*") == [1, 3, 5, 7]


def test_what_is_in_a_template_is_in_it() -> None:
    document = read_document(ODD["template"])
    assert rows_of(document, "template > .a > b") == [document.tags.index("b")]
    soup = BeautifulSoup(ODD["template"], "html.parser")
    assert rows_of(read_document(soup), "template > .a > b") == [4]


def test_case() -> None:
    document = read_document('<div id=X class="Big"><svg viewBox="1"><foreignObject>')  # no doctype: in quirks mode
    for selector in ("DIV", "#X", ".Big", "[CLASS]", "div#X.Big"):
        assert rows_of(document, selector) == [4], selector
    for selector in (".big", "#x", "[class=big]"):
        assert rows_of(document, selector) == [], selector
    assert rows_of(document, "foreignobject") == rows_of(document, "foreignObject") == [6]
    assert rows_of(document, "[viewbox]") == rows_of(document, "[viewBox]") == [5]


@pytest.mark.parametrize(
    "selector", ["", " ", "div[", ".", "p >", ":foo", "p::before", ":contains('x')", "a,", "a{}", "#", ":not()", "\0"]
)
def test_what_is_no_selector(selector: str) -> None:
    problem = selector_problem(selector)
    assert " at position " in problem
    assert "invalid CSS selector" not in problem


@pytest.mark.parametrize("selector", ["p", "a:hover", ":is(p, ::x)", "é", "[a='\": x']", "\ud800", "a" * 100_000])
def test_what_is_a_selector(selector: str) -> None:
    assert selector_problem(selector) == ""


def test_inside() -> None:
    document = read_document("<!doctype html><body><div><p>a</p></div><p>b</p><i>c")
    tags = np.array(document.tags)
    both = inside(document, np.array([3, 4, 5], dtype=np.int32)[[row in {"div", "p"} for row in tags[3:6]]])
    assert both.tolist() == [row in range(4, 7) for row in range(len(document))]
    assert not inside(document, np.zeros(0, dtype=np.int32)).any()


def test_depth_is_no_limit() -> None:
    document = read_document("<div>" * 50_000 + "<p class=a>x")
    assert document.tags[rows_of(document, "div div .a")[0]] == "p"


def test_an_element_with_more_attributes_than_any_has(caplog: pytest.LogCaptureFixture) -> None:
    document = read_document("<p class=a " + " ".join(f"a{n}=1" for n in range(20_000)) + "><b>x")
    assert rows_of(document, '.a[a198="1"] b') == [5]
    assert rows_of(document, "[a199]") == []
    assert "an element has 20001 attributes: selectors see the first 200" in caplog.text


def test_many_siblings_are_looked_through_together() -> None:
    count = 80_000
    chosen = Selectors(read_document(f"<p>{'<i>x</i>' * count}<u>y</u>"))
    start = time.process_time()
    assert chosen.rows("i:has(~ u)").size == count
    assert chosen.rows("i:HAS(+ i), u:first-child:has(x)").size == count - 1
    assert time.process_time() - start < 3  # a tenth of a second; in 256 pieces they took fourteen


@pytest.mark.parametrize(
    ("selector", "dear"),
    [
        ("i:nth-of-type(2n)", ":nth-of-type()"),
        ("p b, b:nth-child(2 of :nth-child(2n of i))", ":nth-child()"),
        ("p:HAS(~ *:h\\61 s(+ * + :scope))", ":has()"),
    ],
)
def test_a_selector_that_takes_too_many_steps_is_refused(selector: str, dear: str) -> None:
    chosen = Selectors(read_document("<p>" + "<i>x</i><b>y</b>" * 25_000))
    start = time.process_time()
    with pytest.raises(RuleError) as raised:
        chosen.rows(selector)
    assert re.fullmatch(
        rf"takes up to \de\+\d\d steps on this page of 50,004 elements: ask without {re.escape(dear)}",
        str(raised.value),
    )
    assert time.process_time() - start < 1  # asked all the same, the first takes two seconds and the others hours
    assert chosen.rows("i:nth-child(2n + 1):not(:empty) ~ b:has(~ i)").size == 24_999


def test_a_tree_that_is_too_deep_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = Selectors(read_document("<div>" * 100 + "<p>x"))
    assert chosen.rows("div p").size == 1
    monkeypatch.setattr(css, "MOST_STEPS", 5000)
    with pytest.raises(RuleError, match="on this page of 104 elements: give max_bytes or max_blocks in limits"):
        chosen.rows("div p")
