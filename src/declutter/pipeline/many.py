"""Many pages through `predict`, in this process or in others."""

from __future__ import annotations

from functools import partial
from itertools import repeat, starmap
from typing import TYPE_CHECKING, Any, Final, Literal

from declutter.errors import DeclutterError, InputError, shown
from declutter.page import light, read_by
from declutter.pipeline import columns_of, predict
from declutter.rules.rules import listed, read_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from declutter.document import Html
    from declutter.page import Page

__all__ = ["predict_many"]

# Arguments of `predict` that say how a page is read.
_READING: Final = frozenset(("markup", "encoding", "limits"))
_NONE: Final = object()
# More than machines have cores; who asks for a million would get them, and the machine would stand.
_MOST_PROCESSES: Final = 1024


def predict_many(
    pages: Iterable[Html],
    *,
    n_jobs: int = 1,
    on_error: Literal["raise", "return"] = "raise",
    url: str | Iterable[str | None] | None = None,
    **options: Any,
) -> Iterator[Page | DeclutterError]:
    """Label many pages, in order, lazily.

    Other processes send back what they judged and no document: a page is read again, in a few milliseconds, when its blocks or
    its text are first asked for.

    Args:
        pages: as for `predict`; with n_jobs over 1, str and bytes only.
        n_jobs: processes, up to 1,024; 1 works in this one.
        on_error: "raise" the first DeclutterError, or "return" it in the page's place and go on.
        url: where the pages came from: an address each, None where it is not known, in the order of the pages and read as they
            are; or a single one that holds for all.
        **options: markup, encoding, model, strictness, keep, strip and limits, as for `predict`; they hold for all pages.

    Returns:
        A Page for each page, in the order given; each is made when the iterator comes to it.

    Raises:
        InputError: n_jobs, on_error or url is not one of the above, one page or none is given for many, or there are more
            addresses than pages, or fewer.
        DeclutterError: as `predict`, with on_error="raise"; and where a process of n_jobs ended, killed or out of memory.
    """
    if isinstance(pages, str | bytes | bytearray | memoryview):
        raise InputError("pages is one page: give a list of pages, or call predict")
    try:
        pages = iter(pages)
    except TypeError:
        raise InputError(f"pages is of type {type(pages).__name__}: give a list of pages") from None
    if not isinstance(n_jobs, int) or isinstance(n_jobs, bool) or not 1 <= n_jobs <= _MOST_PROCESSES:
        raise InputError(f"n_jobs is {shown(n_jobs)}: give a whole number from 1 to {_MOST_PROCESSES:,}")
    if on_error not in ("raise", "return"):
        raise InputError(f"on_error {shown(on_error)} is not known: give 'raise' or 'return'")
    # Read once: what is to be kept may come as a generator.
    options |= {name: listed(options[name], name) for name in ("keep", "strip") if name in options}
    read_rules(options.get("keep", ()), options.get("strip", ()))
    asked = zip(pages, repeat(url), strict=False) if url is None or isinstance(url, str) else _addressed(pages, url)
    if n_jobs == 1:
        return _checked(starmap(_Attempt(options), asked), on_error)
    from declutter.pipeline.processes import in_processes  # noqa: PLC0415 - joblib takes a while

    return _checked(in_processes(asked, n_jobs, _Attempt(options)), on_error)


def _addressed(pages: Iterator[Html], urls: Iterable[str | None]) -> Iterator[tuple[Html, str | None]]:
    """Pages with an address each."""
    try:
        addresses = iter(urls)
    except TypeError:
        raise InputError(
            f"url is of type {type(urls).__name__}: give an address, or a list of one for each page"
        ) from None
    return _paired(pages, addresses)


def _paired(pages: Iterator[Html], addresses: Iterator[str | None]) -> Iterator[tuple[Html, str | None]]:
    for page in pages:
        try:
            address = next(addresses)
        except StopIteration:
            raise InputError("url has fewer addresses than there are pages: give one, or None, for each") from None
        yield page, address
    if next(addresses, _NONE) is not _NONE:
        raise InputError("url has more addresses than there are pages: give one for each")


def _checked(results: Iterator[Page | DeclutterError], on_error: str) -> Iterator[Page | DeclutterError]:
    for result in results:
        if isinstance(result, DeclutterError) and on_error == "raise":
            raise result
        yield result


class _Attempt:
    """`predict` with options, giving its error instead of raising it; picklable."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options

    def __call__(self, html: Html, url: str | None) -> Page | DeclutterError:
        try:
            return predict(html, url=url, **self.options)
        except DeclutterError as error:
            return error

    def light(self, html: Html, url: str | None) -> Page | DeclutterError:
        """The result without document and blocks, which cost more to send than to read again."""
        result = self(html, url)
        if isinstance(result, DeclutterError):
            return result
        return light(result)

    def whole(self, html: Html, result: Page | DeclutterError) -> Page | DeclutterError:
        """The result with those of the page, which are read when they are asked for."""
        if isinstance(result, DeclutterError):
            return result
        reading = {name: value for name, value in self.options.items() if name in _READING}
        return read_by(result, partial(columns_of, html, **reading))
