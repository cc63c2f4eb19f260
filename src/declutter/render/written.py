"""A page with what its elements say written into its text: formulas, readings of characters, quotation marks, emoji."""

from __future__ import annotations

import re
from copy import copy
from html import unescape
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.blocks import segment
from declutter.document import TEXT
from declutter.document.visibility import INVISIBLE
from declutter.render.code import outermost
from declutter.render.formulas import Formulas, linear, plain_tex
from declutter.render.kept import companions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document
    from declutter.render.formulas import Formula

__all__ = ["written_out"]

_QUOTE: Final = '"'
# What begins a quotation that is written with its own marks: Unicode's initial and final punctuation, low and corner marks.
_QUOTED: Final = ('"', "'", *"\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a\u300c\u300e")
# Emoji by Unicode's emoji-data: faces and things, flags, signs and dingbats that are among them, keys; with their joiners, skin
# tones and tags.
_EMOJI: Final = re.compile(
    "(?:[0-9#*]\ufe0f?\u20e3|[\u231a\u231b\u23e9-\u23fa\u2600-\u26ff\u2702\u2705\u2708-\u270d\u270f\u2712\u2714\u2716\u271d\u2721\u2728"
    "\u2733\u2734\u2744\u2747\u274c\u274e\u2753-\u2755\u2757\u2763\u2764\u2795-\u2797\u27a1\u27b0\u27bf\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55"
    "\U0001f000-\U0001faff\u200d\ufe0f\U000e0020-\U000e007f])+"
)
# Where another ink would part or replace what is read there.
_NO_EMOJI: Final = ("noscript", "button", "select", "svg", "pre")
# What is raised and lowered in a line of MathML, the signs for it, what is raised without one, and what needs no brackets.
_SCRIPTS: Final = re.compile("(</?su[bp]>)")
_SIGNS: Final = {"<sub>": "_", "<sup>": "^"}
_RAISED: Final = re.compile("[\u2032-\u2034'\u00b0]+")
_ONE: Final = re.compile(r"\w+|.?")


def written_out(
    document: Document, blocks: Blocks, keep: NDArray[np.bool_], saying: bool
) -> tuple[Document, Blocks, NDArray[np.bool_]]:
    """The page with that in its texts, cut into blocks again; all as it was where there is nothing to write.

    A formula is its TeX where the page says it, else in a line, `1/2 v^2`; readings that have no brackets stand in some, `<q>` has
    its marks, and an image whose description is emoji alone is these. A block stays as what it is made of does; a formula by
    itself as its companion does, unless nobody sees it.

    Args:
        document: the page.
        blocks: its n blocks.
        keep: bool, n, which of them stay.
        saying: whether it has formulas, readings or quotations as elements.
    """
    found = Formulas.of(document)
    formulas = {row: formula for row, formula in found.tex.items() if formula.text >= 0 and plain_tex(formula).strip()}
    emoji = _emoji(document)
    if not formulas and not emoji and not saying:
        return document, blocks, keep
    changed = copy(document)
    changed.tags, changed.texts = document.tags.copy(), document.texts.copy()
    for row in (*formulas, *(node for node, row in found.drawn.items() if row in formulas)):
        end = int(document.ends[row])
        changed.texts[row:end] = [""] * (end - row)
    changed.retag(dict.fromkeys(formulas, "span"))
    for formula in formulas.values():
        changed.texts[formula.text] = plain_tex(formula)
    shown = (blocks.of_node >= 0) & np.append(keep, False)[blocks.of_node]
    _write_lines(changed, found, shown)
    changed.retag(dict.fromkeys(emoji, TEXT))
    for node, alt in emoji.items():
        changed.texts[node] = alt
    _write_marks(changed, blocks, shown, [formula.text for formula in formulas.values()])
    if (changed.tags, changed.texts) == (document.tags, document.texts):
        return document, blocks, keep
    anew = segment(changed)
    return changed, anew, _staying(document, blocks, keep, anew, formulas)


def _staying(
    document: Document, blocks: Blocks, keep: NDArray[np.bool_], anew: Blocks, formulas: dict[int, Formula]
) -> NDArray[np.bool_]:
    """Which of the new blocks stay."""
    nodes = np.flatnonzero(anew.of_node >= 0)
    stays = np.zeros(len(anew), dtype=np.bool_)
    known = nodes[blocks.of_node[nodes] >= 0]
    stays[anew.of_node[known]] = keep[blocks.of_node[known]]
    if formulas:
        alone = np.ones(len(anew), dtype=np.bool_)
        alone[anew.of_node[known]] = False
        for row, block in companions(document, blocks, keep, frozenset(), formulas).items():
            new = int(anew.of_node[formulas[row].text])
            if new >= 0 and alone[new] and not anew.hidden[new]:
                stays[new] = keep[block]
    stays &= np.array([bool(text) for text in anew.texts], dtype=np.bool_)  # of a picture nothing is left
    return stays


