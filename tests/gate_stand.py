"""A gate over files that are made up, on which everything holds until a test spoils it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from declutter.corpus.sources import load_sources
from declutter.features import FEATURES_VERSION
from declutter.measure import floors, gate, ratchet
from declutter.measure.completeness import Here
from declutter.measure.consistency import report_tables
from declutter.measure.figures import WORDS, Figures
from declutter.measure.gate import Gate
from declutter.measure.golden import Golden
from declutter.measure.held_out import FOLDS, LEFT_OUT, SHIPPED, HeldOut
from declutter.measure.integrity import REPORT
from declutter.measure.measures import measures
from declutter.measure.seals import sealed

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[1]
SHA = "0123456789ab" + "0" * 52
CODE, PAGES = "c" * 64, "d" * 64
OF = {"measured": "2026-01-01", "code_hash": CODE}
OF_FIT = {**OF, "corpus_hash": PAGES, "settings": {"trees": [2, 1]}}
OUTPUT = {"page": "1", "blocks": "2", "text": "3", "labels": "aab", "scores": [900000, 700000, 100000]}


# Four blocks of other, two of them taken for donation; one of donation taken for other.
KINDS = Figures(
    kinds={"donation": [1, 2, 0], "other": [4, 3, 2]},
    confusion={"donation": [*[0] * 11, 1], "other": [2, *[0] * 10, 2]},
)


def figures(f1: float, pages: int = 3) -> Figures:
    names = [str(number) for number in range(pages)]
    return Figures(WORDS, {name: ["article", f1, f1, f1] for name in names}, confidence=dict.fromkeys(names, 0.9))


class Stand(Gate):
    """A gate whose code, pages, outputs and sample are made up."""

    def put(self, section: str, of: dict[str, Any], found: dict[str, Figures]) -> None:
        """Store figures, and record and report them."""
        self.stored.put(section, of, found)
        self.record()

    def record(self) -> None:
        if self.golden is not None:
            self.golden.seals = sealed(self.stored)
        records = [item for item in self.stored if not item[2].strange(self.info, self.same_code)]
        report = {"model": {"sha256": self.info["sha256"]}, **report_tables(records, self.sources)}
        (self.checkout / REPORT).parent.mkdir(parents=True, exist_ok=True)
        (self.checkout / REPORT).write_text(json.dumps(report))

    def again_with(self, stored: HeldOut) -> Stand:
        """A gate over the same files, but for the figures."""
        made = self.again()
        made.stored = stored
        return made

    def again(self) -> Stand:
        """A gate over the same files."""
        made = Stand(self.directory, self.checkout)
        made.__dict__.update({name: self.__dict__[name] for name in ("outputs", "sample", "sources", "here")})
        return made


def made_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stand:
    directory = tmp_path / "models" / "default"
    directory.mkdir(parents=True)
    info = {
        "sha256": SHA,
        "features_version": FEATURES_VERSION,
        "code_hash": CODE,
        "corpus_hash": PAGES,
        "settings": {"trees": [2, 1]},
        "thresholds": {"balanced": 0.4},
        "corpora": {"wcxb": {"pages": 3}, "own": {"pages": 5}},
    }
    (directory / "model.json").write_text(json.dumps(info))
    stored = HeldOut()
    stored.put(FOLDS, {**OF_FIT, "folds": 5}, {"wcxb": figures(0.9), "own": KINDS})
    stored.put(LEFT_OUT, OF_FIT, {"wcxb": figures(0.85)})
    stored.put(SHIPPED, {**OF, "sha256": SHA}, {"dragnet": figures(0.8)})
    stored.write(directory)
    found: dict[str, dict[str, Any]] = {f"page {number}": dict(OUTPUT) for number in range(100)}
    found |= {f"text {number}": {"markup": "text", **OUTPUT} for number in range(60)}
    found |= {f"markdown {number}": {"markup": "markdown", **OUTPUT} for number in range(30)}
    Golden(SHA, CODE, {}, {"scores": [0.5]}, found, sealed(stored)).write(directory)
    (tmp_path / "models" / "CHANGELOG.md").write_text(
        "# Models\n## 0123456789ab\nAn entry that names the model is none that lowers its floors.\n"
    )
    for module in (gate, ratchet):
        monkeypatch.setattr(module, "code_hash", lambda: CODE)
    monkeypatch.setattr(ratchet, "training_values", lambda _: {"scores": [0.5]})
    monkeypatch.setattr(ratchet, "_settings", lambda: {"trees": [2, 1]})
    made = Stand(directory, tmp_path)
    made.__dict__["outputs"] = found
    made.__dict__["sample"] = floors.found_of([(floors.SAMPLE, "dragnet", figures(0.8))])
    made.__dict__["sources"] = load_sources(ROOT / "training_data")
    pages: dict[str, str | None] = dict.fromkeys("012", "article")
    made.__dict__["here"] = Here(PAGES, {"wcxb": pages, "dragnet": pages})
    made.record()
    floors.write_floors(made.baseline, floors.raised({}, measures(list(stored)) | made.sample))
    return made


def changed(stand: Stand, **values: Any) -> None:
    path = stand.directory / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))
    stand.__dict__.pop("info", None)


def code(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    for module in (gate, ratchet):
        monkeypatch.setattr(module, "code_hash", lambda: value)


def only(stand: Stand) -> str:
    (failure,) = stand.check()
    return failure


def git(stand: Stand, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=stand.checkout, check=True, capture_output=True)


def commit(stand: Stand) -> None:
    git(stand, "init", "--initial-branch", "main")
    git(stand, "add", ".")
    git(stand, "commit", "-m", "floors")
