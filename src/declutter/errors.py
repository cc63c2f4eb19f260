"""The errors the library raises. Every message names the input and says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from declutter.page import Page

__all__ = ["CorpusError", "DeclutterError", "InputError", "LimitExceeded", "ModelError", "RuleError"]


class DeclutterError(Exception):
    """The base of every error this library raises on purpose."""


class InputError(DeclutterError):
    """The input cannot be read as a page."""


class LimitExceeded(DeclutterError):  # noqa: N818 - the public contract names it so
    """The input is larger than a limit allows; `partial` is what was read up to it, or None."""

    def __init__(self, message: str, partial: Page | None = None) -> None:
        super().__init__(message)
        self.partial = partial


class ModelError(DeclutterError):
    """A model directory is missing, damaged, untrusted or of another version."""


class CorpusError(DeclutterError):
    """A corpus, manifest or annotation does not hold what it should."""


class RuleError(DeclutterError):
    """A keep or strip rule cannot be understood."""
