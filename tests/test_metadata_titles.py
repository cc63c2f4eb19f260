"""Titles without the name of the site, and which of several is the page's."""

from __future__ import annotations

import pytest

from declutter.metadata.titles import Site, alike, choose_title

SITE = Site(["Tide Times"], "www.tide-times.test")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Low water | Tide Times", "Low water"),
        ("Low water - News - The Tide Times", "Low water - News"),
        ("Tide Times: Low water", "Low water"),
        ("Tide Times » Low water", "Low water"),
        ("Low water – tidetimes", "Low water"),
        ("Tide Times", "Tide Times"),
        ("Low water - and high", "Low water - and high"),
        ("Low water: high water", "Low water: high water"),
        ("Ebb: Low water at Tide Times", "Ebb: Low water at Tide Times"),
        ("Ebb - does it pay to read Tide Times?", "Ebb - does it pay to read Tide Times?"),
        ("Ebb - readers praise tidetimes before winter", "Ebb - readers praise tidetimes before winter"),
        ("Low water › Tide Times", "Low water"),
        ("Low water | all about the moon by Tide Times", "Low water"),
        ("Low water - TheTideTimes", "Low water"),
        ("Low water - The Tide Times of Quay", "Low water"),
        ("  Low &amp; high\twater ", "Low & high water"),
        ("", ""),
    ],
)
def test_titles_without_the_site(title: str, expected: str) -> None:
    assert SITE.without(title) == expected


def test_a_name_inside_a_word_is_none() -> None:
    assert Site(["Tine"], "tine.test").without("Ebb - My routine in July") == "Ebb - My routine in July"
    assert Site(["Tine"], "tine.test").without("Ebb | My routine in July") == "Ebb | My routine in July"


def test_a_name_with_a_separator_of_its_own() -> None:
    assert Site(["Tides - News: the shore"], "").without("Ebb - Tides - News: the shore") == "Ebb"


def test_the_name_of_a_site_at_the_end_of_a_title() -> None:
    assert Site((), "www.tide-times.test").name_in("Low water | Tide Times") == "Tide Times"
    assert Site((), "elsewhere.test").name_in("Low water | Tide Times") is None
    assert Site((), "tide.test").name_in("Tide") is None
    assert Site((), "tide.test").name_in("Ebb: All of the tide") is None
    assert Site((), "tide.test").name_in("Ebb: All of the moon › tide.test") == "tide.test"


@pytest.mark.parametrize(
    ("headline", "titles", "expected"),
    [
        ("Low water today", ["Low water | Tide Times"], "Low water today"),
        ("Low water today ¶", [], "Low water today"),
        ("# Low water today", ["Low water today | Tide Times"], "Low water today"),
        ("#Ebb and § 5", ["#Ebb and § 5"], "#Ebb and § 5"),
        ("Subscribe", ["Low water | Tide Times"], "Low water"),
        ("Tide Times", ["Low water", "Tide Times"], "Low water"),
        ("", ["", "Low water - Tide Times"], "Low water"),
        ("Our shore", ["Home | Tide Times"], "Our shore"),
        ("", ["Home"], "Home"),
        ("", ["Tide Times"], "Tide Times"),
        ("Tide Times", [], "Tide Times"),
        ("<table> and\x01 rows", ["rows: <table>"], "<table> and rows"),
        ("", [], None),
        (
            "Ebb - Tips for the Tide Times",
            ["Ebb - Tips for the Tide Times | Tide Times"],
            "Ebb - Tips for the Tide Times",
        ),
        ("...", ["...: Low water"], "...: Low water"),
    ],
)
def test_choosing(headline: str, titles: list[str], expected: str | None) -> None:
    assert choose_title(headline, titles, SITE) == expected


