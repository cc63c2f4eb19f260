"""What a page says of where it came from."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from declutter.address import page_address

URL = "https://example.org/a"


@pytest.mark.parametrize(
    ("html", "address"),
    [
        ("<p>none", None),
        (f"<link rel=canonical href={URL}>", URL),
        (f"<LINK HREF=' {URL}\n' REL='alternate CANONICAL'>", URL),
        (f"<meta property=og:url content={URL}>", URL),
        (f"<meta name=og:url content={URL}>", URL),
        (f"<meta property=og:url content=https://other.example/><link rel=canonical href={URL}>", URL),
        (f"<link rel=canonical href=/a><meta property=og:url content={URL}>", URL),
        (f"<link rel=canonical href=//example.org/a><link rel=canonical href={URL}>", URL),
        ("<link rel=canonical href=file:///a><link rel=canonical href=https://[x/>", None),
        (f"<link rel=alternate href={URL}><a rel=canonical href={URL}>x</a><link href={URL}>", None),
        ("<meta property=og:url content><meta property=og:url><link rel=canonical>", None),
        (f"<meta property=og:title content={URL}>", None),
    ],
)
def test_address(html: str, address: str | None) -> None:
    assert page_address(html) == address
    assert page_address(BeautifulSoup(html, "html.parser")) == address
    assert page_address(html.encode("utf-16"), encoding="utf-16") == address
