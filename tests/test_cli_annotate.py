"""`declutter annotate` and `declutter train --annotations` on the command line."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import threading
import urllib.request
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import pytest
from typer.testing import CliRunner

from declutter import DeclutterError
from declutter.annotate import Server, Session
from declutter.cli import app
from declutter.labels import Label
from declutter.model.directory import default_directory
from declutter.training import adapt as module
from declutter.training.adapt import NothingGained
from declutter.training.gains import Change
from template_pages import annotate, site_page

if TYPE_CHECKING:
    from pathlib import Path


# A shell's background jobs, tests among them, start with the signal ignored.
START: Final = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from declutter.cli import main; main()"
)


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, [*map(str, arguments)])


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal of POSIX")
def test_it_serves_until_it_is_interrupted(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(site_page(0))
    command = [sys.executable, "-c", START, "annotate", "a.html", "--no-open"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        url = process.stdout.readline().strip()
        count = json.loads(_facts(url))
        body = json.dumps({"page": 0, "labels": [0] * len(count[0]), "was": count[0]}).encode()
        origin = url.rsplit("/", 2)[0]
        request = urllib.request.Request(
            f"{url}save", body, {"Content-Type": "application/json", "Origin": origin}, method="POST"
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert json.load(answer) == {"labels": [0] * len(count[0]), "stood": []}
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert f"{len(count[0])} of {len(count[0])} blocks labelled" in out
    assert "Traceback" not in err
    assert len(list((tmp_path / "annotations" / "brackwater-herald.example").glob("a-*.jsonl"))) == 1


def _facts(url: str) -> str:
    """The labels so far that stand in the page."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        html = answer.read().decode()
    about = html.partition('<script type="application/json" id="about">')[2].partition("</script>")[0]
    return json.dumps(json.loads(about)["edit"])


def test_what_is_no_page_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"%PDF-1.7")
    result = run("annotate", tmp_path / "a.html", tmp_path / "gone.html", "-o", tmp_path / "out", "--no-open")
    assert result.exit_code == 1
    for name in ("a.html", "gone.html"):
        assert f"{tmp_path / name}: " in result.stderr
    assert not (tmp_path / "out").exists()
    assert run("annotate", "x.html", "-o", tmp_path / "a.html").exit_code == 2


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Session]:
    """The sessions of servers that end at once."""
    sessions: list[Session] = []

    def end(server: Server) -> None:
        sessions.append(server.session)
        server._http.server_close()

    monkeypatch.setattr(Server, "run", end)
    return sessions


def test_pages_that_are_not_saved_are_named_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.html").write_bytes(site_page(0))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "brackwater-herald.example").write_text("a file")

    def label(server: Server) -> None:
        count = server.session.counts()[0][2]
        with suppress(DeclutterError):
            server.session.save(0, [0] * count, [None] * count)
        server._http.server_close()
        raise KeyboardInterrupt

    monkeypatch.setattr(Server, "run", label)
    result = run("annotate", tmp_path / "a.html", "-o", tmp_path / "out", "--no-open")
    assert result.exit_code == 1
    assert f"{tmp_path / 'a.html'}: not all of its labels are saved: " in result.stderr
    assert "blocks labelled" not in result.stdout


