"""How far two readers of the same pages agree who saw nothing of each other: what no model can be expected to pass by far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from declutter.blocks import segment
from declutter.corpus.annotations import read_annotation
from declutter.corpus.ranges import carry_over
from declutter.document import read_document
from declutter.errors import CorpusError
from declutter.labels import CHROME, Label

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from declutter.corpus.base import CorpusPage

__all__ = ["LABELS", "agreement", "both_readings", "rows_by_label"]

LABELS: Final = (Label.CONTENT, *CHROME)
"""The order of rows and columns of a table of two readings."""


def both_readings(pages: Sequence[CorpusPage], first: Sequence[Path], second: Path) -> dict[str, NDArray[np.int64]]:
    """What two readers call the blocks of the pages that both labelled.

    Args:
        pages: pages of public corpora; those without a second reading are passed over.
        first: folders of annotations, a folder a corpus; a page counts as in the earliest that has it.
        second: the same by other readers.

    Returns:
        Of pages with blocks that both labelled, by `corpus/name`: int64, 13 x 13: blocks, by the label of the first reader (rows) and of the second, in the order of LABELS.

    Raises:
        CorpusError: an annotation does not fit its page, a page was read by the second reader alone, or is not among the pages.
    """
    found = {}
    unread = {*second.glob("*/*.jsonl")}
    for page in pages:
        path = second / page.corpus / f"{page.name}.jsonl"
        if not path.is_file():
            continue
        unread.discard(path)
        document = read_document(page.html)
        blocks = segment(document)
        where = f"{page.corpus}/{page.name}"
        table = np.zeros((len(LABELS), len(LABELS)), dtype=np.int64)
        places = [folder / page.corpus / path.name for folder in first]
        earliest = next((place for place in places if place.is_file()), places[-1])
        readings = [
            carry_over(document, blocks, read_annotation(annotation, page), where) for annotation in (earliest, path)
        ]
        for one, other in zip(*readings, strict=True):
            if one is not None and other is not None:
                table[LABELS.index(one), LABELS.index(other)] += 1
        if table.any():
            found[where] = table
    if unread:
        raise CorpusError(f"{min(unread)}: no corpus that is here has that page; delete the file, or name its corpus")
    return found


def agreement(table: NDArray[np.int64]) -> dict[str, Any]:
    """How far the readers agree, from a table of both.

    Returns:
        `blocks`; `same`, the share that both gave the same label; `content`, the share that both or neither called content;
        `kappa`, what of the agreement that chance would not give is there (Cohen, A coefficient of agreement for nominal
        scales, 1960).
    """
    total = int(table.sum())
    same = float(np.trace(table)) / total
    chance = float((table.sum(axis=0) / total) @ (table.sum(axis=1) / total))
    apart = int(table[0, 1:].sum() + table[1:, 0].sum())
    return {
        "blocks": total,
        "same": round(same, 4),
        "content": round(1 - apart / total, 4),
        "kappa": round((same - chance) / (1 - chance), 4) if chance < 1 else 1.0,
    }


def rows_by_label(table: NDArray[np.int64]) -> list[dict[str, Any]]:
    """A row for each label that a reader gave: blocks that each called so, F1 of one against the other, what it is mistaken for most."""
    rows = []
    for place, label in enumerate(LABELS):
        first, second, both = int(table[place].sum()), int(table[:, place].sum()), int(table[place, place])
        if not first + second:
            continue
        others = table[place] + table[:, place]
        others[place] = 0
        most = int(others.argmax())
        rows.append(
            {
                "label": label.value,
                "first": first,
                "second": second,
                "f1": round(2 * both / (first + second), 4),
                "mistaken for": LABELS[most].value if others[most] else "",
                "times": int(others[most]),
            }
        )
    return rows
