"""Stored figures of kinds and labels as rows: by corpus, with class names hashed, by language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from declutter.labels import CHROME, Label
from declutter.measure.figures import label_table
from declutter.measure.held_out import FOLDS, SECTIONS, TEXT
from declutter.training.data import OWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from declutter.measure.held_out import Record

    Records = Sequence[tuple[str, str, Record]]

__all__ = ["ALL", "FEW", "MEAN", "REAL", "hashed_rows", "kind_rows", "label_rows", "language_kind_rows"]

ALL: Final = "all"
REAL: Final = "all but own"
MEAN: Final = "mean of the kinds but other"
# Of fewer blocks of a kind in a language F1 is chance.
FEW: Final = 30


def kind_rows(records: Records) -> list[dict[str, Any]]:
    """Precision, recall and F1 of each kind among blocks whose kind is known, from grouped folds, also as text.

    By corpus, and pooled over all of them and over all but the project's own pages; and of each of these, and of the project's
    own, the mean over the kinds but `other`.
    """
    parts: dict[tuple[str, str], list[Mapping[str, list[int]]]] = {}
    for section, corpus, record in sorted(records, key=lambda item: item[1]):
        for group in (corpus, ALL, *([REAL] if corpus != OWN else [])) if section in {FOLDS, TEXT} else ():
            parts.setdefault((section, group), []).append(record.figures.kinds)
    return [
        {"corpus": group, "how": SECTIONS[section], **row}
        for (section, group), found in parts.items()
        for row in _pooled(found)
        if row["kind"] != MEAN or group in {ALL, REAL, OWN}
    ]


def hashed_rows(records: Records) -> list[dict[str, Any]]:
    """F1 of each kind, and the mean, with class names and ids as served and hashed, over real, own and all pages, from folds."""
    rows = []
    for group in (ALL, REAL, OWN):
        chosen = [(s, n, r) for s, n, r in records if s == FOLDS and r.figures.hashed and _is_of(group, n)]
        served = _pooled(r.figures.kinds for _, _, r in chosen)
        hashed = {row["kind"]: row["f1"] for row in _pooled(r.figures.hashed for _, _, r in chosen)}
        rows += [
            {
                "corpus": group,
                "kind": row["kind"],
                "blocks": row["blocks"],
                "f1": row["f1"],
                "hashed": hashed[row["kind"]],
            }
            for row in served
        ]
    return rows


def language_kind_rows(records: Records) -> list[dict[str, Any]]:
    """F1 of each kind and the mean by language of the page, over all pages, from folds; most blocks first."""
    counts: dict[str, dict[str, NDArray[np.int64]]] = {}
    for section, _, record in records:
        for name, found in record.figures.languages.items() if section == FOLDS else ():
            language, kind = name.rsplit(" ", 1)
            of_kinds = counts.setdefault(language, {})
            of_kinds[kind] = of_kinds.get(kind, np.zeros(3, dtype=np.int64)) + np.array(found)
    found_rows = {language: _pooled([of_kinds]) for language, of_kinds in counts.items()}
    blocks = {language: sum(int(found[0]) for found in of_kinds.values()) for language, of_kinds in counts.items()}
    order = sorted(found_rows, key=lambda language: (-blocks[language], language))
    return [{"language": language, **row} for language in order for row in found_rows[language]]


def _is_of(group: str, corpus: str) -> bool:
    return group == ALL or (corpus == OWN) == (group == OWN)


def _pooled(parts: Iterable[Mapping[str, Sequence[int] | NDArray[np.int64]]]) -> list[dict[str, Any]]:
    """A row for each kind of which there are blocks, and the mean over those but `other`."""
    pooled: dict[str, NDArray[np.int64]] = {}
    for part in parts:
        for kind, found in part.items():
            pooled[kind] = pooled.get(kind, np.zeros(3, dtype=np.int64)) + np.array(found)
    rows = [_kind_row(kind.value, pooled[kind.value]) for kind in CHROME if pooled.get(kind.value, [0])[0]]
    told = [row for row in rows if row["kind"] != Label.OTHER.value]
    if told:
        means = {rate: round(float(np.mean([row[rate] for row in told])), 4) for rate in ("precision", "recall", "f1")}
        rows.append({"kind": MEAN, "blocks": sum(row["blocks"] for row in told), **means})
    return rows


def _kind_row(kind: str, counts: NDArray[np.int64]) -> dict[str, Any]:
    blocks, claimed, hit = counts.tolist()
    return {
        "kind": kind,
        "blocks": blocks,
        "precision": round(hit / claimed, 4) if claimed else 0.0,
        "recall": round(hit / blocks, 4),
        "f1": round(2 * hit / (claimed + blocks), 4),
    }


def label_rows(records: Records) -> list[dict[str, Any]]:
    """Precision, recall and F1 of each label that was given, content too, from grouped folds, pooled over real and own pages.

    Precision of content counts chrome of unknown kind that stays; that of a kind, blocks whose label is known alone. No rows
    where the figures are older than these counts.
    """
    rows = []
    for group, own in ((REAL, False), (OWN, True)):
        table = label_table(r.figures for section, name, r in records if section == FOLDS and (name == OWN) == own)
        for place, label in enumerate((Label.CONTENT, *CHROME)):
            blocks, hit = int(table[place].sum()), int(table[place, place])
            given = int(table[:, place].sum() if label is Label.CONTENT else table[:-1, place].sum())
            if blocks:
                row = _kind_row(label.value, np.array([blocks, given, hit]))
                rows.append({"corpus": group, "how": SECTIONS[FOLDS], "label": row.pop("kind"), **row})
    return rows
