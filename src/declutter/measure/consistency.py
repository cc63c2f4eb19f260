"""Whether stored figures agree with themselves, and reports with what is stored page by page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from declutter.labels import CHROME
from declutter.measure.figures import SEGMENTS, WORDS, confusion
from declutter.measure.kind_tables import kind_rows
from declutter.measure.tables import calibration_rows, element_rows, score_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from declutter.corpus.sources import Source
    from declutter.measure.figures import Figures
    from declutter.measure.measures import Records

__all__ = ["contradictions", "report_tables", "unlike"]

# F1, precision and recall are stored rounded to four places each.
_ROUNDING: Final = 2e-4
# A row of a report is rounded once more where it is made anew.
_ROW: Final = 1.5e-4
_NAMES: Final = ("corpus", "group", "kind", "how")


def contradictions(figures: Figures) -> list[str]:
    """What of the figures of a corpus cannot be, page by page and count by count; empty where all agrees."""
    told = [f"page {page}: {values}" for page, values in figures.pages.items() if not _possible(figures.score, values)]
    if figures.score == WORDS and {*figures.confidence} != {*figures.pages}:
        told.append("the pages of confidence are not those that are scored")
    table = confusion([figures])
    for place, kind in enumerate(CHROME):
        counts = [int(table[place].sum()), int(table[:, place].sum()), int(table[place, place])]
        if figures.kinds.get(kind.value, [0, 0, 0]) != counts:
            told.append(f"{kind.value}: {figures.kinds.get(kind.value)}, but {counts} by the table of confusion")
    told += [f"{name}: {kept} of {words} words" for name, (kept, words) in figures.elements.items() if kept > words]
    told += [
        f"content scores of {name}: {counts}"
        for name, counts in figures.reliability.items()
        if not all(0 <= value <= counts[0] for value in counts[1:])
    ]
    empty, pages = figures.answers or (0, 0)
    if not 0 <= empty <= pages or (figures.score and pages > len(figures.pages)):
        told.append(f"nearly empty: {empty} of {pages} pages, {len(figures.pages)} are scored")
    return told


def _possible(score: str, values: list[Any]) -> bool:
    """Whether F1 is that of precision and recall, or counts of passages are counts."""
    if len(values) != 4:
        return False
    if score == SEGMENTS:
        return all(isinstance(count, int) and count >= 0 for count in values[1:])
    f1, precision, recall = map(float, values[1:])
    mean = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return all(0 <= rate <= 1 for rate in (f1, precision, recall)) and abs(f1 - mean) <= _ROUNDING


def report_tables(records: Records, sources: Mapping[str, Source]) -> dict[str, list[dict[str, Any]]]:
    """The tables of quality.json, from what is stored."""
    return {
        "rows": score_rows(records, sources),
        "elements": element_rows(records),
        "calibration": calibration_rows(records),
        "kinds": kind_rows(records),
    }


def unlike(report: Mapping[str, Any], tables: Mapping[str, list[dict[str, Any]]]) -> Iterator[str]:
    """Rows of a report that are not those of what is stored, by name; rows that either lacks too."""
    for table, rows in tables.items():
        told, found = ({_name(row): row for row in some} for some in (report.get(table, []), rows))
        for name in told | found:
            if not _equal(told.get(name), found.get(name)):
                yield f"{table}, {name}"


def _name(row: Mapping[str, Any]) -> str:
    return ", ".join(str(row[key]) for key in _NAMES if key in row)


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return {*one} == {*other} and all(_equal(one[key], other[key]) for key in one)
    if isinstance(one, float | int) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=0, abs_tol=_ROW)
    return bool(one == other)
