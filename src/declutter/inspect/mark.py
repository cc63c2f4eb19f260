"""A page as inert HTML in which each block carries its label and number.

Written from the node columns with a handful of elements and attributes, and none of the page's addresses or handlers; then
sanitised all the same. Class and id stay, and style as `looks.py` says. What could act in a browser is drawn instead: a
form's controls, frames, media and images become spans that tell what they were. Raster images that stand in the page
itself (`data:`) stay.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

import numpy as np
from turbohtml.clean import OnDisallowed, Policy, sanitize

from declutter.document import TEXT
from declutter.document.visibility import INLINE
from declutter.inspect.looks import Looks
from declutter.labels import Label
from declutter.render.kept import kept_nodes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["marked_html"]

_LABELS: Final = tuple(Label)
_NEVER: Final = frozenset(("script", "style", "title", "noframes", "noembed", "annotation-xml"))
_VOID: Final = frozenset(("br", "hr", "wbr"))
_PARTS: Final = {
    **dict.fromkeys(("td", "th"), ("tr",)),
    "tr": ("tbody", "thead", "tfoot", "table"),
    **dict.fromkeys(("tbody", "thead", "tfoot", "caption"), ("table",)),
}
# Written as they are; all others give what they hold, as a div where they bound a block.
_SAME: Final = frozenset(
    (
        *("article", "section", "main", "header", "footer", "aside", "nav", "div", "address"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "blockquote", "figure", "figcaption"),
        *("ul", "ol", "li", "dl", "dt", "dd", "table", *_PARTS, *_VOID),
        *("a", "abbr", "b", "strong", "i", "em", "u", "s", "small", "mark", "sub", "sup", "del", "ins"),
        *("code", "kbd", "samp", "var", "q", "cite", "time", "dfn", "bdi", "bdo", "ruby", "rt", "rp"),
    )
)
_OTHERS: Final = {
    **dict.fromkeys(("xmp", "plaintext", "listing", "textarea"), "pre"),
    **dict.fromkeys(("form", "fieldset", "details", "dialog"), "div"),
}
# What is drawn in the place of an element, as its data-declutter-was.
_DRAWN: Final = {
    "button": "button",
    "select": "choice",
    "datalist": "choice",
    "textarea": "field",
    "input": "field",
    "img": "image",
    "iframe": "frame",
    **dict.fromkeys(("video", "audio", "object", "embed", "canvas"), "media"),
}
_INPUTS: Final = {
    **dict.fromkeys(("submit", "button", "reset", "image"), "button"),
    **dict.fromkeys(("checkbox", "radio"), "tick"),
}
# Their value is not what they show.
_SECRET: Final = frozenset(("checkbox", "radio", "password", "file", "range", "color"))
# Shown by what they say, not by what they hold.
_WHOLE: Final = frozenset(("select", "datalist", "iframe"))
_RASTER: Final = re.compile(r"data:image/(?:png|jpe?g|gif|webp|avif|bmp|x-icon)[;,]", re.IGNORECASE)
# A smaller one, in characters, is blank and holds the place of one that a script would load: its text says more.
_LEAST_PICTURE: Final = 200
# Pixels that count visitors are nothing to see.
_TINY: Final = frozenset(("0", "1", "0px", "1px"))
# A span of more cells than this is a mistake or an attack: browsers make room for all of them.
_SPAN: Final = re.compile(r"[1-9][0-9]{0,2}")
_VALUES: Final = {
    "colspan": _SPAN,
    "rowspan": _SPAN,
    "start": re.compile(r"-?[0-9]{1,9}"),
    "dir": re.compile(r"ltr|rtl|auto", re.IGNORECASE),
    "lang": re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,5}"),
}
# Written for the sake of style sheets alone, where they stand apart from the rows of a table, which could not hold them.
_BARE: Final = frozenset(
    "area base basefont bgsound body col colgroup frame frameset head html link meta param source track".split()
)
_ROWS: Final = frozenset(("table", "tbody", "thead", "tfoot", "tr"))
_ALWAYS: Final = frozenset(("center", "noscript", "template"))
_OURS: Final = frozenset(
    f"data-declutter-{name}" for name in ("label", "block", "hidden", "cut", "was", "style", "tag", "closed", "align")
)

_POLICY: Final = Policy(
    tags=frozenset((*_SAME, "span", "img")),
    attributes={
        "*": _OURS | {"class", "id", "dir", "lang"},
        "img": frozenset(("src", "alt")),
        "td": frozenset(("colspan", "rowspan")),
        "th": frozenset(("colspan", "rowspan")),
        "ol": frozenset(("start",)),
    },
    url_schemes=frozenset(("data",)),
    allow_relative_urls=False,
    attribute_prefixes=frozenset(("data-declutter-page-",)),
    on_disallowed_tag=OnDisallowed.REMOVE,
    strip_comments=True,
)


def marked_html(
    document: Document,
    blocks: Blocks,
    labels: NDArray[np.int64],
    sheet: str = "",
    shown: NDArray[np.bool_] | None = None,
) -> str:
    """The whole page, inert, as HTML for a body.

    The element of a block, or a span around each of its pieces where the element holds more, has `data-declutter-label`
    and `data-declutter-block`, the number of the block, and `data-declutter-hidden` where no visitor sees it at first.
    What the cleaned page lacks has `data-declutter-cut`.

    Args:
        document: the page.
        blocks: its n blocks.
        labels: int64, n, places in Label.
        sheet: the page's styles, of `page_sheet`: what they choose elements by stays.
        shown: bool, n, the blocks that the cleaned page has; None for those that are content.
    """
    shown = np.asarray(labels == 0) if shown is None else shown
    return sanitize(_Writer(document, blocks, labels, sheet, shown).write(), _POLICY)


class _Writer:
    """Writes the marks into the page; not yet sanitised."""

    def __init__(
        self, document: Document, blocks: Blocks, labels: NDArray[np.int64], sheet: str, shown: NDArray[np.bool_]
    ) -> None:
        self.document = document
        self.blocks = blocks
        self.looks = Looks(document, sheet)
        self.labels: list[int] = labels.tolist()
        self.hidden: list[bool] = blocks.hidden.tolist()
        self.stays: list[bool] = kept_nodes(document, blocks, shown).tolist()
        self.owners = frozenset(blocks.owners.tolist())
        # The block of each element that holds one block and no other: there the element itself is marked.
        owners = blocks.owners
        found = np.searchsorted(blocks.starts, document.ends[owners]) - np.searchsorted(blocks.starts, owners)
        self.alone = {int(owners[row]): int(row) for row in np.flatnonzero(found == 1)}
        self.marked: set[int] = set()  # blocks whose element is
        self.cut_until = 0

    def write(self) -> str:
        document, of_node = self.document, self.blocks.of_node.tolist()
        tags, texts = document.tags, document.texts
        ends: list[int] = document.ends.tolist()
        out: list[str] = []
        open_tags: list[tuple[int, str]] = []  # end of the subtree, name
        node, count = 1, len(tags)
        while node < count:
            while open_tags and node >= open_tags[-1][0]:
                out.append(f"</{open_tags.pop()[1]}>")
            tag, row = tags[node], of_node[node]
            if tag in _NEVER:
                node = ends[node]
            elif tag == "svg":
                # HTML inside a drawing is text of the page; the drawing itself is left out.
                node = next((at for at in range(node, ends[node]) if tags[at].lower() == "foreignobject"), ends[node])
            elif tag == TEXT:
                words = escape(texts[node], quote=False)
                if row < 0:
                    out.append(words if words.isspace() else "")  # what else is of no block is drawn, or has no ink
                elif row in self.marked:
                    out.append(words)
                else:
                    out.append(f"<span{self.mark(row)}{self.cut(node)}>{words}</span>")
                node += 1
            else:
                name = self.name(node, row, open_tags[-1][1] if open_tags else "")
                if name:
                    out.append(f"<{name}{self.marks(node, row)}{self.cut(node)}{self.attributes(node, name)}>")
                    if name not in _VOID:
                        open_tags.append((ends[node], name))
                    out.append(self.inside(node, row))
                node = ends[node] if tag in _WHOLE else node + 1
        while open_tags:
            out.append(f"</{open_tags.pop()[1]}>")
        return "".join(out)

    def name(self, node: int, row: int, parent: str) -> str:
        """The element to write for one, "" for none; `parent` is the element that it is written in."""
        tag = self.document.tags[node]
        if tag == "textarea":
            return "pre"
        if tag in _DRAWN or row >= 0:
            return tag if tag == "a" else "" if row < 0 and self.is_nothing(node) else "span"
        if tag in _PARTS:
            return tag if parent in _PARTS[tag] else "div"  # anywhere else a browser leaves them out
        if tag in _SAME:
            return tag
        if tag in _OTHERS:
            return _OTHERS[tag]
        if tag in _BARE:
            return ""
        if node in self.owners and tag not in INLINE:
            return "div"
        if parent in _ROWS or not (tag in _ALWAYS or self.looks.has(node)):
            return ""
        # A paragraph ends where a div begins, not where a span does.
        return "div" if tag not in INLINE and tag not in {"noscript", "template"} and "-" not in tag else "span"

    def is_nothing(self, node: int) -> bool:
        """Whether it shows nothing at all: a hidden field, a pixel or frame that counts visitors."""
        tag, attribute = self.document.tags[node], self.document.attribute
        if tag == "img" or tag == "iframe":
            return not _TINY.isdisjoint((attribute(node, "width"), attribute(node, "height")))
        return tag == "input" and (attribute(node, "type") or "").lower() == "hidden"

    def marks(self, node: int, row: int) -> str:
        """The mark of an element: of the block that it alone holds, or of the control or image that it is."""
        alone = self.alone.get(node, -1)
        if alone >= 0:
            self.marked.add(alone)
            return self.mark(alone)
        return self.mark(row) if row >= 0 and row not in self.marked else ""

    def mark(self, row: int) -> str:
        hidden = ' data-declutter-hidden=""' if self.hidden[row] else ""
        return f' data-declutter-label="{_LABELS[self.labels[row]]}" data-declutter-block="{row}"{hidden}'

    def cut(self, node: int) -> str:
        if self.stays[node] or node < self.cut_until:
            return ""
        self.cut_until = int(self.document.ends[node])
        return ' data-declutter-cut=""'

    def attributes(self, node: int, written: str) -> str:
        """All attributes of an element but its mark; `written` is the name that it is given."""
        tag = self.document.tags[node]
        out = f' data-declutter-was="{_DRAWN[tag]}"' if tag in _DRAWN else ""
        if tag == "input":
            kind = (self.document.attribute(node, "type") or "text").lower()
            out = f' data-declutter-was="{_INPUTS.get(kind, "field")}"'
        for name, value in self.document.attributes[node]:
            if name in _VALUES and value and _VALUES[name].fullmatch(value):
                out += f' {name}="{value}"'
        return out + self.looks.written(node, written)

    def inside(self, node: int, row: int) -> str:
        """What is drawn in an element that shows more, or other, than its text nodes."""
        document = self.document
        tag = document.tags[node]
        text = self.blocks.texts[row] if row >= 0 else ""
        if tag == "img":
            text = document.attribute(node, "alt") or ""
            source = (document.attribute(node, "src") or "").strip()
            if len(source) >= _LEAST_PICTURE and _RASTER.match(source):
                return f'<img src="{escape(source)}" alt="{escape(text)}">'
        elif tag == "input" and row < 0:
            kind = (document.attribute(node, "type") or "text").lower()
            shown = "" if kind in _SECRET else document.attribute(node, "value")
            text = shown or document.attribute(node, "placeholder") or ""
        elif row >= 0 and tag not in _WHOLE and tag != "input":
            # An icon: what it is called.
            text = document.named("aria-label").get(node, document.named("title").get(node, ""))
        return escape(text, quote=False)
