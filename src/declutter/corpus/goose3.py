"""The test pages of goose3: the first words of the article, so partial gold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from declutter.corpus.base import CorpusPage, Segments
from declutter.corpus.files import html_pages, read_bytes, read_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["read"]


def read(folder: Path) -> Iterator[CorpusPage]:
    """The pages, by name.

    Args:
        folder: holds `<name>.html` and `<name>.json`.

    Raises:
        CorpusError: a file is missing or damaged.
    """
    for name, path in html_pages(folder):
        record = read_json(folder / f"{name}.json")
        text = str(record.get("expected", {}).get("cleaned_text") or "")
        if text.strip():
            yield CorpusPage("goose3", name, read_bytes(path), Segments((text,)), url=record.get("url") or None)
