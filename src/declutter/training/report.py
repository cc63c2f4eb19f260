"""The model card, written by the program that trained the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from declutter.model.directory import DEFAULT
from declutter.training.data import OWN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from declutter.corpus.sources import Source

__all__ = ["END", "START", "write_card"]

START: Final = "<!-- measured -->"
END: Final = "<!-- /measured -->"
"""Between these marks stands what is measured after the training (benchmarks/card.py)."""

# Corpora with news pages that are labelled in training_data/annotations, and those of which most pages and languages are.
_READ: Final = frozenset(("goose3", "postlight", "readability", "trafilatura-eval", "wcxb"))
_BROAD: Final = frozenset(("trafilatura-eval", "wcxb"))


def _strictness_row(name: str, median: float, figures: Mapping[str, Mapping[str, float]]) -> str:
    behind = "" if name == "balanced" else f" at {name}"
    rates = [f"{row[f'precision{behind}']:.3f} / {row[f'recall{behind}']:.3f}" for row in figures.values()]
    return f"| {name} | {median:.2f} | {' | '.join(rates)} |"


def _limits(corpora: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What a model of these corpora is weak at."""
    if corpora.keys() == {OWN}:
        return [
            f"- All is learned from the {corpora[OWN]['pages']} pages that were written for the project: no page of the web is"
            " among them.",
            "- A score is a probability on pages like those.",
        ]
    learned = ["the project's own pages"]
    if corpora.keys() & _READ:
        learned.append("real news pages labelled by reading")
    if "formasaurus" in corpora:
        learned.append("labelled forms")
    named = f"{', from '.join(learned[:-1])} and from {learned[-1]}" if len(learned) > 1 else f"{learned[0]} alone"
    broad = corpora.keys() >= _BROAD
    mostly = ": mostly news, blogs, documentation and shops, mostly in English and German" if broad else ""
    return [
        f"- Kinds of chrome are learned from {named}, a few hundred pages in all: content against chrome is the better part.",
        *(["- Listings, collections and product pages are the weakest page types."] if "wcxb" in corpora else []),
        f"- A score is a probability on pages like those of the training corpora{mostly}.",
    ]


def write_card(directory: Path, info: Mapping[str, Any], sources: Mapping[str, Source]) -> None:
    """Write MODEL_CARD.md beside a model from what its model.json records; what is measured later has its place in it."""
    lines = [
        f"# Model card: {info['name']}",
        "",
        f"Trained on {info['trained']} with scikit-learn {info['scikit_learn']}, features version"
        f" {info['features_version']} ({len(info['features'])} columns), seed {info['settings']['seed']}."
        " Written by `make train`; do not edit.",
        "",
        "## What it does",
        "",
        "Gives every block of a web page the probability that it is content, and shares the rest out over twelve kinds of"
        " chrome. Content: gradient-boosted trees in two passes, the second seeing the first's probabilities of"
        " neighbours, siblings and ancestors; each pass the mean of"
        f" {info['settings']['inner_folds']} fits, each without the sites of a fold, joined 1 : 3, calibrated by Platt scaling. Kinds: boosted trees and nets of one hidden layer, the mean of their log-odds, in two"
        " passes, trained only on blocks whose kind is known. The content score from which the blocks of a page stay:"
        " extremely randomised trees, which tell from a summary of the page's scores what F-score to expect at each.",
        "",
        "## Trained on",
        "",
        "| corpus | pages | licence | attribution | what was done to it |",
        "|---|---|---|---|---|",
    ]
    for name, corpus in info["corpora"].items():
        source = sources[name]
        title = f"[{source.title}]({source.url}) at {source.commit}" if source.url else source.title
        lines.append(f"| {title} | {corpus['pages']} | {source.licence} | {source.attribution} | {source.changes} |")
    lines += [
        "",
        "Pages of the same site share a fold; duplicate pages were removed. The main headline counts as content whatever"
        " the gold says.",
        "",
        "## Strictness",
        "",
        "Each page has its own content score from which its blocks stay: where pages like it were cleaned best by F1"
        " (balanced), F0.5 (precision) or F2 (recall). What that gave, precision / recall:",
        "",
        f"| name | median score | {' | '.join(info['figures'])} |",
        "|---|---|" + "---|" * len(info["figures"]),
        *(_strictness_row(name, value, info["figures"]) for name, value in info["thresholds"].items()),
        "",
        "## Figures",
        "",
        "Pages scored by models that saw no page of their site, one fit a pass: first pass by"
        f" {info['settings']['inner_folds']} folds, second pass and thresholds by the same. Calibration was fitted on the same"
        " scores, so they flatter slightly; `make evaluate` nests the folds. Word F1 a page, averaged (trafilatura-eval:"
        " segment F), at the middle of the thresholds that are balanced for the page.",
        "",
        "| corpus | pages | F1 | precision | recall |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {row['pages']} | {row['f1']:.3f} | {row['precision']:.3f} | {row['recall']:.3f} |"
        for name, row in info["figures"].items()
    ]
    lines += [
        "",
        f"Plain text has fitted parts of its own, of {info['text']['trained']}, from the pages of the corpora flattened to text in"
        " several ways. Their figures, made as those above:",
        "",
        "| corpus | pages | F1 | precision | recall |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {row['pages']} | {row['f1']:.3f} | {row['precision']:.3f} | {row['recall']:.3f} |"
            for name, row in info["text"]["figures"].items()
        ),
        "",
        "## Measured",
        "",
        START,
        "",
        "Not measured yet: run `make evaluate`."
        if info["name"] == DEFAULT
        else f"Not measured: `make evaluate` measures `models/{DEFAULT}` alone.",
        "",
        END,
        "",
        "## Limits",
        "",
        *_limits(info["corpora"]),
        "",
    ]
    (directory / "MODEL_CARD.md").write_text("\n".join(lines), encoding="utf-8")
