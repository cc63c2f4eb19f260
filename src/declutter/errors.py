"""The errors the library raises. Every message names the input and says what to do."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from declutter.page import Page

__all__ = ["CorpusError", "DeclutterError", "InputError", "LimitExceeded", "ModelError", "RuleError", "shown"]

_LONGEST_SHOWN: Final = 100


class DeclutterError(Exception):
    """The base of every error this library raises on purpose."""


class InputError(DeclutterError):
    """The input cannot be read as a page, or an argument is not one that is known."""


class LimitExceeded(DeclutterError):  # noqa: N818 - the public contract names it so
    """The page is larger than a limit allows, or took longer. Its message says which limit, by how much, and the mend."""

    def __init__(self, message: str, within: Callable[[], Page] | None = None) -> None:
        """Make one.

        Args:
            message: which limit, by how much, and the mend.
            within: makes `partial`, and raises nothing.
        """
        super().__init__(message)
        self._within = within

    @cached_property
    def partial(self) -> Page | None:
        """The Page of what lies within the limits, as `on_exceed="truncate"` gives it; None where time ran out.

        Made when first asked for, which takes as long as a page at the limit takes; `max_seconds` does not end that.
        The error holds the page as it was given until then, and the model, if that is not the shipped one.
        """
        page = self._within() if self._within else None
        self._within = None
        return page


class ModelError(DeclutterError):
    """A model directory is missing, damaged, untrusted or of another version."""


class CorpusError(DeclutterError):
    """A corpus, manifest or annotation does not hold what it should."""


class RuleError(DeclutterError):
    """A rule of keep or strip, or a file of rules, cannot be read; or a selector would take too many steps on a page."""


def shown(value: object) -> str:
    """A value of the caller's as a message shows it: as Python writes it, of a long one the beginning."""
    if isinstance(value, str):
        return str.__repr__(value if len(value) <= _LONGEST_SHOWN else f"{value[:_LONGEST_SHOWN]}…")
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - whatever a foreign object raises
        # Python writes no whole number of more than 4,300 digits.
        text = f"of type {type(value).__name__}, which cannot be written out"
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
