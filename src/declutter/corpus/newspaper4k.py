"""The test pages of newspaper4k: articles in many languages with their text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from declutter.corpus.base import CorpusPage, WholeText
from declutter.corpus.files import html_pages, read_bytes, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["read"]


def read(folder: Path) -> Iterator[CorpusPage]:
    """The pages, by name.

    Args:
        folder: holds `html/<name>.html` and `txt/<name>.txt`.

    Raises:
        CorpusError: a file is missing or damaged.
    """
    for name, path in html_pages(folder / "html"):
        gold = WholeText(read_text(folder / "txt" / f"{name}.txt"))
        yield CorpusPage("newspaper4k", name, read_bytes(path), gold)
