"""What a selector takes on a page: told from its text and the shape of the page."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from declutter.document import read_document
from declutter.rules.effort import MOST_STEPS, Effort, dear_parts

if TYPE_CHECKING:
    from pathlib import Path


def names(selector: str) -> list[str]:
    return [" ".join(part.name for part in chain) for chain in dear_parts(selector)]


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ("p.a > b ~ i:not(:empty):first-child", []),
        (":last-of-type, :only-of-type, :nth-child, :has", []),
        ("p:has(a)", ["has"]),
        ("p:HAS(a):Nth-Child(2)", ["has", "nth-child"]),
        (":is(p:has(a), b:not(:nth-of-type(2)))", ["has", "nth-of-type"]),
        (":has(:is(p, :nth-last-of-type(2n)) b)", ["has", "has nth-last-of-type"]),
        (":nth-child(2 of :has(:has(b)))", ["nth-child", "nth-child has", "nth-child has has"]),
        (":has(p), :nth-last-child(2)", ["has", "nth-last-child"]),
        (":has(~ b + :scope), :scope > p", ["has", "has scope"]),
        # Alternatives, where each is looked for around an element or beside it.
        (":is(a, b), :not( p ), :where(p:not(.a) , b)", []),
        (":is(nav *) p", ["is"]),
        (":not(a>b, :where(i ~ *))", ["not", "not where"]),
        (":is(a/* */b, p :is(i))", ["is"]),
        (":dir(rtl), :dir", ["dir"]),
        # Written in escapes, which mean the same.
        (r":h\61s(p)", ["has"]),
        (r":\68 as(p:h\as(b))", ["has"]),
        (r":\000048\41\53(p)", ["has"]),
        (r":\0has(p)", []),
        # What stands in strings, comments and names.
        ("[a=':has('] p /* :has( */", []),
        ('[a="\\":has("]:has(b)', ["has"]),
        (r".a\:has, #b\:has\(", []),
        ("p:has(b) /* :has(", ["has"]),
        # Brackets that close what is not open, strings without an end, a backslash at the end.
        (")):has(b", ["has"]),
        ("'p:has(b)", []),
        ("p:has(b), x\\", ["has"]),
    ],
)
def test_parts_that_cost_more_than_an_element(selector: str, found: list[str]) -> None:
    assert names(selector) == found


@pytest.mark.parametrize(
    ("selector", "weight"),
    [
        (":nth-child(2)", 1),
        (":nth-child( -n + 3 )", 1),
        (":nth-last-child(ODD)", 1),
        (":nth-of-type(2)", 4),
        (":nth-child(2 of p)", 4),
        (":nth-child(even of p.a, b)", 4),
        (":nth-child(2 of ul p)", 48),
        (":nth-child(2 of p, b ~ p)", 48),
        (":nth-child(2 of :not(p))", 48),
        (r":nth-child(2 \6ff p)", 48),
    ],
)
def test_what_a_place_weighs(selector: str, weight: float) -> None:
    assert [chain[0].weight for chain in dear_parts(selector)] == [weight]


@pytest.mark.parametrize(
    ("selector", "tag"),
    [
        ("td:nth-child(2)", "td"),
        ("tr > TD.a#b[c]:nth-child(2)", "td"),
        ("p:not(.a):nth-child(2)", "p"),
        ("p :nth-child(2)", ""),
        ("p, :nth-child(2)", ""),
        ("*:nth-child(2)", ""),
        ("svg|p:nth-child(2)", ""),
        (r"p\71:nth-child(2)", ""),
        (".p:nth-child(2)", ""),
    ],
)
def test_the_tag_that_a_place_is_asked_of(selector: str, tag: str) -> None:
    assert dear_parts(selector)[-1][-1].tag == tag


@pytest.mark.parametrize("tail", [")", "of b)", "of .a b)", "of b , b", "x"])
def test_white_space_is_looked_at_once(tail: str) -> None:
    blank = " " * 20_000
    start = time.process_time()
    dear_parts(f":nth-child({blank}2{blank}+{blank}1{blank}{tail}")
    dear_parts(f":is(p{blank}b{blank}:has({blank}{tail}")
    assert time.process_time() - start < 2


def test_ways_to_what_stands_around_multiply() -> None:
    # Depths 1 2 2 3 4 4 4 5 5 5 as below.
    effort = Effort(read_document("<!doctype html><body><ul>" + "<li><a>x</a></li>" * 3 + "</ul>"))
    assert effort.steps(":is(ul *)") == (35 + 35, "")
    assert effort.steps(":is(ul *) a") == (35 + 35 + 141, ":is()")
    assert effort.steps(":is(ul ~ *)")[0] == 35 + 18
    assert effort.steps("a:dir(rtl)")[0] == 35


def test_directions_that_texts_tell_are_read_for_each_element() -> None:
    effort = Effort(read_document("<div dir=' AUTO '>" + "<p>1</p>" * 20_000))
    assert effort.steps(":dir(rtl)")[0] > MOST_STEPS
    assert Effort(read_document("<div dir=rtl>" + "<p>1</p>" * 20_000)).steps(":dir(rtl)")[0] < MOST_STEPS / 1000


def test_steps() -> None:
    # html, head, body, ul, three li, three a; depths 1 2 2 3 4 4 4 5 5 5, siblings 1 2 2 1 3 3 3 1 1 1.
    effort = Effort(read_document("<!doctype html><body><ul>" + "<li><a>x</a></li>" * 3 + "</ul>"))
    up = 35
    assert effort.steps("p > a") == (up, "")
    assert effort.steps(":nth-child(2)") == (up + 18, "")
    assert effort.steps(":nth-of-type(2)") == (up + 4 * 18, ":nth-of-type()")
    assert effort.steps(":has(b)") == (up + 35 + 80, ":has()")
    within = 9 + 20 + 20 + 11 + 36 * 3 + 13 * 3
    assert effort.steps(":has(:nth-child(2))") == (up + 115 + within, ":has()")
    # The siblings of what is around count where the siblings themselves are looked through.
    around = 4 * (9 + 20 + 20 + 2 * 11 + 36 * 3 + 39 * 3)
    assert effort.steps(":nth-child(2 of :has(b))") == (up + 48 * 18 + around, ":nth-child()")


def test_nothing_is_asked_of_an_empty_page() -> None:
    assert Effort(read_document("", judged=True)).steps(":has(a)")[0] < 100


@pytest.mark.parametrize(
    "selector",
    [
        *("div:has(a)", "li:nth-child(odd)", "p:nth-of-type(2)", "ul:has(> li:nth-child(3))", ":not(:empty) ~ * ~ * *"),
        *("li:nth-child(2 of .a)", "div:has(p:has(a))", ":nth-child(2 of :has(a))", "tr:has(td:nth-last-of-type(2))"),
    ],
)
def test_stored_pages_are_far_from_the_most(stored_page: Path, selector: str) -> None:
    document = read_document((stored_page / "source.html").read_text(encoding="utf-8"))
    assert Effort(document).steps(selector)[0] < MOST_STEPS / 1000


def test_a_large_table_may_be_asked_what_tables_are_asked() -> None:
    row = "<tr>" + "<td>x" * 3
    document = read_document("<table>" + row * 15_000)
    effort = Effort(document)
    for selector in (
        "tr:nth-child(odd)",
        "tr:nth-of-type(2n) td",
        "tr:has(td:nth-child(2))",
        "td:nth-of-type(3)",
        "tr:has(td:nth-of-type(2))",
    ):
        assert effort.steps(selector)[0] < MOST_STEPS / 2, selector
