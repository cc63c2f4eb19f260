"""What stands beside the headline: who wrote it, and when, as the page shows it.

The blocks whose likeliest kind of chrome is metadata are read, nearest to the headline first; whether a rule of the
caller keeps them changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.blocks import Origin
from declutter.document import TEXT
from declutter.labels import Label
from declutter.metadata.dates import day_of, days_in
from declutter.metadata.names import after_by, is_nickname, is_person

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["Byline", "read_byline"]

_COLUMN: Final = {label: column for column, label in enumerate(Label)}
# Blocks before and behind the headline that can be its byline.
_BEFORE: Final = 10
_AFTER: Final = 25
# A <time> counts in any block this near, unless the block is a link to other content or a comment.
_TIME_NEAR: Final = 10
# Longer blocks tell of the author, or are no byline.
_LONGEST: Final = 250
# Ends to what a hostile page has without end.
_MOST_BLOCKS: Final = 300
_MOST_NODES: Final = 200
_LEVELS: Final = 5
# What a day is of, by the last of these words before it.
_UPDATED: Final = (
    "updat|modif|edited|revis|review|last post|last reply|latest|aktualis|geändert|überarb|mis à jour|mise à jour|actualiz|aggiorn|atualiz"
    "|bijgewerkt|gewijzigd|uppdater|opdater|oppdater|zaktualiz|обновл|измен|оновл|更新|修改|수정|güncel|frissít|cập nhật"
)
_OF_OTHERS: Final = "joined|founded|member since|registered|born|established|copyright|©|beigetreten|mitglied seit|registriert|inscrit|miembro desde"
_PUBLISHED: Final = "publi|posted|written|created|started|veröffentlicht|erstellt|geschrieben|pubblic|gepubliceerd|geplaatst|опублик|написа|公開|發布|发布|発表"
_MEANING: Final = re.compile(
    f"(?P<updated>{_UPDATED})|(?P<others>{_OF_OTHERS})|(?P<published>{_PUBLISHED})", re.IGNORECASE
)
_AUTHOR: Final = re.compile(r"author|byline|writer|contributor|autor|auteur|redakt", re.IGNORECASE)
_NAMED: Final = frozenset(("class", "id", "rel", "itemprop", "data-testid"))
_PROFILE: Final = re.compile(
    r"/(?:authors?|by|people|person|profiles?|team|staff|users?|members?|contributors?|writers?|u|autor|auteur)/|/@",
    re.IGNORECASE,
)
_PIECES: Final = re.compile(r"\s*[\n|•·●»]\s*|\s[-–—]\s")


@dataclass(slots=True)
class Byline:
    """Who and when; empty and None where it is not shown.

    Attributes:
        names: the authors.
        published: the day that is shown without a word of a change.
        modified: the day of a change.
        beside: the day of publication stands beside the headline, not further down.
    """

    names: list[str] = field(default_factory=list)
    published: date | None = None
    modified: date | None = None
    beside: bool = False


def read_byline(
    document: Document, blocks: Blocks, probabilities: NDArray[np.float64], headline: int, *, month_first: bool
) -> Byline:
    """Read the byline of a page.

    Args:
        document: the page.
        blocks: its n blocks.
        probabilities: float64, n x labels.
        headline: row of the main headline, -1 for none.
        month_first: 4/9/2025 is the ninth of April.
    """
    found = Byline()
    if not len(blocks):
        return found
    if headline < 0:
        headline = int((probabilities[:, 0] >= np.float64(0.5)).argmax())
    reader = _Reader(document, blocks, probabilities, headline)
    for row in reader.near:
        reader.read_days(row, found, month_first=month_first)
    found.beside = found.published is not None
    for row in reader.beyond:
        if found.published is not None or found.modified is not None:
            break
        reader.read_days(row, found, month_first=month_first)
    found.names = next(reader.names(), [])
    return found


class _Reader:
    """The blocks of a page that can hold its byline."""

    def __init__(self, document: Document, blocks: Blocks, probabilities: NDArray[np.float64], headline: int) -> None:
        self.document = document
        self.blocks = blocks
        kinds = probabilities[:, 1:].argmax(axis=1) + 1
        shown = ~blocks.hidden & (blocks.origins == Origin.TEXT)
        told = shown & (kinds == _COLUMN[Label.METADATA])
        self.no_content = probabilities[:, 0] < 0.5
        around = np.arange(max(0, headline - _BEFORE), min(len(blocks), headline + _AFTER + 1))
        elsewhere = (kinds == _COLUMN[Label.RELATED]) | (kinds == _COLUMN[Label.COMMENTS])
        near = [
            row
            for row in around.tolist()
            if len(blocks.texts[row]) <= _LONGEST
            and (
                told[row]
                or (shown[row] and abs(row - headline) <= _TIME_NEAR and not elsewhere[row] and self._times(row))
            )
        ]
        # What stands below is nearer than what stands above.
        self.near = sorted(near, key=lambda row: row - headline if row >= headline else 2 * (headline - row))
        rows = np.flatnonzero(told)
        self.beyond = [
            row
            for row in rows[self.no_content[rows]][:_MOST_BLOCKS].tolist()
            if row not in self.near and len(blocks.texts[row]) <= _LONGEST
        ]
        self.beyond.sort(key=lambda row: row < headline)
        self.told = rows[:_MOST_BLOCKS].tolist()

    def _nodes(self, row: int) -> range:
        start = int(self.blocks.starts[row])
        return range(start, min(int(self.blocks.ends[row]), start + _MOST_NODES))

    def _times(self, row: int) -> list[str]:
        """The machine-readable days in a block, and around it below its owner."""
        nodes = list(self._nodes(row))
        node = nodes[0]
        for _ in range(_LEVELS):
            if node <= int(self.blocks.owners[row]):
                break
            node = int(self.document.parents[node])
            nodes.append(node)
        times = (node for node in nodes if self.document.tags[node] == "time")
        return [value for node in times if (value := self.document.attribute(node, "datetime"))]

    def read_days(self, row: int, found: Byline, *, month_first: bool) -> None:
        """Take the days of a block that are not known yet."""
        days = days_in(self.blocks.texts[row], month_first=month_first)
        times = [day for value in self._times(row) if (day := day_of(value)) is not None]
        if len(times) >= len(days):  # what is written for machines is not misread
            leads = [lead for lead, _ in days] + [self.blocks.texts[row]] * len(times)
            days = list(zip(leads, times, strict=False))
        for lead, day in days:
            meaning = "published"
            for match in _MEANING.finditer(lead):
                meaning = match.lastgroup or meaning
            if meaning == "updated":
                found.modified = found.modified or day
            elif meaning == "published":
                found.published = found.published or day

    def names(self) -> Iterator[list[str]]:
        """Names by their evidence: after "by"; far from the headline full ones alone; those that stand for themselves."""
        rows = [row for row in self.near if self.no_content[row]]
        for row in rows:
            if names := after_by(self._lines(row)):
                yield names
        for row in self.beyond:
            if (names := after_by(self._lines(row))) and all(is_person(name) for name in names):
                yield names
        for row in rows:
            for piece in _PIECES.split(self._lines(row))[:20]:
                name = piece.strip(" ,:，、")
                shown = is_person(name) and self._evident(row, name)
                if shown or (is_nickname(name) and self._marked(row, 2, _AUTHOR, _NAMED)):
                    yield [name]

    def _lines(self, row: int) -> str:
        """The text of a block, a line for each text node."""
        texts = (
            " ".join(self.document.texts[node].split())
            for node in self._nodes(row)
            if self.document.tags[node] == TEXT and int(self.blocks.of_node[node]) == row
        )
        return "\n".join(text for text in texts if text)

    def _evident(self, row: int, name: str) -> bool:
        """Whether something else says that this is the author: a class, a link to a profile, a picture, a text about them."""
        if self._marked(row, _LEVELS, _AUTHOR, _NAMED) or self._marked(row, _LEVELS, _PROFILE, frozenset(("href",))):
            return True
        texts, origins = self.blocks.texts, self.blocks.origins
        beside = range(max(0, row - 3), min(len(self.blocks), row + 4))
        return any(other != row and texts[other].startswith(name) for other in self.told) or any(
            origins[other] == Origin.ALT and name in texts[other] for other in beside
        )

    def _marked(self, row: int, levels: int, pattern: re.Pattern[str], names: frozenset[str]) -> bool:
        nodes = list(self._nodes(row))
        node = nodes[0]
        for _ in range(levels):
            node = int(self.document.parents[node])
            if node <= 0:
                break
            nodes.append(node)
        return any(
            key in names and value and pattern.search(value[:_LONGEST])
            for node in nodes
            for key, value in self.document.attributes[node]
        )
