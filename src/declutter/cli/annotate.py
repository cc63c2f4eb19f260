"""`declutter annotate`: label pages in the browser."""

from __future__ import annotations

import threading
import webbrowser
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Annotated, Final

import typer

from declutter.cli.inputs import Failed, find_items, read_item, without_ending
from declutter.cli.options import ModelOption, TrustOption, check_named, chosen_model
from declutter.cli.terminal import bar, complain, put, shown_name
from declutter.errors import DeclutterError, InputError
from declutter.whole import try_folder

__all__ = ["annotate"]

_FOLDER: Final = "annotations"
_CALLED: Final = {"text": "plain text", "markdown": "Markdown"}
# Port numbers end there.
_PORTS: Final = 65535


def annotate(
    inputs: Annotated[list[str], typer.Argument(metavar="PAGE", help="Files of HTML, or folders of them.")],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="DIR", help="Folder of annotations, to go on with or to begin.")
    ] = _FOLDER,
    site: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Site of the pages; by default what each names itself, else its folder."),
    ] = None,
    show: Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")] = True,
    port: Annotated[int, typer.Option(min=0, max=_PORTS, help="Port to listen on; any free one by default.")] = 0,
    model: ModelOption = None,
    trust_model: TrustOption = False,
) -> None:
    """Label the blocks of pages in the browser, to train on them.

    Opens the pages from a server that only this machine reaches, at an address with a secret in it. Every change is saved
    at once: DIR/SITE/PAGE.jsonl holds the labels, and a copy of the page lies beside it. Done or Ctrl-C ends it.

    Example: declutter annotate site/*.html -o annotations
    """
    root = _folder(output)
    loaded = chosen_model(model, trust=trust_model)
    from declutter.annotate import Server, Session, site_of  # noqa: PLC0415 - no other command needs it

    session = Session(root, loaded)
    failed = False
    # The pages whose labels lie in the folder are copies.
    found = find_items(inputs, root)
    with bar("opening", wanted=len(found) > 1) as advance:
        for done, item in enumerate(found, 1):
            try:
                if isinstance(item, Failed):
                    complain(item.name, item.message)
                    failed = True
                else:
                    if item.markup != "html":
                        raise InputError(
                            f"its ending says {_CALLED[item.markup]}, and only HTML can be labelled: turn it into HTML, or give"
                            " a file that is HTML an ending such as .html"
                        )
                    html = read_item(item)
                    folder = "" if item.path is None else item.path.resolve().parent.name
                    stem = "page" if item.path is None else without_ending(PurePath(item.place.name)).name
                    session.add(html, name=item.name, stem=stem, site=site or site_of(html, folder))
            except DeclutterError as error:
                complain(item.name, str(error))
                failed = True
            advance(done, len(found))
    if not len(session):
        raise typer.Exit(1)
    for name, path in session.earlier():
        complain(
            name,
            f"has no labels yet; those of {path} are of other bytes under its name, an earlier version say, and stay there",
        )
    server = Server(session, port)
    put(f"{server.url}\n")
    complain("", "label the pages at this address; Done there, or Ctrl-C here, ends it")
    if show:
        # Some browsers, those of a terminal say, are waited for until they end.
        threading.Thread(target=_show, args=(server.url,), daemon=True).start()
    with suppress(KeyboardInterrupt):  # as good an end as any: every label is saved
        server.run()
    for name, labelled, blocks in session.counts():
        if labelled:
            put(f"{shown_name(name)}: {labelled} of {blocks} blocks labelled")
    unsaved = session.unsaved()
    for name, why in unsaved:
        complain(name, f"not all of its labels are saved: {why}")
    if failed or unsaved:
        raise typer.Exit(1)


def _folder(output: str) -> Path:
    """The folder of annotations; wrong usage where nothing can be written there. One that is not there is not left there."""
    check_named("-o", output)
    root = Path(output)
    try:
        try_folder(root)
    except (OSError, ValueError) as error:
        raise typer.BadParameter(
            f"-o {shown_name(output)} is no folder that can be written to ({error}): name another"
        ) from None
    return root


def _show(url: str) -> None:
    if not webbrowser.open(url):
        complain("", "no browser could be opened: open the address in one")
