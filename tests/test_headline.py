"""The page's main headline."""

from __future__ import annotations

import time

import pytest

from declutter.blocks import segment
from declutter.document import read_document
from declutter.features import extract
from declutter.features.headline import find_headline


def headline(html: str) -> str | None:
    document = read_document(html)
    blocks = segment(document)
    row = find_headline(extract(document, blocks)[1])
    return blocks.texts[row] if row >= 0 else None


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", None),
        ("<p>no heading", None),
        ("<h1>One", "One"),
        ("<h1>Site</h1><h1>Tide table</h1>", "Site"),
        ("<title>Tide table - Site news</title><h1>Site</h1><h1>Tide table</h1>", "Tide table"),
        ("<meta property=og:title content='Tide table'><h1>Site</h1><h1>Tide table</h1>", "Tide table"),
        ("<title>Other words</title><h1>First</h1><h1>Second</h1>", "First"),
        ("<h1 hidden>Unseen</h1><h1>Seen</h1>", "Seen"),
        ("<title>Unseen</title><h1 hidden>Unseen</h1><h1>Seen</h1>", "Seen"),
        ("<title>Tide table</title><h1><a href=/><span>Tide table</span></a></h1>", "Tide table"),
        ("<title>Tide table</title><h1><span style='display:block'>Tide table</span></h1>", "Tide table"),
        ("<title>Tide table | Site</title><h2>Menu</h2><h2>Tide table</h2>", "Tide table"),
        ("<title>Tide table | Site</title><h3>Menu</h3><h4>Elsewhere</h4>", None),
        ("<h2>A lone heading without a title</h2>", None),
        ("<title>Tide table</title><h2 hidden>Tide table</h2>", None),
        ("<title>Tide table</title><h1>Site</h1><h2>Tide table</h2>", "Site"),
        ("<title>潮汐表 - 海港</title><h1>海港</h1><h1>今日潮汐表</h1>", "今日潮汐表"),
        ("<title>...</title><h1>Any</h1>", "Any"),
        ("<title>Tide table</title><p>one<p>two<p>three<h1>Original text</h1>", None),
        ("<p>one<p>two<p>three<h1>Original text</h1>", "Original text"),
        ("<title>Tide table | Site</title><p>one<p>two<p>three<h1>Table of tides</h1>", "Table of tides"),
        ("<title>Tide table</title><noscript><h1>Tide table</h1><p>one</noscript>", "Tide table"),
        ("<title>Tide table | Site news and views</title><h1 hidden>Tide table</h1><p>one", None),
    ],
)
def test_the_headline(html: str, expected: str | None) -> None:
    assert headline(html) == expected


def test_many_headings_and_titles_take_linear_time() -> None:
    titles = "".join(f"<meta property=og:title content='title {n}'>" for n in range(5000))
    before = time.process_time()
    assert headline(titles + "".join(f"<h1>heading {n}</h1>" for n in range(5000))) == "heading 0"
    assert time.process_time() - before < 5
