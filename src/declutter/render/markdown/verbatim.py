"""Markdown that stands as it is in the tree that is converted."""

from __future__ import annotations

from typing import Final

import turbohtml

__all__ = ["VERBATIM", "as_verbatim", "verbatim"]

VERBATIM: Final = "x-markdown"
"""The element that holds it; no page has it, for what a page has is sanitised."""


def as_verbatim(text: str) -> turbohtml.Element:
    """An element that is converted to a text as it is."""
    return turbohtml.Element(VERBATIM, {"text": text})


def verbatim(element: turbohtml.Element, _inner: str) -> str:
    """The text of such an element."""
    text = element.attrs["text"]
    return text if isinstance(text, str) else ""
