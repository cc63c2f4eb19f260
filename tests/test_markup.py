"""What a page is written in."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup

from declutter.document.markup import MARKUPS, read_page
from declutter.errors import InputError


@pytest.mark.parametrize(
    ("markup", "tags"),
    [
        ("html", ["#document", "html", "head", "body", "p", "#text"]),
        ("text", ["#document", "#section", "#box", "#line", "#text"]),
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
        read_page(b"%PDF-1.7\n...", markup="text")


@pytest.mark.parametrize("markup", ["text", "markdown"])
@pytest.mark.parametrize(
    "text",
    [
        "WARC/1.1 is the newest form.",
        "%PDF-1.7 is a format.",
        "%PDF- is how they begin",
        "%!PS-Adobe-3.0, of 1992",
        " WARC/1. And so on",
    ],
)
def test_a_text_may_speak_of_files(markup: Any, text: str) -> None:
    for page in (text, text.encode()):
        assert "".join(read_page(page, markup=markup).texts).strip() == text.strip()
        with pytest.raises(InputError, match="not a web page"):
            read_page(page)


@pytest.mark.parametrize(
    "head",
    ["%PDF-1.7\n%", "%PDF-1.4", "%PDF-1.4 \r\n", "%!PS-Adobe-3.0 EPSF-3.0\n", "WARC/1.0\r\nWARC-Type:", "%PDF-1.4\x00"],
)
def test_files_are_no_texts(head: str) -> None:
    for page in (head, head.encode()):
        with pytest.raises(InputError, match="not a web page"):
            read_page(page, markup="text")
