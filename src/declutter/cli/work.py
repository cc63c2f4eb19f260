"""Clean many pages, here or in worker processes; a page that fails stops no other."""

from __future__ import annotations

from collections import Counter
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from declutter.cli.given import Given
from declutter.cli.inputs import read_item
from declutter.cli.state import Done, is_intact, source_of, stamp_of
from declutter.cli.terminal import problem_of
from declutter.document.limits import DEFAULT_LIMITS, Limits
from declutter.errors import DeclutterError
from declutter.model import load_default, load_model
from declutter.pipeline import clean, predict
from declutter.render.outputs import render
from declutter.rules.rulebook import RuleBook
from declutter.words import split_texts

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from declutter.cli.inputs import Item
    from declutter.model import Model
    from declutter.page import Page
    from declutter.render.outputs import Output

__all__ = ["Cleaned", "Settings", "Task", "clean_all", "clean_item", "stamped"]

_MEND: Final = "read more with --max-bytes, or cut it up"
# Settings that change nothing in the output of a page that succeeds, or stand in the stamp as what they lead to.
_NOT_OF_THE_OUTPUT: Final = {"model", "trust", "removed", "counted", "book", "limits", "stamp"}


class Settings(NamedTuple):
    """How to clean; the options of `declutter clean`.

    Attributes:
        counted: words are counted by label.
        stamp: `stamp_of` these settings; "" where nobody asks what is done.
    """

    output: Output | None = None
    scope: Literal["content", "document"] = "content"
    inert: bool = False
    headline: bool = True
    strictness: float | Literal["balanced", "precision", "recall"] = "balanced"
    keep: tuple[str, ...] = ()
    strip: tuple[str, ...] = ()
    encoding: str | None = None
    model: str | None = None
    trust: bool = False
    removed: bool = False
    url: str | None = None
    book: RuleBook = RuleBook()
    limits: Limits = DEFAULT_LIMITS
    counted: bool = False
    stamp: str = ""

    def output_of(self, item: Item) -> Output:
        """The output of one page: where none is asked for, Markdown of Markdown and text of everything else."""
        return self.output or ("markdown" if item.markup == "markdown" else "text")


class Task(NamedTuple):
    """One page to clean.

    Attributes:
        item: the page.
        file: the file that its output of an earlier run is in, and what is known of that; None where there is none.
        done: likewise.
    """

    item: Item
    file: Path | None = None
    done: Done | None = None


class Cleaned(NamedTuple):
    """What became of one page.

    Attributes:
        text: the rendering, None where the page failed or was done before.
        data: the rendering in the bytes that the page came in, for a document that is not made inert; else None.
        problem: why it failed and the mend.
        blocks: how many blocks it has.
        removed: label, score and text of the removed ones, where they were asked for.
        address: where it came from, as far as rules by host need it.
        matched: the rules that matched any of its blocks, as `Page.matched_rules` has them.
        words: how many words of each label it has, where they were asked for.
        source: `source_of` it, where there is a stamp.
        before: what is known of its output where that is as it would be; nothing was done then.
    """

    text: str | None
    data: bytes | None = None
    problem: str = ""
    blocks: int = 0
    removed: tuple[tuple[str, float, str], ...] = ()
    address: str | None = None
    matched: frozenset[tuple[str, str]] = frozenset()
    words: tuple[tuple[str, int], ...] = ()
    source: str = ""
    before: Done | None = None


def stamped(settings: Settings) -> str:
    """The hash of what decides the output besides the page."""
    options = {name: value for name, value in settings._asdict().items() if name not in _NOT_OF_THE_OUTPUT}
    return stamp_of(
        {**options, "rules": [repr(scope) for scope in settings.book.scopes]}, _model(settings.model, settings.trust)
    )


@cache
def _model(directory: str | None, trust: bool) -> Model:
    # The command has warned of it: here it would be said again, and by each worker.
    return load_default() if directory is None else load_model(directory, trust=trust)


