"""`declutter clean`: inputs, outputs, failures."""

from __future__ import annotations

import gzip
import json
import os
import threading
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from declutter import clean as library_clean
from declutter import predict
from declutter.cli import app, work
from declutter.cli.inputs import Failed, Item, find_items, read_item, without_ending
from declutter.cli.outputs import plan, same_file, write
from declutter.document.limits import Limits
from declutter.errors import InputError

EXAMPLE = Path(__file__).parents[1] / "examples" / "flood-wardens.html"
PARAGRAPH = "The ferry left at six in the morning, and nobody on the quay had slept. "
PAGE = f"<html><head><title>The ferry</title></head><body><h1>The ferry</h1><p>{PARAGRAPH * 6}</p></body></html>"


def clean(*arguments: str | Path, **options: Any) -> Any:
    return CliRunner().invoke(app, ["clean", *map(str, arguments)], **options)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "deep" / "deeper").mkdir(parents=True)
    (folder / "a.html").write_text(PAGE)
    (folder / "deep" / "b.HTM").write_text(PAGE)
    (folder / "deep" / "deeper" / "c.xhtml").write_text(PAGE)
    (folder / "deep" / "d.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (folder / "notes.txt").write_text("no page")
    return folder


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


# -- what it gives ---------------------------------------------------------------------------------------------------


def test_the_example_page_is_cleaned_and_what_went_is_named() -> None:
    result = clean(EXAMPLE, "--removed")
    assert result.exit_code == 0, result.output
    article = EXAMPLE.read_text(encoding="utf-8").split("<article", 1)[1].split('<footer class="post-footer">', 1)[0]
    for paragraph in (
        "At ten past three on a Wednesday",
        "The list is still on paper.",
        "so that a visitor can hear it too.",
    ):
        assert paragraph in article
        assert paragraph in result.stdout
    for gone in (
        "Accept all cookies",
        "Donate now",
        "Monthly",
        "Sign me up",
        "Most read",
        "Weirside Will",
        "All rights",
    ):
        assert gone not in result.stdout
        assert gone in result.stderr
    assert "donation" in result.stderr
    assert "blocks removed" in result.stderr


def test_every_paragraph_of_the_example_stays() -> None:
    page = predict(EXAMPLE.read_bytes())
    lost = [
        block.text
        for block in page.chrome
        if block.origin == "text" and "article" in block.path and block.path.endswith(("article > p", "blockquote > p"))
    ]
    assert lost == []


def test_one_file_is_its_text_and_nothing_else(site: Path) -> None:
    result = clean(site / "a.html")
    assert result.exit_code == 0
    assert result.stdout == predict(PAGE).text() + "\n"
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("output", "start"), [("text", "The ferry\n\n"), ("markdown", "# The ferry\n"), ("html", "<h1>The ferry</h1>")]
)
def test_outputs(site: Path, output: str, start: str) -> None:
    result = clean(site / "a.html", "--output", output)
    assert result.exit_code == 0
    assert result.stdout.startswith(start)


def test_no_headline(site: Path) -> None:
    result = clean(site / "a.html", "--no-headline")
    assert result.stdout.startswith(PARAGRAPH.split(",", maxsplit=1)[0])


def test_strictness_as_a_number() -> None:
    everything = clean(EXAMPLE, "--strictness", "0").stdout
    assert "Accept all cookies" in everything
    assert len(clean(EXAMPLE, "--strictness", "precision").stdout) <= len(clean(EXAMPLE).stdout) < len(everything)


def test_several_files_have_a_line_with_the_name_between(site: Path) -> None:
    result = clean(site)
    assert result.exit_code == 0
    names = [line for line in result.stdout.splitlines() if line.startswith("==> ")]
    assert names == [
        f"==> {site / name} <==" for name in ("a.html", "deep/b.HTM", "deep/d.html.gz", "deep/deeper/c.xhtml")
    ]


def test_json_is_a_line_a_page_with_its_file(site: Path) -> None:
    result = clean(site, "--output", "json")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [Path(row["file"]).name for row in rows] == ["a.html", "b.HTM", "d.html.gz", "c.xhtml"]
    assert rows[0]["text"] == predict(PAGE).text()
    assert {"headline", "blocks", "confidence"} <= rows[0].keys()
    alone = json.loads(clean(site / "a.html", "--output", "json", "--no-headline").stdout)
    assert alone["text"] == predict(PAGE).text(headline=False)


