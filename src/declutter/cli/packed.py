"""Files as bytes: plain, gzip, and members of zip archives, unpacked no further than the limits go."""

from __future__ import annotations

import os
import stat
from functools import lru_cache
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from typing import IO, TYPE_CHECKING, Final, cast

from declutter.errors import InputError

if TYPE_CHECKING:
    import zipfile
    from pathlib import Path

__all__ = ["GZIP", "ZIP", "list_members", "member_place", "read_file", "read_member"]

GZIP: Final = ".gz"
ZIP: Final = ".zip"

# Of 4,373 real pages half unpack to 4 times their size, one in a thousand to 20 times, the most to 24 times.
_MOST_TIMES: Final = 200
# What is smaller does no harm whatever it was packed to.
_HARMLESS: Final = 1_000_000
_CHUNK: Final = 1 << 20
_ENCRYPTED: Final = 0x1
# Stored and deflated: of the other methods of zip archives Python unpacks all that a piece holds, however much that is.
_BOUNDED: Final = frozenset((0, 8))
# What macOS puts beside each file: its attributes, under the file's own ending.
_ATTRIBUTES: Final = "__MACOSX/"


def read_file(path: Path, most: int) -> bytes:
    """The bytes of a file, unpacked where its name ends in `.gz`.

    Args:
        path: a file, or a pipe.
        most: bytes to read at most, after unpacking.

    Raises:
        InputError: it is missing, not a file, not readable, damaged, or packed beyond reason.
    """
    try:
        mode, size = _kind(path)
        if not path.name.lower().endswith(GZIP):
            with path.open("rb") as file:
                return file.read(most)
        import gzip  # noqa: PLC0415 - costs start-up time

        with gzip.open(path) as packed:
            return _unpacked(cast("IO[bytes]", packed), most, size if stat.S_ISREG(mode) else None)
    except _damage() as error:
        raise InputError(f"not a whole gzip file ({error}): fetch it again, or rename it if it is not packed") from None
    except OSError as error:
        raise _unreadable(error) from None
    except ValueError as error:
        raise InputError(f"not a path ({error}): check it") from None


def list_members(path: Path) -> list[str]:
    """The names of the members of a zip archive, "" for folders and for what an archiver added.

    Raises:
        InputError: it is missing, not a file, not readable, damaged, or packed beyond reason.
    """
    import zipfile  # noqa: PLC0415 - costs start-up time

    try:
        mode, size = _kind(path)
        if not stat.S_ISREG(mode):
            raise InputError("not a file: zip archives cannot be read from a pipe; write it to a file first")
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except _damage() as error:
        raise _damaged(error) from None
    except OSError as error:
        raise _unreadable(error) from None
    except (ValueError, NotImplementedError) as error:
        raise _damaged(error) from None
    # Members can lie over each other in the file: each within bounds, and all together a bomb.
    _check_times(sum(member.file_size for member in members), size)
    return ["" if m.is_dir() or m.filename.startswith(_ATTRIBUTES) else m.filename for m in members]


def member_place(name: str) -> PurePath | None:
    """Where a member stands below its archive; None where its name leads out of it, on this system or another."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or ".." in parts or PureWindowsPath(name).anchor or PureWindowsPath(name).drive:
        return None
    return PurePath(*parts)


def read_member(path: Path, number: int, most: int) -> bytes:
    """The bytes of a member of a zip archive, unpacked again where its own name ends in `.gz`.

    Args:
        path: the archive.
        number: the place of the member in `list_members`.
        most: bytes to read at most, after unpacking.

    Raises:
        InputError: the archive or the member is encrypted, damaged, not readable, or packed beyond reason.
    """
    import gzip  # noqa: PLC0415 - costs start-up time

    try:
        status = path.stat()
        archive = _archive(os.fspath(path), status.st_mtime_ns, status.st_size)
        member = archive.infolist()[number]
        if member.flag_bits & _ENCRYPTED:
            raise InputError("is encrypted: unpack the archive with its password, and give the folder")
        if member.compress_type not in _BOUNDED:
            raise InputError(
                "packed in a way that cannot be unpacked piece by piece: unpack the archive, and give the folder"
            )
        with archive.open(member) as file:
            if member.filename.lower().endswith(GZIP):
                with gzip.open(file) as packed:
                    return _unpacked(cast("IO[bytes]", packed), most, member.compress_size)
            return _unpacked(file, most, member.compress_size)
    except _damage() as error:
        raise _damaged(error) from None
    except (NotImplementedError, RuntimeError) as error:
        raise InputError(
            f"packed in a way that is not known here ({error}): unpack the archive, and give the folder"
        ) from None
    except OSError as error:
        raise _unreadable(error) from None
    except (LookupError, ValueError) as error:
        raise _damaged(error) from None


# Reading the list of members anew for each of them would take time that grows with their square.
@lru_cache(maxsize=2)
def _archive(path: str, _changed: int, _size: int) -> zipfile.ZipFile:
    import zipfile  # noqa: PLC0415 - costs start-up time

    return zipfile.ZipFile(path)


def _damage() -> tuple[type[Exception], ...]:
    """What says that a packed file is damaged."""
    import gzip  # noqa: PLC0415 - costs start-up time
    import zipfile  # noqa: PLC0415
    import zlib  # noqa: PLC0415

    return zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error


def _unpacked(file: IO[bytes], most: int, packed: int | None) -> bytes:
    """What a packed file holds, up to `most` bytes; `packed` is its size in bytes, None where that is not known."""
    chunks = []
    total = 0
    while total < most and (chunk := file.read(min(_CHUNK, most - total))):
        chunks.append(chunk)
        total += len(chunk)
        if packed is not None:
            _check_times(total, packed)
    return b"".join(chunks)


def _check_times(unpacked: int, packed: int) -> None:
    if unpacked > _HARMLESS and unpacked > _MOST_TIMES * packed:
        raise InputError(
            f"unpacks to more than {_MOST_TIMES} times its size, as no page does: if it is sound, unpack it, and give that"
        )


def _kind(path: Path) -> tuple[int, int]:
    """Mode and size of a file or pipe."""
    status = path.stat()
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISFIFO(status.st_mode)):
        raise InputError("not a file: give the file of a page, a folder, or - for standard input")
    return status.st_mode, status.st_size


def _damaged(error: Exception) -> InputError:
    return InputError(f"not a whole zip archive ({error}): fetch it again, or rename it if it is none")


def _unreadable(error: OSError) -> InputError:
    if isinstance(error, FileNotFoundError):
        return InputError("there is no such file or folder: check the path")
    return InputError(f"cannot be read ({error.strerror or error}): check its permissions and name")
