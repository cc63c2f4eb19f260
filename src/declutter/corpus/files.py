"""Files of a corpus: a page may lie there plain, as a fetch brings it, or gzipped."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import TYPE_CHECKING, Any, Final

from declutter.errors import CorpusError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["decode_text", "find_file", "html_pages", "read_bytes", "read_json", "read_text"]

_MEND: Final = "run `declutter corpus fetch` to bring the files of the corpus"


def find_file(path: Path) -> Path | None:
    """The file itself, or the same with `.gz`; None where neither is there."""
    for candidate in (path, path.with_name(path.name + ".gz")):
        if candidate.is_file():
            return candidate
    return None


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, gunzipped if only `<path>.gz` is there.

    Raises:
        CorpusError: neither is there, it cannot be read, or it is not gzip.
    """
    found = find_file(path)
    if found is None:
        raise CorpusError(f"{path}: missing; {_MEND}")
    try:
        data = found.read_bytes()
    except OSError as error:
        raise CorpusError(
            f"{found}: cannot be read ({error.strerror or error}); look at the disk and its rights"
        ) from None
    if found == path:
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise CorpusError(f"{found}: not whole gzip ({error}); delete it and fetch it again") from error


def decode_text(data: bytes) -> str:
    """Gold text: by its byte order mark, else UTF-8, else windows-1252; old corpora mix all of them.

    Bytes that windows-1252 does not know become U+FFFD. Line ends become LF.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_text(path: Path) -> str:
    """The text of a gold file (see `decode_text`).

    Raises:
        CorpusError: the file is not there.
    """
    return decode_text(read_bytes(path))


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file.

    Raises:
        CorpusError: the file is not there, or holds no JSON object.
    """
    try:
        value = json.loads(read_bytes(path))
    except ValueError as error:
        raise CorpusError(f"{path}: not JSON ({error}); delete it and fetch it again") from error
    if not isinstance(value, dict):
        raise CorpusError(f"{path}: holds {type(value).__name__} where an object belongs; fetch it again")
    return value


def html_pages(folder: Path) -> list[tuple[str, Path]]:
    """Name and path (without `.gz`) of each `.html` or `.html.gz` file of a folder, sorted by name.

    Raises:
        CorpusError: there is no such folder.
    """
    if not folder.is_dir():
        raise CorpusError(f"{folder}: missing; {_MEND}")
    files = (entry.name.removesuffix(".gz") for entry in folder.iterdir() if entry.is_file())
    names = {file.removesuffix(".html") for file in files if file.endswith(".html")}
    return [(name, folder / f"{name}.html") for name in sorted(names)]
