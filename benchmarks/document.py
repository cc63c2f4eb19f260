"""`make bench-document`: whether a page less its chrome is the page with nothing but the chrome cut out, on 200 real pages.

Of each corpus the pages whose hashes are the lowest, without duplicates. The document of a page, as text and as bytes, has to be
its source with some of it taken out; every block that stays has to be a block of it when it is read again; no block that goes,
of those that stood alone in their element, may be. Written to `benchmarks/results/document.json` and `document.md`; another
number of pages (`--pages`) is printed alone. Pages that fail are named, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from declutter import predict
from declutter.corpus.dedupe import without_duplicates
from declutter.corpus.registry import corpora_root, load_corpus
from declutter.corpus.sources import load_sources, training_data_root
from declutter.errors import DeclutterError
from declutter.measure.cutting import check_cut
from declutter.model import load_default

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from declutter.corpus.base import CorpusPage
    from declutter.measure.cutting import Cut
    from declutter.model import Model

RESULTS: Final = Path(__file__).parent / "results"
CORPORA: Final = ("wcxb", "postlight", "trafilatura-eval")
PAGES: Final = 200
"""Pages over all corpora."""
COLUMNS: Final = {
    "pages": "pages",
    "subsequence": "cuts of their source",
    "content_there": "with every block that stays",
    "chrome_gone": "without every block that goes",
    "content": "blocks that stay",
    "chrome": "blocks that go, looked for",
}
"""Key of a count -> its headline."""

Row = dict[str, Any]


def shared(pages: int, corpora: Sequence[str]) -> dict[str, int]:
    """How many pages each corpus gives, so that together they are so many."""
    count = len(corpora)
    return {name: pages * (place + 1) // count - pages * place // count for place, name in enumerate(corpora)}


def drawn(name: str, root: Path, count: int) -> list[CorpusPage]:
    """The pages of a corpus whose hashes are the lowest, without duplicates.

    Raises:
        CorpusError: the corpus does not hold what it should.
    """
    return without_duplicates(sorted(load_corpus(name, root), key=lambda page: page.sha256))[:count]


def problems(cut: Cut) -> str:
    """What is wrong with a page's document; empty where nothing is."""
    told = {
        "it is not its source with some of it taken out": cut.added,
        f"of {cut.content} blocks that stay {cut.lost} are not there": cut.lost,
        f"of {cut.content} blocks that stay {cut.joined} are there as parts of others": cut.joined,
        f"of {cut.alone} blocks that go {cut.left} are there": cut.left,
    }
    return "; ".join(words for words, count in told.items() if count)


def measure(corpus: str, pages: Iterable[CorpusPage], model: Model) -> tuple[Row, list[dict[str, str]]]:
    """Counts of a corpus's pages, and those that fail: corpus, page and why."""
    row: Row = {"corpus": corpus, **dict.fromkeys(COLUMNS, 0)}
    failed = []
    for page in pages:
        row["pages"] += 1
        try:
            cut = check_cut(predict(page.html, model=model), page.html)
        except DeclutterError as error:
            why = str(error)
        else:
            row["subsequence"] += not cut.added
            row["content_there"] += not (cut.lost or cut.joined)
            row["chrome_gone"] += not cut.left
            row["content"] += cut.content
            row["chrome"] += cut.alone
            why = problems(cut)
        if why:
            failed.append({"corpus": corpus, "page": page.name, "why": why})
    return row, failed


def markdown(report: dict[str, Any]) -> str:
    """The counts as a table, and the pages that fail."""
    corpora = ", ".join(f"{name} at {commit}" for name, commit in report["corpora"].items())
    total = {"corpus": "all", **{key: sum(row[key] for row in report["rows"]) for key in COLUMNS}}
    lines = [
        f"Written on {report['date']} by `make bench-document`, model sha256 {report['model'][:12]}, strictness balanced; pages of"
        f' {corpora}, those whose hashes are the lowest. `page.html(scope="document")` and the bytes of the same cut: pages that are'
        " their source with some of it taken out; pages of which every block that stays is a block of the document when it is read"
        " again, in order; pages of which no block that goes is there, of those that are seen and stood alone in their element.",
        "",
        f"| corpus | {' | '.join(COLUMNS.values())} |",
        f"|{'---|' * (len(COLUMNS) + 1)}",
        *(f"| {row['corpus']} | {' | '.join(str(row[key]) for key in COLUMNS)} |" for row in (*report["rows"], total)),
        "",
    ]
    if report["failed"]:
        lines += [f"Failed pages: {len(report['failed'])}.", ""]
        lines += [f"- {page['corpus']}/{page['page']}: {page['why']}" for page in report["failed"]]
    else:
        lines.append("Failed pages: none.")
    return "\n".join([*lines, ""])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write benchmarks/results/document.{json,md}.

    Returns:
        The exit code: 1 where a page fails, else 0.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=None, help="folder of the public corpora")
    parser.add_argument(
        "--pages", type=int, default=PAGES, help="over all corpora; others than the default are not stored"
    )
    options = parser.parse_args(arguments)
    root, sources, model = corpora_root(options.corpora), load_sources(training_data_root()), load_default()
    rows: list[Row] = []
    failed: list[dict[str, str]] = []
    for name, count in shared(options.pages, CORPORA).items():
        row, bad = measure(name, drawn(name, root, count), model)
        rows.append(row)
        failed += bad
    report = {
        "date": datetime.now(UTC).date().isoformat(),
        "model": str(model.info["sha256"]),
        "corpora": {name: sources[name].commit[:7] for name in CORPORA},
        "rows": rows,
        "failed": failed,
    }
    table = markdown(report)
    if options.pages == PAGES:
        (RESULTS / "document.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        (RESULTS / "document.md").write_text(table, encoding="utf-8")
    print(table)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
