"""Seals: hashes of the stored figures, which golden.json holds, so that nobody edits held_out.json alone."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from declutter.measure.held_out import lasting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from declutter.measure.held_out import Record

    Seals = dict[str, dict[str, dict[str, str]]]

__all__ = ["broken", "edited", "sealed"]


def sealed(records: Iterable[tuple[str, str, Record]]) -> Seals:
    """By section and corpus the sha256 of the figures and of what they were measured with, and the day, which is in neither."""
    seals: Seals = {}
    for section, corpus, record in records:
        seals.setdefault(section, {})[corpus] = {
            "of": _hash(lasting(record.of)),
            "measured": str(record.of.get("measured")),
            "figures": _hash(record.figures.as_json()),
        }
    return seals


def broken(seals: Seals, records: Iterable[tuple[str, str, Record]]) -> list[tuple[str, str]]:
    """Section and corpus of records that are not those that were sealed, that never were, or that are gone."""
    now, before = _flat(sealed(records)), _flat(seals)
    return [key for key in now | before if now.get(key) != before.get(key)]


def edited(seals: Seals, now: Seals) -> list[tuple[str, str]]:
    """Section and corpus of other figures than were sealed, although measured with the same code, pages and settings."""
    before = _flat(seals)
    return [
        key
        for key, seal in _flat(now).items()
        if key in before and before[key]["of"] == seal["of"] and before[key]["figures"] != seal["figures"]
    ]


def _flat(seals: Seals) -> dict[tuple[str, str], dict[str, str]]:
    return {(section, corpus): seal for section, found in seals.items() for corpus, seal in found.items()}


def _hash(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
