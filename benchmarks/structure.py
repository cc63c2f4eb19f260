"""`make bench-structure`: how much of the structure inside the gold's text each tool keeps, on the same real pages.

Pages of WCXB, drawn by a fixed seed before any tool is asked, from the CANDIDATES whose hashes are the lowest: for each kind
of structure PAGES of those whose gold holds FEWEST or more of it, each from another site. What is counted, and when a unit is kept, stands in `declutter.measure.structure`.
Written to `benchmarks/results/structure.json` and `structure.md`.
"""

from __future__ import annotations

import argparse
import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from structure_peers import STRUCTURE_PEERS, asked, installed

import declutter
from declutter.blocks import segment
from declutter.corpus.align import align
from declutter.corpus.base import WholeText
from declutter.corpus.dedupe import domain
from declutter.corpus.registry import corpora_root
from declutter.corpus.sources import load_sources, training_data_root
from declutter.document import read_document
from declutter.document.decoding import decode
from declutter.measure.sample import sample_pages
from declutter.measure.structure import KINDS, Count, kept_units, read_units, wanted_units, written_html
from declutter.model import load_default, load_model
from declutter.render import rendered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from declutter.corpus.base import CorpusPage
    from declutter.measure.structure import Wanted
    from declutter.model import Model

RESULTS: Final = Path(__file__).parent / "results"
CORPUS: Final = "wcxb"
OURS: Final = "declutter"
TOLD: Final = "declutter, told the content"
"""The rendering alone: the blocks are those that the gold holds, not those that a model keeps."""
CANDIDATES: Final = 400
PAGES: Final = 12
FEWEST: Final = {"code blocks": 1, "quotations": 1}
_FEWEST: Final = 3
SEED: Final = 20261126
RESAMPLES: Final = 1000

Counts = dict[str, list[dict[str, Count]]]


def drawn(pages: Sequence[CorpusPage], wanted: Sequence[Wanted], count: int = PAGES) -> list[int]:
    """Places of the pages that are measured: for each kind so many, none of a site that was drawn for it already."""
    chosen: set[int] = set()
    for kind in KINDS:
        order = list(range(len(pages)))
        random.Random(f"{SEED} {kind}").shuffle(order)  # noqa: S311 - a draw that has to come out the same
        sites: set[str] = set()
        for place in order:
            there = sum(unit.kind == kind for unit in wanted[place].inside)
            if len(sites) < count and there >= FEWEST.get(kind, _FEWEST) and domain(pages[place]) not in sites:
                sites.add(domain(pages[place]))
                chosen.add(place)
    return sorted(chosen)


def told_markdown(page: CorpusPage) -> str:
    """The Markdown of the blocks that the gold holds."""
    document = read_document(page.html)
    blocks = segment(document)
    return rendered("markdown", document, blocks, align(page, document, blocks).content == 1)


def measure(
    pages: Sequence[CorpusPage], wanted: Sequence[Wanted], tools: Sequence[str], model: Model
) -> tuple[Counts, dict[str, int]]:
    """Counts of each tool, page by page, and on how many pages it failed."""
    counts: Counts = {name: [] for name in (OURS, TOLD, *tools)}
    failed = dict.fromkeys(counts, 0)
    for page, asked_for in zip(pages, wanted, strict=True):
        address = page.url or ""
        html = decode(page.html)[0]
        given: dict[str, str | None] = {
            OURS: written_html(declutter.clean(page.html, output="markdown", url=page.url, model=model)),
            TOLD: written_html(told_markdown(page)),
            **{name: asked(name, html, address) for name in tools},
        }
        for name, made in given.items():
            failed[name] += made is None
            counts[name].append(kept_units(asked_for, read_units(made or "", address)))
    return counts, failed


