"""Tables in a form that loads in milliseconds, made from the TOML files that people write when declutter is installed.

`hatch_build.py` makes them, into a wheel or for a checkout. The first line of each is the hash of the files it was made
from: where these have changed since, or nothing was made, the TOML is read.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["FOLDER", "prepare_table", "prepare_text", "prepared_text", "table_of"]

FOLDER = Path(__file__).parent
"""The folder of the package."""


def _place(name: str, folder: Path | None) -> Path:
    return (folder or FOLDER) / "_prepared" / name


def _first_line(sources: Iterable[Path]) -> str:
    """The hash of the names and the bytes of some files."""
    digest = hashlib.sha256()
    for source in sources:
        data = source.read_bytes()
        digest.update(f"{source.name} {len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()


def prepared_text(name: str, sources: Iterable[Path], folder: Path | None = None) -> str | None:
    """What was prepared of some files; None where nothing was, or they have changed since."""
    try:
        # As bytes, for a text file is searched for line ends of every kind.
        first, _, rest = _place(name, folder).read_bytes().partition(b"\n")
        return rest.decode() if first.decode() == _first_line(sources) else None
    except (OSError, UnicodeError):
        return None


def prepare_text(name: str, sources: Iterable[Path], text: str, folder: Path | None = None) -> Path:
    """Write a text that was made from some files."""
    place = _place(name, folder)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"{_first_line(sources)}\n{text}", encoding="utf-8", newline="\n")
    return place


def table_of(source: Path) -> dict[str, Any]:
    """What a TOML file holds."""
    text = prepared_text(f"{source.stem}.json", [source])
    return dict(_read_toml(source) if text is None else json.loads(text))


def prepare_table(source: Path, folder: Path | None = None) -> Path:
    """Prepare a TOML file without dates for `table_of`."""
    text = json.dumps(_read_toml(source), ensure_ascii=False)
    return prepare_text(f"{source.stem}.json", [source], text, folder)


def _read_toml(source: Path) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - costs start-up time

    return tomllib.loads(source.read_text(encoding="utf-8"))
