"""What `make gate` holds a model against, written anew: golden outputs, floors, code of equal values."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from declutter.errors import ModelError
from declutter.measure.floors import below, flat, found_of, lowered, raised, read_floors, write_floors
from declutter.measure.gate import PROGRAM
from declutter.measure.golden import FEWEST, SAID, Golden
from declutter.measure.proof import apart, training_values
from declutter.training.data import code_hash
from declutter.training.settings import Settings

if TYPE_CHECKING:
    from declutter.measure.gate import Gate

__all__ = ["raise_floors", "same_values", "update"]

_PROVED = "golden outputs and a small training"


def update(gate: Gate, *, allow: bool = False) -> str:
    """Store golden outputs: of another model than before, or of other pages.

    Args:
        gate: the model.
        allow: also where the same model gives other outputs, and where the code is not that of the model.

    Returns:
        What was done.

    Raises:
        ModelError: neither model nor pages are others, but the outputs are; or the code is not the model's.
    """
    before, now, trained = gate.golden, code_hash(), str(gate.info.get("code_hash"))
    whole = Golden(gate.info["sha256"], now, {} if now == trained else {trained: SAID})
    whole.training = training_values(gate.checkout / "training_data")
    known = frozenset((trained,))
    if before is not None and before.sha256 != whole.sha256 and _as_before(before, whole, gate):
        # Another model for text alone: of pages, all that was proved or measured before is still so.
        whole.code_hash, whole.same_values = before.code_hash, dict(before.same_values)
        if now != before.code_hash:
            whole.same_values.setdefault(now, _PROVED)
        known = frozenset((trained, now))
    elif before is not None and before.sha256 == whole.sha256:
        known = gate.same_code
        changed = before.changes(gate.outputs, edited=False)
        if changed and not allow:
            raise ModelError(
                f"the model is the same ({gate.sha}), but its outputs on {len(changed)} pages are others ({changed[0]}):"
                " take the change back, or give --allow-regression if it is meant"
            )
        if changed:
            whole.same_values = {}  # the code is not the model's: nothing that was measured with that is this one's
        if now in known and not changed:
            whole.code_hash, whole.same_values = before.code_hash, before.same_values
    if now not in known and not allow:
        raise ModelError(
            f"the code is {now[:12]}, model {gate.sha} was trained with {trained[:12]}: train it again, prove that every value"
            f" is equal (`{PROGRAM} --same-values`), or give --allow-regression if you know that it is"
        )
    whole.pages = gate.outputs
    if len(whole.pages) < FEWEST:
        raise ModelError(f"{gate.checkout} has {len(whole.pages)} golden pages, it takes {FEWEST}: add pages")
    whole.write(gate.directory)
    return f"golden outputs of {len(whole.pages)} pages are stored for model {gate.sha}"


def _as_before(before: Golden, whole: Golden, gate: Gate) -> bool:
    """Whether golden outputs and a small training are those of the model before, which was trained with the same code."""
    trained = str(gate.info.get("code_hash"))
    return (
        trained in {before.code_hash, *before.same_values}
        and not before.changes(gate.outputs)
        and not apart(before.training, whole.training)
    )


def same_values(gate: Gate) -> str:
    """Record that the code of now gives the values of the model's: golden outputs and a small training are as stored.

    Returns:
        What was done.

    Raises:
        ModelError: a value is another, or there are no golden outputs of this model.
    """
    golden, now = gate.golden, code_hash()
    if golden is None or golden.sha256 != gate.info["sha256"]:
        raise ModelError(
            f"there are no golden outputs of model {gate.sha}: run `{PROGRAM} --update` on the code of the model"
        )
    if now in {golden.code_hash, *golden.same_values}:
        return f"code {now[:12]} is known to give equal values"
    again = "so it is no change of equal values: train a model that goes with it"
    if changed := golden.changes(gate.outputs):
        raise ModelError(f"{len(changed)} golden outputs are others ({changed[0]}), {again}")
    recorded = gate.info["settings"]
    if others := sorted(name for name, value in _settings().items() if recorded.get(name) != value):
        raise ModelError(f"the settings {', '.join(others)} are not those of the model, {again}")
    if names := apart(golden.training, training_values(gate.checkout / "training_data")):
        raise ModelError(f"a small training gives other {', '.join(names)}, {again}")
    found = gate.corpus_hash()
    if found is not None and found != gate.info.get("corpus_hash"):
        raise ModelError(f"the training pages are {found[:12]}, others than the model's, {again}")
    golden.same_values[now] = _PROVED
    golden.write(gate.directory)
    beside = (
        "" if found is not None else " (not checked: what the readers make of the corpora the model was trained on)"
    )
    return f"{len(golden.pages)} golden outputs and a small training are equal: code {now[:12]} is recorded{beside}"


def _settings() -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(Settings())))
    return whole


def raise_floors(gate: Gate, *, allow: bool = False) -> list[str]:
    """Raise floors to the figures that are there and the model's, less what chance may take.

    Args:
        gate: the model.
        allow: lower those that a figure is below.

    Returns:
        What was done, a line a floor.

    Raises:
        ModelError: a floor is to be lowered and models/CHANGELOG.md does not say why.
    """
    floors = read_floors(gate.baseline)
    own = [item for item in gate.stored if not item[2].strange(gate.info, gate.same_code)]
    strange = [f"{section} {corpus}" for section, corpus, record in gate.stored if (section, corpus, record) not in own]
    found = found_of((section, corpus, record.figures) for section, corpus, record in own) | gate.sample
    if allow and (unsaid := gate.unsaid(below(floors, found))):
        names = ", ".join(sorted({f"{corpus} {group}".removesuffix(" all") for _, corpus, group in unsaid}))
        raise ModelError(
            f"{gate.directory.parent / 'CHANGELOG.md'} does not say what was lost and why: write it behind `{gate.entry}`,"
            f" naming {names}"
        )
    now = raised(floors, found, lower=allow)
    write_floors(gate.baseline, now)
    before, after = flat(floors), flat(now)
    lines = [
        f"{' '.join(key)}: {before.get(key, 0.0):.4f} -> {floor:.4f}"
        for key, floor in after.items()
        if floor != before.get(key)
    ]
    kept = (
        []
        if allow
        else [f"{' '.join(key)}: kept, the figure is {gap:.4f} below" for key, gap in below(now, found).items()]
    )
    passed = [f"{name}: passed over, the stored figures are not of model {gate.sha}" for name in strange]
    return [*lines, *kept, *passed, f"{len(after)} floors, {len(lowered(floors, now))} of them lowered"]
