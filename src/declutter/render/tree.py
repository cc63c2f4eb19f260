"""The kept part of a page as HTML, written from the node columns."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.blocks import Origin
from declutter.document import DOCUMENT, HEADING, LINE, TEXT
from declutter.document.visibility import INLINE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Attributes, Document

__all__ = ["TEXTLESS", "WRITTEN", "companions", "kept_html", "kept_nodes"]

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
TEXTLESS: Final = frozenset(
    ("img", "picture", "video", "audio", "iframe", "svg", "math", "hr", "canvas", "object", "embed")
)
"""Elements that a person sees though they hold no text; they go with the text beside them."""

_NEVER: Final = frozenset(
    ("script", "style", "title", "noframes", "noembed", "link", "meta", "base", "iframe", "annotation-xml")
)
_LAZY: Final = frozenset(("img", "source"))
# Where the common scripts for lazy images keep the address until then.
_WAITING: Final = {
    "src": ("data-src", "data-lazy-src", "data-original", "data-lazy", "data-url"),
    "srcset": ("data-srcset", "data-lazy-srcset"),
}
# How some pages begin and end all TeX.
_STYLED: Final = re.compile(r"\{\\(?:display|text)style\b(.*)\}", re.DOTALL)
_CELLS: Final = frozenset(("tbody", "thead", "tfoot", "tr", "th", "td"))
# Elements that show their text as it stands, and those that HTML has no other way to write.
_AS_PRE: Final = frozenset(("xmp", "plaintext", "listing", "textarea"))


def companions(
    document: Document, blocks: Blocks, keep: NDArray[np.bool_], tags: frozenset[str] = TEXTLESS
) -> dict[int, int]:
    """The block that each element without text goes with: that whose run it stands in, else the nearest.

    The nearest is looked for in the smallest subtree around it that holds a block; of the one before and the one after,
    a kept one is nearer.

    Args:
        document: the page.
        blocks: its n blocks.
        keep: which blocks stay.
        tags: the elements that are meant.

    Returns:
        Row of the element to row of the block, in document order; of elements inside each other the outermost. None of
        a page without blocks.
    """
    found: dict[int, int] = {}
    if not len(blocks):
        return found
    meant = tags | _NEVER
    rows = [row for row, tag in enumerate(document.tags) if tag in meant]
    ends: list[int] = document.ends[rows].tolist()
    of_node: list[int] = blocks.of_node[rows].tolist()
    first: list[int] = np.searchsorted(blocks.starts, rows).tolist()
    after: list[int] = np.searchsorted(blocks.starts, ends).tolist()
    low, high = _blocks_around(document, blocks, rows)
    block_ends: list[int] = blocks.ends.tolist()
    until = 0
    for place, row in enumerate(rows):
        if row < until:
            continue
        if document.tags[row] not in tags:
            until = ends[place]  # nothing in there is seen
        elif of_node[place] < 0 and first[place] == after[place]:
            until = ends[place]
            before = first[place] - 1  # the last block that starts before this element
            if before >= 0 and row < block_ends[before]:
                found[row] = before
            else:
                near = min(max(first[place], low[place]), high[place] - 1)
                found[row] = near - 1 if near > low[place] and not keep[near] else near
    return found


def _blocks_around(document: Document, blocks: Blocks, rows: list[int]) -> tuple[list[int], list[int]]:
    """The first and one past the last block of the nearest element around each row that holds any."""
    first = np.searchsorted(blocks.starts, np.arange(len(document)))
    last = np.searchsorted(blocks.starts, document.ends)
    filled = np.where(first < last, np.arange(len(document)), document.parents)
    while True:  # steps double, so that depth is no limit
        further = filled[filled]
        if np.array_equal(further, filled):
            return first[filled[rows]].tolist(), last[filled[rows]].tolist()
        filled = further


def kept_nodes(document: Document, blocks: Blocks, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which nodes stay: those of kept blocks, their ancestors, and what has no text beside them.

    An image, video, frame, drawing, formula or rule goes with its companion; a line break stays beside a kept block; the
    cells of a table that keeps a block stay, so that its columns do. Linear in the number of nodes.

    Args:
        document: the page, m nodes.
        blocks: its n blocks.
        keep: which blocks stay.

    Returns:
        bool, m.
    """
    tags = document.tags
    parents: list[int] = document.parents.tolist()
    ends: list[int] = document.ends.tolist()
    of_node: list[int] = blocks.of_node.tolist()
    block_ends: list[int] = blocks.ends.tolist()
    kept: list[bool] = keep.tolist()
    first: list[int] = np.searchsorted(blocks.starts, np.arange(len(document))).tolist()
    last: list[int] = np.searchsorted(blocks.starts, document.ends).tolist()
    stay = [row >= 0 and kept[row] for row in of_node]
    beside = companions(document, blocks, keep)
    node, count = 0, len(tags)
    while node < count:
        tag = tags[node]
        if tag in _NEVER and tag != "iframe":
            node = ends[node]
            continue
        before = first[node] - 1  # the last block that starts before this node
        if tag == TEXT:
            # White space between two kept pieces of one block is part of it.
            if of_node[node] < 0:
                stay[node] = before >= 0 and kept[before] and node < block_ends[before]
        elif tag == "br":
            low, high = first[parents[node]], last[parents[node]]
            stay[node] = (before >= 0 and kept[before] and (node < block_ends[before] or before >= low)) or (
                before + 1 < high and kept[before + 1]
            )
        elif node in beside:
            stay[node : ends[node]] = [kept[beside[node]]] * (ends[node] - node)
            node = ends[node]
            continue
        node += 1
    for node in range(count - 1, 0, -1):
        if stay[node]:
            stay[parents[node]] = True
    for node, tag in enumerate(tags):
        if tag in _CELLS and stay[parents[node]]:
            stay[node] = True
    return np.array(stay, dtype=np.bool_)


