"""`training_data/sources.toml`: where each corpus comes from, its licence, and what it may be used for."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, cast

from declutter.corpus.registry import CORPORA, READERS
from declutter.errors import CorpusError

__all__ = ["Source", "load_read_blind", "load_read_for_kinds", "load_set_aside", "load_sources", "training_data_root"]

Use = Literal["train", "validate", "annotate"]
_USES: Final = ("train", "validate", "annotate")
_HEADLINES: Final = ("in", "out")
_MEND: Final = "run the same in the folder of a checkout of the repository"
_TEXTS: Final = ("title", "licence", "attribution", "use", "layout", "headline", "changes")


@dataclass(frozen=True, slots=True)
class Source:
    """One corpus of `sources.toml`.

    Attributes:
        name: name of the corpus, a key of `READERS`.
        title: what people call it.
        licence: SPDX expression where there is one.
        attribution: who made it, for NOTICE and the model card.
        use: `train`, `annotate` (train, once labelled) or `validate` (never train, tune or choose on it).
        layout: the reader of its files.
        headline: whether the gold holds the main headline; scores leave it out where it says `out`.
        changes: what was done to it here.
        url: the home of the corpus; empty for the pages of this project.
        commit: the commit, or release, that the manifest was made from.
        files: address of one file, with `{commit}` and `{path}` (the manifest's path); empty where there is
            none.
        subset: JSON files of which the manifest holds a part: path to the key of each record that names its
            page.
        requirement: what to ask the package index for, where it comes from there.
        sha256: hash of the file from the package index.
    """

    name: str
    title: str
    licence: str
    attribution: str
    use: Use
    layout: str
    headline: Literal["in", "out"]
    changes: str
    url: str = ""
    commit: str = ""
    files: str = ""
    subset: dict[str, str] = field(default_factory=dict)
    requirement: str = ""
    sha256: str = ""

    @property
    def folder(self) -> str:
        """Where it lies under the corpora folder (for `own`, under `training_data`)."""
        return CORPORA[self.name]

    @property
    def public(self) -> bool:
        """Whether it has a manifest: all but the pages of this project."""
        return self.name != "own"


def training_data_root(explicit: Path | None = None) -> Path:
    """The folder `training_data` with `sources.toml`: the one given, else the checkout's, else the cwd's.

    Raises:
        CorpusError: there is none, as in an installed package.
    """
    candidates = [explicit] if explicit else [_checkout() / "training_data", Path("training_data")]
    for candidate in candidates:
        if (candidate / "sources.toml").is_file():
            return candidate
    raise CorpusError(f"{candidates[0] / 'sources.toml'}: missing; training data are not part of the package: {_MEND}")


def load_sources(training_data: Path) -> dict[str, Source]:
    """All corpora of `sources.toml`, in its order.

    Raises:
        CorpusError: the file is missing or no TOML, a corpus has no reader or lacks or misspells a value.
    """
    path = training_data / "sources.toml"
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror}); {_MEND}") from error
    except tomllib.TOMLDecodeError as error:
        raise CorpusError(f"{path}: not TOML ({error}); mend that line") from error
    sources = {name: _source(path, name, table) for name, table in tables.items()}
    if absent := [name for name in READERS if name not in sources]:
        raise CorpusError(f"{path}: no table for {', '.join(absent)}; add one")
    return sources


def load_set_aside(training_data: Path) -> frozenset[tuple[str, str]]:
    """Corpus and name of the pages that are never trained on, of `set_aside.toml`; none where there is no such file.

    Raises:
        CorpusError: the file is no TOML, or holds anything but lists of names by corpus.
    """
    return _listed(training_data / "set_aside.toml")


def load_read_blind(training_data: Path) -> frozenset[tuple[str, str]]:
    """Corpus and name of the pages that were labelled without a look at their gold, of `read_blind.toml`.

    Raises:
        CorpusError: as `load_set_aside`.
    """
    return _listed(training_data / "read_blind.toml")


def load_read_for_kinds(training_data: Path) -> frozenset[tuple[str, str]]:
    """Corpus and name of the pages whose labels say kinds alone, of `read_for_kinds.toml`; content is what their gold says.

    Raises:
        CorpusError: as `load_set_aside`.
    """
    return _listed(training_data / "read_for_kinds.toml")


def _listed(path: Path) -> frozenset[tuple[str, str]]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return frozenset()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CorpusError(f"{path}: not TOML that can be read ({error}); mend it") from error
    for name, pages in tables.items():
        if name not in CORPORA or not isinstance(pages, list) or not all(isinstance(page, str) for page in pages):
            raise CorpusError(f"{path}: {name} is not a list of page names of a known corpus; mend it")
    return frozenset((name, page) for name, pages in tables.items() for page in pages)


def _checkout() -> Path:
    return Path(__file__).resolve().parents[3]


def _source(path: Path, name: str, table: Any) -> Source:
    where = f"{path}: [{name}]"
    if name not in CORPORA or not isinstance(table, dict):
        raise CorpusError(f"{where}: there is no reader of that name; known are {', '.join(READERS)}")
    known = set(Source.__dataclass_fields__) - {"name"}
    if unknown := sorted(set(table) - known):
        raise CorpusError(f"{where}: unknown key {unknown[0]}; known are {', '.join(sorted(known))}")
    needed = _TEXTS if name == "own" else (*_TEXTS, "url", "commit")
    for key in needed:
        if not isinstance(table.get(key), str) or not table[key].strip():
            raise CorpusError(f"{where}: {key} is missing; write it as a string")
    for key, allowed in (("use", _USES), ("headline", _HEADLINES), ("layout", tuple(READERS))):
        if table[key] not in allowed:
            raise CorpusError(f"{where}: {key} = {table[key]!r}; it is one of {', '.join(allowed)}")
    source = Source(name=name, **cast("dict[str, Any]", table))
    if source.public and not (source.files or (source.requirement and source.sha256)):
        raise CorpusError(f"{where}: say how to fetch it: files, or requirement and sha256")
    if source.files and "{path}" not in source.files:
        raise CorpusError(f"{where}: files has no {{path}}; put it where the path of a file belongs")
    return source
