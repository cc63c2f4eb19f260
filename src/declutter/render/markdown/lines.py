"""What stands in a line: breaks and spaces where a block begins, readings of characters, signs that need no backslash."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import turbohtml

from declutter.render.markdown.links import BLOCKS, tag_of
from declutter.render.markdown.marks import in_code

if TYPE_CHECKING:
    from declutter.render.markdown.marks import Marks

__all__ = ["drop_first_breaks", "drop_spaces", "join_titles", "quiet_signs", "write_readings"]

_EMPHASISING: Final = frozenset(("b", "strong", "i", "em"))
_EMPHASIS: Final = ", ".join(sorted(_EMPHASISING))
# What begins no item, no heading and no tag: a number, a sign of a list or a number sign, a less-than sign right before a
# digit. And wide spaces, which the converter writes as their numbers in headings and where a block begins.
_FIRST: Final = re.compile(r"\A(\s*\d{1,9})([.)])(?=[^\W_])|\A(\s*)([+#-])(?=[^\W_])")
_LESS: Final = re.compile(r"()(<)(?=[\d=])")
_WIDE: Final = re.compile("()([\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+)")
# White space of HTML, but a single space.
_BROKEN: Final = re.compile(r"[ \t\n\f\r]{2,}|[\t\n\f\r]")


def join_titles(tree: turbohtml.Document) -> None:
    """Write titles of links and images and descriptions of images in a line: the converter writes breaks as numbers of characters."""
    for element in tree.select("a[title], img"):
        for name in ("alt", "title"):
            value = element.attrs.get(name)
            if isinstance(value, str) and _BROKEN.search(value):
                element.attrs[name] = _BROKEN.sub(" ", value).strip(" ")
        if not element.attrs.get("title"):
            element.attrs.pop("title", None)


def drop_first_breaks(tree: turbohtml.Document) -> None:
    """Take out line breaks at the beginnings of blocks: Markdown would show a backslash in a line of its own."""
    for br in tree.find_all("br"):
        if _begins(br) and not in_code(br):
            br.extract()


def _begins(node: turbohtml.Node) -> bool:
    """Whether nothing that is seen stands before a node in its block."""
    before: turbohtml.Node | None = node
    while before is not None and tag_of(before) not in BLOCKS:
        other = before.previous_sibling
        while other is not None and tag_of(other) not in BLOCKS:
            if tag_of(other) in {"br", "img"} or not isinstance(other, turbohtml.Text) or other.text.strip():
                return False
            other = other.previous_sibling
        if other is not None:
            return True
        before = before.parent if isinstance(before.parent, turbohtml.Element) else None
    return True


def drop_spaces(tree: turbohtml.Node) -> None:
    """Put white space at the beginning of an emphasis before it: at the beginning of a block it would indent it."""
    seen: set[turbohtml.Node] = set()  # inside of another, right at its beginning: their white space is out already
    for element in tree.select(_EMPHASIS):
        if element in seen or tag_of(element.previous_sibling) in _EMPHASISING:
            continue  # two side by side may become one
        first: turbohtml.Node = element
        while isinstance(first, turbohtml.Element) and (below := first.children):
            seen.add(first)
            first = below[0]
        if isinstance(first, turbohtml.Text) and first.text[:1].isspace() and not in_code(element):
            text = first.text.lstrip()
            element.insert_before(turbohtml.Text(first.text[: len(first.text) - len(text)]))
            first.replace_with(turbohtml.Text(text))


def write_readings(tree: turbohtml.Document) -> None:
    """Put the readings of characters in brackets, as who cannot set them above does."""
    for part in tree.find_all("rp"):
        part.extract()
    for reading in tree.select("ruby rt"):
        if reading.text.strip():
            reading.insert_before(turbohtml.Text("("))
            reading.insert_after(turbohtml.Text(")"))
        reading.unwrap()


def quiet_signs(tree: turbohtml.Node, marks: Marks) -> None:
    """Let signs that mean nothing in Markdown where they stand be themselves, without a backslash or a number of a character."""
    for node in list(tree.descendants):
        if isinstance(node, turbohtml.Text) and not _is_code(node):
            text = node.text
            for pattern in (_FIRST, _WIDE, _LESS):
                text = pattern.sub(lambda found: _marked(found, marks), text)
            if text != node.text:
                node.replace_with(turbohtml.Text(text))


def _is_code(node: turbohtml.Text) -> bool:
    around = node.parent
    return isinstance(around, turbohtml.Element) and around.closest("pre, code, kbd, samp, var") is not None


def _marked(found: re.Match[str], marks: Marks) -> str:
    before, sign = (part for part in found.groups() if part is not None)
    return f"{before}{marks.mark(sign)}"
