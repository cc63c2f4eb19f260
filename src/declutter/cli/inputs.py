"""What the command line was given: files, folders, archives, patterns and `-` become a list of pages to read."""

from __future__ import annotations

import os
import sys
from collections import Counter
from itertools import chain
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from declutter.cli.globs import find_matches, is_pattern
from declutter.cli.packed import GZIP, ZIP, list_members, member_place, read_file, read_member
from declutter.cli.terminal import shown_name
from declutter.document.limits import DEFAULT_LIMITS
from declutter.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from declutter.document import Markup

__all__ = [
    "REPORT",
    "STDIN",
    "Failed",
    "Item",
    "find_items",
    "left_out_line",
    "one_item",
    "read_item",
    "without_ending",
]

STDIN: Final = "-"
"""The name of standard input on the command line."""

REPORT: Final = "declutter-report.html"
"""What `declutter inspect` writes where it is told nothing else: no page of the folder it lies in."""

_ENDINGS: Final[dict[Markup, tuple[str, ...]]] = {
    "html": (".html", ".htm", ".xhtml"),
    "text": (".txt", ".text"),
    "markdown": (".md", ".markdown"),
}
_WEB: Final = ("http://", "https://")
# Told one by one of what is left out.
_MOST_ENDINGS: Final = 5
_LONGEST_ENDING: Final = 20
_KNOWN: Final = tuple(ending for endings in _ENDINGS.values() for ending in endings)


class Item(NamedTuple):
    """One page to read.

    Attributes:
        name: what to call it in messages and output: its path as given, that of its archive before it, or `-`.
        path: the file, or the archive it is in; None for standard input.
        place: where it stands below an output folder, with its own ending.
        markup: what it is written in.
        data: what standard input held; None for files, which are read when their turn comes.
        member: its place in the list of its archive; None for what is in none.
    """

    name: str
    path: Path | None
    place: PurePath
    markup: Markup = "html"
    data: bytes | None = None
    member: int | None = None


class Failed(NamedTuple):
    """An input that gives no page, and why."""

    name: str
    message: str


def find_items(
    names: Sequence[str],
    output: Path | None = None,
    markup: Markup | None = None,
    max_bytes: int = DEFAULT_LIMITS.max_bytes,
    left_out: Counter[str] | None = None,
) -> list[Item | Failed]:
    """The pages of the inputs in order, each once.

    Files as they are; folders and zip archives with all their files of a markup; patterns with the files that match.
    Where files named one by one share a name, each has its folders in the output, below the one that holds them all.

    Args:
        names: paths, patterns, or `-` for standard input, which is read here.
        output: a folder that is left out of folders that hold it.
        markup: what all are written in; None goes by the endings of files, and takes HTML alone out of folders.
        max_bytes: what is read of standard input is a byte more at most.
        left_out: where to count, by their endings, the files of folders and archives that do not end as a page does.
    """
    search = _Search(
        markup,
        os.path.realpath(output) if output is not None else None,
        _base([name for name in names if _sort_of(name) == "file"]),
        Counter() if left_out is None else left_out,
    )
    found: list[Item | Failed] = []
    seen: set[tuple[str, int | None]] = set()
    for name in dict.fromkeys(names):
        if name == STDIN:
            entries: Iterable[Item | Failed] = [_standard_input(markup or "html", max_bytes)]
        else:
            entries = search.of(name, several=len(names) > 1)
        for item in entries:
            key: tuple[str, int | None] = (item.name, None)
            if isinstance(item, Item) and item.path is not None:
                key = (os.path.abspath(item.path), item.member)  # noqa: PTH100 - which takes out `..`
            if key not in seen:
                seen.add(key)
                found.append(item)
    return found


def _standard_input(markup: Markup, max_bytes: int) -> Item | Failed:
    try:
        data = sys.stdin.buffer.read(max_bytes + 1)
    except OSError as error:
        return Failed(STDIN, f"standard input cannot be read ({error.strerror}): give it a file or a pipe")
    return Item(STDIN, None, PurePath("stdin"), markup, data)


def one_item(name: str, markup: Markup | None = None) -> Item:
    """The page of an input that must be one page; its markup as for `find_items`.

    Raises:
        InputError: it is a folder, or no path at all, or standard input cannot be read.
    """
    if _sort_of(name) not in {"nothing", "folder"}:
        found = find_items([name], markup=markup)
        if len(found) == 1 and isinstance(found[0], Item):
            return found[0]
        if len(found) == 1 and isinstance(found[0], Failed):
            raise InputError(found[0].message)
    raise InputError("give the path of one file, or - for standard input")


