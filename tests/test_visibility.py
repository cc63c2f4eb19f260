"""What a person sees of a document."""

from __future__ import annotations

import pytest

from declutter.document import read_document
from declutter.document.visibility import inked_nodes, styles


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("<p>Tide</p>", ["Tide"]),
        ("<p> \n </p><p>Tide</p>", ["Tide"]),
        ("<script>tide()</script><style>p{}</style><p>Tide</p>", ["Tide"]),
        ("<svg><text>Drawn</text></svg><p>Tide</p>", ["Tide"]),
        ("<svg><foreignObject><p>Tide</p></foreignObject><text>Drawn</text></svg>", ["Tide"]),
        ("<title>Head</title><p>Tide</p>", ["Tide"]),
    ],
)
def test_ink(html: str, seen: list[str]) -> None:
    document = read_document(html)
    inked = inked_nodes(document, document.ends.tolist())
    assert [text for text, ink in zip(document.texts, inked, strict=True) if ink] == seen


@pytest.mark.parametrize(
    ("html", "hiding", "styled"),
    [
        ("<p hidden>a</p>", ["p"], []),
        ("<div aria-hidden=TRUE>a</div>", ["div"], []),
        ("<div aria-hidden=false>a</div>", [], []),
        ("<p style='color:red;display : none'>a</p>", ["p"], []),
        ("<p style='visibility:hidden'>a</p>", ["p"], []),
        ("<span style='display:flex'>a</span>", [], ["span"]),
        ("<div style='display:flex'>a</div>", [], []),
    ],
)
def test_styles(html: str, hiding: list[str], styled: list[str]) -> None:
    document = read_document(html)
    found = styles(document)
    assert [[document.tags[node] for node in nodes] for nodes in found] == [hiding, styled]
