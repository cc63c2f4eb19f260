"""What of a page Markdown says in a way of its own: links around blocks, lists in lists without items."""

from __future__ import annotations

import numpy as np
import pytest

from declutter.blocks import segment
from declutter.document import read_document
from declutter.render.markdown import content_markdown


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<a href=/x><h3>T</h3></a>", "### [T](/x)"),
        ("<a href=/x><h3>T</h3><p>para</p></a>", "### [T](/x)\n\npara"),
        ("<a href=/x><h3>T <b>b</b></h3><h4>U</h4></a>", "### [T **b**](/x)\n\n#### [U](/x)"),
        ("<a href=/x>lead<h2>T</h2>tail</a> rest", "lead\n\n## [T](/x)\n\ntail rest"),
        (
            "<ul><li><a href=/x><div><img src=i.png alt=a><h3>T</h3></div></a></li></ul>",
            "- ![a](i.png)\n  ### [T](/x)",
        ),
        ("<a href=/x title=t><p>one</p><p>two</p></a>", '[one](/x "t")\n\ntwo'),
        ("<a href=/x><ul><li>1</li><li>2</li></ul></a>", "- [1](/x)\n- 2"),
        ("<a href=/x><pre>c\nd</pre></a>", "```\nc\nd\n```"),
        ("<a href=/x><p>one</p></a>", "[one](/x)"),
        ("<a href=/x><div>one</div><div>two</div></a>", "[one two](/x)"),
        ("<h3><a href=/x>T</a></h3>", "### [T](/x)"),
        ("<a href=/x><table><td><a href=/y><h3>T</h3></a></table>", "| [T](/y) |\n| --- |"),
    ],
)
def test_links_around_blocks(html: str, expected: str) -> None:
    assert written(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>x</p><ul><ul><ul><ul><li>deep</li></ul></ul></ul></ul>", "x\n\n- deep"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b"),
        ("<p>x</p><ol><ul><li>a</li></ul><li>b</li></ol>", "x\n\n1. a\n2. b"),
    ],
)
def test_lists_without_items_around_them(html: str, expected: str) -> None:
    assert written(html) == expected


def written(html: str) -> str:
    document = read_document(html)
    blocks = segment(document)
    return content_markdown(document, blocks, np.ones(len(blocks), dtype=np.bool_))
