"""What the command line was given: files, folders and `-` become a list of pages to read."""

from __future__ import annotations

import gzip
import os
import stat
import sys
import zlib
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final, NamedTuple

from declutter.errors import InputError
from declutter.limits import DEFAULT_LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from declutter.document import Markup

__all__ = ["STDIN", "Failed", "Item", "find_items", "one_item", "read_item", "without_ending"]

STDIN: Final = "-"
"""The name of standard input on the command line."""

_ENDINGS: Final[dict[Markup, tuple[str, ...]]] = {
    "html": (".html", ".htm", ".xhtml"),
    "text": (".txt", ".text"),
    "markdown": (".md", ".markdown"),
}
_KNOWN: Final = tuple(ending for endings in _ENDINGS.values() for ending in endings)
_PACKED: Final = ".gz"


class Item(NamedTuple):
    """One page to read.

    Attributes:
        name: what to call it in messages and output: its path as given, or `-`.
        path: the file; None for standard input.
        place: where it stands below an output folder, with its own ending.
        markup: what it is written in.
        data: what standard input held; None for files, which are read when their turn comes.
    """

    name: str
    path: Path | None
    place: PurePath
    markup: Markup = "html"
    data: bytes | None = None


class Failed(NamedTuple):
    """An input that gives no page, and why."""

    name: str
    message: str


def find_items(
    names: Sequence[str],
    output: Path | None = None,
    markup: Markup | None = None,
    max_bytes: int = DEFAULT_LIMITS.max_bytes,
) -> list[Item | Failed]:
    """The pages of the inputs in order, each once: files as they are, folders with all their files of a markup, sorted.

    Args:
        names: paths, or `-` for standard input, which is read here.
        output: a folder that is left out of folders that hold it.
        markup: what all are written in; None goes by the endings of files, and takes HTML alone out of folders.
        max_bytes: what is read of standard input is a byte more at most.
    """
    found: list[Item | Failed] = []
    seen: set[Path | str] = set()
    for name in dict.fromkeys(names):
        if name == STDIN:
            found.append(Item(name, None, PurePath("stdin"), markup or "html", sys.stdin.buffer.read(max_bytes + 1)))
            continue
        path = Path(name)
        if not name:
            found.append(Failed("''", "an empty path: check the quotes"))
            continue
        if not os.path.isdir(path):  # noqa: PTH112 - Path.is_dir fails where a folder above may not be read
            found.append(Item(name, path, PurePath(path.name), markup or _markup_of(path.name)))
            continue
        # Several inputs share an output folder: each folder then has one of its own name in it.
        below = PurePath(path.resolve().name) if len(names) > 1 else PurePath()
        items = list(_in_folder(path, below, output, markup or "html"))
        if not items:
            endings = ", ".join(_ENDINGS[markup or "html"])
            items = [Failed(name, f"no {endings} file is in this folder: name the files if they end otherwise")]
        found += items
    unique: list[Item | Failed] = []
    for item in found:
        key = item.name if isinstance(item, Failed) or item.path is None else item.path.absolute()
        if key not in seen:
            seen.add(key)
            unique.append(item)
    return unique


def one_item(name: str, markup: Markup | None = None) -> Item:
    """The page of an input that must be one page; its markup as for `find_items`.

    Raises:
        InputError: it is a folder, or no path at all.
    """
    if name and (name == STDIN or not os.path.isdir(name)):  # noqa: PTH112 - as above
        item = find_items([name], markup=markup)[0]
        if isinstance(item, Item):
            return item
    raise InputError("give the path of one file, or - for standard input")


def _markup_of(name: str) -> Markup:
    """What a file of a name is written in; HTML where its ending says nothing."""
    bare = _unpacked(name).lower()
    return next((markup for markup, endings in _ENDINGS.items() if bare.endswith(endings)), "html")


def _in_folder(folder: Path, below: PurePath, output: Path | None, markup: Markup) -> Iterator[Item | Failed]:
    left_out = os.path.realpath(output) if output is not None else None
    problems: list[OSError] = []
    for place, folders, files in os.walk(folder, onerror=problems.append):
        here = Path(place)
        folders[:] = sorted(name for name in folders if os.path.realpath(here / name) != left_out)
        for name in sorted(files):
            if _unpacked(name).lower().endswith(_ENDINGS[markup]):
                path = here / name
                yield Item(str(path), path, below / path.relative_to(folder), markup)
    for error in problems:
        yield Failed(str(error.filename), f"this folder cannot be read ({error.strerror}): mend its permissions")


def _unpacked(name: str) -> str:
    return name[: -len(_PACKED)] if name.lower().endswith(_PACKED) else name


def without_ending(place: PurePath) -> PurePath:
    """A place without the endings that pages have; others stay, since `example.com` is a name, not an ending."""
    name = _unpacked(place.name)
    for ending in _KNOWN:
        if name.lower().endswith(ending) and len(name) > len(ending):
            return place.with_name(name[: -len(ending)])
    return place.with_name(name) if name else place


def read_item(item: Item, max_bytes: int = DEFAULT_LIMITS.max_bytes, mend: str = "cut it up") -> bytes:
    """The bytes of a page, unpacked where its name ends in `.gz`.

    Args:
        item: the page.
        max_bytes: a byte more is read at most, of packed pages after unpacking, so that no small file becomes a large page.
        mend: what to do about a larger one.

    Raises:
        InputError: it is missing, not a file, not readable, damaged or larger.
    """
    data = item.data if item.path is None else _read_file(item.path, max_bytes + 1)
    assert data is not None
    if len(data) > max_bytes:
        raise InputError(f"over {max_bytes:,} bytes: {mend}")
    return data


def _read_file(path: Path, most: int) -> bytes:
    try:
        mode = path.stat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
            raise InputError("not a file: give the file of a page, a folder, or - for standard input")
        if path.name.lower().endswith(_PACKED):
            with gzip.open(path) as packed:
                return packed.read(most)
        with path.open("rb") as file:
            return file.read(most)
    except FileNotFoundError:
        raise InputError("there is no such file or folder: check the path") from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(f"not a whole gzip file ({error}): fetch it again, or rename it if it is not packed") from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error}): check its permissions and name") from None
    except ValueError as error:
        raise InputError(f"not a path ({error}): check it") from None
