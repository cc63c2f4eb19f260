"""What a page says itself of how it looks, made harmless: its style sheets, and what they choose elements by.

A style attribute becomes `data-declutter-style`, which does nothing until the report's script sets it: neither it nor a
sheet ever stands where an HTML parser would take it for style, so that the content policy need not allow any.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

from declutter.document import TEXT
from declutter.inspect.css import RENAMED, attributes_asked, safe_media, safe_sheet, safe_style

if TYPE_CHECKING:
    from declutter.document import Document

__all__ = ["Looks", "is_whole", "page_sheet"]

# Where a style element is no sheet of the page.
_WITHOUT: Final = frozenset(("template", "svg", "math"))
_SIZED: Final = frozenset(("img", "iframe", "video", "canvas", "embed", "object"))
_ALIGNED: Final = frozenset(("left", "right", "center"))
# Of 60 pages of WCXB that link to sheets, whole ones of their own have .5 of the elements and more, scraps .37 at most.
_WHOLE: Final = 0.45
_CHOSEN: Final = re.compile(r"[.#](-?[A-Za-z_][\w-]*)", re.ASCII)
# A longer value is data, which no selector asks for.
_LONGEST: Final = 1000
_PIXELS: Final = re.compile(r"\s*([1-9][0-9]{0,3})(?:px)?\s*", re.ASCII)


def page_sheet(document: Document) -> str:
    """The style elements of a page as one sheet, harmless; sheets that lie elsewhere are not read."""
    tags, texts, ends = document.tags, document.texts, document.ends
    out: list[str] = []
    node = 0
    while node < len(tags):
        if tags[node] in _WITHOUT:
            node = int(ends[node])
            continue
        if tags[node] == "style" and (document.attribute(node, "type") or "text/css").strip().lower() == "text/css":
            css = safe_sheet("".join(texts[at] for at in range(node + 1, ends[node]) if tags[at] == TEXT))
            asked = (document.attribute(node, "media") or "").strip()
            media = safe_media(asked) if asked else ""
            if css and media is not None:
                out.append(f"@media {media}{{{css}}}" if media else css)
        node += 1
    return "\n".join(out)


def is_whole(document: Document, sheet: str) -> bool:
    """Whether a page looks as it should by its own sheet: it links to no other, or its own knows about half of its classes.

    Args:
        document: the page.
        sheet: its `page_sheet`.
    """
    if not sheet:
        return False
    relations = (document.attribute(node, "rel") or "" for node, tag in enumerate(document.tags) if tag == "link")
    if not any("stylesheet" in relation.lower().split() for relation in relations):
        return True
    known = set(_CHOSEN.findall(sheet))
    named = [classes for value in document.named("class").values() if (classes := value.split())]
    return sum(not known.isdisjoint(classes) for classes in named) >= _WHOLE * max(len(named), 1)


class Looks:
    """The attributes of elements that style sheets choose by and styles are in.

    Args:
        document: the page.
        sheet: its `page_sheet`.
    """

    def __init__(self, document: Document, sheet: str) -> None:
        self._document = document
        self._asked = attributes_asked(sheet)
        self._classes, self._ids, self._styles = (document.named(name) for name in ("class", "id", "style"))
        self._hidden = document.named("hidden")
        self._safe: dict[str, str] = {}

    def has(self, node: int) -> bool:
        """Whether a style sheet may choose an element by more than its name, or it has a style of its own."""
        if node in self._classes or node in self._ids or node in self._styles:
            return True
        return bool(self._asked) and any(name in self._asked for name, _ in self._document.attributes[node])

    def of(self, node: int) -> dict[str, str]:
        """Names and values, not escaped, of an element."""
        found = {"class": " ".join(self._classes.get(node, "").split()), "id": self._ids.get(node, "")}
        found["data-declutter-style"] = self._style(node)
        found = {name: value for name, value in found.items() if value}
        if self._asked:
            for name, value in self._document.attributes[node]:
                if name in self._asked and len(value or "") <= _LONGEST:
                    found[f"data-declutter-page-{name}"] = value or ""
        return found

    def written(self, node: int, name: str) -> str:
        """The same as they stand in the tag of an element that is written as `name`, and what it was."""
        tag = self._document.tags[node]
        attributes = self.of(node)
        if tag != name and (tag in RENAMED or "-" in tag):
            attributes["data-declutter-tag"] = tag
        align = (self._document.attribute(node, "align") or "").lower()
        if align in _ALIGNED:
            attributes["data-declutter-align"] = align
        out = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
        closed = self._closed(node, tag)
        return out if closed is None else f'{out} data-declutter-closed="{closed}"'

    def _style(self, node: int) -> str:
        value = self._styles.get(node, "")
        safe = self._safe.get(value)
        if safe is None:
            safe = self._safe[value] = safe_style(value)
        if self._document.tags[node] in _SIZED:
            # As presentational hints are: any style of the page wins over them.
            for name, short in (("width", "w"), ("height", "h")):
                pixels = _PIXELS.fullmatch(self._document.attribute(node, name) or "")
                safe += f"--declutter-{short}:{pixels[1]};" if pixels else ""
        return safe

    def _closed(self, node: int, tag: str) -> str | None:
        """For an element that browsers leave out "", "details" for one of which they show the summary alone."""
        if node in self._hidden or tag == "template" or tag == "noscript":
            return ""
        if tag == "dialog" or tag == "details":
            return None if self._document.attribute(node, "open") is not None else "" if tag == "dialog" else tag
        return None
