"""A folder of a person's own annotations: `<site>/<page>.jsonl`, and beside each the page itself, `<page>.html`.

The annotations are those of `corpus.annotations`, which hold no text of a page and so need it to be there. The site is the
corpus of a page: pages of one site share a template.
"""

from __future__ import annotations

import re
import time
import urllib.parse
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from declutter.corpus.annotations import annotation_path, read_annotation, write_annotation
from declutter.corpus.base import CorpusPage
from declutter.corpus.markup import page_address
from declutter.corpus.ranges import carry_over
from declutter.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from declutter.blocks import Blocks
    from declutter.document import Document
    from declutter.labels import Label

__all__ = [
    "labelled_pages",
    "merge_labels",
    "other_versions",
    "page_of",
    "read_labels",
    "site_of",
    "stamp_of",
    "write_labels",
]

_UNKNOWN: Final = "pages"
_LONGEST: Final = 60
_DIGITS: Final = 8
_HASH: Final = re.compile(rf"[0-9a-f]{{{_DIGITS}}}")
# Seconds for which a process may write a page before it is taken to have died at that, and between two looks.
_PATIENCE: Final = 10.0
_PAUSE: Final = 0.05


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


def read_labels(root: Path, page: CorpusPage, document: Document, blocks: Blocks) -> list[Label | None] | None:
    """The labels of the n blocks of a page so far; None where there is no annotation yet.

    Raises:
        CorpusError: the annotation is none, or does not fit the page.
    """
    path = annotation_path(root, page.corpus, page.name)
    if not path.is_file():
        return None
    return carry_over(document, blocks, read_annotation(path, page), f"{page.corpus}/{page.name}")


def stamp_of(root: Path, page: CorpusPage) -> tuple[int, int] | None:
    """What tells whether the annotation of a page was written since; None where there is none."""
    try:
        found = annotation_path(root, page.corpus, page.name).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def other_versions(root: Path, page: CorpusPage) -> list[Path]:
    """The annotations of pages that have the site and name of this one and other bytes."""
    stem = page.name[:-_DIGITS]
    found = sorted(annotation_path(root, page.corpus, page.name).parent.glob("*.jsonl"))
    return [
        path
        for path in found
        if path.stem.startswith(stem) and path.stem != page.name and _HASH.fullmatch(path.stem[len(stem) :])
    ]


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
    with _alone(path) as part:
        _write(part, page, document, blocks, labels)
    return path


def merge_labels(
    root: Path,
    page: CorpusPage,
    document: Document,
    blocks: Blocks,
    labels: Sequence[Label | None],
    was: Sequence[Label | None],
    known: Sequence[Label | None],
) -> tuple[list[Label | None], list[int]]:
    """Write down what somebody changed of the labels of a page; what others changed in the file meanwhile stays.

    Args:
        root: the folder.
        page: the page.
        document: the page.
        blocks: its n blocks.
        labels: n labels.
        was: the n labels that they were changed from.
        known: n labels that the file held, for where it is gone.

    Returns:
        The n labels that the file holds now, and the rows that both changed, where those of the file stood.

    Raises:
        CorpusError: as for `write_labels`, or the file cannot be read; then it is as it was.
    """
    with _alone(annotation_path(root, page.corpus, page.name)) as part:
        there = read_labels(root, page, document, blocks)
        if there is None:
            there = list(known)
        stood = [row for row, now in enumerate(there) if labels[row] != was[row] and now not in {was[row], labels[row]}]
        merged = [now if mine == before else mine for mine, before, now in zip(labels, was, there, strict=True)]
        for row in stood:
            merged[row] = there[row]
        _write(part, page, document, blocks, merged)
    return merged, stood


@contextmanager
def _alone(path: Path) -> Iterator[Path]:
    """The file to write first, which takes the place of the other at the end: whoever makes it writes alone.

    Raises:
        CorpusError: something cannot be written.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        _begin(part)
        try:
            yield part
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CorpusError(f"{path} cannot be written ({error.strerror or error}): name another folder") from error


def _begin(part: Path) -> None:
    """Make a file once no other process has it."""
    last = time.monotonic() + _PATIENCE
    while True:
        try:
            part.open("x").close()
        except FileExistsError:
            if time.monotonic() > last:
                part.unlink(missing_ok=True)
            time.sleep(_PAUSE)
        else:
            return


def _write(part: Path, page: CorpusPage, document: Document, blocks: Blocks, labels: Sequence[Label | None]) -> None:
    """The labels into a file, and the page beside the one whose place it will take."""
    write_annotation(part, page, document, blocks, labels)
    beside = part.with_name(f"{page.name}.html")
    if not beside.is_file() or beside.read_bytes() != page.html:
        copy = beside.with_name(f".{beside.name}.part")
        copy.write_bytes(page.html)
        copy.replace(beside)


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
