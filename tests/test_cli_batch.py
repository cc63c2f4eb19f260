"""Batches of `declutter clean`: lines of one file, what is done, failures, the end and a sudden end."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from declutter import predict
from declutter.cli import app, batch, work
from declutter.cli.batch import Stopped
from declutter.cli.sinks import STATE
from declutter.cli.state import read_state
from declutter.render.outputs import SCHEMA

if TYPE_CHECKING:
    from declutter.cli.work import Cleaned

RUN = [sys.executable, "-c", "import sys; sys.argv[0] = 'declutter'; from declutter.cli import main; main()"]
EXAMPLE = Path(__file__).parents[1] / "examples" / "flood-wardens.html"
PARAGRAPH = "The ferry left at six in the morning, and nobody on the quay had slept. "
MENU = "<nav><a href=/>Home</a> <a href=/a>News</a></nav>"


def page(number: int) -> str:
    return f"<title>Ferry {number}</title>{MENU}<h1>Ferry {number}</h1><p>{PARAGRAPH * 6}{number}.</p>"


def clean(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["clean", *map(str, arguments)])


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for number in range(6):
        path = tmp_path / "site" / "ab"[number % 2] / f"{number}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(number))
    return tmp_path / "site"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The pages that are really cleaned."""
    pages: list[bytes] = []
    genuine = predict

    def counting(html: bytes, **options: Any) -> Any:
        pages.append(html)
        return genuine(html, **options)

    monkeypatch.setattr(work, "predict", counting)  # the way of all that is counted
    return pages


