"""How the time for a page grows with its size: a page of ours, made larger in several shapes. Part of `make bench-speed`.

    python benchmarks/growth.py TOOL SHAPE LARGEST     # a JSON line a size: bytes, CPU seconds, whether anything came out

Each tool and shape runs in a process of its own: a tool may take too long, or its process with it.
"""

from __future__ import annotations

import json
import random
import re
import signal
import statistics
import subprocess
import sys
import time
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from contenders import BASE, OURS, call_of, quiet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["GROWN", "LARGEST", "SHAPES", "SIZES", "exponent", "grow", "make_page"]

GROWN: Final = (OURS, BASE, "resiliparse", "turbohtml, parse alone")
"""Whose time is watched: the others of these families grow like them."""

SIZES: Final = tuple(int(size) for size in (1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 1e7, 2e7))
"""Bytes of a page."""

LARGEST: Final = SIZES[-1]

PAGE: Final = Path(__file__).parents[1] / "training_data" / "pages" / "news-en-school-lunch-kitchen.html"
# From pages of 100 KB, which are a piece smaller, what any page costs, a few milliseconds, bends the line little.
_FITTED_FROM: Final = 90_000
# A call that takes longer than these seconds is ended, and no larger page is tried.
_PATIENCE: Final = 60
# A page is timed so often, if it takes less than these seconds.
_TIMES: Final = 3
_ONCE_FROM: Final = 5.0
_SENTENCES: Final = 5000


@cache
def _sentences() -> list[str]:
    """Sentences of the words of the page: all alike in length and none a copy, which some tools would take out."""
    pick = random.Random(1)  # noqa: S311 - no secret
    page = re.sub(r"<script.*?</script>", "", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    words = re.findall(r"\b[a-z]{2,}\b", re.sub(r"<[^>]*>", " ", page))
    return [" ".join(pick.choices(words, k=pick.randrange(6, 24))).capitalize() + "." for _ in range(_SENTENCES)]


def _prose(said: Iterator[str]) -> Iterator[str]:
    while True:
        yield f"<p>{' '.join(next(said) for _ in range(5))}</p>\n"


def _links(said: Iterator[str]) -> Iterator[str]:
    for number in count():
        yield f'{"</ul><ul>" if number % 20 == 0 else ""}<li><a href="/notes/{number}">{next(said)[:60]}</a></li>\n'


def _tables(said: Iterator[str]) -> Iterator[str]:
    for number in count():
        yield f"<tr><td>{number}</td><td>{next(said)[:30]}</td><td>{next(said)[:30]}</td><td>{number * 7 % 1000}</td></tr>\n"


def _nesting(said: Iterator[str]) -> Iterator[str]:
    while True:
        yield f"<div>{next(said)}\n"


def _one_text(said: Iterator[str]) -> Iterator[str]:
    while True:
        yield f"{next(said)} "


class Shape(NamedTuple):
    """Pieces of HTML without end; what is set before the first, after the last, and after that once for each of them."""

    pieces: Callable[[Iterator[str]], Iterator[str]]
    before: str = ""
    after: str = ""
    for_each: str = ""


SHAPES: Final = {
    "prose": Shape(_prose),
    "links": Shape(_links, "<ul>", "</ul>"),
    "table": Shape(_tables, "<table>", "</table>"),
    "deep nesting": Shape(_nesting, for_each="</div>"),
    "one long text": Shape(_one_text, "<p>", "</p>"),
}
"""What is set at the end of the page's article."""


def make_page(shape: str, size: int) -> bytes:
    """The page made to about so many bytes, a piece more or less; the same every time."""
    pieces, before, after, for_each = SHAPES[shape]
    page = re.sub(r' data-label="\w+"', "", PAGE.read_text(encoding="utf-8"))
    head, tail = page.split("</article>")
    said = _sentences()
    room = size - len(page.encode())
    parts = []
    # Steps through the sentences that meet each of them before one comes again.
    for piece in pieces(said[number * 7919 % _SENTENCES] for number in count()):
        room -= len(piece) + len(for_each)
        if room < 0:
            break
        parts.append(piece)
    return f"{head}{before}{''.join(parts)}{after}{for_each * len(parts)}</article>{tail}".encode()


def exponent(points: list[tuple[int, float]]) -> float | None:
    """The k of time = c size^k, by least squares on logarithms, of points (bytes, seconds) that are large enough.

    None of fewer than three of them.
    """
    large = [(size, seconds) for size, seconds in points if size >= _FITTED_FROM and seconds > 0]
    if len(large) < 3:
        return None
    sizes, seconds = np.log(np.array(large)).T
    return float(np.polyfit(sizes, seconds, 1)[0])


def grow(tool: str, shape: str, largest: int = LARGEST) -> dict[str, Any]:
    """What `main` measures, in a process of its own: points (bytes, seconds), their exponent, and why it ended early."""
    done = subprocess.run(  # noqa: S603 - this program
        [sys.executable, __file__, tool, shape, str(largest)], capture_output=True, text=True, check=False
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    points = [(size, seconds) for size, seconds, out in lines if out]
    if done.returncode == -signal.SIGALRM:
        ended = f"over {_PATIENCE} seconds"
    elif done.returncode:
        ended = f"the process died ({done.returncode})"
    else:
        ended = "" if all(out for _, _, out in lines) else "nothing came out"
    return {"points": points, "exponent": exponent(points), "ended": ended}


def main(tool: str, shape: str, largest: str) -> None:
    """Time a tool on a shape, from small to large."""
    quiet()
    call = call_of(tool)
    call(make_page(shape, SIZES[0]))
    # Where a call does not come back, also from compiled code, the system ends this process.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for size in (size for size in SIZES if size <= int(largest)):
        html = make_page(shape, size)
        spent: list[float] = []
        out = False
        while len(spent) < _TIMES and not (spent and spent[-1] > _ONCE_FROM):
            signal.alarm(_PATIENCE)
            started = time.process_time()
            try:
                given = call(html)
                out = given is not None and given != ""
            except Exception:  # noqa: BLE001 - whatever it is, nothing came out
                out = False
            spent.append(time.process_time() - started)
            signal.alarm(0)
        print(json.dumps([len(html), statistics.median(spent), out]), flush=True)
        if not out:
            break


if __name__ == "__main__":
    main(*sys.argv[1:])
