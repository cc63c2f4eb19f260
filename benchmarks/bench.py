"""`make bench`: this project beside other tools, corpus by corpus, on the same bytes.

Word F1, precision and recall a page, averaged; for trafilatura-eval those of its passages. The other tools run here, each page
once for each version of a tool: what they make of it is kept in a cache. This project's scores come from `make evaluate`
(held_out.json in the model's folder): for training corpora from models that saw no page of the site, for the others from
the shipped model. Failures are counted of every tool's public call, of this project's too, on every page. The difference to the best other tool is bootstrapped page by page. Times are measured in `make bench-speed`
and, for all tools, here on a sample: one process, one tool after the other on each page.
"""

from __future__ import annotations

import argparse
import json
import signal
import sqlite3
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from bench_tables import markdown
from joblib import Parallel, delayed
from peers import PEERS, called, left_out, tool_version
from plot import dot_plot

import declutter
from declutter.corpus.base import Segments, WholeText
from declutter.corpus.registry import corpora_root
from declutter.corpus.sources import load_sources, training_data_root
from declutter.measure.figures import HASH
from declutter.measure.golds import gold_text
from declutter.measure.held_out import FOLDS, SHIPPED, HeldOut
from declutter.model.directory import default_directory
from declutter.training.data import load_pages, present
from declutter.words import split_words

if TYPE_CHECKING:
    from declutter.corpus.base import CorpusPage

RESULTS: Final = Path(__file__).parent / "results"
CACHE: Final = Path(__file__).parents[1] / ".cache" / "peers.sqlite"
OURS: Final = "declutter"
# A tool that takes longer for a page has failed on it.
PATIENCE: Final = 60
TIMED: Final = 200
RESAMPLES: Final = 1000
SEED: Final = 7


class _Cache:
    """What tools made of pages, by tool, version and hash of the page."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(path)
        self._base.execute(
            "create table if not exists made (tool, version, page, text, primary key (tool, version, page))"
        )

    def known(self, tool: str, version: str) -> dict[str, str | None]:
        return dict(self._base.execute("select page, text from made where tool = ? and version = ?", (tool, version)))

    def keep(self, tool: str, version: str, made: dict[str, str | None]) -> None:
        rows = [(tool, version, page, text) for page, text in made.items()]
        self._base.executemany("insert or replace into made values (?, ?, ?, ?)", rows)
        self._base.commit()


class _Late(BaseException):
    """A tool took too long; no `except Exception` of a tool swallows it."""


def _made(tool: str, html: bytes) -> tuple[str | None, bool]:
    """The text of a tool, or of this project's own call; None where it fails or takes too long. And whether it was too long.

    A tool is stopped between two steps of Python: one that stays in compiled code is waited for.
    """

    def late(*_: object) -> None:
        raise _Late

    signal.signal(signal.SIGALRM, late)
    start = time.perf_counter()
    signal.setitimer(signal.ITIMER_REAL, PATIENCE, 1)
    try:
        text = _own_call(html) if tool == OURS else called(tool, html)
    except _Late:
        text = None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    if time.perf_counter() - start > PATIENCE:
        return None, True
    return (None if text is None else text.encode("utf-8", "replace").decode()), False


def _own_call(html: bytes) -> str | None:
    """What `declutter.clean` makes of a page with the shipped model; None where it raises, whatever it is."""
    try:
        return declutter.clean(html)
    except Exception:  # noqa: BLE001 - counted, as that of any other tool
        return None


def own_failures(pages: list[CorpusPage], jobs: int) -> list[bool]:
    """On which pages this project's own call fails; it runs each time, since it is this very code that is asked."""
    return [text is None for text, _ in Parallel(jobs)(delayed(_made)(OURS, page.html) for page in pages)]


def outputs(tool: str, pages: list[CorpusPage], cache: _Cache, jobs: int) -> list[str | None]:
    """What a tool makes of pages, in order."""
    version = tool_version(tool)
    made = cache.known(tool, version)
    new = list({page.sha256: page for page in pages if page.sha256 not in made}.values())
    for start in range(0, len(new), 200):
        part = new[start : start + 200]
        texts = Parallel(jobs)(delayed(_made)(tool, page.html) for page in part)
        found = {page.sha256: text for page, (text, _) in zip(part, texts, strict=True)}
        # A page that was late on a busy machine may be in time the next time.
        late = {page.sha256 for page, (_, was_late) in zip(part, texts, strict=True) if was_late}
        cache.keep(tool, version, {page: text for page, text in found.items() if page not in late})
        made |= found
        print(f"  {tool}: {min(start + 200, len(new))} of {len(new)}", flush=True)
    return [made[page.sha256] for page in pages]


