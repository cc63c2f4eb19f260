"""page.metadata and page.language: which source wins, and what hostile pages cannot do."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import time

import numpy as np
import pytest
from bs4 import BeautifulSoup

from declutter import Page, predict
from declutter.blocks import segment
from declutter.document import read_document
from declutter.metadata import Metadata
from declutter.metadata.read import read_metadata

URL = "https://www.tidetimes.test/a/low-water"
MOMENTS = ("published", "modified")


def read(head: str, body: str = "<h1>Low water today</h1>", url: str | None = URL) -> Metadata:
    """Of a page whose blocks are all content; the first h1 is its headline."""
    document = read_document(f"<html><head>{head}</head><body>{body}</body></html>")
    blocks = segment(document)
    probabilities = np.zeros((len(blocks), 13))
    probabilities[:, 0] = 1
    rows = [row for row, owner in enumerate(blocks.owners.tolist()) if document.tags[owner] == "h1"]
    title = next((document.texts[node + 1] for node, tag in enumerate(document.tags) if tag == "title"), "")
    return read_metadata(document, blocks, probabilities, rows[0] if rows else -1, title, url)


def ld(**values: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(values)}</script>'


def article(**values: object) -> str:
    return ld(**{"@type": "NewsArticle", "headline": "Low water today", **values})


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def test_everything_at_once() -> None:
    found = read(
        "<title>Low water | Tide Times</title><link rel=canonical href=/low>"
        + meta("og:site_name", "Tide Times")
        + meta("og:image", "/i.png")
        + meta("description", "The ebb &amp;amp; more")
        + meta("article:published_time", "2025-05-04T10:00:00Z")
        + meta("og:locale", "en_GB")
        + article(author=[{"@type": "Person", "name": "Jo Ebb"}, {"name": "Mia Flood, MD"}], dateModified="2025-06-01")
    )
    assert found == Metadata(
        title="Low water today",
        authors=("Jo Ebb", "Mia Flood"),
        published="2025-05-04",
        modified="2025-06-01",
        site_name="Tide Times",
        language="en",
        canonical="https://www.tidetimes.test/low",
        description="The ebb & more",
        image="https://www.tidetimes.test/i.png",
    )
    assert (found.author, found.date) == ("Jo Ebb, Mia Flood", "2025-05-04")
    assert json.loads(json.dumps(found.to_dict()))["authors"] == ["Jo Ebb", "Mia Flood"]


def test_a_page_that_says_nothing() -> None:
    found = read("", "", None)
    assert found == Metadata()
    assert (found.author, found.date) == (None, None)
    assert Metadata(modified="2025-06-01").date == "2025-06-01"


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        (article(author="Jo Ebb") + meta("author", "Mia Flood"), ("Jo Ebb",)),
        (article(author={"@type": "Organization", "name": "Tides Inc"}) + meta("author", "Mia Flood"), ("Mia Flood",)),
        (article(author={"@type": "Organization", "name": "Tides Inc"}), ("Tides Inc",)),
        (meta("author", "Tide Times") + meta("citation_author", "Flood, Mia"), ("Mia Flood",)),
        (meta("author", "tidetimes"), ("tidetimes",)),
        (meta("twitter:label1", "Written by") + meta("twitter:data1", "Jo Ebb"), ("Jo Ebb",)),
        (meta("twitter:label1", "Price") + meta("twitter:data1", "Ten Pounds"), ()),
        (ld(**{"@type": "WebPage", "author": {"name": "Jo Ebb"}}), ("Jo Ebb",)),
        (ld(**{"@type": "Review", "author": "Jo Ebb"}), ()),
        (article(comment={"@type": "Comment", "author": "Jo Ebb"}), ()),
        (article(author=12), ("12",)[:0]),
        (meta("author", "https://tidetimes.test/jo"), ()),
    ],
)
def test_authors(head: str, authors: tuple[str, ...]) -> None:
    assert read(head).authors == authors


def test_a_link_to_the_author_is_the_last_resort() -> None:
    link = "<h1>Low water today</h1><a rel=author href=/jo>Jo Ebb</a>"
    assert read("", link).authors == ("Jo Ebb",)
    assert read(meta("author", "Mia Flood"), link).authors == ("Mia Flood",)


@pytest.mark.parametrize(
    ("head", "url", "published"),
    [
        (meta("article:published_time", "2025-05-04") + article(datePublished="2025-05-01"), URL, "2025-05-04"),
        (meta("article:published_time", "2025-05-04"), "https://x.test/2025/05/03/tide", "2025-05-03"),
        (meta("article:published_time", "9999999") + article(datePublished="2025-05-01"), URL, "2025-05-01"),
        (ld(**{"@type": "WebPage", "datePublished": "2025-05-01"}), URL, "2025-05-01"),
        (article(datePublished=1746316800), URL, "2025-05-04"),
        (meta("date", "05/04/2025") + meta("og:locale", "en_US"), URL, "2025-05-04"),
        (meta("date", "04/05/2025") + meta("og:locale", "en_GB"), URL, "2025-05-04"),
        (meta("date", "04/05/2025") + meta("og:locale", "de_DE"), URL, "2025-05-04"),
        (meta("date", "04/05/2025") + meta("og:locale", "en_US"), "https://tide.co.uk/", "2025-05-04"),
        (article(dateModified="2025-05-01"), URL, None),
        (
            meta("date", "05/04/2025") + meta("og:locale", "de_DE") + article(datePublished="2025-05-04"),
            URL,
            "2025-05-04",
        ),
        (
            meta("date", "05/04/2025") + meta("og:locale", "de_DE") + article(datePublished="2025-05-03"),
            URL,
            "2025-04-05",
        ),
    ],
)
def test_the_day_of_publication(head: str, url: str, published: str | None) -> None:
    assert read(head, url=url).published == published


@pytest.mark.parametrize(
    ("head", "shown", "published"),
    [
        (article(datePublished="2012-05-04", dateModified="2021-09-08"), "2021-09-08", "2012-05-04"),
        (article(datePublished="2021-09-07", dateModified="2021-09-08"), "2021-09-08", "2021-09-08"),
        (article(datePublished="2012-05-04", dateModified="2021-09-08"), "2012-05-06", "2012-05-06"),
        (article(dateModified="2021-09-08"), "2021-09-08", "2021-09-08"),
        (
            article(datePublished="2012-05-04") + "".join(meta(f"article:{k}_time", "2021-09-08") for k in MOMENTS),
            "2021-09-08",
            "2012-05-04",
        ),
        (
            "<meta itemprop=dateModified content=2021-09-08><meta itemprop=datePublished content=2012-05-04>",
            "2021-09-08",
            "2012-05-04",
        ),
    ],
)
def test_the_day_of_a_change_that_is_shown_is_not_that_of_publication(head: str, shown: str, published: str) -> None:
    assert read(head, f"<h1>Low water today</h1><p><time datetime={shown}>then</time></p>").published == published


def test_a_list_of_articles_has_no_author_of_its_own() -> None:
    others = "".join(article(headline=f"Part {part}", author="Jo Ebb", datePublished="2025-05-04") for part in "abc")
    found = read(others)
    assert (found.authors, found.published) == ((), None)
    found = read(others + article(author="Mia Flood"))
    assert found.authors == ("Mia Flood",)


def test_a_front_page_is_not_its_teasers() -> None:
    teaser = (
        "<div itemscope itemtype=Article><h1 itemprop=name>A peek at the new Tide Times</h1>"
        "<a itemprop=author rel=author>Jo Ebb</a> <time itemprop=datePublished datetime=2025-05-04>May</time></div>"
        "<time itemprop=datePublished datetime=2025-05-03>May</time>"
    )
    head = "<title>The Tide Times Blog - Tide Times</title>"
    front = Metadata(title="The Tide Times Blog", site_name="Tide Times")
    assert read(head, teaser, "https://tidetimes.test/") == front
    assert read(head, teaser).authors == ("Jo Ebb",)
    assert read(head, teaser, "https://tidetimes.test/?p=1").published == "2025-05-04"


def test_the_site_is_read_from_the_title_where_the_address_bears_it_out() -> None:
    assert read("<title>Low water | Tide Times</title>").site_name == "Tide Times"
    assert read("<title>Low water | Elsewhere</title>").site_name is None
    assert read("<title>Low | Tide Times</title>" + ld(**{"@type": "WebSite", "name": "Tides"})).site_name == "Tides"


@pytest.mark.parametrize(
    ("publisher", "head", "name"),
    [
        ("The Tide Times Company", "<title>Low - Tide Times</title>", "Tide Times"),
        ("Quay Media Ltd.", "<title>Low - Tide Times</title>", "Tide Times"),
        ("Quay Media GmbH", "<title>Low</title>" + meta("application-name", "Tides"), "Tides"),
        ("Quay Media, Inc.", "<title>Low</title>", "Quay Media, Inc."),
        ("Quay Media", "<title>Low - Tide Times</title>", "Quay Media"),
        ("Quay Media", meta("og:site_name", "https://www.tide.test"), "Quay Media"),
    ],
)
def test_a_publisher_in_law_is_asked_last_and_an_address_is_no_name(publisher: str, head: str, name: str) -> None:
    assert read(head + article(publisher={"name": publisher})).site_name == name


@pytest.mark.parametrize(
    ("head", "canonical", "image"),
    [
        ("<link rel=canonical href='javascript:alert(1)'>" + meta("og:image", "data:image/png;base64,AA"), None, None),
        (
            "<link rel=canonical href='javascript:alert(1)'>" + meta("og:url", "/b"),
            "https://www.tidetimes.test/b",
            None,
        ),
        ("<base href='https://cdn.test/'>" + meta("og:image", "i.png"), None, "https://cdn.test/i.png"),
        ("<base href='javascript:1'>" + meta("og:image", "i.png"), None, "https://www.tidetimes.test/a/i.png"),
        (article(image={"@type": "ImageObject", "url": "/i.png"}), None, "https://www.tidetimes.test/i.png"),
        (article(image=["javascript:1", "/j.png"]), None, "https://www.tidetimes.test/j.png"),
    ],
)
def test_addresses(head: str, canonical: str | None, image: str | None) -> None:
    found = read(head)
    assert (found.canonical, found.image) == (canonical, image)


def test_relative_addresses_without_a_base_are_left_out() -> None:
    head = "<link rel=canonical href=/low>" + meta("og:image", "/i.png")
    assert read(head, url=None) == Metadata(title="Low water today")
    assert read(head, url="not an address").canonical is None


@pytest.mark.parametrize(
    ("head", "image"),
    [
        ("<link rel=canonical href=https://tide.test/a/low>", "https://tide.test/a/i.png"),
        (meta("og:url", "https://tide.test/a/low"), "https://tide.test/a/i.png"),
        ("<base href=/b/><link rel=canonical href=https://tide.test/a/low>", "https://tide.test/b/i.png"),
        ("<base href=https://cdn.test/><link rel=canonical href=https://tide.test/a/low>", "https://cdn.test/i.png"),
    ],
)
def test_addresses_are_relative_to_the_canonical_one_where_none_is_given(head: str, image: str) -> None:
    assert read(head + meta("og:image", "i.png"), url=None).image == image


def test_control_characters_go() -> None:
    found = read(
        meta("author", "Jo\u202e \x1bEbb") + meta("description", "a\x9bb\ud800") + meta("og:site_name", "T\u200bimes"),
        "<h1>Low\u202e \x07wa\xadter</h1>",
    )
    assert (found.title, found.authors, found.site_name) == ("Low water", ("Jo Ebb",), "Times")
    assert found.description == "ab\ufffd"  # the parser has read the lone surrogate as that


HOSTILE = {
    "nested lists": '<script type="application/ld+json">' + "[" * 20_000 + "]" * 20_000 + "</script>",
    "nested objects": '<script type="application/ld+json">' + '{"author":' * 20_000 + "1" + "}" * 20_000 + "</script>",
    "5 MB": ld(**{"@graph": [{"@type": "Article", "headline": f"{n}", "author": "a"} for n in range(110_000)]}),
    "many articles": "".join(article(author="Org, and more", datePublished="x") for _ in range(5000)),
    "an item that is its own author": ld(**{"@id": "#x", "@type": "Article", "author": {"@id": "#x"}}),
    "many references": ld(**{"@type": "Article", "author": [{"@id": "#p"}] * 50_000})
    + ld(**{"@id": "#p", "name": "Jo"}),
    "long lists of authors": article(author=["Ab Cd, " * 700] * 150),
    "broken": '<script type="application/ld+json">{"a":,}</script>' * 2000,
    "metas": "".join(meta("author", "Jo & " * 200 + str(number)) for number in range(2000)),
    "titles": "<title>" + "a | " * 9000 + "</title>" + meta("og:site_name", "a"),
    "host": f"<link rel=canonical href='http://{'a.' * 1900}com/'>",
    "language": f"<html lang='{'en-' * 50_000}'>",
    "days": "".join(meta("date", f"{number}-99-99T") for number in range(5000)),
}
HOSTILE_BODIES = {
    "properties in properties": "<i itemprop=author>" * 5000 + "x",
    "scopes in scopes": "<div itemscope itemtype=Article><b itemprop=name>x</b>" * 3000,
    "bylines": "<h1>Low</h1>" + "<div class=byline>By Jo Ebb | May 4, 2025</div>" * 5000,
    "empty elements": "<h1>Low</h1><div class=byline>By " + "<b></b>" * 50_000 + "Jo</div>",
    "times": "<h1>Low</h1>" + "<time datetime=9999-99-99>x</time>" * 5000,
}


@pytest.mark.parametrize(
    ("head", "body"),
    [*((head, "<h1>Low</h1>") for head in HOSTILE.values()), *(("", body) for body in HOSTILE_BODIES.values())],
    ids=[*HOSTILE, *HOSTILE_BODIES],
)
def test_hostile_pages(head: str, body: str) -> None:
    start = time.process_time()
    found = read(head, body)
    json.dumps(found.to_dict()).encode()
    assert time.process_time() - start < 5


@pytest.fixture(scope="module")
def page() -> Page:
    html = (
        "<html lang=en><title>Low water | Tide Times</title>"
        '<script type="application/ld+json">{"@type": "Article", "author": "Jo Ebb"}</script>'
        "<article><h1>Low water today</h1><p>The ebb came early that morning and stayed for longer than anyone remembered.</p>"
    )
    return predict(html, url=URL)


def test_page(page: Page) -> None:
    assert page.metadata.title == "Low water today"
    assert page.metadata.authors == ("Jo Ebb",)
    assert page.language == page.metadata.language == "en"
    assert page.metadata is page.metadata
    assert pickle.loads(pickle.dumps(page)).metadata == page.metadata
    whole = page.to_dict()
    assert (whole["language"], whole["metadata"]) == ("en", page.metadata.to_dict())


def test_a_soup_has_the_same_metadata(page: Page) -> None:
    source = page._document.source
    assert source is not None
    assert predict(BeautifulSoup(source, "html.parser"), url=URL).metadata == page.metadata


def test_rules_change_no_metadata() -> None:
    html = (
        "<html lang=en><h1>Low water today</h1><div class=byline>By Jo Ebb, 4 May 2025</div><p>The ebb came early.</p>"
    )
    plain = predict(html).metadata
    assert predict(html, keep=["metadata"]).metadata == plain
    assert predict(html, strip=["content"]).metadata == plain


def test_plain_cleaning_does_not_load_it() -> None:
    code = (
        "import sys; from declutter import clean, predict; clean('<p>Low tide'); page = predict('<p>Low tide'); page.text();"
        " assert not any(name.startswith('declutter.metadata') for name in sys.modules); page.language;"
        " assert 'declutter.metadata.read' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
