"""`declutter inspect`: which pages go into which file, and what is said where that fails."""

from __future__ import annotations

import os
import re
import shutil
import webbrowser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from declutter.cli import app

EXAMPLE = Path(__file__).parents[1] / "examples" / "flood-wardens.html"
FORUM = Path(__file__).parent / "pages" / "forum-ja" / "source.html"


def run(*arguments: str | Path, **options: Any) -> Any:
    return CliRunner().invoke(app, ["inspect", *map(str, arguments)], **options)


def names(report: Path) -> list[str]:
    return re.findall(r'<script type="text/plain" data-name="([^"]*)">', report.read_text(encoding="utf-8"))


def make(folder: Path, *pages: str) -> None:
    for name in pages:
        (folder / name).write_text(f"<h1>{name}</h1><p>Some words.", encoding="utf-8")


def test_it_writes_the_report_and_says_where(tmp_path: Path) -> None:
    result = run(EXAMPLE, "-o", tmp_path / "new" / "report.html")
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{tmp_path / 'new' / 'report.html'}\n"
    assert names(tmp_path / "new" / "report.html") == [str(EXAMPLE)]
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["report.html"], "no part is left over"


def test_without_o_it_has_a_name_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make(tmp_path, "a.html")
    for _ in range(2):  # the second time its own report lies in the folder, and is no page
        result = run(".")
        assert result.exit_code == 0, result.output
        assert names(tmp_path / "declutter-report.html") == ["a.html"]


def test_several_pages_go_in_order(tmp_path: Path) -> None:
    make(tmp_path, "b.html", "a.html")
    target = tmp_path / "r.html"
    result = run(tmp_path / "b.html", "-", tmp_path / "a.html", "-o", target, input=b"<p>Hello")
    assert result.exit_code == 0, result.output
    assert names(target) == [str(tmp_path / "b.html"), "standard input", str(tmp_path / "a.html")]


def test_archives_and_patterns_are_inputs_and_the_help_says_so(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    make(tmp_path / "site", "b.html", "a.html")
    shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path / "site")
    target = tmp_path / "r.html"
    result = run(tmp_path / "packed.zip", tmp_path / "site" / "b*.html", "-o", target)
    assert result.exit_code == 0, result.output
    assert sorted(names(target)) == [
        *(f"{tmp_path / 'packed.zip'}/{name}" for name in ("a.html", "b.html")), str(tmp_path / "site" / "b.html"),
    ]  # fmt: skip
    said = " ".join(run("--help").stdout.split())
    assert "zip archives" in said
    assert "'site/**/*.html'" in said


def test_a_page_that_fails_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    make(tmp_path, "a.html")
    (tmp_path / "b.html").write_bytes(b"%PDF-1.7 ...")
    (tmp_path / "empty").mkdir()
    target = tmp_path / "r.html"
    result = run(tmp_path / "b.html", tmp_path / "a.html", tmp_path / "gone.html", tmp_path / "empty", "-o", target)
    assert result.exit_code == 1
    for name in ("b.html", "gone.html", "empty"):
        assert f"{tmp_path / name}: " in result.stderr
    assert names(target) == [str(tmp_path / "a.html")]


def test_where_all_fail_nothing_is_written(tmp_path: Path) -> None:
    target = tmp_path / "r.html"
    assert run(tmp_path / "gone.html", "-o", target).exit_code == 1
    assert not target.exists()


@pytest.mark.parametrize("place", ["", ".", "folder", "a.html", "folder/../a.html"])
def test_it_is_not_written_over_a_page_or_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.chdir(tmp_path)
    make(tmp_path, "a.html")
    (tmp_path / "folder").mkdir()
    before = (tmp_path / "a.html").read_bytes()
    result = run("a.html", "-o", place)
    assert result.exit_code == 2
    assert "give the" in " ".join(result.stderr.split())
    assert (tmp_path / "a.html").read_bytes() == before


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    make(tmp_path, "a.html")
    result = run(tmp_path / "a.html", "-o", tmp_path / "a.html" / "r.html")
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr
    assert "Traceback" not in result.output


def test_options_reach_the_pages(tmp_path: Path) -> None:
    target = tmp_path / "r.html"
    sizes = set()
    for options in ((), ("--strictness", "0"), ("--keep", "comments"), ("--strip", "content")):
        assert run(FORUM, "-o", target, *options).exit_code == 0
        sizes.add(target.read_bytes())
    assert len(sizes) == 4
    assert run(FORUM, "-o", target, "--strictness", "high").exit_code == 2


def test_it_is_opened_in_the_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    works = True

    def stand(address: str) -> bool:
        opened.append(address)
        return works

    monkeypatch.setattr(webbrowser, "open", stand)
    make(tmp_path, "a.html")
    target = tmp_path / "r r.html"
    assert run(tmp_path / "a.html", "-o", target).exit_code == 0
    assert opened == []
    assert run(tmp_path / "a.html", "-o", target, "--open").exit_code == 0
    assert opened == [target.as_uri()]
    works = False
    result = run(tmp_path / "a.html", "-o", target, "--open")
    assert result.exit_code == 0
    assert "no browser could be opened" in result.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_no_report_takes_the_place_of_what_is_no_file(tmp_path: Path) -> None:
    make(tmp_path, "a.html")
    os.mkfifo(tmp_path / "pipe")
    result = run(tmp_path / "a.html", "-o", tmp_path / "pipe")
    assert result.exit_code == 2
    assert (tmp_path / "pipe").is_fifo()
