"""CleanEval 2007: text with paragraph, headline and list marks; each page stands in a `<text id=...>`."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from declutter.corpus.base import CorpusPage, WholeText
from declutter.corpus.files import html_pages, read_bytes, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["read"]

_URL_LINE: Final = re.compile(r"\A\s*URL:[^\n]*")
# The annotators wrote <p>, <h> and <l> before each passage, now and then left open: `<h<Title`, `<l.`.
_MARK: Final = re.compile(r"</?[phl](?:[^\S\n]*>|(?=<)|\.)|<(?:cr|/?br)>", re.IGNORECASE)
_WRAPPER: Final = re.compile(rb'\A\s*<text\s+id="([^"]*)"')


def read(folder: Path) -> Iterator[CorpusPage]:
    """The pages, by name.

    Args:
        folder: holds `input/<name>.html` and `GoldStandard/<name>.txt`.

    Raises:
        CorpusError: a file is missing or damaged.
    """
    for name, path in html_pages(folder / "input"):
        text = read_text(folder / "GoldStandard" / f"{name}.txt")
        gold = WholeText(_MARK.sub("\n", _URL_LINE.sub("", text)))
        page = read_bytes(path)
        wrapper = _WRAPPER.match(page)
        url = html.unescape(wrapper[1].decode("utf-8", "replace")) if wrapper else None
        yield CorpusPage("cleaneval", name, page, gold, url=url or None)
