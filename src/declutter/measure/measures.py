"""Every stored figure that has a floor: F1 by page type, F1 of kinds, recall of elements, nearly empty pages, calibration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from declutter.measure.floors import CALIBRATION, COSTS, EMPTY, found_of
from declutter.measure.held_out import SECTIONS
from declutter.measure.kind_tables import ALL, MEAN, REAL, kind_rows
from declutter.measure.tables import calibration_rows, element_rows
from declutter.training.data import OWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from declutter.measure.floors import Found
    from declutter.measure.held_out import Record

    Records = Sequence[tuple[str, str, Record]]

__all__ = ["ELEMENT", "KIND", "POOLED", "measures", "unit"]

KIND: Final = "kind: "
"""How the group of a kind's F1 begins."""

ELEMENT: Final = "element: "
"""How the group of an element's recall begins."""

POOLED: Final = frozenset((ALL, REAL))
"""What stands for several corpora together."""

# Blocks of a kind stand in boxes, which are named right or wrong as a whole and alike on a site: so many tell as much as a page.
_BLOCKS: Final = 50
# Words of an element come in blocks, kept or lost as a whole: so many tell as much as a page.
_WORDS: Final = 100
# An element that tells as much as fewer pages is all chance.
_FEWEST: Final = 10


def measures(records: Records) -> Found:
    """Figures by section, corpus and group, each with the number of pages that tell as much.

    Groups are "all" and page types (F1); kinds behind KIND, of the project's own pages, of all corpora together and of all but own
    (F1, and their mean); elements behind ELEMENT (recall); EMPTY (share of pages) and CALIBRATION (error), lower is better.

    Args:
        records: section, corpus, record.
    """
    found = found_of((section, corpus, record.figures) for section, corpus, record in records)
    for section in SECTIONS:
        chosen = [item for item in records if item[0] == section]
        pages = {corpus: len(record.figures.pages) for _, corpus, record in chosen}
        for row in element_rows(chosen):
            corpus = row["corpus"]
            found[section, corpus, EMPTY] = row["empty"], row["pages"]
            for name, told in row["elements"].items():
                if (support := min(told["words"] // _WORDS, row["pages"])) >= _FEWEST:
                    found[section, corpus, ELEMENT + name] = told["recall"], support
        for row in calibration_rows(chosen):
            corpus = row["corpus"]
            found[section, corpus, CALIBRATION] = row["error"], pages.get(corpus, sum(pages.values()))
        for row in kind_rows(chosen):
            if row["corpus"] in {*POOLED, OWN} and row["blocks"] >= _BLOCKS:
                kind = "mean" if row["kind"] == MEAN else row["kind"]
                found[section, row["corpus"], KIND + kind] = row["f1"], row["blocks"] // _BLOCKS
    return found


def unit(group: str) -> str:
    """What a figure of a group is: F1, recall, share or error."""
    if group in COSTS:
        return "share" if group == EMPTY else "error"
    return "recall" if group.startswith(ELEMENT) else "F1"
