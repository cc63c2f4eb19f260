"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from declutter.whole import try_folder, write_whole


def test_all_files_are_written_before_the_first_takes_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole(tmp_path, {"a": b"1", "b": b"1"})
    replace = Path.replace
    seen: list[set[str]] = []

    def watched(self: Path, target: Path) -> Path:
        seen.append({path.name for path in tmp_path.iterdir()})
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", watched)
    write_whole(tmp_path, {"a": b"2", "b": b"2"})
    before = f".declutter-{os.getpid()}-{threading.get_ident()}"
    assert seen[0] == {"a", "b", f"{before}-0.part", f"{before}-1.part"}
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"2", "b": b"2"}


def test_threads_of_one_folder_do_not_take_each_others_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both = threading.Barrier(2, timeout=10)
    write = Path.write_bytes

    def together(self: Path, data: bytes) -> int:
        written = write(self, data)
        both.wait()
        return written

    monkeypatch.setattr(Path, "write_bytes", together)
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(write_whole, tmp_path, {name: name.encode()}) for name in ("a", "b")]:
            done.result()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"a", "b": b"b"}


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole(tmp_path, {"a": b"1"})
    write = Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        if data == b"large":
            raise OSError(28, "No space left on device")
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path, {"a": b"2", "b": b"large"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"1"}


def test_a_folder_that_is_tried_is_left_as_it_was(tmp_path: Path) -> None:
    try_folder(tmp_path / "one" / "two")
    assert not list(tmp_path.iterdir())
    (tmp_path / "file").write_bytes(b"")
    try_folder(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    for folder in (tmp_path / "file", tmp_path / "file" / "one", Path("/proc/one/two")):
        with pytest.raises(OSError, match=r"Not a directory|File exists|No such file"):
            try_folder(folder)
    assert (tmp_path / "file").is_file()
