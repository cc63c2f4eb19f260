"""What a selector takes on a page: told from its text and the shape of the page."""

from __future__ import annotations

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
    row = "<tr>" + "<td>x" * 9
    document = read_document("<table>" + row * 5000)
    effort = Effort(document)
    for selector in ("tr:nth-child(odd)", "tr:nth-of-type(2n) td", "tr:has(td:nth-child(2))", "td:nth-of-type(3)"):
        assert effort.steps(selector)[0] < MOST_STEPS / 2, selector
