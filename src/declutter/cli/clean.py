"""`declutter clean`: pages in, their content out."""

# Annotations are values here: typer would evaluate their texts, each twice, at every start.
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from declutter.cli.batch import Stopped, run
from declutter.cli.failures import Failures
from declutter.cli.inputs import STDIN, Item, find_items, left_out_line
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
from declutter.cli.outputs import ENDINGS, same_file
from declutter.cli.rules import (
    KeepOption,
    RulesOption,
    StripOption,
    UrlOption,
    check_url,
    read_given,
)
from declutter.cli.sinks import Folder, Sink, Stream
from declutter.cli.terminal import complain, print_table, shown_name, writes_to_terminal
from declutter.cli.work import Settings, stamped
from declutter.document.limits import DEFAULT_LIMITS, Limits
from declutter.errors import InputError

__all__ = ["clean"]

# Who gives one of these with -o means the file of a page, as with `inspect -o`.
_OF_FILES: Final = frozenset((*ENDINGS.values(), ".htm", ".xhtml", ".jsonl"))


def clean(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT",
            help="Files, folders or zip archives of them, patterns such as 'site/**/*.html', or - for standard input.",
        ),
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
    jsonl: Annotated[
        str | None,
        typer.Option(
            "--jsonl", metavar="FILE", help="Write a line of JSON for each page into this file; - for standard output."
        ),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="With -o or --jsonl FILE: leave out what is done, where page, options and output are as they were.",
        ),
    ] = False,
    count: Annotated[
        bool,
        typer.Option(
            "--count/--no-count",
            help="Tell the kinds of what is removed and count its words at the end of a batch; without it text, and most"
            " Markdown and HTML, takes less time.",
        ),
    ] = True,
    errors: Annotated[
        str | None,
        typer.Option("--errors", metavar="FILE", help="Write what failed into this file too, a line of JSON each."),
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
    # As many at most as predict_many takes, whose module is not imported for a page alone.
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, max=1024, help="Pages to work on at a time.")] = 1,
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

    Folders and zip archives are searched for .html, .htm and .xhtml files, plain or with .gz behind it; with --markup text
    for .txt, with --markup markdown for .md. Of text and Markdown the lines stay as they are, ended by line feeds. Without -o everything goes to
    standard output: with a line `==> file <==` before each page where there are several; with --output json as JSON
    lines; several documents need -o. With -o each page becomes a file of its own, in the same folders below DIR as it lay in.

    Ctrl-C ends a run at once and leaves nothing half written; the same command with --resume goes on from there.

    Example: declutter clean site/ --output markdown -o cleaned/
    """
    if output != "html" and (scope == "document" or inert):
        raise typer.BadParameter("--scope and --inert say how HTML is to be: give --output html with them")
    if profile and jobs > 1:
        raise typer.BadParameter("--profile times one process: leave --jobs out")
    if jsonl is not None:
        if folder is not None or output not in {None, "json"}:
            raise typer.BadParameter("--jsonl writes JSON into one file: leave out -o, and any --output but json")
        output = "json"
    lines = _file(jsonl, "--jsonl") if jsonl not in {None, STDIN} else None
    errors_file = _file(errors, "--errors")
    if resume and folder is None and lines is None:
        raise typer.BadParameter("--resume looks at what is written: give -o DIR or --jsonl FILE with it")
    given = read_given(keep, strip, rules, url)
    settings = Settings(
        output,
        scope,
        inert,
        headline,
        read_strictness(strictness),
        given.keep,
        given.strip,
        read_encoding(encoding),
        model,
        trust_model,
        removed,
        given.url,
        given.book,
        _limits(max_bytes, max_seconds),
    )
    chosen_model(model, trust=trust_model)
    target = _output_folder(folder)
    written, left_out = read_markup(markup, text), Counter[str]()
    found = find_items(inputs, target, written, max_bytes, left_out)
    check_url(url, len(found))
    several = len(inputs) > 1 or len(found) > 1
    if several and scope == "document" and target is None:
        raise typer.BadParameter("several documents in one stream cannot be told apart: give -o DIR")
    _check_apart([*(item.path for item in found if isinstance(item, Item)), lines], errors_file)
    _check_apart([item.path for item in found if isinstance(item, Item)], lines)
    sink: Sink
    if target is None and lines is None:
        sink = Stream(named=several and output != "json")
    else:
        # Of a single page there is no more to go on with than the page.
        settings = settings._replace(counted=several and count, stamp=stamped(settings) if several or resume else "")
        if target is not None:
            sink = Folder(target, settings, resume=resume)
        else:
            assert lines is not None
            from declutter.cli.lines import Lines  # noqa: PLC0415 - costs start-up time

            sink = Lines(lines, resume=resume)
    if left_out and any(isinstance(item, Item) for item in found):
        complain("", left_out_line(left_out, written))
    failures = Failures(errors_file)
    watched = not isinstance(sink, Stream) or not writes_to_terminal()
    try:
        with _profiled(profile, len(found)):
            run(found, sink, settings, jobs, failures, watched=watched, summed=several and not isinstance(sink, Stream))
    except Stopped as stopped:
        raise typer.Exit(stopped.code) from None
    if failures.count:
        raise typer.Exit(1)


def _file(name: str | None, option: str) -> Path | None:
    """The file an option names; wrong usage where none can be written under that name."""
    if name is None:
        return None
    check_named(option, name)
    path = Path(name)
    if not name or name == STDIN or (os.path.lexists(path) and not os.path.isfile(path)):  # noqa: PTH113 - as for isdir
        raise typer.BadParameter(f"{option} {shown_name(name)!r} is no file: give the name of one")
    return path


def _check_apart(paths: Iterable[Path | None], file: Path | None) -> None:
    """Wrong usage where a file to be written is one that is read, or written otherwise."""
    if file is None:
        return
    if any(same_file(path, file) for path in set(paths) if path is not None):
        raise typer.BadParameter(f"{shown_name(str(file))} is one of the other files: give another name")


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
    check_named("-o", folder)
    path = Path(folder)
    if path.suffix.lower() in _OF_FILES and not os.path.isdir(path):  # noqa: PTH112 - as for mkdir, names may hold NUL
        raise typer.BadParameter(
            f"-o {shown_name(folder)} would be a folder, and that is the name of a file: give a folder,"
            " or send what comes out to a file with >"
        )
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"-o {shown_name(folder)} is no folder that can be made ({error})") from None
    return path