def test_standard_input() -> None:
    result = clean("-", input=PAGE.encode())
    assert result.exit_code == 0
    assert result.stdout == predict(PAGE).text() + "\n"


def test_encoding_of_the_input(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_bytes(f"<h1>Привет</h1><p>{'Москва не сразу строилась. ' * 10}</p>".encode("koi8-r"))
    assert "Москва" in clean(page, "--encoding", "koi8-r").stdout


def test_an_empty_page_is_an_empty_result(tmp_path: Path) -> None:
    for name, text in (("empty.html", ""), ("white.html", " \n\t "), ("tags.html", "<div><p></p></div>")):
        (tmp_path / name).write_text(text)
        result = clean(tmp_path / name)
        assert result.exit_code == 0
        assert result.stdout == ""


# -- with -o ---------------------------------------------------------------------------------------------------------


def test_one_file_out_for_one_in_with_the_folders_kept(site: Path, tmp_path: Path) -> None:
    out = tmp_path / "made" / "out"
    result = clean(site, "-o", out, "--output", "markdown")
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert files(out) == {"a.md", "deep/b.md", "deep/d.md", "deep/deeper/c.md"}
    assert (out / "deep" / "d.md").read_text(encoding="utf-8") == (out / "a.md").read_text(encoding="utf-8")


def test_several_folders_get_one_each(site: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.html").write_text(PAGE)
    result = clean(site, other, other / "a.html", "-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    # The file that was named again is the one from the folder, and is done once.
    assert files(tmp_path / "out") == {
        "site/a.txt", "site/deep/b.txt", "site/deep/d.txt", "site/deep/deeper/c.txt", "other/a.txt",
    }  # fmt: skip


def test_an_output_folder_inside_the_input_is_not_an_input(site: Path) -> None:
    for _ in range(2):
        result = clean(site, "-o", site / "out", "--output", "html")
        assert result.exit_code == 0, result.output
    assert files(site / "out") == {"a.html", "deep/b.html", "deep/d.html", "deep/deeper/c.html"}


def test_a_file_of_content_tells_a_browser_its_encoding(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text(PAGE.replace("The ferry", "The f\u00e9rry"), "utf-8")
    shown = clean(page, "--output", "html").stdout
    head = '<!DOCTYPE html>\n<meta charset="utf-8">\n'
    assert clean(page, "-o", tmp_path / "out", "--output", "html").exit_code == 0
    assert (tmp_path / "out" / "a.html").read_text("utf-8") == head + shown
    for options in (["--scope", "document"], ["--scope", "document", "--inert"]):
        clean(page, "-o", tmp_path / "whole", "--output", "html", *options)
        assert not (tmp_path / "whole" / "a.html").read_text("utf-8").startswith(head)
    clean(page, "-o", tmp_path / "out", "--output", "markdown")
    assert (tmp_path / "out" / "a.md").read_text("utf-8") == clean(page, "--output", "markdown").stdout


@pytest.mark.parametrize("name", ["page.md", "page.TXT", "page.html", "pages.jsonl"])
def test_the_name_of_a_file_is_no_output_folder_unless_it_is_one(site: Path, tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    result = clean(site / "a.html", "-o", target)
    assert result.exit_code == 2
    assert "name of a file" in " ".join(result.output.replace("│", "").split())
    assert not target.exists()
    target.mkdir()
    assert clean(site / "a.html", "-o", target).exit_code == 0
    assert files(target) == {"a.txt"}


@pytest.mark.parametrize("option", ["--jsonl", "--errors", "-o"])
def test_an_option_is_not_taken_for_the_name_of_an_output(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = files(tmp_path)
    result = clean(site, option, "--removed")
    assert result.exit_code == 2
    assert "--removed" in result.output
    assert files(tmp_path) == before


def test_two_inputs_never_share_an_output(tmp_path: Path) -> None:
    for name in ("a.html", "a.htm", "A.html"):
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / name).write_text(PAGE)
    result = clean(tmp_path / "in", "-o", tmp_path / "out")
    assert result.exit_code == 0
    assert len(files(tmp_path / "out")) == len(files(tmp_path / "in"))


def test_files_of_one_name_keep_the_folders_they_lie_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [tmp_path / "site" / folder / "index.html" for folder in ("", "a", "a/b")]
    for page in pages:
        page.parent.mkdir(exist_ok=True, parents=True)
        page.write_text(PAGE)
    monkeypatch.chdir(tmp_path)
    named = [page.relative_to(tmp_path) for page in (*pages, pages[0])]
    assert clean(*named, "-o", "out").exit_code == 0
    assert files(tmp_path / "out") == {"index.txt", "a/index.txt", "a/b/index.txt"}
    assert clean(*named[:3], "./site/../site/a/index.html", "-o", "out2").exit_code == 0
    assert files(tmp_path / "out2") == {"index.txt", "a/index.txt", "a/b/index.txt"}
    (tmp_path / "site" / "a" / "other.html").write_text(PAGE)
    assert clean(pages[0], "site/a/other.html", "-o", "out3").exit_code == 0
    assert files(tmp_path / "out3") == {"index.txt", "other.txt"}
    (tmp_path / "site" / "a" / "b" / "INDEX.htm").write_text(PAGE)
    assert clean(pages[0], "site/a/b/INDEX.htm", "-o", "out4").exit_code == 0
    assert files(tmp_path / "out4") == {"index.txt", "a/b/INDEX.txt"}
    assert clean(pages[1], "gone/index.html", "-o", "out5").exit_code == 1
    assert files(tmp_path / "out5") == {"index.txt"}


def test_files_that_are_passed_over_are_told_of(tmp_path: Path) -> None:
    names = ("a.html", "b.HTM", "c.php", "d.php", "e", "f.css", "g.txt.gz", ".h.html", "declutter-report.html", "i.zip")
    (tmp_path / ".git").mkdir()
    for name in (*names, ".git/j.html"):
        if name != "i.zip":
            (tmp_path / name).write_text(PAGE)
    with zipfile.ZipFile(tmp_path / "i.zip", "w") as file:
        file.mkdir("k")
        file.writestr("k/l.html", PAGE)
        file.writestr("k/m.php", PAGE)
        file.writestr("k/p.zip", "PK")
        for name in (".git/n.html", "k/.o.html", "declutter-report.html"):
            file.writestr(name, PAGE)
    result = clean(tmp_path, "-o", tmp_path / "out")
    assert result.exit_code == 0
    assert files(tmp_path / "out") == {"a.txt", "b.txt", "i/k/l.txt"}
    told = "7 files that do not end in .html or .htm or .xhtml left out (.php 3, without an ending 1, .css 1, .txt 1, .zip 1):"
    assert told in result.stderr
    assert "left out" not in clean(tmp_path / "a.html", "-o", tmp_path / "out").stderr


def test_nothing_is_written_over_an_input(site: Path) -> None:
    before = {name: (site / name).read_bytes() for name in files(site)}
    result = clean(site, "-o", site, "--output", "html")
    assert result.exit_code == 1
    assert "a.html: would be written over the input" in result.stderr
    assert {name: (site / name).read_bytes() for name in before} == before


@pytest.mark.parametrize("name", ["A.HTML", "e\u0301.HTML"])
@pytest.mark.parametrize("folds", [True, False])
def test_nothing_is_written_over_an_input_that_the_disk_takes_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, folds: bool
) -> None:
    page = tmp_path / name
    page.write_text(PAGE)
    # What the disk says of two names, here one that folds them and one that does not.
    monkeypatch.setattr(Path, "samefile", lambda *_: folds)
    for other in ("a.html", "A.html", "\u00e9.html", "E\u0301.html"):
        alike = other[0].casefold() == name[0].casefold() or (other[0] == "\u00e9" and name[0] == "e")
        assert same_file(page, tmp_path / other) == (folds and alike)
    result = clean(page, "-o", tmp_path, "--output", "html")
    assert result.exit_code == folds
    assert ("would be written over the input" in result.stderr) == folds
    assert page.read_text() == PAGE


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_two_names_of_one_file(tmp_path: Path) -> None:
    page, other = tmp_path / "a.html", tmp_path / "A.HTML"
    page.write_text(PAGE)
    assert same_file(page, page)
    assert not same_file(page, tmp_path / "A.html")
    other.unlink(missing_ok=True)
    if not page.exists():  # the disk folds names, and there is no need to play one
        return
    other.hardlink_to(page)
    for command in (("clean", str(page), "--errors", str(other)), ("clean", str(page), "--jsonl", str(other))):
        result = CliRunner().invoke(app, command)
        assert (result.exit_code, "is one of the other files" in result.stderr) == (2, True)
    result = CliRunner().invoke(app, ["inspect", str(page), "-o", str(other)])
    assert (result.exit_code, "is one of the pages" in result.stderr) == (2, True)
    assert page.read_text() == PAGE


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_nothing_is_written_outside(site: Path, tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (out / "deep").symlink_to(elsewhere)
    result = clean(site, "-o", out)
    assert result.exit_code == 1
    assert "leads out of" in result.stderr
    assert files(elsewhere) == set()
    assert (out / "a.txt").is_file()


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_in_a_circle_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.html").symlink_to(tmp_path / "b.html")
    (tmp_path / "b.html").symlink_to(tmp_path / "a.html")
    result = clean(tmp_path, "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert "cannot be read" in result.stderr
    assert "Traceback" not in result.output


def test_a_file_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match=r"a\.txt cannot be written \(No space left on device\)"):
        write(tmp_path / "a.txt", "text", tmp_path)
    assert files(tmp_path) == set()


def test_a_file_of_that_name_is_no_folder(site: Path) -> None:
    result = clean(site, "-o", site / "notes.txt")
    assert result.exit_code == 2
    assert "notes.txt" in result.stderr


def test_names_without_an_html_ending_stay_whole() -> None:
    for name, bare in (
        ("a.html", "a"),
        ("a.HTM", "a"),
        ("a.html.gz", "a"),
        ("example.com", "example.com"),
        (".html", ".html"),
        ("stdin", "stdin"),
    ):
        assert without_ending(Path(name)) == Path(bare)


def test_a_plan_keeps_to_the_folder(tmp_path: Path) -> None:
    items = [Item("-", None, Path("stdin"), data=b""), Item("x", tmp_path / "x.html", Path("deep/x.html"))]
    assert plan(items, tmp_path, [".txt", ".txt"]) == [tmp_path / "stdin.txt", tmp_path / "deep" / "x.txt"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A.html", "a.html"),
        ("stra\u00dfe.html", "STRASSE.html"),
        ("\u00e9.html", "e\u0301.html"),
        ("\u00c9.html", "e\u0301.html"),
        ("e\u0301/a.html", "\u00e9/a.html"),
        ("\u1e9b\u0323.html", "\u1e61\u0323.html"),
    ],
)
def test_names_that_a_disk_may_take_for_one_get_two_files(tmp_path: Path, one: str, other: str) -> None:
    items = [Item(name, tmp_path / name, Path(name)) for name in (one, other)]
    bare = [name.removesuffix(".html") for name in (one, other)]
    assert plan(items, tmp_path / "out", [".txt", ".txt"]) == [
        tmp_path / "out" / f"{bare[0]}.txt",
        tmp_path / "out" / f"{other}.txt",
    ]


ARTICLE = (
    f"Home\nNews\nSign up for our newsletter\n\n{PARAGRAPH * 4}\n\n{PARAGRAPH * 3}\n\nSubscribe now to our newsletter\n"
)


def test_text_and_markdown_go_by_their_endings(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE)
    (tmp_path / "b.md").write_text(f"# The *ferry*\n\n{PARAGRAPH * 4}\n\n[Home](/) [News](/news)\n")
    for options in ([], ["--text"], ["--markup", "text"]):
        result = clean(tmp_path / "a.txt", *options)
        assert result.exit_code == 0, result.output
        assert result.stdout == f"{PARAGRAPH * 4}"[:-1] + f"\n\n{PARAGRAPH * 3}"[:-1] + "\n"
    assert "# The *ferry*" in clean(tmp_path / "b.md").stdout
    assert "# The" not in clean(tmp_path / "b.md", "--output", "text").stdout
    assert clean(tmp_path / "a.txt", tmp_path / "b.md", "-o", tmp_path / "out").exit_code == 0
    assert files(tmp_path / "out") == {"a.txt", "b.md"}
    assert clean(tmp_path, "--markup", "markdown", "-o", tmp_path / "more").exit_code == 0
    assert files(tmp_path / "more") == {"b.md", "out/b.md"}
    assert clean("-", "--text", input=ARTICLE).stdout == clean(tmp_path / "a.txt").stdout


def test_text_and_another_markup_are_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    result = clean(tmp_path / "a.txt", "--text", "--markup", "html")
    assert result.exit_code == 2
    assert "short for --markup text" in " ".join(result.output.split())


# -- what goes wrong -------------------------------------------------------------------------------------------------


def test_what_fails_is_named_with_the_mend_and_the_rest_is_done(site: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "doc.html").write_bytes(b"%PDF-1.7 \x00\x01")
    (tmp_path / "cut.html.gz").write_bytes(gzip.compress(PAGE.encode())[:40])
    address = "https://tide.test/low?p=1"
    result = clean(
        "gone.html", address, tmp_path / "empty", tmp_path / "doc.html", tmp_path / "cut.html.gz", "", site / "a.html"
    )
    assert result.exit_code == 1
    assert result.stdout.endswith(predict(PAGE).text() + "\n")
    complaints = result.stderr.splitlines()
    assert len(complaints) == 6
    for name, mend in (
        ("gone.html", "there is no such file or folder: check the path"),
        (address, "pages are not fetched here: save it, and give the file, with its address as --url"),
        ("empty", "no .html, .htm, .xhtml file is in this folder: name the files if they end otherwise"),
        ("doc.html", "this is a PDF file, not a web page: convert it to HTML first"),
        ("cut.html.gz", "not a whole gzip file"),
        ("''", "an empty path"),
    ):
        assert any(f"{name}: {mend}" in line for line in complaints), (name, complaints)


@pytest.mark.parametrize(
    ("names", "options", "mend"),
    [
        (
            ["a.txt"],
            [],
            "no .html, .htm, .xhtml file is in this folder: give --markup text (--text) for what is there, or",
        ),
        (["a.md.gz", "deep/b.TXT"], [], "give --markup markdown or --markup text (--text) for what is there, or name"),
        (
            ["a.html"],
            ["--text"],
            "no .txt, .text file is in this folder: give --markup html for what is there, or name",
        ),
        (["a.css"], ["--text"], "no .txt, .text file is in this folder: name the files if they end otherwise"),
    ],
)
def test_a_folder_of_another_markup(tmp_path: Path, names: list[str], options: list[str], mend: str) -> None:
    for name in names:
        (tmp_path / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / name).write_text("x")
    (tmp_path / "empty").mkdir()
    result = clean(tmp_path / "site", tmp_path / "empty", *options)
    assert result.exit_code == 1
    told, of_empty = result.stderr.splitlines()
    assert mend in told
    assert "--markup" not in of_empty


@pytest.mark.skipif(os.name == "nt", reason="no such devices there")
def test_a_device_is_refused_and_a_pipe_is_read(tmp_path: Path) -> None:
    assert "not a file" in clean("/dev/zero").stderr
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(PAGE,))
    writer.start()
    assert clean(pipe).stdout == predict(PAGE).text() + "\n"
    writer.join()


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_no_rights(site: Path) -> None:
    (site / "a.html").chmod(0)
    (site / "deep").chmod(0)
    result = clean(site)
    assert result.exit_code == 1
    assert "a.html: cannot be read (Permission denied)" in result.stderr
    assert "deep: this folder cannot be read" in result.stderr
    (site / "deep").chmod(0o755)


def test_a_folder_that_cannot_be_listed_is_named(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def walk(folder: Path, onerror: Any) -> list[tuple[str, list[str], list[str]]]:
        onerror(PermissionError(13, "Permission denied", str(folder / "deep")))
        return [(str(folder), [], ["a.html"])]

    monkeypatch.setattr(os, "walk", walk)
    found = find_items([str(site)])
    assert [type(entry) for entry in found] == [Item, Failed]
    assert found[1].name == str(site / "deep")


def test_a_page_too_large_is_named(site: Path) -> None:
    for name in ("a.html", "deep/d.html.gz"):
        item = Item(name, site / name, Path(name))
        assert read_item(item, len(PAGE)) == PAGE.encode()
        with pytest.raises(InputError, match=r"over 100 bytes: cut it up$"):
            read_item(item, 100)


def test_the_others_are_done_where_a_page_is_too_large(site: Path) -> None:
    (site / "large.html").write_text(PAGE * 10)
    result = clean(site, "--max-bytes", str(len(PAGE)), "--jobs", "1")
    assert result.exit_code == 1
    assert f"large.html: over {len(PAGE)} bytes: read more with --max-bytes, or cut it up" in result.stderr
    assert result.stdout.count("==>") == 4
    assert clean(site, "--max-bytes", str(len(PAGE) * 10)).exit_code == 0


def test_a_page_of_too_many_blocks_has_a_mend_that_exists(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("declutter.cli.clean.Limits", lambda **options: Limits(max_blocks=1, **options))
    result = clean(site / "a.html", "--jobs", "1")
    assert result.exit_code == 1
    assert "more than max_blocks=1: cut it up, or read it from Python, where `limits` can be raised\n" in result.stderr


def test_a_small_file_becomes_no_large_page(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.html.gz"
    with bomb.open("wb") as file:
        for _ in range(20):
            file.write(gzip.compress(bytes(10_000_000)))  # members follow each other: 200 MB in 200 KB
    item = Item("bomb.html.gz", bomb, Path("bomb.html.gz"))
    tracemalloc.start()
    with pytest.raises(InputError, match="over 1,000,000 bytes"):
        read_item(item, 1_000_000)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000
    result = clean(bomb, "--max-bytes", "1000000", "--jobs", "1")
    assert result.exit_code == 1
    assert "over 1,000,000 bytes: read more" in result.stderr


def test_standard_input_too_large_is_named() -> None:
    result = clean("-", "--max-bytes", "100", input=PAGE)
    assert result.exit_code == 1
    assert "-: over 100 bytes" in result.stderr
    assert result.stdout == ""


def test_a_page_that_takes_too_long_is_named(site: Path) -> None:
    result = clean(site / "a.html", site / "notes.txt", "--max-seconds", "0.000001")
    assert result.exit_code == 1
    assert (
        "a.html: after parsing this page had taken more than max_seconds=1e-06: allow more with --max-seconds, or cut it up"
        in (result.stderr)
    )
    assert clean(site, "--max-seconds", "1000").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--strictness", "high"), "high"),
        (("--strictness", "1.5"), "1.5"),
        (("--strictness", "nan"), "nan"),
        (("--encoding", "klingon"), "klingon"),
        (("--model", "nowhere"), "nowhere"),
        (("--output", "pdf"), "pdf"),
        (("--max-bytes", "0"), "max_bytes is 0"),
        (("--max-bytes", "9" * 4000), f"max_bytes is {'9' * 100}…: give"),
        (("--max-bytes", "9" * 5000), "--max-bytes"),
        (("--max-seconds", "9" * 5000), "max_seconds is inf"),
        (("--max-seconds", "-1"), "max_seconds is -1"),
    ],
)
def test_wrong_options_are_wrong_usage(site: Path, arguments: tuple[str, str], word: str) -> None:
    result = clean(site, *arguments)
    assert result.exit_code == 2
    assert word in result.stderr
    assert result.stdout == ""


def test_a_fault_of_ours_costs_one_page(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    genuine = library_clean

    def faulty(html: bytes, **options: Any) -> Any:
        if b"boom" in html:
            raise ZeroDivisionError("division by zero")
        return genuine(html, **options)

    monkeypatch.setattr(work, "clean", faulty)
    (site / "b.html").write_text("boom")
    result = clean(site / "a.html", site / "b.html", site / "deep" / "b.HTM")
    assert result.exit_code == 1
    assert "b.html: a fault in declutter (ZeroDivisionError: division by zero): please report it" in result.stderr
    assert result.stdout.count("The ferry\n") == 2


# -- several at a time -----------------------------------------------------------------------------------------------


def test_jobs_give_the_same_in_the_same_order(site: Path) -> None:
    (site / "bad.html").write_bytes(b"%PDF-")
    alone, together = clean(site), clean(site, "--jobs", "2")
    assert together.stdout == alone.stdout
    assert together.exit_code == alone.exit_code == 1
    assert together.stderr == alone.stderr


def test_labels_that_stay_and_go() -> None:
    assert "Weirside Will" not in clean(EXAMPLE).stdout
    result = clean(EXAMPLE, "--keep", "comments", "--keep", "social")
    assert result.exit_code == 0, result.output
    assert "Weirside Will" in result.stdout
    assert "Copy link" in result.stdout
    assert "Accept all cookies" in clean(EXAMPLE, "--strictness", "0").stdout
    assert clean(EXAMPLE, "--strictness", "0", "--strip", "consent").stdout.count("Accept all cookies") == 0


@pytest.mark.parametrize("option", ["--keep", "--strip"])
def test_what_is_no_label_is_wrong_usage(option: str) -> None:
    result = clean(EXAMPLE, option, "comment")
    assert result.exit_code == 2
    assert "is no label" in " ".join(result.stderr.split())


# -- documents -----------------------------------------------------------------------------------------------------


MENU = "<nav><ul><li><a href=/>Home</a></li><li><a href=/news>News</a></li><li><a href=/about>About</a></li></ul></nav>"
WHOLE = PAGE.replace("<body>", "<body class='k' onload=x>\r\n" + MENU + "\r<!-- c -->").replace("ferry", "ferry \xe9")


def document(*arguments: str | Path, **options: Any) -> Any:
    return clean(*arguments, "--output", "html", "--scope", "document", **options)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_a_document_comes_back_in_the_bytes_it_came_in(tmp_path: Path, encoding: str) -> None:
    page = tmp_path / "a.html"
    page.write_bytes(WHOLE.encode(encoding))
    expected = WHOLE.replace(MENU, "").encode(encoding)
    assert document(page).stdout_bytes == expected
    assert document("-", input=page.read_bytes()).stdout_bytes == expected
    result = document(page, "-o", tmp_path / "out", "--removed")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "out" / "a.html").read_bytes() == expected
    assert "Home" in result.stderr


def test_a_document_with_broken_bytes_and_a_given_encoding(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    data = WHOLE.replace("\xe9", "\u30bd").encode("shift_jis").replace(b"The", b"\x81\xffThe\0")
    page.write_bytes(data)
    assert document(page, "--encoding", "shift_jis").stdout_bytes == data.replace(MENU.encode(), b"")


def test_documents_of_a_folder(site: Path, tmp_path: Path) -> None:
    assert document(site).exit_code == 2
    assert "give -o DIR" in " ".join(document(site / "a.html", site / "a.html", site).stderr.split())
    for jobs in ("1", "2"):
        out = tmp_path / jobs
        assert document(site, "-o", out, "--jobs", jobs).exit_code == 0
        assert {(out / name).read_bytes() for name in files(out)} == {PAGE.encode()}
        assert len(files(out)) == 4


def test_an_inert_document_is_utf8(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_bytes(WHOLE.encode("windows-1252"))
    result = document(page, "--inert")
    assert result.stdout_bytes.decode("utf-8") == predict(WHOLE).html("document", inert=True)
    assert "onload" not in result.stdout
    assert clean(page, "--output", "html", "--inert").stdout == clean(page, "--output", "html").stdout


def test_no_headline_in_a_document(site: Path) -> None:
    assert document(site / "a.html", "--no-headline").stdout == PAGE.replace("<h1>The ferry</h1>", "")


def test_a_terminal_sees_the_text_of_a_document(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("declutter.cli.sinks.writes_to_terminal", lambda: True)
    assert document(site / "a.html").stdout == PAGE + "\n"


@pytest.mark.parametrize("options", [["--scope", "document"], ["--inert"]])
@pytest.mark.parametrize("output", ["text", "markdown", "json"])
def test_scope_and_inert_are_for_html(site: Path, output: str, options: list[str]) -> None:
    result = clean(site / "a.html", "--output", output, *options)
    assert result.exit_code == 2
    assert "--output html" in " ".join(result.stderr.split())
