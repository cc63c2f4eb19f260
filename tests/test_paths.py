"""CSS paths of elements."""

from __future__ import annotations

import time

import pytest
from bs4 import BeautifulSoup

from declutter.document import TEXT, read_document
from declutter.document.paths import Paths

PAGE = (
    "<body><div><p>a</p><p>b</p><ul><li>c</li><li>d</li></ul></div><div id=side><p>e</p><div><p>f</p></div></div>"
    '<div id=\'1 odd\'><p>g</p></div><x-card><p>h</p></x-card><fb:like><p>i</p></fb:like><footerclass="a.b"><p>j</p></footerclass="a.b">'
)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a", "html > body > div:nth-of-type(1) > p:nth-of-type(1)"),
        ("d", "html > body > div:nth-of-type(1) > ul > li:nth-of-type(2)"),
        ("e", "div#side > p"),
        ("f", "div#side > div > p"),
        ("g", "html > body > div:nth-of-type(3) > p"),
        ("h", "html > body > x-card > p"),
        ("i", r"html > body > fb\:like > p"),
        ("j", r"html > body > footerclass\=\"a\.b\" > p"),
    ],
)
def test_a_path_says_where_an_element_is(text: str, path: str) -> None:
    document = read_document(PAGE)
    node = int(document.parents[document.texts.index(text)])
    assert Paths(document).of(node) == path


def test_an_id_that_stands_twice_begins_no_path() -> None:
    document = read_document("<body><div id=a><p>x</p></div><section id=a><p>y</p></section>")
    node = int(document.parents[document.texts.index("y")])
    assert Paths(document).of(node) == "html > body > section > p"


def test_each_path_finds_its_element_and_no_other() -> None:
    document = read_document(PAGE)
    soup = BeautifulSoup(f"<html><head></head>{PAGE}", "html.parser")
    paths = Paths(document)
    for node, tag in enumerate(document.tags):
        if tag == TEXT and document.texts[node].strip():
            found = soup.select(paths.of(int(document.parents[node])))
            assert len(found) == 1
            assert found[0].get_text().startswith(document.texts[node])


def test_a_long_path_starts_24_levels_up() -> None:
    document = read_document("<div>" * 300 + "<p>deep")
    assert Paths(document).of(len(document) - 2) == " > ".join(["div"] * 23 + ["p"])


def test_the_document_has_an_empty_path() -> None:
    assert Paths(read_document("a")).of(0) == ""


def test_paths_of_a_wide_and_deep_page_take_linear_time() -> None:
    document = read_document("<div>" * 400 + "<p>a" * 50_000)
    before = time.process_time()
    paths = Paths(document)
    assert all(paths.of(node) for node in range(1, len(document)) if document.tags[node] == "p")
    assert time.process_time() - before < 5
