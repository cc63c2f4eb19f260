"""A folder of a person's own annotations: `<site>/<page>.jsonl`, and beside each the page itself, `<page>.html`.

The annotations are those of `corpus.annotations`, which hold no text of a page and so need it to be there. The site is the
corpus of a page: pages of one site share a template.
"""

from __future__ import annotations

import re
import urllib.parse
from typing import TYPE_CHECKING, Final

from declutter.corpus.annotations import annotation_path, carry_over, read_annotation, write_annotation
from declutter.corpus.base import CorpusPage
from declutter.corpus.markup import page_address
from declutter.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from declutter.blocks import Blocks
    from declutter.document import Document
    from declutter.labels import Label

__all__ = ["labelled_pages", "page_of", "read_labels", "site_of", "write_labels"]

_UNKNOWN: Final = "pages"
_LONGEST: Final = 60
_DIGITS: Final = 8


def site_of(html: bytes, folder: str = "") -> str:
    """What to call the site of a page: the host that its canonical link or og:url names, without www; else its folder.

    Args:
        html: the page.
        folder: the name of the folder that it lies in.
    """
    try:
        host = urllib.parse.urlsplit(page_address(html) or "").hostname or ""
    except ValueError:
        host = ""
    return _plain(host.removeprefix("www.")) or _plain(folder) or _UNKNOWN


def page_of(html: bytes, stem: str, site: str) -> CorpusPage:
    """A page to label. Its name has the beginning of its hash, so that another version of it is another page."""
    page = CorpusPage(_plain(site) or _UNKNOWN, "", html, None)
    return CorpusPage(page.corpus, f"{_plain(stem) or 'page'}-{page.sha256[:_DIGITS]}", html, None)


def _plain(name: str) -> str:
    """A name that is one on every disk: no path, no hidden file, nothing that a shell reads."""
    return re.sub(r"[^\w.-]+", "-", name)[:_LONGEST].strip("-.")


def read_labels(root: Path, page: CorpusPage, document: Document, blocks: Blocks) -> list[Label | None]:
    """The labels of the n blocks of a page so far: None for all where there is no annotation yet.

    Raises:
        CorpusError: the annotation is none, or does not fit the page.
    """
    path = annotation_path(root, page.corpus, page.name)
    if not path.is_file():
        return [None] * len(blocks)
    return carry_over(document, blocks, read_annotation(path, page), f"{page.corpus}/{page.name}")


def write_labels(
    root: Path, page: CorpusPage, document: Document, blocks: Blocks, labels: Sequence[Label | None]
) -> Path:
    """Write down the labels of a page, and the page beside them; each file appears whole or not at all.

    Returns:
        The annotation.

    Raises:
        CorpusError: the labels cannot be told in ranges of the source (see `write_annotation`), or the files not written.
    """
    path = annotation_path(root, page.corpus, page.name)
    part = path.with_name(f".{path.name}.part")
    beside = _beside(path)
    try:
        write_annotation(part, page, document, blocks, labels)
        if not beside.is_file() or beside.read_bytes() != page.html:
            copy = beside.with_name(f".{beside.name}.part")
            copy.write_bytes(page.html)
            copy.replace(beside)
        part.replace(path)
    except OSError as error:
        raise CorpusError(f"{path} cannot be written ({error.strerror or error}): name another folder") from error
    return path


def _beside(path: Path) -> Path:
    return path.with_suffix(".html")


def labelled_pages(root: Path) -> list[CorpusPage]:
    """The labelled pages of a folder, each with its labels as gold, by site and name.

    Raises:
        CorpusError: the folder is not there or holds no annotation, or one of them has no page or not its own.
    """
    paths = sorted(path for path in root.glob("*/*.jsonl") if not path.name.startswith("."))
    if not paths:
        raise CorpusError(f"{root}: no annotations are here: label pages with `declutter annotate` first")
    return [_labelled(path) for path in paths]


def _labelled(path: Path) -> CorpusPage:
    beside = _beside(path)
    try:
        html = beside.read_bytes()
    except OSError as error:
        raise CorpusError(
            f"{beside} cannot be read ({error.strerror or error}): put the page there that {path.name} labels"
        ) from error
    page = CorpusPage(path.parent.name, path.stem, html, None)
    return CorpusPage(page.corpus, page.name, html, read_annotation(path, page))
