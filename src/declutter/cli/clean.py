"""`declutter clean`: pages in, their content out."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from declutter.cli.inputs import Failed, Item, find_items
from declutter.cli.options import (
    EncodingOption,
    MarkupOption,
    ModelOption,
    StrictnessOption,
    TextOption,
    TrustOption,
    chosen_model,
    read_encoding,
    read_markup,
    read_strictness,
)
from declutter.cli.outputs import ENDINGS, plan, write
from declutter.cli.rules import (
    KeepOption,
    RulesOption,
    StripOption,
    Tally,
    UrlOption,
    read_book,
    read_options,
    read_url,
)
from declutter.cli.terminal import STYLES, bar, complain, print_table, put, put_bytes, shown_name, writes_to_terminal
from declutter.cli.work import Cleaned, Settings, clean_all
from declutter.errors import InputError
from declutter.labels import CHROME
from declutter.limits import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["clean"]


def clean(
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUT", help="Files, folders of them, or - for standard input.")
    ],
    output: Annotated[
        Literal["text", "markdown", "html", "json"] | None,
        typer.Option(help="What to give back; where not given Markdown of Markdown, text of everything else."),
    ] = None,
    scope: Annotated[
        Literal["content", "document"],
        typer.Option(
            help="With --output html: the content, which is inert; or the whole document with only the chrome cut out of it,"
            " byte by byte as it was, which is as safe as its source."
        ),
    ] = "content",
    inert: Annotated[
        bool, typer.Option("--inert", help="With --scope document: sanitise it, which writes it anew, as UTF-8.")
    ] = False,
    markup: MarkupOption = None,
    text: TextOption = False,
    folder: Annotated[
        str | None,
        typer.Option("--output-dir", "-o", metavar="DIR", help="Write a file for each input into this folder."),
    ] = None,
    strictness: StrictnessOption = "balanced",
    keep: KeepOption = None,
    strip: StripOption = None,
    rules: RulesOption = None,
    url: UrlOption = None,
    headline: Annotated[
        bool, typer.Option("--headline/--no-headline", help="With or without the main headline.")
    ] = True,
    removed: Annotated[
        bool, typer.Option("--removed", help="Also show on standard error what was taken out, by label, with scores.")
    ] = False,
    encoding: EncodingOption = None,
    model: ModelOption = None,
    trust_model: TrustOption = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Pages to work on at a time.")] = 1,
    profile: Annotated[
        bool, typer.Option("--profile", help="Also show on standard error how long each stage took, in one process.")
    ] = False,
    max_bytes: Annotated[
        int, typer.Option(metavar="N", help="A larger page fails; bytes, of packed pages after unpacking.")
    ] = DEFAULT_LIMITS.max_bytes,
    max_seconds: Annotated[
        float | None, typer.Option(metavar="S", help="A page that takes longer fails; without it none does.")
    ] = None,
) -> None:
    """Give back the content of pages, without the chrome.

    Folders are searched for .html, .htm and .xhtml files, plain or with .gz behind it; with --markup text for .txt, with
    --markup markdown for .md. Of text and Markdown the lines stay as they are. Without -o everything goes to
    standard output: with a line `==> file <==` before each page where there are several; with --output json as JSON
    lines; several documents need -o. With -o each page becomes a file of its own, in the same folders below DIR as it lay in.

    Example: declutter clean site/ --output markdown -o cleaned/
    """
    if output != "html" and (scope == "document" or inert):
        raise typer.BadParameter("--scope and --inert say how HTML is to be: give --output html with them")
    if profile and jobs > 1:
        raise typer.BadParameter("--profile times one process: leave --jobs out")
    settings = Settings(
        output,
        scope,
        inert,
        headline,
        read_strictness(strictness),
        *read_options(keep, strip),
        read_encoding(encoding),
        model,
        trust_model,
        removed,
        read_url(url),
        read_book(rules),
        _limits(max_bytes, max_seconds),
    )
    chosen_model(model, trust=trust_model)
    target = _output_folder(folder)
    found = find_items(inputs, target, read_markup(markup, text), max_bytes)
    if url is not None and len(found) > 1:
        raise typer.BadParameter(f"--url is the address of one page, and here are {len(found)}: clean them one by one")
    failed = 0

    def fail(name: str, message: str) -> None:
        nonlocal failed
        complain(name, message)
        failed += 1

    for entry in found:
        if isinstance(entry, Failed):
            fail(entry.name, entry.message)
    items = [entry for entry in found if isinstance(entry, Item)]
    work: list[tuple[Item, Path | None]] = [(item, None) for item in items]
    if target is not None:
        work = []
        for item, planned in zip(
            items, plan(items, target, [ENDINGS[settings.output_of(item)] for item in items]), strict=True
        ):
            if isinstance(planned, InputError):
                fail(item.name, str(planned))
            else:
                work.append((item, planned))
    tally = Tally(settings.keep, settings.strip, settings.book)
    several = len(inputs) > 1 or len(found) > 1
    if several and scope == "document" and target is None:
        raise typer.BadParameter("several documents in one stream cannot be told apart: give -o DIR")
    watched = len(work) > 1 and (target is not None or not writes_to_terminal())
    with bar("cleaning", wanted=watched) as advance, _profiled(profile, len(work)):
        results = clean_all([item for item, _ in work], settings, jobs)
        for done, ((item, place), cleaned) in enumerate(zip(work, results, strict=True), 1):
            try:
                _give(item, cleaned, place, target, settings, several)
            except InputError as error:
                fail(item.name, str(error))
            if cleaned.text is not None:
                tally.add(cleaned.address, cleaned.matched)
            advance(done, len(work))
    for line in tally.summary():
        complain("", line)
    if failed:
        raise typer.Exit(1)


@contextmanager
def _profiled(wanted: bool, pages: int) -> Iterator[None]:
    """Show how long each stage took over all pages, where it is wanted."""
    if not wanted:
        yield
        return
    from declutter.cli.stages import timed  # noqa: PLC0415 - costs start-up time

    with timed() as seconds:
        yield
    whole = sum(seconds.values())
    rows = [
        (stage, f"{1000 * spent:.1f}", f"{1000 * spent / max(pages, 1):.2f}", f"{100 * spent / whole:.0f} %")
        for stage, spent in [*seconds.items(), ("all", whole)]
    ]
    print_table(
        (("stage", "fixed"), ("ms", "right"), ("ms a page", "right"), ("share", "right")),
        rows,
        title=f"{pages} {'page' if pages == 1 else 'pages'}",
        to_stderr=True,
    )


def _limits(max_bytes: int, max_seconds: float | None) -> Limits:
    try:
        return Limits(max_bytes=max_bytes, max_seconds=max_seconds)
    except InputError as error:
        raise typer.BadParameter(str(error)) from None


def _output_folder(folder: str | None) -> Path | None:
    if folder is None:
        return None
    path = Path(folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"-o {shown_name(folder)} is no folder that can be made ({error})") from None
    return path


def _give(
    item: Item,
    cleaned: Cleaned,
    place: Path | None,
    folder: Path | None,
    settings: Settings,
    several: bool,
) -> None:
    """Hand a result over.

    Raises:
        InputError: the page failed or its file cannot be written.
    """
    if cleaned.text is None:
        raise InputError(cleaned.problem)
    if folder is not None and place is not None:
        text = cleaned.text
        whole = f"{text}\n" if text and not text.endswith("\n") else text
        write(place, whole if cleaned.data is None else cleaned.data, folder)
    elif cleaned.data is not None and not writes_to_terminal():
        put_bytes(cleaned.data)
    else:
        if several and settings.output != "json":
            put(f"==> {shown_name(item.name)} <==\n")
        put(cleaned.text)
    if settings.removed:
        _show_removed(item.name, cleaned)


def _show_removed(name: str, cleaned: Cleaned) -> None:
    """A table of the blocks that went, grouped by label in the labels' order."""
    order = {str(label): place for place, label in enumerate(CHROME)}
    rows: list[list[str | tuple[str, str]]] = []
    for label, group in groupby(sorted(cleaned.removed, key=lambda row: order[row[0]]), key=lambda row: row[0]):
        for place, (_, score, text) in enumerate(group):
            rows.append([(label if place == 0 else "", STYLES[label]), f"{score:.2f}", " ".join(text.split())])
    print_table(
        (("label", "fixed"), ("score", "right"), ("removed", "cut")),
        rows,
        title=f"{name}: {len(cleaned.removed)} of {cleaned.blocks} blocks removed",
        to_stderr=True,
    )
