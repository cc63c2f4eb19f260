"""Where blocks and boxes stand in the source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from declutter.document.spans import locate
from declutter.page.boxes import BoxRows, Part
from declutter.page.places import Places
from dropping import dropping

if TYPE_CHECKING:
    import pytest

    from declutter.document import Document
    from declutter.document.spans import Locations

HTML = "<p>a</p>\r\n<ul class=x><li>DROP</li><li>DROP</li></ul><table>DROP<tr><td>b</table>"


def places_of(html: str) -> tuple[Places, list[str]]:
    page = dropping(html)
    return Places(page._document, page._table), page._document.tags


def test_blocks() -> None:
    found, _ = places_of(HTML)
    spans = [found.of_block(row) for row in range(5)]
    assert [None if span is None else HTML[slice(*span)] for span in spans] == ["a", "DROP", "DROP", None, "b"]


def test_boxes() -> None:
    found, tags = places_of(HTML)
    row = tags.index("ul")

    def piece(*parts: Part) -> str | None:
        span = found.of_box(BoxRows(1, row, list(parts)))
        return None if span is None else HTML[slice(*span)]

    assert piece(Part(row, [1, 2])) == HTML[10 : HTML.index("<table>")]
    assert piece(Part(-1, [1])) == "DROP"
    assert piece(Part(-1, [1]), Part(-1, [2])) == "DROP</li><li>DROP"
    assert piece(Part(-1, [1]), Part(-1, [3])) is None


def test_the_second_parse_is_made_once_and_late(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Document] = []

    def counted(document: Document) -> Locations | None:
        calls.append(document)
        return locate(document)

    monkeypatch.setattr("declutter.page.places.locate", counted)
    found, _ = places_of(HTML)
    assert not calls
    for row in (0, 1, 0):
        found.of_block(row)
    assert len(calls) == 1


def test_a_page_without_a_source() -> None:
    page = dropping(HTML)
    page._document.source = None
    found = Places(page._document, page._table)
    assert found.of_block(0) is None
    assert found.of_box(BoxRows(1, 1, [Part(-1, [1])])) is None
