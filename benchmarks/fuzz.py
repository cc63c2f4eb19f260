"""Mutated pages: each is a page or a DeclutterError, in time, with all its text, and what comes out holds together. `make fuzz`.

    python benchmarks/fuzz.py [--cases 20000] [--seconds S] [--first 0] [--seed 1] [--jobs 1]

Pages of ours, and real ones where DECLUTTER_CORPORA names their folder, are cut into pieces, mixed and damaged. A case is
made from the seed and its number alone: `--first N --cases 1` makes case N again. What fails is written to `.cache/fuzz`.
It stands here and not in tests/, since it runs as long as one lets it and looks for what nobody thought of; what it finds
becomes a test.
"""

from __future__ import annotations

import argparse
import faulthandler
import gzip
import os
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter import DeclutterError, Page, clean, compiled, predict
from declutter.blocks import segment
from declutter.document import DOCUMENT, read_document
from declutter.visibility import inked_nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from declutter.document import Document

ROOT: Final = Path(__file__).resolve().parents[1]
FINDINGS: Final = ROOT / ".cache" / "fuzz"
# Bytes of a page that a case begins with: enough for boxes and neighbours, little enough for hundreds of cases a second.
_PIECE: Final = 6000
# Real pages among those of ours; more need more memory and tell no more.
_REAL: Final = 300
# Cases that a process is given at a time.
_CHUNK: Final = 500
# CPU seconds of a case that takes milliseconds.
_SLOW: Final = 5.0
# Seconds after which a process that is stuck in one case says where it is and ends.
_STUCK: Final = 120
# One case in so many is also cleaned, and segmented by the pure forms.
_TWICE: Final = 8
_INVISIBLE: Final = " \t\n\r\f\v\xa0\u200b\u200c\u200d\u2060\ufeff\xad\u200e\u200f"
_WORDS: Final = tuple(
    "<b> </b> <p> </p> <div> </div> <table> <tr> <td> </table> <a href=x> </a> <select> <option> </select> <template> <svg>"
    " <foreignObject> </svg> <math> <mi> <!-- --> <![CDATA[ ]]> <script> </script> <style> </style> <title> </title> <br>"
    " <textarea> </textarea> <pre> <button> <form> <input> <iframe> <noscript> <details> <summary> <dialog> <body> <html>"
    " <frameset> <plaintext> <h1> <ul> <li> <x-y> <img> &amp; &#0; &#xD800; &#99999999; &not hidden style= class= id= title="
    " aria-label= shadowrootmode=open <template\u00a0shadowrootmode=open> charset=utf-16 <meta\u00a0charset=shift_jis> selected"
    " <ruby> <rt> <nobr> <font> <i> <dd> <caption> <colgroup> <annotation-xml> display:none display:block <?xml ?> <!DOCTYPE".split(
        " "
    )
)
_BYTES: Final = (
    b"\0",
    b"\xff",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"\x1b$B",
    b"\x80",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\r",
    b"\r\n",
    b"~{",
)
_CODECS: Final = (
    "utf-16",
    "utf-16-be",
    "utf-32",
    "cp1252",
    "cp1251",
    "shift_jis",
    "gb18030",
    "big5",
    "euc_kr",
    "iso2022_jp",
)


@cache
def pages() -> tuple[bytes, ...]:
    """The pages that cases are made of."""
    found = [path.read_bytes() for path in sorted((ROOT / "tests" / "pages").glob("*/source.html"))]
    found += [path.read_bytes() for path in sorted((ROOT / "training_data" / "pages").glob("*.html"))]
    if corpora := os.environ.get("DECLUTTER_CORPORA"):
        real = sorted(Path(corpora).rglob("*.html.gz"))
        chosen = sorted(random.Random(1).sample(range(len(real)), min(_REAL, len(real))))  # noqa: S311 - no secret
        found += [gzip.decompress(real[place].read_bytes()) for place in chosen]
    return tuple(found)


