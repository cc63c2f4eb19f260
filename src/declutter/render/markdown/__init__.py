"""The content of a page as Markdown; turbohtml converts it, after what Markdown cannot say is put as it can."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import turbohtml

from declutter.render.html import content_html
from declutter.render.markdown.code import name_languages, without_gutters
from declutter.render.markdown.definitions import defined
from declutter.render.markdown.emphasis import EMPHASIS, join_emphasis
from declutter.render.markdown.formulas import with_formulas
from declutter.render.markdown.links import drop_permalinks, part_links, tag_of
from declutter.render.markdown.notes import take_notes
from declutter.render.markdown.verbatim import VERBATIM, opened, verbatim

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["content_markdown"]

# Two line breaks end a paragraph; as they stand Markdown would show them.
_PARAGRAPHS: Final = re.compile(r"(<pre\b.*?</pre>)|<br>(?:\s*<br>)+", re.DOTALL)
_LISTS: Final = frozenset(("ul", "ol"))
# A space that keeps words in a line: the converter writes it as what it is in HTML.
_NO_BREAK: Final = "&nbsp;"
_MARKDOWN: Final = turbohtml.Markdown(
    converters={
        VERBATIM: verbatim,
        **EMPHASIS,
        # Markdown has no way of its own.
        "sub": lambda _, inner: f"<sub>{inner}</sub>" if inner.strip() else inner,
        "sup": lambda _, inner: f"<sup>{inner}</sup>" if inner.strip() else inner,
    }
)


def content_markdown(document: Document, blocks: Blocks, keep: NDArray[np.bool_], url: str | None = None) -> str:
    """The kept part of the page's tree as GitHub-flavoured Markdown, with footnotes, definition lists and formulas beyond it.

    A link around headings stands on them, one around other blocks on the first: Markdown has links in a line alone. Addresses
    are absolute where it is known where the page came from.
    """
    html = content_html(document, blocks, keep, url).replace(_NO_BREAK, " ")
    tree = turbohtml.parse(_PARAGRAPHS.sub(lambda found: found[1] or "<p></p>", html))
    without_gutters(tree)
    name_languages(tree)
    join_emphasis(tree)
    with_formulas(tree)
    notes = take_notes(tree)
    if url:
        from declutter.render.addresses import base_of, point_back  # noqa: PLC0415 - few callers say where a page came from

        point_back(tree, base_of(document, url))
    drop_permalinks(tree)
    part_links(tree)
    for outer in reversed(tree.select("ul, ol")):
        _join_lists(outer)
    for cell in tree.select("[colspan='1'], [rowspan='1']"):
        for name in ("colspan", "rowspan"):
            if cell.attrs.get(name) == "1":
                del cell.attrs[name]  # a cell that spans but itself makes of its table one that Markdown cannot write
    defined(tree, _MARKDOWN)
    texts = [tree.to_markdown(_MARKDOWN).strip()]
    texts += [f"[^{name}]: {_indented(note.to_markdown(_MARKDOWN).strip())}" for name, note in notes]
    return opened("\n\n".join(text for text in texts if text))


def _indented(text: str) -> str:
    """Text whose lines behind the first belong to a note."""
    return "\n".join(f"    {line}" if number and line else line for number, line in enumerate(text.split("\n")))


def _join_lists(outer: turbohtml.Element) -> None:
    """Open lists directly in a list before its first item: Markdown would have indented code there, or more of a paragraph."""
    for node in list(outer.children):
        if tag_of(node) == "li":
            return
        if isinstance(node, turbohtml.Element) and node.tag in _LISTS:
            items = bool(node.children)
            node.unwrap()
            if items:
                return
