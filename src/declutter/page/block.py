"""What pages are made of: blocks, and the boxes of them that go together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from declutter.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from declutter.explain import Reasons
    from declutter.labels import Label
    from declutter.page.places import Span

__all__ = ["ORIGINS", "Block", "Box"]

ORIGINS: Final[tuple[Literal["text", "control", "alt"], ...]] = ("text", "control", "alt")
"""What `Block.origin` is, by the number of a blocks.Origin."""

# Characters of a text that the short form of a block shows.
_SHOWN: Final = 60


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}\u2026"


@dataclass(frozen=True, slots=True, repr=False)
class Block:
    """One block of a page, as it was judged.

    Attributes:
        text: white space collapsed; a single `<br>` is a newline; `<pre>` as it stands.
        label: what it is.
        score: probability of the label, 0 to 1.
        content_score: calibrated probability that it is content, 0 to 1.
        probabilities: all labels' probabilities; they sum to 1, and that of content is `content_score`.
        origin: "text", "control" (buttons, options) or "alt" (image descriptions, icon labels).
        hidden: no visitor sees it at first.
        path: CSS path of the element that holds it; "" in plain text.
        decided_by: "rule" where `keep` or `strip` decided, also where the model said the same, else "model".
    """

    text: str
    label: Label
    score: float
    content_score: float
    probabilities: dict[Label, float] = field(hash=False)
    origin: Literal["text", "control", "alt"]
    hidden: bool
    path: str
    decided_by: Literal["model", "rule"]
    _where: Callable[[], Span] | None = field(default=None, repr=False, compare=False)
    _why: Callable[[], Reasons] | None = field(default=None, repr=False, compare=False)

    def __repr__(self) -> str:
        return f"<Block {self.label.value} {self.score:.2f}: {_cut(self.text)!r}>"

    @property
    def reasons(self) -> Reasons:
        """Why it has its label; `reasons.strongest()` says it in words.

        Worked out from the page each time: some ten milliseconds, and for the first block of a page some ten more.

        Raises:
            ModelError: a model of your own judged the page, which then came out of a pickle or another process, where it
                is without its model.
            InputError: the block was made by itself and is of no page.
        """
        if self._why is None:
            raise InputError("the block is of no page: take one of the blocks of a page that predict returned")
        return self._why()

    @property
    def span(self) -> tuple[int, int] | None:
        """Its first and one past its last character in the decoded source as given; None where that is not known.

        Counted as Python counts the characters of a str; a byte-order mark of bytes does not count. Costs a second parse of the
        page, once. None too where the page came as a soup.
        """
        return self._where() if self._where else None


@dataclass(frozen=True, slots=True, repr=False)
class Box:
    """Blocks of one kind that belong together: a heading, a text, controls and fine print.

    Attributes:
        label: what it is, never content. Blocks inside may have labels of their own: a link to log in within a menu, the
            amounts in a donation box.
        blocks: its blocks, in document order.
        score: mean probability of the label over its blocks, 0 to 1.
        path: CSS path of its element; where it has several side by side, of the one that they stand in. Boxes that stand in
            one element share its path; they have other blocks, and spans apart from each other.
    """

    label: Label
    blocks: tuple[Block, ...]
    score: float
    path: str
    _where: Callable[[], Span] | None = field(default=None, repr=False, compare=False)

    def __repr__(self) -> str:
        return f"<Box {self.label.value} {self.score:.2f}, {len(self.blocks)} blocks: {_cut(self.blocks[0].text)!r}>"

    @property
    def span(self) -> tuple[int, int] | None:
        """Where it begins and ends in the decoded source as given, in characters; None where that is not known.

        From the beginning of its first element, or lone block, to the end of its last.
        """
        return self._where() if self._where else None