def _markup_of(name: str) -> Markup:
    """What a file of a name is written in; HTML where its ending says nothing."""
    bare = _unpacked(name).lower()
    return next((markup for markup, endings in _ENDINGS.items() if bare.endswith(endings)), "html")


class _Search:
    """Looks for pages.

    Args:
        markup: as for `find_items`.
        output: the folder that is left out, as `os.path.realpath` gives it.
        base: the folder below which files named one by one have their place; None where their names are enough.
        left_out: counts the endings of files that are passed over.
    """

    def __init__(self, markup: Markup | None, output: str | None, base: str | None, left_out: Counter[str]) -> None:
        self._markup = markup
        self._wanted: Markup = markup or "html"
        self._output = output
        self._base = base
        self._left_out = left_out
        # What the files of the input are written in that are passed over.
        self._others: set[Markup] = set()

    def of(self, name: str, *, several: bool) -> Iterable[Item | Failed]:
        """The pages of one input; with several of them each folder has one of its own name in the output."""
        path = Path(name)
        self._others.clear()
        sort = _sort_of(name)
        if sort == "nothing":
            return [Failed("''", "an empty path: check the quotes")]
        if sort == "address":
            return [Failed(name, "pages are not fetched here: save it, and give the file, with its address as --url")]
        if sort == "folder":
            below = PurePath(path.resolve().name) if several else PurePath()
            return _or(self._in_folder(path, below), lambda: self._nothing(name, "folder", ""))
        if sort == "pattern":
            return _or(self._matching(name, several), lambda: Failed(name, "no file matches this pattern: check it"))
        if sort == "archive":
            below = PurePath(path.name[: -len(ZIP)]) if several else PurePath()
            return _or(self._in_archive(path, below), lambda: self._nothing(name, "archive", "unpack it, and "))
        place = path.name if self._base is None else os.path.relpath(path, self._base)
        return [self._file(name, path, PurePath(place))]

    def _nothing(self, name: str, what: str, first: str) -> Failed:
        """For a folder or an archive without a page of the markup; `first` is to be done before its files can be named."""
        options = " or ".join(f"--markup {markup}{' (--text)' * (markup == 'text')}" for markup in sorted(self._others))
        mend = f"give {options} for what is there, or " if options else ""
        ending = ", ".join(_ENDINGS[self._wanted])
        return Failed(name, f"no {ending} file is in this {what}: {mend}{first}name the files if they end otherwise")

    def _file(self, name: str, path: Path, place: PurePath) -> Item:
        return Item(name, path, place, self._markup or _markup_of(path.name))

    def _in_folder(self, folder: Path, below: PurePath) -> Iterator[Item | Failed]:
        problems: list[OSError] = []
        for root, folders, files in os.walk(folder, onerror=problems.append):
            here = Path(root)
            # As patterns do, which names that begin with a dot do not fit.
            folders[:] = sorted(
                name for name in folders if name[0] != "." and os.path.realpath(here / name) != self._output
            )
            for name in sorted(files):
                if name[0] == "." or name == REPORT:
                    continue
                path = here / name
                place = below / path.relative_to(folder)
                if name.lower().endswith(ZIP):
                    yield from self._in_archive(path, place.with_name(name[: -len(ZIP)] or name))
                elif self._is_page(name):
                    yield Item(str(path), path, place, self._wanted)
        yield from map(_no_folder, problems)

    def _matching(self, pattern: str, several: bool) -> Iterator[Item | Failed]:
        problems: list[OSError] = []
        base, paths = find_matches(pattern, problems.append, self._output)
        below = PurePath(base.resolve().name) if several else PurePath()
        for path in paths:
            place = below / path.relative_to(base)
            if path.name.lower().endswith(ZIP):
                yield from self._in_archive(path, place.with_name(path.name[: -len(ZIP)] or path.name))
            else:
                yield self._file(str(path), path, place)
        yield from map(_no_folder, problems)

    def _in_archive(self, path: Path, below: PurePath) -> Iterator[Item | Failed]:
        try:
            members = list_members(path)
        except InputError as error:
            yield Failed(str(path), str(error))
            return
        for number, member in enumerate(members):
            parts = member.split("/")
            if parts[-1] == REPORT or any(part[:1] == "." and part not in {".", ".."} for part in parts):
                continue
            if self._is_page(member):
                name, place = f"{path}/{member}", member_place(member)
                if place is None:
                    yield Failed(name, "its name leads out of the archive: pack it anew, with names below a folder")
                else:
                    yield Item(name, path, below / place, self._wanted, member=number)

    def _is_page(self, name: str) -> bool:
        bare = _unpacked(name).lower()
        found = next((markup for markup, endings in _ENDINGS.items() if bare.endswith(endings)), None)
        if found is not None and found != self._wanted:
            self._others.add(found)
        if found != self._wanted and name:
            self._left_out[PurePath(bare).suffix] += 1
        return found == self._wanted


