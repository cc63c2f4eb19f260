"""Decode and parse: whatever a page comes as becomes a Document, flat columns of nodes.

With `render/` this is the only code that names the HTML parser. Two fillers write the same columns: turbohtml for
text and bytes, bs4 for soups that a user already holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from turbohtml.detect import detect
from turbohtml.treebuild import parse_into

from declutter.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bs4 import BeautifulSoup, Tag
    from numpy.typing import NDArray

    Html = str | bytes | BeautifulSoup | Tag

__all__ = ["DOCUMENT", "TEXT", "Attributes", "Document", "decode", "parser_input", "read_document"]

Attributes = tuple[tuple[str, str | None], ...]

DOCUMENT: Final = "#document"
TEXT: Final = "#text"

_HIDDEN_SHADOW: Final = re.compile(r"(<template\s[^>]{0,2000}?)shadowrootmode", re.IGNORECASE)
_META_CHARSET: Final = re.compile(rb"<meta[^>]{0,1000}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# Declarations are looked for this far; WHATWG says 1,024 bytes, but pages with long heads declare later.
_META_WINDOW: Final = 65536
_UNICODE_LABELS: Final = ("utf-8", "utf8", "utf-16", "utf-32")
# Written in seven bits, so that they look like ASCII.
_SEVEN_BIT_LABELS: Final = ("iso-2022", "csiso2022", "hz", "utf-7")
_MAGIC: Final = (
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"RIFF", "a RIFF file (image, sound or video)"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"BZh", "bzip2-compressed data"),
    (b"\xfd7zXZ\x00", "xz-compressed data"),
    (b"\x28\xb5\x2f\xfd", "zstandard-compressed data"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"OggS", "an Ogg file"),
    (b"ID3", "an MP3 file"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
)
# Share of NUL and other control bytes above which a file without a byte-order mark is no text.
_BINARY_SHARE: Final = 0.1
_CONTROLS: Final = bytes(c for c in range(32) if c not in b"\t\n\f\r\x1b")


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
    """

    tags: list[str]
    attributes: list[Attributes]
    texts: list[str]
    parents: NDArray[np.int32]
    ends: NDArray[np.int32]
    source: str | None = None
    encoding: str | None = None

    def __len__(self) -> int:
        return len(self.tags)

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
        return taken


