"""The checks of `make gate`: the shipped model is what it is said to be, and no worse than it was."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from declutter.corpus.sources import load_sources
from declutter.errors import ModelError
from declutter.features import FEATURES_VERSION
from declutter.measure.completeness import here
from declutter.measure.floors import (
    COSTS,
    SAMPLE,
    below,
    flat,
    found_of,
    highest,
    lowered,
    missing,
    parsed,
    read_floors,
)
from declutter.measure.golden import GOLDEN, Golden, few, outputs, same_code
from declutter.measure.held_out import HELD_OUT, SECTIONS, TEXT, HeldOut, lacking
from declutter.measure.history import committed
from declutter.measure.integrity import command, faults, named, report_faults
from declutter.measure.measures import measures, unit
from declutter.measure.sample import sample_figures
from declutter.model.directory import load_model
from declutter.training.data import code_hash

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from declutter.corpus.sources import Source
    from declutter.measure.completeness import Here
    from declutter.measure.floors import Floors, Found, Key
    from declutter.measure.held_out import Record
    from declutter.model.predictor import Model

__all__ = ["PROGRAM", "Gate"]

PROGRAM: Final = "benchmarks/gate.py"
# As many changed pages are told of.
_SHOWN: Final = 8


@dataclass
class Gate:
    """What is checked, and what was found.

    Attributes:
        directory: the model's folder; baseline.json and CHANGELOG.md lie beside it.
        checkout: the folder that holds training_data and tests.
        root: the corpora; None where they are not here.
        failures: what is wrong, what it is off by, and what to do, a line each.
        told: what was checked, a line each.
    """

    directory: Path
    checkout: Path
    root: Path | None = None
    failures: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @property
    def baseline(self) -> Path:
        """The floors."""
        return self.directory.parent / "baseline.json"

    @cached_property
    def model(self) -> Model:
        """The model; loading it checks its features version and the hash of its file."""
        return load_model(self.directory, trust=True)

    @cached_property
    def info(self) -> dict[str, Any]:
        """model.json, also of a model that cannot be loaded."""
        try:
            info = json.loads((self.directory / "model.json").read_bytes())
        except (OSError, ValueError) as error:
            raise ModelError(f"{self.directory / 'model.json'} cannot be read ({error}): run `make train`") from error
        return dict(info)

    @property
    def sha(self) -> str:
        """What an entry of the changelog names the model by."""
        return str(self.info.get("sha256"))[:12]

    @cached_property
    def golden(self) -> Golden | None:
        """The golden outputs that are stored."""
        return Golden.read(self.directory)

    @cached_property
    def outputs(self) -> dict[str, dict[str, Any]]:
        """The golden outputs as they are now."""
        return outputs(self.checkout, self.model)

    @cached_property
    def sample(self) -> Found:
        """Figures of the fixed sample."""
        found = sample_figures(self.model, self.root) if self.root else {}
        return found_of((SAMPLE, corpus, figures) for corpus, figures in found.items())

    @cached_property
    def stored(self) -> HeldOut:
        """The figures that are stored with the model."""
        return HeldOut.read(self.directory)

    @cached_property
    def sources(self) -> dict[str, Source]:
        """The corpora."""
        return load_sources(self.checkout / "training_data")

    @cached_property
    def here(self) -> Here:
        """The pages that are here, of which figures should be stored."""
        names = [name for name, source in self.sources.items() if source.use == "train"]
        return here(names, self.root, self.stored)

    @property
    def same_code(self) -> frozenset[str]:
        """Hashes of code that gives this model's values."""
        return same_code(self.golden, self.info.get("sha256"))

    def strange(self, section: str, record: Record) -> list[str]:
        """In what a record of a section is not of the model; empty where its figures are the model's."""
        info, same = self.info, self.same_code
        if section == TEXT:
            # Parts for text may have been fitted anew, beside parts for pages that were not.
            info |= {key: value for key, value in info.get("text", {}).items() if key in {"code_hash", "corpus_hash"}}
            same = same_code(self.golden, info.get("sha256"), text=True)
        return [*dict.fromkeys([*lacking(section, record.of), *record.strange(info, same)])]

    def unsaid(self, keys: Iterable[Key]) -> list[Key]:
        """Those floors of which the changelog does not say, in a passage for this model, that they were lowered and why.

        The passage names the corpus of each, and the page type where it is of one.
        """
        log = self.directory.parent / "CHANGELOG.md"
        whole = log.read_text(encoding="utf-8") if log.is_file() else ""
        passages = (passage.split("\n\n", maxsplit=1)[0] for passage in whole.split(self.entry)[1:])
        said = " ".join(passages).casefold()
        return [
            key for key in keys if key[1].casefold() not in said or (key[2] != "all" and key[2].casefold() not in said)
        ]

    @property
    def entry(self) -> str:
        """How a passage of the changelog that says why floors were lowered begins; every model is named there anyway."""
        return f"Floors lowered for {self.sha}:"

    # -- checks ------------------------------------------------------------------------------------------------------

    def check(self) -> list[str]:
        """All checks; the failures, in their order."""
        self.check_hashes()
        self.check_pages()
        self.check_golden()
        self.check_stored()
        self.check_sample()
        self.check_lowered()
        return self.failures

    def check_hashes(self) -> None:
        """model.json is of these features and this code."""
        if (version := self.info.get("features_version")) != FEATURES_VERSION:
            self.failures.append(
                f"model.json has features version {version}, the code {FEATURES_VERSION}: run `make train`"
            )
        now, trained = code_hash(), str(self.info.get("code_hash"))
        if now != trained and not self.same_code.issuperset((now, trained)):
            self.failures.append(
                f"the code is {now[:12]}, the model was trained with {trained[:12]}: run `make train`, or, if every value"
                " is as before (a speed-up, a rename), `benchmarks/gate.py --same-values`"
            )

    def corpus_hash(self) -> str | None:
        """The hash of the training pages, or None where a corpus is missing."""
        return self.here.corpus_hash

    def check_pages(self) -> None:
        """model.json is of these training pages."""
        found, recorded = self.corpus_hash(), str(self.info.get("corpus_hash"))
        if found is None:
            self.told.append("not checked: the pages the model was trained on, as not all corpora are here")
        elif found != recorded:
            self.failures.append(
                f"the training pages are {found[:12]}, the model was trained on {recorded[:12]}: run `make train`"
            )

    def check_golden(self) -> None:
        """The model makes of the stored pages what it made of them when they were stored."""
        golden = self.golden
        if golden is None:
            self.failures.append(
                f"{GOLDEN} is missing, not of {self.sha}: take it from the repository; of a model that never had one, run"
                " `benchmarks/gate.py --update --first`"
            )
            return
        if golden.sha256 != self.info.get("sha256"):
            self.failures.append(
                f"{GOLDEN} is of model {golden.sha256[:12]}, not of {self.sha}: run `benchmarks/gate.py --update`"
            )
            return
        self.failures += [f"{GOLDEN} has {line}: run `benchmarks/gate.py --update`" for line in few(golden.pages)]
        if new := sorted({*self.outputs} - {*golden.pages}):
            self.failures.append(
                f"golden output: of {len(new)} pages none is stored ({new[0]}): run `benchmarks/gate.py --update`"
            )
        changed = golden.changes(self.outputs)
        self.failures += [
            f"golden output: {line}: take the change back, or train a model that goes with it"
            if "the page" not in line
            else f"golden output: {line}: run `benchmarks/gate.py --update`"
            for line in changed[:_SHOWN]
        ]
        self.told.append(f"golden outputs: {len(golden.pages)} pages, {len(changed)} changed")

    def check_stored(self) -> None:
        """The stored figures are whole, the model's, as they were recorded, and not below the floors."""
        if not (self.directory / HELD_OUT).is_file():
            self.failures.append(f"{HELD_OUT} is missing: take it from the repository, or run `declutter evaluate`")
        self.failures += [*faults(self), *report_faults(self)]
        floors, found = read_floors(self.baseline), measures(list(self.stored))
        self.hold(floors, found)
        self.failures += [
            f"{named(*key)}: no figure is stored, the floor is {flat(floors)[key]:.4f}: run `{command(*key[:2])}`"
            for key in missing(floors, found, SECTIONS)
        ]
        if free := [named(*key) for key in found if key not in flat(floors)]:
            self.failures.append(
                f"{len(free)} stored figures have no floor ({free[0]}): run `benchmarks/gate.py --update`"
            )
        pages = sum(len(record.figures.pages) for _, _, record in self.stored)
        self.told.append(f"stored figures: {len(found)} of {pages} pages, {len(flat(floors))} floors")

    def check_sample(self) -> None:
        """The model afresh on the fixed sample is not below its floors."""
        floors = read_floors(self.baseline)
        if not self.sample:
            self.told.append("not checked: the sample of the validation corpora, as they are not here")
            return
        for (_, corpus, group), (f1, pages) in self.sample.items():
            if group == "all":
                self.told.append(f"sample of {corpus}: F1 {f1:.4f} on {pages} pages")
        self.hold(floors, self.sample)
        here = {corpus for _, corpus, _ in self.sample}
        if unheld := sorted(corpus for corpus in here if corpus not in floors.get(SAMPLE, {})):
            self.failures.append(f"sample of {', '.join(unheld)}: no floor yet: run `benchmarks/gate.py --update`")

    def hold(self, floors: Floors, found: Found) -> None:
        """Hold figures against their floors."""
        self.failures += [
            f"{named(*key)}: {unit(key[2])} {found[key][0]:.4f} is {gap:.4f}"
            f" {'above its ceiling' if key[2] in COSTS else 'below its floor'} {flat(floors)[key]:.4f}: mend the model,"
            f" or say why in models/CHANGELOG.md, behind `{self.entry}`, and run `benchmarks/gate.py --raise --allow-regression`"
            for key, gap in below(floors, found).items()
        ]

    def check_lowered(self) -> None:
        """No floor is lower than where the branch began, unless the changelog names it for this model."""
        fallen = lowered(self.committed_floors(), read_floors(self.baseline))
        self.failures += [
            f"{named(*key)}: the {'ceiling' if key[2] in COSTS else 'floor'} was {fallen[key][0]:.4f} and is"
            f" {fallen[key][1]:.4f}: set it back, or say why in models/CHANGELOG.md, behind `{self.entry}`, naming it"
            for key in self.unsaid(fallen)
        ]

    def committed_floors(self) -> Floors:
        """The highest floors of the last two commits and of where this branch left the main one; none outside of git."""
        return highest(parsed(text) for text in committed(self.baseline))
