"""Dragnet's pages of 2012: article text, and in some files the comments after a marker."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from declutter.corpus.base import CorpusPage, WholeText
from declutter.corpus.files import html_pages, read_bytes, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["read"]

# What follows this mark in the gold files is readers' comments, not the article.
_COMMENTS: Final = re.compile(r"!@#\$%\^&\*")


def read(folder: Path) -> Iterator[CorpusPage]:
    """The pages, by name.

    Args:
        folder: holds `input/<name>.html` and `GoldStandard/<name>.txt`.

    Raises:
        CorpusError: a file is missing or damaged.
    """
    for name, path in html_pages(folder / "input"):
        text = _COMMENTS.split(read_text(folder / "GoldStandard" / f"{name}.txt"), maxsplit=1)[0]
        yield CorpusPage("dragnet", name, read_bytes(path), WholeText(text))
