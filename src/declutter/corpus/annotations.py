"""Labels of our own for pages of any corpus, without the text of the pages.

`training_data/annotations/<corpus>/<page>.jsonl` holds a header, then a line for each labelled range of the decoded
source, and one without a place for each text that has none there (`corpus/ranges.py`). Whatever does not fit is an
error, never skipped.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from declutter.corpus.base import LabelledRange, LabelledRanges
from declutter.corpus.ranges import RELABEL, ranges_of
from declutter.document import decode
from declutter.errors import CorpusError
from declutter.labels import Label

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from declutter.blocks import Blocks
    from declutter.corpus.base import CorpusPage
    from declutter.document import Document

__all__ = [
    "GUIDE_VERSION",
    "Annotation",
    "annotation_path",
    "overlay",
    "parse_annotation",
    "read_annotation",
    "write_annotation",
]

GUIDE_VERSION: Final = 1
"""Version of the labelling guide that new annotations follow."""

_HEADER: Final = {"corpus": str, "page": str, "sha256": str, "encoding": str, "guide": int, "complete": bool}


@dataclass(frozen=True, slots=True)
class Annotation:
    """A file of annotations.

    Attributes:
        corpus: the corpus of the page.
        page: its name there.
        sha256: hash of its gunzipped bytes.
        guide: version of the labelling guide.
        gold: the labels.
    """

    corpus: str
    page: str
    sha256: str
    guide: int
    gold: LabelledRanges


def annotation_path(root: Path, corpus: str, page: str) -> Path:
    """Where the annotation of a page lies under `training_data/annotations`."""
    return root / corpus / f"{page}.jsonl"


def overlay(page: CorpusPage, annotations_root: Path) -> CorpusPage:
    """The page with its annotation where there is one: as gold where it has no other, else beside it.

    Raises:
        CorpusError: the annotation cannot be read, or is of another page.
    """
    path = annotation_path(annotations_root, page.corpus, page.name)
    if not path.is_file():
        return page
    labels = read_annotation(path, page)
    return replace(page, gold=labels) if page.gold is None else replace(page, annotation=labels)


def read_annotation(path: Path, page: CorpusPage) -> LabelledRanges:
    """The labels of a page.

    Raises:
        CorpusError: the file cannot be read, or is of another page or other bytes.
    """
    annotation = parse_annotation(path)
    named = (annotation.corpus, annotation.page)
    if named != (page.corpus, page.name):
        raise CorpusError(f"{path}: is of {'/'.join(named)}: move it to <corpus>/<page>.jsonl of its own page")
    if annotation.sha256 != page.sha256:
        raise CorpusError(
            f"{path}: labels a page with sha256 {annotation.sha256}, this one has {page.sha256}: "
            f"bring back the page that was labelled (a public one: `declutter corpus fetch` it), or {RELABEL}"
        )
    return annotation.gold


def parse_annotation(path: Path) -> Annotation:
    """Read a file of annotations without the page.

    Raises:
        CorpusError: it is missing or not in the format; the message names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")  # editors put a byte order mark there
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: cannot be read ({error}): {RELABEL}") from error
    # Not by splitlines: paths may hold what it takes for the end of a line, such as U+2028 in the name of an element.
    lines = text.rstrip("\n").split("\n") if text.strip() else []
    rows = [_object(line, f"{path}:{number}") for number, line in enumerate(lines, 1)]
    if not rows:
        raise CorpusError(f"{path}: is empty: {RELABEL}")
    header = rows[0]
    for key, kind in _HEADER.items():
        if type(header.get(key)) is not kind:
            raise CorpusError(f"{path}:1: the header has no {key} of type {kind.__name__}: {RELABEL}")
    ranges: list[LabelledRange] = []
    unplaced: list[LabelledRange] = []
    for number, row in enumerate(rows[1:], 2):
        item = _range(row, f"{path}:{number}")
        (unplaced if item.start < 0 else ranges).append(item)
    for one, two in pairwise(ranges):
        if one.end > two.start:
            raise CorpusError(f"{path}: ranges {one.start} and {two.start} overlap or are out of order: {RELABEL}")
    gold = LabelledRanges(tuple(ranges), tuple(unplaced), header["encoding"], header["complete"])
    return Annotation(header["corpus"], header["page"], header["sha256"], header["guide"], gold)


def write_annotation(
    path: Path, page: CorpusPage, document: Document, blocks: Blocks, labels: Sequence[Label | None]
) -> None:
    """Write down what the blocks of a page are.

    Neighbours in the source with one label become one range. The nodes of a block without a span get a line each,
    without a place where they have none. The same labels give the same bytes.

    Args:
        path: the file (see `annotation_path`); its folder is made.
        page: the page.
        document: as `read_document(page.html)` gives it.
        blocks: its n blocks.
        labels: n labels, None for blocks that nobody judged.

    Raises:
        CorpusError: the document is not that of the page, or there are not n labels.
        UntellableError: reading the file back would not give them.
    """
    where = f"{page.corpus}/{page.name}"
    if len(labels) != len(blocks):
        raise CorpusError(f"{where}: {len(blocks)} blocks, {len(labels)} labels: give each block one, or None")
    if document.encoding is None or (document.source, document.encoding) != decode(page.html):
        raise CorpusError(f"{where}: the document was decoded otherwise: make it with read_document(page.html)")
    gold = ranges_of(document, blocks, labels, where)
    header = {
        "corpus": page.corpus,
        "page": page.name,
        "sha256": page.sha256,
        "encoding": gold.encoding,
        "guide": GUIDE_VERSION,
        "complete": gold.complete,
    }
    rows = [header, *map(_row, (*gold.ranges, *gold.unplaced))]
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8", newline="\n")


def _row(item: LabelledRange) -> dict[str, Any]:
    placed = item.start >= 0
    return {
        "start": item.start if placed else None,
        "end": item.end if placed else None,
        "words": item.words,
        "path": item.path,
        "label": str(item.label),
    }


def _range(row: dict[str, Any], where: str) -> LabelledRange:
    start, end = row.get("start", ...), row.get("end", ...)
    if start is None and end is None:
        start = end = -1
    elif type(start) is not int or type(end) is not int or not 0 <= start < end:
        raise CorpusError(f"{where}: start and end are not two places in order, nor both null: {RELABEL}")
    if not isinstance(row.get("words"), str) or not isinstance(row.get("path"), str):
        raise CorpusError(f"{where}: words or path is missing: {RELABEL}")
    try:
        label = Label(str(row.get("label")))
    except ValueError:
        raise CorpusError(f"{where}: {row.get('label')!r} is no label: use one of {', '.join(Label)}") from None
    return LabelledRange(start, end, row["words"], row["path"], label)


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CorpusError(f"{where}: not JSON ({error}): {RELABEL}") from error
    if not isinstance(row, dict):
        raise CorpusError(f"{where}: holds no JSON object: {RELABEL}")
    return row
