"""Whether the figures in held_out.json are the model's, whole, free of contradictions and as they were recorded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from declutter.measure.completeness import amiss
from declutter.measure.consistency import contradictions, report_tables, unlike
from declutter.measure.golden import GOLDEN
from declutter.measure.held_out import FOLDS, HELD_OUT, LEFT_OUT, SECTIONS, TEXT
from declutter.measure.seals import broken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from declutter.measure.gate import Gate

__all__ = ["REPORT", "command", "faults", "named", "report_faults"]

REPORT: Final = "benchmarks/results/quality.json"
"""The report that the tables of README and manual are made from."""

# As many differing rows of the report are named.
_SHOWN: Final = 4


def named(section: str, corpus: str, group: str = "all") -> str:
    """A figure as a person calls it."""
    how = SECTIONS[section].split(":")[0] if section in SECTIONS else f"fixed {section}"
    return f"{corpus}{'' if group == 'all' else f', {group}'} ({how})"


def command(section: str, corpus: str) -> str:
    """What measures a figure anew."""
    if section in {FOLDS, TEXT}:
        return f"declutter evaluate{' --text' if section == TEXT else ''}"
    return f"declutter evaluate --folds 0{f' --left-out {corpus}' if section == LEFT_OUT else ''}"


def faults(gate: Gate) -> Iterator[str]:
    """What is wrong with the stored figures, and what to do, a line each."""
    strange: set[tuple[str, str]] = set()
    for section, corpus, record in gate.stored:
        again = f"run `{command(section, corpus)}`"
        if others := gate.strange(section, record):
            strange.add((section, corpus))
            yield (
                f"{named(section, corpus)}: the stored figures are not this model's (another {', '.join(others)}): {again}"
            )
        if told := contradictions(record.figures):
            yield (
                f"{named(section, corpus)}: {len(told)} of the stored figures cannot be ({told[0]}): take {HELD_OUT} from the"
                f" repository, or {again}"
            )
    if gate.golden is not None and gate.golden.sha256 == gate.info.get("sha256"):
        torn = [key for key in broken(gate.golden.seals, gate.stored) if key not in strange]
        if torn and not gate.golden.seals:
            yield f"the stored figures were never recorded in {GOLDEN}: run `benchmarks/gate.py --update`"
            torn = []
        for key in torn:
            yield (
                f"{named(*key)}: the stored figures are not those that were recorded: take {HELD_OUT} from the repository,"
                " or, if they were measured since, run `benchmarks/gate.py --update`"
            )
    for section, corpus, said in amiss(gate.stored, gate.here, _counts(gate.info)):
        if (section, corpus) not in strange:
            yield f"{named(section, corpus)}: {said}: run `{command(section, corpus)}`"


def _counts(info: dict[str, Any]) -> dict[str, int]:
    return {name: corpus["pages"] for name, corpus in info.get("corpora", {}).items()}


def report_faults(gate: Gate) -> Iterator[str]:
    """Where the report tells other figures than are stored; of the shipped model alone, whose report it is."""
    if gate.directory.resolve() != (gate.checkout / "models" / "default").resolve():
        return
    again = "run `declutter evaluate --folds 0`, which writes it anew from what is stored"
    try:
        report = json.loads((gate.checkout / REPORT).read_text(encoding="utf-8"))
        whose = str(report["model"]["sha256"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        yield f"{REPORT} cannot be read ({error}): {again}"
        return
    if whose != gate.info.get("sha256"):
        yield f"{REPORT} is of model {whose[:12]}, not of {gate.sha}: {again}"
        return
    records = [item for item in gate.stored if not item[2].strange(gate.info, gate.same_code)]
    if rows := list(unlike(report, report_tables(records, gate.sources))):
        more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
        yield f"{REPORT} tells other figures than are stored ({'; '.join(rows[:_SHOWN])}{more}): {again}"
