"""Other tools, each through its own public call on the bytes of a page; what needs text gets it decoded as this project does.

They are in the extra `peers` and imported only here: `make bench` makes an environment of its own for them.
"""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from functools import partial
from importlib.metadata import PackageNotFoundError
from typing import TYPE_CHECKING, Final, NamedTuple

import javascript
from distributions import distribution_version

from declutter.document.decoding import decode

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PARSERS", "PEERS", "Parser", "Peer", "called", "left_out", "tool_version"]


class Peer(NamedTuple):
    """A tool: the distribution it comes in, and its call, from bytes to text."""

    distribution: str
    call: Callable[[bytes], str]


class Parser(NamedTuple):
    """A parser alone: the distribution it comes in, and its call, from bytes to a tree."""

    distribution: str
    call: Callable[[bytes], object]


def _decoded(html: bytes) -> str:
    return decode(html)[0]


def _trafilatura(html: bytes) -> str:
    from trafilatura import extract  # noqa: PLC0415 - see the module

    return extract(html) or ""


def _trafilatura_fast(html: bytes) -> str:
    from trafilatura import extract  # noqa: PLC0415 - see the module

    return extract(html, fast=True) or ""


def _trafilatura_without_comments(html: bytes) -> str:
    # Its default keeps readers' comments, which the gold of most corpora leaves out.
    from trafilatura import extract  # noqa: PLC0415 - see the module

    return extract(html, include_comments=False) or ""


def _resiliparse(html: bytes) -> str:
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415 - see the module

    return str(extract_plain_text(_decoded(html), main_content=True))


def _readability(html: bytes) -> str:
    from lxml import html as lxml_html  # noqa: PLC0415 - see the module
    from readability import Document  # noqa: PLC0415 - see the module

    summary = lxml_html.fromstring(Document(_decoded(html)).summary())
    return " ".join(summary.itertext())


def _justext(html: bytes) -> str:
    import justext  # noqa: PLC0415 - see the module

    paragraphs = justext.justext(html, justext.get_stoplist("English"))
    return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)


def _boilerpy3(html: bytes) -> str:
    from boilerpy3.extractors import ArticleExtractor  # noqa: PLC0415 - see the module

    return str(ArticleExtractor(raise_on_failure=False).get_content(_decoded(html)))


def _newspaper4k(html: bytes) -> str:
    import newspaper  # noqa: PLC0415 - see the module

    article = newspaper.Article("https://example.org/", fetch_images=False)
    article.download(input_html=_decoded(html))
    article.parse()
    return str(article.text)


def _goose3(html: bytes) -> str:
    from goose3 import Goose  # noqa: PLC0415 - see the module

    with Goose({"enable_image_fetching": False}) as goose:
        return str(goose.extract(raw_html=_decoded(html)).cleaned_text)


def _turbohtml(html: bytes) -> str:
    import turbohtml  # noqa: PLC0415 - see the module

    return turbohtml.parse(_decoded(html)).main_text()


def _javascript(tool: str, html: bytes) -> str:
    from lxml import html as lxml_html  # noqa: PLC0415 - see the module

    made = lxml_html.fromstring(f"<div>{javascript.extracted(tool, _decoded(html))}</div>")
    return " ".join(made.xpath(".//text()[not(ancestor::script or ancestor::style)]"))


def _selectolax_parse(html: bytes) -> object:
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 - see the module

    return LexborHTMLParser(_decoded(html))


def _turbohtml_parse(html: bytes) -> object:
    import turbohtml  # noqa: PLC0415 - see the module

    return turbohtml.parse(_decoded(html))


PEERS: Final[dict[str, Peer]] = {
    "trafilatura": Peer("trafilatura", _trafilatura),
    "trafilatura fast": Peer("trafilatura", _trafilatura_fast),
    "trafilatura, no comments": Peer("trafilatura", _trafilatura_without_comments),
    "resiliparse": Peer("resiliparse", _resiliparse),
    "readability-lxml": Peer("readability-lxml", _readability),
    "jusText": Peer("justext", _justext),
    "boilerpy3": Peer("boilerpy3", _boilerpy3),
    "newspaper4k": Peer("newspaper4k", _newspaper4k),
    "goose3": Peer("goose3", _goose3),
    "turbohtml": Peer("turbohtml", _turbohtml),
    "Readability.js": Peer("npm:@mozilla/readability", partial(_javascript, "readability")),
    "Defuddle": Peer("npm:defuddle", partial(_javascript, "defuddle")),
}
"""By the name in the tables, in their order. English word lists where a tool wants a language: it is not told one."""

PARSERS: Final[dict[str, Parser]] = {
    "selectolax, parse alone": Parser("selectolax", _selectolax_parse),
    "turbohtml, parse alone": Parser("turbohtml", _turbohtml_parse),
}
"""What no extractor can be quicker than."""


def called(name: str, html: bytes) -> str | None:
    """What a tool makes of a page; None where it fails. Its messages are swallowed."""
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            return PEERS[name].call(html)
    except Exception:  # noqa: BLE001 - whatever it is, it is the tool's and counts as an error of it
        return None
    finally:
        logging.disable(logging.NOTSET)


def tool_version(name: str) -> str:
    """The installed version of a tool.

    Raises:
        PackageNotFoundError: it is not installed.
    """
    return distribution_version((PEERS | PARSERS)[name].distribution)


def left_out() -> list[str]:
    """The tools that are not here, which PEERS is without from now on."""
    missing = []
    for name in PEERS:
        try:
            tool_version(name)
        except PackageNotFoundError:
            missing.append(name)
    for name in missing:
        del PEERS[name]
    return missing