def word_score(text: str, gold: Counter[str]) -> tuple[float, float, float]:
    """F1, precision and recall of bags of words; 1 where both are empty."""
    words = Counter(split_words(text))
    kept, wanted = words.total(), gold.total()
    if not kept or not wanted:
        hit = float(not kept and not wanted)
        return hit, hit, hit if wanted else 1.0
    common = (words & gold).total()
    precision, recall = common / kept, common / wanted
    return (2 * precision * recall / (precision + recall) if common else 0.0), precision, recall


def passage_counts(text: str, gold: Segments) -> tuple[float, float, float]:
    """Passages kept, wrongly kept and lost."""
    whole = " ".join(text.split())
    kept = sum(" ".join(passage.split()) in whole for passage in gold.with_)
    wrong = sum(" ".join(passage.split()) in whole for passage in gold.without)
    return float(kept), float(wrong), float(len(gold.with_) - kept)


def total(table: np.ndarray[Any, np.dtype[np.float64]], *, passages: bool) -> tuple[float, float, float]:
    """F1, precision and recall of pages as `word_score` or `passage_counts` give them (n x 3)."""
    if not passages:
        f1, precision, recall = table.mean(axis=0).tolist()
        return f1, precision, recall
    kept, wrong, lost = table.sum(axis=0).tolist()
    precision, recall = kept / max(kept + wrong, 1), kept / max(kept + lost, 1)
    return 2 * kept / max(2 * kept + wrong + lost, 1), precision, recall


def difference(
    ours: np.ndarray[Any, np.dtype[np.float64]], other: np.ndarray[Any, np.dtype[np.float64]], *, passages: bool
) -> tuple[float, float, float]:
    """Ours less the other's F1, and its 95% interval by a bootstrap over pages, both tools on the same resamples."""
    state = np.random.default_rng(SEED)
    picks = state.integers(0, len(ours), (RESAMPLES, len(ours)))
    found = [total(ours[p], passages=passages)[0] - total(other[p], passages=passages)[0] for p in picks]
    low, high = np.percentile(found, [2.5, 97.5])
    whole = total(ours, passages=passages)[0] - total(other, passages=passages)[0]
    return whole, float(low), float(high)


def compare(
    name: str, pages: list[CorpusPage], own: dict[str, list[float]], cache: _Cache, jobs: int
) -> list[dict[str, Any]]:
    """Rows of one corpus: every tool, all pages and each page type.

    Args:
        name: the corpus.
        pages: its pages; their gold is whole text, or all of them have passages.
        own: by the beginning of a page's hash, this project's score as `word_score` or `passage_counts` gives it.
        cache: what other tools made.
        jobs: processes.
    """
    golds = [page.gold for page in pages]
    passages = isinstance(golds[0], Segments)
    bags = [Counter(split_words(gold.text)) if isinstance(gold, WholeText) else None for gold in golds]
    tables: dict[str, np.ndarray[Any, np.dtype[np.float64]]] = {}
    failed: dict[str, list[bool]] = {OURS: own_failures(pages, jobs)}
    tables[OURS] = np.array([own[page.sha256[:HASH]] for page in pages])
    for tool in PEERS:
        made = outputs(tool, pages, cache, jobs)
        failed[tool] = [text is None for text in made]
        rows = []
        for text, gold, bag in zip(made, golds, bags, strict=True):
            if isinstance(gold, Segments):
                rows.append(passage_counts(text or "", gold))
            else:
                assert bag is not None
                rows.append(word_score(text or "", bag))
        tables[tool] = np.array(rows)
    groups: dict[str, list[int]] = {"all": list(range(len(pages)))}
    for place, page in enumerate(pages):
        if page.page_type is not None:
            groups.setdefault(page.page_type, []).append(place)
    found = []
    for group, places in groups.items():
        scores = {tool: total(table[places], passages=passages) for tool, table in tables.items()}
        best = max(PEERS, key=lambda tool: scores[tool][0])
        gap, low, high = difference(tables[OURS][places], tables[best][places], passages=passages)
        found.append(
            {
                "corpus": name,
                "group": group,
                "pages": len(places),
                "score": "segment F" if passages else "word F1",
                "tools": {
                    tool: {
                        **dict(zip(("f1", "precision", "recall"), (round(part, 4) for part in score), strict=True)),
                        "errors": sum(failed[tool][place] for place in places),
                    }
                    for tool, score in scores.items()
                },
                "best_other": best,
                "difference": [round(gap, 4), round(low, 4), round(high, 4)],
            }
        )
    return found