def _write_lines(document: Document, found: Formulas, shown: NDArray[np.bool_]) -> None:
    """Write MathML that does not say its TeX in a line."""
    stays: list[bool] | None = None
    for row, end in outermost(document, "math"):
        nodes = np.flatnonzero(shown[row:end])
        if row in found.broken or not len(nodes):
            continue  # one that says its TeX is a span by now
        stays = shown.tolist() if stays is None else stays
        text = _plain(linear(document, row, stays))
        document.texts[row:end] = [""] * (end - row)
        display = ("display", "block") in document.attributes[row]
        document.texts[row + int(nodes[0])] = f" {text} " if display else text


def _plain(html: str) -> str:
    """A formula in a line without tags: a circumflex before what is raised, a low line before what is lowered."""
    parts = _SCRIPTS.split(html)
    closing: list[tuple[str, bool]] = []  # what ends it, and whether a letter behind would be read as a part of it
    out: list[str] = []
    runs_on = False
    for place, part in enumerate(parts):
        if part in _SIGNS:
            text = unescape(parts[place + 1])
            leaf = parts[place + 2] not in _SIGNS
            if leaf and _RAISED.fullmatch(text):
                closing.append(("", False))
            elif leaf and _ONE.fullmatch(text):
                out.append(_SIGNS[part])
                closing.append(("", True))
            else:
                out.append(f"{_SIGNS[part]}(")
                closing.append((")", False))
            runs_on = False
        elif place % 2:
            sign, runs_on = closing.pop()
            out.append(sign)
        else:
            out.append(f"{' ' * (runs_on and part[:1].isalnum())}{unescape(part)}")
    return "".join(out)


def _emoji(document: Document) -> dict[int, str]:
    """The images whose description is emoji alone, which stand in running text, and these."""
    found = {
        node: alt
        for node in document.rows_of("img")
        if (value := dict(document.attributes[node]).get("alt"))
        and not value.isascii()
        and _EMOJI.fullmatch(alt := value.strip())
    }
    if found:
        without = np.zeros(len(document), dtype=np.bool_)
        for row, end in outermost(document, *_NO_EMOJI):
            without[row:end] = True
        found = {node: alt for node, alt in found.items() if not without[node]}
    return found


def _write_marks(document: Document, blocks: Blocks, shown: NDArray[np.bool_], tex: list[int]) -> None:
    """Write the marks of quotations in a line, and brackets around readings that have none.

    Args:
        document: the page, which this changes.
        blocks: its blocks.
        shown: bool, a row a node, the text of blocks that stay.
        tex: the rows of TeX, which stands in no block where a script holds it.
    """
    around = [(*span, _QUOTE, _QUOTE) for span in _quotations(document)]
    around += [(*span, "(", ")") for span in _readings(document)]
    if not around:
        return
    spans = [span[:2] for span in around]
    in_blocks = _inked(document, np.flatnonzero(shown))
    nodes = _inked(document, np.union1d(in_blocks, tex).astype(np.int64))
    known, written = np.searchsorted(in_blocks, spans).tolist(), np.searchsorted(nodes, spans).tolist()
    before: dict[int, list[str]] = {}
    behind: dict[int, list[str]] = {}
    for (_, _, opening, closing), (low, high), (first, after) in zip(around, known, written, strict=True):
        if low == high or blocks.of_node[in_blocks[low]] != blocks.of_node[in_blocks[high - 1]]:
            continue  # around nothing, or around blocks
        if opening == _QUOTE and document.texts[nodes[first]].lstrip().startswith(_QUOTED):
            continue
        before.setdefault(int(nodes[first]), []).append(opening)
        behind.setdefault(int(nodes[after - 1]), []).append(closing)
    for node, marks in before.items():
        text = document.texts[node]
        inner = text.lstrip()
        document.texts[node] = f"{text[: len(text) - len(inner)]}{''.join(marks)}{inner}"
    for node, marks in behind.items():
        text = document.texts[node]
        inner = text.rstrip()
        document.texts[node] = f"{inner}{''.join(reversed(marks))}{text[len(inner) :]}"


def _inked(document: Document, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those of some nodes that have any text left."""
    return nodes[np.array([bool(document.texts[node].strip(INVISIBLE)) for node in nodes], dtype=np.bool_)]


def _quotations(document: Document) -> list[tuple[int, int]]:
    """The `<q>` that stand in no code."""
    quotations = document.rows_of("q")
    if not quotations:
        return []
    code = np.zeros(len(document), dtype=np.bool_)
    for row, end in outermost(document, "pre", "code"):
        code[row:end] = True
    return [(node, int(document.ends[node])) for node in quotations if not code[node]]


def _readings(document: Document) -> list[tuple[int, int]]:
    """The `<rt>` of each `<ruby>` that has no brackets for those who cannot set them above."""
    tags = document.tags
    return [
        (node, int(document.ends[node]))
        for row, end in outermost(document, "ruby")
        if "rp" not in tags[row:end]
        for node in range(row, end)
        if tags[node] == "rt"
    ]
