"""Days out of texts, values for machines and addresses."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib import resources

import pytest

from declutter.metadata.dates import day_in_address, day_of, days_in, is_month

DAY = date(2025, 9, 4)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "September 4, 2025",
            "4 Sep 2025",
            "Sept. 4th, 2025",
            "4. September 2025",
            "Thursday, September 4th 2025, 9:00",
        ),
        *("2025年9月4日", "2025. 9. 4.", "2025년 9월 4일", "04.09.2025", "2025/9/4", "4-9-2025", "2025. szeptember 4."),
        *(
            "4 septembre 2025",
            "4 de septiembre de 2025",
            "4 de setembro de 2025",
            "4 settembre 2025",
            "4 września 2025",
        ),
        *(
            "4 сентября 2025 г.",
            "4 вересня 2025",
            "4. září 2025",
            "4 Eylül 2025",
            "ngày 4 tháng 9 năm 2025",
            "4 Σεπτεμβρίου 2025",
        ),
        *("٤ سبتمبر ٢٠٢٥", "4 กันยายน 2568", "4 सितंबर 2025", "২০২৫ সেপ্টেম্বর ৪", "4. syyskuuta 2025", "４ Sep ２０２５"),
        *("By Jo Ebb on September 4, 2025 at 21:30", "13 min read · Sep 4, 2025"),
    ],
)
def test_a_day_as_pages_write_it(text: str) -> None:
    assert [day for _, day in days_in(text)] == [DAY]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "September 2025",
        "9999999",
        "4 September",
        "31 June 2025",
        "2025-13-45",
        "1.2.3",
        "version 1.2.10.2025",
        "4 Sep 1625",
    ],
)
def test_what_is_no_day(text: str) -> None:
    assert days_in(text) == []


def test_days_come_in_order_with_what_stands_before() -> None:
    assert days_in("Updated: Oct 1, 2025. First published 2025-09-04.") == [
        ("updated: ", date(2025, 10, 1)),
        ("oct 1, 2025. first published ", DAY),
    ]


@pytest.mark.parametrize(
    ("text", "month_first", "expected"),
    [
        ("04/09/2025", False, DAY),
        ("09/04/2025", True, DAY),
        ("13/09/2025", True, date(2025, 9, 13)),
        ("9/13/2025", False, date(2025, 9, 13)),
        ("04.09.2025", True, DAY),
    ],
)
def test_which_comes_first(text: str, month_first: bool, expected: date) -> None:
    assert [day for _, day in days_in(text, month_first=month_first)] == [expected]


@pytest.mark.parametrize(
    "value",
    [
        *("2025-09-04", " 2025-09-04T23:30:00-07:00 ", "20250904", "20250904T101500Z", "2025-09-04 10:00:00.000"),
        *("Thu, 04 Sep 2025 10:00:00 GMT", "1756980000", "1756980000123"),
    ],
)
def test_values_for_machines(value: str) -> None:
    assert day_of(value) == DAY


@pytest.mark.parametrize(
    "value",
    ["", "9999999", "99999999", "9999999999", "9" * 5000, "0000-00-00", "today", "\x00", "2025-09"],
)
def test_values_that_are_no_day(value: str) -> None:
    assert day_of(value) is None


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://site.test/2025/09/04/tide", DAY),
        ("https://site.test/2025/9/4/tide", DAY),
        ("https://site.test/news/2025-09-04-tide.html", DAY),
        ("https://site.test/20250904/tide", DAY),
        ("https://site.test/tide_20250904", DAY),
        ("https://site.test/2025/09/tide", None),
        ("https://site.test/tide?d=/2025/09/04/", None),
        ("https://site.test/item-20251399-x", None),
        ("", None),
    ],
)
def test_days_in_addresses(address: str, expected: date | None) -> None:
    assert day_in_address(address) == expected


def test_every_language_has_twelve_months() -> None:
    tables = tomllib.loads(resources.files("declutter.metadata").joinpath("months.toml").read_text(encoding="utf-8"))
    months: dict[str, set[int]] = {}
    for names in tables.values():
        assert len(names) == 12
        for number, words in enumerate(names, 1):
            for word in words.split():
                assert word == word.lower()
                months.setdefault(word, set()).add(number)
    assert {word: numbers for word, numbers in months.items() if len(numbers) > 1} == {}


@pytest.mark.parametrize(
    ("word", "month"), [("May", True), ("FEB", True), ("février", True), ("Maybe", False), ("", False)]
)
def test_months(word: str, month: bool) -> None:
    assert is_month(word) is month
