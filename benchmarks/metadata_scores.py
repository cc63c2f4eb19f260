"""When a title, authors or a day are right: what `make bench-metadata` counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from declutter.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["author_names", "authors_right", "site_names", "title_near", "title_right"]

_SEPARATOR: Final = re.compile(r"\s+[|\-–—·•:»/@]+\s+|\s*[|»]\s*|(?<=\w): ")
_NEAR: Final = 0.8
_NO_NAMES: Final = frozenset(("www", "com", "co", "org", "net"))
_PARTS: Final = re.compile(r"\s*[,;|/·•\n]\s*")
_JOINED: Final = re.compile(r"\s+(?:and|und|et|&)\s+|\A(?:and|&)\s+", re.IGNORECASE)
_BEFORE: Final = re.compile(
    r"\A(?:(?:(?:written|posted|published) )?by\b|authors?\b|dr\b|prof\b|mrs?\b|ms\b)[\s:.]*", re.IGNORECASE
)
_DEGREE: Final = re.compile(r"(?:[A-Z]\.?){1,5}|[A-Z][A-Za-z]{0,2}\.[A-Z][A-Za-z.]{0,4}|E-RYT \d+|CEPF®|CFP®?")
_ROLE: Final = re.compile(
    r"\b(?:expert|dietitian|nutritionist|editors?|writer|reporter|director|manager|founder|c[etf]o|analyst|specialist"
    r"|president|consultant|representative|horticulturalist|educator|newsroom|attorney|contributor)\b",
    re.IGNORECASE,
)


def site_names(address: str, told: Iterable[str]) -> set[str]:
    """What a site is called: labels of its host without the last, and names from its pages, without spaces."""
    labels = (urlsplit(address).hostname or "").split(".")[:-1]
    names = {"".join(split_words(name)) for name in (*labels, *told)}
    return {name for name in names if len(name) > 2 and name not in _NO_NAMES}


def _readings(title: str, sites: set[str]) -> set[tuple[str, ...]]:
    """The words of a title, whole and without a part before or behind a separator that names the site."""
    texts = {title}
    for place in _SEPARATOR.finditer(title):
        for part, rest in (
            (title[place.end() :], title[: place.start()]),
            (title[: place.start()], title[place.end() :]),
        ):
            name = "".join(split_words(part))
            if len(name) > 2 and any(name in site or site in name for site in sites):
                texts.add(rest)
    return {tuple(split_words(text.replace("&", " and "))) for text in texts} - {()}


def title_right(given: str | None, gold: str, sites: set[str]) -> bool:
    """The same words in the same order: case, white space, punctuation and the name of the site tell no difference."""
    return not _readings(given or "", sites).isdisjoint(_readings(gold, sites))


def title_near(given: str | None, gold: str, sites: set[str]) -> bool:
    """One holds the other, word by word, or they share words with an F1 of .8."""
    return any(
        _holds(one, other) or _holds(other, one) or _f1(one, other) >= _NEAR
        for one in _readings(given or "", sites)
        for other in _readings(gold, sites)
    )


def _holds(one: Sequence[str], other: Sequence[str]) -> bool:
    return f" {' '.join(other)} " in f" {' '.join(one)} "


def _f1(one: Sequence[str], other: Sequence[str]) -> float:
    return 2 * len(set(one) & set(other)) / (len(set(one)) + len(set(other)))


def author_names(authors: str | Iterable[str] | None) -> frozenset[tuple[str, ...]]:
    """The words of each name; "by", titles, degrees and professions are left out, here and in the gold."""
    names: set[tuple[str, ...]] = set()
    for text in [authors] if isinstance(authors, str) else authors or ():
        for place, part in enumerate(_PARTS.split(text.strip())):
            if place and (_DEGREE.fullmatch(part) or _ROLE.search(part)):
                continue
            for name in _JOINED.split(part):
                names.add(tuple(split_words(_BEFORE.sub("", _BEFORE.sub("", name.strip())))))
    return frozenset(names - {()})


def authors_right(given: str | Iterable[str] | None, gold: str) -> bool:
    """The same set of names."""
    names = author_names(gold)
    return bool(names) and author_names(given) == names
