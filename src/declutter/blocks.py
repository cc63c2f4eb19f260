"""Segmentation: runs of nodes become text blocks.

A block is a maximal run of inline content inside one block-level element. `<br><br>` parts a block. What a person
sees on controls is text too: buttons, submit values, the options of a short select, the label of an icon. Nothing is
thrown away; hidden parts are marked. The walk is one loop over the node columns, so depth is no limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from itertools import accumulate
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter import compiled
from declutter.document import TEXT
from declutter.document.visibility import INLINE, INVISIBLE, SKIPPED, inked_nodes, styles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.document import Document

__all__ = ["PROSE", "Blocks", "Origin", "segment"]


class Origin(IntEnum):
    """Where the text of a block stands in the page."""

    TEXT = 0
    CONTROL = 1
    ALT = 2


# A select with more options than this is shown by its chosen option: the rest is data (countries, years).
_SHORT_SELECT: Final = 12
PROSE: Final = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "figcaption", "dd"))
"""Running text that a button may stand in without bounding it."""

# Elements that bound a block, or do not, in a way of their own.
_PARTICULAR: Final = frozenset(
    "select datalist button noscript template dialog details summary pre textarea listing".split()
)
_TEXT_INPUTS: Final = frozenset(("submit", "button", "reset"))
# What the compiled walk knows a tag by: a number (src/speedups/page.h has the same order), and bits.
_NUMBERED: Final = (
    *(TEXT, "br", "a", "img", "svg", "input"),
    *(
        "select",
        "datalist",
        "button",
        "noscript",
        "template",
        "dialog",
        "details",
        "summary",
        "pre",
        "textarea",
        "listing",
    ),
    *("option", "foreignObject"),
)
_NUMBERS: Final[dict[str, int]] = {tag: number for number, tag in enumerate(_NUMBERED, 1)}
_NUMBERS["foreignobject"] = _NUMBERS["foreignObject"]
for _bit, _tags in ((0x100, INLINE), (0x200, SKIPPED), (0x400, PROSE)):
    for _tag in _tags:
        _NUMBERS[_tag] = _NUMBERS.get(_tag, 0) | _bit


@dataclass(slots=True)
class Blocks:
    """The blocks of a page as columns, one row a block, in document order.

    Attributes:
        texts: white space collapsed; a single `<br>` is a newline; `<pre>` as it stands.
        owners: int32, the block-level element that holds the run.
        starts: int32, the first node of the run.
        ends: int32, one past the last node of the run.
        origins: uint8, an Origin.
        hidden: bool, no visitor sees it at first (hidden, display:none, closed dialog or details, noscript, ...).
        of_node: int32, one row a node of the document: the block its characters are in, -1 for none.
    """

    texts: list[str]
    owners: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    origins: NDArray[np.uint8]
    hidden: NDArray[np.bool_]
    of_node: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.texts)

    def head(self, count: int, nodes: int) -> Blocks:
        """The first blocks alone, of a document of the first nodes alone, which hold them."""
        return Blocks(
            self.texts[:count],
            self.owners[:count].copy(),
            self.starts[:count].copy(),
            self.ends[:count].copy(),
            self.origins[:count].copy(),
            self.hidden[:count].copy(),
            np.where(self.of_node[:nodes] < count, self.of_node[:nodes], np.int32(-1)),
        )


class _Run:
    """The run of inline content that is being read."""

    __slots__ = ("broken", "has_text", "hidden", "icons", "lines", "nodes", "owner", "pre", "seen")

    def __init__(self) -> None:
        self.owner = 0
        self.clear()

    def clear(self) -> None:
        self.lines: list[list[str]] = [[]]
        self.nodes: list[int] = []
        self.icons: list[tuple[int, str, Origin]] = []
        self.has_text = False
        self.seen = False  # any of its text is visible
        self.hidden = False  # any of its text is hidden
        self.pre = False
        self.broken = False  # the last thing with ink was a <br>


class _Segmenter:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.run = _Run()
        self.inked: list[bool] = []
        self.next_image = -1  # the first at or after the node that was asked for last
        self.texts: list[str] = []
        self.rows: list[tuple[int, int, int, int, bool]] = []
        self.members: list[list[int]] = []

    def add(self, text: str, owner: int, nodes: list[int], origin: Origin, hidden: bool) -> None:
        self.texts.append(text)
        self.rows.append((owner, nodes[0], nodes[-1] + 1, int(origin), hidden))
        self.members.append(nodes)

    def flush(self) -> None:
        run = self.run
        if run.has_text:
            if run.pre:
                text = "\n".join("".join(line) for line in run.lines).strip("\n\r")
            elif len(run.lines) == 1:
                text = " ".join("".join(run.lines[0]).split())
            else:
                text = "\n".join(" ".join("".join(line).split()) for line in run.lines).strip()
            control = self.document.tags[run.owner] in {"button", "textarea"}
            self.add(
                text, run.owner, run.nodes, Origin.CONTROL if control else Origin.TEXT, run.hidden and not run.seen
            )
            run.clear()
        elif run.icons:
            origin = Origin.ALT if all(icon[2] is Origin.ALT for icon in run.icons) else Origin.CONTROL
            text = " ".join(" ".join(icon[1].split()) for icon in run.icons)
            self.add(text, run.owner, [icon[0] for icon in run.icons], origin, run.hidden and not run.seen)
            run.clear()

    def walk(self) -> None:  # one pass, one place: the order of the tests is the definition
        document, run = self.document, self.run
        tags, texts = document.tags, document.texts
        parents: list[int] = document.parents.tolist()
        ends: list[int] = document.ends.tolist()
        inked = self.inked = inked_nodes(document, ends)
        before = [0, *accumulate(inked)]  # nodes with ink before a row
        in_prose: set[int] | None = None
        hiding, styled = styles(document)
        labels = _labels(document)
        count = len(tags)
        open_blocks: list[tuple[int, int]] = []  # (end, element), innermost last
        block_end = count
        hidden_until = details_until = summary_until = pre_until = link_until = last_link = parted_at = 0
        node = 0
        while node < count:
            while node >= block_end:
                if run.has_text or run.icons:
                    self.flush()
                open_blocks.pop()
                block_end, run.owner = open_blocks[-1] if open_blocks else (count + 1, 0)
            tag = tags[node]
            if tag == TEXT:
                text = texts[node]
                if inked[node] and (text.isascii() or text.strip(INVISIBLE)):
                    in_link = link_until if node < link_until else 0
                    if (
                        run.has_text
                        and not run.pre
                        and in_link != last_link
                        and in_link
                        and last_link
                        and run.lines[-1]
                    ):
                        run.lines[-1].append(" ")  # links set side by side without a space between are words apart
                    last_link = in_link
                    if parted_at and node >= parted_at:
                        if run.has_text and not run.pre:
                            run.lines[-1].append(" ")  # words after a button are none of it
                        parted_at = 0
                    if run.broken:
                        run.lines.append([])
                        run.broken = False
                    run.lines[-1].append(text)
                    run.nodes.append(node)
                    run.has_text = True
                    if node < pre_until:
                        run.pre = True
                    if node < hidden_until or summary_until <= node < details_until:
                        run.hidden = True
                    else:
                        run.seen = True
                else:
                    last_link = 0
                    if run.has_text:
                        run.lines[-1].append(text)
                node += 1
                continue
            if tag in SKIPPED:
                node = ends[node]
                continue
            if node in hiding:
                hidden_until = max(hidden_until, ends[node])
            label = labels.get(node, "")
            if tag == "br":
                if run.broken:
                    self.flush()
                    run.broken = False
                elif run.has_text:
                    run.broken = True
                node += 1
                continue
            if tag in INLINE and node not in styled:
                if tag == "a":
                    link_until = ends[node]
                    end = ends[node]
                    if label and before[end] == before[node] and not self.holds_image(node, end):
                        self.icon(node, label, Origin.CONTROL, node < hidden_until)
                elif tag == "img":
                    self.icon(node, document.attribute(node, "alt") or "", Origin.ALT, node < hidden_until)
                elif tag == "svg":
                    # Text in a drawing is ink of the drawing; HTML inside it (foreignObject) is text of the page.
                    node = node + 1 if before[ends[node]] > before[node] else ends[node]
                    continue
                elif tag == "input":
                    if run.has_text:
                        run.lines[-1].append(" ")  # a field parts the words before and after it
                    self.input(node, label, node < hidden_until)
                node += 1
                continue
            if tag in _PARTICULAR:
                if tag == "select" or tag == "datalist":
                    self.select(node, ends[node], label, node < hidden_until or tag == "datalist")
                    node = ends[node]
                    continue
                if tag == "button":
                    if run.has_text and tags[run.owner] in PROSE:
                        run.lines[-1].append(" ")
                        parted_at = ends[node]
                        node += 1
                        continue
                elif tag == "noscript":
                    if before[ends[node]] == before[node]:
                        node += 1
                        continue
                    hidden_until = max(hidden_until, ends[node])
                elif tag == "template" or (tag == "dialog" and document.attribute(node, "open") is None):
                    hidden_until = max(hidden_until, ends[node])
                elif tag == "details":
                    if document.attribute(node, "open") is None:
                        if node < details_until:
                            hidden_until = max(hidden_until, ends[node])
                        else:
                            details_until, summary_until = ends[node], node
                elif tag == "summary" and node < details_until and tags[parents[node]] == "details":
                    summary_until = ends[node]
                elif tag == "pre" or tag == "textarea" or tag == "listing":
                    pre_until = max(pre_until, ends[node])
            elif "-" in tag:
                if in_prose is None:
                    in_prose = {parents[node] for node, ink in enumerate(inked) if ink}
                if parents[node] in in_prose:
                    node += 1  # a custom element inside running text
                    continue
            if run.has_text or run.icons:
                self.flush()
            last_link = 0
            open_blocks.append((ends[node], node))
            block_end, run.owner = ends[node], node
            if tag == "button" and label.strip() and before[ends[node]] == before[node]:
                self.icon(node, label, Origin.CONTROL, node < hidden_until)
            node += 1
        self.flush()

    def holds_image(self, node: int, end: int) -> bool:
        if self.next_image < node:  # looked for once, however deep links are nested
            try:
                self.next_image = self.document.tags.index("img", node)
            except ValueError:
                self.next_image = len(self.document)
        return self.next_image < end

    def icon(self, node: int, label: str, origin: Origin, hidden: bool) -> None:
        if label.strip(INVISIBLE):
            self.run.icons.append((node, label, origin))
            if hidden:
                self.run.hidden = True
            else:
                self.run.seen = True

    def input(self, node: int, label: str, hidden: bool) -> None:
        values = {key: value or "" for key, value in self.document.attributes[node]}
        kind = values.get("type", "text").lower()
        if kind in _TEXT_INPUTS:
            text = " ".join((values.get("value") or label).split())
            if text:
                self.flush()
                self.add(text, self.run.owner, [node], Origin.CONTROL, hidden)
        elif kind == "image":
            self.icon(node, values.get("alt") or label, Origin.CONTROL, hidden)

    def select(self, node: int, end: int, label: str, hidden: bool) -> None:
        document, inked = self.document, self.inked
        pieces: list[list[str]] = []
        options: list[int] = []  # the pieces that are options; others are texts beside them
        option_until = chosen = 0
        for row in range(node + 1, end):
            if document.tags[row] == "option":
                if document.attribute(row, "selected") is not None:
                    chosen = len(options)
                options.append(len(pieces))
                pieces.append([])
                option_until = max(option_until, document.ends[row])
            elif row < option_until:
                pieces[options[-1]].append(document.texts[row])
            elif inked[row]:
                pieces.append([document.texts[row]])
        left_out = set(options) - {options[chosen]} if len(options) > _SHORT_SELECT else set()
        shown = [" ".join("".join(piece).split()) for place, piece in enumerate(pieces) if place not in left_out]
        text = " ".join(piece for piece in shown if piece) or " ".join(label.split())
        if text:
            self.flush()
            self.add(text, self.run.owner, [node], Origin.CONTROL, hidden)

    def blocks(self) -> Blocks:
        of_node = np.full(len(self.document), -1, dtype=np.int32)
        if self.members:
            lengths = [len(nodes) for nodes in self.members]
            of_node[np.fromiter((n for nodes in self.members for n in nodes), np.int32, sum(lengths))] = np.repeat(
                np.arange(len(lengths), dtype=np.int32), lengths
            )
        return _joined(self.texts, np.array(self.rows, dtype=np.int32), of_node)


def _compiled(document: Document) -> Blocks:
    """What _Segmenter gives, by its compiled form (src/speedups/segment.c)."""
    hiding, styled = styles(document)
    of_node = np.full(len(document), -1, dtype=np.int32)
    texts, rows = compiled.speedups.segment(
        document.tags,
        document.attributes,
        document.texts,
        document.parents,
        document.ends,
        _NUMBERS,
        hiding,
        styled,
        _labels(document),
        of_node,
    )
    return _joined(texts, np.frombuffer(rows, dtype=np.int32), of_node)


def _labels(document: Document) -> dict[int, str]:
    return {**document.named("title"), **document.named("aria-label")}


def _joined(texts: list[str], rows: NDArray[np.int32], of_node: NDArray[np.int32]) -> Blocks:
    """The columns from the rows of the blocks: owner, start, end, origin, hidden."""
    table = rows.reshape(-1, 5)
    return Blocks(
        texts,
        table[:, 0].copy(),
        table[:, 1].copy(),
        table[:, 2].copy(),
        table[:, 3].astype(np.uint8),
        table[:, 4].astype(np.bool_),
        of_node,
    )


def segment(document: Document) -> Blocks:
    """Cut a document into blocks.

    Linear in the number of nodes and characters.
    """
    if compiled.used:
        return _compiled(document)
    segmenter = _Segmenter(document)
    segmenter.walk()
    return segmenter.blocks()
