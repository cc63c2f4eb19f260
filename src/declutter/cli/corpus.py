"""`declutter corpus`: bring, check and list the corpora that models are trained and measured on."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from declutter.cli.options import CorporaOption, check_named, named_corpora
from declutter.cli.terminal import bar, complain, print_table, put
from declutter.errors import CorpusError

__all__ = ["app"]

# Files from one line to the next where no bar tells how far it is.
_A_LINE: Final = 100

app = typer.Typer(
    help="Bring, check and list the corpora.\n\nModels are trained and measured on them.\n\n"
    "Example: declutter corpus list",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

_Names = Annotated[list[str] | None, typer.Argument(metavar="CORPUS", help="Their names; all by default.")]


@app.command()
def fetch(
    names: _Names = None,
    origin: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="DIR", help="Take them from a local copy, plain or gzipped, not from the network."
        ),
    ] = None,
    into: Annotated[
        str | None, typer.Option(metavar="DIR", help="Where to put them; the fetch cache by default.")
    ] = None,
) -> None:
    """Bring the public corpora.

    Brings the files of the manifests and no others. What lies there already and has the right hash is not fetched
    again, so a broken fetch goes on where it stopped.

    Example: declutter corpus fetch wcxb readability
    """
    for option, name in (("--from", origin), ("--into", into)):
        if name is not None:
            check_named(option, name)
    from declutter.corpus.fetch import fetch as download  # noqa: PLC0415 - no other command needs it
    from declutter.corpus.fetch import from_dir  # noqa: PLC0415

    target = None if into is None else Path(into)
    with bar("fetching") as advance:

        def progress(done: int, total: int, _name: str) -> None:
            advance(done, total)
            if done % _A_LINE == 0 and not sys.stderr.isatty():
                complain("", f"{done:,} of {total:,} files")

        if origin is None:
            folder = download(names or None, target, progress)
        else:
            folder = from_dir(names or None, Path(origin), target, progress)
    print(folder)


@app.command()
def check(names: _Names = None, corpora: CorporaOption = None) -> None:
    """Verify the training data; fail if anything is wrong.

    Sources, manifests, local copies and our own pages. Corpora that are not here are named and passed over, unless
    you ask for them by name.

    Example: declutter corpus check --corpora ~/corpora
    """
    from declutter.corpus.check import survey  # noqa: PLC0415 - no other command needs it

    report = survey(_root(corpora), names=names or None)
    for name, pages in report.pages.items():
        put(f"{name}: {pages} pages")
    for note in report.notes:
        put(note)
    for name in report.absent:
        put(f"{name}: not here")
    for problem in report.problems:
        complain("", problem)
    if report.problems:
        complain("", f"the training data have {len(report.problems)} problems")
        raise typer.Exit(1)
    put("nothing is wrong")


@app.command(name="list")
def list_corpora(corpora: CorporaOption = None) -> None:
    """List the corpora: use, licence, and which are here, or how many of their files.

    Example: declutter corpus list
    """
    from declutter.corpus.manifest import load_manifest, missing  # noqa: PLC0415 - no other command needs it
    from declutter.corpus.registry import root_of  # noqa: PLC0415
    from declutter.corpus.sources import load_sources, training_data_root  # noqa: PLC0415

    data = training_data_root()
    root = _root(corpora)
    rows = []
    for name, source in load_sources(data).items():
        listed = load_manifest(data, name) if source.public else {}
        base = root_of(name, root) if source.public else data
        place = None if base is None else base / source.folder
        here = "yes" if place is not None and place.is_dir() else "no"
        if place is not None and here == "yes" and (lost := missing(source, listed, place)):
            here = f"{len(listed) - len(lost)} of {len(listed)}"
        rows.append([name, source.use, source.licence, str(len(listed) or ""), here, source.title])
    columns = (("name", "fixed"), ("use", "fixed"), ("licence", "fixed"), ("files", "right"), ("here", "fixed"))
    print_table((*columns, ("title", "cut")), rows)


def _root(corpora: str | None) -> Path | None:
    """The folder of the public corpora; None where nobody named one and nothing was fetched.

    Raises:
        CorpusError: a folder that somebody named is not there.
    """
    from declutter.corpus.registry import ENVIRONMENT, corpora_root  # noqa: PLC0415 - no other command needs it

    try:
        return named_corpora(corpora) or corpora_root()
    except CorpusError:
        if corpora is not None or os.environ.get(ENVIRONMENT):
            raise
        return None
