"""What other tools make of a page's metadata, each through its own public calls; those of the extra `peers` that are here.

They are given the address of the page, as this project is.
"""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["METADATA_PEERS", "Told", "asked", "installed"]


class Told(NamedTuple):
    """What a tool says; None for what it does not have or look for."""

    title: str | None = None
    authors: str | list[str] | None = None
    day: str | None = None


def _flat(names: list[Any]) -> list[str]:
    """Names, some of which come as lists of names."""
    return [str(name) for entry in names for name in (entry if isinstance(entry, list | tuple) else [entry])]


def _trafilatura(html: str, address: str) -> Told:
    from trafilatura.metadata import extract_metadata  # noqa: PLC0415 - see the module

    found = extract_metadata(html, default_url=address or None).as_dict()
    return Told(found.get("title"), found.get("author"), found.get("date"))


def _htmldate(html: str, address: str) -> Told:
    from htmldate import find_date  # noqa: PLC0415 - see the module

    return Told(day=find_date(html, original_date=True, url=address or None))


def _newspaper4k(html: str, address: str) -> Told:
    import newspaper  # noqa: PLC0415 - see the module

    article = newspaper.Article(address or "https://example.org/", fetch_images=False)
    article.download(input_html=html)
    article.parse()
    return Told(article.title, _flat(article.authors), str(article.publish_date or "")[:10] or None)


def _goose3(html: str, _: str) -> Told:
    from goose3 import Goose  # noqa: PLC0415 - see the module

    with Goose({"enable_image_fetching": False}) as goose:
        article = goose.extract(raw_html=html)
    return Told(article.title, _flat(article.authors), str(article.publish_date or "")[:10] or None)


def _turbohtml(html: str, _: str) -> Told:
    import turbohtml  # noqa: PLC0415 - see the module
    from turbohtml.extract import DateExtraction, dates  # noqa: PLC0415 - see the module

    article = turbohtml.parse(html).article()
    found = dates(html, DateExtraction(original=True))
    return Told(article.title, article.byline, found.date if found else None)


def _extruct(html: str, address: str) -> Told:
    """It reads and does not choose: the first article of JSON-LD or microdata, then OpenGraph, then Dublin Core."""
    import extruct  # noqa: PLC0415 - see the module

    formats = ["json-ld", "microdata", "opengraph", "dublincore"]
    found = extruct.extract(html, base_url=address or None, syntaxes=formats, uniform=True, errors="ignore")
    things = [thing for name in ("json-ld", "microdata") for thing in found.get(name, [])]
    things += [part for thing in things for part in thing.get("@graph", [])]
    works = [thing for thing in things if any(word in str(thing.get("@type")) for word in ("Article", "Posting"))]
    graph: dict[str, Any] = next(iter(found.get("opengraph", [])), {})
    core = {
        term.get("name", "").lower(): term.get("content")
        for record in found.get("dublincore", [])
        for term in record.get("elements", [])
    }

    def first(name: str) -> Any:
        return next((work[name] for work in works if work.get(name)), None)

    authors = first("author") or core.get("creator") or []
    names = _flat(
        [
            author.get("name", "") if isinstance(author, dict) else author
            for author in (authors if isinstance(authors, list) else [authors])
        ]
    )
    day = first("datePublished") or graph.get("article:published_time") or core.get("date")
    title = first("headline") or graph.get("og:title") or core.get("title")
    return Told(str(title) if title else None, names, str(day)[:10] if day else None)


METADATA_PEERS: Final[dict[str, Callable[[str, str], Told]]] = {
    "trafilatura": _trafilatura,
    "htmldate": _htmldate,
    "newspaper4k": _newspaper4k,
    "goose3": _goose3,
    "extruct": _extruct,
    "turbohtml": _turbohtml,
}
"""By the distribution they come in: from the decoded page and its address."""


def installed() -> dict[str, str]:
    """The tools that are here, and their versions."""
    found = {}
    for name in METADATA_PEERS:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def asked(name: str, html: str, address: str) -> Told | None:
    """What a tool says of a page; None where it fails. Its messages are swallowed."""
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            return METADATA_PEERS[name](html, address)
    except Exception:  # noqa: BLE001 - whatever it is, it is the tool's and counts as an error of it
        return None
    finally:
        logging.disable(logging.NOTSET)
