"""The nodes of a BeautifulSoup in the order of a Document's rows: the way there, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import Tag
    from bs4.element import NavigableString

__all__ = ["soup_nodes"]


def soup_nodes(root: Tag) -> Iterator[tuple[Tag | NavigableString, int]]:
    """The nodes of a soup that a Document has rows for, from row 1 on, each with the row of its parent.

    Args:
        root: BeautifulSoup itself is the document; a lone Tag hangs below one.
    """
    from bs4.element import CData, NavigableString, PreformattedString, Tag  # noqa: PLC0415 - most callers hold no soup, and the import costs

    stack: list[tuple[object, int]] = (
        [(child, 0) for child in reversed(root.contents)] if root.name == "[document]" else [(root, 0)]
    )
    row = 0
    while stack:
        item, parent = stack.pop()
        if isinstance(item, Tag):
            row += 1
            stack.extend((child, row) for child in reversed(item.contents))
            yield item, parent
        elif isinstance(item, NavigableString) and (
            isinstance(item, CData) or not isinstance(item, PreformattedString)
        ):
            row += 1
            yield item, parent
