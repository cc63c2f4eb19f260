"""gzip files and zip archives as inputs: members, limits, bombs, damage, names."""

from __future__ import annotations

import gzip
import warnings
import zipfile
from pathlib import Path, PurePath
from typing import Any

import pytest
from typer.testing import CliRunner

from declutter import predict
from declutter.cli import app
from declutter.cli.inputs import Failed, Item, find_items, one_item, read_item
from declutter.cli.packed import list_members, member_place, read_member
from declutter.errors import InputError

PAGE = f"<title>The ferry</title><h1>The ferry</h1><p>{'The ferry left at six, and nobody had slept. ' * 8}</p>"
BOMB = b"<p>" + b"a" * 20_000_000


def clean(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["clean", *map(str, arguments)])


def archive(path: Path, members: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_an_archive_is_like_a_folder(tmp_path: Path) -> None:
    members: dict[str, bytes | str] = {
        "a.html": PAGE,
        "d/b.HTM": PAGE,
        "d/": "",
        "d/c.html.gz": gzip.compress(PAGE.encode()),
        "x.css": "x",
    }
    path = archive(tmp_path / "site.zip", {**members, "__MACOSX/._a.html": b"\0\5\x16"})
    result = clean(path, "-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert files(tmp_path / "out") == {"a.txt", "d/b.txt", "d/c.txt"}
    assert {(tmp_path / "out" / name).read_text() for name in files(tmp_path / "out")} == {predict(PAGE).text() + "\n"}
    names = [item.name for item in find_items([str(path)])]
    assert names == [f"{path}/a.html", f"{path}/d/b.HTM", f"{path}/d/c.html.gz"]
    # In a folder, by a pattern and beside others it is a folder of its name.
    for inputs in ([tmp_path], [f"{tmp_path}/*.zip"], [path, tmp_path / "x.html"]):
        (tmp_path / "x.html").write_text(PAGE)
        out = tmp_path / "more"
        assert clean(*inputs, "-o", out).exit_code == 0
        assert {"site/a.txt", "site/d/b.txt", "site/d/c.txt"} <= files(out)


def test_what_is_not_packed_at_all(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a.html": PAGE}, zipfile.ZIP_STORED)
    assert read_member(path, 0, 10**6) == PAGE.encode()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_to_pack_that_python_unpacks_without_bounds(tmp_path: Path, method: int) -> None:
    path = archive(tmp_path / "a.zip", {"a.html": PAGE}, method)
    with pytest.raises(InputError, match="cannot be unpacked piece by piece: unpack the archive"):
        read_member(path, 0, 10**6)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("a/b.html", "a/b.html"),
        ("a\\b.html", "a/b.html"),
        ("./a.html", "a.html"),
        ("a..b/c.html", "a..b/c.html"),
        ("../a.html", None),
        ("a/../../b.html", None),
        ("a\\..\\..\\b.html", None),
        ("/etc/a.html", None),
        ("\\a.html", None),
        ("C:\\a.html", None),
        ("C:a.html", None),
        ("\\\\host\\share\\a.html", None),
    ],
)
def test_names_cannot_leave_the_archive(tmp_path: Path, name: str, place: str | None) -> None:
    assert member_place(name) == (None if place is None else PurePath(place))
    path = archive(tmp_path / "a.zip", {name: PAGE, "good.html": PAGE})
    result = clean(path, "-o", tmp_path / "in" / "out")
    assert result.exit_code == (place is None)
    assert ("leads out of the archive" in result.stderr) == (place is None)
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.txt")}
    assert written == {f"in/out/{made}" for made in ("good.txt", *([place[:-5] + ".txt"] if place else []))}


def test_members_of_one_name_never_share_an_output(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file, warnings.catch_warnings(action="ignore"):
        for text in ("one", "two", "three"):
            file.writestr("a.html", PAGE.replace("six", text))
    result = clean(tmp_path / "a.zip", "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert "a.zip/a.html: another input goes to the same file" in result.stderr
    assert "at one" in (tmp_path / "out" / "a.txt").read_text()
    assert "at two" in (tmp_path / "out" / "a.html.txt").read_text()
    lines = clean(tmp_path / "a.zip", "--jsonl", "-").stdout.splitlines()
    assert [word in line for word, line in zip(("one", "two", "three"), lines, strict=True)] == [True] * 3


def test_limits_count_unpacked_bytes(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a.html": PAGE, "b.html": "<p>b", "c.html.gz": gzip.compress(PAGE.encode())})
    result = clean(path, "--max-bytes", "100")
    assert result.exit_code == 1
    assert [line.split("/")[-1] for line in result.stderr.splitlines()] == [
        f"{name}: over 100 bytes: read more with --max-bytes, or cut it up" for name in ("a.html", "c.html.gz")
    ]


def test_bombs_are_stopped(tmp_path: Path) -> None:
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(BOMB))
    archive(tmp_path / "b.zip", {"b.html": BOMB})
    archive(tmp_path / "c.zip", {"c.html.gz": gzip.compress(BOMB), "good.html": PAGE})
    result = clean(tmp_path, "-o", tmp_path / "out")
    assert result.exit_code == 1
    for name in ("a.html.gz", "b.zip", "c.zip/c.html.gz"):
        assert f"{name}: unpacks to more than 200 times its size" in result.stderr
    assert files(tmp_path / "out") == {"c/good.txt"}
    # Packed a hundred times smaller is still a page.
    (tmp_path / "d.html.gz").write_bytes(gzip.compress(PAGE.encode() * 5000, 1))
    assert read_item(one_item(str(tmp_path / "d.html.gz"))) == PAGE.encode() * 5000


def test_damage_and_encryption_are_named(tmp_path: Path) -> None:
    whole = archive(tmp_path / "a.zip", {"a.html": PAGE, "b.html": PAGE}, zipfile.ZIP_STORED).read_bytes()
    (tmp_path / "bad.zip").write_bytes(whole.replace(b"nobody", b"anbody", 1))
    locked = bytearray(whole)
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        locked[whole.index(mark) + at] |= 1
    (tmp_path / "locked.zip").write_bytes(locked)
    odd = bytearray(whole)
    odd[whole.index(b"PK\1\2") + 10] = 99
    (tmp_path / "odd.zip").write_bytes(odd)
    (tmp_path / "cut.zip").write_bytes(whole[:-30])
    (tmp_path / "none.zip").write_bytes(b"no archive")
    result = clean(*(tmp_path / f"{name}.zip" for name in ("bad", "locked", "odd", "cut", "none", "gone")))
    assert result.exit_code == 1
    told = result.stderr.splitlines()
    assert len(told) == 6
    for name, mend in (
        ("bad.zip/a.html", "not a whole zip archive (Bad CRC-32"),
        ("locked.zip/a.html", "is encrypted: unpack the archive with its password"),
        ("odd.zip/a.html", "packed in a way that cannot be unpacked piece by piece"),
        ("cut.zip", "not a whole zip archive"),
        ("none.zip", "not a whole zip archive"),
        ("gone.zip", "there is no such file"),
    ):
        assert any(f"{name}: {mend}" in line for line in told), (name, told)
    # The other members are done.
    assert result.stdout.count("/b.html <==") == 3


def test_archives_without_pages(tmp_path: Path) -> None:
    archive(tmp_path / "a.zip", {"x.css": "x"})
    assert isinstance(find_items([str(tmp_path / "a.zip")])[0], Failed)
    assert "no .html, .htm, .xhtml file is in this archive" in clean(tmp_path / "a.zip").stderr
    archive(tmp_path / "c.zip", {"x.txt": "x"})
    assert (
        "archive: give --markup text (--text) for what is there, or unpack it, and name"
        in clean(tmp_path / "c.zip").stderr
    )
    (tmp_path / "b.html").write_text(PAGE)
    assert "2 files that do not end in" in clean(tmp_path).stderr


def test_one_page_of_an_archive(tmp_path: Path) -> None:
    item = one_item(str(archive(tmp_path / "a.zip", {"a.html": PAGE})))
    assert read_item(item) == PAGE.encode()
    archive(tmp_path / "b.zip", {"a.html": PAGE, "b.html": PAGE})
    with pytest.raises(InputError, match="give the path of one file"):
        one_item(str(tmp_path / "b.zip"))
    with pytest.raises(InputError, match="pages are not fetched here"):
        one_item("https://tide.test/")


def test_an_archive_that_is_changed_meanwhile(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a.html": PAGE, "b.html": PAGE})
    assert list_members(path) == ["a.html", "b.html"]
    item = find_items([str(path)])[1]
    assert isinstance(item, Item)
    assert read_item(item) == PAGE.encode()
    archive(path, {"a.html": "other"})
    with pytest.raises(InputError, match="not a whole zip archive"):
        read_item(item)
