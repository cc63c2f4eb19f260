"""The content of a page as inert HTML and as Markdown; turbohtml sanitises and converts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import turbohtml
from turbohtml.clean import DEFAULT_ATTRIBUTES, OnDisallowed, Policy, sanitize

from declutter.render.tree import WRITTEN, kept_html, kept_nodes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["content_html", "content_markdown"]

_GENERAL: Final = frozenset(("title", "lang", "dir", "class", "id"))
_ATTRIBUTES: Final = {
    **DEFAULT_ATTRIBUTES,
    "*": frozenset(DEFAULT_ATTRIBUTES.get("*", frozenset())) | _GENERAL,
    "a": frozenset(("href", "hreflang", "rel")),
    "img": frozenset(("src", "srcset", "alt", "width", "height")),
    "source": frozenset(("src", "srcset", "type", "media", "sizes")),
    "video": frozenset(("src", "poster", "width", "height", "controls")),
    "audio": frozenset(("src", "controls")),
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
    tags=WRITTEN,
    attributes=_ATTRIBUTES,
    allow_fragment_urls=True,
    on_disallowed_tag=OnDisallowed.STRIP,
    strip_comments=True,
)

# Two line breaks end a paragraph; as they stand Markdown would show them.
_PARAGRAPHS: Final = re.compile(r"(<pre\b.*?</pre>)|<br>(?:\s*<br>)+", re.DOTALL)


def content_html(document: Document, blocks: Blocks, keep: NDArray[np.bool_]) -> str:
    """The kept part of the page's tree, inert: no script, handler, form, frame or script address."""
    return sanitize(kept_html(document, blocks, kept_nodes(document, blocks, keep)), _POLICY)


def content_markdown(document: Document, blocks: Blocks, keep: NDArray[np.bool_]) -> str:
    """The kept part of the page's tree as GitHub-flavoured Markdown."""
    html = _PARAGRAPHS.sub(lambda found: found[1] or "<p></p>", content_html(document, blocks, keep))
    return turbohtml.parse(html).to_markdown().strip()
