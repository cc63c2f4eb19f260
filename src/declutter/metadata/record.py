"""The metadata of a page, as its reader gets them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Metadata"]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself; None, or an empty tuple, where it does not.

    Texts are lines without markup and control characters.

    Attributes:
        title: of what the page is about, without the name of the site.
        authors: one name each, without "by", degrees and professions; a body where no person is named.
        published: day of first publication, as 2026-03-01.
        modified: day of the last change, likewise.
        site_name: name of the site.
        language: primary tag of BCP 47: "en".
        canonical: the address that the page gives itself; absolute, http or https.
        description: in a sentence or two.
        image: address of its main image; absolute, http or https.
    """

    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    site_name: str | None = None
    language: str | None = None
    canonical: str | None = None
    description: str | None = None
    image: str | None = None

    @property
    def author(self) -> str | None:
        """The authors in one text, with commas between them."""
        return ", ".join(self.authors) or None

    @property
    def date(self) -> str | None:
        """The day the page is of: published, else modified."""
        return self.published or self.modified

    def to_dict(self) -> dict[str, Any]:
        """As plain data, ready for JSON."""
        return asdict(self) | {"authors": list(self.authors)}
