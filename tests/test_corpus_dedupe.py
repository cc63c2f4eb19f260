"""Domains and duplicates."""

from __future__ import annotations

import sys

import pytest

from declutter.corpus import CorpusPage, dedupe
from declutter.corpus.dedupe import Duplicate, domain, find_duplicates, without_duplicates
from declutter.errors import CorpusError


def page(html: str, name: str = "x", corpus: str = "c", url: str | None = None) -> CorpusPage:
    return CorpusPage(corpus, name, html.encode(), None, url=url)


def text(first: int, last: int) -> str:
    return " ".join(f"word{number}" for number in range(first, last))


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (page("", url="https://news.bbc.co.uk/2/x"), "bbc.co.uk"),
        (page("", url="https://me.blogspot.com/"), "me.blogspot.com"),
        (page("", url="http://127.0.0.1:80/x"), "127.0.0.1"),
        (page("<link rel=canonical href='https://www.a.de/x'>"), "a.de"),
        (page("<link rel=canonical href='http://fakehost/x'>", "bbc-1"), "c/bbc"),
        (page("", "www.newyorker.com--magazine"), "newyorker.com"),
        (page("", "cleveland.com1"), "c/cleveland.com1"),
        (page("", "R428"), "c/R428"),
        (page("", "x", url="http://[bad"), "c/x"),
        (page("<link rel=canonical href='https://www.a.de/x'>", "news-en-a", "own"), "own/news-en-a"),
    ],
)
def test_domain(made: CorpusPage, expected: str) -> None:
    assert domain(made) == expected


def test_a_missing_suffix_list_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    dedupe._suffixes.cache_clear()
    monkeypatch.setitem(sys.modules, "publicsuffixlist", None)
    with pytest.raises(CorpusError, match=r"declutter-html\[train\]"):
        domain(page("", url="https://a.test/"))
    dedupe._suffixes.cache_clear()


def test_duplicates_are_found_across_corpora_and_the_earlier_stays() -> None:
    first = page(f"<p>{text(0, 400)}", "1", "a")
    near = page(f"<div>{text(0, 395)}</div><p>new", "2", "b")
    half = page(f"<p>{text(0, 300)} {text(1000, 1200)}", "3", "b")
    same = page(f"<p>{text(0, 400)}", "4", "b")
    assert find_duplicates([first, near, half, same]) == [
        Duplicate(("b", "2"), ("a", "1")),
        Duplicate(("b", "4"), ("a", "1")),
    ]
    assert without_duplicates([first, near, half, same]) == [first, half]


def test_short_pages_are_one_only_where_their_bytes_are() -> None:
    pages = [page("<p>Loading", "1"), page("<div>Loading", "2"), page("<p>Loading", "3"), page("", "4")]
    assert [duplicate.page[1] for duplicate in find_duplicates(pages)] == ["3"]
