"""Chrome out of a BeautifulSoup, in place: one line for programs that hold one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from declutter.document import TEXT
from declutter.document.limits import Limits
from declutter.document.soups import soup_nodes
from declutter.errors import InputError
from declutter.pipeline import predict
from declutter.render.cut import cut_rows

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag
    from bs4.element import NavigableString

    from declutter.page import Block, Page

__all__ = ["prune"]


def prune(soup: BeautifulSoup | Tag, **options: Any) -> tuple[Block, ...]:
    """Take the chrome out of a soup, in place.

    What goes is what `predict(soup)` labels as other than content: the largest elements that hold chrome and nothing
    that stays, with their pictures, forms and scripts; where none can go whole, the texts in it. All other nodes stay
    the very same objects. `html`, `head`, `body`, `main` and the tag that was given stay, even if nothing is left in them;
    so do comments, the doctype and scripts outside of what goes. What was taken out is whole, for those who hold it.

    Args:
        soup: a BeautifulSoup of any parser, or a Tag, which is read as a page of its own.
        **options: all arguments of `predict` but the page itself, by their names.

    Returns:
        The blocks that were taken out, in document order. Some that `predict` calls chrome can stay: the description of a picture
        between blocks that stay, a control that alone parts two words that stay, and what a `<template>` or `<noscript>`
        of the head holds.

    Raises:
        InputError: this is no soup, or `limits` are to truncate: what is not read cannot be told from content.
        DeclutterError: as `predict`; the soup is then as it was.
    """
    from bs4 import Tag  # noqa: PLC0415 - most callers hold no soup, and the import costs

    if not isinstance(soup, Tag):
        raise InputError(
            f"cannot prune {type(soup).__name__}: give a BeautifulSoup or Tag"
            " (for str or bytes, clean(html, output='html', scope='document') gives the page without its chrome)"
        )
    limits = options.get("limits")
    if isinstance(limits, Limits) and limits.on_exceed == "truncate":
        raise InputError(
            'prune cannot take out what it did not read: give limits with on_exceed="raise", which leave a larger soup as it is'
        )
    page = predict(soup, **options)
    document, table = page._document, page._table  # noqa: SLF001 - the columns behind the blocks
    nodes = _paired(soup, page)
    keep = page._shown(headline=True)  # noqa: SLF001 - see above
    rows = cut_rows(document, table, keep, root=0 if soup.name == "[document]" else 1)
    gone = np.zeros(len(document), dtype=np.bool_)
    for row in rows:
        gone[row : document.ends[row]] = True
    _take([nodes[row] for row in rows])
    return tuple(block for block, start in zip(page.blocks, table.starts.tolist(), strict=True) if gone[start])


def _paired(soup: Tag, page: Page) -> list[Tag | NavigableString]:
    """The node of the soup for each row of the page."""
    from bs4 import Tag  # noqa: PLC0415 - see above

    document = page._document  # noqa: SLF001 - see above
    nodes = [soup, *(node for node, _ in soup_nodes(soup))]
    if [node.name.lower() if isinstance(node, Tag) else TEXT for node in nodes[1:]] != document.tags[1:]:
        raise InputError("the soup changed while it was read: prune it in one thread at a time")
    return nodes


def _take(nodes: list[Tag | NavigableString]) -> None:
    """Take nodes out of their parents, the last first, so that places among siblings are looked up once."""
    meant = {id(node) for node in nodes}
    parents = {id(node.parent): node.parent for node in nodes}
    places = {
        id(child): place
        for parent in parents.values()
        if parent is not None
        for place, child in enumerate(parent.contents)
        if id(child) in meant
    }
    for node in reversed(nodes):
        node.extract(_self_index=places[id(node)])  # bs4 would look for the place again, sibling by sibling
