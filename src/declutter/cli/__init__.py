"""The command line: `declutter` and its commands, each a thin layer over the library."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from declutter import __version__
from declutter.cli import clean, corpus, evaluate, explain, inspect, model, train
from declutter.cli.terminal import complain, use_utf8
from declutter.errors import DeclutterError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["app", "main"]


class _Commands(TyperGroup):
    """Commands whose DeclutterErrors become one line on standard error and exit code 1."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except DeclutterError as error:
            complain("", str(error))
            raise typer.Exit(1) from error


app = typer.Typer(
    name="declutter",
    cls=_Commands,
    add_completion=False,
    no_args_is_help=True,
    # Help and errors are plain text, tracebacks Python's own: rich would read paths and page text as markup.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_COMMANDS: tuple[Callable[..., None], ...] = (
    clean.clean,
    explain.explain,
    inspect.inspect,
    train.train,
    evaluate.evaluate,
    model.model,
)
for _command in _COMMANDS:
    app.command()(_command)
app.add_typer(corpus.app, name="corpus")


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


def main() -> None:
    """The entry point of the `declutter` command."""
    try:
        app()
    except BrokenPipeError:
        _close_quietly()
        sys.exit(1)
    except SystemExit:
        # What is left in the buffer meets a closed pipe here and not in the interpreter's last breath.
        try:
            sys.stdout.flush()
        except OSError:
            _close_quietly()
        raise


def _close_quietly() -> None:
    """Point standard output at nothing, so that closing it says nothing."""
    import os  # noqa: PLC0415 - only needed here

    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, sys.stdout.fileno())
