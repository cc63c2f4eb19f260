"""What a page is written in: HTML, Markdown or plain text all become a Document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from declutter.document import Markup, read_document
from declutter.document.decoding import decode, refuse_decoded_files
from declutter.errors import InputError, shown

if TYPE_CHECKING:
    from declutter.document import Document, Html

__all__ = ["MARKUPS", "read_page"]

MARKUPS: Final[tuple[Markup, ...]] = get_args(Markup)


def read_page(html: Html, *, encoding: str | None = None, markup: Markup = "html", judged: bool = False) -> Document:
    """Read a page into a Document.

    Args:
        html: as for `read_document`; for Markdown and plain text str or bytes.
        encoding: the encoding of bytes, where it is known.
        markup: what it is written in.
        judged: it is the beginning of what is known to be a page.

    Raises:
        InputError: not of these types, no page, or a markup or an encoding that is not known.
    """
    if markup not in MARKUPS:
        raise InputError(f"markup {shown(markup)} is not known: give {', '.join(MARKUPS)}")
    if encoding is not None and not isinstance(encoding, str):
        raise InputError(
            f"encoding is of type {type(encoding).__name__}: give a name that Python knows, such as 'utf-8', or None"
        )
    if markup == "html":
        return read_document(html, encoding=encoding, judged=judged)
    used = None
    if isinstance(html, bytes | bytearray | memoryview):
        html, used = decode(bytes(html), encoding, judged=judged, prose=True)
    if not isinstance(html, str):
        raise InputError(f"cannot read {markup} from {type(html).__name__}: give str or bytes, or markup='html'")
    if not judged:
        refuse_decoded_files(html, prose=True)
    if markup == "text":
        from declutter.document.plaintext import read_plain  # noqa: PLC0415 - pages are most often HTML

        return read_plain(html, used)
    from declutter.document.commonmark import read_markdown  # noqa: PLC0415 - pages are most often HTML

    return read_markdown(html, used)
