"""What `make gate` holds a model against, written anew: golden outputs, floors, code of equal values."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from declutter.errors import ModelError
from declutter.measure.floors import below, flat, lowered, raised, read_floors, write_floors
from declutter.measure.gate import PROGRAM
from declutter.measure.golden import FEWEST, GOLDEN, SAID, Golden, few
from declutter.measure.held_out import HELD_OUT
from declutter.measure.history import committed
from declutter.measure.integrity import named
from declutter.measure.measures import POOLED, measures
from declutter.measure.proof import apart, training_values
from declutter.measure.seals import edited, sealed
from declutter.training.data import code_hash
from declutter.training.settings import Settings

if TYPE_CHECKING:
    from declutter.measure.gate import Gate
    from declutter.measure.seals import Seals

__all__ = ["raise_floors", "same_values", "update"]

# What the parts of a model for plain text alone read.
_TEXT = ("text",)
_PROVED = "golden outputs and a small training"


def update(gate: Gate, *, allow: bool = False, first: bool = False) -> list[str]:
    """Store golden outputs, of another model than before or of other pages; seal the stored figures; raise the floors.

    Args:
        gate: the model.
        allow: also where the same model gives other outputs or figures, where the code is not that of the model, and lower
            floors.
        first: also where there are no golden outputs, figures or floors to hold the model against.

    Returns:
        What was done, a line each.

    Raises:
        ModelError: neither model nor pages are others, but the outputs or the figures are; the code is not the model's;
            something to hold it against is missing; a floor is to be lowered and models/CHANGELOG.md does not say why.
    """
    _check_there(gate, first=first)
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
        if before.changes(gate.outputs, edited=False, of=_TEXT):
            whole.pages_alone = sorted({before.code_hash, *before.same_values} - known)
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
            whole.pages_alone = before.pages_alone
    if now not in known and not allow:
        raise ModelError(
            f"the code is {now[:12]}, model {gate.sha} was trained with {trained[:12]}: train it again, prove that every value"
            f" is equal (`{PROGRAM} --same-values`), or give --allow-regression if you know that it is"
        )
    whole.pages = dict(gate.outputs)
    if lack := few(whole.pages):
        raise ModelError(f"{gate.checkout} has {', '.join(lack)}: add pages")
    done = f"golden outputs of {len(whole.pages)} pages are stored for model {gate.sha}"
    return [done, *_record(gate, whole, before.seals if before else {}, allow=allow)]


def _check_there(gate: Gate, *, first: bool = False) -> None:
    """Refuse to begin anew because somebody took away what a model is held against."""
    for path in (gate.directory / GOLDEN, gate.directory / HELD_OUT, gate.baseline):
        if path.is_file():
            continue
        if committed(path):
            raise ModelError(
                f"{path} is missing, and was committed: take it back with `git checkout`, or where its deletion is committed"
                f" with `git checkout COMMIT -- {path.name}`"
            )
        if not first:
            raise ModelError(f"{path} is missing: take it from the repository, or give --first if there never was one")


def _as_before(before: Golden, whole: Golden, gate: Gate) -> bool:
    """Whether golden outputs and a small training are those of the model before, which was trained with the same code.

    Outputs of plain text are left aside, for which a model has parts of its own; Markdown goes the way of pages.
    """
    trained = str(gate.info.get("code_hash"))
    return (
        trained in {before.code_hash, *before.same_values}
        and not before.changes(gate.outputs, of=[markup for markup in FEWEST if markup not in _TEXT])
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
    """Seal the stored figures, and raise floors to the figures that are there and the model's, less what chance may take.

    Args:
        gate: the model.
        allow: lower those that a figure is below; take other figures that were measured with the same.

    Returns:
        What was done, a line a floor.

    Raises:
        ModelError: golden.json is not the model's; figures are others than those that were measured with the same code, pages
            and settings; a floor is to be lowered and models/CHANGELOG.md does not say why.
    """
    _check_there(gate)
    golden = gate.golden
    if golden is None or golden.sha256 != gate.info["sha256"]:
        raise ModelError(f"there are no golden outputs of model {gate.sha}: run `{PROGRAM} --update`")
    return _record(gate, golden, golden.seals, allow=allow)


def _record(gate: Gate, golden: Golden, before: Seals, *, allow: bool) -> list[str]:
    """Write golden.json, with seals of the figures that are the model's, and the floors; nothing where anything is amiss."""
    gate.golden = golden  # what says which code is the model's
    own = [item for item in gate.stored if not gate.strange(item[0], item[2])]
    strange = [(section, corpus) for section, corpus, record in gate.stored if (section, corpus, record) not in own]
    golden.seals = sealed(own)
    if (others := edited(before, golden.seals)) and not allow:
        raise ModelError(
            f"{named(*others[0])}: {HELD_OUT} has other figures than were measured with the same code, pages and settings:"
            " take it from the repository, or give --allow-regression if what is measured has changed"
        )
    floors = read_floors(gate.baseline)
    part = {section for section, _ in strange}
    # What stands for several corpora together is told of all of them or not at all.
    found = {key: value for key, value in measures(own).items() if key[0] not in part or key[1] not in POOLED}
    found |= gate.sample
    if allow and (unsaid := gate.unsaid(below(floors, found))):
        names = ", ".join(sorted({f"{corpus} {group}".removesuffix(" all") for _, corpus, group in unsaid}))
        raise ModelError(
            f"{gate.directory.parent / 'CHANGELOG.md'} does not say what was lost and why: write it behind `{gate.entry}`,"
            f" naming {names}"
        )
    now = raised(floors, found, lower=allow)
    golden.write(gate.directory)
    write_floors(gate.baseline, now)
    was, after = flat(floors), flat(now)
    lines = [
        f"{' '.join(key)}: {f'{was[key]:.4f}' if key in was else 'none'} -> {floor:.4f}"
        for key, floor in after.items()
        if floor != was.get(key)
    ]
    kept = (
        []
        if allow
        else [f"{' '.join(key)}: kept, the figure is {gap:.4f} off" for key, gap in below(now, found).items()]
    )
    passed = [f"{' '.join(key)}: passed over, the stored figures are not of model {gate.sha}" for key in strange]
    return [*lines, *kept, *passed, f"{len(after)} floors, {len(lowered(floors, now))} of them lowered"]
