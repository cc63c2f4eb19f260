"""The test pages of mozilla/readability; the gold is Readability's own output, reviewed by people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from declutter.corpus.base import CorpusPage, WholeText
from declutter.corpus.files import read_bytes
from declutter.corpus.markup import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["read"]


def read(folder: Path) -> Iterator[CorpusPage]:
    """The pages, by name.

    Args:
        folder: holds `<name>/source.html` and `<name>/expected.html`.

    Raises:
        CorpusError: a file is missing or damaged.
    """
    for place in sorted(entry for entry in folder.iterdir() if entry.is_dir()):
        gold = WholeText(text_of(read_bytes(place / "expected.html").decode("utf-8", "replace")))
        yield CorpusPage("readability", place.name, read_bytes(place / "source.html"), gold)
