"""What of the content is lost, by element: first and last paragraphs, headings, lists, tables, code, captions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.features import FEATURE_NAMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.training.examples import Example

__all__ = ["ELEMENTS", "kept_words", "nearly_empty"]

ELEMENTS: Final = (
    "first paragraph",
    "last paragraph",
    "other paragraphs",
    "headings",
    "list items",
    "table cells",
    "code",
    "captions",
)
"""What a block of content is, by the element that holds it; everything that is none of the others is a paragraph."""

_FIRST, _LAST, _OTHER, _HEADING, _ITEM, _CELL, _CODE, _CAPTION = range(len(ELEMENTS))
# Shorter ones are datelines and bylines, which nobody would call the first paragraph.
_PARAGRAPH: Final = 10
_EMPTY: Final = 0.1
_OWN: Final = tuple(
    FEATURE_NAMES.index(f"is_{tag}") for tag in ("p", "li", "div", "td", "dd", "dt", "span", "blockquote")
)
_COLUMNS: Final = {name: place for place, name in enumerate(FEATURE_NAMES)}


def _content(example: Example) -> NDArray[np.bool_]:
    """Blocks that are content as the gold has it, less the headline, which stays whatever the model says."""
    wanted = np.asarray(example.content == 1)
    if example.headline >= 0:
        wanted[example.headline] = False
    return wanted


def _elements(example: Example, wanted: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The place in ELEMENTS of each block."""

    def column(*names: str) -> NDArray[np.bool_]:
        return np.asarray(example.features[:, [_COLUMNS[name] for name in names]].any(axis=1))

    found = np.full(len(example), _OTHER)
    paragraph, bare = column("is_p"), ~example.features[:, _OWN].any(axis=1)
    # The later line decides: a heading in a table is a heading.
    found[column("is_li", "is_dd", "is_dt") | (column("in_tag_item") & ~paragraph)] = _ITEM
    found[column("in_tag_figure", "is_figcaption")] = _CAPTION
    found[column("is_td") | (column("in_tag_table") & bare)] = _CELL
    found[column("in_tag_pre", "is_pre")] = _CODE
    found[column("is_heading", "in_tag_heading")] = _HEADING
    rows = np.flatnonzero(wanted & (found == _OTHER) & (example.words >= _PARAGRAPH))
    if len(rows):
        found[rows[-1]] = _LAST
        found[rows[0]] = _FIRST  # of a page with one paragraph it is the first
    return found


def kept_words(example: Example, keep: NDArray[np.bool_]) -> dict[str, list[int]]:
    """Words of content that are kept, and all words of content, by element; elements that a page lacks are left out.

    Args:
        example: a page whose blocks' targets are known, or some of them.
        keep: bool, n: which blocks stay.
    """
    wanted = _content(example)
    elements = _elements(example, wanted)
    counts = {}
    for place, name in enumerate(ELEMENTS):
        rows = wanted & (elements == place)
        if words := int(example.words[rows].sum()):
            counts[name] = [int(example.words[rows & keep].sum()), words]
    return counts


def nearly_empty(example: Example, keep: NDArray[np.bool_]) -> bool | None:
    """Whether under a tenth of the words of content is kept; None for a page whose gold holds no words."""
    wanted = _content(example)
    words = float(example.words[wanted].sum())
    return float(example.words[wanted & keep].sum()) < _EMPTY * words if words else None
