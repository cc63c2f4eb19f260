"""The content of a page as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.blocks import Origin
from declutter.document import TEXT
from declutter.render.apart import parting_links
from declutter.render.formulas import tex_formulas
from declutter.render.kept import companions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["content_text"]

_CELLS: Final = frozenset(("td", "th"))
_ITEMS: Final = frozenset(("li", "dt", "dd"))
_CONTROLS: Final = frozenset(("button", "input", "select"))


def content_text(document: Document, blocks: Blocks, keep: NDArray[np.bool_]) -> str:
    """Kept blocks in order: a blank line between paragraphs, a newline between list items, a tab between cells.

    Alternative texts of images are left out. A formula that says its TeX is that, and once.
    """
    out: list[str] = []
    before_tag, before_parent = "", -1
    rows = np.flatnonzero(keep & (blocks.origins != Origin.ALT))
    owners = blocks.owners[rows]
    parents: list[int] = document.parents[owners].tolist()
    tags, texts = document.tags, _with_tex(document, blocks, keep)
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


def _with_tex(document: Document, blocks: Blocks, keep: NDArray[np.bool_]) -> list[str]:
    """The texts of the blocks; in those with formulas the TeX stands for MathML, script and picture.

    Linear in the nodes.
    """
    formulas, drawn = tex_formulas(document)
    if not formulas:
        return blocks.texts
    starts, ends = blocks.starts.tolist(), blocks.ends.tolist()
    last: list[int] = document.ends[blocks.owners].tolist()
    apart: dict[int, tuple[list[str], list[str]]] = {}  # formulas by themselves before a block, and behind it
    places = {row: of.pop() for row in formulas if len(of := _blocks_in(document, blocks, row)) == 1}
    places |= companions(document, blocks, keep, frozenset(), formulas)
    for row, block in places.items():
        if blocks.owners[block] < row < last[block]:
            starts[block], ends[block] = min(starts[block], row), max(ends[block], int(document.ends[row]))
        else:
            apart.setdefault(block, ([], []))[row > starts[block]].append(formulas[row])
    texts = list(blocks.texts)
    parting = parting_links(document, blocks)
    for block in set(places.values()):
        before, behind = apart.get(block, ([], []))
        text = texts[block]
        if document.tags[blocks.owners[block]] != "pre":
            rows = range(starts[block], ends[block])
            pieces = "".join(_pieces(document, blocks, block, rows, formulas, drawn, parting))
            text = "\n".join(" ".join(line.split()) for line in pieces.split("\0")).strip()
        texts[block] = "\n\n".join((*before, text, *behind))
    return texts


def _blocks_in(document: Document, blocks: Blocks, row: int) -> set[int]:
    return set(blocks.of_node[row : int(document.ends[row])].tolist()) - {-1}


def _pieces(
    document: Document,
    blocks: Blocks,
    block: int,
    rows: range,
    formulas: dict[int, str],
    drawn: frozenset[int],
    parting: frozenset[int] | set[int],
) -> Iterator[str]:
    """What a run of nodes shows, NUL for a line break."""
    node, button_end = rows.start, -1
    while node < rows.stop:
        if node == button_end:
            yield " "  # a control parts the words beside it
        if node in formulas:
            yield formulas[node]
        elif document.tags[node] == "br":
            yield "\0"
        elif document.tags[node] == TEXT and (blocks.of_node[node] == block or document.texts[node].isspace()):
            yield document.texts[node]
        elif node in parting:
            yield " "
        elif document.tags[node] in _CONTROLS:
            yield " "
            button_end = int(document.ends[node])
        node = int(document.ends[node]) if node in formulas or node in drawn else node + 1
