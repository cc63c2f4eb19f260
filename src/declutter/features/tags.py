"""Element names as numbers, for the tags that features ask for."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter import compiled
from declutter.document import HEADING, TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["TAG_CODES", "any_of", "tag_codes"]

_NAMES: Final = (
    "p h1 h2 h3 h4 h5 h6 li td th dt dd blockquote pre figcaption div section article main nav aside header footer"
    " form button input select textarea label a img picture svg video audio iframe script ul ol dl table tr figure"
    " span b strong em i code br hr time address summary details dialog fieldset legend body html object embed"
    " noscript template center caption option math progress meter"
)

_NUMBERS: Final = {tag: code for code, tag in enumerate(_NAMES.split(), 1)}

TAG_CODES: Final[dict[str, int]] = {**_NUMBERS, TEXT: -1, HEADING: _NUMBERS["h3"]}
"""Tag -> number; a tag that no feature asks for has none. A heading of a plain text, whose level nobody knows, is an h3."""


def tag_codes(tags: list[str], numbers: dict[str, int] = TAG_CODES) -> NDArray[np.int32]:
    """The number of each tag, 0 for those that have none; of TAG_CODES where no others are given (-1 is text)."""
    if compiled.used:  # src/speedups/tags.c
        codes = np.empty(len(tags), dtype=np.int32)
        compiled.speedups.tag_codes(tags, numbers, codes)
        return codes
    return np.fromiter(map(numbers.get, tags, repeat(0)), np.int32, len(tags))


def any_of(codes: NDArray[np.int32], tags: Sequence[str]) -> NDArray[np.bool_]:
    """Which of the codes are of one of these tags."""
    mask: NDArray[np.bool_] = codes == TAG_CODES[tags[0]]
    for tag in tags[1:]:
        mask |= codes == TAG_CODES[tag]
    return mask
