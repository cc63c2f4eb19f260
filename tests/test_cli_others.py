"""`declutter explain`, `train`, `evaluate`, `model` and `corpus`."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from declutter import Limits, pipeline
from declutter.cli import app
from declutter.corpus import registry
from declutter.model.directory import default_directory

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "flood-wardens.html"


def run(*arguments: str | Path, **options: Any) -> Any:
    return CliRunner().invoke(app, list(map(str, arguments)), **options)


@pytest.fixture(autouse=True)
def no_corpora(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(registry.ENVIRONMENT, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


# -- explain ---------------------------------------------------------------------------------------------------------


def test_explain_is_a_table_with_reasons() -> None:
    result = run("explain", EXAMPLE)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert any(line.split() == ["#", "label", "score", "text", "why"] for line in lines)
    donate = next(line for line in lines if "Support us" in line)
    assert 'says "support' in " ".join(result.stdout.split())
    assert "donation" in donate


def test_explain_shows_the_labels_asked_for() -> None:
    result = run("explain", EXAMPLE, "--label", "consent", "--limit", "1")
    assert "Accept all cookies" in result.stdout
    assert "Support us" not in result.stdout
    assert "; " not in next(line for line in result.stdout.splitlines() if "Accept all cookies" in line)


def test_explain_reads_standard_input() -> None:
    assert "main headline" in run("explain", "-", input=b"<h1>Hello there</h1><p>Some words.</p>").stdout


@pytest.mark.parametrize(("name", "mend"), [("", "one file"), (".", "one file"), ("gone.html", "check the path")])
def test_explain_names_what_fails(name: str, mend: str) -> None:
    result = run("explain", name)
    assert result.exit_code == 1
    assert mend in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", [("explain",), ("inspect", "-o", "report.html")])
def test_a_page_too_large_has_a_mend_that_the_command_has(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Path("large.html").open("wb") as file:
        file.truncate(64_000_001)
    Path("many.html").write_text("<p>" * 10 + "".join(f"<p>{n}</p>" for n in range(20)), encoding="utf-8")
    result = run(*command, "large.html")
    assert result.exit_code == 1
    assert "large.html: over 64,000,000 bytes: cut it up\n" in result.stderr
    defaults = pipeline.predict.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "limits", Limits(max_blocks=5))
    result = run(*command, "many.html")
    assert result.exit_code == 1
    assert "more than max_blocks=5: cut it up, or read it from Python" in result.stderr


# -- model -----------------------------------------------------------------------------------------------------------


def test_model_shows_what_is_loaded() -> None:
    result = run("model")
    info = json.loads((default_directory() / "model.json").read_text())
    assert result.exit_code == 0, result.output
    for fact in (
        str(default_directory()),
        info["sha256"],
        info["scikit_learn"],
        f"{info['thresholds']['balanced']:.2f}",
    ):
        assert fact in result.stdout
    for corpus, figures in info.get("figures", {}).items():
        assert corpus in result.stdout
        assert f"{figures['f1']:.3f}" in result.stdout


def test_model_of_a_stranger_needs_trust(tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(default_directory(), other)
    info = json.loads((other / "model.json").read_text())
    info["corpora"] = {"made-up": {"pages": 7}}
    info["figures"] = {"made-up": {"f1": 0.5}, "none": {}}
    (other / "model.json").write_text(json.dumps(info))
    refused = run("model", other)
    assert refused.exit_code == 2
    assert "--trust-model" in refused.stderr
    shown = run("model", other, "--trust-model")
    assert shown.exit_code == 0, shown.output
    assert "made-up" in shown.stdout
    assert "0.500" in shown.stdout
    assert run("clean", EXAMPLE, "--model", other, "--trust-model").stdout == run("clean", EXAMPLE).stdout


# -- train and evaluate ----------------------------------------------------------------------------------------------


def stand_in(monkeypatch: pytest.MonkeyPatch, target: str, result: Any) -> dict[str, Any]:
    seen: dict[str, Any] = {}

    def called(*positional: Any, progress: Callable[[str], None], **named: Any) -> Any:
        progress("fold 1 of 5")
        seen.update(named, positional=positional)
        return result

    monkeypatch.setattr(target, called)
    return seen


def test_train_hands_over_and_tells(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("rapidfuzz")
    seen = stand_in(monkeypatch, "declutter.training.run.train", tmp_path / "made")
    result = run("train", tmp_path / "made", "--corpora", tmp_path, "--force")
    assert result.exit_code == 0, result.output
    assert seen == {"positional": (tmp_path / "made",), "root": tmp_path, "force": True}
    assert result.stdout == f"{tmp_path / 'made'}\n"
    assert result.stderr == "declutter: fold 1 of 5\n"
    run("train")
    assert seen == {"positional": (None,), "root": None, "force": False}


@pytest.mark.skipif(
    not Path("/proc/self/task").is_dir() or (os.cpu_count() or 1) < 2,
    reason="needs Linux, and workers beside this process",
)
def test_train_that_is_told_to_end_leaves_no_worker(tmp_path: Path) -> None:
    pytest.importorskip("rapidfuzz")
    command = [sys.executable, "-c", "from declutter.cli import run; run()", "train", str(tmp_path / "model")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while len(children.read_text().split()) < 3:  # joblib's workers and who keeps count of what is shared
            assert process.poll() is None
            time.sleep(0.05)
        process.terminate()
        # Ends when the last process that has the pipe is gone.
        _, told = process.communicate(timeout=300)
    assert process.returncode == 128 + signal.SIGTERM, told
    assert told.endswith("declutter: stopped\n")
    assert "Traceback" not in told
    assert not list(Path("/dev/shm").glob(f"*{process.pid}*"))


def test_a_folder_of_corpora_that_is_not_there_is_named(tmp_path: Path) -> None:
    for command in (("train",), ("evaluate",), ("corpus", "check"), ("corpus", "list")):
        result = run(*command, "--corpora", tmp_path / "gone")
        assert result.exit_code == 1, command
        assert "gone" in result.stderr


def test_evaluate_prints_the_table(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("rapidfuzz")
    seen = stand_in(monkeypatch, "declutter.training.evaluate.evaluate", "| corpus | F1 |")
    result = run("evaluate", "--results", tmp_path)
    assert result.exit_code == 0, result.output
    assert seen == {"positional": (), "root": None, "results": tmp_path, "folds": 5, "left_out": [], "text": False}
    assert result.stdout == "| corpus | F1 |\n"
    run("evaluate", "--folds", "0")
    assert seen["folds"] == 0
    assert seen["results"] == ROOT / "benchmarks" / "results"
    run("evaluate", "--left-out", "wcxb", "--left-out", "postlight")
    assert seen["left_out"] == ["wcxb", "postlight"]
    run("evaluate", "--text")
    assert seen["text"] is True


# -- corpus ----------------------------------------------------------------------------------------------------------


def test_corpus_list_names_all() -> None:
    result = run("corpus", "list")
    assert result.exit_code == 0, result.output
    for name in registry.CORPORA:
        assert name in result.stdout
    assert "CC-BY-4.0" in result.stdout


def test_corpus_list_tells_how_much_of_a_corpus_is_here(tmp_path: Path) -> None:
    (tmp_path / "wcxb").mkdir()
    (tmp_path / "newspaper4k" / "html").mkdir(parents=True)
    manifest = (ROOT / "training_data" / "manifests" / "newspaper4k.tsv").read_text().splitlines()
    pages = [path for line in manifest if (path := line.partition("\t")[2]).startswith("html/")]
    for path in pages[:3]:
        (tmp_path / "newspaper4k" / f"{path}.gz").touch()
    (tmp_path / "cache" / "declutter" / "corpora" / "readability").mkdir(parents=True)
    result = run("corpus", "list", "--corpora", tmp_path)
    assert result.exit_code == 0, result.output
    rows = {line.split()[0]: " ".join(line.split()) for line in result.stdout.splitlines() if line.strip()}
    assert " 2648 0 of 2648 " in rows["wcxb"]
    assert " 44 3 of 44 " in rows["newspaper4k"]
    assert " 0 of " in rows["readability"]  # in the fetch cache
    assert " no " in rows["goose3"]
    assert " yes " in rows["own"]


@pytest.mark.parametrize(
    "command",
    [
        ("evaluate", "--results", ""),
        ("evaluate", "--results", "--text"),
        ("corpus", "fetch", "--into", ""),
        ("corpus", "fetch", "--from", "--into"),
        ("corpus", "list", "--corpora", ""),
        ("corpus", "check", "--corpora", ""),
        ("clean", "page.html", "--model", ""),
        ("explain", "page.html", "--model", "--text"),
    ],
    ids=" ".join,
)
def test_an_empty_name_or_an_option_is_no_folder(command: tuple[str, ...]) -> None:
    result = run(*command)
    assert result.exit_code == 2
    assert f"{command[-2]} " in result.output


def test_corpus_check_passes_on_this_checkout() -> None:
    result = run("corpus", "check")
    assert result.exit_code == 0, result.output
    assert "own: " in result.stdout
    assert "wcxb: not here" in result.stdout
    assert result.stdout.endswith("nothing is wrong\n")


def test_corpus_check_fails_loudly(tmp_path: Path) -> None:
    result = run("corpus", "check", "wcxb")
    assert result.exit_code == 1
    assert "no local copy" in result.stderr
    (tmp_path / "wcxb").mkdir()
    result = run("corpus", "check", "wcxb", "--corpora", tmp_path)
    assert result.exit_code == 1
    assert "the training data have " in result.stderr


def test_corpus_check_of_an_unknown_name() -> None:
    result = run("corpus", "check", "nonsense")
    assert result.exit_code == 1
    assert "there is no corpus named 'nonsense'" in result.stderr


def test_a_named_folder_must_be_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(registry.ENVIRONMENT, str(tmp_path / "gone"))
    result = run("corpus", "check")
    assert result.exit_code == 1
    assert registry.ENVIRONMENT in result.stderr


@pytest.mark.parametrize(("arguments", "called"), [((), "fetch"), (("--from", "copy"), "from_dir")])
def test_corpus_fetch_hands_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: tuple[str, ...], called: str
) -> None:
    seen: list[Any] = []

    def stand(*positional: Any) -> Path:
        *seen[:], progress = positional
        for done in range(1, 251):
            progress(done, 1250, "wcxb/a.html")
        return tmp_path

    import declutter.corpus.fetch  # noqa: PLC0415 - patched here

    monkeypatch.setattr(declutter.corpus.fetch, called, stand)
    result = run("corpus", "fetch", "wcxb", "--into", tmp_path, *arguments)
    assert result.exit_code == 0, result.output
    assert result.stderr == "declutter: 100 of 1,250 files\ndeclutter: 200 of 1,250 files\n"
    assert seen == ([["wcxb"], tmp_path] if called == "fetch" else [["wcxb"], Path("copy"), tmp_path])
    assert result.stdout == f"{tmp_path}\n"


def test_corpus_fetch_of_an_unknown_name() -> None:
    result = run("corpus", "fetch", "nonsense")
    assert result.exit_code == 1
    assert "there is no public corpus named 'nonsense'" in result.stderr
