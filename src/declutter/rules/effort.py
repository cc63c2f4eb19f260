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
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from declutter.document import Document

    Floats = NDArray[np.float64]

__all__ = ["MOST_STEPS", "Effort", "dear_parts"]

MOST_STEPS: Final = 4e9
"""What takes more is refused: turbohtml 1.15 took up to eight seconds for so many. On 400 pages of WCXB the most were 4e5 for
`li:nth-of-type(2)`, 1e7 for `ul:has(li:nth-of-type(2))`, 4e8 for `:nth-child(2 of :has(a))`; a list of 60,000 items may be asked
for every second one."""

_HAS: Final = "has"
_NTH: Final = frozenset({"nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type"})
_SCOPE: Final = "scope"
_CHOICES: Final = frozenset({"is", "where", "not", "any", "matches"})
_DIRECTION: Final = "dir"
# Measured: the place among all children is a quarter of the work of one among those of a kind, and combinators or
# brackets in the kind make twelve times as much of that, unless what is dear in them counts already. Siblings :has() looks through once for all, some steps each, but with
# :scope in it again for each element.
_OF_A_KIND: Final = 4.0
_OF_A_PATH: Final = 48.0
_AROUND: Final = 1.0
_ALWAYS: Final = 8.0
# A text of an element that says dir=auto is read again for each element in it.
_OF_A_DIRECTION: Final = 10.0

_NAME: Final = r"(?:[\w-]|[^\x00-\x7f]|\\[0-9a-fA-F]{1,6}[ \t\n\f\r]?|\\.)+"
# Comments and strings are stepped over; a pseudo-class with or without an argument, and brackets.
_TOKEN: Final = re.compile(
    rf""" /\*.*?(?:\*/|\Z) | "(?:\\.|[^"\\])*"? | '(?:\\.|[^'\\])*'?
    | :(?P<name>{_NAME})(?P<open>\()? | (?P<bracket>[()]) | (?P<space>\s+) | (?P<sign>[>+~,]) | \\. | . """,
    re.DOTALL | re.VERBOSE,
)
_LETTER: Final = re.compile(r"[a-zA-Z0-9_-]")
# What may follow a tag of the same element.
_MORE: Final = ".#["
_ESCAPE: Final = re.compile(r"\\(?:([0-9a-fA-F]{1,6})[ \t\n\f\r]?|(.))", re.DOTALL)
# Possessive: white space that two parts of a pattern may share makes the search as long as a power of it.
_PLACE: Final = r"\s*+(?:even|odd|[\d+\-n]++(?:\s*+[+-]\s*+\d++)?)"
_PLACE_ALONE: Final = re.compile(rf"{_PLACE}\s*+\)", re.IGNORECASE)
_PLACE_OF_A_KIND: Final = re.compile(
    rf"{_PLACE}\s++of\s++[^\s()>~+,]++(?:\s*+,\s*+[^\s()>~+,]++)*+\s*+\)", re.IGNORECASE
)


@dataclass(slots=True)
class _Part:
    """A pseudo-class that may cost more than an element.

    Attributes:
        name: the pseudo-class, "" for the whole selector.
        weight: of a step.
        around: combinators that look at what is around stand in its argument, not in brackets of that.
        beside: combinators that look at siblings do.
        tag: the only elements that it is asked of, "" for all.
    """

    name: str
    weight: float = 1.0
    tag: str = ""
    around: bool = False
    beside: bool = False


def dear_parts(selector: str) -> list[list[_Part]]:
    """The parts of a selector that cost more than a look at each element, each behind those that it stands in."""
    return [chain for _, *chain in _dear_chains(selector)]


def _dear_chains(selector: str) -> list[list[_Part]]:
    """The same, each behind the whole selector too."""
    chains = (chain for chain in _chains(selector) if _is_dear(chain[-1]))
    return [[chain[0], *filter(_is_dear, chain[1:])] for chain in chains]


def _is_dear(part: _Part) -> bool:
    """Alternatives cost something where each of them is looked for around an element, and again for each that stands so."""
    return part.name not in _CHOICES or part.around or part.beside


