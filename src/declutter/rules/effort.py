"""How many steps a CSS selector takes on a page, at most: told from its text and the shape of the page, before it is asked.

The engine of the parser goes through a page once for most of what a selector can say. Positions such as `:nth-of-type(2)` it
counts anew for each element among its siblings, and `:has()` looks through a subtree again for each element around it;
one in the other multiplies both. That is what is counted here, by no clock, so that the same selector fails on the same pages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.document import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from declutter.document import Document

    Floats = NDArray[np.float64]

__all__ = ["MOST_STEPS", "Effort", "dear_parts"]

MOST_STEPS: Final = 4e9
"""What takes more is refused. turbohtml 1.15 takes up to eight seconds for them. On 400 real pages the most were 1e6 for `li:nth-of-type(2)`,
4e7 for `ul:has(li:nth-of-type(2))`; a list of 60,000 items may be asked for every second one."""

_HAS: Final = "has"
_NTH: Final = frozenset({"nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type"})
_SCOPE: Final = "scope"
# Measured: the place among all children is a quarter of the work of one among those of a kind, and combinators or
# brackets in the kind make twelve times as much of that, unless what is dear in them counts already. Siblings :has() looks through once for all, some steps each, but with
# :scope in it again for each element.
_OF_A_KIND: Final = 4.0
_OF_A_PATH: Final = 48.0
_AROUND: Final = 1.0
_ALWAYS: Final = 8.0

_NAME: Final = r"(?:[\w-]|[^\x00-\x7f]|\\[0-9a-fA-F]{1,6}[ \t\n\f\r]?|\\.)+"
# Comments and strings are stepped over; a pseudo-class with or without an argument, and brackets.
_TOKEN: Final = re.compile(
    rf""" /\*.*?(?:\*/|\Z) | "(?:\\.|[^"\\])*"? | '(?:\\.|[^'\\])*'?
    | :(?P<name>{_NAME})(?P<open>\()? | (?P<bracket>[()]) | \\. | . """,
    re.DOTALL | re.VERBOSE,
)
_ESCAPE: Final = re.compile(r"\\(?:([0-9a-fA-F]{1,6})[ \t\n\f\r]?|(.))", re.DOTALL)
_PLACE: Final = r"\s*(?:[\s\d+\-n]+|even|odd)"
_PLACE_ALONE: Final = re.compile(rf"{_PLACE}\s*\)", re.IGNORECASE)
_PLACE_OF_A_KIND: Final = re.compile(rf"{_PLACE}\s+of\s+[^\s()>~+,]+(?:\s*,\s*[^\s()>~+,]+)*\s*\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Part:
    """A pseudo-class that costs more than an element.

    Attributes:
        name: the pseudo-class.
        weight: of a step.
    """

    name: str
    weight: float


def dear_parts(selector: str) -> list[tuple[_Part, ...]]:
    """The parts of a selector that cost more than a look at each element, each behind those that it stands in."""
    return list(_chains(selector))


def _chains(selector: str) -> Iterator[tuple[_Part, ...]]:
    # None for brackets that cost nothing.
    open_parts: list[_Part | None] = []
    for match in _TOKEN.finditer(selector):
        if match["name"] is not None:
            name = _ESCAPE.sub(_escaped, match["name"]).lower()
            part = None
            if match["open"] and name in _NTH:
                part = _Part(name, _weight_of(name, selector, match.end()))
            elif match["open"] and name == _HAS:
                part = _Part(name, _AROUND)
            elif name == _SCOPE and any(above is not None and above.name == _HAS for above in open_parts):
                part = _Part(name, _OF_A_KIND)
            if part is not None:
                yield (*(above for above in open_parts if above is not None), part)
            if match["open"]:
                open_parts.append(part)
        elif match["bracket"] == "(":
            open_parts.append(None)
        elif match["bracket"] == ")" and open_parts:
            open_parts.pop()


def _weight_of(name: str, selector: str, place: int) -> float:
    if name.endswith("of-type") or _PLACE_OF_A_KIND.match(selector, place):
        return _OF_A_KIND
    return 1.0 if _PLACE_ALONE.match(selector, place) else _OF_A_PATH


def _escaped(match: re.Match[str]) -> str:
    if match[2] is not None:
        return str(match[2])
    code = int(match[1], 16)
    return chr(code) if 0 < code <= 0x10FFFF else "\ufffd"


class Effort:
    """The shape of a page, as far as it says what selectors take on it.

    Args:
        document: the page.
    """

    def __init__(self, document: Document) -> None:
        rows = np.flatnonzero(np.array([tag != TEXT for tag in document.tags], dtype=bool))[1:]
        changes = np.ones(len(document) + 1)
        np.subtract.at(changes, document.ends, 1)
        above = document.parents[rows]
        self._rows = rows
        self._parents = document.parents
        self._depths: Floats = (np.cumsum(changes[:-1]) - 1)[rows]
        self._siblings: Floats = np.bincount(above, minlength=len(document))[above].astype(np.float64)

    def steps(self, selector: str) -> tuple[float, str]:
        """How many steps a selector takes, at most, beside a look at each element; and the part of it that takes most.

        Args:
            selector: one that parses.

        Returns:
            The steps, and a pseudo-class such as `:has()`, "" where no part takes more than the way up from each element.
        """
        total = most = _AROUND * float(self._depths.sum())
        dearest = ""
        for chain in dear_parts(selector):
            steps = self._steps(chain)
            total += steps
            if steps > most:
                most, dearest = steps, f":{chain[0].name}()"
        return total, dearest

    def _steps(self, chain: tuple[_Part, ...]) -> float:
        product = np.ones(len(self._rows))
        inner_has = False
        for part in reversed(chain):
            if part.name == _HAS:
                product *= part.weight * self._depths + _ALWAYS
                inner_has = True
            else:
                # Of what is looked at through :has() the siblings of an element somewhere above are counted.
                weight = part.weight if part is chain[-1] else min(part.weight, _OF_A_KIND)
                product *= weight * (self._most_siblings() if inner_has else self._siblings)
        return float(product.sum())

    def _most_siblings(self) -> Floats:
        """The largest number of siblings of each element and of those around it."""
        most = np.zeros(len(self._parents))
        most[self._rows] = self._siblings
        parents = self._parents.tolist()
        found = most.tolist()
        for row in self._rows.tolist():
            found[row] = max(found[row], found[parents[row]])
        return np.array(found)[self._rows]
