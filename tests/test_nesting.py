"""Which elements can be cut out of a source without moving anything else."""

from __future__ import annotations

import numpy as np
import pytest

from declutter.blocks import segment
from declutter.document import read_document
from declutter.document.spans import locate
from declutter.render.nesting import Nesting


def nesting(html: str) -> tuple[list[str], Nesting]:
    document = read_document(html)
    blocks = segment(document)
    locations = locate(document)
    assert locations is not None
    keep = np.array(["DROP" not in text for text in blocks.texts], dtype=np.bool_)
    return document.tags, Nesting(document, blocks, keep, locations)


def whole(html: str) -> set[str]:
    tags, found = nesting(html)
    return {tag for tag, fits in zip(tags, found.whole.tolist(), strict=True) if fits}


@pytest.mark.parametrize(
    ("html", "elements"),
    [
        ("<div><p>a<p>b</div>", {"div", "p"}),
        ("<section><b>a</b></section>", {"section", "b"}),
        ("<b>a<p>b</b>c</p>", {"b"}),  # its end tag stands in p
        ("<b>a<p>b</p></b>", {"b", "p"}),
        ("<div><b>a</div><p>b</b></p>", {"div", "b"}),
        ("<div><b>a</div><p>b</p>", {"div", "b", "p"}),  # opened again in p, closed nowhere
        ("<form><div>a<form></div></form>b", {"form", "div"}),
        ("<form><div>a</form></div>b", set()),
        ("<table><tr><td>a</table>", {"table", "tr", "td"}),
        ("<table>a<tr><td>DROP</table>", {"td"}),  # a stands before the table in the tree
        ("<table>DROP<tr><td>a</table>", {"table", "tr", "td"}),
        ("<summary><table>DROP", {"table"}),
        ("<div><select><option>a</div>", {"option"}),
        ("<div><select><option>a</select></div>", {"div", "select", "option"}),
        ("", set()),
    ],
)
def test_elements_that_can_be_cut(html: str, elements: set[str]) -> None:
    assert whole(html) == elements


@pytest.mark.parametrize(
    ("html", "element", "before", "after", "parts"),
    [
        ("<p>a<div>b</div><img>", "div", "p", "img", True),
        ("<p>a<div>b</div><ul></ul>", "div", "p", "ul", False),
        ("<p>a<div>b</div>", "div", "p", None, False),
        ("<p>a</p><div>b</div><img>", "div", "p", "img", False),
        ("<p>a<p>b</p><span>", "span", "p", None, False),
        ("<ul><li>a<li>b</ul><h1>c</h1>", "li", None, None, False),
        ("<h1>a<h2>b</h2><i>c</i>", "h2", "h1", "i", True),
        ("<a>a<a>b</a>", "a", "a", None, True),
        ("<select><input><p>", "input", "select", None, True),
        ("<select><input><textarea>", "input", "select", "textarea", False),
        ("<hr><div>b</div>c", "div", "hr", "#text", False),
    ],
)
def test_start_tags_that_close_what_is_before_them(
    html: str, element: str, before: str | None, after: str | None, parts: bool
) -> None:
    tags, found = nesting(html)
    row = len(tags) - 1 - tags[::-1].index(element)
    first = -1 if before is None else tags.index(before)
    assert found.parts(row, first, -1 if after is None else row + 1 + tags[row + 1 :].index(after)) is parts
