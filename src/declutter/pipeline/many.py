"""Many pages through `predict`, in this process or in others."""

from __future__ import annotations

from functools import partial
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
# More than machines have cores; who asks for a million would get them, and the machine would stand.
_MOST_PROCESSES: Final = 1024


def predict_many(
    pages: Iterable[Html],
    *,
    n_jobs: int = 1,
    on_error: Literal["raise", "return"] = "raise",
    **options: Any,
) -> Iterator[Page | DeclutterError]:
    """Label many pages, in order, lazily.

    Other processes send back what they judged and no document: a page is read again, in a few milliseconds, when its blocks or
    its text are first asked for.

    Args:
        pages: as for `predict`; with n_jobs over 1, str and bytes only.
        n_jobs: processes, up to 1,024; 1 works in this one.
        on_error: "raise" the first DeclutterError, or "return" it in the page's place and go on.
        **options: as for `predict`.

    Raises:
        InputError: n_jobs or on_error is not one of the above, or one page or none is given for many.
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
    if n_jobs == 1:
        return _checked(map(_Attempt(options), pages), on_error)
    from declutter.pipeline.processes import in_processes  # noqa: PLC0415 - joblib takes a while

    return _checked(in_processes(pages, n_jobs, _Attempt(options)), on_error)


def _checked(results: Iterator[Page | DeclutterError], on_error: str) -> Iterator[Page | DeclutterError]:
    for result in results:
        if isinstance(result, DeclutterError) and on_error == "raise":
            raise result
        yield result


class _Attempt:
    """`predict` with options, giving its error instead of raising it; picklable."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options

    def __call__(self, html: Html) -> Page | DeclutterError:
        try:
            return predict(html, **self.options)
        except DeclutterError as error:
            return error

    def light(self, html: Html) -> Page | DeclutterError:
        """The result without document and blocks, which cost more to send than to read again."""
        result = self(html)
        if isinstance(result, DeclutterError):
            return result
        return light(result)

    def whole(self, html: Html, result: Page | DeclutterError) -> Page | DeclutterError:
        """The result with those of the page, which are read when they are asked for."""
        if isinstance(result, DeclutterError):
            return result
        reading = {name: value for name, value in self.options.items() if name in _READING}
        return read_by(result, partial(columns_of, html, **reading))