def contents(folder: Path) -> dict[str, bytes]:
    """All files of a folder but the state."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if name != STATE}


# -- lines -----------------------------------------------------------------------------------------------------------


def test_lines_are_those_of_json_on_standard_output(site: Path, tmp_path: Path) -> None:
    expected = clean(site, "--output", "json").stdout
    assert [json.loads(line)["headline"] for line in expected.splitlines()] == [
        f"Ferry {number}" for number in (0, 2, 4, 1, 3, 5)
    ]
    assert clean(site, "--jsonl", "-").stdout == expected
    for jobs in ("1", "2"):
        result = clean(site, "--jsonl", tmp_path / "made" / f"{jobs}.jsonl", "--jobs", jobs)
        assert result.exit_code == 0, result.output
        assert result.stdout == ""
        assert (tmp_path / "made" / f"{jobs}.jsonl").read_text() == expected
    assert contents(tmp_path / "made").keys() == {"1.jsonl", "2.jsonl"}


def test_lines_where_pages_fail(site: Path, tmp_path: Path) -> None:
    expected = clean(site, "--jsonl", "-").stdout
    (site / "a" / "1.html").write_bytes(b"%PDF-1.7")
    result = clean(site, "--jsonl", tmp_path / "all.jsonl", "--errors", tmp_path / "errors.jsonl")
    assert result.exit_code == 1
    assert (tmp_path / "all.jsonl").read_text() == expected
    told = [json.loads(line) for line in (tmp_path / "errors.jsonl").read_text().splitlines()]
    mend = "this is a PDF file, not a web page: convert it to HTML first"
    assert told == [{"schema": SCHEMA, "file": str(site / "a" / "1.html"), "error": mend}]
    assert next(iter(told[0])) == "schema"
    assert f"1.html: {mend}" in result.stderr
    (site / "a" / "1.html").unlink()
    assert clean(site, "--jsonl", tmp_path / "all.jsonl", "--errors", tmp_path / "errors.jsonl").exit_code == 0
    assert (tmp_path / "errors.jsonl").read_bytes() == b""


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--jsonl", "a", "-o", "b"), "leave out -o"),
        (("--jsonl", "a", "--output", "text"), "leave out -o"),
        (("--resume",), "--resume looks at what is written"),
        (("--resume", "--jsonl", "-"), "--resume looks at what is written"),
        (("--jsonl", "."), "is no file"),
        (("--errors", "-"), "is no file"),
        (("--errors", os.devnull), "is no file"),
        (("--errors", "site/a/0.html"), "is one of the other files"),
        (("--jsonl", "site/a/0.html"), "is one of the other files"),
        (("--jsonl", "x", "--errors", "x"), "is one of the other files"),
    ],
)
def test_wrong_usage(site: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], word: str) -> None:
    monkeypatch.chdir(site.parent)
    before = contents(site.parent)
    result = clean("site", *arguments)
    assert result.exit_code == 2
    assert word in " ".join(result.stderr.split())
    assert contents(site.parent) == before


# -- what is done ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", ["-o", "--jsonl"])
def test_only_what_is_not_done_or_was_changed_is_made(
    site: Path, tmp_path: Path, made: list[bytes], monkeypatch: pytest.MonkeyPatch, to: str
) -> None:
    out = tmp_path / "out"

    def run(*more: str, expected: int) -> Any:
        made.clear()
        result = clean(site, to, out / "x" if to == "--jsonl" else out, "--resume", *more)
        assert result.exit_code == 0, result.output
        assert len(made) == expected
        fresh = tmp_path / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        clean(site, to, fresh / "x" if to == "--jsonl" else fresh, *more)
        states = {".x.state"}
        assert {name: data for name, data in contents(out).items() if name not in states} == contents(fresh)
        return result

    run(expected=6)
    again = run(expected=0)
    assert "6 pages: 0 cleaned, 6 done before, 0 failed" in again.stderr
    assert "words removed" in again.stderr
    os.utime(site / "a" / "0.html")
    run(expected=0)
    (site / "a" / "2.html").write_text(page(22))
    run(expected=1)
    (site / "b" / "7.html").write_text(page(7))
    (site / "a" / "00.html").write_text(page(8))
    run(expected=2)
    (site / "a" / "0.html").unlink()
    made.clear()
    if to == "-o":
        (out / "a" / "0.txt").unlink()
    run(expected=0)
    run("--strictness", "recall", expected=7)
    with monkeypatch.context() as later:
        later.setattr("declutter.cli.state.SCHEMA", SCHEMA + 1)
        run("--strictness", "recall", expected=7)
    run("--strictness", "recall", expected=7)
    (out / STATE if to == "-o" else out / ".x.state").unlink()
    run("--strictness", "recall", expected=7)
    if to == "-o":
        (out / "a" / "2.txt").unlink()
        with (out / "a" / "4.txt").open("a") as file:
            file.write("x")
        run("--strictness", "recall", expected=2)
    else:
        text = (out / "x").read_bytes()
        (out / "x").write_bytes(text.replace(b"Ferry 22", b"Berry 22", 1))
        run("--strictness", "recall", expected=1)


def test_rules_that_matched_in_pages_done_before_are_known(site: Path, tmp_path: Path) -> None:
    options: list[str | Path] = [
        "-o",
        tmp_path / "out",
        "--resume",
        "--strip",
        "text:Ferry 3",
        "--strip",
        "text:nothing like it",
    ]
    first, second = clean(site, *options), clean(site, *options)
    for result in (first, second):
        assert "'text:nothing like it' matched nothing" in result.stderr
        assert "Ferry 3" not in result.stderr


def test_without_resume_nothing_is_left_behind(site: Path, tmp_path: Path, made: list[bytes]) -> None:
    for _ in range(2):
        made.clear()
        assert clean(site, "-o", tmp_path / "out").exit_code == 0
        assert len(made) == 6
        assert not (tmp_path / "out" / STATE).exists()


def test_what_failed_is_tried_again(site: Path, tmp_path: Path, made: list[bytes]) -> None:
    (site / "a" / "1.html").write_bytes(b"%PDF-1.7")
    assert clean(site, "-o", tmp_path / "out", "--resume").exit_code == 1
    made.clear()
    assert clean(site, "-o", tmp_path / "out", "--resume").exit_code == 1
    assert made == [b"%PDF-1.7"]


def test_what_a_killed_run_left_half_written_is_taken_away(site: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / "a").mkdir(parents=True)
    (tmp_path / "out" / "a" / ".declutter-123.part").write_text("half")
    clean(site, "-o", tmp_path / "out", "--resume")
    assert contents(tmp_path / "out").keys() == {f"{'ab'[n % 2]}/{n}.txt" for n in range(6)}


# -- the end ---------------------------------------------------------------------------------------------------------


def test_the_summary_counts_pages_failures_and_words(site: Path, tmp_path: Path) -> None:
    (site / "a" / "1.html").write_bytes(b"%PDF-1.7")
    result = clean(site, "gone.html", "-o", tmp_path / "out", "--jobs", "2")
    pages, words = result.stderr.splitlines()[-2:]
    assert pages.startswith("declutter: 8 pages: 6 cleaned, 2 failed; ")
    assert pages.endswith(" pages a second")
    # Two words of each menu; 90 and the number of each paragraph, two of each headline.
    assert words == f"declutter: 12 of {6 * (2 + 2 + 91)} words removed (2%): navigation 12"
    assert len(clean(site / "a" / "0.html", "-o", tmp_path / "one").stderr) == 0
    quick = clean(site, "gone.html", "-o", tmp_path / "quick", "--no-count")
    assert quick.stderr.splitlines()[-1].startswith("declutter: 8 pages: 6 cleaned, 2 failed; ")
    assert contents(tmp_path / "quick") == contents(tmp_path / "out")
    twice = clean(site / "a" / "0.html", site / "a" / "0.html", "-o", tmp_path / "twice")
    assert "declutter: 1 page: 1 cleaned" in twice.stderr


@pytest.mark.parametrize("to", ["-o", "--jsonl"])
def test_a_run_that_is_stopped_anywhere_goes_on(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: list[bytes], to: str
) -> None:
    genuine = work.clean_item
    out = tmp_path / "out"
    target = out / "x" if to == "--jsonl" else out
    clean(site, to, tmp_path / "fresh" / "x" if to == "--jsonl" else tmp_path / "fresh")
    for stop in range(2):

        def item(*arguments: Any, most: int = stop) -> Cleaned:
            if len(made) > most:
                os.kill(os.getpid(), signal.SIGTERM if most % 2 else signal.SIGINT)
                time.sleep(10)
            return genuine(*arguments)

        made.clear()
        monkeypatch.setattr(work, "clean_item", item)
        result = clean(site, to, target, "--resume")
        assert result.exit_code == (128 + signal.SIGTERM if stop % 2 else 130)
        assert "of 6 pages: the same command with --resume goes on from here" in result.stderr
        assert (out / "x").exists() is False
    monkeypatch.setattr(work, "clean_item", genuine)
    made.clear()
    assert clean(site, to, target, "--resume").exit_code == 0
    assert len(made) == 6 - 1 - 2
    assert {name: data for name, data in contents(out).items() if name != ".x.state"} == contents(tmp_path / "fresh")


@pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_workers_end_with_the_run_and_it_goes_on(tmp_path: Path, how: signal.Signals) -> None:
    (tmp_path / "site").mkdir()
    for number in range(300):
        (tmp_path / "site" / f"{number:03}.html").write_text(page(number))
    out, state = tmp_path / "out" / "x", tmp_path / "out" / ".x.part.state"
    command = [*RUN, "clean", str(tmp_path / "site"), "--jsonl", str(out), "-j", "2", "--resume"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        while len(read_state(state)) < 5:
            assert process.poll() is None
            time.sleep(0.02)
        # As the terminal does it: all of them hear Ctrl-C.
        (os.killpg if how == signal.SIGINT else os.kill)(process.pid, how)
        # Ends when the last process that has the pipe is gone.
        _, told = process.communicate(timeout=60)
    assert process.returncode == (130 if how == signal.SIGINT else -how)
    assert ("goes on from here" in told) == (how == signal.SIGINT)
    assert "Traceback" not in told
    assert not out.exists()
    done = len(read_state(state))
    assert 5 <= done < 300
    result = clean(tmp_path / "site", "--jsonl", out, "--resume")
    assert f"300 pages: {300 - done} cleaned, {done} done before, 0 failed" in result.stderr
    names = [Path(json.loads(line)["file"]).stem for line in out.read_text().splitlines()]
    assert names == [f"{number:03}" for number in range(300)]


def test_no_worker_at_all_is_told(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "_done", os._exit)
    result = clean(site, "-o", tmp_path / "out", "--jobs", "2")
    assert result.exit_code == 1
    assert "worker processes end as soon as they start: try again with --jobs 1" in result.stderr
    assert (tmp_path / "out" / STATE).exists()


def test_a_killed_worker_costs_its_page_alone() -> None:
    problem = work._lost(None, -9).problem
    assert "worker process ended (exit code -9)" in problem
    assert "--jobs 1" in problem


def test_a_full_disk_is_a_failure_of_the_page(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("declutter.cli.state._line", full)
    result = clean(site, "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert result.stderr.count(f"{STATE} cannot be written (No space left on device)") == 6


def test_memory_does_not_grow_with_the_pages(tmp_path: Path) -> None:
    peaks = []
    clean("--jsonl", tmp_path / "warm", "--resume", EXAMPLE)
    for count in (5, 40):
        folder = tmp_path / str(count)
        folder.mkdir()
        for number in range(count):
            (folder / f"{number}.html").write_text(page(number) + f"<p>{PARAGRAPH * 3000}")
        tracemalloc.start()
        try:
            assert clean(folder, "--jsonl", tmp_path / "x", "--resume").exit_code == 0
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    # 35 results more would be over 15 MB; when the collector runs makes 5.
    assert peaks[1] < peaks[0] + 8_000_000


def test_stopped_is_no_failure_of_a_page() -> None:
    assert not issubclass(Stopped, Exception)
    assert batch.Stopped(130).code == 130