def _piece(pick: random.Random) -> bytes:
    """A piece of a page, from a tag on, or a short page whole."""
    page = pick.choice(pages())
    if len(page) <= _PIECE:
        return page
    start = page.find(b"<", pick.randrange(len(page) - _PIECE))
    return page[max(0, start) :][: pick.randrange(200, _PIECE)]


def _places(data: bytes, pick: random.Random) -> tuple[int, int]:
    first = pick.randrange(len(data) + 1)
    return first, min(len(data), first + int(2 ** pick.uniform(0, 11)))


def _word(pick: random.Random) -> bytes:
    return pick.choice(_WORDS).replace("\u00a0", " ").encode() if pick.random() < 0.9 else pick.choice(_BYTES)


def _insert(data: bytes, pick: random.Random) -> bytes:
    first, _ = _places(data, pick)
    return data[:first] + _word(pick) * (1 if pick.random() < 0.9 else pick.randrange(2, 600)) + data[first:]


def _insert_at_tag(data: bytes, pick: random.Random) -> bytes:
    first = max(0, data.find(b"<", pick.randrange(len(data) + 1)))
    return data[:first] + _word(pick) + data[first:]


def _take_out(data: bytes, pick: random.Random) -> bytes:
    first, end = _places(data, pick)
    return data[:first] + data[end:]


def _double(data: bytes, pick: random.Random) -> bytes:
    first, end = _places(data, pick)
    return data[:first] + data[first:end] * pick.choice((2, 2, 3, 20)) + data[end:]


def _move(data: bytes, pick: random.Random) -> bytes:
    first, end = _places(data, pick)
    rest = data[:first] + data[end:]
    place, _ = _places(rest, pick)
    return rest[:place] + data[first:end] + rest[place:]


def _flip(data: bytes, pick: random.Random) -> bytes:
    whole = bytearray(data)
    for _ in range(pick.choice((1, 1, 3, 30)) if whole else 0):
        whole[pick.randrange(len(whole))] = pick.randrange(256)
    return bytes(whole)


def _graft(data: bytes, pick: random.Random) -> bytes:
    first, end = _places(data, pick)
    other = _piece(pick)
    start, stop = _places(other, pick)
    return data[:first] + other[start:stop] + data[end:]


def _without_ends(data: bytes, pick: random.Random) -> bytes:
    first, end = _places(data, pick)
    return data[:first] + data[first:end].replace(b"</", pick.choice((b"<", b"&lt;/", b""))) + data[end:]


def _cut(data: bytes, pick: random.Random) -> bytes:
    first, _ = _places(data, pick)
    return data[:first] if pick.random() < 0.5 else data[first:]


def _encode(data: bytes, pick: random.Random) -> bytes:
    return data.decode("utf-8", "replace").encode(pick.choice(_CODECS), "replace")


_MUTATIONS: Final[tuple[tuple[Callable[[bytes, random.Random], bytes], int], ...]] = (
    *((_insert, 6), (_insert_at_tag, 6), (_take_out, 4), (_double, 3), (_move, 3), (_flip, 3), (_graft, 4)),
    *((_without_ends, 3), (_cut, 1), (_encode, 1)),
)


def make_case(seed: int, number: int) -> bytes | str:
    """The page of a case."""
    pick = random.Random(f"{seed}-{number}")  # noqa: S311 - no secret
    data = _piece(pick)
    ways, weights = zip(*_MUTATIONS, strict=True)
    for way in pick.choices(ways, weights, k=pick.randrange(1, 9)):
        data = way(data, pick)
    if pick.random() < 0.2:
        return data.decode("utf-8", pick.choice(("replace", "surrogateescape")))
    return data


def examine(html: bytes | str, number: int = 0) -> str:
    """What is wrong with what comes of a page; "" where nothing is."""
    started = time.process_time()
    try:
        problem = _problem(html, number)
    except DeclutterError as error:
        problem = "" if ": " in str(error) else f"an error without a mend: {error}"
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        problem = f"{type(error).__name__}: {error}"
    seconds = time.process_time() - started
    return problem or (f"{seconds:.1f} seconds" if seconds > _SLOW else "")


