"""Dates as pages write them become days."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["day_in_address", "day_of", "days_in", "is_month"]

# What a page can have been written in; a year far ahead is a slip. Fixed, so that a page has the same date tomorrow.
_YEARS: Final = range(1990, 2100)
# Thai pages count from the year of the Buddha.
_BUDDHIST: Final = 543
_WINDOW: Final = 300
_YEAR_FIRST: Final = re.compile(r"(?<!\d)(\d{4})\s?[-/.年년]\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})(?!\d)")
_YEAR_LAST: Final = re.compile(r"(?<![\d.,/-])(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4})(?!\d)")
_VIETNAMESE: Final = re.compile(r"(?<!\d)(\d{1,2}) tháng (\d{1,2}),? (?:năm )?(\d{4})(?!\d)")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?\d{4,6}Z?)?")
_SECONDS: Final = re.compile(r"(\d{10})(?:\d{3})?")
_ADDRESS: Final = re.compile(r"(?<=[/_-])((?:19|20)\d\d)([/_-]?)(\d\d)\2(\d\d)(?=[/_.-]|\Z)")
_ADDRESS_SHORT: Final = re.compile(r"(?<=/)((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})(?=/|\Z)")
_TOKEN: Final = re.compile(r"\d+|(?:[^\W\d_]|[\u0300-\u036f\u0900-\u09ff\u0e31-\u0e4e])+")
# Between the parts of a date: of, de, del, 4th, 1er, г.
_SHORT: Final = 3
_BETWEEN: Final = 2


@cache
def _months() -> dict[str, int]:
    """The names of months in many languages, by word in lower case."""
    tables = tomllib.loads(
        resources.files(__package__ or "declutter.metadata").joinpath("months.toml").read_text("utf-8")
    )
    return {
        unicodedata.normalize("NFKC", word): number
        for names in tables.values()
        for number, words in enumerate(names, 1)
        for word in words.split()
    }


def is_month(word: str) -> bool:
    """Whether a word is the name of a month, or short for one."""
    return unicodedata.normalize("NFKC", word).lower() in _months()


def _day(year: str, month: str | int, day: str) -> date | None:
    number = int(year)
    if number - _BUDDHIST in _YEARS and number not in _YEARS:
        number -= _BUDDHIST
    try:
        return date(number, int(month), int(day)) if number in _YEARS else None
    except ValueError:
        return None


def days_in(text: str, *, month_first: bool = False) -> list[tuple[str, date]]:
    """The days that a text names, in its order, each with what stands before it since the last, in lower case.

    Args:
        text: its first 300 characters are read.
        month_first: 4/9/2025 is the ninth of April.
    """
    text = unicodedata.normalize("NFKC", text[:_WINDOW]).lower()
    found = [(match.start(), _day(*match.groups())) for match in _YEAR_FIRST.finditer(text)]
    for match in _YEAR_LAST.finditer(text):
        first, sign, second, year = match.groups()
        swap = (month_first and sign != ".") or int(second) > 12
        day, month = (second, first) if swap and int(first) <= 12 else (first, second)
        found.append((match.start(), _day(year, month, day)))
    if "tháng" in text:
        found += [(match.start(), _day(match[3], match[2], match[1])) for match in _VIETNAMESE.finditer(text)]
    found += _named(text)
    days = sorted((place, day) for place, day in found if day is not None)
    places = [0, *(place for place, _ in days)]
    return [(text[before:place], day) for before, (place, day) in zip(places, days, strict=False)]


def _named(text: str) -> Iterator[tuple[int, date | None]]:
    """Days in a lower-case text whose month has a name: 4 september 2025, september 4th, 2025, 2025. szeptember 4."""
    months = _months()
    tokens = [(match.start(), match.group()) for match in _TOKEN.finditer(text)]
    for place, (start, word) in enumerate(tokens):
        month = months.get(word)
        if month is None:
            continue
        before = _number(tokens, place, -1)
        after = _number(tokens, place, 1)
        if after is None:
            continue
        if len(tokens[after][1]) <= 2:
            year = _number(tokens, after, 1)
            if year is not None and len(tokens[year][1]) == 4:
                yield start, _day(tokens[year][1], month, tokens[after][1])
            elif before is not None and len(tokens[before][1]) == 4:
                yield tokens[before][0], _day(tokens[before][1], month, tokens[after][1])
        elif len(tokens[after][1]) == 4 and before is not None and len(tokens[before][1]) <= 2:
            yield tokens[before][0], _day(tokens[after][1], month, tokens[before][1])


def _number(tokens: list[tuple[int, str]], place: int, step: int) -> int | None:
    """The nearest number on one side, past a few short words."""
    for _ in range(_BETWEEN + 1):
        place += step
        if not 0 <= place < len(tokens):
            return None
        word = tokens[place][1]
        if word[0].isdigit():
            return place
        if len(word) > _SHORT:
            return None
    return None


def day_of(value: str, *, month_first: bool = False) -> date | None:
    """The day that a value made for machines stands for: ISO 8601, 20250904, RFC 2822, seconds since 1970, or a text."""
    value = value[:_WINDOW].strip()
    if (match := _COMPACT.fullmatch(value)) and (day := _day(*match.groups())) is not None:
        return day
    if match := _SECONDS.fullmatch(value):
        day = datetime.fromtimestamp(int(match[1]), UTC).date()
        return day if day.year in _YEARS else None
    return next((day for _, day in days_in(value, month_first=month_first)), None)


def day_in_address(address: str) -> date | None:
    """The day in the path of an address, as in /2025/09/04/ and /2025-09-04-name."""
    address = address[:_WINDOW].partition("?")[0]
    for match in _ADDRESS.finditer(address):
        if (day := _day(match[1], match[3], match[4])) is not None:
            return day
    short = _ADDRESS_SHORT.search(address)
    return _day(*short.groups()) if short else None
