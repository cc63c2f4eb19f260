"""What a page is written in."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup

from declutter.errors import InputError
from declutter.markup import MARKUPS, read_page


@pytest.mark.parametrize(
    ("markup", "tags"),
    [
        ("html", ["#document", "html", "head", "body", "p", "#text"]),
        ("text", ["#document", "#box", "#line", "#text"]),
        ("markdown", ["#document", "html", "head", "body", "p", "#text"]),
    ],
)
@pytest.mark.parametrize("encoding", [None, "utf-16-le"])
def test_each_markup_from_text_and_bytes(markup: Any, tags: list[str], encoding: str | None) -> None:
    source = "<p>é</p>" if markup == "html" else "é"
    page = read_page(source if encoding is None else source.encode(encoding), encoding=encoding, markup=markup)
    assert page.tags[: len(tags)] == tags
    assert "é" in page.texts
    assert (page.source, page.encoding, page.markup) == (source, encoding, markup)
    assert markup in MARKUPS


def test_what_cannot_be_read() -> None:
    with pytest.raises(InputError, match="markup 'rst' is not known: give html, text, markdown"):
        read_page("x", markup="rst")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="cannot read text from BeautifulSoup: give str or bytes"):
        read_page(BeautifulSoup("x", "html.parser"), markup="text")
    with pytest.raises(InputError, match="PDF"):
        read_page(b"%PDF-1.7 ...", markup="text")
