"""The content of a page as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.blocks import Origin
from declutter.render.cells import CELLS, cells_of
from declutter.render.code import code_texts, numbering_rows, outermost

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document
    from declutter.render.cells import Cell

__all__ = ["content_text"]

_ITEMS: Final = frozenset(("li", "dt", "dd"))
# The elements that say more than their text does.
_SAYING: Final = frozenset(("math", "ruby", "q"))
# What is done only for pages that have it; looked for once.
_ASKED: Final = CELLS | _SAYING | {"pre"}
_SOFT_HYPHEN: Final = "\u00ad"
# So many characters in a paragraph of a cell are prose. Of the paragraphs in a row the second longest had up to 113 in tables and 588
# in columns of a page, on 320 pages of WCXB.
_PROSE: Final = 300
_CODE: Final = ("pre", "code", "kbd", "samp", "textarea")


def content_text(document: Document, blocks: Blocks, keep: NDArray[np.bool_]) -> str:
    """Kept blocks in order: a blank line between paragraphs, a newline between list items, a tab between cells.

    Code is as it stands, without the numbers of its lines. Cells that are empty or go are held between others of their row and
    before them, but not behind. Alternative texts of images are left out, but for emoji; soft hyphens too, but for those in
    code. A formula is there once, as its TeX where the page says it, else in a line.
    """
    asked = {tag for tag in _ASKED if document.rows_of(tag)}
    saying = not asked.isdisjoint(_SAYING)
    if saying or _may_say(document):
        from declutter.render.written import written_out  # noqa: PLC0415 - costs start-up time, and few pages need it

        document, blocks, keep = written_out(document, blocks, keep, saying)
    rows: list[int] = np.flatnonzero(keep & (blocks.origins != Origin.ALT)).tolist()
    if not rows:
        return ""
    owners, texts = blocks.owners, blocks.texts
    if "pre" in asked:
        numbers = numbering_rows(document, blocks, rows)
        rows = [row for row in rows if row not in numbers]
        code, others = code_texts(document, blocks, rows)
        rows = [row for row in rows if row not in others]
        owners, texts = owners.copy(), texts.copy()
        for row, (pre, text) in code.items():
            owners[row], texts[row] = pre, text
    cells: dict[int, Cell] = {}
    if asked & CELLS:
        tags = [document.tags[owner] for owner in owners[rows].tolist()]
        long = np.array([tag == "pre" and "\n" in texts[row] for tag, row in zip(tags, rows, strict=True)])
        prose = np.array([tag not in CELLS and len(texts[row]) >= _PROSE for tag, row in zip(tags, rows, strict=True)])
        cells = cells_of(document, blocks.starts[rows], long, prose)
    shown = [texts[row] for row in rows]
    soft = [place for place, text in enumerate(shown) if _SOFT_HYPHEN in text]
    if soft:
        left = _with_soft_code(document, blocks, [rows[place] for place in soft])
        for place in soft:
            if rows[place] not in left:
                shown[place] = shown[place].replace(_SOFT_HYPHEN, "")
    return _joined(document, owners[rows], shown, cells)


def _may_say(document: Document) -> bool:
    """Whether an image may be emoji, or a script a formula: its description is not in ASCII, its type speaks of TeX."""
    alternatives, types = document.named("alt").values(), document.named("type").values()
    return any(not text.isascii() for text in alternatives) or any("math/tex" in kind.lower() for kind in types)


def _joined(document: Document, owners: NDArray[np.int32], shown: list[str], cells: dict[int, Cell]) -> str:
    """Texts with what parts them.

    Args:
        document: the page.
        owners: int32, n, the elements that hold them.
        shown: n texts.
        cells: those of them that stand in a row of a table, by their places.
    """
    out: list[str] = []
    tag_before, parent_before, cell_before = "", -1, None
    tags, parents = document.tags, document.parents[owners].tolist()
    for place, (owner, parent, text) in enumerate(zip(owners.tolist(), parents, shown, strict=True)):
        tag, cell = tags[owner], cells.get(place) if cells else None
        if cell and cell_before and cell.line == cell_before.line:
            out.append("\t" * (cell.column - cell_before.column))
        else:
            if out:
                if cell and cell_before and cell.table == cell_before.table:
                    out.append("\n")
                elif tag in CELLS and tag_before in CELLS:
                    out.append("\t" if parent == parent_before else "\n")
                else:
                    out.append("\n" if tag in _ITEMS and tag_before in _ITEMS else "\n\n")
            if cell:
                out.append("\t" * cell.column)
        out.append(text)
        tag_before, parent_before, cell_before = tag, parent, cell
    return "".join(out)


def _with_soft_code(document: Document, blocks: Blocks, rows: Sequence[int]) -> set[int]:
    """Those of some blocks that have a soft hyphen in code, where it is a character as any other."""
    code = np.zeros(len(document), dtype=np.bool_)
    for row, end in outermost(document, *_CODE):
        code[row:end] = True
    return {
        row
        for row in rows
        for node in range(int(blocks.starts[row]), int(blocks.ends[row]))
        if code[node] and _SOFT_HYPHEN in document.texts[node]
    }
