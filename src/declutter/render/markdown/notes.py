"""Footnotes: a mark that leads to a note, and a note that leads back or begins with the mark."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, Final

import turbohtml

from declutter.render.markdown.links import tag_of
from declutter.render.markdown.marks import in_code, is_raw

if TYPE_CHECKING:
    from collections.abc import Collection

    from declutter.render.markdown.marks import Marks

__all__ = ["take_notes", "written_note"]

# Elements that a note is, those in it that may be what its mark leads to, and what no note holds.
_NOTES: Final = frozenset(("li", "p", "div", "dd", "aside"))
_INLINE: Final = frozenset(("a", "sup", "span", "b", "strong", "i", "em", "small", "cite"))
_SECTION: Final = "h1, h2, h3, h4, h5, h6, table"
_UP: Final = 4
# A mark is a number, a letter or a few daggers; words are links to sections.
_MARK: Final = re.compile(r"\d{1,3}|[A-Za-z]|[*\u2020\u2021\u00a7\u00b6]{1,3}")
_BRACKETS: Final = "[]() \n"
# What is longer than a note is a section.
_LONGEST: Final = 3000
# How pages name notes that lead nowhere back.
_NAMED: Final = re.compile(r"foot|note|fn|cite|cit-|ref|end", re.IGNORECASE)
# A first line that would be the address of a link by that name, where a reader of Markdown knows no notes.
_ADDRESS: Final = re.compile(r"\S+(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s*")
_BACK: Final = "\u21a9"
_UP_SIGNS: Final = ("^", "\u2191")


def take_notes(tree: turbohtml.Document, texts: Marks) -> list[tuple[str, turbohtml.Element]]:
    """Take the footnotes out of a tree, and put their marks in the places of the links to them.

    Args:
        tree: what is converted.
        texts: what stands for itself in it, which this adds to.

    Returns:
        Name and element of each note, in the order of the links to them.
    """
    places = {
        place: element for element in tree.select("[id]") if isinstance(place := element.attrs.get("id"), str) and place
    }
    order = {element: number for number, element in enumerate(tree.select('[id], a[href^="#"]'))}
    notes: dict[turbohtml.Element, str] = {}
    marks: list[tuple[turbohtml.Element, str]] = []
    back: dict[turbohtml.Element, set[str]] = {}
    known: dict[turbohtml.Element, bool] = {}
    for link in tree.select('a[href^="#"]'):
        text = link.text.strip(_BRACKETS)
        target = places.get(_target(link))
        # A note stands behind its mark, or each of two that link to each other would be the other's.
        if target is None or order[target] < order[link] or not _MARK.fullmatch(text):
            continue
        note = _note_of(target)
        if note is None or in_code(link) or is_raw(link, known) or is_raw(note, known) or _before_colon(link):
            continue
        if note not in back:
            back[note] = {_target(other) for other in note.select('a[href^="#"]')}
        if not (_ids_at(link) & back[note] or _is_marked(link, text, note)) or note in set(link.ancestors):
            continue
        if note not in notes:
            notes[note] = _name(text, notes.values())
        marks.append((link, notes[note]))
    if not notes:
        return []
    at = {place for link, _ in marks for place in _ids_at(link)}
    for link, name in marks:
        around = link.parent
        alone = (
            isinstance(around, turbohtml.Element) and around.tag == "sup" and around.text.strip() == link.text.strip()
        )
        (around if alone and isinstance(around, turbohtml.Element) else link).replace_with(texts.of(f"[^{name}]"))
    return [(name, _taken(note, at, name)) for note, name in notes.items()]


def written_note(name: str, text: str) -> str:
    """A note as Markdown has it: lines behind the first are indented."""
    first, *others = text.strip().split("\n")
    if _ADDRESS.fullmatch(first):
        first = f"{first} {_BACK}"
    return "\n".join([f"[^{name}]: {first}", *(f"    {line}" if line else line for line in others)])


def _name(text: str, names: Collection[str]) -> str:
    """What a note is called: as its mark, or by its number where that is no name or another's."""
    if text.isascii() and text.isalnum() and text.lower() not in names:
        return text.lower()
    return next(name for number in count(len(names) + 1) if (name := str(number)) not in names)


