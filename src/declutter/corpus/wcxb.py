"""WCXB, the Web Content Extraction Benchmark: main text and page type; its gold mostly lacks headlines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from declutter.corpus.base import CorpusPage, WholeText
from declutter.corpus.files import html_pages, read_bytes, read_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["read"]


def read(folder: Path) -> Iterator[CorpusPage]:
    """The pages of the development split, by name; a page without a main text is left out.

    Args:
        folder: holds `dev/html/<id>.html` and `dev/ground-truth/<id>.json`.

    Raises:
        CorpusError: a file is missing or damaged.
    """
    for name, path in html_pages(folder / "dev" / "html"):
        record = read_json(folder / "dev" / "ground-truth" / f"{name}.json")
        truth = record.get("ground_truth") or {}
        text = truth.get("main_content") or ""
        if not text.strip():
            continue
        page_type = ((record.get("_internal") or {}).get("page_type") or {}).get("primary")
        url = record.get("url") or truth.get("url")
        yield CorpusPage("wcxb", name, read_bytes(path), WholeText(text), url=url or None, page_type=page_type or None)
