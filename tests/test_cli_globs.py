"""Patterns for paths."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from declutter.cli.globs import find_matches, is_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FILES = ("a.html", "b.txt", "d/a.html", "d/e/f/c.html", "d/.x/h.html", ".hid/a.html", "d/.a.html", "[1].html")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def complain(error: OSError) -> None:
    raise error


def matches(site: Path, pattern: str, left_out: str | None = None) -> Iterable[str]:
    base, paths = find_matches(f"{site}/{pattern}", complain, left_out)
    assert all(path.is_relative_to(base) for path in paths)
    return [path.relative_to(site).as_posix() for path in find_matches(f"{site}/{pattern}", complain, left_out)[1]]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.html", ["[1].html", "a.html"]),
        ("**/*.html", ["[1].html", "a.html", "d/a.html", "d/e/f/c.html"]),
        ("**", ["[1].html", "a.html", "b.txt", "d/a.html", "d/e/f/c.html"]),
        ("d/**/c.html", ["d/e/f/c.html"]),
        ("**/e/**/*", ["d/e/f/c.html"]),
        ("*/*.html", ["d/a.html"]),
        ("?.[th]*", ["a.html", "b.txt"]),
        ("**/.x/*", ["d/.x/h.html"]),
        (".h*/*", [".hid/a.html"]),
        ("[[]1].html", ["[1].html"]),
        ("x*", []),
    ],
)
def test_matches(site: Path, pattern: str, expected: list[str]) -> None:
    assert matches(site, pattern) == expected


def test_a_folder_that_is_not_there_is_told(site: Path) -> None:
    problems: list[OSError] = []
    assert not list(find_matches(f"{site}/no/such/*", problems.append)[1])
    assert [type(problem) for problem in problems] == [FileNotFoundError]


def test_a_folder_can_be_left_out_and_a_name_that_is_there_is_no_pattern(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert matches(site, "**/*.html", os.path.realpath(site / "d")) == ["[1].html", "a.html"]
    monkeypatch.chdir(site)
    assert [is_pattern(name) for name in ("*.html", "a?", "a.html", "[1].html", "[2].html")] == [1, 1, 0, 0, 1]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_to_folders_are_not_followed(site: Path) -> None:
    (site / "d" / "loop").symlink_to(site)
    assert matches(site, "**/c.html") == ["d/e/f/c.html"]


def test_many_wildcards_are_no_work(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*"a" * 60)
    deep.mkdir(parents=True)
    (deep / "b").touch()
    assert matches(tmp_path, "**/" * 30 + "c") == []
