"""`make bench-metadata`: titles, authors and days of pages against WCXB's gold, beside other tools; and languages.

The order of trust in `declutter.metadata` was found on one half of WCXB's sites, the first, and is reported on both: the
half of a page hangs on a hash of its registrable domain. Languages are held against those of the pages that were written
for this project. Written to `benchmarks/results/metadata.json` and `metadata.md`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import turbohtml
from metadata_peers import Told, asked, installed
from metadata_scores import author_names, authors_right, site_names, title_near, title_right

import declutter
from declutter.corpus import corpora_root, load_corpus
from declutter.corpus.base import CorpusPage
from declutter.corpus.dedupe import domain
from declutter.corpus.files import html_pages, read_bytes, read_json
from declutter.corpus.sources import load_sources, training_data_root
from declutter.document.decoding import decode
from declutter.model import load_default

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULTS: Final = Path(__file__).parent / "results"
OURS: Final = "declutter"
PUBLISHED: Final = "declutter, published"
ONE_OF: Final = "one_of_its_titles"
_FIGURES: Final = ("title", "title_near", "author", "day", "author_extra", "day_extra")
_LANG: Final = re.compile(r"(<html[^>]*?)\s+lang=(\"[^\"]*\"|[^\s>]+)", re.IGNORECASE)


class Gold(NamedTuple):
    """A page with what is known of it.

    Attributes:
        html: as it was served.
        address: where it came from, or "".
        title, author, day: the gold; author and day are "" where it has none.
        first: the page is of the half that the order of trust was found on.
    """

    html: bytes
    address: str
    title: str
    author: str
    day: str
    first: bool


def gold_pages(folder: Path) -> Iterator[Gold]:
    """The pages of WCXB's development split that have a title in the gold; the same bytes count once."""
    seen: set[bytes] = set()
    for name, path in html_pages(folder / "dev" / "html"):
        record = read_json(folder / "dev" / "ground-truth" / f"{name}.json")
        truth = record.get("ground_truth") or {}
        html = read_bytes(path)
        if not truth.get("title") or hashlib.sha256(html).digest() in seen:
            continue
        seen.add(hashlib.sha256(html).digest())
        address = record.get("url") or truth.get("url") or ""
        site = domain(CorpusPage("wcxb", name, html, None, url=address or None))
        yield Gold(
            html,
            address,
            truth["title"],
            truth.get("author") or "",
            truth.get("publish_date") or "",
            hashlib.sha256(site.encode()).digest()[7] % 2 == 0,
        )


class Tally:
    """How often a tool is right."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.errors = 0

    def count(self, page: Gold, told: Told | None, sites: set[str]) -> None:
        """Hold what a tool says of a page against the gold; what the gold does not have counts as extra."""
        self.errors += told is None
        told = told or Told()
        if page.author:
            self.add("author", authors_right(told.authors, page.author))
        else:
            self.add("author_extra", bool(author_names(told.authors)))
        if page.day:
            self.add("day", told.day == page.day)
        else:
            self.add("day_extra", bool(told.day))
        self.add("title", title_right(told.title, page.title, sites))
        self.add("title_near", title_near(told.title, page.title, sites))

    def add(self, figure: str, right: bool) -> None:
        """Count one answer."""
        self.asked[figure] += 1
        self.right[figure] += right

    def shares(self) -> dict[str, float]:
        """The share of right answers, by figure."""
        return {name: round(self.right[name] / max(self.asked[name], 1), 3) for name in _FIGURES}


def measure(pages: list[Gold], tools: list[str]) -> tuple[dict[str, dict[str, Tally]], dict[str, float]]:
    """Tallies by half and tool, and milliseconds a page; this project's are those on top of the labelling."""
    names = [OURS, PUBLISHED, *tools]
    tallies = {half: {name: Tally() for name in names} for half in ("first", "second")}
    spent = dict.fromkeys([OURS, *tools], 0.0)
    for page in pages:
        html = decode(page.html)[0]
        graph = turbohtml.parse(html).opengraph()
        sites = site_names(page.address, [graph.get("site_name") or ""])
        tally = tallies["first" if page.first else "second"]
        labelled = declutter.predict(page.html, url=page.address or None)
        start = time.perf_counter()
        found = labelled.metadata
        spent[OURS] += time.perf_counter() - start
        shown = labelled.headline.text if labelled.headline else ""
        tally[OURS].add(
            ONE_OF, any(title_right(title, page.title, sites) for title in (shown, labelled.title, graph.get("title")))
        )
        tally[OURS].count(page, Told(found.title, list(found.authors), found.date), sites)
        tally[PUBLISHED].count(page, Told(found.title, list(found.authors), found.published), sites)
        for name in tools:
            start = time.perf_counter()
            told = asked(name, html, page.address)
            spent[name] += time.perf_counter() - start
            tally[name].count(page, told, sites)
    return tallies, {name: round(seconds * 1000 / max(len(pages), 1), 2) for name, seconds in spent.items()}


