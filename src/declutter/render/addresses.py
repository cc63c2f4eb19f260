"""Addresses in the content, which are relative to a page that the content has left."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

import turbohtml

from declutter.metadata.addresses import web_address

if TYPE_CHECKING:
    from declutter.document import Document

__all__ = ["absolute", "base_of", "localise", "own_addresses", "point_back"]


def base_of(document: Document, url: str | None) -> str:
    """What the links of a page are relative to: its `<base>`, else its own address; "" where neither is known.

    Args:
        document: the page.
        url: where it came from.
    """
    own = web_address(url or "", "") or ""
    bases = (address for node, address in document.named("href").items() if document.tags[node] == "base")
    return web_address(next(bases, ""), own) or own


def absolute(html: str, base: str) -> str:
    """The same HTML with absolute addresses; those of a place in the page itself stay as they are.

    Args:
        html: what a body holds, sanitised.
        base: as from `base_of`; with "" nothing is changed.
    """
    if not base:
        return html
    tree = turbohtml.parse(html)
    tree.rewrite_links(lambda address: _joined(base, address))
    body = tree.find("body")
    return html if body is None else body.inner_html


def own_addresses(document: Document, url: str | None) -> frozenset[str]:
    """The addresses that a page is known by, without a place in it: where it came from, and its canonical link."""
    own = [
        address
        for node, address in document.named("href").items()
        if document.tags[node] == "link" and "canonical" in (document.attribute(node, "rel") or "").lower().split()
    ]
    return frozenset(address.strip().partition("#")[0] for address in (*own, url or "") if address.strip())


def localise(tree: turbohtml.Document, own: frozenset[str]) -> list[tuple[turbohtml.Element, str]]:
    """Let links that give the page's own address before a place in it lead to the place alone.

    Args:
        tree: the content.
        own: as from `own_addresses`.

    Returns:
        The links, and what they led to.
    """
    changed = []
    for link in tree.select('a[href*="#"]') if own else ():
        address, _, place = str(link.attrs["href"]).partition("#")
        if place and address in own:
            changed.append((link, str(link.attrs["href"])))
            link.attrs["href"] = f"#{place}"
    return changed


def point_back(tree: turbohtml.Document, base: str) -> None:
    """Let links to a place in the page lead to the page: Markdown has no names of places."""
    for link in tree.select('a[href^="#"]') if base else ():
        link.attrs["href"] = urljoin(base, str(link.attrs["href"]))


def _joined(base: str, address: str) -> str | None:
    if not address.strip() or address.lstrip().startswith("#"):
        return None
    try:
        return urljoin(base, address)
    except ValueError:  # brackets that are no address of a computer
        return None
