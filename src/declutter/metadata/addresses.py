"""Addresses that a page names, its own among them: only whole ones of the web are passed on."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from declutter.document import read_document
from declutter.metadata.sources import read_sources

if TYPE_CHECKING:
    from collections.abc import Iterable

    from declutter.document import Html
    from declutter.metadata.sources import Sources

__all__ = ["first_address", "host_of", "is_front", "own_address", "page_address", "web_address"]

# Longer than servers and browsers take.
_LONGEST: Final = 4000
_REFUSED: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\\]")
# More slashes before the host than two are two, as in browsers; a host has a dot, or it has been left out.
_SLASHES: Final = re.compile(r"\A(https?:)/{3,}(?=[^/?#]+\.[^/?#])", re.IGNORECASE)
# What has to be written otherwise in an address, and would end it in an attribute.
_QUOTED: Final = str.maketrans({" ": "%20", '"': "%22", "<": "%3C", ">": "%3E", "`": "%60"})


def web_address(address: str, base: str) -> str | None:
    """An address, made absolute; None where it is not http or https, holds a password or is none.

    Args:
        address: as the page has it.
        base: the address it is relative to, or "".
    """
    address = address.strip()
    if not address or len(address) > _LONGEST or _REFUSED.search(address):
        return None
    try:
        whole = urljoin(base, _SLASHES.sub(r"\1//", address.translate(_QUOTED)))
        parts = urlsplit(whole)
        if parts.scheme in {"http", "https"} and parts.hostname and parts.username is None:
            return whole
    except ValueError:  # brackets that are no address of a computer
        pass
    return None


def first_address(addresses: Iterable[str], base: str) -> str | None:
    """The first of the addresses that is one."""
    return next((whole for address in addresses if (whole := web_address(address, base))), None)


def own_address(sources: Sources, base: str) -> str | None:
    """The address that a page gives itself: of its canonical link, else its og:url."""
    return first_address(chain(sources.link("canonical"), sources.meta("og:url")), base)


def page_address(html: Html, *, encoding: str | None = None) -> str | None:
    """The absolute address that a page gives itself; None where it names none.

    It is what the page says, and a page may say what it likes. Costs a parse.

    Args:
        html: as for `predict`.
        encoding: as for `predict`.

    Raises:
        InputError: the input is no page.
    """
    return own_address(read_sources(read_document(html, encoding=encoding)), "")


def host_of(address: str | None) -> str:
    """The host of an address, or ""."""
    try:
        return (urlsplit(address or "").hostname or "").lower()
    except ValueError:
        return ""


def is_front(address: str) -> bool:
    """Whether a whole address is that of the front page of a site."""
    parts = urlsplit(address)
    return bool(parts.netloc) and parts.path in {"", "/"} and not parts.query and not parts.fragment
