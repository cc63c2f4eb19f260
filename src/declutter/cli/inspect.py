"""`declutter inspect`: pages in, one file out in which to look at their blocks."""

from __future__ import annotations

import os
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from declutter.cli.inputs import REPORT, STDIN, Failed, find_items, read_item
from declutter.cli.options import (
    EncodingOption,
    MarkupOption,
    ModelOption,
    StrictnessOption,
    TextOption,
    TrustOption,
    check_named,
    chosen_model,
    read_encoding,
    read_markup,
    read_strictness,
)
from declutter.cli.outputs import same_file, write
from declutter.cli.rules import KeepOption, RulesOption, StripOption, UrlOption, check_url, read_given
from declutter.cli.tally import Tally
from declutter.cli.terminal import bar, complain, problem_of, put, shown_name
from declutter.errors import DeclutterError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["inspect"]


def inspect(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT",
            help="Files, folders or zip archives of them, patterns such as 'site/**/*.html', or - for standard input.",
        ),
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="The report to write, over one of that name.")
    ] = REPORT,
    show: Annotated[bool, typer.Option("--open", help="Open the report in the browser.")] = False,
    strictness: StrictnessOption = "balanced",
    keep: KeepOption = None,
    strip: StripOption = None,
    rules: RulesOption = None,
    url: UrlOption = None,
    markup: MarkupOption = None,
    text: TextOption = False,
    encoding: EncodingOption = None,
    model: ModelOption = None,
    trust_model: TrustOption = False,
) -> None:
    """Write a report that shows pages in a browser, each block in the colour of its label, with scores and reasons.

    The report is one HTML file that needs no network. Nothing of a page runs or is loaded in it. Rules
    are those that `declutter clean` would go by: of --keep and --strip, and of declutter.toml or --rules.

    Example: declutter inspect page.html -o report.html --open
    """
    how, known = read_strictness(strictness), read_encoding(encoding)
    given = read_given(keep, strip, rules, url)
    tally = Tally(given.keep, given.strip, given.book)
    loaded = chosen_model(model, trust=trust_model)
    check_named("-o", output)
    target = _target(output, inputs)
    written = read_markup(markup, text)
    # A report that lies in a folder of pages is none of them.
    found = [
        item for item in find_items(inputs, markup=written) if isinstance(item, Failed) or not _same(item.path, target)
    ]
    check_url(url, len(found))
    from declutter.inspect import entry, html_report  # noqa: PLC0415 - no other command needs it
    from declutter.pipeline import predict  # noqa: PLC0415

    entries = []
    failed = False
    with bar("inspecting", wanted=len(found) > 1) as advance:
        for done, item in enumerate(found, 1):
            try:
                if isinstance(item, Failed):
                    complain(item.name, item.message)
                    failed = True
                else:
                    html = read_item(item)
                    address, ruled = given.of(html, item.markup, known)
                    page = predict(
                        html,
                        url=given.url,
                        markup=item.markup,
                        encoding=known,
                        model=loaded,
                        strictness=how,
                        **ruled,
                    )
                    tally.add(address, page.matched_rules)
                    entries.append(entry("standard input" if item.path is None else item.name, page, model=loaded))
            except DeclutterError as error:
                complain(item.name, problem_of(error))
                failed = True
            advance(done, len(found))
    for line in tally.summary():
        complain("", line)
    if entries:
        try:
            write(target, html_report(entries), target.parent)
        except DeclutterError as error:
            complain("", str(error))
            raise typer.Exit(1) from None
        put(str(target))
        if show and not webbrowser.open(target.resolve().as_uri()):
            complain(str(target), "no browser could be opened: open this file in one")
    if failed:
        raise typer.Exit(1)


def _target(output: str, inputs: Sequence[str]) -> Path:
    """The file to write; wrong usage where that is a folder, or one of the inputs."""
    target = Path(output)
    # Path.is_file fails where a folder above may not be read.
    if not output or (os.path.lexists(output) and not os.path.isfile(output)):  # noqa: PTH113
        raise typer.BadParameter(f"-o {shown_name(output)!r} is no file: give the name of the report, report.html say")
    if any(_same(Path(name), target) for name in inputs if name != STDIN):
        raise typer.BadParameter(f"-o {shown_name(output)} is one of the pages: give the report another name")
    return target


def _same(one: Path | None, other: Path) -> bool:
    return one is not None and same_file(one, other)
