"""A page whose document is not what it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from declutter import Page


class Altered:
    """A page in all but its document."""

    def __init__(self, page: Page, html: str) -> None:
        self._page = page
        self._html = html

    def __getattr__(self, name: str) -> Any:
        return getattr(self._page, name)

    def html(self, _scope: str) -> str:
        return self._html