def kept_html(document: Document, blocks: Blocks, stay: NDArray[np.bool_]) -> str:
    """Write the nodes that stay as HTML, without html, head and body; not sanitised.

    Elements that are not in WRITTEN give what they hold, as a div where they bound a block. Drawings are left out, but
    for HTML inside them. A formula that says its TeX is that, in `code` of the class `math` (and `display` where it stands by
    itself), without the picture of it.

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
    node, count, code_until, formula = 0, len(tags), 0, ""
    while node < count:
        while open_tags and node >= open_tags[-1][0]:
            out.append(_end(open_tags.pop()[1]))
        tag = tags[node]
        if not stays[node] or tag in _NEVER:
            # What is left out parted the words beside it; in code every space and line break is the code's own.
            if node < code_until:
                held = "".join(document.texts[node : ends[node]])
                if held.isspace():
                    out.append(held)
            elif tag != TEXT and tag not in _NEVER and out and not out[-1].endswith(" "):
                out.append(" ")
            node = ends[node]
            continue
        if tag == TEXT:
            if tags[parents[node]] not in _NEVER:
                out.append(escape(document.texts[node], quote=False))
                if not document.texts[node].isspace():
                    formula = ""  # what follows is no picture of it any more
        elif tag == "math" and (formula := _tex(document, node)):
            display = " display" if ("display", "block") in attributes[node] else ""
            out.append(f'<code class="math{display}">{escape(formula, quote=False)}</code>')
            node = ends[node]
            continue
        elif tag == "img" and formula and formula == _bare(dict(attributes[node]).get("alt")):
            node += 1  # the picture of the formula before it
            continue
        elif tag == "svg":
            node = next((row for row in range(node, ends[node]) if tags[row].lower() == "foreignobject"), ends[node])
            continue
        elif tag != DOCUMENT:
            name = _name(tag, node in owners)
            if name:
                pairs = _loaded(attributes[node]) if name in _LAZY else attributes[node]
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


def _tex(document: Document, node: int) -> str:
    """The TeX that a formula was made of, "" where it does not say."""
    for row in range(node, int(document.ends[node])):
        if (
            document.tags[row] == "annotation"
            and "tex" in (dict(document.attributes[row]).get("encoding") or "").lower()
        ):
            return _bare("".join(document.texts[row : int(document.ends[row])]))
    return _bare(dict(document.attributes[node]).get("alttext"))


def _bare(tex: str | None) -> str:
    """TeX without white space around it, and without the style that some pages write around all of it."""
    found = _STYLED.fullmatch((tex or "").strip())
    return found[1].strip() if found else (tex or "").strip()


def _loaded(pairs: Attributes) -> Attributes:
    """The attributes of an image that a script would load when it comes into view, as they are after that."""
    values = dict(pairs)
    for name, waiting in _WAITING.items():
        source = next((values[key] for key in waiting if values.get(key)), None)
        if source and (not values.get(name) or (values[name] or "").startswith("data:")):
            values[name] = source
    return tuple(values.items())


def _name(tag: str, owner: bool) -> str:
    """The element to write for one, "" for none."""
    if tag in WRITTEN:
        return tag
    if tag in {LINE, HEADING}:
        return "p"  # what looks like a heading in a plain text may be a caption
    if tag in _AS_PRE:
        return "pre"
    return "div" if owner and tag not in INLINE and tag not in {"html", "head", "body"} else ""


def _end(name: str) -> str:
    return f"</{name}>" if name else " "


def _attribute(name: str, value: str | None) -> str:
    return f' {name}="{escape(value or "")}"'
