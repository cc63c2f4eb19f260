"""From a labelled page to its metadata: sources in a fixed order of trust.

The order was found on one half of WCXB's sites (`benchmarks/metadata.py`): how often each source, where it is there, has
what the gold has.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.features.head import PAGE_TYPES
from declutter.metadata.addresses import first_address, host_of, is_front, own_address, web_address
from declutter.metadata.byline import Byline, read_byline
from declutter.metadata.dates import day_in_address, day_of
from declutter.metadata.language import LONG, WINDOW, page_language
from declutter.metadata.names import is_company, names_in
from declutter.metadata.record import Metadata
from declutter.metadata.sources import Item, plain, read_sources, text_of
from declutter.metadata.titles import Site, alike, choose_title
from declutter.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["read_metadata"]

_WORKS: Final = frozenset(
    " ".join(PAGE_TYPES[kind] for kind in ("article", "forum", "product", "guide")).split()
    + "question advertisercontentarticle medicalscholarlyarticle".split()
)
_PRODUCTS: Final = frozenset(PAGE_TYPES["product"].split())
_BODIES: Final = frozenset("organization newsmediaorganization corporation localbusiness".split())
# A work is this page's where it is called so alike (harmonic mean of shared words); of a single one it is taken for granted.
_ALIKE: Final = 0.5
# More works than this on a page that is called like none of them are a list of others.
_MOST_WORKS: Final = 2

# Days that are no further apart can be one, in other parts of the world.
_TIME_ZONES: Final = timedelta(days=1)
_MONTHS: Final = 12
# Ends to what a hostile page has without end.
_MOST: Final = 10
_MOST_AUTHORS: Final = 200
_WINDOW: Final = 300

_TITLES: Final = ("og:title", "twitter:title", "citation_title", "dc.title", "parsely-title", "sailthru.title")
_PUBLISHED: Final = tuple(
    "article:published_time og:article:published_time og:published_time article:published datepublished date dc.date dc.date.issued"
    " dc.date.created dcterms.date dcterms.created dcterms.issued citation_publication_date citation_online_date citation_date"
    " parsely-pub-date sailthru.date pubdate publishdate publish_date publish-date publication_date publicationdate"
    " og:publish_date article.published date.issued cxenseparse:recs:publishtime datecreated created".split()
)
_WORK_PUBLISHED: Final = ("datepublished", "datecreated", "uploaddate")
_MODIFIED: Final = tuple(
    "article:modified_time og:article:modified_time og:modified_time og:updated_time datemodified dc.date.modified"
    " dcterms.modified last-modified lastmod modified updated_time date.modified".split()
)
_AUTHORS: Final = tuple(
    "author parsely-author sailthru.author article:author og:author citation_author dc.creator dcterms.creator creator byl"
    " author_name cxenseparse:author".split()
)
_LAST_FIRST: Final = frozenset(("citation_author", "dc.creator", "dcterms.creator"))
_SITES: Final = ("og:site_name", "application-name", "al:ios:app_name", "apple-mobile-web-app-title")
_DESCRIPTIONS: Final = ("description", "og:description", "twitter:description", "dc.description")
_IMAGES: Final = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src", "thumbnail")
# Labels of cards that stand for who wrote it.
_WRITTEN_BY: Final = re.compile(
    r"written|author|by\b|verfasst|écrit|escrito|scritto|geschreven|написано|автор", re.IGNORECASE
)
_LOCALES: Final = ("content-language", "og:locale", "dc.language", "dcterms.language", "language")
# Where 4/9/2025 is the ninth of April: pages in English, but for these.
_DAY_FIRST: Final = frozenset("gb uk au nz ie in za sg my hk ng ke pk".split())


def read_metadata(
    document: Document,
    blocks: Blocks,
    probabilities: NDArray[np.float64],
    headline: int,
    title: str,
    url: str | None,
) -> Metadata:
    """What a page says of itself. Costs a few milliseconds; no page makes it fail.

    Args:
        document: the page.
        blocks: its n blocks.
        probabilities: float64, n x labels.
        headline: row of the main headline, -1 for none.
        title: text of its `<title>`, or "".
        url: where it came from, or None.
    """
    return _Reading(document, blocks, probabilities, headline, title, url).metadata()


class _Reading:
    def __init__(
        self,
        document: Document,
        blocks: Blocks,
        probabilities: NDArray[np.float64],
        headline: int,
        title: str,
        url: str | None,
    ) -> None:
        self.document = document
        self.blocks = blocks
        self.sources = read_sources(document)
        self.base = web_address(self.sources.base, url or "") or web_address(url or "", "") or ""
        self.canonical = own_address(self.sources, self.base)
        # What is relative is so to the page's own address where it came from is not known.
        self.base = self.base or web_address(self.sources.base, self.canonical or "") or self.canonical or ""
        self.address = web_address(url or "", "") or self.canonical
        self.front = is_front(self.address or "") and is_front(self.base or self.address or "")
        self.headline = blocks.texts[headline] if headline >= 0 else ""
        self.titles = [*islice(self.sources.meta(*_TITLES), _MOST), title]
        self.works = self._main_works()
        self.pages = [
            item
            for item in self.sources.items
            if item.whole
            and (any(name.endswith(("page", "website")) for name in item.types) or not (item.types or self.front))
        ][:_MOST]
        self.language = page_language(self._claims(), self._content(probabilities))
        month_first = self._month_first()
        self._day_of = partial(day_of, month_first=month_first)
        self.byline = (
            Byline() if self.front else read_byline(document, blocks, probabilities, headline, month_first=month_first)
        )

    def metadata(self) -> Metadata:
        told = map(plain, islice(self._site_names(), _MOST))
        names = [name for name in told if name and not web_address(name, "")]
        site = Site(names, host_of(self.address))
        titles = [*self.sources.meta(*_TITLES[:2]), *self._texts(self.works, "headline", "name"), *self.titles]
        return Metadata(
            title=choose_title(self.headline, titles, site, self._headings(), front=self.front),
            authors=tuple(self._authors(site)),
            published=_iso(self._published()),
            modified=_iso(self._modified()),
            # What a publisher is called in law it says of its own site last.
            site_name=next((name for name in names if not is_company(name)), None)
            or site.name_in(self.titles[-1])
            or next(iter(names), None),
            language=self.language,
            canonical=self.canonical,
            description=self._first(self.sources.meta(*_DESCRIPTIONS), self._texts(self.works, "description")),
            image=first_address(
                chain(self.sources.meta(*_IMAGES), self.sources.link("image_src"), self._images()), self.base
            ),
        )

    def _main_works(self) -> list[Item]:
        """The articles, products and posts that the page is about; none where they are a list of others."""
        # On a front page articles are others, and what stands beside a headline is a teaser's.
        kinds = _PRODUCTS if self.front else _WORKS
        works = [item for item in self.sources.items if item.whole and item.types & kinds]
        if len(works) <= 1:
            return works
        titles = [split_words(title[:_WINDOW]) for title in (self.headline, *self.titles)]

        def called_alike(item: Item) -> bool:
            names = [split_words(name[:_WINDOW]) for name in islice(item.texts("headline", "name"), 2)]
            return any(alike(name, title) >= _ALIKE for name in names for title in titles)

        own = [item for item in works if called_alike(item)]
        return own[:_MOST] or (works if len(works) <= _MOST_WORKS else [])

    @staticmethod
    def _texts(items: Iterable[Item], *names: str) -> Iterator[str]:
        return islice((text for item in items for text in item.texts(*names)), 10 * _MOST)

    @staticmethod
    def _first(*sources: Iterable[str]) -> str | None:
        return next((text for value in chain(*sources) if (text := plain(value))), None)

    def _site_names(self) -> Iterator[str]:
        yield from self.sources.meta(*_SITES[:1])
        for item in self.sources.items:
            if "website" in item.types:
                yield from item.texts("name")
        yield from self._texts(self.works, "publisher")
        yield from self.sources.meta(*_SITES[1:])

    def _headings(self) -> Iterator[str]:
        tags = self.document.tags
        nodes = (node for node, tag in enumerate(tags) if tag in {"h1", "h2"})
        return (text_of(self.document, node) for node in islice(nodes, _MOST))

    def _images(self) -> Iterator[str]:
        for item in (*self.works, *self.pages):
            for value in item.values.get("image", ()):
                if isinstance(value, str):
                    yield value
                else:
                    yield from value.texts("url", "contenturl")

    def _claims(self) -> Iterator[str]:
        yield self.sources.language
        yield from self.sources.meta(*_LOCALES)
        yield from self._texts((*self.works, *self.pages), "inlanguage")

    def _content(self, probabilities: NDArray[np.float64]) -> str:
        """The beginning of the content, or where there is little, of all texts."""
        text = ""
        for rows in (np.flatnonzero(probabilities[:, 0] >= 0.5), np.arange(len(self.blocks))):
            parts: list[str] = []
            length = 0
            for row in rows.tolist():
                parts.append(self.blocks.texts[row][:WINDOW])
                length += len(parts[-1])
                if length > WINDOW:
                    break
            text = "\n".join(parts)
            if length >= LONG:
                break
        return text

    def _month_first(self) -> bool:
        """Whether days are written the American way."""
        if self.language != "en":
            return False
        regions = {claim.replace("_", "-").rpartition("-")[2].lower() for claim in self._claims()}
        return regions.isdisjoint(_DAY_FIRST) and host_of(self.address).rpartition(".")[2] not in _DAY_FIRST

    def _published(self) -> date | None:
        """The first day told; where it is told to be that of a change as well, an earlier one that works or the page tell.

        WCXB's gold has the day of change on the pages where the two differ: it is the one that is shown.
        """
        if day := day_in_address(self.address or ""):
            return day
        texts = *self._texts(self.works, *_WORK_PUBLISHED), *self._texts(self.pages, *_WORK_PUBLISHED[:2])
        told = [day for day in map(self._day_of, texts) if day]
        metas = (day for day in map(self._day_of, self.sources.meta(*_PUBLISHED)) if day)
        shown = self.byline.published
        first = next(chain(metas, [shown] if shown and self.byline.beside else (), told), shown)
        if first is None:
            return None
        # 5/8/2019 on a page that is not known to write its days the American way.
        if first not in told and (turned := _turned(first)) in told:
            return turned
        if first not in self._changes():
            return first
        return next((day for day in told if first - day > _TIME_ZONES), first)

    def _changes(self) -> Iterator[date | None]:
        return chain(
            map(self._day_of, self._texts(self.works, "datemodified")),
            map(self._day_of, self.sources.meta(*_MODIFIED)),
            map(self._day_of, self._texts(self.pages, "datemodified")),
        )

    def _modified(self) -> date | None:
        return next((day for day in chain([self.byline.modified], self._changes()) if day is not None), None)

    def _authors(self, site: Site) -> list[str]:
        """The first source that names persons; else the first that names the site, or another body."""
        bodies: list[str] = []
        for names, body in self._author_sources():
            if names and not body and not all(site.is_called(name) for name in names):
                return names
            bodies = bodies or names
        return bodies

    def _author_sources(self) -> Iterator[tuple[list[str], bool]]:
        """Names, and whether they are told to be those of a body."""
        meta = self.sources.meta
        for item in self.works:
            yield _names(item.texts("author")), any(author.types & _BODIES for author in item.items("author"))
        for name in _AUTHORS:
            yield _names(meta(name), last_first=name in _LAST_FIRST), False
        if any(_WRITTEN_BY.search(label) for label in meta("twitter:label1")):
            yield _names(meta("twitter:data1")), False
        for item in self.pages:
            if not item.types:
                yield _names(item.texts("author", "creator")), False
        # Who reviews a product has not written its page.
        if not self.works or any(item.types - _PRODUCTS for item in self.works):
            yield self.byline.names, False
        yield _names(self._texts([*self.works, *self.pages], "creator", "author")), False
        links = (node for relations, _, node in self.sources.links if "author" in relations and not self.front)
        for node in islice(links, 3):
            yield _names([text_of(self.document, node)]), False


def _names(texts: Iterable[str], *, last_first: bool = False) -> list[str]:
    told = (name for text in texts for name in names_in(text, last_first=last_first))
    return list(dict.fromkeys(islice(told, _MOST_AUTHORS)))


def _turned(day: date) -> date | None:
    """The day whose number is this one's month, and the other way round; None where there is none."""
    return day.replace(month=day.day, day=day.month) if day.day <= _MONTHS else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
