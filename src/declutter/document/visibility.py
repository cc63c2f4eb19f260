"""What a person sees of a document: which nodes are ink, what hides what is in it, what is set as a block."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from declutter import compiled
from declutter.document import TEXT

if TYPE_CHECKING:
    from declutter.document import Document

__all__ = ["INLINE", "INVISIBLE", "SKIPPED", "inked_nodes", "styles"]

INLINE: Final = frozenset(
    "a abbr acronym area audio b bdi bdo big blink canvas cite code data del dfn em embed font i img ins kbd label"
    " link map mark math meta meter nobr object output param picture progress q rb rp rt rtc ruby s samp slot small"
    " source span strike strong sub sup svg time track tt u var video wbr input"
    # presentation MathML, which stands in running text
    " maction merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt"
    " mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics annotation".split()
)
"""Elements that do not bound a block."""

INVISIBLE: Final = " \t\n\r\f\v\xa0\u200b\u200c\u200d\u2060\ufeff\xad\u200e\u200f"
"""Characters without ink."""

SKIPPED: Final = frozenset(["script", "style", "title", "iframe", "noframes", "noembed", "annotation-xml"])
"""Elements whose characters are no text of the page."""

_WITHOUT_INK: Final = SKIPPED | {"svg"}
_HIDING_STYLE: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLOCK_STYLE: Final = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)", re.IGNORECASE)


def styles(document: Document) -> tuple[set[int], set[int]]:
    """The nodes that hide what is in them, and the inline elements that are set as blocks."""
    hiding, styled = set(document.named("hidden")), set[int]()
    hiding.update(node for node, value in document.named("aria-hidden").items() if value.lower() == "true")
    values = document.named("style")
    if compiled.used:  # src/speedups/visibility.c; what is not ASCII is left
        others: list[int] = []
        compiled.speedups.styles(values, document.tags, INLINE, hiding, styled, others)
        values = {node: values[node] for node in others}
    for node, value in values.items():
        if _HIDING_STYLE.search(value):
            hiding.add(node)
        elif document.tags[node] in INLINE and _BLOCK_STYLE.search(value):
            styled.add(node)
    return hiding, styled


def inked_nodes(document: Document, ends: list[int]) -> list[bool]:
    """Which nodes are text that a person sees: not white space, not in a script or a style, nor drawn."""
    inked = [tag == TEXT and not text.isspace() for tag, text in zip(document.tags, document.texts, strict=True)]
    html_in_drawings = "foreignObject" in document.tags or "foreignobject" in document.tags
    without = SKIPPED if html_in_drawings else _WITHOUT_INK
    until = 0
    for node in [row for row, tag in enumerate(document.tags) if tag in without]:
        if node >= until:
            until = ends[node]
            inked[node:until] = [False] * (until - node)
    if html_in_drawings:
        parents = document.parents.tolist()
        drawn = [False] * len(inked)
        for node, tag in enumerate(document.tags):
            drawn[node] = tag == "svg" or (drawn[parents[node]] and tag.lower() != "foreignobject")
            inked[node] = inked[node] and not drawn[node]
    return inked
