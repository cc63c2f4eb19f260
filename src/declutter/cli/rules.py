"""The caller's rules on the command line: options, and the project's file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from declutter.cli.given import Given
from declutter.cli.tally import PROJECT_FILE
from declutter.cli.terminal import shown_name
from declutter.errors import RuleError
from declutter.rules.rulebook import RuleBook, host_of, load_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "KeepOption",
    "RulesOption",
    "StripOption",
    "UrlOption",
    "check_url",
    "read_given",
]

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


def read_given(keep: Sequence[str] | None, strip: Sequence[str] | None, rules: str | None, url: str | None) -> Given:
    """What the options --keep, --strip, --rules and --url hold; wrong usage where one of them is none.

    Without --rules the file of rules is the project's, if it is there.
    """
    return Given(*_read_options(keep, strip), _read_url(url), _read_book(rules))


def check_url(url: str | None, pages: int) -> None:
    """Wrong usage where --url is given for more than one page."""
    if url is not None and pages > 1:
        raise typer.BadParameter(f"--url is the address of one page, and here are {pages}: name them one by one")


def _read_options(keep: Sequence[str] | None, strip: Sequence[str] | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the options --keep and --strip hold; wrong usage where that is no rule."""
    if not keep and not strip:
        return (), ()
    from declutter.rules.rules import listed, read_rules  # noqa: PLC0415 - costs start-up time

    try:
        read_rules(keep or (), strip or (), keep_as="--keep", strip_as="--strip")
        return listed(keep or (), "--keep"), listed(strip or (), "--strip")
    except RuleError as error:
        raise typer.BadParameter(shown_name(str(error))) from None


def _read_book(file: str | None) -> RuleBook:
    """The file of rules an option names, else the project's, else an empty one; wrong usage where it cannot be read."""
    if file is None:
        if not os.path.lexists(PROJECT_FILE):
            return RuleBook()
        file = PROJECT_FILE
    try:
        return load_rules(file)
    except RuleError as error:
        raise typer.BadParameter(shown_name(str(error))) from None


def _read_url(url: str | None) -> str | None:
    """The address an option names; wrong usage where it is none."""
    if url is not None and not host_of(url):
        raise typer.BadParameter(f"--url {shown_name(url)!r} is no address: give one such as https://example.org/page")
    return url
