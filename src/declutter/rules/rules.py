"""Rules of the caller that win over the model: which blocks stay, which go."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from declutter.errors import RuleError, shown
from declutter.labels import Label
from declutter.rules.css import WHOLE, Selectors, chooses_whole, inside, selector_problem
from declutter.rules.patterns import Pattern, plain, read_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

    Mask = NDArray[np.bool_]

__all__ = ["Outcome", "Rule", "Rules", "listed", "read_rules"]

_COLUMNS: Final = {label.value: column for column, label in enumerate(Label)}
_CSS: Final = "css:"
_TEXT: Final = "text:"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; one of `column`, `selector` and `pattern` says what it matches.

    Attributes:
        argument: "keep" or "strip".
        text: the rule as given.
        place: what to call it in messages.
        column: of the labels' probabilities, where it is a label; else -1.
        selector: a CSS selector, or "".
        pattern: of text, or None.
    """

    argument: str
    text: str
    place: str = field(default="", compare=False)
    column: int = -1
    selector: str = ""
    pattern: Pattern | None = None


class Outcome(NamedTuple):
    """What the rules made of the n blocks of a page.

    Attributes:
        labels: int64, n, columns of the probabilities; 0 is content.
        ruled: bool, n, a rule decided.
        matched: (argument, rule) of the rules that matched any block, also where a stronger one decided.
    """

    labels: NDArray[np.int64]
    ruled: Mask
    matched: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Rules:
    """What stays and what goes.

    Attributes:
        rules: in the order given. keep is stronger than strip wherever they stand.
    """

    rules: tuple[Rule, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rules)

    def apply(
        self,
        probabilities: NDArray[np.float64],
        labels: NDArray[np.int64],
        headline: int,
        document: Document,
        blocks: Blocks,
    ) -> Outcome:
        """Decide.

        Labels speak of what the model said: keep makes content of the blocks that have one, strip takes the content that
        likeliest has one, with content among them all. Selectors and patterns decide every block that they match.

        Args:
            probabilities: float64, n x labels.
            labels: int64, n, as the model has them; 0 is content.
            headline: row of the main headline, or -1; of labels, only content names it, however likely it looks like
                something else.
            document: the page.
            blocks: its n blocks.

        Raises:
            RuleError: a rule takes too many steps on this page.
        """
        count = len(labels)
        if not count or not self:
            return Outcome(labels, np.zeros(count, dtype=bool), frozenset())
        likeliest = np.argmax(probabilities, axis=1)
        if headline >= 0:
            likeliest[headline] = 0
        content = labels == 0
        kept, spared, taken, meant = (np.zeros(count, dtype=bool) for _ in range(4))
        matched = set()
        places = _Places(document, blocks)
        for rule in self.rules:
            if rule.column >= 0:
                found = labels == rule.column
                likely = content & ((likeliest == rule.column) | (rule.column == 0))
                if rule.argument == "keep":
                    kept |= found & ~content
                    spared |= likely
                else:
                    meant |= likely
                    found = found | likely
            else:
                found = places.of(rule)
                if rule.argument == "keep":
                    kept |= found
                else:
                    taken |= found
            if found.any():
                matched.add((rule.argument, rule.text))
        gone = (taken | meant) & ~kept & ~spared
        kinds = np.argmax(probabilities[:, 1:], axis=1) + 1
        return Outcome(np.where(kept, 0, np.where(gone, kinds, labels)), kept | gone, frozenset(matched))


class _Places:
    """Finds the blocks of a page that selectors and patterns match; what it needs is made when it is first needed."""

    def __init__(self, document: Document, blocks: Blocks) -> None:
        self._document = document
        self._blocks = blocks

    @cached_property
    def _selectors(self) -> Selectors:
        return Selectors(self._document)

    @cached_property
    def _texts(self) -> list[str]:
        return [plain(text) for text in self._blocks.texts]

    def of(self, rule: Rule) -> Mask:
        """The blocks that match a selector or a pattern: bool, n."""
        if rule.pattern is not None:
            return np.array([rule.pattern.found(text) for text in self._texts], dtype=bool)
        try:
            rows = self._selectors.rows(rule.selector)
        except RuleError as error:
            raise RuleError(f"{rule.place}: {shown(rule.text)} {error}") from None
        if rule.argument == "strip":
            rows = rows[[self._document.tags[row] not in WHOLE for row in rows.tolist()]]
        return self._within(inside(self._document, rows))

    def _within(self, nodes: Mask) -> Mask:
        """The blocks whose owner, or all of whose text, is among these nodes."""
        blocks = self._blocks
        members = np.flatnonzero(blocks.of_node >= 0)
        of_node = blocks.of_node[members]
        inner = np.bincount(of_node, weights=nodes[members], minlength=len(blocks))
        whole = np.bincount(of_node, minlength=len(blocks))
        return np.asarray(nodes[blocks.owners] | ((inner == whole) & (whole > 0)))


def read_rules(keep: Iterable[str], strip: Iterable[str], *, keep_as: str = "keep", strip_as: str = "strip") -> Rules:
    """Read the rules of a call.

    Args:
        keep: labels, such as "comments", selectors, such as "css:.byline", patterns, such as "text:Read more".
        strip: the same.
        keep_as: what to call the first in messages.
        strip_as: what to call the second.

    Raises:
        RuleError: one of them is no rule, or would take the whole page.
    """
    given = (("keep", keep, keep_as), ("strip", strip, strip_as))
    return Rules(
        tuple(
            dict.fromkeys(
                _read(argument, rule, f"{name}, rule {number}")
                for argument, rules, name in given
                for number, rule in enumerate(listed(rules, name), 1)
            )
        )
    )


def _read(argument: str, text: str, place: str) -> Rule:
    if text.startswith(_CSS):
        selector = text.removeprefix(_CSS).strip()
        if problem := selector_problem(selector):
            raise RuleError(f"{place}: {shown(text)} is no CSS selector, {problem}: mend it")
        parts = {part.strip().lower() for part in selector.split(",")}
        if argument == "strip" and (not parts.isdisjoint(WHOLE) or chooses_whole(selector)):
            raise RuleError(f"{place}: {shown(text)} would take the whole page: name what is inside")
        return Rule(argument, text, place, selector=selector)
    if text.startswith(_TEXT):
        try:
            return Rule(argument, text, place, pattern=read_pattern(text.removeprefix(_TEXT)))
        except ValueError as error:
            raise RuleError(f"{place}: {shown(text)} {error}") from None
    if text not in _COLUMNS:
        raise RuleError(
            f"{place}: {shown(text)} is no label: give some of {', '.join(_COLUMNS)}, or {_CSS}SELECTOR or {_TEXT}PATTERN"
        )
    return Rule(argument, text, place, column=_COLUMNS[text])


def listed(rules: Iterable[str], name: str) -> tuple[str, ...]:
    """The rules of one argument as texts, read once.

    Args:
        rules: the rules, which are not looked into.
        name: of the argument.

    Raises:
        RuleError: they are no list, or one of them is no text.
    """
    if isinstance(rules, str):
        raise RuleError(f"{name} is one text, {shown(rules)}: give a list of rules, such as [{shown(rules)}]")
    try:
        found = tuple(rules)
    except TypeError:
        raise RuleError(f"{name} is {shown(rules)}: give a list of rules, or none at all") from None
    for number, rule in enumerate(found, 1):
        if not isinstance(rule, str):
            raise RuleError(
                f"{name}, rule {number}: {shown(rule)} is no text: give a label, {_CSS}SELECTOR or {_TEXT}PATTERN"
            )
    return tuple(str(rule) for rule in found)
