"""Pages with labels, for the tests of ranges and of the files that hold them."""

from __future__ import annotations

from pathlib import Path

from declutter.blocks import Blocks, segment
from declutter.document import Document, read_document
from declutter.labels import Label

HTML = (
    "\ufeff<nav><ul>\r\n<li><a href=/>Home</a>\r\n<li><a href=/tide>Tide table</a>\r\n"
    "<li><a href=/gift>Donate</a></ul></nav>\r\n"
    "<article><h1>High water at Arlow</h1>\r\n<p>The <b>spring tide</b> comes at noon &amp; at midnight.</p>\r\n"
    "<p>Boats leave an hour before.</p></article>\r\n<footer><p>\u00a9 Harbour office</p><p>\u2192</p></footer>"
).encode()
LABELS: list[Label | None] = [
    Label.NAVIGATION,
    Label.NAVIGATION,
    Label.DONATION,
    Label.CONTENT,
    Label.CONTENT,
    Label.CONTENT,
    Label.FOOTER,
    Label.FOOTER,
]
MOVED = b"<table>moved words<tr><td>a cell</table><p>after"
PAGES = sorted((Path(__file__).parents[1] / "training_data/pages").glob("*.html"))


def read(html: bytes) -> tuple[Document, Blocks]:
    document = read_document(html)
    return document, segment(document)


def some_labels(count: int) -> list[Label | None]:
    """Runs of labels of many lengths."""
    labels = list(Label)
    return [labels[(number * number // 7) % len(labels)] for number in range(count)]
