"""The content of a page as inert HTML and as Markdown; turbohtml sanitises and converts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import turbohtml
from turbohtml.clean import DEFAULT_ATTRIBUTES, DEFAULT_TAGS, OnDisallowed, Policy, sanitize

from declutter.render.tree import kept_html, kept_nodes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["content_html", "content_markdown"]

_TAGS: Final = DEFAULT_TAGS | frozenset(
    "article section main header footer aside nav div span figure figcaption picture source img h1 h2 h3 h4 h5 h6 p br hr"
    " ul ol li dl dt dd table caption colgroup col thead tbody tfoot tr th td pre code kbd samp var blockquote q cite"
    " a abbr b strong i em u s small mark sub sup del ins time dfn bdi bdo ruby rt rp wbr details summary address"
    " video audio track".split()
)
_GENERAL: Final = frozenset(("title", "lang", "dir", "class", "id"))
_ATTRIBUTES: Final = {
    **DEFAULT_ATTRIBUTES,
    "*": frozenset(DEFAULT_ATTRIBUTES.get("*", frozenset())) | _GENERAL,
    "a": frozenset(("href", "hreflang", "rel")),
    "img": frozenset(("src", "srcset", "alt", "width", "height")),
    "source": frozenset(("src", "srcset", "type", "media", "sizes")),
    "video": frozenset(("src", "poster", "width", "height")),
    "audio": frozenset(("src",)),
    "td": frozenset(("colspan", "rowspan", "headers")),
    "th": frozenset(("colspan", "rowspan", "headers", "scope")),
    "ol": frozenset(("start", "type", "reversed")),
    "time": frozenset(("datetime",)),
    "q": frozenset(("cite",)),
    "blockquote": frozenset(("cite",)),
    "del": frozenset(("cite", "datetime")),
    "ins": frozenset(("cite", "datetime")),
    "details": frozenset(("open",)),
}
# Names stay for styling; what could run, load a frame or post a form does not.
_POLICY: Final = Policy(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    allow_fragment_urls=True,
    on_disallowed_tag=OnDisallowed.STRIP,
    strip_comments=True,
)


def content_html(document: Document, blocks: Blocks, keep: NDArray[np.bool_]) -> str:
    """The kept part of the page's tree, inert: no script, handler, form, frame or script address."""
    return sanitize(kept_html(document, kept_nodes(document, blocks, keep)), _POLICY)


def content_markdown(document: Document, blocks: Blocks, keep: NDArray[np.bool_]) -> str:
    """The kept part of the page's tree as GitHub-flavoured Markdown."""
    return turbohtml.parse(content_html(document, blocks, keep)).to_markdown().strip()
