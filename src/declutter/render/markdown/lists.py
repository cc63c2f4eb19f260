"""Lists: those directly in others, items with numbers of their own, and boxes to tick."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import turbohtml

from declutter.render.markdown.links import tag_of

if TYPE_CHECKING:
    from declutter.render.markdown.marks import Marks

__all__ = ["gather_items", "join_lists", "mark_tasks", "number_items"]

_LISTS: Final = frozenset(("ul", "ol"))
_INTEGER: Final = re.compile(r"\s*([+-]?\d{1,18})(?!\d)")
# The numbers that an item can have in Markdown.
_HIGHEST: Final = 999_999_999
_FIRST: Final = frozenset(("p", "div"))


def gather_items(tree: turbohtml.Document) -> None:
    """Put items that stand in no list into one: browsers show them with bullets all the same."""
    for item in tree.find_all("li"):
        if tag_of(item.parent) in _LISTS:
            continue
        found = turbohtml.Element("ul")
        item.insert_before(found)
        node: turbohtml.Node | None = item
        while node is not None and (tag_of(node) == "li" or (isinstance(node, turbohtml.Text) and node.text.isspace())):
            following = node.next_sibling
            found.append(node)
            node = following


def join_lists(tree: turbohtml.Document) -> None:
    """Open lists directly in a list before its first item: Markdown would have indented code there, or more of a paragraph."""
    for outer in reversed(tree.select("ul, ol")):
        for node in list(outer.children):
            if tag_of(node) == "li":
                break
            if isinstance(node, turbohtml.Element) and node.tag in _LISTS:
                items = bool(node.children)
                node.unwrap()
                if items:
                    break


def number_items(tree: turbohtml.Document) -> None:
    """Let a list begin anew where an item has not the number that Markdown counts on to: it has none for an item.

    One that has a number which Markdown cannot write stands before its text. In cells lists stay HTML, which has all of them.
    """
    for found in tree.find_all("ol"):
        items = [node for node in found.children if isinstance(node, turbohtml.Element) and node.tag == "li"]
        if found.closest("td, th, pre") is not None or not items:
            continue
        numbers = _numbers(found, items)
        for name in ("reversed", "start"):
            if name in found.attrs:
                del found.attrs[name]
        for item in items:
            if "value" in item.attrs:
                del item.attrs["value"]
        if min(numbers) < 0 or max(numbers) > _HIGHEST:
            _write_numbers(found, items, numbers)
            continue
        if numbers[0] != 1:
            found.attrs["start"] = str(numbers[0])
        last = found
        for item, number, before in zip(items[1:], numbers[1:], numbers, strict=False):
            if number != before + 1:
                following = turbohtml.Element("ol", {"start": str(number)})
                last.insert_after(following)
                last = following
            if last is not found:
                _move(item, last)


def _numbers(found: turbohtml.Element, items: list[turbohtml.Element]) -> list[int]:
    step = -1 if "reversed" in found.attrs else 1
    start = _integer(found.attrs.get("start"))
    following = start if start is not None else (len(items) if step < 0 else 1)
    numbers = []
    for item in items:
        value = _integer(item.attrs.get("value"))
        numbers.append(following if value is None else value)
        following = numbers[-1] + step
    return numbers


def _integer(value: object) -> int | None:
    found = _INTEGER.match(value) if isinstance(value, str) else None
    return int(found[1]) if found else None


def _move(item: turbohtml.Element, to: turbohtml.Element) -> None:
    """Put an item and what follows it before the next at the end of another list."""
    node: turbohtml.Node | None = item
    while node is not None:
        following = node.next_sibling
        to.append(node)
        node = None if following is None or tag_of(following) == "li" else following


def _write_numbers(found: turbohtml.Element, items: list[turbohtml.Element], numbers: list[int]) -> None:
    bullets = turbohtml.Element("ul")
    for item, number in zip(items, numbers, strict=True):
        first = next((node for node in item.children if node.text.strip()), None)
        place = first if isinstance(first, turbohtml.Element) and first.tag in _FIRST else item
        text = turbohtml.Text(f"{number}. ")
        if place.children:
            place.children[0].insert_before(text)
        else:
            place.append(text)
    for node in list(found.children):
        bullets.append(node)
    found.replace_with(bullets)


def mark_tasks(tree: turbohtml.Document, marks: Marks) -> None:
    """Put what GitHub has for a box to tick in the place of `span.task` (see render.tree) at the beginning of an item."""
    for box in tree.select("li span.task"):
        if box.text in {"\u2610", "\u2611"} and box.closest("td, th, pre, a") is None:
            box.replace_with(marks.of("[x]" if box.text == "\u2611" else "[ ]"))
