"""The content of a page as plain text."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.blocks import Origin, segment
from declutter.render.formulas import Formulas, plain_tex
from declutter.render.kept import companions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["content_text"]

_CELLS: Final = frozenset(("td", "th"))
_ITEMS: Final = frozenset(("li", "dt", "dd"))


def content_text(document: Document, blocks: Blocks, keep: NDArray[np.bool_]) -> str:
    """Kept blocks in order: a blank line between paragraphs, a newline between list items, a tab between cells.

    Alternative texts of images are left out. A formula that says its TeX is that, and once.
    """
    document, blocks, keep = _with_tex(document, blocks, keep)
    out: list[str] = []
    before_tag, before_parent = "", -1
    rows = np.flatnonzero(keep & (blocks.origins != Origin.ALT))
    owners = blocks.owners[rows]
    parents: list[int] = document.parents[owners].tolist()
    tags, texts = document.tags, blocks.texts
    for row, owner, parent in zip(rows.tolist(), owners.tolist(), parents, strict=True):
        tag = tags[owner]
        if out:
            if tag in _CELLS and before_tag in _CELLS:
                out.append("\t" if parent == before_parent else "\n")
            elif tag in _ITEMS and before_tag in _ITEMS:
                out.append("\n")
            else:
                out.append("\n\n")
        out.append(texts[row])
        before_tag, before_parent = tag, parent
    return "".join(out)


def _with_tex(
    document: Document, blocks: Blocks, keep: NDArray[np.bool_]
) -> tuple[Document, Blocks, NDArray[np.bool_]]:
    """The page with TeX in the place of its formulas, cut into blocks again; all as it was where no formula says its TeX.

    A block stays as what it is made of does; a formula by itself as its companion does, unless nobody sees it.
    """
    found = Formulas.of(document)
    formulas = {row: formula for row, formula in found.tex.items() if formula.text >= 0 and plain_tex(formula).strip()}
    if not formulas:
        return document, blocks, keep
    drawn = [node for node, row in found.drawn.items() if row in formulas]
    changed = copy(document)
    changed.tags, changed.texts = document.tags.copy(), document.texts.copy()
    for row in (*formulas, *drawn):
        end = int(document.ends[row])
        changed.texts[row:end] = [""] * (end - row)
    for row, formula in formulas.items():
        changed.tags[row] = "span"
        changed.texts[formula.text] = plain_tex(formula)
    anew = segment(changed)
    nodes = np.flatnonzero(anew.of_node >= 0)
    stays = np.zeros(len(anew), dtype=np.bool_)
    known = nodes[blocks.of_node[nodes] >= 0]
    stays[anew.of_node[known]] = keep[blocks.of_node[known]]
    alone = np.ones(len(anew), dtype=np.bool_)
    alone[anew.of_node[known]] = False
    for row, block in companions(document, blocks, keep, frozenset(), formulas).items():
        new = int(anew.of_node[formulas[row].text])
        if new >= 0 and alone[new] and not anew.hidden[new]:
            stays[new] = keep[block]
    stays &= np.array([bool(text) for text in anew.texts], dtype=np.bool_)  # of a picture nothing is left
    return changed, anew, stays
