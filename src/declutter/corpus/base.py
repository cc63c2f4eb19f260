"""What a labelled page is, whatever corpus it comes from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from declutter.labels import Label

__all__ = ["CorpusPage", "FormKinds", "Gold", "MarkedElements", "Segments", "WholeText"]


@dataclass(frozen=True, slots=True)
class WholeText:
    """The whole main text of a page; what it does not hold is chrome of unknown kind."""

    text: str


@dataclass(frozen=True, slots=True)
class Segments:
    """Partial gold: passages of the content, and passages that are none. The rest is not annotated."""

    with_: tuple[str, ...]
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormKinds:
    """The kind of each `<form>` of a page in document order, None where nobody said.

    Nothing but the forms is annotated. `fields` holds, form by form, the names of its visible fields as the
    corpus knows them (empty where it does not), so that a page whose forms do not match today's parse is
    found out.
    """

    kinds: tuple[Label | None, ...]
    fields: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class MarkedElements:
    """Labels stand in the page as `data-label` attributes; each block takes that of its nearest element."""

    attribute: str = "data-label"


Gold = WholeText | Segments | FormKinds | MarkedElements


@dataclass(frozen=True, slots=True)
class CorpusPage:
    """One page of a corpus with its gold.

    Attributes:
        corpus: name of the corpus, as in `training_data/sources.toml`.
        name: name of the page, unique in its corpus.
        html: the page as it was served, gunzipped, undecoded.
        gold: what is known of its content; None where the page is there to be annotated.
        url: where it came from, where known.
        page_type: article, forum, product, ... where known.
        language: ISO 639 code of the page's language, where known.
    """

    corpus: str
    name: str
    html: bytes
    gold: Gold | None
    url: str | None = None
    page_type: str | None = None
    language: str | None = None

    @property
    def sha256(self) -> str:
        """Hash of the page's gunzipped bytes."""
        return hashlib.sha256(self.html).hexdigest()