def clean_item(item: Item, settings: Settings, file: Path | None = None, done: Done | None = None) -> Cleaned:
    """Read, label and render one page, unless its output is there; what goes wrong is told, not raised.

    Args:
        item: the page.
        settings: how.
        file: as in `Task`.
        done: as in `Task`.
    """
    try:
        html = read_item(item, settings.limits.max_bytes, _MEND)
        source = ""
        if settings.stamp:
            source = source_of(settings.stamp, item.name if settings.output == "json" else "", item.markup, html)
        if file is not None and done is not None and done.source == source and is_intact(file, done):
            return Cleaned(None, address=done.address, matched=done.matched, words=done.words, before=done)
        given = Given(settings.keep, settings.strip, settings.url, settings.book)
        address, rules = given.of(html, item.markup, settings.encoding)
        output = settings.output_of(item)
        if not (
            any(rules.values())
            or settings.removed
            or settings.counted
            or settings.scope == "document"
            or output == "json"
        ):
            # Nobody asks for the kinds of what goes: the way that leaves early.
            text = clean(
                html,
                output=output,
                headline=settings.headline,
                url=settings.url,
                markup=item.markup,
                encoding=settings.encoding,
                model=_model(settings.model, settings.trust),
                strictness=settings.strictness,
                limits=settings.limits,
            )
            return Cleaned(text, address=address, source=source)
        page = predict(
            html,
            url=settings.url,
            markup=item.markup,
            encoding=settings.encoding,
            model=_model(settings.model, settings.trust),
            strictness=settings.strictness,
            **rules,
            limits=settings.limits,
        )
        text = _rendered(page, item, settings)
        data = None
        if settings.scope == "document" and not settings.inert:
            from declutter.document.encoding import cut_bytes  # noqa: PLC0415 - costs start-up time

            data = cut_bytes(html, page.cuts(settings.headline), settings.encoding)
        removed = tuple((str(b.label), b.score, b.text) for b in page.chrome) if settings.removed else ()
        words = _words(page) if settings.counted else ()
    except DeclutterError as error:
        return Cleaned(None, problem=problem_of(error))
    except Exception as error:
        import logging  # noqa: PLC0415 - costs start-up time

        # A fault of ours on one page of many must not cost the others.
        logging.getLogger("declutter").debug("on %s", item.name, exc_info=True)
        problem = f"a fault in declutter ({type(error).__name__}: {error}): please report it with this page"
        return Cleaned(None, problem=problem)
    blocks = len(page.blocks) if settings.removed else 0
    return Cleaned(text, data, "", blocks, removed, address, page.matched_rules, words, source)


def _words(page: Page) -> tuple[tuple[str, int], ...]:
    counts: Counter[str] = Counter()
    for block, words in zip(page.blocks, split_texts([block.text for block in page.blocks]), strict=True):
        counts[str(block.label)] += len(words)
    return tuple(sorted(counts.items()))


def _rendered(page: Page, item: Item, settings: Settings) -> str:
    output = settings.output_of(item)
    if output != "json":
        inert = settings.inert or None  # the content is inert anyway
        return render(page, output, headline=settings.headline, scope=settings.scope, inert=inert)
    from declutter.render.record import page_json  # noqa: PLC0415 - costs start-up time

    return page_json(page, headline=settings.headline, file=item.name)


def clean_all(tasks: Sequence[Task], settings: Settings, jobs: int) -> Generator[Cleaned]:
    """Clean pages, results in order.

    Args:
        tasks: the pages.
        settings: how.
        jobs: processes; 1 works in this one.

    Raises:
        InputError: no process lives long enough to do anything.
    """
    if jobs == 1 or len(tasks) < 2:
        yield from (_done(task, settings) for task in tasks)
        return
    from declutter.cli.workers import work_through  # noqa: PLC0415 - costs start-up time

    yield from work_through(tasks, partial(_done, settings=settings), _lost, min(jobs, len(tasks)))


def _done(task: Task, settings: Settings) -> Cleaned:
    return clean_item(task.item, settings, task.file, task.done)


def _lost(_: Any, code: int) -> Cleaned:
    return Cleaned(
        None,
        problem=f"its worker process ended (exit code {code}), most likely for want of memory: try again with --jobs 1, or set"
        " --max-bytes",
    )