def recalls(rows: Sequence[dict[str, Count]], kind: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The share that is kept, of each page that has any."""
    return np.array([row[kind].kept / row[kind].wanted for row in rows if row[kind].wanted])


def summary(counts: Counts) -> list[dict[str, Any]]:
    """A row a kind: counts and shares of every tool, and what this project's recall is above the best other's."""
    rows = []
    for kind in KINDS:
        tools: dict[str, dict[str, float]] = {}
        for name, pages in counts.items():
            kept, wrong = (sum(getattr(page[kind], field) for page in pages) for field in ("kept", "wrong"))
            tools[name] = {
                "kept": kept,
                "wrong": wrong,
                "recall": round(float(recalls(pages, kind).mean()), 4),
                "precision": round(kept / max(kept + wrong, 1), 4),
            }
        best = max((name for name in tools if name not in {OURS, TOLD}), key=lambda name: tools[name]["recall"])
        gap = recalls(counts[OURS], kind) - recalls(counts[best], kind)
        picks = np.random.default_rng(SEED).integers(0, len(gap), (RESAMPLES, len(gap)))
        low, high = np.percentile(gap[picks].mean(axis=1), [2.5, 97.5])
        rows.append(
            {
                "kind": kind,
                "pages": len(gap),
                "wanted": sum(page[kind].wanted for page in counts[OURS]),
                "tools": tools,
                "best_other": best,
                "difference": [round(float(value), 4) for value in (gap.mean(), low, high)],
            }
        )
    return rows


def markdown(report: dict[str, Any]) -> str:
    """The figures as tables."""
    tools = list(report["rows"][0]["tools"])
    lines = [
        f"Written on {report['date']} by `make bench-structure`, model sha256 {report['model'][:12]}, {report['pages']} pages of"
        f" WCXB at {report['corpus']}, drawn by a seed: {PAGES} for each kind of structure, of those whose gold holds it, each of"
        " another site. Recall: the share of a page's headings (h2 to h6), list items, cells, code blocks, paragraphs of quotations"
        " and links, of those that the gold's text holds, that the tool's output has as such; the mean over pages. Precision: of"
        " all that the outputs have of a kind, the share that is so; h1 headings and cells of layout tables count neither way."
        " Markdown is read by a CommonMark parser with tables. This project's model was trained on these pages, the other tools"
        f" were not: *{TOLD}* is its rendering alone, without a model's decisions. The last column: {OURS} less the best"
        " other tool, 95% interval by a bootstrap over pages.",
    ]
    for figure in ("recall", "precision"):
        last = " | to the best other |" if figure == "recall" else " |"
        lines += [
            "",
            f"| {figure} | pages | units | " + " | ".join(tools) + last,
            "|---|---|---|" + "---|" * (len(tools) + (figure == "recall")),
        ]
        for row in report["rows"]:
            shares = " | ".join(f"{row['tools'][tool][figure]:.3f}" for tool in tools)
            gap, low, high = row["difference"]
            end = f" {gap:+.3f} ({low:+.3f} to {high:+.3f}) |" if figure == "recall" else ""
            lines.append(f"| {row['kind']} | {row['pages']} | {row['wanted']} | {shares} |{end}")
    lines += ["", "| kept, and shown beside it | " + " | ".join(tools) + " |", "|---|" + "---|" * len(tools)]
    for row in report["rows"]:
        cells = " | ".join(f"{row['tools'][tool]['kept']} + {row['tools'][tool]['wrong']}" for tool in tools)
        lines.append(f"| {row['kind']} | {cells} |")
    versions = ", ".join(
        dict.fromkeys(
            f"{STRUCTURE_PEERS[n].distribution.removeprefix('npm:')} {v}" for n, v in report["versions"].items()
        )
    )
    failed = ", ".join(f"{name} {count}" for name, count in report["failed"].items() if count)
    return "\n".join([*lines, "", f"Versions: {versions}. Failed pages: {failed or 'none'}.", ""])


def main() -> None:
    """Measure, print and write benchmarks/results/structure.{json,md}."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=None, help="folder of the public corpora")
    parser.add_argument("--model", type=Path, default=None, help="a model directory of yours; nothing is written then")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="name the N pages on which most is lost")
    options = parser.parse_args()
    model = load_model(options.model, trust=True) if options.model else load_default()
    pages, wanted = [], []
    for page in sample_pages(CORPUS, corpora_root(options.corpora), CANDIDATES):
        if isinstance(page.gold, WholeText):
            pages.append(page)
            wanted.append(wanted_units(page.html, page.gold.text, page.url or ""))
    places = drawn(pages, wanted)
    pages, wanted = [pages[place] for place in places], [wanted[place] for place in places]
    versions = installed()
    counts, failed = measure(pages, wanted, list(versions), model)
    report = {
        "date": datetime.now(UTC).date().isoformat(),
        "model": str(model.info["sha256"]),
        "corpus": load_sources(training_data_root())[CORPUS].commit[:7],
        "pages": len(pages),
        "names": [page.name for page in pages],
        "versions": versions,
        "failed": failed,
        "rows": summary(counts),
    }
    table = markdown(report)
    if options.model is None:
        (RESULTS / "structure.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        (RESULTS / "structure.md").write_text(table, encoding="utf-8")
    print(table)
    for name in (OURS, TOLD):
        lost = [
            (row[kind].wanted - row[kind].kept, kind, row[kind], page.name)
            for page, row in zip(pages, counts[name], strict=True)
            for kind in KINDS
        ]
        for _, kind, count, page_name in sorted(lost, reverse=True)[: options.worst]:
            print(f"{name}: {page_name} {kind}: {count.kept} of {count.wanted} kept, {count.wrong} wrong")


if __name__ == "__main__":
    main()