@pytest.mark.parametrize(
    ("headline", "titles", "headings", "expected"),
    [
        (
            "The Tide Book",
            ["Springs and neaps - The Tide Book"],
            ["The Tide Book", "Springs and neaps"],
            "Springs and neaps",
        ),
        ("The Tide Book", ["Springs and ebb", "The Tide Book: Springs and neaps"], [], "The Tide Book"),
        ("The Tide Book", ["Springs and neaps", "Springs and neaps | The Tide Book"], [], "Springs and neaps"),
        ("Springs and neaps", ["The Tide Book - Springs and neaps"], [], "Springs and neaps"),
        ("Springs and neaps", ["Tidelog: Springs and neaps"], ["Tidelog", "Springs and neaps"], "Springs and neaps"),
        ("Tides", ["Springs and neaps : Tides"], ["Springs and neaps", "Tides"], "Springs and neaps"),
        ("Ebb", ["Why the water goes: all about the ebb of the sea and its tides"], [], "Ebb"),
        ("Water that goes", ["Why all of the tides of the sea come back and water rises"], [], None),
        ("¶", ["Springs - "], ["Springs"], "Springs -"),
    ],
)
def test_headlines_that_name_the_book_or_a_section(
    headline: str, titles: list[str], headings: list[str], expected: str | None
) -> None:
    assert choose_title(headline, titles, Site((), ""), headings) == (expected or titles[0])


@pytest.mark.parametrize(
    ("headline", "titles", "expected"),
    [
        ("A sneak peek at the Tide Times", ["The Tide Times Blog - Tide Times"], "The Tide Times Blog"),
        ("Low water today", ["Low water at Tide Times"], "Low water today"),
        ("Our tip of the day", ["Home - The Tide Times"], "The Tide Times"),
        ("Posts", ["Tide Times"], "Tide Times"),
        ("Posts", ["Home"], "Posts"),
        ("", ["Home"], None),
    ],
)
def test_front_pages(headline: str, titles: list[str], expected: str | None) -> None:
    assert choose_title(headline, titles, SITE, front=True) == expected


@pytest.mark.parametrize(
    ("headline", "titles", "expected"),
    [
        ("Thread: Low water today", ["Low water today | Tide Times"], "Low water today"),
        ("Title:Low water today", ["Low water today"], "Low water today"),
        ("News\nLow water today", ["Low water today"], "News Low water today"),
        ("Low water today\n02.02.2022 • Harbour , Press", ["Low water today - Tide Times"], "Low water today"),
        ("3 May 2024 Low water today", ["Low water today"], "Low water today"),
        ("Low water today - 2024-05-03", ["Low water today"], "Low water today"),
        ("Interview: Low water today", ["Low water today", "Interview: Low water today"], "Interview: Low water today"),
        ("Ebb: Low water", ["Low water", "Ebb: Low water - Shore - Tide Times"], "Ebb: Low water"),
        ("What the moon does to us: Low water", ["Low water"], "What the moon does to us: Low water"),
        ("The best Low water today", ["Low water today"], "The best Low water today"),
        ("Low water\nand high", ["Low water and high"], "Low water and high"),
        ("Low water\nand high", ["Low water and other things"], "Low water and high"),
    ],
)
def test_headlines_with_a_label_or_a_day(headline: str, titles: list[str], expected: str) -> None:
    assert choose_title(headline, titles, SITE) == expected


@pytest.mark.parametrize(
    ("headline", "titles", "expected"),
    [
        ("Ebb & Flow", ["Low water today", "Ebb & Flow: Low water today"], "Low water today"),
        ("Ebb & Flow", ["Ebb & Flow: Low water today"], "Ebb & Flow"),
        ("Low water", ["Tide Times", "Low water: Tide Times"], "Low water"),
    ],
)
def test_headlines_that_name_the_blog(headline: str, titles: list[str], expected: str) -> None:
    assert choose_title(headline, titles, SITE) == expected


def test_how_alike_words_are() -> None:
    assert alike(["low", "tide"], ["tide", "low"]) == 1
    assert alike(["low", "tide"], ["high", "tide"]) == 0.5
    assert alike([], ["tide"]) == 0
