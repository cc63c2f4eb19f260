"""What of the caller's rules matched nothing in a whole run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from declutter.rules.rulebook import RuleBook

__all__ = ["PROJECT_FILE", "Tally"]

PROJECT_FILE: Final = "declutter.toml"
"""The file of rules that is read where it lies in the working directory."""


class Tally:
    """Counts which rules matched any block in a run, and which hosts no page came from."""

    def __init__(self, keep: Sequence[str], strip: Sequence[str], book: RuleBook) -> None:
        self._book = book
        # Where each rule stands, by the table it is of; "" for the options.
        self._idle: dict[str, dict[tuple[str, str], str]] = {"": _places(keep, strip, "--")}
        for scope in book.scopes:
            self._idle[scope.name] = _places(scope.keep, scope.strip, f"{book.path}: {scope.name}.")
        self._unseen = {scope.name for scope in book.scopes if scope.host}
        self._pages = self._nowhere = 0

    def add(self, address: str | None, matched: frozenset[tuple[str, str]]) -> None:
        """Count a page.

        Args:
            address: where it came from, None where that is not known.
            matched: the rules that matched it, as `Page.matched_rules` has them.
        """
        self._pages += 1
        self._nowhere += address is None
        names = [scope.name for scope in self._book.scopes_of(address)]
        self._unseen.difference_update(names)
        for name in ("", *names):
            for rule in matched:
                self._idle[name].pop(rule, None)

    def summary(self) -> Iterator[str]:
        """What to say at the end of a run: nothing where every rule matched, or no page was cleaned."""
        if not self._pages:
            return
        for name, rules in self._idle.items():
            if name not in self._unseen:
                yield from (f"{place} matched nothing" for place in rules.values())
        if self._unseen:
            yield f"{self._book.path}: no page came from {', '.join(s for s in self._idle if s in self._unseen)}"
        if self._nowhere and self._book.by_host:
            yield (
                f"{self._nowhere} of {self._pages} pages without an address, so without rules by host: give --url, or put the"
                " rules under [all]"
            )


def _places(keep: Sequence[str], strip: Sequence[str], before: str) -> dict[tuple[str, str], str]:
    return {
        (argument, rule): f"{before}{argument} {rule!r}"
        for argument, rules in (("keep", keep), ("strip", strip))
        for rule in rules
    }
