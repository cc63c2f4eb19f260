"""How much of a page's structure an output keeps: what is wanted, what counts as kept, and what as wrong."""

from __future__ import annotations

import pytest

from declutter.measure.structure import KINDS, Count, Unit, kept_units, read_units, wanted_units, written_html

PAGE = """
<nav><ul><li><a href="/tides">Tides</a></li></ul></nav>
<h1>Low water</h1>
<h2>Before the flood</h2>
<p>Read the <a href="/almanac#may">almanac for May</a> first.</p>
<ul><li>Boots<ul><li>Waxed laces</li></ul></li><li>A lamp</li></ul>
<table><tr><th>Day</th><th>Height</th></tr><tr><td>Monday</td><td>4.1 m</td></tr></table>
<pre>def low():
    return 1</pre>
<blockquote><p>Nobody drowns twice.</p><p>Said the harbour master.</p></blockquote>
<table><tr><td>Harbour office opening hours</td></tr></table>
"""
GOLD = (
    "Before the flood Read the almanac for May first. Boots Waxed laces A lamp Day Height Monday 4.1 m"
    " def low(): return 1 Nobody drowns twice. Said the harbour master."
)
WANTED = wanted_units(PAGE, GOLD, "https://tides.example/")


def counted(html: str, kind: str) -> Count:
    return kept_units(WANTED, read_units(html, "https://tides.example/"))[kind]


def units(html: str, kind: str) -> list[str]:
    return [" ".join(unit.words) for unit in read_units(html) if unit.kind == kind]


def test_what_the_gold_holds() -> None:
    assert {kind: [" ".join(unit.words) for unit in WANTED.inside if unit.kind == kind] for kind in KINDS} == {
        "headings": ["before the flood"],
        "list items": ["boots", "waxed laces", "a lamp"],
        "nested items": ["waxed laces"],
        "table cells": ["day", "height", "monday", "4 1 m"],
        "code blocks": ["def low return 1"],
        "quotations": ["nobody drowns twice", "said the harbour master"],
        "links": ["almanac for may"],
    }
    assert {unit.kind: unit.words[0] for unit in WANTED.neutral} == {"headings": "low", "table cells": "harbour"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_itself_keeps_all_of_it(kind: str) -> None:
    found = counted(PAGE, kind)
    assert found.kept == found.wanted
    assert found.wrong == (kind in {"list items", "links"})  # the menu


@pytest.mark.parametrize(
    ("markdown", "kind", "expected"),
    [
        ("## Before the flood", "headings", (1, 1, 0)),
        ("### Before the *flood*", "headings", (1, 1, 0)),
        ("## Before the flood [edit]", "headings", (1, 1, 0)),
        ("Before the flood", "headings", (1, 0, 0)),
        ("# Low water\n\n## Low water", "headings", (1, 0, 1)),
        ("## Related\n\n## Before the flood\n\n## Before the flood", "headings", (1, 1, 2)),
        ("- Boots\n  - Waxed laces\n- A lamp", "list items", (3, 3, 0)),
        ("- Boots\n  - Waxed laces\n- A lamp", "nested items", (1, 1, 0)),
        ("- Boots\n- Waxed laces\n- A lamp", "nested items", (1, 0, 0)),
        ("- Boots Waxed laces A lamp", "list items", (3, 0, 1)),
        ("| Day | Height |\n|---|---|\n| Monday | 4.1 m |", "table cells", (4, 4, 0)),
        ("Day Height\n\nMonday 4.1 m", "table cells", (4, 0, 0)),
        ("<table><tr><td>Harbour office opening hours</td></tr></table>", "table cells", (4, 0, 0)),
        ("```\ndef low():\n    return 1\n```", "code blocks", (1, 1, 0)),
        ("```\ndef low(): return 1\n```", "code blocks", (1, 0, 1)),
        ("> Nobody drowns twice.\n>\n> Said the harbour master.", "quotations", (2, 2, 0)),
        ("> Nobody drowns twice.", "quotations", (2, 1, 0)),
        ("[almanac for May](/almanac#may)", "links", (1, 1, 0)),
        ("[almanac for May](https://tides.example/almanac#may)", "links", (1, 1, 0)),
        ("[May](/almanac#may)", "links", (1, 1, 0)),
        ("[almanac for May](/june)", "links", (1, 0, 1)),
        ("[almanac for May](javascript:go)", "links", (1, 0, 0)),
    ],
)
def test_what_is_kept_of_it(markdown: str, kind: str, expected: tuple[int, int, int]) -> None:
    assert counted(written_html(markdown), kind) == expected


def test_an_item_in_one_that_the_gold_leaves_out_is_not_nested() -> None:
    wanted = wanted_units("<ul><li>Menu<ul><li>Waxed laces</li></ul></li></ul>", "Waxed laces")
    assert wanted.inside == (Unit("list items", ("waxed", "laces")),)


@pytest.mark.parametrize(
    ("html", "kind", "expected"),
    [
        ("<ul><li>a<table><tr><td>b</td></tr></table></li></ul>", "list items", ["a"]),
        ("<table><tr><td><h2>b</h2></td><td>c</td></tr><tr><td>d</td><td>e</td></tr></table>", "headings", []),
        ("<li>stray</li>", "list items", []),
        ("<h2>a<script>b</script></h2>", "headings", ["a"]),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "quotations", ["a", "b"]),
        ("<a>no address</a><a href=//[>bad</a>", "links", ["bad"]),
        ("<h2>—</h2>", "headings", []),
        ("", "headings", []),
    ],
)
def test_units(html: str, kind: str, expected: list[str]) -> None:
    assert units(html, kind) == expected


def test_lines_of_code() -> None:
    (unit,) = read_units("<pre>\n<span>a</span>  <b>b</b>  <br>\n  c\n\n</pre>")
    assert unit.detail == "a  b\n\n  c"


def test_data_tables() -> None:
    def wanted(html: str) -> tuple[int, int]:
        found = wanted_units(html, "a b c d")
        return len(found.inside), len(found.neutral)

    rows = "<tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr>"
    assert wanted(f"<table>{rows}</table>") == (4, 0)
    assert wanted(f"<table role=presentation>{rows}</table>") == (0, 4)
    assert wanted(f"<table><tr><td><table>{rows}</table></td></tr></table>") == (0, 4)
