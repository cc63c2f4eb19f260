"""Clean many pages, here or in worker processes; a page that fails stops no other."""

from __future__ import annotations

import json
import os
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from declutter.cli.inputs import read_item
from declutter.cli.options import chosen_model
from declutter.cli.terminal import problem_of
from declutter.encoding import cut_bytes
from declutter.errors import DeclutterError
from declutter.limits import DEFAULT_LIMITS, Limits
from declutter.outputs import render
from declutter.pipeline import clean, predict
from declutter.rulebook import RuleBook

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from declutter.cli.inputs import Item
    from declutter.model import Model
    from declutter.outputs import Output
    from declutter.page import Page

__all__ = ["Cleaned", "Settings", "clean_all", "clean_item"]

# Pages in flight a worker: memory stays flat however many there are.
_WINDOW: Final = 4
_MEND: Final = "read more with --max-bytes, or cut it up"


class Settings(NamedTuple):
    """How to clean; the options of `declutter clean`."""

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

    def output_of(self, item: Item) -> Output:
        """The output of one page: where none is asked for, Markdown of Markdown and text of everything else."""
        return self.output or ("markdown" if item.markup == "markdown" else "text")


class Cleaned(NamedTuple):
    """What became of one page.

    Attributes:
        text: the rendering, None where the page failed.
        data: the rendering in the bytes that the page came in, for a document that is not made inert; else None.
        problem: why it failed and the mend.
        blocks: how many blocks it has.
        removed: label, score and text of the removed ones, where they were asked for.
        address: where it came from, as far as rules by host need it.
        matched: the rules that matched any of its blocks, as `Page.matched_rules` has them.
    """

    text: str | None
    data: bytes | None = None
    problem: str = ""
    blocks: int = 0
    removed: tuple[tuple[str, float, str], ...] = ()
    address: str | None = None
    matched: frozenset[tuple[str, str]] = frozenset()


@cache
def _model(directory: str | None, trust: bool) -> Model:
    return chosen_model(directory, trust=trust)


def clean_item(item: Item, settings: Settings) -> Cleaned:
    """Read, label and render one page; what goes wrong is told, not raised."""
    try:
        html, address = read_item(item, settings.limits.max_bytes, _MEND), settings.url
        if address is None and settings.book.by_host and item.markup == "html":
            from declutter.metadata.addresses import page_address  # noqa: PLC0415 - rules by host alone need it

            address = page_address(html, encoding=settings.encoding)
        rules = settings.book.of(address)
        keep, strip = (*settings.keep, *rules["keep"]), (*settings.strip, *rules["strip"])
        output = settings.output_of(item)
        if not (keep or strip or settings.removed or settings.scope == "document" or output == "json"):
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
            return Cleaned(text, address=address)
        page = predict(
            html,
            url=settings.url,
            markup=item.markup,
            encoding=settings.encoding,
            model=_model(settings.model, settings.trust),
            strictness=settings.strictness,
            keep=keep,
            strip=strip,
            limits=settings.limits,
        )
        text = _rendered(page, item, settings)
        data = None
        if settings.scope == "document" and not settings.inert:
            data = cut_bytes(html, page.cuts(settings.headline), settings.encoding)
        removed = tuple((str(b.label), b.score, b.text) for b in page.chrome) if settings.removed else ()
    except DeclutterError as error:
        return Cleaned(None, problem=problem_of(error))
    except Exception as error:
        import logging  # noqa: PLC0415 - costs start-up time

        # A fault of ours on one page of many must not cost the others.
        logging.getLogger("declutter").debug("on %s", item.name, exc_info=True)
        problem = f"a fault in declutter ({type(error).__name__}: {error}): please report it with this page"
        return Cleaned(None, problem=problem)
    blocks = len(page.blocks) if settings.removed else 0
    return Cleaned(text, data, "", blocks, removed, address, page.matched_rules)


def _rendered(page: Page, item: Item, settings: Settings) -> str:
    output = settings.output_of(item)
    if output != "json":
        inert = settings.inert or None  # the content is inert anyway
        return render(page, output, headline=settings.headline, scope=settings.scope, inert=inert)
    whole = {"file": item.name, **page.to_dict(), "text": page.text(headline=settings.headline)}
    return json.dumps(whole, ensure_ascii=False)


def clean_all(items: Sequence[Item], settings: Settings, jobs: int) -> Iterator[Cleaned]:
    """Clean pages, results in order.

    Args:
        items: the pages.
        settings: how.
        jobs: processes; 1 works in this one.
    """
    if jobs == 1 or len(items) < 2:
        yield from (clean_item(item, settings) for item in items)
        return
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - costs start-up time
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415
    from multiprocessing import get_context  # noqa: PLC0415

    # One thread a worker, or they would stand in each other's way.
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    waiting = iter(items)
    done = 0
    # Fresh processes: a forked one could inherit a lock that a thread of the progress bar holds.
    pool = ProcessPoolExecutor(min(jobs, len(items)), mp_context=get_context("spawn"))
    try:
        futures = [pool.submit(clean_item, item, settings) for item in islice(waiting, _WINDOW * jobs)]
        while futures:
            cleaned = futures.pop(0).result()
            futures.extend(pool.submit(clean_item, item, settings) for item in islice(waiting, 1))
            done += 1
            yield cleaned
    except BrokenProcessPool:
        # Which page it was on is not known; to go on here could take this process down too.
        problem = "not done: a worker process was killed, most likely for want of memory; try again with --jobs 1"
        yield from (Cleaned(None, problem=problem) for _ in items[done:])
    finally:
        pool.shutdown(cancel_futures=True)