def _is_marked(link: turbohtml.Element, text: str, note: turbohtml.Element) -> bool:
    """Whether a link looks like the mark of a note without a way back: a number, raised or in brackets or said to be one."""
    told = str(link.attrs.get("rel") or "")
    raised = link.find("sup") is not None or link.closest("sup") is not None
    if not text.isdigit() or not (raised or "[" in link.text or "footnote" in told):
        return False
    if note.tag == "li":
        return _NAMED.search(_target(link)) is not None
    return note.tag == "p" and _mark_at(note.text, text) is not None


def _mark_at(text: str, name: str) -> re.Match[str] | None:
    """The mark that a text begins with."""
    return re.match(rf"\s*[\[(]?{re.escape(name)}[\])]?[.:)]?(?:\s+|\Z)", text, re.IGNORECASE)


def _before_colon(link: turbohtml.Element) -> bool:
    """Whether a colon follows: at the beginning of a line that would be a note."""
    node: turbohtml.Node | None = link
    for _ in range(2):
        other = None if node is None else node.next_sibling
        if other is not None:
            return other.text.lstrip().startswith(":")
        node = None if node is None else node.parent
    return False


def _target(link: turbohtml.Element) -> str:
    href = link.attrs.get("href")
    return href[1:] if isinstance(href, str) else ""


def _ids_at(link: turbohtml.Element) -> set[str]:
    """The names of the place where a link stands: its own, or those of the elements right around it or inside."""
    found: set[str] = set()
    node: turbohtml.Node | None = link
    for _ in range(_UP):
        if not isinstance(node, turbohtml.Element) or tag_of(node) in {"p", "div", "li", "body"}:
            break
        place = node.attrs.get("id")
        if isinstance(place, str):
            found.add(place)
        before = node.previous_sibling
        if (
            isinstance(before, turbohtml.Element)
            and not before.text.strip()
            and isinstance(before.attrs.get("id"), str)
        ):
            found.add(str(before.attrs["id"]))  # an empty anchor before it
        node = node.parent
    return found - {""}


def _note_of(element: turbohtml.Element) -> turbohtml.Element | None:
    """The note that a target is, or stands in; None where it is none, or too long for one."""
    node: turbohtml.Node | None = element
    for _ in range(_UP):
        if not isinstance(node, turbohtml.Element):
            return None
        if node.tag in _NOTES:
            return node if len(node.text) <= _LONGEST and node.select_one(_SECTION) is None else None
        if node.tag not in _INLINE:
            return None
        node = node.parent
    return None


def _taken(note: turbohtml.Element, at: set[str], name: str) -> turbohtml.Element:
    """A note out of its list, without its own mark and the marks that lead back."""
    for link in note.select('a[href^="#"]'):
        if _target(link) not in at:
            continue
        if any(character.isalnum() for character in link.text) and not _MARK.fullmatch(
            link.text.strip(_BRACKETS + ".^")
        ):
            link.unwrap()  # words of the note
            continue
        around = link.parent
        link.extract()
        while (
            isinstance(around, turbohtml.Element)
            and around is not note
            and not around.text.strip(_BRACKETS + "^.\u21a9")
        ):
            emptied, around = around, around.parent
            emptied.extract()
    first = next((node for node in note.descendants if isinstance(node, turbohtml.Text) and node.text.strip()), None)
    if first is not None and first.text.lstrip().startswith(_UP_SIGNS):
        text = turbohtml.Text(first.text.lstrip().lstrip("".join(_UP_SIGNS)).lstrip())
        first.replace_with(text)  # in Wikipedia's notes it stands before links to several marks
        first = text
    # The number of an item is the list's, not in its text.
    if note.tag != "li" and first is not None and (mark := _mark_at(first.text, name)):
        first.replace_with(turbohtml.Text(first.text[mark.end() :]))
    home = note.parent
    note.extract()
    if isinstance(home, turbohtml.Element) and home.tag in {"ol", "ul"} and not home.text.strip():
        home.extract()
    block = turbohtml.Element("div")
    for node in list(note.children):
        block.append(node)
    return block
