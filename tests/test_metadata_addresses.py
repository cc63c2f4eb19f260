"""Only whole addresses of the web are passed on."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from declutter.metadata.addresses import first_address, host_of, is_front, page_address, web_address

BASE = "https://site.test/a/b"


@pytest.mark.parametrize(
    ("address", "base", "expected"),
    [
        ("https://site.test/c", "", "https://site.test/c"),
        (" /c ", BASE, "https://site.test/c"),
        ("//cdn.test/i.png", BASE, "https://cdn.test/i.png"),
        ("c", BASE, "https://site.test/a/c"),
        ('/c d<e>"f', BASE, "https://site.test/c%20d%3Ce%3E%22f"),
        ("https://site.test/käse", "", "https://site.test/käse"),
        ("c", "", None),
        ("", BASE, None),
        ("javascript:alert(1)", BASE, None),
        ("JaVaScRiPt:alert(1)", "", None),
        ("java\nscript:alert(1)", BASE, None),
        ("data:image/png;base64,AA", BASE, None),
        ("file:///etc/passwd", BASE, None),
        ("https:////cdn.test/i.png", "", "https://cdn.test/i.png"),
        ("HTTP:///cdn.test/i.png", BASE, "HTTP://cdn.test/i.png"),
        ("https:////jo:secret@site.test/", "", None),
        ("https://", "", None),
        ("https:////", "", None),
        ("https:///c/d", BASE, "https://site.test/c/d"),
        ("http://[::1", BASE, None),
        ("https://jo:secret@site.test/", "", None),
        ("https:\\\\evil.test", "", None),
        ("https://site.test/\x00", "", None),
        ("https://site.test/" + "x" * 4000, "", None),
        ("/c", "http://[bad", None),
    ],
)
def test_addresses(address: str, base: str, expected: str | None) -> None:
    assert web_address(address, base) == expected


def test_the_first_that_is_one() -> None:
    assert first_address(["javascript:x", "/c", "/d"], BASE) == "https://site.test/c"
    assert first_address([], BASE) is None


@pytest.mark.parametrize(
    ("address", "host"), [("https://A.Test:8/x", "a.test"), (None, ""), ("http://[::1", ""), ("x", "")]
)
def test_hosts(address: str | None, host: str) -> None:
    assert host_of(address) == host


@pytest.mark.parametrize(
    ("address", "front"),
    [
        ("https://a.test", True),
        ("https://a.test/", True),
        ("https://a.test/b", False),
        ("https://a.test/?p=1", False),
        ("https://a.test/#!b", False),
        ("", False),
    ],
)
def test_front_pages(address: str, front: bool) -> None:
    assert is_front(address) is front


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
def test_the_address_a_page_gives_itself(html: str, address: str | None) -> None:
    assert page_address(html) == address
    assert page_address(BeautifulSoup(html, "html.parser")) == address
    assert page_address(html.encode("utf-16"), encoding="utf-16") == address
