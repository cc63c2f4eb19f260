"""Markdown that stands as it is in the tree that is converted."""

from __future__ import annotations

import re
from typing import Final

import turbohtml

__all__ = ["VERBATIM", "as_verbatim", "opened", "verbatim"]

VERBATIM: Final = "x-markdown"
"""The element that holds it; no page has it, for what a page has is sanitised."""


_WRITTEN: Final = re.compile(rf'<{VERBATIM} text="([^"]*)"></{VERBATIM}>')


def opened(markdown: str) -> str:
    """Markdown with what such elements hold in their places where they were written as HTML, as in a table with cells that span."""
    return _WRITTEN.sub(r"\1", markdown)


def as_verbatim(text: str) -> turbohtml.Element:
    """An element that is converted to a text as it is."""
    return turbohtml.Element(VERBATIM, {"text": text})


def verbatim(element: turbohtml.Element, _inner: str) -> str:
    """The text of such an element."""
    text = element.attrs["text"]
    return text if isinstance(text, str) else ""