def languages() -> dict[str, dict[str, int]]:
    """How many of our own pages get the right language: as they are, without `lang`, and with a wrong one."""
    found: dict[str, dict[str, int]] = {}
    for page in load_corpus("own", training_data_root()):
        html = decode(page.html)[0]
        language = (page.language or "")[:2]  # zhtw is Chinese
        wrong = "de" if language == "en" else "en"
        bare = _LANG.sub(r"\1", html, count=1)
        for name, source in {
            "as they are": html,
            "without lang": bare,
            "with a wrong lang": re.sub(r"<html\b", f'<html lang="{wrong}"', bare, count=1),
        }.items():
            tally = found.setdefault(name, {"pages": 0, "right": 0})
            tally["pages"] += 1
            tally["right"] += declutter.predict(source).language == language
    return found


def markdown(report: dict[str, Any]) -> str:
    """The figures as tables."""
    lines = [
        f"Written on {report['date']} by `make bench-metadata`, model sha256 {report['model'][:12]}, WCXB at"
        f" {report['corpus']}. The order of trust was found on the first half of the sites; the second is the test. Right are:"
        " a title of the same words (near: one holds the other, or F1 of words at least .8), the same set of authors, the same"
        " day, each of the pages whose gold has it; extra is the share of the other pages for which one is given all the same."
        " Names of sites, degrees and professions tell no difference. This project's day is `metadata.date`; `published` alone is"
        " the second row. Milliseconds a page: this project's are on top of the labelling.",
    ]
    for half, rows in report["halves"].items():
        asked_for = rows["pages"]
        lines += [
            "",
            f"The {half} half: {asked_for['title']} pages, {asked_for['author']} with authors, {asked_for['day']} with a day."
            f" The gold's title is the headline, og:title or `<title>` on {rows[ONE_OF]:.3f} of the pages.",
            "",
            "| tool | title | near | authors | day | extra authors | extra days | ms | failed |",
            "|---|---|---|---|---|---|---|---|---|",
        ]
        for name, row in rows["tools"].items():
            shares = " | ".join(f"{row[figure]:.3f}" if row[figure] else "-" for figure in _FIGURES)
            time_spent = report["ms_a_page"].get(name)
            lines.append(f"| {name} | {shares} | {'' if time_spent is None else time_spent} | {row['errors']} |")
    lines += ["", "| language of own pages | right | of |", "|---|---|---|"]
    lines += [f"| {name} | {tally['right']} | {tally['pages']} |" for name, tally in report["languages"].items()]
    versions = ", ".join(f"{name} {number}" for name, number in report["versions"].items())
    return "\n".join([*lines, "", f"Versions: {versions or 'no other tool was here'}.", ""])


def main() -> None:
    """Measure, print and write benchmarks/results/metadata.{json,md}."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=None, help="folder of the public corpora")
    options = parser.parse_args()
    pages = list(gold_pages(corpora_root(options.corpora) / "wcxb"))
    versions = installed()
    tallies, spent = measure(pages, list(versions))
    report = {
        "date": datetime.now(UTC).date().isoformat(),
        "model": str(load_default().info["sha256"]),
        "corpus": load_sources(training_data_root())["wcxb"].commit[:7],
        "versions": versions,
        "halves": {
            half: {
                "pages": dict(tools[OURS].asked),
                ONE_OF: round(tools[OURS].right[ONE_OF] / max(tools[OURS].asked[ONE_OF], 1), 3),
                "tools": {name: tally.shares() | {"errors": tally.errors} for name, tally in tools.items()},
            }
            for half, tools in tallies.items()
        },
        "ms_a_page": spent,
        "languages": languages(),
    }
    table = markdown(report)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "metadata.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "metadata.md").write_text(table, encoding="utf-8")
    print(table)


if __name__ == "__main__":
    main()
