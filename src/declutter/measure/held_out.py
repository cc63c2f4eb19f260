"""`held_out.json`: figures that are stored with a model, page by page, with what they were measured with."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from declutter.errors import ModelError
from declutter.measure.figures import Figures

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

__all__ = [
    "FOLDS",
    "HELD_OUT",
    "LEFT_OUT",
    "SECTIONS",
    "SHIPPED",
    "TEXT",
    "HeldOut",
    "Record",
    "dump",
    "keep_fold",
    "kept_folds",
    "lacking",
    "lasting",
]

HELD_OUT: Final = "held_out.json"
FOLDS: Final = "folds"
LEFT_OUT: Final = "left_out"
SHIPPED: Final = "shipped"
TEXT: Final = "text"
SECTIONS: Final[dict[str, str]] = {
    FOLDS: "grouped folds",
    LEFT_OUT: "left out: no page of {corpus} in training",
    SHIPPED: "shipped model",
    TEXT: "grouped folds, as plain text",
}
"""How figures were measured: by models of the same code and settings that saw no page of the site, by such a model that
saw no page of the corpus either, or by the shipped model, which saw no page of a validation corpus; or, for pages flattened to
plain text, by such models of text."""

# Finished folds of a run that may be cut off.
_PART: Final = "held_out.part.json"
# What of a record's origin says nothing of the model.
_BESIDE: Final = frozenset(("measured", "folds", "markup"))


@dataclass(slots=True)
class Record:
    """Figures of one corpus.

    Attributes:
        of: what they were measured with: code_hash; for folds and corpora left out corpus_hash and
            settings, for the shipped model its sha256; `measured`, the date, and `folds`, how many.
        figures: what was measured.
    """

    of: dict[str, Any]
    figures: Figures

    def strange(self, info: Mapping[str, Any], same_code: Collection[str] = ()) -> list[str]:
        """In what the record is not of a model: names of what differs; empty where the figures are the model's.

        Args:
            info: the model's model.json.
            same_code: hashes of code that gives equal values.
        """
        missing = [] if "code_hash" in self.of else ["code_hash"]
        return [
            *missing,
            *(
                key
                for key, value in self.of.items()
                if key not in _BESIDE
                and value != info.get(key)
                and not (key == "code_hash" and {value, info.get(key)} <= {*same_code})
            ),
        ]


def lacking(section: str, of: Mapping[str, Any]) -> list[str]:
    """What of its origin a record of a section does not say, which is nothing that could be another's."""
    wanted = ("code_hash", "sha256") if section == SHIPPED else ("code_hash", "corpus_hash", "settings")
    return [key for key in wanted if key not in of]


@dataclass(slots=True)
class HeldOut:
    """All stored figures of a model, by section and corpus."""

    sections: dict[str, dict[str, Record]] = field(default_factory=lambda: {name: {} for name in SECTIONS})

    def __iter__(self) -> Iterator[tuple[str, str, Record]]:
        for section, records in self.sections.items():
            for corpus, record in records.items():
                yield section, corpus, record

    def put(self, section: str, of: Mapping[str, Any], found: Mapping[str, Figures]) -> None:
        """Store figures of some corpora in place of those that were there."""
        records = self.sections[section]
        records |= {corpus: Record(dict(of), figures) for corpus, figures in found.items()}
        if section in {FOLDS, TEXT}:  # folds are measured together
            self.sections[section] = {corpus: records[corpus] for corpus in found}
        else:
            self.sections[section] = {corpus: records[corpus] for corpus in sorted(records)}

    @classmethod
    def read(cls, directory: Path) -> HeldOut:
        """The figures in a model's folder; none where the file is missing.

        Raises:
            ModelError: the file is damaged.
        """
        stored = cls()
        path = directory / HELD_OUT
        if not path.is_file():
            return stored
        try:
            whole = json.loads(path.read_text(encoding="utf-8"))
            for section in SECTIONS:
                for corpus, values in whole.get(section, {}).items():
                    stored.sections[section][corpus] = Record(values.pop("of"), Figures(**values))
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise ModelError(
                f"{path} does not hold figures ({error}): take it from the repository, or run `declutter evaluate`"
            ) from error
        return stored

    def write(self, directory: Path) -> None:
        """Write the figures into a model's folder; the file appears whole or not at all."""
        whole = {
            section: {corpus: {"of": record.of, **record.figures.as_json()} for corpus, record in records.items()}
            for section, records in self.sections.items()
        }
        _write(directory / HELD_OUT, whole)


def kept_folds(directory: Path, of: Mapping[str, Any]) -> dict[int, dict[str, Figures]]:
    """Figures of the folds that a run with the same code, pages and settings finished before it was cut off."""
    try:
        whole = json.loads((directory / _PART).read_text(encoding="utf-8"))
        if lasting(whole["of"]) != lasting(of):
            return {}
        return {
            int(fold): {corpus: Figures(**values) for corpus, values in found.items()}
            for fold, found in whole["done"].items()
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def keep_fold(directory: Path, of: Mapping[str, Any], done: Mapping[int, Mapping[str, Figures]]) -> None:
    """Keep the figures of finished folds until all are there; without any, nothing is kept."""
    if not done:
        (directory / _PART).unlink(missing_ok=True)
        return
    folds = {
        str(fold): {corpus: figures.as_json() for corpus, figures in found.items()} for fold, found in done.items()
    }
    _write(directory / _PART, {"of": dict(of), "done": folds})


def lasting(of: Mapping[str, Any]) -> dict[str, Any]:
    """What of an origin is the same on another day."""
    return {key: value for key, value in of.items() if key != "measured"}


def _write(path: Path, whole: Mapping[str, Any]) -> None:
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(dump(whole) + "\n", encoding="utf-8")
    temporary.replace(path)


def dump(value: Any, depth: int = 0) -> str:
    """JSON with a line for each innermost list, so that a change of a page is a change of a line; `of` is one too."""
    if not isinstance(value, dict) or not any(isinstance(part, dict | list) for part in value.values()):
        return json.dumps(value, ensure_ascii=False)
    inner = " " * (depth + 1)
    lines = [
        f"{inner}{json.dumps(key, ensure_ascii=False)}: {json.dumps(part) if key == 'of' else dump(part, depth + 1)}"
        for key, part in value.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n" + " " * depth + "}"
