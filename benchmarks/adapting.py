"""`make bench-adapt`: what a model adapted to some pages of a site gains on its other pages, and loses on those of other sites.

The gold of a corpus stands for a person's labels: what it leaves out is given the kind that the shipped model finds
likeliest. Of each site n pages teach, drawn by a seed, and another one is judged before and after, as `declutter train
--annotations` judges what it holds out: F1 of the words of content, headline left out. Every page is judged once for each n
that its site has pages for. The priors are compared on a training corpus alone; a corpus that validates sees the one that ships.
Where only what is wrong is labelled, the pages that teach have labels on the blocks alone that the shipped model has wrong, and
what a block without a label weighs is compared on one half of the sites and told for the other.
Written to `benchmarks/results/adapt.json` and `adapt.md`, which keep the other corpora's figures.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from unittest.mock import patch

import numpy as np

from declutter.blocks import segment
from declutter.corpus.align import align
from declutter.corpus.base import WholeText
from declutter.corpus.dedupe import domain
from declutter.corpus.registry import corpora_root
from declutter.corpus.sources import load_sources, training_data_root
from declutter.document import read_document
from declutter.features import extract
from declutter.model import load_default
from declutter.model.context import layout_of
from declutter.model.sites import Site, page_keys, recognised
from declutter.training import sites as fits
from declutter.training.data import load_pages
from declutter.training.gains import judged, rates_of
from declutter.training.sites import SitePage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from declutter.corpus.base import CorpusPage
    from declutter.model import Model

RESULTS: Final = Path(__file__).parent / "results"
PRIORS: Final = (1.0, 3.0, 10.0, 30.0, 100.0)
TAUGHT: Final = (1, 2, 3, 5)
AGREED: Final = ((0.0, 0.0), (0.3, 0.1), (1.0, 0.0), (1.0, 0.1), (1.0, 0.3))
"""What a block without a label weighs, and how much more a key is held that such blocks have; the first is without either."""
SHIPS: Final = (fits._AGREED, fits._HELD)
MENDED: Final = (1, 2, 4)
MOST_MISSED: Final = 8
"""Words of a block that goes by mistake and that a person who mends only what strikes him passes over."""
FEWEST: Final = 4
"""Pages that a site has to have."""
SEED: Final = 20261126
RESAMPLES: Final = 1000


class Gain(NamedTuple):
    """Means over held-out pages.

    Attributes:
        pages, sites: how many, of how many sites.
        before, after: F1 of the words of content.
        low, high: 95% interval of the difference, by a bootstrap over sites.
        worse: share of the pages that lost more than .01.
    """

    pages: int
    sites: int
    before: float
    after: float
    low: float
    high: float
    worse: float


def sites_of(pages: Iterable[CorpusPage]) -> dict[str, list[CorpusPage]]:
    """The pages of each site that has enough of them."""
    sites: dict[str, list[CorpusPage]] = defaultdict(list)
    for page in pages:
        if isinstance(page.gold, WholeText):
            sites[domain(page)].append(page)
    return {name: found for name, found in sorted(sites.items()) if len(found) >= FEWEST}


def labelled(page: CorpusPage, model: Model) -> SitePage:
    """A page with labels made of its gold; the headline has none, as golds differ about it."""
    document = read_document(page.html)
    blocks = segment(document)
    features, view = extract(document, blocks)
    layout = layout_of(view)
    scores = model.content_scores(features, layout)
    likeliest = model.probabilities(features, layout, scores)[:, 1:].argmax(axis=1) + 1
    labels = np.where(align(page, document, blocks).content == 1, 0, likeliest).astype(np.int64)
    if view.headline >= 0:
        labels[view.headline] = -1
    keys = page_keys(document, blocks)
    return SitePage(page.name, features, layout, scores, keys, view.headline, labels, layout.weights)


def only_wrong(example: SitePage, model: Model) -> SitePage:
    """A page on which somebody labelled what strikes him as wrong, and left the rest."""
    kept = judged(example, model, None) == 0
    stays, goes = kept & (example.labels > 0), ~kept & (example.labels == 0) & (example.words - 1 > MOST_MISSED)
    return example._replace(labels=np.where(stays | goes, example.labels, -1))


def taught(examples: Sequence[SitePage], prior: float, agreed: tuple[float, float] = SHIPS) -> Site:
    """What pages tell of their site, with one prior however many they are."""
    with (
        patch.object(fits, "_PRIOR", prior),
        patch.object(fits, "_PRIOR_OF_ONE", prior),
        patch.object(fits, "_AGREED", agreed[0]),
        patch.object(fits, "_HELD", agreed[1]),
    ):
        return Site(fits.fit_site(examples))


def f1(example: SitePage, model: Model, site: Site | None) -> float:
    """F1 of the words of content of a page, judged with what is known of a site."""
    return rates_of(example, judged(example, model, site))[0]


def held_out(
    sites: dict[str, list[SitePage]],
    model: Model,
    count: int,
    prior: float,
    teachers: dict[str, list[SitePage]] | None = None,
    agreed: tuple[float, float] = SHIPS,
) -> dict[str, list[tuple[float, float]]]:
    """F1 before and after of each page of each site that has more than so many, judged by others of its site.

    Args:
        sites: the pages that are judged.
        model: what is adapted.
        count: how many pages teach.
        prior: see fits._PRIOR.
        teachers: the same pages, labelled as they are for those that teach; those without a label teach nothing.
        agreed: see AGREED.
    """
    found: dict[str, list[tuple[float, float]]] = {}
    for name, examples in sites.items():
        state = random.Random(f"{SEED} {name}")  # noqa: S311 - a draw that has to come out the same
        teach = (teachers or sites)[name]
        for place, example in enumerate(examples):
            others = [other for other in teach[:place] + teach[place + 1 :] if (other.labels >= 0).any()]
            if len(others) < count:
                continue
            site = taught(state.sample(others, count), prior, agreed)
            found.setdefault(name, []).append((f1(example, model, None), f1(example, model, site)))
    return found


def elsewhere(
    sites: dict[str, list[SitePage]], model: Model, prior: float
) -> tuple[dict[str, list[tuple[float, float]]], int]:
    """F1 before and after of pages of other sites that are taken for a taught one, and how many pairs there are in all."""
    found: dict[str, list[tuple[float, float]]] = {}
    pairs = 0
    for name, examples in sites.items():
        site = taught(examples, prior)
        for other, pages in sites.items():
            for page in pages if other != name else ():
                pairs += 1
                if recognised([site], page.keys) is not None:
                    found.setdefault(other, []).append((f1(page, model, None), f1(page, model, site)))
    return found, pairs


def gain(found: dict[str, list[tuple[float, float]]]) -> Gain:
    """The means, and how sure they are."""
    groups = [np.array(pairs) for pairs in found.values()]
    if not groups:
        return Gain(0, 0, 0.0, 0.0, 0.0, 0.0, 0.0)
    table = np.concatenate(groups)
    sums = np.array([[(group[:, 1] - group[:, 0]).sum(), len(group)] for group in groups])
    picks = np.random.default_rng(SEED).integers(0, len(groups), (RESAMPLES, len(groups)))
    drawn = sums[picks].sum(axis=1)
    low, high = np.percentile(drawn[:, 0] / drawn[:, 1], [2.5, 97.5])
    before, after = table.mean(axis=0)
    worse = (table[:, 1] < table[:, 0] - 0.01).mean()
    values = (round(float(value), 4) for value in (before, after, low, high, worse))
    return Gain(len(table), len(groups), *values)


def measure(sites: dict[str, list[SitePage]], model: Model, priors: Sequence[float] | None) -> dict[str, Any]:
    """Gains by prior and number of pages that teach; None for the priors that ship alone."""
    rows = []
    for count in TAUGHT:
        shipped = fits._PRIOR if count > 1 else fits._PRIOR_OF_ONE
        for prior in priors or (shipped,):
            found = gain(held_out(sites, model, count, prior))
            rows.append({"taught": count, "prior": prior, "ships": prior == shipped, **found._asdict()})
    others, pairs = elsewhere(sites, model, fits._PRIOR)
    return {
        "rows": rows,
        "partly": measure_partly(sites, model, AGREED if priors else None),
        "elsewhere": gain(others)._asdict() | {"pairs": pairs},
    }


def measure_partly(
    sites: dict[str, list[SitePage]], model: Model, weights: Sequence[tuple[float, float]] | None
) -> list[dict[str, Any]]:
    """Gains where only what is wrong is labelled, by half of the sites, number of pages that teach and weight of the rest."""
    teachers = {name: [only_wrong(example, model) for example in examples] for name, examples in sites.items()}
    rows = []
    for half, names in (("chosen on", list(sites)[::2]), ("told", list(sites)[1::2])):
        chosen = {name: sites[name] for name in names}
        for count in MENDED:
            prior = fits._PRIOR if count > 1 else fits._PRIOR_OF_ONE
            for agreed in weights or (SHIPS,):
                found = gain(held_out(chosen, model, count, prior, teachers, agreed))
                row = {"half": half, "taught": count, "agreed": agreed[0], "held": agreed[1], "ships": agreed == SHIPS}
                rows.append(row | found._asdict())
    return rows


def markdown(report: dict[str, Any]) -> str:
    """The figures as tables."""
    lines = [
        f"Written by `make bench-adapt`, model sha256 {report['model'][:12]}: F1 of the words of content on pages held out, before and"
        " after n other pages of the site were taught, labelled by the gold of the corpus. The interval is of the difference, by a"
        " bootstrap over sites; *worse*: the share of the pages that lose more than .01. The shipped model was trained on the"
        " pages of wcxb, so that there is little left to learn. A corpus that validates is measured with the priors that ship alone;"
        " dragnet was looked at when they were settled on, so that it is no blind test of them.",
    ]
    for name, corpus in report["corpora"].items():
        lines += [
            "",
            f"{name} at {corpus['commit']}, measured on {corpus['date']}: {corpus['pages']} pages of {corpus['sites']} sites.",
            "",
            "| n | prior | pages | sites | before | after | difference, 95% interval | worse |",
            "|---|---|---|---|---|---|---|---|",
        ]
        for row in corpus["rows"]:
            prior = f"{row['prior']:g}{', ships' if row['ships'] else ''}"
            lines.append(f"| {row['taught']} | {prior} {_written(row)}")
        lines += [
            "",
            "Only what is wrong is labelled, as the shipped model has it; a block without a label weighs so much of one with, and a"
            " key that such blocks have is held near 0 by so much more. Every second site was there to choose the two; the others tell what they"
            " are worth.",
            "",
            "| sites | n | weight | held | pages | sites | before | after | difference, 95% interval | worse |",
            "|---|---|---|---|---|---|---|---|---|---|",
        ]
        for row in corpus["partly"]:
            held = f"{row['held']:g}{', ships' if row['ships'] else ''}"
            lines.append(f"| {row['half']} | {row['taught']} | {row['agreed']:g} | {held} {_written(row)}")
        there = corpus["elsewhere"]
        change = f": F1 {there['before']:.3f} before, {there['after']:.3f} after" if there["pages"] else ""
        lines += [
            "",
            f"Of {there['pairs']} pairs of a page and another site, taught by all of its pages, {there['pages']} are taken for a page of"
            f" it{change}. All others stay as they were.",
        ]
    return "\n".join([*lines, ""])


def _written(row: dict[str, Any]) -> str:
    change = f"{row['after'] - row['before']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f})"
    return f"| {row['pages']} | {row['sites']} | {row['before']:.3f} | {row['after']:.3f} | {change} | {row['worse']:.2f} |"


def main() -> None:
    """Measure, print and write benchmarks/results/adapt.{json,md}."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=None, help="folder of the public corpora")
    parser.add_argument("--only", action="append", help="a corpus; wcxb by default")
    options = parser.parse_args()
    model = load_default()
    path = RESULTS / "adapt.json"
    stored = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    sha256 = str(model.info["sha256"])
    report = {"model": sha256, "corpora": stored.get("corpora", {}) if stored.get("model") == sha256 else {}}
    root = corpora_root(options.corpora)
    sources = load_sources(training_data_root())
    for name in options.only or ["wcxb"]:
        pages = sites_of(load_pages([name], root))
        examples = {site: [labelled(page, model) for page in found] for site, found in pages.items()}
        report["corpora"][name] = {
            "date": datetime.now(UTC).date().isoformat(),
            "commit": sources[name].commit[:7],
            "pages": sum(map(len, examples.values())),
            "sites": len(examples),
            **measure(examples, model, PRIORS if sources[name].use == "train" else None),
        }
    table = markdown(report)
    path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    path.with_suffix(".md").write_text(table, encoding="utf-8")
    print(table)


if __name__ == "__main__":
    main()
