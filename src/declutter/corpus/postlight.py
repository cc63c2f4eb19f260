"""The fixtures of postlight/parser: real pages without gold, there to be annotated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from declutter.corpus.base import CorpusPage
from declutter.corpus.files import html_pages, read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["read"]


def read(folder: Path) -> Iterator[CorpusPage]:
    """The pages, by name; the name begins with the domain, up to `--`.

    Args:
        folder: holds `<name>.html`.

    Raises:
        CorpusError: a file is missing or damaged.
    """
    for name, path in html_pages(folder):
        yield CorpusPage("postlight", name, read_bytes(path), None)
