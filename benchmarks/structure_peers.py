"""What other tools keep of a page's structure, as HTML: each through its own public calls, those that give Markdown or HTML.

They are given the address of the page, as this project is.
"""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from functools import partial
from importlib.metadata import PackageNotFoundError
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import javascript
from distributions import distribution_version

from declutter.measure.structure import written_html

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["STRUCTURE_PEERS", "StructurePeer", "asked", "installed"]


class StructurePeer(NamedTuple):
    """A tool: the distribution it comes in, and its call, from the decoded page and its address to HTML."""

    distribution: str
    call: Callable[[str, str], str]


# All the structure that trafilatura can be asked for.
_ALL: Final = {"include_formatting": True, "include_links": True, "include_tables": True}


def _trafilatura(html: str, address: str, /, **options: Any) -> str:
    """Its Markdown; as it comes: tables, no links, no bold."""
    from trafilatura import extract  # noqa: PLC0415 - see the module

    return written_html(extract(html, url=address or None, output_format="markdown", **options) or "")


def _readability(html: str, address: str) -> str:
    from readability import Document  # noqa: PLC0415 - see the module

    return str(Document(html, url=address or None).summary())


def _resiliparse(html: str, _: str) -> str:
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415 - see the module

    return str(extract_plain_text(html, main_content=True, preserve_formatting="minimal_html", links=True))


def _newspaper4k(html: str, address: str) -> str:
    import newspaper  # noqa: PLC0415 - see the module

    article = newspaper.Article(address or "https://example.org/", fetch_images=False, keep_article_html=True)
    article.download(input_html=html)
    article.parse()
    return str(article.article_html)


def _turbohtml(html: str, _: str) -> str:
    import turbohtml  # noqa: PLC0415 - see the module

    found = turbohtml.parse(html).main_content()
    return written_html(found.to_markdown()) if found is not None else ""


STRUCTURE_PEERS: Final[dict[str, StructurePeer]] = {
    "trafilatura": StructurePeer("trafilatura", _trafilatura),
    "trafilatura, all structure": StructurePeer("trafilatura", partial(_trafilatura, **_ALL)),
    "trafilatura, all structure, recall": StructurePeer(
        "trafilatura", partial(_trafilatura, **_ALL, favor_recall=True)
    ),
    "readability-lxml": StructurePeer("readability-lxml", _readability),
    "resiliparse": StructurePeer("resiliparse", _resiliparse),
    "newspaper4k": StructurePeer("newspaper4k", _newspaper4k),
    "turbohtml": StructurePeer("turbohtml", _turbohtml),
    "Readability.js": StructurePeer("npm:@mozilla/readability", partial(javascript.extracted, "readability")),
    "Defuddle": StructurePeer("npm:defuddle", partial(javascript.extracted, "defuddle")),
}
"""By the name in the tables, in their order."""


def installed() -> dict[str, str]:
    """The tools that are here, and their versions."""
    found = {}
    for name, peer in STRUCTURE_PEERS.items():
        with contextlib.suppress(PackageNotFoundError):
            found[name] = distribution_version(peer.distribution)
    return found


def asked(name: str, html: str, address: str) -> str | None:
    """What a tool makes of a page, as HTML; None where it fails. Its messages are swallowed."""
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            return STRUCTURE_PEERS[name].call(html, address)
    except Exception:  # noqa: BLE001 - whatever it is, it is the tool's and counts as an error of it
        return None
    finally:
        logging.disable(logging.NOTSET)
