"""The kept part of a page as HTML, written from the node columns."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from declutter.blocks import Origin
from declutter.document import DOCUMENT, HEADING, LINE, TEXT
from declutter.document.visibility import INLINE
from declutter.render.apart import parting_links, parts_words
from declutter.render.formulas import Formulas, bare_tex, linear, written_tex
from declutter.render.kept import NEVER, tasks
from declutter.render.lazy import copies, loaded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["WRITTEN", "kept_html"]

WRITTEN: Final = frozenset(
    (
        *("article", "section", "main", "header", "footer", "aside", "nav", "div", "address", "details", "summary"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "pre", "blockquote", "figure", "figcaption"),
        *("ul", "ol", "li", "dl", "dt", "dd"),
        *("table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"),
        *("img", "picture", "source", "video", "audio", "track"),
        *("a", "abbr", "acronym", "b", "strong", "i", "em", "u", "s", "small", "mark", "sub", "sup", "del", "ins"),
        *("code", "kbd", "samp", "var", "q", "cite", "time", "dfn", "bdi", "bdo", "ruby", "rt", "rp", "span", "wbr"),
    )
)
"""Elements that the output has; of others it has what they hold."""

_VOID: Final = frozenset(("br", "hr", "img", "col", "source", "track", "wbr"))
_LAZY: Final = frozenset(("img", "source"))
# What bounds a block on the page, as it is written; the others may stand in a line.
_BLOCKS: Final = WRITTEN - INLINE - {"br"}
# Left out, these may have stood in a line, and so may elements with a name of their own.
_MAY_BOUND: Final = INLINE | {"br", "button", "select", "textarea", "datalist", "noscript"}
# In these a text cannot be parted by an element.
_LINES: Final = frozenset(("p", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "summary", "dt"))
# Two line breaks part two texts; the tag of a block does at once.
_PARTED: Final = 2
# Elements that show their text as it stands, and those that HTML has no other way to write.
_AS_PRE: Final = frozenset(("xmp", "plaintext", "listing", "textarea"))
_TICKED: Final = "\u2611"
_OPEN: Final = "\u2610"
_AS_OTHER: Final = {"menu": "ul", "dir": "ul", "tt": "code", "strike": "s"}
# Whose white space a browser does not take for a part of them (https://url.spec.whatwg.org/#concept-basic-url-parser).
_ADDRESSES: Final = frozenset(("href", "src", "poster", "cite"))
_STRIPPED: Final = "".join(map(chr, range(0x21)))
_BREAKS: Final = str.maketrans("", "", "\t\n\r")


def kept_html(document: Document, blocks: Blocks, stay: NDArray[np.bool_]) -> str:
    """Write the nodes that stay as HTML, without html, head and body; not sanitised.

    Elements that are not in WRITTEN, nor there by another name, give what they hold, as a div where they bound a block; those that only their style sets
    as a block stand in a div. Drawings are left out, but
    for HTML inside them. A formula that says its TeX is that, in `code` of the class `math` (and `display` where it stands by
    itself), without the picture of it; another is written in a line. A box to tick in front of an item is a character in
    `span` of the class `task`. Where a block is left out between two texts of their own, an empty div parts them.

    Args:
        document: the page.
        blocks: its blocks.
        stay: which nodes, as from `kept_nodes`.
    """
    out: list[str] = []
    open_tags: list[tuple[int, str]] = []  # (end of the subtree, tag)
    tags, attributes = document.tags, document.attributes
    ends: list[int] = document.ends.tolist()
    parents: list[int] = document.parents.tolist()
    of_node: list[int] = blocks.of_node.tolist()
    stays: list[bool] = stay.tolist()
    owners = set(blocks.owners.tolist())
    parts: list[bool] = parts_words(document, blocks).tolist()
    behind_links = parting_links(document, blocks)
    formulas = Formulas.of(document)
    boxes = tasks(document, blocks)
    again = copies(document)
    node, count, code_until, formula = 0, len(tags), 0, ""
    # Where a block was left out, how far the next text is parted from the last, and whose that is.
    gap, parted, block = -1, _PARTED, -1
    while node < count:
        while open_tags and node >= open_tags[-1][0]:
            name = open_tags.pop()[1]
            out.append(_end(name))
            parted = _PARTED if name in _BLOCKS else parted
        tag = tags[node]
        if node in formulas.tex and stays[node]:
            out.append(written_tex(formulas.tex[node]))
            formula = formulas.tex[node].tex if tag == "math" else formula
            node = ends[node]
            continue
        if node in boxes and stays[node]:
            out.append(f'<span class="task">{_TICKED if boxes[node] else _OPEN}</span> ')
            node = ends[node]
            continue
        if not stays[node] or tag in NEVER:
            # What is left out parted the words beside it; in code every space and line break is the code's own.
            if node < code_until:
                held = "".join(document.texts[node : ends[node]])
                if held.isspace():
                    out.append(_behind(out, held))
            elif parts[node] and out:
                if not out[-1].endswith(" "):
                    out.append(" ")
                gap = gap if tag in _MAY_BOUND or "-" in tag else len(out) - 1
            node = ends[node]
            continue
        if tag == TEXT:
            if of_node[node] >= 0 and not document.texts[node].isspace():
                if gap >= 0 and parted < _PARTED and of_node[node] != block and not _in_line(open_tags):
                    out[gap] = f"{out[gap].rstrip(' ')}<div></div>"
                gap, parted, block = -1, 0, of_node[node]
            if tags[parents[node]] not in NEVER:
                out.append(_behind(out, escape(document.texts[node], quote=False)))
                if not document.texts[node].isspace():
                    formula = ""  # what follows is no picture of it any more
        elif tag == "math" and node not in formulas.broken:
            formula = ""
            out.append(linear(document, node, stays))
            node = ends[node]
            continue
        elif (node in formulas.drawn and stays[formulas.drawn[node]]) or (node in again and stays[again[node]]):
            node = ends[node]  # the picture of a formula beside it, or the image beside it once more
            continue
        elif tag == "img" and formula and formula == bare_tex(dict(attributes[node]).get("alt")):
            node += 1  # the picture of the formula before it
            continue
        elif tag == "svg":
            node = next((row for row in range(node, ends[node]) if tags[row].lower() == "foreignobject"), ends[node])
            continue
        elif tag != DOCUMENT:
            name = _name(tag, node in owners)
            parted = _PARTED if name in _BLOCKS else parted + (tag == "br")
            if tag in INLINE and node in owners:
                out.append("<div>")  # set as a block by its style
                open_tags.append((ends[node], "div"))
                parted = _PARTED
            elif node in behind_links and node >= code_until:
                out.append(" ")
            if name:
                pairs = loaded(attributes[node]) if name in _LAZY else attributes[node]
                out.append(f"<{name}{''.join(_attribute(*pair) for pair in pairs)}>")
                if name not in _VOID:
                    open_tags.append((ends[node], name))
                if name == "pre":
                    code_until = max(code_until, ends[node])
            elif tag == "button":
                out.append(" ")  # in running text it parts the words beside it
                open_tags.append((ends[node], ""))
            row = of_node[node]
            if row >= 0 and blocks.starts[row] == node and blocks.origins[row] == Origin.CONTROL:
                out.append(f" {escape(blocks.texts[row], quote=False)} ")  # what a control shows stands in no text node
        node += 1
    while open_tags:
        out.append(_end(open_tags.pop()[1]))
    return "".join(out)


def _in_line(open_tags: list[tuple[int, str]]) -> bool:
    return any(name in _LINES for _, name in open_tags)


def _name(tag: str, owner: bool) -> str:
    """The element to write for one, "" for none."""
    if tag in WRITTEN:
        return tag
    if tag in {LINE, HEADING}:
        return "p"  # what looks like a heading in a plain text may be a caption
    if tag in _AS_PRE:
        return "pre"
    if tag in _AS_OTHER:
        return _AS_OTHER[tag]
    return "div" if owner and tag not in INLINE and tag not in {"html", "head", "body"} else ""


def _behind(out: list[str], text: str) -> str:
    """A text as it is written behind the last piece: a parser takes a line break right behind the tag of a pre for the tag's."""
    return f"\n{text}" if text.startswith("\n") and out and out[-1].startswith("<pre") else text


def _end(name: str) -> str:
    return f"</{name}>" if name else " "


def _attribute(name: str, value: str | None) -> str:
    if value and name in _ADDRESSES:
        value = value.strip(_STRIPPED).translate(_BREAKS)
    return f' {name}="{escape(value or "")}"'