def _chains(selector: str) -> list[tuple[_Part, ...]]:
    """Each pseudo-class that may be dear, behind those that it stands in, the whole selector first."""
    found: list[tuple[_Part, ...]] = []
    # None for brackets that cost nothing.
    open_parts: list[_Part | None] = [_Part("")]
    # Of each that is open the tag that was named, as far as it is known: None behind what is no plain name.
    tags: list[str | None] = [""]
    ended = [False]
    before = ","
    for match in _TOKEN.finditer(selector):
        inside = open_parts[-1]
        if match["name"] is not None:
            part = _part_of(_ESCAPE.sub(_escaped, match["name"]).lower(), match, open_parts)
            ended[-1] = True
            if part is not None:
                part.tag = (tags[-1] or "").lower()
                found.append((*(above for above in open_parts if above is not None), part))
            if match["open"]:
                open_parts.append(part)
                tags.append("")
                ended.append(False)
        elif match["bracket"] == "(":
            open_parts.append(None)
            tags.append("")
            ended.append(False)
        elif match["bracket"] == ")":
            if len(open_parts) > 1:
                for stack in (open_parts, tags, ended):
                    stack.pop()
        elif match[0].startswith("/*"):
            continue
        elif match["space"] is not None:
            tags[-1], ended[-1] = "", False
            # White space is a combinator between two parts, not beside a sign or a bracket.
            after = selector[match.end() : match.end() + 1]
            if inside is not None and before not in "(>+~," and after and after not in ")>+~,":
                inside.around = True
            continue
        elif match["sign"] is not None:
            tags[-1], ended[-1] = "", False
            if inside is not None:
                inside.around |= match["sign"] == ">"
                inside.beside |= match["sign"] in "+~"
        elif _LETTER.fullmatch(match[0]):
            if not ended[-1] and tags[-1] is not None:
                tags[-1] += match[0]
        else:
            # A namespace or an escape may make another name of it.
            if not ended[-1] and match[0] not in _MORE:
                tags[-1] = None
            ended[-1] = True
        before = match[0][-1]
    return found


def _part_of(name: str, match: re.Match[str], open_parts: Sequence[_Part | None]) -> _Part | None:
    if match["open"] and name in _NTH:
        return _Part(name, _weight_of(name, match.string, match.end()))
    if match["open"] and (name == _HAS or name in _CHOICES):
        return _Part(name)
    if match["open"] and name == _DIRECTION:
        return _Part(name, _OF_A_DIRECTION)
    if name == _SCOPE and any(above is not None and above.name == _HAS for above in open_parts):
        return _Part(name, _OF_A_KIND)
    return None


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
        self._document = document
        self._tags = np.array(document.tags, dtype=object)[rows]
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
        for whole, *chain in _dear_chains(selector):
            steps = self._steps(whole, chain)
            total += steps
            if steps > most:
                most, dearest = steps, f":{chain[0].name}()"
        return total, dearest

    def _steps(self, whole: _Part, chain: list[_Part]) -> float:
        if chain[-1].name == _DIRECTION:
            return chain[-1].weight * float(len(self._rows)) * len(self._document) * self._says_auto()
        product = np.ones(len(self._rows))
        if chain[-1].name in _NTH and chain[-1].tag:
            product[self._tags != chain[-1].tag] = 0.0
        inner_has = False
        for part in reversed(chain):
            if part.name == _HAS:
                product *= part.weight * self._depths + _ALWAYS
                inner_has = True
            elif part.name in _CHOICES:
                product *= part.around * self._depths + part.beside * self._siblings
            else:
                # Of what is looked at through :has() the siblings of an element somewhere above are counted.
                weight = part.weight if part is chain[-1] else min(part.weight, _OF_A_KIND)
                product *= weight * (self._most_siblings() if inner_has else self._siblings)
        if chain[-1].name in _CHOICES:
            # For each way to what stands outside they are looked for again.
            product *= 1 + whole.around * self._depths + whole.beside * self._siblings
        return float(product.sum())

    def _says_auto(self) -> bool:
        return any(
            name == "dir" and (value or "").strip().lower() == "auto"
            for attributes in self._document.attributes
            for name, value in attributes
        )

    def _most_siblings(self) -> Floats:
        """The largest number of siblings of each element and of those around it."""
        most = np.zeros(len(self._parents))
        most[self._rows] = self._siblings
        parents = self._parents.tolist()
        found = most.tolist()
        for row in self._rows.tolist():
            found[row] = max(found[row], found[parents[row]])
        return np.array(found)[self._rows]