def left_out_line(left_out: Counter[str], markup: Markup | None) -> str:
    """What to say of files that were passed over, counted by their endings.

    Args:
        left_out: at least one.
        markup: as for `find_items`.
    """
    most = left_out.most_common(_MOST_ENDINGS)
    rest = left_out.total() - sum(count for _, count in most)
    told = [f"{shown_name(ending)[:_LONGEST_ENDING] or 'without an ending'} {count:,}" for ending, count in most]
    told += [f"others {rest:,}"] * bool(rest)
    count = f"{left_out.total():,} file{'s that do' if left_out.total() > 1 else ' that does'}"
    return (
        f"{count} not end in {' or '.join(_ENDINGS[markup or 'html'])} left out ({', '.join(told)}):"
        " name what is a page, or give a pattern"
    )


def _sort_of(name: str) -> Literal["nothing", "stdin", "address", "folder", "pattern", "archive", "file"]:
    """What an input is, by its name and by what stands there."""
    if not name:
        return "nothing"
    if name == STDIN:
        return "stdin"
    if os.path.isdir(name):  # noqa: PTH112 - Path.is_dir fails where a folder above may not be read
        return "folder"
    if name.lower().startswith(_WEB) and not os.path.lexists(name):
        return "address"
    if is_pattern(name):
        return "pattern"
    return "archive" if name.lower().endswith(ZIP) else "file"


def _base(files: Sequence[str]) -> str | None:
    """The folder that holds all of the files that are there, where two of them have one name but for its ending; else None."""
    files = [name for name in files if os.path.lexists(name)]
    places = {PurePath(os.path.abspath(name)) for name in files}  # noqa: PTH100 - as for keys of items
    names = Counter(without_ending(place).name.casefold() for place in places if place.name)
    if not names or max(names.values()) == 1:
        return None
    try:
        return os.path.commonpath([os.path.dirname(os.path.abspath(name)) for name in files])  # noqa: PTH100, PTH120
    except ValueError:  # they are on several drives
        return None


def _or(entries: Iterator[Item | Failed], nothing: Callable[[], Failed]) -> Iterable[Item | Failed]:
    """Entries, or what the other gives where there are none."""
    first = next(entries, None)
    return chain([first or nothing()], entries)


def _no_folder(error: OSError) -> Failed:
    return Failed(str(error.filename), f"this folder cannot be read ({error.strerror}): mend its permissions")


def _unpacked(name: str) -> str:
    return name[: -len(GZIP)] if name.lower().endswith(GZIP) else name


def without_ending(place: PurePath) -> PurePath:
    """A place without the endings that pages have; others stay, since `example.com` is a name, not an ending."""
    name = _unpacked(place.name)
    for ending in _KNOWN:
        if name.lower().endswith(ending) and len(name) > len(ending):
            return place.with_name(name[: -len(ending)])
    return place.with_name(name) if name else place


def read_item(item: Item, max_bytes: int = DEFAULT_LIMITS.max_bytes, mend: str = "cut it up") -> bytes:
    """The bytes of a page, unpacked where its name ends in `.gz` or it is in an archive.

    Args:
        item: the page.
        max_bytes: a byte more is read at most, of packed pages after unpacking, so that no small file becomes a large page.
        mend: what to do about a larger one.

    Raises:
        InputError: it is missing, not a file, not readable, damaged, larger, or packed beyond reason.
    """
    if item.path is None:
        data = item.data
        assert data is not None
    elif item.member is None:
        data = read_file(item.path, max_bytes + 1)
    else:
        data = read_member(item.path, item.member, max_bytes + 1)
    if len(data) > max_bytes:
        raise InputError(f"over {max_bytes:,} bytes: {mend}")
    return data
