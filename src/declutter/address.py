"""What a page says of the address that it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from declutter.document import read_document
from declutter.rulebook import host_of

if TYPE_CHECKING:
    from declutter.document import Html

__all__ = ["page_address"]


def page_address(html: Html, *, encoding: str | None = None) -> str | None:
    """The absolute address in the page's canonical link, else in its og:url; None where neither has one.

    It is what the page says, and a page may say what it likes. Costs a parse.

    Args:
        html: as for `predict`.
        encoding: as for `predict`.

    Raises:
        InputError: the input is no page.
    """
    document = read_document(html, encoding=encoding)
    for node, address in document.named("href").items():
        relations = (document.attribute(node, "rel") or "").lower().split()
        if document.tags[node] == "link" and "canonical" in relations and host_of(address):
            return address.strip()
    for node, tag in enumerate(document.tags):
        if tag == "meta":
            names = {document.attribute(node, "property"), document.attribute(node, "name")}
            address = document.attribute(node, "content") or ""
            if "og:url" in names and host_of(address):
                return address.strip()
    return None
