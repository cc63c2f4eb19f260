"""The title of a page out of what it is called in several places, and the name of its site out of the same."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Final

from declutter.metadata.sources import line, plain
from declutter.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Site", "alike", "choose_title"]

# What parts a title from the name of the site.
_SEPARATOR: Final = re.compile(r"\s+(?:[|\-–—·•:»«@/⋆~>]|::|//)\s+|\s*[|»]\s*|(?<=\w): ")
# Marks that link a heading to itself.
_ANCHOR: Final = re.compile(r"\s*[¶#🔗§]\s*\Z")
_LONGEST_TITLE: Final = 1000
_LONGEST_NAME: Final = 8
# Titles that are looked at.
_MOST: Final = 20
_SHORTEST: Final = 3
# A headline that shares fewer words with every title than this (harmonic mean), and is in none as a whole, is the name of a
# section or a slogan. On the first half of WCXB's sites .3 to .4 do best (benchmarks/metadata.py).
_ALIKE: Final = 0.35
_GENERIC: Final = frozenset(("home", "home page", "homepage", "index", "untitled", "untitled document", "welcome"))
_COMMON_LABELS: Final = frozenset(
    ("www", "com", "org", "net", "co", "gov", "edu", "blog", "news", "en", "docs", "forum", "shop")
)


class Site:
    """What a site is called: in its metadata, and in its address.

    Args:
        names: names that its pages give it.
        host: the host of its address, or "".
    """

    def __init__(self, names: Iterable[str], host: str) -> None:
        self.names = {_squashed(name) for name in names} - {""}
        labels = [label.replace("-", "") for label in host.split(".")[-5:-1] if label not in _COMMON_LABELS]
        self.labels = {label for label in labels if len(label) >= _SHORTEST}
        self.host = _squashed(host.removeprefix("www."))

    def is_called(self, part: str, *, loosely: bool) -> bool:
        """Whether a part of a title names the site; loosely, also where it says more than the name."""
        name = _squashed(part)
        if not name or len(part.split()) > _LONGEST_NAME:
            return False
        if name in self.names or name in self.labels or name == self.host:
            return True
        known = [*self.names, *self.labels]
        return loosely and any(
            len(one) >= _SHORTEST and (one in name or (name in one and 2 * len(name) >= len(one))) for one in known
        )

    def name_in(self, title: str) -> str | None:
        """The name of the site at the end of a title, where the address bears it out."""
        title = plain(title)[:_LONGEST_TITLE]
        places = list(_SEPARATOR.finditer(title))
        name = title[places[-1].end() :].strip() if places else ""
        return name if self.is_called(name, loosely=True) else None

    def without(self, title: str) -> str:
        """A title without the name of the site before or behind it; as it is where nothing else would be left."""
        title = plain(title)[:_LONGEST_TITLE]
        while (places := list(_SEPARATOR.finditer(title))) and self.is_called(title[places[-1].end() :], loosely=True):
            title = title[: places[-1].start()].rstrip()
        while (place := _SEPARATOR.search(title)) and self.is_called(title[: place.start()], loosely=False):
            title = title[place.end() :]
        return title.strip()


def _squashed(text: str) -> str:
    return "".join(split_words(text[:200]))


def alike(one: Sequence[str], other: Sequence[str]) -> float:
    """Harmonic mean of the shares of words that two texts have in common, 0 to 1."""
    first, second = set(one), set(other)
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


def choose_title(headline: str, titles: Sequence[str], site: Site, headings: Iterable[str] = ()) -> str | None:
    """The headline where one of the titles bears it out, else the first of the titles, without the name of the site.

    A headline that ends the `<title>`, behind what another title or heading says, is the name of the site or the book.

    Args:
        headline: main headline of the page, or "".
        titles: titles from its metadata, the most trusted first; the `<title>` last.
        site: what the site is called.
        headings: its first headings.
    """
    shown = _ANCHOR.sub("", line(headline))
    if shown and titles and (before := _before(shown, titles[-1])):
        others = {_squashed(plain(text)) for text in chain(titles[:_MOST], headings)}
        if _squashed(before) in others - {_squashed(shown)}:
            return before
    whole = [short for title in list(dict.fromkeys(titles))[:_MOST] if (short := site.without(title))]
    told = [title for title in whole if not site.is_called(title, loosely=False) and title.lower() not in _GENERIC]
    if shown and not site.is_called(shown, loosely=False):
        words = split_words(shown)
        if not told or any(_bears_out(split_words(title), words) for title in told):
            return shown
    return next(chain(told, [shown] if shown else [], whole), None)


def _before(shown: str, title: str) -> str:
    """What stands in a title before a separator and the headline; "" where it does not end with that."""
    title = plain(title)[:_LONGEST_TITLE]
    name = _squashed(shown)
    ends = (place for place in _SEPARATOR.finditer(title) if _squashed(title[place.end() :]) == name)
    place = next(ends, None)
    return title[: place.start()].strip() if place and name else ""


def _bears_out(title: Sequence[str], words: Sequence[str]) -> bool:
    return alike(words, title) >= _ALIKE or (bool(words) and set(words) <= set(title))
