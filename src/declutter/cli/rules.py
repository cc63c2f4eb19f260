"""The caller's rules on the command line: options, the project's file, and what matched nothing in a whole run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Final

import typer

from declutter.cli.terminal import shown_name
from declutter.errors import RuleError
from declutter.rulebook import RuleBook, host_of, load_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = [
    "PROJECT_FILE",
    "KeepOption",
    "RulesOption",
    "StripOption",
    "Tally",
    "UrlOption",
    "read_book",
    "read_options",
    "read_url",
]

PROJECT_FILE: Final = "declutter.toml"
"""The file of rules that is read where it lies in the working directory."""

KeepOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="RULE",
        help="What is content all the same: a label, css:SELECTOR or text:PATTERN; may be given several times.",
    ),
]
StripOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="RULE",
        help="What goes all the same: css:SELECTOR, text:PATTERN, or a label, for what likeliest has it; may be given"
        " several times. --keep is stronger.",
    ),
]
RulesOption = Annotated[
    str | None,
    typer.Option(
        "--rules",
        metavar="FILE",
        help=f"File of rules for all pages and by host; by default {PROJECT_FILE} in the working directory, if it is there.",
    ),
]
UrlOption = Annotated[
    str | None,
    typer.Option(
        "--url",
        metavar="URL",
        help="Where the page came from; for one page. By default rules by host go by what it says.",
    ),
]


def read_options(keep: Sequence[str] | None, strip: Sequence[str] | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the options --keep and --strip hold; wrong usage where that is no rule."""
    if not keep and not strip:
        return (), ()
    from declutter.rules import listed, read_rules  # noqa: PLC0415 - costs start-up time

    try:
        read_rules(keep or (), strip or (), keep_as="--keep", strip_as="--strip")
        return listed(keep or (), "--keep"), listed(strip or (), "--strip")
    except RuleError as error:
        raise typer.BadParameter(shown_name(str(error))) from None


def read_book(file: str | None) -> RuleBook:
    """The file of rules an option names, else the project's, else an empty one; wrong usage where it cannot be read."""
    if file is None:
        if not os.path.lexists(PROJECT_FILE):
            return RuleBook()
        file = PROJECT_FILE
    try:
        return load_rules(file)
    except RuleError as error:
        raise typer.BadParameter(shown_name(str(error))) from None


def read_url(url: str | None) -> str | None:
    """The address an option names; wrong usage where it is none."""
    if url is not None and not host_of(url):
        raise typer.BadParameter(f"--url {shown_name(url)!r} is no address: give one such as https://example.org/page")
    return url


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
