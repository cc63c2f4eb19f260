"""What a page says of itself for machines: meta elements, links, items of JSON-LD and microdata."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from declutter.document import Document

__all__ = ["Item", "Sources", "line", "plain", "read_sources", "text_of"]

# All the JSON-LD of a page, in characters; the most that 2,300 pages of the training corpora have is 153,095.
_JSON_WINDOW: Final = 1_000_000
_JSON_START: Final = re.compile(r"[{\[]")
_DECODER: Final = json.JSONDecoder(strict=False)
# Ends to what a hostile page has without end.
_MOST_ITEMS: Final = 1000
_MOST_VALUES: Final = 100
_MOST_NODES: Final = 2000
_LONGEST: Final = 5000
# Nodes that the text of an element is read from: names and dates are short.
_MOST_READ: Final = 200
# Control characters, soft hyphens, marks that turn the direction of text, and what is no character at all.
_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
# Markup that is left in values; other tags, as in "<table>: the Table element", are what a page is about.
_TAG: Final = re.compile(
    r"</?(?:a|b|br|code|div|em|font|h[1-6]|i|img|li|p|small|span|strong|sub|sup|u|ul)\b[^<>]{0,500}>", re.IGNORECASE
)
_TAGS: Final = frozenset(("meta", "link", "a", "script", "html", "base"))
_RELATIONS: Final = {"link": frozenset(("canonical", "image_src")), "a": frozenset(("author",))}
# Properties of microdata that are read; the bodies of articles are not.
_PROPERTIES: Final = frozenset(
    "author creator name headline datepublished datemodified datecreated uploaddate publisher image description"
    " inlanguage mainentity".split()
)
# The attribute that holds the value of a microdata property, by element; of others it is the text.
_VALUE_OF: Final = {"meta": "content", "time": "datetime", "link": "href", "img": "src", "data": "value"}


@dataclass(slots=True)
class Item:
    """A thing that JSON-LD or microdata describe.

    Attributes:
        types: the last parts of its types, in lower case: newsarticle.
        values: texts and further items, by property in lower case.
        whole: it is described for itself, not as a property of another.
    """

    types: frozenset[str]
    values: dict[str, list[str | Item]] = field(default_factory=dict)
    whole: bool = True

    def texts(self, *names: str) -> Iterator[str]:
        """The texts of properties, in the order of the names; for a thing, its name."""
        for name in names:
            for value in self.values.get(name, ()):
                if isinstance(value, str):
                    yield value
                else:
                    yield from (text for text in value.values.get("name", ()) if isinstance(text, str))

    def items(self, *names: str) -> Iterator[Item]:
        """The things that are values of properties."""
        return (value for name in names for value in self.values.get(name, ()) if isinstance(value, Item))


@dataclass(slots=True)
class Sources:
    """What a page says of itself, in document order.

    Attributes:
        metas: contents of meta elements by property, name or http-equiv, in lower case.
        links: relations (canonical and image_src of `link`, author of `a`), address and node.
        items: JSON-LD first, then microdata.
        language: `lang` of the html element.
        base: address of the base element.
    """

    metas: dict[str, list[str]] = field(default_factory=dict)
    links: list[tuple[frozenset[str], str, int]] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    language: str = ""
    base: str = ""

    def meta(self, *names: str) -> Iterator[str]:
        """The contents of meta elements, in the order of the names."""
        return (text for name in names for text in self.metas.get(name, ()))

    def link(self, relation: str) -> Iterator[str]:
        """The addresses of links of a relation."""
        return (address for relations, address, _ in self.links if relation in relations)


def line(text: str) -> str:
    """A text as one line: no control characters or doubled white space, cut where it is long."""
    return " ".join(_CONTROL.sub("", text[:_LONGEST]).split())


def plain(text: str) -> str:
    """A value of metadata as a line of text: no markup either; entities resolved."""
    text = text[:_LONGEST]
    if "&" in text:
        text = unescape(text)
    return line(_TAG.sub(" ", text) if "<" in text else text)


def text_of(document: Document, node: int) -> str:
    """The text in an element as a line, cut where it is long."""
    end = min(int(document.ends[node]), node + _MOST_READ)
    return line("".join(text[:_LONGEST] for text in document.texts[node:end]))


def read_sources(document: Document) -> Sources:
    """Collect them, wherever in the page they stand. Linear in the size of the page."""
    sources = Sources()
    scripts: list[str] = []
    tags = document.tags
    for node in [row for row, tag in enumerate(tags) if tag in _TAGS]:
        tag = tags[node]
        values = dict(document.attributes[node])
        if tag == "meta":
            _read_meta(sources.metas, values)
        elif tag in {"link", "a"}:
            told = values.get("rel")
            relations = _RELATIONS[tag].intersection(told.lower().split()) if told else ()
            if relations and len(sources.links) < _MOST_NODES:
                sources.links.append((frozenset(relations), values.get("href") or "", node))
        elif tag == "script":
            if (values.get("type") or "").strip().lower().startswith("application/ld+json"):
                scripts.append("".join(document.texts[node + 1 : int(document.ends[node])]))
        elif tag == "html":
            sources.language = sources.language or values.get("lang") or ""
        else:
            sources.base = sources.base or values.get("href") or ""
    sources.items = [*_json_items(scripts), *_microdata(document)]
    return sources


def _read_meta(metas: dict[str, list[str]], values: dict[str, str | None]) -> None:
    content = values.get("content")
    if not content or content.isspace():
        return
    for key in ("property", "name", "http-equiv"):
        name = (values.get(key) or "").strip().lower()
        if name:
            found = metas.setdefault(name, [])
            if len(found) < _MOST_VALUES and content not in found:
                found.append(content)


class _JsonReader:
    """Makes items of the objects of JSON-LD; references to others by `@id` wait until all are known."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.by_id: dict[str, Item] = {}
        self.pending: list[tuple[Item, str, str]] = []

    def read(self, root: Any) -> None:
        """Take in one value, however it is nested."""
        stack: list[tuple[Any, Item | None, str]] = [(root, None, "")]
        while stack and len(self.items) < _MOST_ITEMS:
            value, owner, name = stack.pop()
            if isinstance(value, list):
                stack.extend((part, owner, name) for part in reversed(value[:_MOST_ITEMS]))
            elif isinstance(value, dict):
                if "@value" in value and owner is not None:
                    stack.append((value["@value"], owner, name))
                else:
                    stack.extend(self._object(value, owner, name))
            elif owner is not None and isinstance(value, str | int) and not isinstance(value, bool):
                found = owner.values.setdefault(name, [])
                if len(found) < _MOST_VALUES:
                    found.append(value[:_LONGEST] if isinstance(value, str) else repr(value))

    def _object(self, value: dict[str, Any], owner: Item | None, name: str) -> list[tuple[Any, Item | None, str]]:
        reference = value.get("@id")
        if len(value) == 1 and isinstance(reference, str):
            if owner is not None:
                self.pending.append((owner, name, reference))
            return []
        item = Item(frozenset(_type_names(value.get("@type"))), whole=owner is None or name == "mainentity")
        self.items.append(item)
        if owner is not None:
            owner.values.setdefault(name, []).append(item)
        if isinstance(reference, str):
            self.by_id.setdefault(reference, item)
        inside: list[tuple[Any, Item | None, str]] = [
            (part, item, key.lower()) for key, part in reversed(value.items()) if key[:1] != "@"
        ]
        return [*inside, (value["@graph"], None, "")] if "@graph" in value else inside

    def joined(self) -> list[Item]:
        """All items, with the ones that others refer to in their places."""
        for item, name, reference in self.pending:
            if reference in self.by_id:
                item.values.setdefault(name, []).append(self.by_id[reference])
        return self.items


