"""Mutated pages: each is a page or a DeclutterError, in time, with all its text, and what comes out holds together. `make fuzz`.

    python benchmarks/fuzz.py [--cases 20000] [--seconds S] [--first 0] [--seed 1] [--jobs 1]
    python benchmarks/fuzz.py FILE...

Pages of ours, and real ones where DECLUTTER_CORPORA names their folder, are cut into pieces, mixed and damaged. A case is
made from these pages, the seed and its number alone: `--first N --cases 1` makes case N again. What fails is written to
`.cache/fuzz`, and a file of it says again what fails, whatever pages are here. How far it is stands on standard error.
It stands here and not in tests/, since it runs as long as one lets it and looks for what nobody thought of; what it finds
becomes a test.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import signal
import sys
import time
import zlib
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from fuzz_cases import ROOT, make_case, pages

from declutter import DeclutterError, Page, clean, compiled, predict
from declutter.blocks import segment
from declutter.document import DOCUMENT, read_document
from declutter.document.visibility import inked_nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from declutter.document import Document

FINDINGS: Final = ROOT / ".cache" / "fuzz"
# Cases that a process is given at a time, half a second's work.
_CHUNK: Final = 100
# CPU seconds of a case that takes milliseconds.
_SLOW: Final = 5.0
# CPU seconds after which a process that is stuck in one case says where it is and ends, and seconds for one that only waits.
_STUCK: Final = 20.0
_WAITING: Final = 600
# Seconds between two reports of how far the run is, at a terminal and where a file or a pipe is written to.
_REPORT: Final = 0.5
_LINE: Final = 15.0
# One case in so many is also cleaned, and segmented by the pure forms; one in so many is labelled by them too.
_TWICE: Final = 8
_LABELLED_TWICE: Final = 64
# Of cases that are grown, one in so many is labelled; of these one in so many by the pure forms, and of one in so many everything
# is asked for.
_LABELLED: Final = 2
_PURE: Final = 4
_WHOLE: Final = 4
_INVISIBLE: Final = " \t\n\r\f\v\xa0\u200b\u200c\u200d\u2060\ufeff\xad\u200e\u200f"


def examine(html: bytes | str, number: int = 0, *, whole: bool = True) -> str:
    """What is wrong with what comes of a page; "" where nothing is.

    Args:
        html: the page.
        number: which of the dearer checks are made hangs on it; 0 for all.
        whole: False leaves out the record, the metadata in it, the places of blocks and the boxes.
    """
    return _told(partial(_problem, html, number, whole))


def _told(check: Callable[[], str]) -> str:
    """What a check says, or what it raises, or that it was slow."""
    started = time.process_time()
    try:
        problem = check()
    except DeclutterError as error:
        problem = "" if ": " in str(error) else f"an error without a mend: {error}"
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        problem = f"{type(error).__name__}: {error}"
    seconds = time.process_time() - started
    return problem or (f"{seconds:.1f} seconds" if seconds > _SLOW else "")


def examine_share(html: bytes) -> str:
    """What is wrong with a page, by checks that its bytes choose: a few of many pages see more than all of few."""
    told = zlib.crc32(html)
    # Of bits that do not hang together.
    labelled, pure, whole, number = (
        (told >> 24) % _LABELLED == 0,
        told % _PURE == 0,
        (told >> 8) % _WHOLE == 0,
        told >> 12,
    )
    with _pure_forms() if pure or not labelled else nullcontext():
        return examine(html, number & 0xFFF, whole=whole) if labelled else _told(partial(_unread, html))


def _unread(html: bytes) -> str:
    """What is lost where a page is only read and cut into blocks."""
    document = read_document(html)
    return lost_text(document, segment(document).of_node)


@contextmanager
def _pure_forms() -> Iterator[None]:
    before = compiled.used
    compiled.used = False
    try:
        yield
    finally:
        compiled.used = before


def _problem(html: bytes | str, number: int, whole: bool) -> str:
    page = predict(html)
    outputs = [page.text(), page.markdown(), page.html()]
    if whole:
        outputs.append(str(page.to_dict()))
    for output in outputs:
        output.encode()
    problem = lost_text(page._document, page._table.of_node) or (_misplaced(page) if whole else "")
    if not problem and number % _TWICE == 0:
        if clean(html) != outputs[0]:
            return "clean gives another text than predict"
        if compiled.used:
            return _unlike_pure(html, page, labelled=number % _LABELLED_TWICE == 0)
    return problem


def lost_text(document: Document, of_node: np.ndarray[tuple[int], np.dtype[np.int32]]) -> str:
    """The first text that a person sees and no block holds; that of selects is not told from its nodes."""
    ends = document.ends.tolist()
    seen = 0
    for node, inked in enumerate(inked_nodes(document, ends)):
        if document.tags[node] in {"select", "datalist"}:
            seen = max(seen, ends[node])
        if inked and node >= seen and of_node[node] < 0 and document.texts[node].strip(_INVISIBLE):
            return f"lost text: {document.texts[node].strip()[:60]!r}"
    return ""


def _misplaced(page: Page) -> str:
    if not all(block.text.strip() for block in page.blocks):
        return "a block without text"
    beyond = 0
    for start, end in sorted(block.span for block in page.blocks if block.span):
        if not beyond <= start < end <= len(page._document.source or ""):
            return f"a block at {start} to {end}, after one that ends at {beyond}"
        beyond = end
    if sum(len(box.blocks) for box in page.boxes) != len(page.chrome):
        return "boxes do not hold the chrome"
    return ""


def _unlike_pure(html: bytes | str, page: Page, *, labelled: bool) -> str:
    with _pure_forms():
        document = read_document(html)
        pure = segment(document)
        record = str(predict(html).to_dict()) if labelled else ""
    same = (
        document.tags == page._document.tags and document.texts == page._document.texts and document.tags[0] == DOCUMENT
    )
    same = same and pure.texts == page._table.texts and np.array_equal(pure.of_node, page._table.of_node)
    if not same or not np.array_equal(pure.hidden, page._table.hidden):
        return "the pure forms give other blocks"
    return "the pure forms give other labels" if labelled and record != str(page.to_dict()) else ""


def run_chunk(seed: int, numbers: range) -> list[tuple[int, str]]:
    """The cases of a chunk that fail, and why."""
    found = []
    for number in numbers:
        with _time_limit():
            problem = examine(make_case(seed, number), number)
        if problem:
            found.append((number, problem))
    return found


@contextmanager
def _time_limit() -> Iterator[None]:
    """End the process, saying where it was, when this takes too long; also in compiled code, where no handler of Python runs.

    CPU time is what counts, since a busy machine lets a case wait; a case that waits by itself is ended much later.
    """
    if hasattr(signal, "SIGPROF"):
        # The traceback first, then what the signal does by itself, which is to end the process.
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        faulthandler.register(signal.SIGPROF, chain=True)
        signal.setitimer(signal.ITIMER_PROF, _STUCK)
    faulthandler.dump_traceback_later(_WAITING, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
        if hasattr(signal, "SIGPROF"):
            signal.setitimer(signal.ITIMER_PROF, 0)


@dataclass
class Fuzzing:
    """What a run has done so far, of how many cases."""

    seed: int
    total: int
    folder: Path = FINDINGS
    cases: int = 0
    found: list[tuple[int, str]] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)
    reported: float = field(default_factory=time.monotonic)

    def store(self, number: int, problem: str) -> None:
        """Write a case that fails into the folder of findings, and say so."""
        self.found.append((number, problem))
        self.folder.mkdir(parents=True, exist_ok=True)
        html = make_case(self.seed, number)
        path = self.folder / f"{self.seed}-{number}.{'txt' if isinstance(html, str) else 'html'}"
        path.write_bytes(html.encode("utf-8", "surrogatepass") if isinstance(html, str) else html)
        print(f"case {number}: {problem} ({path})", flush=True)

    def report(self, *, now: bool = False) -> None:
        """Say how far the run is: often at a terminal, in one line there; else a line every so often."""
        live = sys.stderr.isatty()
        clock = time.monotonic()
        if not now and clock - self.reported < (_REPORT if live else _LINE):
            return
        self.reported = clock
        rate = self.cases / max(clock - self.started, 1e-9)
        left = f", {(self.total - self.cases) / rate:,.0f} s left" if self.cases else ""
        said = f"{self.cases:,} of {self.total:,} cases, {rate:.0f} a second{left}, {len(self.found)} failed"
        print(f"\r{said:<78}" if live else said, end="" if live and not now else "\n", file=sys.stderr, flush=True)


def read_case(path: Path) -> bytes | str:
    """The page of a stored case."""
    data = path.read_bytes()
    return data.decode("utf-8", "surrogatepass") if path.suffix == ".txt" else data


def _chunks(first: int, cases: int) -> Iterator[range]:
    for start in range(first, first + cases, _CHUNK):
        yield range(start, min(start + _CHUNK, first + cases))


def fuzz(fuzzing: Fuzzing, chunks: Iterable[range], jobs: int, deadline: float) -> None:
    """Run chunks of cases in processes of their own until they or the time are over.

    Of chunks that were under way when a process died (a crash, or stuck) each case is run again, alone, so that the case is found.
    """
    waiting = deque(chunks)
    while waiting and time.monotonic() < deadline:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            running: dict[Future[list[tuple[int, str]]], range] = {}
            dead: list[range] = []
            while not dead:
                while waiting and _may_start(waiting[0], running, jobs) and time.monotonic() < deadline:
                    try:
                        running[pool.submit(run_chunk, fuzzing.seed, waiting[0])] = waiting[0]
                    except BrokenProcessPool:
                        break
                    waiting.popleft()
                if not running:
                    break
                for result in wait(running, _REPORT, FIRST_COMPLETED).done:
                    chunk = running.pop(result)
                    try:
                        found = result.result()
                    except BrokenProcessPool:
                        dead.append(chunk)
                    else:
                        _done(fuzzing, chunk, found)
                fuzzing.report()
            dead += running.values() if dead else ()
        if len(dead) == 1 and len(dead[0]) == 1:
            _done(fuzzing, dead[0], [(dead[0].start, "the process died, or took too long")])
        else:
            waiting.extendleft(range(number, number + 1) for chunk in dead for number in chunk)


def _may_start(chunk: range, running: dict[Future[list[tuple[int, str]]], range], jobs: int) -> bool:
    """Whether a chunk may run beside others; a single case runs alone, so that it is known which process died."""
    if len(chunk) == 1 or any(len(other) == 1 for other in running.values()):
        return not running
    return len(running) < 2 * jobs


def _done(fuzzing: Fuzzing, chunk: range, found: list[tuple[int, str]]) -> None:
    fuzzing.cases += len(chunk)
    for number, problem in found:
        fuzzing.store(number, problem)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, say what was found; 1 where anything was."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="stored cases, to be run again instead")
    parser.add_argument("--cases", type=int, default=20_000, help="how many")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so many")
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other cases")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    given = parser.parse_args(arguments)
    # One thread a process, or they would stand in each other's way.
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    if given.files:
        return _again(given.files)
    fuzzing = Fuzzing(given.seed, given.cases)
    fuzz(fuzzing, _chunks(given.first, given.cases), given.jobs, fuzzing.started + given.seconds)
    fuzzing.report(now=True)
    seconds = time.monotonic() - fuzzing.started
    print(f"{fuzzing.cases:,} cases of {len(pages()):,} pages in {seconds:.0f} seconds, {len(fuzzing.found)} failed")
    return 1 if fuzzing.found else 0


def _again(files: Sequence[Path]) -> int:
    """Run stored cases again; 1 where any of them fails."""
    problems = []
    for path in files:
        problem = examine(read_case(path))
        if not problem and compiled.used:
            with _pure_forms():
                problem = examine(read_case(path))
        problems.append(problem)
        print(f"{path}: {problem or 'nothing is wrong'}")
    return 1 if any(problems) else 0


if __name__ == "__main__":
    sys.exit(main())
