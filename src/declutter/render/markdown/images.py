"""Images, of which Markdown has one address: where it stands when it is not in `src`."""

from __future__ import annotations

from itertools import pairwise

import turbohtml

__all__ = ["address_images"]


def address_images(tree: turbohtml.Document) -> None:
    """Give images without an address the first of their `srcset`, else of the sources beside them; one that has none becomes its description.

    Of an image without an address beside another of the same description, as scripts that load images late have two, nothing
    is left.
    """
    images = list(tree.find_all("img"))
    for image in images:
        if not image.attrs.get("src") and (address := _first_source(image)):
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


def _first_source(image: turbohtml.Element) -> str:
    """The first address of a `srcset`: of the image, else of a source of its picture; "" where there is none."""
    picture = image.closest("picture")
    holders = [image, *(picture.find_all("source") if picture is not None else [])]
    # A candidate is an address and what it is for, with a comma behind it; an address may hold commas, at its end it has none.
    # https://html.spec.whatwg.org/multipage/images.html#srcset-attributes
    sets = (str(holder.attrs.get("srcset") or "").strip(" \t\n\f\r,") for holder in holders)
    return next((found.split()[0].rstrip(",") for found in sets if found), "")
