"""The program: `declutter`, with its commands."""

from __future__ import annotations

from typing import Annotated

import typer

from declutter import __version__
from declutter.cli.commands import Commands
from declutter.cli.terminal import use_utf8

__all__ = ["app"]


app = typer.Typer(
    name="declutter",
    cls=Commands,
    add_completion=False,
    no_args_is_help=True,
    # Help and errors are plain text, tracebacks Python's own: rich would read paths and page text as markup.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"declutter {__version__}")
        raise typer.Exit


@app.callback()
def declutter(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """Take the boilerplate out of web pages, and name it.

    Exit codes: 0 done, 1 some input failed (each is named on standard error, the rest is done), 2 wrong usage.

    Example: declutter clean page.html
    """
    use_utf8()
