"""Images that a script loads when they come into view: where their addresses wait, and the copies for browsers without scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from declutter.document import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from declutter.document import Attributes, Document

__all__ = ["copies", "loaded"]

# Where the common scripts keep the address until then.
_WAITING: Final = {
    "src": ("data-src", "data-lazy-src", "data-original", "data-lazy", "data-url", "nitro-lazy-src", "data-lsrc"),
    "srcset": ("data-srcset", "data-lazy-srcset", "nitro-lazy-srcset"),
}
# What the file is called that is shown until then: eBay, Amazon, WordPress and many others have one of these.
_PLACEHOLDER: Final = re.compile(
    r"(?:\A|[/_.-])(?:blank|spacer|placeholder|(?:(?:grey|gray|clear|trans(?:parent)?)[_-]?)?pixel|transparent|clear|s?_?1x1|1x2"
    r"|lazy(?:load)?|loading|loader|dummy)(?:[_-]?(?:img|image|\d{1,4}(?:x\d{1,4})?)){0,2}\.(?:gif|png|svg|jpe?g|webp)(?:[?#]|\Z)",
    re.IGNORECASE,
)
_ENDINGS: Final = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif")
# Of an image's own attributes none is an address of another script.
_OWN: Final = frozenset(("src", "srcset", "alt", "title", "class", "id", "style", "usemap", "longdesc"))
# What one address can hold of an attribute: what is longer is something else.
_LONGEST: Final = 2000
# Nodes that a copy is at most.
_MOST: Final = 20
_SHOWING: Final = frozenset(("br", "hr", "p", "video", "iframe", "svg", "noscript"))


def loaded(pairs: Attributes) -> Attributes:
    """The attributes of an image as they are once it is loaded.

    An address that waits is taken where there is no other, or one that only holds the place: inline data, a file of such a
    name, or any of an image that has `lazy` in a class.
    """
    values = dict(pairs)
    lazy = "lazy" in (values.get("class") or "").lower()
    for name, waiting in _WAITING.items():
        source = next((values[key] for key in waiting if _is_address(values.get(key), name)), None)
        if source and (lazy or _holds_place(values.get(name))):
            values[name] = source
    if not values.get("src") and not values.get("srcset"):
        _take_any(values)
    return tuple(values.items())


def copies(document: Document) -> dict[int, int]:
    """What is not to be shown of images that stand in a `noscript` again, for browsers without scripts: and what is instead.

    A copy holds one image and no text, has no text between it and the other, and the same address or description. Mostly it
    is the copy that goes; of an image whose address is not known it is that.

    Returns:
        Row of the `noscript`, or of the image, to that of the other image.
    """
    nodes = [node for node, tag in enumerate(document.tags) if tag == "noscript"]
    return dict(pair for node in nodes if (pair := _pair(document, node)))


def _pair(document: Document, node: int) -> tuple[int, int] | None:
    end = int(document.ends[node])
    inner = [row for row in range(node + 1, min(end, node + _MOST)) if document.tags[row] == "img"]
    if end - node > _MOST or len(inner) != 1 or any(_shows(document, row) for row in range(node + 1, end)):
        return None
    copy = dict(loaded(document.attributes[inner[0]]))
    for image in _beside(document, node):
        other = dict(loaded(document.attributes[image]))
        if other.get("src") == copy.get("src") or (other.get("alt") or "").strip() == (copy.get("alt") or "").strip():
            waits = _holds_place(other.get("src")) and not other.get("srcset")
            return (image, inner[0]) if waits else (node, image)
    return None


def _beside(document: Document, node: int) -> Iterator[int]:
    """The image right before an element and the one right behind it, with nothing shown between them."""
    parent = int(document.parents[node])
    for rows in (range(node - 1, parent, -1), range(int(document.ends[node]), int(document.ends[parent]))):
        for row in rows:
            if document.tags[row] == "img":
                yield row
                break
            if _shows(document, row):
                break


def _shows(document: Document, row: int) -> bool:
    """Whether a node shows anything itself, or may."""
    if document.tags[row] == TEXT:
        return not document.texts[row].isspace()
    return document.tags[row] in _SHOWING


def _holds_place(address: str | None) -> bool:
    return not address or address.startswith("data:") or _PLACEHOLDER.search(address[:_LONGEST]) is not None


def _is_address(value: str | None, name: str) -> bool:
    """Whether a waiting value can be an address, which a script's settings are not."""
    if not value or not value.strip() or value.lstrip()[:1] in "{[":
        return False
    return name == "srcset" or len(value.split(maxsplit=1)) == 1


def _take_any(values: dict[str, str | None]) -> None:
    """Take an address from wherever one is, as Readability does: scripts of their own have attributes of their own."""
    for key, value in list(values.items()):
        if key in _OWN or not value or len(value) > _LONGEST:
            continue
        address, *behind = value.split(maxsplit=2) or [""]
        if not address.partition("#")[0].partition("?")[0].lower().endswith(_ENDINGS):
            continue
        if not behind:
            values["src"] = address
            return
        if behind[0].rstrip(",")[-1:] in {"w", "x"} and behind[0][:1].isdigit():
            values["srcset"] = value
            return
