"""Images, of which Markdown has one address: where it stands when it is not in `src`."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

import turbohtml

__all__ = ["address_images"]

_SPACES: Final = re.compile(r"[ \t\n\f\r]+")


def address_images(tree: turbohtml.Document) -> None:
    """Give images without an address the first of their `srcset`, else of the sources beside them; one that has none becomes its description.

    Of an image without an address beside another of the same description, as scripts that load images late have two, nothing
    is left.
    """
    images = list(tree.find_all("img"))
    for image in images:
        if not _address(image):
            image.attrs.pop("src", None)
    sources: dict[int, str] = {}  # by picture, which may hold many images
    for image in images:
        if not image.attrs.get("src") and (address := _first_of(image) or _first_source(image, sources)):
            image.attrs["src"] = address
    said = {
        id(one)
        for one, other in (*pairwise(images), *pairwise(reversed(images)))
        if other.attrs.get("src") and one.attrs.get("alt") == other.attrs.get("alt")
    }
    for image in images:
        if not image.attrs.get("src"):
            description = str(image.attrs.get("alt") or "").strip()
            if description and id(image) not in said:
                image.insert_before(turbohtml.Text(description))
            image.extract()


def _address(image: turbohtml.Element) -> str:
    return str(image.attrs.get("src") or "").strip()


def _first_source(image: turbohtml.Element, known: dict[int, str]) -> str:
    """The first address of the sources of the picture around it; "" where there is none."""
    picture = image.closest("picture")
    if picture is None:
        return ""
    if id(picture) not in known:
        known[id(picture)] = next(filter(None, map(_first_of, picture.find_all("source"))), "")
    return known[id(picture)]


def _first_of(holder: turbohtml.Element) -> str:
    """The first address of a `srcset`; "" where there is none.

    A candidate is an address and what it is for, with a comma behind it; an address may hold commas, at its end it has none.
    https://html.spec.whatwg.org/multipage/images.html#srcset-attributes
    """
    found = _SPACES.split(str(holder.attrs.get("srcset") or "").strip(" \t\n\f\r,"), maxsplit=1)[0]
    return found.strip().rstrip(",")
