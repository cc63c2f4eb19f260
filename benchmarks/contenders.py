"""What `make bench-speed` times: this project, other extractors, and parsers alone, each by its call on the bytes of a page."""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING, Final

from peers import PARSERS, PEERS

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["BASE", "NAMES", "OURS", "PURE", "call_of", "quiet"]

OURS: Final = "declutter"
PURE: Final = "declutter, pure Python"
BASE: Final = "trafilatura"
"""What the others are held against."""

NAMES: Final = (OURS, PURE, BASE, "trafilatura fast", "resiliparse", "turbohtml", *PARSERS)
"""All of them, in the order of the tables."""


def call_of(name: str) -> Callable[[bytes], object]:
    """The call of one of NAMES; nothing of the others is imported, so that memory is its own."""
    if name not in {OURS, PURE}:
        return PARSERS[name].call if name in PARSERS else PEERS[name].call
    import declutter  # noqa: PLC0415 - see above
    from declutter import compiled  # noqa: PLC0415 - see above

    if not compiled.used:
        raise SystemExit(
            "the compiled forms are missing: install the project with a C compiler, without DECLUTTER_PURE"
        )

    def pure(html: bytes) -> str:
        """What runs where the extension is not built."""
        compiled.used = False
        try:
            return declutter.clean(html)
        finally:
            compiled.used = True

    return pure if name == PURE else declutter.clean


def quiet() -> None:
    """Silence what the tools say of pages: writing it would be timed."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