def _problem(html: bytes | str, number: int) -> str:
    page = predict(html)
    outputs = [page.text(), page.markdown(), page.html(), str(page.to_dict())]
    for output in outputs:
        output.encode()
    problem = lost_text(page._document, page._table.of_node) or _misplaced(page)
    if problem or number % _TWICE:
        return problem
    if clean(html) != outputs[0]:
        return "clean gives another text than predict"
    return _unlike_pure(html, page) if compiled.used else ""


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


def _unlike_pure(html: bytes | str, page: Page) -> str:
    compiled.used = False
    try:
        document = read_document(html)
        pure = segment(document)
    finally:
        compiled.used = True
    same = (
        document.tags == page._document.tags and document.texts == page._document.texts and document.tags[0] == DOCUMENT
    )
    same = same and pure.texts == page._table.texts and np.array_equal(pure.of_node, page._table.of_node)
    return "" if same and np.array_equal(pure.hidden, page._table.hidden) else "the pure forms give other blocks"


def run_chunk(seed: int, numbers: range) -> list[tuple[int, str]]:
    """The cases of a chunk that fail, and why."""
    found = []
    for number in numbers:
        faulthandler.dump_traceback_later(_STUCK, exit=True)
        if problem := examine(make_case(seed, number), number):
            found.append((number, problem))
    faulthandler.cancel_dump_traceback_later()
    return found


@dataclass
class Fuzzing:
    """What a run has done so far."""

    seed: int
    folder: Path = FINDINGS
    cases: int = 0
    found: list[tuple[int, str]] = field(default_factory=list)

    def store(self, number: int, problem: str) -> None:
        """Write a case that fails into the folder of findings, and say so."""
        self.found.append((number, problem))
        self.folder.mkdir(parents=True, exist_ok=True)
        html = make_case(self.seed, number)
        data = html.encode("utf-8", "surrogatepass") if isinstance(html, str) else html
        path = self.folder / f"{self.seed}-{number}.{'txt' if isinstance(html, str) else 'html'}"
        path.write_bytes(data)
        print(f"case {number}: {problem} ({path})", flush=True)


def _chunks(first: int, cases: int) -> Iterator[range]:
    for start in range(first, first + cases, _CHUNK):
        yield range(start, min(start + _CHUNK, first + cases))


def fuzz(fuzzing: Fuzzing, chunks: Iterator[range], jobs: int, deadline: float) -> None:
    """Run chunks of cases in processes of their own until they or the time are over.

    A chunk whose process dies (a crash, or stuck) is run again case by case, so that the case is found.
    """
    waiting = list(chunks)
    while waiting and time.monotonic() < deadline:
        batch, waiting = waiting[:jobs], waiting[jobs:]
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            more = True
            while batch and more:
                results = [(chunk, pool.submit(run_chunk, fuzzing.seed, chunk)) for chunk in batch]
                for chunk, result in results:
                    try:
                        found = result.result()
                    except BrokenProcessPool:
                        more = False
                        if len(chunk) == 1:
                            found = [(chunk.start, "the process died")]
                        else:
                            waiting = [range(number, number + 1) for number in chunk] + waiting
                            continue
                    fuzzing.cases += len(chunk)
                    for number, problem in found:
                        fuzzing.store(number, problem)
                batch = []
                if more and time.monotonic() < deadline:
                    batch, waiting = waiting[:jobs], waiting[jobs:]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, say what was found; 1 where anything was."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=20_000, help="how many")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so many")
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other cases")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    given = parser.parse_args(arguments)
    # One thread a process, or they would stand in each other's way.
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    started = time.monotonic()
    fuzzing = Fuzzing(given.seed)
    fuzz(fuzzing, _chunks(given.first, given.cases), given.jobs, started + given.seconds)
    seconds = time.monotonic() - started
    print(f"{fuzzing.cases:,} cases of {len(pages()):,} pages in {seconds:.0f} seconds, {len(fuzzing.found)} failed")
    return 1 if fuzzing.found else 0


if __name__ == "__main__":
    sys.exit(main())
