"""The title of a page out of what it is called in several places, and the name of its site out of the same."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Final

from declutter.metadata.dates import days_in
from declutter.metadata.sources import line, plain
from declutter.words import split_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

__all__ = ["Site", "alike", "choose_title"]

# What parts a title from the name of the site.
_SEPARATOR: Final = re.compile(r"\s+(?:[|\-–—·•:»«›‹@/⋆~>]|::|//)\s+|\s*[|»]\s*|(?<=\w): ")
# Behind a colon stands the rest of a headline far more often than a name; a bar stands before little else.
_COLON: Final = ":"
_BAR: Final = "|"
# Blogs put their own name before it, and the headline behind.
_BLOG: Final = ": "
# Separators that the name of a site has itself: Tide Times - News: from the shore.
_MOST_IN_NAME: Final = 3
# More words of small letters than this, longer than "from", and a part that says more than a name is a sentence: of the 111
# such parts of titles in the public corpora, the names have one at most.
_SMALL_WORDS: Final = 1
_SMALL: Final = 4
# Marks that link a heading to itself.
_ANCHOR: Final = re.compile(r"\A[¶#🔗]\s+|\s*[¶#🔗§]\s*\Z")
_LONGEST_TITLE: Final = 1000
_LONGEST_NAME: Final = 8
# Titles that are looked at.
_MOST: Final = 20
_SHORTEST: Final = 3
# A headline that shares fewer words with every title than this (harmonic mean), and is in none as a whole, is the name of a
# section or a slogan. On the first half of WCXB's sites .3 to .4 do best (benchmarks/metadata.py).
_ALIKE: Final = 0.35
_GENERIC: Final = frozenset(("home", "home page", "homepage", "index", "untitled", "untitled document", "welcome"))
# More words than this before a headline are no label of it: Thread: Low water.
_LONGEST_LABEL: Final = 3
_LONGEST_DAY: Final = 5
_AFTER_LABEL: Final = re.compile(r"[:：]")
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
        names = list(names)
        self.names = {_squashed(name) for name in names} - {""}
        self.words = {word for name in names if len(name.split()) <= _LONGEST_NAME for word in split_words(name)}
        labels = [label.replace("-", "") for label in host.split(".")[-5:-1] if label not in _COMMON_LABELS]
        self.labels = {label for label in labels if len(label) >= _SHORTEST}
        self.host = _squashed(host.removeprefix("www."))

    def is_called(self, part: str) -> bool:
        """Whether a part of a title is the name of the site, and no more."""
        name = _squashed(part)
        return len(part.split()) <= _LONGEST_NAME and (
            name in self.names or name in self.labels or (bool(name) and name == self.host)
        )

    def _is_called_loosely(self, part: str) -> bool:
        """Whether a part is a name of the site with other words, or half of one: The Tide Times of Quay."""
        name = _squashed(part)
        if not name or len(part.split()) > _LONGEST_NAME:
            return False
        if self.is_called(part):
            return True
        words = split_words(part[:200])
        return any(
            len(one) >= _SHORTEST
            and (
                (one in name and (2 * len(one) >= len(name) or _in_words(one, words)))
                or (name in one and 2 * len(name) >= len(one))
            )
            for one in (*self.names, *self.labels)
        )

    def _end(self, title: str) -> re.Match[str] | None:
        """The separator before the name of the site at the end of a title."""
        places = list(_SEPARATOR.finditer(title))[-_MOST_IN_NAME:]
        for place in places:
            if self.is_called(title[place.end() :]):
                return place
        for place in places[-1:]:
            sign, part = place.group().strip(), title[place.end() :]
            if sign != _COLON and (sign == _BAR or not _is_sentence(part)) and self._is_called_loosely(part):
                return place
        return None

    def name_in(self, title: str) -> str | None:
        """The name of the site at the end of a title, where the address bears it out."""
        title = plain(title)[:_LONGEST_TITLE]
        place = self._end(title)
        return title[place.end() :].strip() or None if place else None

    def without(self, title: str) -> str:
        """A title without the name of the site before or behind it; as it is where nothing else would be left."""
        title = plain(title)[:_LONGEST_TITLE]
        while place := self._end(title):
            title = title[: place.start()].rstrip()
        while (place := _SEPARATOR.search(title)) and self.is_called(title[: place.start()]):
            title = title[place.end() :]
        return title.strip()


def _in_words(name: str, words: Sequence[str]) -> bool:
    """Whether a squashed name is a run of whole words; the last of them may have an s more."""
    text = " ".join(["", *words, ""])
    return re.search(f" {' ?'.join(map(re.escape, name))}s? ", text) is not None


def _is_sentence(part: str) -> bool:
    small = sum(len(word) > _SMALL and word[0].islower() for word in part.split())
    return part.rstrip().endswith("?") or small > _SMALL_WORDS


def _squashed(text: str) -> str:
    return "".join(split_words(text[:200]))


def alike(one: Sequence[str], other: Sequence[str]) -> float:
    """Harmonic mean of the shares of words that two texts have in common, 0 to 1."""
    first, second = set(one), set(other)
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


def choose_title(
    headline: str, titles: Sequence[str], site: Site, headings: Iterable[str] = (), *, front: bool = False
) -> str | None:
    """The headline where one of the titles bears it out, else the first of the titles, without the name of the site.

    A headline that ends the `<title>`, behind what another title or heading says and no colon, is the name of the site or the book; so is
    one that begins it before a colon and what another title says. That of a front page can be a teaser's, and has more than the name of
    the site in common with a title. Of one with a label, a day or more lines the part that is a title is taken.

    Args:
        headline: main headline of the page, or "".
        titles: titles from its metadata, the most trusted first; the `<title>` last.
        site: what the site is called.
        headings: its first headings.
        front: it is the front page of the site.
    """
    shown = _ANCHOR.sub("", line(headline))
    if shown and titles:
        others = {_squashed(plain(text)) for text in titles[:_MOST]} - {_squashed(shown), ""}
        behind = _behind(shown, titles[-1])
        if _squashed(behind) in others and not site.is_called(behind):
            return behind
        before = _before(shown, titles[-1])
        if _squashed(before) in others.union(_squashed(text) for text in map(plain, headings)) - {_squashed(shown), ""}:
            return before
    whole = [short for title in list(dict.fromkeys(titles))[:_MOST] if (short := site.without(title))]
    told = [title for title in whole if not site.is_called(title) and title.lower() not in _GENERIC]
    if not told and front:
        named = (site.name_in(title) or title for title in titles[:_MOST])
        return next((line(plain(title)) for title in named if title and title.lower() not in _GENERIC), shown or None)
    if shown and not site.is_called(shown):
        words = split_words(shown)
        of_site = site.words.union(split_words(site.name_in(titles[-1]) or "")) if front and titles else ()
        if not told or any(_bears_out(split_words(title), words, of_site) for title in told):
            return _without_label(headline, shown, told)
        if words and any(split_words(plain(title))[: len(words)] == words for title in titles[:_MOST]):
            return shown
    return next(chain(told, [shown] if shown else [], whole), None)


def _before(shown: str, title: str) -> str:
    """What stands in a title before a separator and the headline; "" where it does not end with that."""
    title = plain(title)[:_LONGEST_TITLE]
    name = _squashed(shown)
    places = (place for place in _SEPARATOR.finditer(title) if place.group() != _BLOG)
    ends = (place for place in places if _squashed(title[place.end() :]) == name)
    place = next(ends, None)
    return title[: place.start()].strip() if place and name else ""


def _behind(shown: str, title: str) -> str:
    """What stands in a title behind the headline and a colon; "" where it does not begin with that."""
    name, sign, rest = plain(title)[:_LONGEST_TITLE].partition(_BLOG)
    return rest.strip() if sign and _squashed(name) == _squashed(shown) != "" else ""


def _without_label(headline: str, shown: str, titles: Sequence[str]) -> str:
    """The part of a headline that is one of the titles, where a label, a day or another line is what is left of it.

    Args:
        headline: with its lines.
        shown: the same as one line.
        titles: titles without the name of the site.
    """
    names = {_squashed(title) for title in titles} - {""}
    if any(name.startswith(_squashed(shown)) for name in names):
        return shown
    parts = [line(headline.strip().partition("\n")[0])]
    label = _AFTER_LABEL.search(shown)
    if label and len(shown[: label.start()].split()) <= _LONGEST_LABEL:
        parts.append(shown[label.end() :].strip())
    part = next((part for part in parts if _squashed(part) in names), "")
    return part or next((title for title in titles if _is_beside_day(title.lower(), shown.lower())), shown)


def _is_beside_day(title: str, shown: str) -> bool:
    """Whether a headline is a title with a day before or behind it."""
    rest = shown.removeprefix(title) if shown.startswith(title) else shown.removesuffix(title)
    return rest != shown and len(rest.split()) <= _LONGEST_DAY and bool(days_in(rest))


def _bears_out(title: Sequence[str], words: Sequence[str], aside: Collection[str]) -> bool:
    """Whether a title says what a headline says, some words aside."""
    if not words or set(words) <= set(title):
        return bool(words)
    own = [word for word in words if word not in aside]
    return alike(own or words, [word for word in title if word not in aside] or title) >= _ALIKE
