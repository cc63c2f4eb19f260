"""The pages written for this project, labelled in the file by `data-label` on elements."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from declutter.corpus.base import CorpusPage, MarkedElements
from declutter.corpus.files import html_pages, read_bytes
from declutter.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["read"]

_NAME: Final = re.compile(r"(?P<type>[a-z]+)-(?P<language>[a-z]{2,4})-[a-z0-9-]+")


def read(folder: Path) -> Iterator[CorpusPage]:
    """The pages, by name.

    Args:
        folder: holds `<type>-<language>-<slug>.html`, where the language is an ISO 639 code, with the region
            behind it where that tells the script (`zhtw`).

    Raises:
        CorpusError: a file is named otherwise.
    """
    for name, path in html_pages(folder):
        parts = _NAME.fullmatch(name)
        if parts is None:
            raise CorpusError(f"{path}: name it <type>-<language>-<slug>.html, as in news-en-harbour.html")
        yield CorpusPage(
            "own",
            name,
            read_bytes(path),
            MarkedElements(),
            page_type=parts["type"],
            language=parts["language"],
        )
