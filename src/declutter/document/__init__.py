"""Decode and parse: whatever a page comes as becomes a Document, flat columns of nodes.

With `render/` this is the only code that names the HTML parser. Two fillers write the same columns: turbohtml for
text and bytes, bs4 for soups that a user already holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from turbohtml.treebuild import parse_into

from declutter import compiled
from declutter.document.decoding import decode, refuse_decoded_files
from declutter.document.parser_input import parser_input as for_parser  # its own name is the module's here
from declutter.document.soups import soup_nodes
from declutter.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bs4 import BeautifulSoup, Tag
    from numpy.typing import NDArray

    from declutter.compiled import speedups

    Numbers = NDArray[np.int32] | bytearray
    Named = dict[str, dict[int, str]]
    # Tags, attributes, texts, parents, ends, and where it is at hand what Document.named gives.
    Columns = tuple[list[str], list["Attributes"], list[str], Numbers, Numbers, Named | None]
    Html = str | bytes | BeautifulSoup | Tag

__all__ = [
    "BOX",
    "DOCUMENT",
    "HEADING",
    "INDEXED",
    "LINE",
    "SECTION",
    "TEXT",
    "Attributes",
    "Document",
    "Markup",
    "decode",
    "read_document",
]

Markup = Literal["html", "text", "markdown"]
Attributes = tuple[tuple[str, str | None], ...]

DOCUMENT: Final = "#document"
TEXT: Final = "#text"
BOX: Final = "#box"
"""Tag of the node that holds the lines between two blank ones of a plain text."""
LINE: Final = "#line"
"""Tag of the node that holds the text of one line of a plain text."""
HEADING: Final = "#heading"
"""Tag of such a node whose line stands above a paragraph as a heading does."""
SECTION: Final = "#section"
"""Tag of the node that holds the boxes of a plain text from one heading to the next."""

INDEXED: Final = (
    *("class", "id", "role", "itemprop", "itemtype", "title", "aria-label", "aria-hidden", "hidden", "style"),
    *("href", "src", "action", "alt", "type"),
)
"""Attributes that segmentation, features and renderings ask for, whose nodes are collected once."""

_SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(slots=True)
class Document:
    """A parsed page as columns, one row a node, in document order; row 0 is the document itself.

    Attributes:
        tags: element name in lower case, or `#document`, or `#text`.
        attributes: (name, value) pairs of elements, () for others.
        texts: the characters of text nodes, "" for others.
        parents: int32, the row of the parent; -1 for row 0.
        ends: int32, one past the last row of the subtree.
        source: the decoded source, or None where the page came as a soup.
        encoding: the encoding the bytes were read in, or None where they came decoded.
        markup: what the source is written in; "text" has no elements but nodes for boxes and lines.
        places: int64, nodes x 2, first and one past the last character of each node in the source, -1 for none; None
            where a second parse has to find them (see spans.py).
        whole: False where further rows were cut off.
    """

    tags: list[str]
    attributes: list[Attributes]
    texts: list[str]
    parents: NDArray[np.int32]
    ends: NDArray[np.int32]
    source: str | None = None
    encoding: str | None = None
    markup: Markup = "html"
    places: NDArray[np.int64] | None = None
    whole: bool = True
    _named: dict[str, dict[int, str]] | None = field(default=None, init=False, repr=False, compare=False)
    _tagged: dict[str, list[int]] | None = field(default=None, init=False, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.tags)

    def __getstate__(self) -> tuple[None, dict[str, object]]:
        # What is derived does not travel to other processes.
        derived = dict.fromkeys(("_named", "_tagged"))
        return None, {name: getattr(self, name) for name in self.__slots__ if name not in derived} | derived

    def head(self, rows: int, characters: int | None = None) -> Document:
        """A document of the first rows alone, and of so many characters of its source."""
        return Document(
            self.tags[:rows],
            self.attributes[:rows],
            self.texts[:rows],
            self.parents[:rows].copy(),
            np.minimum(self.ends[:rows], np.int32(rows)),
            self.source if characters is None or self.source is None else self.source[:characters],
            self.encoding,
            self.markup,
            None if self.places is None else self.places[:rows].copy(),
            whole=False,
        )

    def named(self, name: str) -> dict[int, str]:
        """The nodes that have an attribute, in document order, with its value ("" for one without).

        Raises:
            KeyError: not one of INDEXED.
        """
        if self._named is None:
            named: dict[str, dict[int, str]] = {key: {} for key in INDEXED}
            if compiled.used:
                compiled.speedups.named(self.attributes, named)
            else:
                for node, pairs in enumerate(self.attributes):
                    for key, value in pairs:
                        if key in named:
                            named[key][node] = value or ""
            self._named = named
        return self._named[name]

    def rows_of(self, *tags: str) -> list[int]:
        """The rows of the elements of some names, in document order."""
        if self._tagged is None:
            tagged: dict[str, list[int]] = {}
            if compiled.used:  # src/speedups/tags.c
                compiled.speedups.tagged(self.tags, TEXT, tagged)
            else:
                for node, tag in enumerate(self.tags):
                    if tag != TEXT:
                        tagged.setdefault(tag, []).append(node)
            self._tagged = tagged
        found = [row for tag in tags for row in self._tagged.get(tag, ())]
        return sorted(found) if len(tags) > 1 else found

    def retag(self, tags: Mapping[int, str]) -> None:
        """Give some nodes other tags."""
        for node, tag in tags.items():
            self.tags[node] = tag
        self._tagged = None

    def attribute(self, node: int, name: str) -> str | None:
        """The value of an attribute of a node: "" for one without a value, None where it is absent."""
        for key, value in self.attributes[node]:
            if key == name:
                return value or ""
        return None

    def take_attribute(self, name: str) -> dict[int, str]:
        """Remove an attribute everywhere and return what it held, by node."""
        taken: dict[int, str] = {}
        for node, pairs in enumerate(self.attributes):
            for key, value in pairs:
                if key == name:
                    taken[node] = value or ""
            if node in taken:
                self.attributes[node] = tuple(pair for pair in pairs if pair[0] != name)
        self._named = None
        return taken


class _Builder:
    """Receives the tree from turbohtml's parser, node by node in document order; handles are row numbers.

    Its methods are closures over the columns: they run for every node, and looking columns up on self doubled the walk.
    The compiled form is `Builder` of src/speedups/document.c.
    """

    __slots__ = (
        *("append", "columns"),
        *("create_comment", "create_doctype", "create_document", "create_element", "create_pi", "create_text"),
    )

    def __init__(self) -> None:
        tags: list[str] = []
        attributes: list[Attributes] = []
        texts: list[str] = []
        parents: list[int] = [-1]
        add_tag, add_attributes, add_text, add_parent = tags.append, attributes.append, texts.append, parents.append

        def create_element(name: str, _namespace: str, attrs: Attributes) -> int:
            add_tag(name)
            add_attributes(attrs)
            add_text("")
            return len(tags) - 1

        def create_document() -> int:
            return create_element(DOCUMENT, "", ())

        def create_text(data: str) -> int:
            add_tag(TEXT)
            add_attributes(())
            add_text(data)
            return len(tags) - 1

        def append(parent: int, child: int) -> None:
            if child >= 0:  # a node is appended right after it is made, before its children
                add_parent(parent)

        def leave_out(*_: object) -> int:
            return -1

        def columns() -> Columns:
            rows = np.array(parents, dtype=np.int32)
            return tags, attributes, texts, rows, subtree_ends(rows), None

        self.create_document, self.columns = create_document, columns
        self.create_element, self.create_text, self.append = create_element, create_text, append
        self.create_doctype = self.create_comment = self.create_pi = leave_out


def _builder() -> _Builder | speedups.Builder:
    return compiled.speedups.Builder(INDEXED) if compiled.used else _Builder()


def _document(builder: _Builder | speedups.Builder, source: str | None, encoding: str | None) -> Document:
    tags, attributes, texts, parents, ends, named = builder.columns()
    document = Document(
        tags,
        attributes,
        texts,
        np.frombuffer(parents, dtype=np.int32),
        np.frombuffer(ends, dtype=np.int32),
        source,
        encoding,
    )
    document._named = named  # noqa: SLF001 - of the same module
    return document


def subtree_ends(parents: NDArray[np.int32]) -> NDArray[np.int32]:
    """One past the last row of the subtree of each row, from the rows of the parents (row 0 has none)."""
    last = np.arange(len(parents), dtype=np.int32)
    last[parents[1:]] = last[1:]  # the last child of each row, as later assignments win; a leaf is its own
    while True:
        further = last[last]
        if np.array_equal(further, last):
            return last + np.int32(1)
        last = further


def read_document(html: Html, *, encoding: str | None = None, judged: bool = False) -> Document:
    """Parse a page into columns.

    Linear in the size of the page; the depth of the tree is no limit.

    Args:
        html: the page, decoded or as bytes, or a soup or tag of bs4, which is read and not changed.
        encoding: the encoding of bytes, where it is known.
        judged: it is the beginning of what is known to be a page.

    Returns:
        The Document.

    Raises:
        InputError: not one of these types, or no page (a PDF, an image).
    """
    if isinstance(html, bytes | bytearray | memoryview):
        text, used = decode(bytes(html), encoding, judged=judged)
        return _parse(text, used)
    if isinstance(html, str):
        if not judged:
            refuse_decoded_files(html)
        return _parse(html, None)
    from bs4 import Tag  # noqa: PLC0415 - most callers hold no soup, and the import costs

    if isinstance(html, Tag):
        return _read_soup(html)
    raise InputError(
        f"cannot read a page from {type(html).__name__}: give str, bytes or a BeautifulSoup or Tag"
        " (for a file, pass path.read_bytes())"
    )


def _parse(source: str, encoding: str | None) -> Document:
    builder = _builder()
    parse_into(for_parser(source), builder)
    return _document(builder, source, encoding)


def _read_soup(root: Tag) -> Document:
    from bs4 import Tag  # noqa: PLC0415 - see read_document

    if root.decomposed:
        raise InputError("the soup or tag is decomposed: give one that still has its content")
    builder = _builder()
    builder.create_document()
    for item, parent in soup_nodes(root):
        if isinstance(item, Tag):
            pairs = tuple((str(k).lower(), _joined(v)) for k, v in item.attrs.items())
            node = builder.create_element(item.name.lower(), "", pairs)
        else:
            node = builder.create_text(_SURROGATE.sub("\ufffd", str(item)))
        builder.append(parent, node)
    return _document(builder, None, None)


def _joined(value: object) -> str | None:
    """The value of an attribute as bs4 writes it: several classes in one text, numbers that a program has set as texts."""
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return None if value is None else str(value)
