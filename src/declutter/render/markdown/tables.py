"""Tables: those that only lay a page out, rows that are too short, and blocks in cells, which Markdown has in a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import turbohtml

from declutter.document.visibility import INVISIBLE
from declutter.render.markdown.links import ANY_BLOCK, BLOCKS, tag_of
from declutter.render.markdown.marks import SPANNING

if TYPE_CHECKING:
    from declutter.render.markdown.marks import Marks

__all__ = ["fill_rows", "open_layouts", "part_cells"]

_GROUPS: Final = frozenset(("thead", "tbody", "tfoot"))
_CELLS: Final = frozenset(("td", "th"))
# What a cell of a table in Markdown cannot hold, and has no need of a table for where no other cell of its row says anything.
_HELD: Final = "h1, h2, h3, h4, h5, h6, ul, ol, dl, pre, blockquote, table, p ~ p, div ~ div"
# What stays a block in a cell, as HTML or as code.
_WHOLE: Final = "ul, ol, dl, table, pre"
_LINES: Final = ", ".join(sorted(BLOCKS - {"ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "pre", "hr"}))
# The converter would write but one.
_SPACES: Final = re.compile(" {2,}")
# A table of so many cells is not made this many times as large.
_LARGER: Final = 4
_SMALL: Final = 1000


def open_layouts(tree: turbohtml.Document) -> None:
    """Put what is in tables that only lay a page out in their places: blocks beside which nothing is said, and all around other tables."""
    for table in reversed(tree.find_all("table")):
        rows = _rows(table)
        if any(cell.tag == "th" for row in rows for cell in row) or table.find("caption") is not None:
            continue
        if table.find("table") is not None or (
            table.select_one(_HELD) is not None and all(sum(map(_says, row)) <= 1 for row in rows)
        ):
            for row in rows:
                for cell in row:
                    part = turbohtml.Element("div")
                    for node in list(cell.children):
                        part.append(node)
                    table.insert_before(part)
            table.extract()


def fill_rows(tree: turbohtml.Document) -> None:
    """Give each row of a table as many cells as the longest has: others are written as HTML."""
    for table in tree.find_all("table"):
        rows = [row for row in _rows(table) if row]
        width, held = max(map(len, rows), default=0), sum(map(len, rows))
        if table.select_one(SPANNING) is not None or width * len(rows) > max(_LARGER * held, _SMALL):
            continue
        for row in rows:
            last = row[-1]
            for _ in range(width - len(row)):
                last.insert_after(turbohtml.Element("td"))


def part_cells(tree: turbohtml.Document, marks: Marks) -> None:
    """Break the line between blocks in cells, and between the lines of code there, in tables that are not written as HTML."""
    for table in tree.find_all("table"):
        if table.select_one(SPANNING) is not None or table.closest("td, th") is not None:
            continue
        for row in _rows(table):
            for cell in row:
                for block in cell.find_all("pre"):
                    if block.closest("li, dd, dt") is None and block.closest("table") is table:
                        _as_lines(block, marks)
                for rule in cell.find_all("hr"):
                    if rule.closest(_WHOLE) is table:
                        rule.replace_with(turbohtml.Element("br"))
                for block in cell.select(_LINES):
                    if block.closest(_WHOLE) is table:
                        block.insert_before(turbohtml.Element("br"))
                        block.insert_after(turbohtml.Element("br"))
                        block.unwrap()
                _drop_breaks(cell)


def _rows(table: turbohtml.Element) -> list[list[turbohtml.Element]]:
    """The cells of each row of a table itself."""
    groups = [node for node in table.children if isinstance(node, turbohtml.Element)]
    lines = [line for group in groups for line in (group.children if group.tag in _GROUPS else [group])]
    return [
        [cell for cell in line.children if isinstance(cell, turbohtml.Element) and cell.tag in _CELLS]
        for line in lines
        if tag_of(line) == "tr"
    ]


def _says(cell: turbohtml.Element) -> bool:
    return any(isinstance(node, turbohtml.Text) and node.text.strip(INVISIBLE) for node in cell.descendants)


def _as_lines(block: turbohtml.Element, marks: Marks) -> None:
    """Code of several lines as code of a line each."""
    for br in block.find_all("br"):
        br.replace_with(turbohtml.Text("\n"))
    if block.select_one(ANY_BLOCK) is not None:
        return
    lines = block.text.strip("\n").split("\n")
    if len(lines) > 1:
        for line in lines:
            if line.strip():
                code = turbohtml.Element("code")
                code.append(turbohtml.Text(_SPACES.sub(lambda found: marks.mark(found[0]), line.expandtabs(4))))
                block.insert_before(turbohtml.Element("br"))
                block.insert_before(code)
        block.replace_with(turbohtml.Element("br"))


def _drop_breaks(cell: turbohtml.Element) -> None:
    """Take out the breaks at the edges of a cell, all but one of those side by side, and those beside blocks."""
    waiting: turbohtml.Element | None = None
    shown, table = False, cell.closest("table")
    for node in list(cell.descendants):
        around = node.parent
        if not isinstance(around, turbohtml.Element) or around.closest(_WHOLE) is not table:
            continue  # in a block of its own
        if tag_of(node) == "br":
            if shown and waiting is None and isinstance(node, turbohtml.Element):
                waiting = node
            else:
                node.extract()
        elif tag_of(node) in BLOCKS:
            if waiting is not None:
                waiting.extract()
            waiting, shown = None, False
        elif tag_of(node) == "img" or (isinstance(node, turbohtml.Text) and node.text.strip()):
            waiting, shown = None, True
    if waiting is not None:
        waiting.extract()
