"""`models/baseline.json`: the floors that figures may not fall below. They rise by a program, and are lowered on the record."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

from declutter.errors import ModelError
from declutter.measure.figures import summaries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from declutter.measure.figures import Figures

    Floors = dict[str, dict[str, dict[str, float]]]
    Key = tuple[str, str, str]
    Found = dict[Key, tuple[float, int]]

__all__ = [
    "SAMPLE",
    "below",
    "flat",
    "found_of",
    "lowered",
    "missing",
    "raised",
    "read_floors",
    "slack",
    "write_floors",
]

SAMPLE: Final = "sample"
"""The section of the fixed sample; the others are those of held_out.json."""

_SLACK: Final = 0.005
_FULL: Final = 300


def slack(pages: int) -> float:
    """How far below a figure its floor is set: .005, and more where fewer than 300 pages leave more to chance."""
    return _SLACK * max(1.0, math.sqrt(_FULL / max(pages, 1)))


def read_floors(path: Path) -> Floors:
    """Floors by section, corpus and page type ("all" for all pages); none where the file is missing.

    Raises:
        ModelError: the file is damaged.
    """
    if not path.is_file():
        return {}
    try:
        return parsed(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelError(f"{path} does not hold floors ({error}): take it from the repository") from error


def parsed(text: str) -> Floors:
    """Floors from JSON."""
    return {
        str(section): {
            str(corpus): {str(group): float(floor) for group, floor in groups.items()}
            for corpus, groups in corpora.items()
        }
        for section, corpora in json.loads(text).items()
    }


def write_floors(path: Path, floors: Floors) -> None:
    """Write the floors."""
    path.write_text(json.dumps(floors, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def found_of(records: Iterable[tuple[str, str, Figures]]) -> Found:
    """F1 and number of pages of (section, corpus, figures), by section, corpus and page type."""
    found = {}
    for section, corpus, figures in records:
        for row in summaries(figures):
            found[section, corpus, str(row["group"])] = (float(row["f1"]), int(row["pages"]))
    return found


def flat(floors: Floors) -> dict[Key, float]:
    """Floors by section, corpus and page type."""
    return {
        (section, corpus, group): floor
        for section, corpora in floors.items()
        for corpus, groups in corpora.items()
        for group, floor in groups.items()
    }


def below(floors: Floors, found: Found) -> dict[Key, float]:
    """By how much each figure that is below its floor is so."""
    return {
        key: round(floor - found[key][0], 4)
        for key, floor in flat(floors).items()
        if key in found and found[key][0] < floor
    }


def missing(floors: Floors, found: Found, sections: Iterable[str]) -> list[Key]:
    """Floors of some sections that no figure stands against."""
    wanted = {*sections}
    return [key for key in flat(floors) if key[0] in wanted and key not in found]


def lowered(before: Floors, now: Floors) -> dict[Key, tuple[float, float]]:
    """Floors that are lower than they were, or gone: what they were, and what they are (0 for none)."""
    after = flat(now)
    return {key: (floor, after.get(key, 0.0)) for key, floor in flat(before).items() if after.get(key, 0.0) < floor}


def raised(floors: Floors, found: Found, *, lower: bool = False) -> Floors:
    """Floors raised to a slack below the figures; none is lowered.

    Args:
        floors: the floors so far.
        found: the figures.
        lower: lower those that a figure is below.
    """
    fallen = below(floors, found)
    whole: dict[Key, float] = flat(floors)
    for key, (f1, pages) in found.items():
        target = math.floor(round(10000 * max(0.0, f1 - slack(pages)), 4)) / 10000
        if key in fallen:
            whole[key] = target if lower else whole[key]
        else:
            whole[key] = max(whole.get(key, 0.0), target)
    nested: dict[str, Any] = {}
    for (section, corpus, group), floor in whole.items():
        nested.setdefault(section, {}).setdefault(corpus, {})[group] = floor
    return nested
