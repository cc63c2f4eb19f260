"""Marks in the text that is converted: characters that no text has, which stand for Markdown until the rest of it is written.

So the converter sees a word where something will stand that it would escape, and what begins and ends an emphasis is chosen by the
characters that it stands between in the end. Nothing that a page says can make such a mark: they are taken out of its text.
"""

from __future__ import annotations

import re
from typing import Final

import turbohtml

__all__ = ["SPANNING", "Marks", "in_code", "is_raw", "quiet_raw", "unmarked"]

# Noncharacters, which Unicode keeps for a program's own use.
OPEN: Final = {"strong": "\ufdd0", "em": "\ufdd1"}
CLOSE: Final = {"strong": "\ufdd2", "em": "\ufdd3"}
_TEXT: Final = "\ufdd4{}\ufdd5"
_ANY: Final = re.compile("[\ufdd0-\ufdd5]")
_NUMBERED: Final = re.compile("\ufdd4(\\d+)\ufdd5")
# A list in a table cell, and a cell that spans, are written as HTML.
SPANNING: Final = "td[colspan], td[rowspan], th[colspan], th[rowspan]"
# In a cell, what is written as HTML is still read as Markdown, and an empty line ends the table.
_RAW: Final = "table"
_LINK: Final = "]("
_EMPTY: Final = re.compile(r"\n\s*\n")
_BREAK: Final = re.compile(r"[\r\n]")
_EDGES: Final = re.compile(r"\A\n|\n\Z")
_INNER: Final = "td ul, td ol, td table, td pre, th ul, th ol, th table, th pre"


def unmarked(text: str) -> str:
    """A text without the characters of marks."""
    return _ANY.sub("", text)


class Marks:
    """Texts that stand for themselves, by number."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def of(self, text: str) -> turbohtml.Text:
        """A node that is converted to a text as it is."""
        return turbohtml.Text(self.mark(text))

    def mark(self, text: str) -> str:
        """The mark of a text."""
        self._texts.append(text)
        return _TEXT.format(len(self._texts) - 1)

    def replaced(self, markdown: str) -> str:
        """Markdown with the texts in the places of their marks; a text may hold marks of texts before it."""
        replaced = 1
        while replaced:
            markdown, replaced = _NUMBERED.subn(lambda found: self._texts[int(found[1])], markdown)
        return markdown


def quiet_raw(tree: turbohtml.Document, marks: Marks) -> None:
    """Let texts in what is written as HTML be no links and no ends of it for who reads the Markdown."""
    known: dict[turbohtml.Element, bool] = {}
    opening = marks.mark("&#40;")
    done: set[turbohtml.Element] = set()
    for root in tree.select(_RAW):
        around = root.parent.closest(_RAW) if isinstance(root.parent, turbohtml.Element) else None
        if around in done:
            done.add(root)
        if root in done or not is_raw(root, known):
            continue
        done.add(root)
        inside = list(root.descendants)
        for element in (root, *inside):
            if isinstance(element, turbohtml.Element):
                for name, value in list(element.attrs.items()):
                    if isinstance(value, str) and _BREAK.search(value):
                        element.attrs[name] = _BREAK.sub(" ", value)
        for node in inside:
            if isinstance(node, turbohtml.Text) and (_LINK in node.text or _BREAK.search(node.text)):
                text = _EMPTY.sub("\n", _BREAK.sub("\n", node.text)).replace(_LINK, f"]{opening}")
                # At the edges a line break and that of the text beside it would be an empty line.
                node.replace_with(turbohtml.Text(_EDGES.sub(" ", text)))


def in_code(element: turbohtml.Element) -> bool:
    """Whether an element stands in code, whose text is code and nothing else."""
    around = element.parent
    return isinstance(around, turbohtml.Element) and around.closest("pre, code, kbd, samp") is not None


def is_raw(element: turbohtml.Element, known: dict[turbohtml.Element, bool]) -> bool:
    """Whether an element stands in what is written as HTML: a table with cells that span or hold blocks.

    Args:
        element: the element.
        known: what is known of tables, which this adds to.
    """
    table = element.closest("table")
    while table is not None:
        if table not in known:
            known[table] = table.select_one(SPANNING) is not None or table.select_one(_INNER) is not None
        if known[table]:
            return True
        around = table.parent
        table = around.closest("table") if isinstance(around, turbohtml.Element) else None
    return False
