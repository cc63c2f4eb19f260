"""Manifests: the files of a corpus and the sha256 of each, so that everybody trains on the same pages."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from declutter.corpus import formasaurus
from declutter.corpus.files import find_file, read_bytes
from declutter.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from declutter.corpus.sources import Source

__all__ = [
    "LocalCopy",
    "digest",
    "load_manifest",
    "make_manifest",
    "manifest_path",
    "missing",
    "safe_path",
    "take_subset",
    "verify",
    "write_manifest",
]

# What the readers read, by layout; other files of a local copy (licences, metadata) stay out.
_FILES: Final[dict[str, tuple[str, ...]]] = {
    "cleaneval": ("input/*.html", "GoldStandard/*.txt"),
    "dragnet": ("input/*.html", "GoldStandard/*.txt"),
    "formasaurus": ("index.json", "html/*.html"),
    "goose3": ("*.html", "*.json"),
    "newspaper4k": ("html/*.html", "txt/*.txt"),
    "postlight": ("*.html",),
    "readability": ("*/source.html", "*/expected.html"),
    "trafilatura-eval": ("evaldata.json", "cache/*.html", "eval/*.html"),
    "wcxb": ("dev/html/*.html", "dev/ground-truth/*.json"),
}
_SHA256_LENGTH: Final = 64


class LocalCopy:
    """The files of one corpus in a folder, plain, gzipped or, for formasaurus, inside its wheel."""

    def __init__(self, source: Source, folder: Path) -> None:
        self.source = source
        self.folder = folder
        wheel = folder / formasaurus.WHEEL
        packed = source.layout == "formasaurus" and wheel.is_file()
        self._packed: Mapping[str, bytes] | None = formasaurus.read_wheel(wheel) if packed else None

    def paths(self) -> list[str]:
        """The paths of all files a reader would read, without `.gz`, sorted."""
        if self._packed is not None:
            return sorted(path for path in self._packed if self._belongs(path))
        found = (path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file())
        return sorted({name for path in found if self._belongs(name := path.as_posix().removesuffix(".gz"))})

    def read(self, path: str) -> bytes:
        """The gunzipped bytes of a file.

        Raises:
            CorpusError: it is not there or damaged.
        """
        if self._packed is None:
            return read_bytes(self.folder / path)
        if path not in self._packed:
            raise CorpusError(f"{self.folder / formasaurus.WHEEL}: {path} is missing; fetch the corpus again")
        return self._packed[path]

    def _belongs(self, path: str) -> bool:
        parts = PurePosixPath(path)
        patterns = (PurePosixPath(pattern) for pattern in _FILES[self.source.layout])
        return any(len(parts.parts) == len(form.parts) and parts.match(str(form)) for form in patterns)


def manifest_path(training_data: Path, name: str) -> Path:
    """Where the manifest of a corpus lies."""
    return training_data / "manifests" / f"{name}.tsv"


def digest(source: Source, path: str, data: bytes) -> str:
    """The sha256 a manifest holds for a file: of its bytes, or of its sorted records if it is part of a file.

    Raises:
        CorpusError: a file of records is no JSON.
    """
    if path in source.subset:
        data = _canonical(_records(path, data))
    return hashlib.sha256(data).hexdigest()


def take_subset(source: Source, path: str, data: bytes, paths: set[str]) -> bytes:
    """The records of a JSON file whose page is among the manifest's paths, as JSON.

    Args:
        source: the corpus, with the path in its `subset`.
        path: path of the JSON file.
        data: the file as its publisher has it.
        paths: all paths of the manifest.

    Raises:
        CorpusError: the file is no JSON object of objects.
    """
    key = source.subset[path]
    names = {PurePosixPath(other).name for other in paths}
    records = _records(path, data)
    return _canonical({name: record for name, record in records.items() if record.get(key) in names})


def make_manifest(source: Source, folder: Path) -> dict[str, str]:
    """Path to sha256 of each file that the corpus' reader would read in a local copy.

    Raises:
        CorpusError: the folder holds no file of the corpus, or a file that cannot be read.
    """
    copy = LocalCopy(source, folder)
    rows = {path: digest(source, path, copy.read(path)) for path in copy.paths()}
    if not rows:
        raise CorpusError(f"{folder}: holds no file of the layout {source.layout}; name the folder of the corpus")
    return rows


def write_manifest(training_data: Path, name: str, rows: Mapping[str, str]) -> Path:
    """Write a manifest, a line `sha256 <tab> path` for each file, by path; returns where."""
    target = manifest_path(training_data, name)
    target.parent.mkdir(parents=True, exist_ok=True)
    lines = (f"{sha256}\t{path}\n" for path, sha256 in sorted(rows.items()))
    target.write_text("".join(lines), encoding="utf-8", newline="\n")
    return target


def load_manifest(training_data: Path, name: str) -> dict[str, str]:
    """Path to sha256 of each file of a corpus.

    Raises:
        CorpusError: there is no manifest, or a line of it is malformed or leads out of the corpus' folder.
    """
    manifest = manifest_path(training_data, name)
    try:
        text = manifest.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{manifest}: cannot be read; make it from a local copy of the corpus") from error
    rows: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line:
            continue
        sha256, _, path = line.partition("\t")
        if len(sha256) != _SHA256_LENGTH or set(sha256) - set("0123456789abcdef") or path in rows:
            raise CorpusError(f"{manifest}:{number}: not `sha256 <tab> path`, or the path twice; make it anew")
        if not safe_path(path):
            raise CorpusError(f"{manifest}:{number}: {path!r} leads out of the corpus; take that line out")
        rows[path] = sha256
    if not rows:
        raise CorpusError(f"{manifest}: empty; make it from a local copy of the corpus")
    return rows


def safe_path(path: str) -> bool:
    """Whether a path is a plain relative one on every system: no `..`, root, drive, NUL or backslash."""
    parts = path.split("/")
    return not any(part in {"", ".", ".."} for part in parts) and not any(
        character in "\\:" or not character.isprintable() for character in path
    )


def missing(source: Source, rows: Mapping[str, str], folder: Path) -> list[str]:
    """The paths of a manifest that a local copy lacks, by names alone, which is quick; what the files hold `verify` tells."""
    if source.layout == "formasaurus" and (folder / formasaurus.WHEEL).is_file():
        return []  # a wheel that is cut short cannot be read at all
    return [path for path in rows if find_file(folder / path) is None]


def verify(source: Source, rows: Mapping[str, str], folder: Path) -> Iterator[str]:
    """What is wrong with a local copy: files missing, other than the manifest says, or not in it at all."""
    copy = LocalCopy(source, folder)
    for path, sha256 in rows.items():
        try:
            found = digest(source, path, copy.read(path))
        except CorpusError as error:
            yield str(error)
            continue
        if found != sha256:
            yield f"{folder / path}: not the file of the manifest; delete it and fetch the corpus again"
    for path in copy.paths():
        if path not in rows:
            yield f"{folder / path}: not in the manifest; take it out, lest a test page be trained on"


def _records(path: str, data: bytes) -> dict[str, dict[str, object]]:
    try:
        records = json.loads(data)
    except ValueError as error:
        raise CorpusError(f"{path}: not JSON ({error}); delete it and fetch it again") from error
    if not isinstance(records, dict) or not all(isinstance(record, dict) for record in records.values()):
        raise CorpusError(f"{path}: not an object of records; fetch it again")
    return records


def _canonical(records: Mapping[str, object]) -> bytes:
    return json.dumps(records, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