@pytest.mark.usefixtures("served")
def test_a_browser_that_blocks_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.html").write_bytes(site_page(0))
    began, ended = threading.Event(), threading.Event()

    def browser(_: str) -> bool:
        began.set()
        return ended.wait(60)

    monkeypatch.setattr("webbrowser.open", browser)
    result = run("annotate", tmp_path / "a.html", "-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert began.wait(60)
    ended.set()


def test_members_of_an_archive_have_their_own_names(tmp_path: Path, served: list[Session]) -> None:
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("news/monday.html", site_page(0))
        archive.writestr("tuesday.htm", site_page(1))
    assert run("annotate", tmp_path / "z.zip", "-o", tmp_path / "out", "--no-open").exit_code == 0
    names = [name.rpartition("/")[2].rpartition("-")[0] for name, _, _ in served[0].counts()]
    assert names == ["monday", "tuesday"]


def test_a_folder_that_cannot_be_written_is_refused_at_the_start(tmp_path: Path, served: list[Session]) -> None:
    (tmp_path / "a.html").write_bytes(site_page(0))
    for folder in (tmp_path / "a.html" / "out", "/dev/null/out", "a\0b", ""):
        result = run("annotate", tmp_path / "a.html", "-o", folder, "--no-open")
        assert result.exit_code == 2, folder
        assert "-o" in result.stderr
    assert not served
    assert run("annotate", tmp_path / "a.html", "-o", tmp_path / "new" / "out", "--no-open").exit_code == 0
    assert not (tmp_path / "new").exists(), "nothing is made before there is a label"


@pytest.mark.usefixtures("served")
def test_labels_of_an_earlier_version_are_told_of(tmp_path: Path) -> None:
    annotate(tmp_path / "out", site_page(0), "a", {}, site="brackwater-herald.example")
    (path,) = (tmp_path / "out").glob("*/*.jsonl")
    (tmp_path / "a.html").write_bytes(site_page(0) + b"<p>More.")
    result = run("annotate", tmp_path / "a.html", "-o", tmp_path / "out", "--no-open")
    assert result.exit_code == 0
    assert f"a.html: has no labels yet; those of {path} are of other bytes under its name" in result.stderr
    (tmp_path / "a.html").write_bytes(site_page(0))
    assert str(path) not in run("annotate", tmp_path / "a.html", "-o", tmp_path / "out", "--no-open").stderr


@pytest.mark.parametrize(
    "options",
    [
        ("",),
        ("--annotations", ""),
        ("--annotations", "a", ""),
        ("--annotations", "a", "--base", ""),
        ("--annotations", "--base", "shipped"),
        ("--corpora", ""),
    ],
)
def test_an_empty_name_is_no_folder(options: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("train", *options)
    assert result.exit_code == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("name", "what"), [("n.md", "Markdown"), ("n.txt", "plain text"), ("n.md.gz", "Markdown")])
def test_text_and_markdown_are_refused(tmp_path: Path, name: str, what: str) -> None:
    (tmp_path / name).write_text("# The ferry\n\nIt left at six.\n", encoding="utf-8")
    result = run("annotate", tmp_path / name, "-o", tmp_path / "out", "--no-open")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert f"{tmp_path / name}: its ending says {what}, and only HTML can be labelled: turn it" in result.stderr


@pytest.mark.parametrize("options", [("--base", "shipped"), ("--annotations", "a", "--force")])
def test_options_that_do_not_go_together(options: tuple[str, ...]) -> None:
    assert run("train", *options).exit_code == 2


def test_train_says_what_is_missing(tmp_path: Path) -> None:
    result = run("train", "--annotations", tmp_path / "none", tmp_path / "model")
    assert result.exit_code == 1
    assert "declutter annotate" in result.stderr


@pytest.mark.parametrize(
    ("target", "base", "message"),
    [
        ("file", "copy", "file cannot be written ("),
        ("file/model", "copy", "file/model cannot be written ("),
        ("model", "cut", "model.joblib is not the file model.json was written for"),
        ("model", "bare", "model.joblib cannot be read"),
    ],
)
def test_what_adapting_needs_in_the_end_is_looked_at_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, base: str, message: str
) -> None:
    (tmp_path / "file").write_text("kept")
    start = shutil.copytree(default_directory(), tmp_path / base)
    if base == "cut":
        (start / "model.joblib").write_bytes(b"cut")
    if base == "bare":
        (start / "model.joblib").unlink()
    monkeypatch.setattr(module, "adapt", lambda *_, **__: pytest.fail("all the work is done"))
    result = run("train", "--annotations", tmp_path, "--base", start, tmp_path / target)
    assert result.exit_code == 1
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert (tmp_path / "file").read_text() == "kept"
    assert not (tmp_path / "model").exists()


def test_train_shows_before_and_after_where_nothing_is_gained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stand(*_: Any, **__: Any) -> list[Change]:
        raise NothingGained("no site gained", [Change("three.example", 2, 2, 0.9, 0.8, 0.91, 0.81, kept=False)])

    monkeypatch.setattr(module, "adapt", stand)
    result = run("train", "--annotations", tmp_path, tmp_path / "model")
    assert result.exit_code == 1
    assert result.stdout == ""
    told = " ".join(result.stderr.split())
    assert "three.example 2 0.900 0.800 0.910 0.810" in told
    assert "three.example: left as it was" in told
    assert told.endswith("declutter: no site gained")


def test_train_shows_before_and_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changes = [
        Change("one.example", 4, 4, 0.8, 0.91234, 0.7, 0.85, kept=True),
        Change("two.example", 1, 0, 0.0, 0.0, 0.0, 0.0, kept=True),
        Change("three.example", 2, 2, 0.9, 0.8, 0.9, 0.8, kept=False),
    ]
    asked: list[tuple[Any, ...]] = []

    def stand(*arguments: Any, **options: Any) -> list[Change]:
        asked.append((*arguments, options["base"]))
        return changes

    monkeypatch.setattr(module, "adapt", stand)
    result = run("train", "--annotations", tmp_path, "--base", "shipped", tmp_path / "model")
    assert result.exit_code == 0, result.output
    assert asked == [(tmp_path, tmp_path / "model", None)]
    assert result.stdout == f"{tmp_path / 'model'}\n"
    told = " ".join(result.stderr.split())
    assert "one.example 4 0.800 0.912 0.700 0.850" in told
    assert "two.example: one page alone: none can be held out" in told
    assert "three.example: left as it was" in told


def test_labelled_pages_train_a_model_that_cleans_another_page_of_the_site(tmp_path: Path) -> None:
    for number in range(3):
        annotate(tmp_path / "labels", site_page(number), str(number), {"High water": Label.ADVERTISING})
    trained = run("train", "--annotations", tmp_path / "labels", tmp_path / "model")
    assert trained.exit_code == 0, trained.output
    told = " ".join(trained.stderr.split())
    assert "herald 3 " in told, "before and after on the pages held out"
    (tmp_path / "new.html").write_bytes(site_page(4))
    before = run("clean", tmp_path / "new.html", "--removed")
    after = run("clean", tmp_path / "new.html", "--removed", "--model", tmp_path / "model", "--trust-model")
    assert (before.exit_code, after.exit_code) == (0, 0), after.output
    assert "High water at the Brackwater bar" in before.stdout
    assert "High water" not in after.stdout
    assert "advertising" in after.stderr
    for paragraph in ("The council spoke of", "Residents who had come", "A second meeting"):
        assert paragraph in after.stdout
