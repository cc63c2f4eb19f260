"""Footnotes: a link to a note that links back, or a raised or bracketed mark that leads to an item or to what begins with it."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, Final

import turbohtml

from declutter.render.markdown.links import tag_of
from declutter.render.markdown.verbatim import as_verbatim

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["take_notes"]

# Elements that a note is, and those in it that may be what its mark leads to.
_NOTES: Final = frozenset(("li", "p", "div", "dd", "aside"))
_INLINE: Final = frozenset(("a", "sup", "span", "b", "strong", "i", "em", "small", "cite"))
_UP: Final = 4
# A mark is short: a number, a letter, a dagger. What is longer than a note is a section.
_LONGEST_MARK: Final = 8
_LONGEST_NOTE: Final = 3000
_NAME: Final = re.compile(r"[A-Za-z0-9]+\Z")
_BRACKETS: Final = "[]() "


def take_notes(tree: turbohtml.Document) -> list[tuple[str, turbohtml.Element]]:
    """Take the footnotes out of a tree, and put their marks in the places of the links to them.

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
    for link in tree.select('a[href^="#"]'):
        text = link.text.strip(_BRACKETS)
        target = places.get(_target(link))
        # A note stands behind its mark, or each of two that link to each other would be the other's.
        if target is None or not 0 < len(text) <= _LONGEST_MARK or order[target] < order[link]:
            continue
        note = _note_of(target)
        if note is None:
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
        (around if alone and isinstance(around, turbohtml.Element) else link).replace_with(as_verbatim(f"[^{name}]"))
    return [(name, _taken(note, at, name)) for note, name in notes.items()]


def _name(text: str, names: Collection[str]) -> str:
    """What a note is called: as its mark, or by its number where that is no name or another's."""
    if _NAME.match(text) and text not in names:
        return text
    return next(name for number in count(len(names) + 1) if (name := str(number)) not in names)


def _is_marked(link: turbohtml.Element, text: str, note: turbohtml.Element) -> bool:
    """Whether a link looks like the mark of a note without a way back: a number, raised or in brackets or said to be one."""
    if not text.isdigit():
        return False
    told = str(link.attrs.get("rel") or "") + str(link.attrs.get("class") or "")
    raised = link.find("sup") is not None or link.closest("sup") is not None
    if not (raised or "[" in link.text or "foot" in told or "cit" in told):
        return False
    return note.tag == "li" or note.text.lstrip(_BRACKETS + "\n").startswith(text)


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
            return node if len(node.text) <= _LONGEST_NOTE else None
        if node.tag not in _INLINE:
            return None
        node = node.parent
    return None


def _taken(note: turbohtml.Element, at: set[str], name: str) -> turbohtml.Element:
    """A note out of its list, without its own mark and the links back to those that lead to it."""
    for link in note.select('a[href^="#"]'):
        if _target(link) in at:
            around = link.parent
            link.extract()
            while (
                isinstance(around, turbohtml.Element) and around is not note and not around.text.strip(_BRACKETS + "^↩")
            ):
                emptied, around = around, around.parent
                emptied.extract()
    home = note.parent
    note.extract()
    if isinstance(home, turbohtml.Element) and home.tag in {"ol", "ul"} and home.find("li") is None:
        home.extract()
    first = next((node for node in note.descendants if isinstance(node, turbohtml.Text) and node.text.strip()), None)
    if first is not None and (mark := re.match(rf"[\s\[(]*{name}(?:[\])]?[.:)]|\]|\s*\Z)\s*", first.text)):
        first.replace_with(turbohtml.Text(first.text[mark.end() :]))
    block = turbohtml.Element("div")
    for node in list(note.children):
        block.append(node)
    return block
