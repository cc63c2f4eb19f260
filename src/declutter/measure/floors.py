"""`models/baseline.json`: the floors that figures may not fall below. They rise by a program, and are lowered on the record.

Of a figure that is better where it is lower (see COSTS) the floor is a ceiling: it falls by a program. What is said here of
below and lower is meant the other way round there.
"""

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
    "CALIBRATION",
    "COSTS",
    "EMPTY",
    "SAMPLE",
    "below",
    "flat",
    "found_of",
    "highest",
    "lowered",
    "missing",
    "raised",
    "read_floors",
    "slack",
    "write_floors",
]

SAMPLE: Final = "sample"
"""The section of the fixed sample; the others are those of held_out.json."""

EMPTY: Final = "nearly empty"
"""The group of the share of pages of which nearly nothing is kept."""

CALIBRATION: Final = "calibration error"
"""The group of the expected calibration error of content scores."""

COSTS: Final = frozenset((EMPTY, CALIBRATION))
"""Groups whose figure is better where it is lower."""

_SLACK: Final = 0.005
_FULL: Final = 300


def slack(pages: int, group: str = "all") -> float:
    """How far below a figure its floor is set: .005, and more where fewer than 300 pages leave more to chance."""
    wide = _SLACK * max(1.0, math.sqrt(_FULL / max(pages, 1)))
    # One page more that comes out empty is chance, however few there are.
    return max(wide, 1 / max(pages, 1)) if group == EMPTY else wide


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
        key: round(gap, 4)
        for key, floor in flat(floors).items()
        if key in found and (gap := _gap(key, found[key][0], floor)) > 0
    }


def missing(floors: Floors, found: Found, sections: Iterable[str]) -> list[Key]:
    """Floors of some sections that no figure stands against."""
    wanted = {*sections}
    return [key for key in flat(floors) if key[0] in wanted and key not in found]


def lowered(before: Floors, now: Floors) -> dict[Key, tuple[float, float]]:
    """Floors that are lower than they were, or gone: what they were, and what they are (the worst there is for none)."""
    after = flat(now)
    fallen = {key: (floor, after.get(key, _worst(key))) for key, floor in flat(before).items()}
    return {key: (was, is_) for key, (was, is_) in fallen.items() if key not in after or _gap(key, is_, was) > 0}


def highest(known: Iterable[Floors]) -> Floors:
    """Of several floors of a figure the highest."""
    whole: dict[Key, float] = {}
    for floors in known:
        for key, floor in flat(floors).items():
            whole[key] = _higher(key, whole.get(key, floor), floor)
    return _nested(whole)


def raised(floors: Floors, found: Found, *, lower: bool = False) -> Floors:
    """Floors raised to a slack below the figures; none is lowered.

    Args:
        floors: the floors so far.
        found: the figures.
        lower: lower those that a figure is below.
    """
    fallen = below(floors, found)
    whole: dict[Key, float] = flat(floors)
    for key, (value, pages) in found.items():
        target = _target(key, value, slack(pages, key[2]))
        if key not in fallen:
            whole[key] = _higher(key, whole.get(key, _worst(key)), target)
        elif lower:
            whole[key] = target
    return _nested(whole)


def _target(key: Key, value: float, room: float) -> float:
    if key[2] in COSTS:
        return math.ceil(round(10000 * min(1.0, value + room), 4)) / 10000
    return math.floor(round(10000 * max(0.0, value - room), 4)) / 10000


def _gap(key: Key, value: float, floor: float) -> float:
    return value - floor if key[2] in COSTS else floor - value


def _worst(key: Key) -> float:
    return 1.0 if key[2] in COSTS else 0.0


def _higher(key: Key, one: float, other: float) -> float:
    return min(one, other) if key[2] in COSTS else max(one, other)


def _nested(whole: dict[Key, float]) -> Floors:
    nested: dict[str, Any] = {}
    for (section, corpus, group), floor in whole.items():
        nested.setdefault(section, {}).setdefault(corpus, {})[group] = floor
    return nested
