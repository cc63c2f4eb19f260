"""Pages through other processes, results in order."""

from __future__ import annotations

import pickle
from collections import deque
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import current_process
from typing import TYPE_CHECKING, Final, Protocol

from joblib.externals.loky import ProcessPoolExecutor

from declutter.errors import DeclutterError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from concurrent.futures import Future

    from declutter.document import Html
    from declutter.page import Page

__all__ = ["Attempt", "in_processes"]

# Pages that travel together, and how many such are in flight a process: it has the next before its last is taken.
_CHUNK: Final = 4
_AHEAD: Final = 4
# One thread a process, or they would stand in each other's way.
_THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


_Sent = tuple["str | bytes | DeclutterError", "str | None"]


class Attempt(Protocol):
    """What is done with each page, in another process; picklable."""

    def __call__(self, html: Html, url: str | None) -> Page | DeclutterError:
        """The result for a page and its address, or its error."""

    def light(self, html: Html, url: str | None) -> Page | DeclutterError:
        """The result for a page, without what can be read from it again; or its error."""

    def whole(self, html: Html, result: Page | DeclutterError) -> Page | DeclutterError:
        """The result with that."""


def in_processes(
    pages: Iterable[tuple[Html, str | None]], n_jobs: int, attempt: Attempt
) -> Iterator[Page | DeclutterError]:
    """Attempt pages in other processes; results come in order, and few pages are in memory at once.

    Args:
        pages: str and bytes, each with its address; what is of another type gets an InputError.
        n_jobs: processes.
        attempt: what is done with each.

    Raises:
        DeclutterError: a process ended.
    """
    # str as it is, for one of a class of the caller's would not arrive.
    waiting = (
        (
            str(page) if isinstance(page, str) else page if isinstance(page, bytes) else _refused(type(page).__name__),
            url,
        )
        for page, url in pages
    )
    if current_process().daemon:  # which may start none
        yield from (page if isinstance(page, DeclutterError) else attempt(page, url) for page, url in waiting)
        return
    # The processes of joblib without its batches, which wait for each other. Started afresh, not forked, for a fork after
    # scikit-learn has used its threads waits for them forever; our own, for joblib's are shared with whoever uses joblib.
    executor = ProcessPoolExecutor(n_jobs, env=dict.fromkeys(_THREADS, "1"))
    ahead: deque[tuple[list[_Sent], Future[bytes]]] = deque()
    broken: Exception | None = None
    try:
        while True:
            # Few pages in flight keep memory flat however many there are.
            while broken is None and len(ahead) < _AHEAD * n_jobs:
                chunk, broken = _next_chunk(waiting)
                if not chunk:
                    break
                ahead.append((chunk, executor.submit(_attempts, attempt, chunk)))
            if not ahead:
                if broken is not None:
                    raise broken
                return
            chunk, future = ahead.popleft()
            results = pickle.loads(future.result())  # noqa: S301 - made by _attempts
            for (page, _), result in zip(chunk, results, strict=True):
                yield result if isinstance(page, DeclutterError) else attempt.whole(page, result)
    except BrokenProcessPool as error:
        raise DeclutterError(
            f"a process ended while it labelled one of {n_jobs * _AHEAD * _CHUNK} pages, killed or out of memory: "
            "give n_jobs=1 to see which, or max_bytes and max_blocks in limits"
        ) from error
    finally:
        for _, future in ahead:
            future.cancel()
        executor.shutdown(wait=False)


def _next_chunk(waiting: Iterator[_Sent]) -> tuple[list[_Sent], Exception | None]:
    """The next pages, and what the caller's pages raised behind them: what was read before it is labelled all the same."""
    chunk: list[_Sent] = []
    try:
        chunk.extend(islice(waiting, _CHUNK))
    except Exception as error:  # noqa: BLE001 - raised when its turn comes
        return chunk, error
    return chunk, None


def _attempts(attempt: Attempt, pages: Sequence[_Sent]) -> bytes:
    found = [page if isinstance(page, DeclutterError) else attempt.light(page, url) for page, url in pages]
    # Pickled here, so that the processes pass on bytes and no objects.
    return pickle.dumps(found, pickle.HIGHEST_PROTOCOL)


def _refused(kind: str) -> DeclutterError:
    return InputError(f"cannot send {kind} to another process: give str or bytes, or n_jobs=1")