def _json_items(scripts: Iterable[str]) -> list[Item]:
    reader = _JsonReader()
    left = _JSON_WINDOW
    for raw in scripts:
        left -= len(raw)
        if left < 0 or len(reader.items) >= _MOST_ITEMS:
            break
        for value in _json_values(raw.replace("<![CDATA[", "", 1)):
            reader.read(value)
    return reader.joined()


def _json_values(text: str) -> Iterator[Any]:
    """The values in a text one after the other, up to the first that is broken, or nested too deep for the decoder."""
    end = 0
    for _ in range(_MOST_VALUES):
        start = _JSON_START.search(text, end)
        if start is None:
            return
        try:
            value, end = _DECODER.raw_decode(text, start.start())
        except (ValueError, RecursionError):
            return
        yield value


def _type_names(value: Any) -> Iterator[str]:
    for name in value[:_MOST_VALUES] if isinstance(value, list) else [value]:
        if isinstance(name, str):
            yield re.split(r"[/#:]", name[:200].strip())[-1].lower()


def _microdata(document: Document) -> list[Item]:
    """Microdata items; a property belongs to the nearest element above it whose type is told, or to the page."""
    properties, types = document.named("itemprop"), document.named("itemtype")
    if not properties:
        return []
    scopes = {node: Item(frozenset(_type_names(types[node][:_LONGEST].split()))) for node in list(types)[:_MOST_ITEMS]}
    page = Item(frozenset())
    # The item of every element on the ways up that were walked: none is walked twice.
    known: dict[int, Item] = {}
    for node, names in list(properties.items())[:_MOST_NODES]:
        told = [name for name in names.lower().split() if name in _PROPERTIES]
        item = scopes.get(node)
        if item is not None:
            item.whole = "mainentity" in told
        if not told:
            continue
        way = []
        above = int(document.parents[node])
        while above >= 0 and above not in scopes and above not in known:
            way.append(above)
            above = int(document.parents[above])
        owner = page if above < 0 else scopes.get(above) or known[above]
        known.update(dict.fromkeys(way, owner))
        value: str | Item = item if item is not None else _value_of(document, node)
        for name in told:
            found = owner.values.setdefault(name, [])
            if value and len(found) < _MOST_VALUES:
                found.append(value)
    return [*scopes.values(), *([page] if page.values else [])]


def _value_of(document: Document, node: int) -> str:
    attribute = _VALUE_OF.get(document.tags[node])
    value = document.attribute(node, "content") or (document.attribute(node, attribute) if attribute else None)
    return value[:_LONGEST] if value else text_of(document, node)
