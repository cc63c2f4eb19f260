"""Who and when, as the page shows it beside the headline: on labels made by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from declutter.blocks import segment
from declutter.document import read_document
from declutter.labels import Label
from declutter.metadata.byline import Byline, read_byline

HEADLINE = "<h1>Low water</h1>"
TEXT = "<p>The ebb came early that morning and stayed for longer than anyone on the quay remembered.</p>"
LABELS = list(Label)


def byline(html: str, headline: int | None = None, month_first: bool = False) -> Byline:
    """Of a page in which h1 and p are content, `nav` related and the rest metadata."""
    document = read_document(html)
    blocks = segment(document)
    probabilities = np.full((len(blocks), len(LABELS)), 0.02)
    for row, owner in enumerate(blocks.owners.tolist()):
        tags = {document.tags[owner], document.tags[int(document.parents[owner])]}
        kind = Label.CONTENT if tags & {"h1", "p"} else Label.RELATED if "nav" in tags else Label.METADATA
        probabilities[row, LABELS.index(kind)] = 0.8
    found = [row for row, owner in enumerate(blocks.owners.tolist()) if document.tags[owner] == "h1"]
    row = headline if headline is not None else found[0] if found else -1
    return read_byline(document, blocks, probabilities, row, month_first=month_first)


@pytest.mark.parametrize(
    ("html", "names"),
    [
        ("<div>By Jo Ebb on May 4, 2025</div>", ["Jo Ebb"]),
        ("<div>By <a href=/x>Jo Ebb</a>, <a href=/y>Mia Flood</a> <b>5 min read</b></div>", ["Jo Ebb", "Mia Flood"]),
        ("<div>4 May 2025</div><div>Written by Jo Ebb</div>", ["Jo Ebb"]),
        ("<div class=post-author>Jo Ebb</div>", ["Jo Ebb"]),
        ("<div class=post-author>tidewatcher</div>", ["tidewatcher"]),
        ("<div><a href=/authors/jo-ebb>Jo Ebb</a></div>", ["Jo Ebb"]),
        ("<div>May 4 <i>|</i> Jo Ebb</div><div>Jo Ebb is a pilot.</div>", ["Jo Ebb"]),
        ("<div><img src=j.png alt='Picture of Jo Ebb'></div><div>Jo Ebb</div>", ["Jo Ebb"]),
        ("<div class=byline>von <a href=/author/x/>Marlies</a></div>", ["Marlies"]),
        ("<div class=byline>Veröffentlicht von <a href=/x/>Marlies</a> <i>access_time</i></div>", ["Marlies"]),
        ("<div class=byline>Posted on <time>2019年4月13日</time> by <a href=/x/>marlies</a></div>", ["marlies"]),
        ("<div class=byline>via</div>", []),
        ("<div>Posted by <i>3 years ago</i></div>", []),
        ("<div>Jo Ebb</div>", []),
        ("<div class=author>Share</div>", []),
        ("<div>Photo by Jo Ebb</div>", []),
        ("<nav><div>By Jo Ebb</div></nav>", []),
        ("<p>By Jo Ebb's count it was the third.</p>", []),
        ("<div hidden>By Jo Ebb</div>", []),
        (f"<div>{'By Jo Ebb and so on ' * 20}</div>", []),
        ("", []),
    ],
)
def test_names(html: str, names: list[str]) -> None:
    assert byline(HEADLINE + html + TEXT).names == names


def test_the_nearest_counts_and_below_before_above() -> None:
    assert byline("<div>By Mia Flood</div>" + HEADLINE + "<div>By Jo Ebb</div>").names == ["Jo Ebb"]
    assert byline("<div>By Mia Flood</div>" + HEADLINE + TEXT).names == ["Mia Flood"]


def test_far_away_only_full_names_count() -> None:
    page = HEADLINE + TEXT * 30
    assert byline(page + "<div>Written by Jo Ebb</div>").names == ["Jo Ebb"]
    assert byline(page + "<div>Written by Jo</div>").names == []


@pytest.mark.parametrize(
    ("html", "published", "modified"),
    [
        ("<div>4 May 2025</div>", "2025-05-04", None),
        ("<div>Updated 4 May 2025</div>", None, "2025-05-04"),
        ("<div>Published on May 4, 2025, updated June 1, 2025</div>", "2025-05-04", "2025-06-01"),
        ("<div>Updated June 1, 2025</div><div>May 4, 2025</div>", "2025-05-04", "2025-06-01"),
        ("<div>Zuletzt aktualisiert am 4. Mai 2025</div>", None, "2025-05-04"),
        ("<div>12 replies, last post by Jo May 4, 2025</div>", None, "2025-05-04"),
        ("<div>Joined: 4 May 2015</div>", None, None),
        ("<div><time datetime=2025-05-04T10:00>two days ago</time></div>", "2025-05-04", None),
        ("<div>Updated <time datetime=2025-05-04>two days ago</time></div>", None, "2025-05-04"),
        ("<div><time datetime=2025-05-04>05/04/2025</time></div>", "2025-05-04", None),
        ("<div><time datetime=9999-99-99>4 May 2025</time></div>", "2025-05-04", None),
        ("<p><time datetime=2025-05-04>May</time></p>", "2025-05-04", None),
        ("<nav><time datetime=2025-05-04>May</time></nav>", None, None),
        ("<p>On 4 May 2025 the ebb came early.</p>", None, None),
    ],
)
def test_days(html: str, published: str | None, modified: str | None) -> None:
    found = byline(HEADLINE + html + TEXT)
    assert (found.published, found.modified) == tuple(day and date.fromisoformat(day) for day in (published, modified))
    assert found.beside is (published is not None)


def test_a_day_further_down_is_taken_where_none_is_near() -> None:
    found = byline(HEADLINE + TEXT * 30 + "<div>4 May 2025</div>")
    assert (found.published, found.beside) == (date(2025, 5, 4), False)


def test_months_first() -> None:
    page = HEADLINE + "<div>5/4/2025</div>"
    assert byline(page).published == date(2025, 4, 5)
    assert byline(page, month_first=True).published == date(2025, 5, 4)


@pytest.mark.parametrize("html", ["", "<div>By Jo Ebb</div>", TEXT])
def test_pages_without_a_headline(html: str) -> None:
    assert byline(html).names == (["Jo Ebb"] if "Jo" in html else [])
