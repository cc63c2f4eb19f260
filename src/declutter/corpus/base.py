"""What a labelled page is, whatever corpus it comes from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from declutter.labels import Label

__all__ = [
    "CorpusPage",
    "FormKinds",
    "Gold",
    "LabelledRange",
    "LabelledRanges",
    "MarkedElements",
    "Segments",
    "WholeText",
]


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


@dataclass(frozen=True, slots=True)
class LabelledRange:
    """One label of an annotation.

    Attributes:
        start: first character of the decoded source; -1 for a node that has no place there.
        end: one past the last; -1 likewise.
        words: hash of the words of the range, or of the node.
        path: CSS path of the element it begins in, for people.
        label: what it is.
    """

    start: int
    end: int
    words: str
    path: str
    label: Label


@dataclass(frozen=True, slots=True)
class LabelledRanges:
    """Labels of ranges of the source: an annotation (see `corpus.annotations` and `corpus.ranges`).

    Attributes:
        ranges: in the order of the source; they do not overlap.
        unplaced: labels of nodes that have no place in the source, in document order.
        encoding: what the page was decoded in.
        complete: the page is fully labelled; else what no range covers is not annotated.
    """

    ranges: tuple[LabelledRange, ...]
    unplaced: tuple[LabelledRange, ...]
    encoding: str
    complete: bool


Gold = WholeText | Segments | FormKinds | MarkedElements | LabelledRanges


@dataclass(frozen=True, slots=True)
class CorpusPage:
    """One page of a corpus with its gold.

    Attributes:
        corpus: name of the corpus, as in `training_data/sources.toml`.
        name: name of the page, unique in its corpus.
        html: the page as it was served, gunzipped, undecoded.
        gold: what is known of its content, and what it is scored by; None where the page is there to be annotated.
        annotation: our labels for a page that has a gold of another kind too: they are what is trained on.
        reading: labels of somebody who did not see the gold: they say which kinds what the gold leaves out is of, and
            nothing of content.
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
    annotation: LabelledRanges | None = None
    reading: LabelledRanges | None = None

    @property
    def sha256(self) -> str:
        """Hash of the page's gunzipped bytes."""
        return hashlib.sha256(self.html).hexdigest()