def times(pages: list[CorpusPage]) -> dict[str, float]:
    """Milliseconds a page of every tool, one after the other on each page, after one page that loads what they load."""
    calls = {OURS: lambda html: declutter.clean(html, headline=False)} | {
        tool: lambda html, tool=tool: _made(tool, html) for tool in PEERS
    }
    for call in calls.values():
        call(pages[0].html)
    spent = dict.fromkeys(calls, 0.0)
    for page in pages:
        for tool, call in calls.items():
            start = time.perf_counter()
            call(page.html)
            spent[tool] += time.perf_counter() - start
    return {tool: round(value * 1000 / len(pages), 2) for tool, value in spent.items()}


def own_scores(stored: HeldOut) -> dict[str, dict[str, list[float]]]:
    """This project's scores of each page, by corpus and hash: of grouped folds, and of the shipped model."""
    return {
        corpus: {page: values[1:] for page, values in record.figures.pages.items()}
        for section in (FOLDS, SHIPPED)
        for corpus, record in stored.sections[section].items()
        if record.figures.pages
    }


def scored_pages(name: str, root: Path, own: dict[str, list[float]]) -> list[CorpusPage]:
    """The pages of a corpus that this project has scores of, with a gold that the words of any tool can be held against."""
    found = []
    for page in load_pages([name], root):
        if page.sha256[:HASH] in own:
            text = gold_text(page)
            if text is not None or isinstance(page.gold, Segments):
                found.append(page if text is None else replace(page, gold=WholeText(text)))
    return found


def main() -> None:
    """Measure, print and write benchmarks/results/bench.{json,md,svg}."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=None, help="folder of the public corpora")
    parser.add_argument("--only", action="append", help="a corpus; all that are here by default")
    parser.add_argument("--jobs", type=int, default=-1)
    options = parser.parse_args()
    root = corpora_root(options.corpora)
    own = own_scores(HeldOut.read(default_directory()))
    try:
        quality = json.loads((RESULTS / "quality.json").read_text(encoding="utf-8"))
    except OSError as error:
        sys.exit(f"this project's own scores are not here ({error}): run `make evaluate` first")
    if missing := left_out():
        print(f"not installed, so not compared: {', '.join(missing)}", file=sys.stderr)
    sources = load_sources(training_data_root())
    cache = _Cache(CACHE)
    rows: list[dict[str, Any]] = []
    for name in [*present("train", root), *present("validate", root)]:
        if name not in own or (options.only and name not in options.only):
            continue
        if not (pages := scored_pages(name, root, own[name])):
            continue
        print(f"{name}: {len(pages)} pages", flush=True)
        rows += compare(name, pages, own[name], cache, options.jobs)
    if not rows:
        sys.exit("none of these corpora is here and in held_out.json of the model: run `make evaluate` first")
    largest = max(
        (row for row in rows if row["group"] == "all"), key=lambda row: (row["corpus"] == "wcxb", row["pages"])
    )
    timed = list(load_pages([largest["corpus"]], root))
    report: dict[str, Any] = {
        "date": datetime.now(UTC).date().isoformat(),
        "versions": {OURS: declutter.__version__, **{tool: tool_version(tool) for tool in PEERS}},
        "corpora": {row["corpus"]: sources[row["corpus"]].commit for row in rows},
        "own_scores_of": quality["date"],
        "own_model": quality["model"]["sha256"],
        "timed": {"corpus": largest["corpus"], "pages": min(TIMED, len(timed))},
        "patience_s": PATIENCE,
        "ms_a_page": times(timed[:: max(1, len(timed) // TIMED)][:TIMED]),
        "rows": rows,
    }
    table = markdown(report)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "bench.md").write_text(table, encoding="utf-8")
    whole = [row for row in rows if row["group"] == "all"]
    series = {tool: [row["tools"][tool]["f1"] for row in whole] for tool in [OURS, *PEERS]}
    (RESULTS / "bench.svg").write_text(dot_plot([row["corpus"] for row in whole], series), encoding="utf-8")
    print(table)


if __name__ == "__main__":
    main()
