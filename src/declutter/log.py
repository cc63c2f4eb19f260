"""The library's log: silent unless a program turns logging on; imported where a line is to be written, for it costs start-up time."""

from __future__ import annotations

import logging
from typing import Final

__all__ = ["warn"]

_LOG: Final = logging.getLogger("declutter")
_LOG.addHandler(logging.NullHandler())


def warn(message: str, *values: object) -> None:
    """Write a line at the level of warnings.

    Args:
        message: what to say, with a place of the form of `%` for each value.
        values: what stands there.
    """
    _LOG.warning(message, *values, stacklevel=2)