class _Builder:
    """Receives the tree from turbohtml's parser, node by node in document order; handles are row numbers.

    Its methods are closures over the columns: they run for every node, and looking columns up on self doubled the walk.
    """

    __slots__ = (
        "append",
        "attributes",
        "create_comment",
        "create_doctype",
        "create_document",
        "create_element",
        "create_pi",
        "create_text",
        "parents",
        "tags",
        "texts",
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

        self.tags, self.attributes, self.texts, self.parents = tags, attributes, texts, parents
        self.create_document = lambda: create_element(DOCUMENT, "", ())
        self.create_element, self.create_text, self.append = create_element, create_text, append
        self.create_doctype = self.create_comment = self.create_pi = leave_out

    def document(self, source: str | None, encoding: str | None) -> Document:
        parents = self.parents
        ends = list(range(1, len(parents) + 1))
        for node in range(len(parents) - 1, 0, -1):
            parent, end = parents[node], ends[node]
            if end > ends[parent]:
                ends[parent] = end
        return Document(
            self.tags,
            self.attributes,
            self.texts,
            np.array(parents, dtype=np.int32),
            np.array(ends, dtype=np.int32),
            source,
            encoding,
        )


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Decode a page: byte-order mark, given encoding, declared charset, structural UTF-8, detection, in this order.

    A declared encoding gives way to UTF-8 where the bytes are valid UTF-8 throughout: no long text in another encoding
    is that by chance, and pages are mislabelled often (seven of the training corpora's).

    Args:
        data: the page's bytes.
        encoding: the encoding, where the caller knows it (from an HTTP header, say).

    Returns:
        The text and the name of the encoding it was read in. Bytes that the encoding does not know become U+FFFD.

    Raises:
        InputError: the bytes are not a page (PDF, image, archive, ...), or `encoding` is not known.
    """
    _refuse_binary(data)
    for mark, name in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace"), name
    if encoding is not None:
        try:
            return data.decode(encoding, "replace"), encoding
        except LookupError:
            raise InputError(f"unknown encoding {encoding!r}: give a name that Python knows, such as 'utf-8'") from None
    declared = _META_CHARSET.search(data, 0, _META_WINDOW)
    label = declared.group(1).decode("ascii", "replace").lower() if declared else ""
    if not label.startswith(_SEVEN_BIT_LABELS):
        try:
            return data.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            pass
    if label.startswith(_UNICODE_LABELS):
        # Declared as Unicode but broken in places: most of it still is what it says when errors are few.
        text = data.decode("utf-8", "replace")
        if text.count("\ufffd") * 100 <= max(100, len(text)):
            return text, "utf-8"
        label = ""
    if label:
        try:
            return data.decode(f"whatwg-{label}", "replace"), label
        except LookupError:
            pass
        try:
            return data.decode(label, "replace"), label
        except (LookupError, UnicodeError):
            pass
    match = detect(data)
    codec = match.codec or "windows-1252"
    return data.decode(codec, "replace"), (match.encoding or "windows-1252").lower()


def _refuse_binary(data: bytes) -> None:
    for magic, name in _MAGIC:
        if data.startswith(magic):
            raise InputError(f"this is {name}, not a web page: convert or unpack it to HTML first")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return
    head = data[:8192]
    if head and len(head) - len(head.translate(None, _CONTROLS)) > _BINARY_SHARE * len(head):
        raise InputError("this is binary data, not a web page: give HTML, or name its encoding if it is UTF-16")


def read_document(html: Html, *, encoding: str | None = None) -> Document:
    """Parse a page into columns.

    Linear in the size of the page; the depth of the tree is no limit.

    Args:
        html: the page, decoded or as bytes, or a soup or tag of bs4, which is read and not changed.
        encoding: the encoding of bytes, where it is known.

    Returns:
        The Document.

    Raises:
        InputError: not one of these types, or bytes that are no page.
    """
    if isinstance(html, bytes | bytearray | memoryview):
        text, used = decode(bytes(html), encoding)
        return _parse(text, used)
    if isinstance(html, str):
        return _parse(html, None)
    from bs4 import Tag  # noqa: PLC0415 - most callers hold no soup, and the import costs

    if isinstance(html, Tag):
        return _read_soup(html)
    raise InputError(
        f"cannot read a page from {type(html).__name__}: give str, bytes or a BeautifulSoup or Tag"
        " (for a file, pass path.read_bytes())"
    )


def parser_input(source: str) -> str:
    """What of a decoded page goes to the parser, character by character in its place.

    Lone surrogates become U+FFFD. A declarative shadow root would leave the tree; as a plain template its text stays.
    """
    if not source.isascii() and _SURROGATE.search(source):
        source = _SURROGATE.sub("\ufffd", source)
    if "shadowroot" in source or "SHADOWROOT" in source:
        source = _HIDDEN_SHADOW.sub(r"\1data-shadowmod", source)
    return source


def _parse(source: str, encoding: str | None) -> Document:
    builder = _Builder()
    parse_into(parser_input(source), builder)
    return builder.document(source, encoding)


def _read_soup(root: Tag) -> Document:
    from bs4 import CData, NavigableString, Tag  # noqa: PLC0415 - see read_document
    from bs4.element import PreformattedString  # noqa: PLC0415

    builder = _Builder()
    top = builder.create_document()
    # BeautifulSoup itself is the document; a lone Tag hangs below one.
    stack: list[tuple[object, int]] = (
        [(child, top) for child in reversed(root.contents)] if root.name == "[document]" else [(root, top)]
    )
    while stack:
        item, parent = stack.pop()
        if isinstance(item, Tag):
            pairs = tuple((str(k).lower(), _joined(v)) for k, v in item.attrs.items())
            node = builder.create_element(item.name.lower(), "", pairs)
            stack.extend((child, node) for child in reversed(item.contents))
        elif isinstance(item, NavigableString) and (
            isinstance(item, CData) or not isinstance(item, PreformattedString)
        ):
            node = builder.create_text(_SURROGATE.sub("\ufffd", str(item)))
        else:
            continue
        builder.append(parent, node)
    return builder.document(None, None)


def _joined(value: str | Sequence[str] | None) -> str | None:
    return value if value is None or isinstance(value, str) else " ".join(value)
