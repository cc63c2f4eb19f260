"""What is done of a batch, in a small file beside the outputs: a run that was cut off goes on where it stopped.

A line a page, written after its output, in one piece. A line that was cut off is no JSON and counts for nothing; an output
counts only if it still has the digest in its line. So the file may be cut off anywhere, or lost, and nothing worse comes of
it than pages made again.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from declutter import __version__
from declutter.cli.outputs import unwritable, write
from declutter.render.outputs import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from declutter.model import Model

__all__ = ["Done", "State", "digest_of", "is_intact", "read_state", "source_of", "stamp_of", "write_state"]

# What reads pages and writes Markdown besides this package.
_READERS: Final = ("turbohtml", "markdown-it-py")


class Done(NamedTuple):
    """A page that is done.

    Attributes:
        source: `source_of` the page it was made from.
        digest: `digest_of` its output.
        start: where that begins in a file of many; None where the file is all its own.
        size: bytes of the output.
        words: how many words of each label were removed, and stayed.
        address: where the page came from, as far as rules by host need it.
        matched: the rules that matched any of its blocks.
    """

    source: str
    digest: str
    start: int | None
    size: int
    words: tuple[tuple[str, int], ...] = ()
    address: str | None = None
    matched: frozenset[tuple[str, str]] = frozenset()


def stamp_of(options: Mapping[str, Any], model: Model) -> str:
    """A hash of all that decides the output of a page besides the page: options, model, versions."""
    from importlib.metadata import version  # noqa: PLC0415 - costs start-up time

    model_json = digest_of(json.dumps(model.info, sort_keys=True, default=str).encode())
    versions = [__version__, SCHEMA, *(version(name) for name in _READERS)]
    told = json.dumps([versions, model_json, dict(options)], sort_keys=True, default=str)
    return digest_of(told.encode("utf-8", "surrogatepass"))


def source_of(stamp: str, name: str, markup: str, data: bytes) -> str:
    """A hash of a page and of all that decides its output.

    Args:
        stamp: `stamp_of` the run.
        name: what the output calls the page, "" where it does not.
        markup: what it is written in.
        data: its bytes, unpacked.
    """
    head = json.dumps([stamp, name, markup]).encode()
    return digest_of(head + b"\n" + data)


def digest_of(output: bytes) -> str:
    """The hash of an output."""
    import hashlib  # noqa: PLC0415 - costs start-up time

    return hashlib.sha256(output).hexdigest()


def is_intact(path: Path, done: Done) -> bool:
    """Whether an output is as it was written."""
    try:
        with path.open("rb") as file:
            if (done.start or 0) + done.size > os.fstat(file.fileno()).st_size:
                return False  # no more is read than there is, whatever the state says
            file.seek(done.start or 0)
            # Of a file that is all its own a byte more: it may have grown.
            output = file.read(done.size + (done.start is None))
    except OSError:
        return False
    return digest_of(output) == done.digest


class State:
    """The file of what is done, open for more. What it held before is in `before`.

    Args:
        path: the file.
        resume: False begins anew.

    Raises:
        InputError: it cannot be written.
    """

    def __init__(self, path: Path, *, resume: bool) -> None:
        self.path = path
        self.before = read_state(path) if resume else {}
        write_state(path, self.before)
        try:
            # Without a buffer a line is one call: whole in the file, or not there.
            self._file = path.open("ab", buffering=0)
        except OSError as error:
            raise unwritable(path, error) from None

    def add(self, key: str, done: Done) -> None:
        """Note a page whose output is written.

        Raises:
            InputError: it cannot be written.
        """
        try:
            self._file.write(_line(key, done))
        except OSError as error:
            raise unwritable(self.path, error) from None

    def close(self, *, keep: bool) -> None:
        """Leave the file, or take it away."""
        self._file.close()
        if not keep:
            self.path.unlink(missing_ok=True)


def write_state(path: Path, entries: Mapping[str, Done]) -> None:
    """Write a whole file of what is done.

    Raises:
        InputError: it cannot be written.
    """
    write(path, b"".join(_line(key, done) for key, done in entries.items()), path.parent)


def read_state(path: Path) -> dict[str, Done]:
    """What a file says is done, by key; of two lines with one key the later counts."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError:
        return {}
    entries: dict[str, Done] = {}
    for line in lines:
        try:
            row = json.loads(line)
            key, start = row["key"], row["start"]
            done = Done(
                str(row["source"]),
                str(row["digest"]),
                None if start is None else max(0, int(start)),
                max(0, int(row["size"])),
                tuple((str(label), int(count)) for label, count in row["words"]),
                None if row["address"] is None else str(row["address"]),
                frozenset((str(argument), str(rule)) for argument, rule in row["matched"]),
            )
        except (ValueError, TypeError, LookupError, OverflowError, RecursionError):
            continue
        if isinstance(key, str):
            entries[key] = done
    return entries


def _line(key: str, done: Done) -> bytes:
    row = {"key": key, **done._asdict(), "matched": sorted(done.matched)}
    return json.dumps(row).encode() + b"\n"
