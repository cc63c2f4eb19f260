"""declutter.training.run and evaluate on small corpora: the whole way from pages to a model, a card and figures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from declutter import load_model, predict
from declutter.corpus import registry
from declutter.corpus.sources import load_sources, training_data_root
from declutter.errors import CorpusError, InputError, ModelError
from declutter.measure.held_out import HeldOut
from declutter.model.directory import default_directory
from declutter.model.strictness import BETAS
from declutter.training import data, evaluate, run
from declutter.training.data import check_whole, code_hash, load_pages, pages_hash, present
from declutter.training.report import END, START, write_card
from declutter.training.settings import Settings
from training_corpora import small_corpora, small_manifests, small_training_data

if TYPE_CHECKING:
    from pathlib import Path


class Tiny(Settings):
    """Settings that fit in a moment."""

    def __init__(self, **_: object) -> None:
        super().__init__(
            trees=(8, 5),
            screening_trees=4,
            min_leaf=5,
            rows_a_page=15,
            inner_folds=2,
            kind_rounds=2,
            kind_screening_rounds=1,
            kind_nets=1,
            net_units=4,
            net_epochs=(1, 1),
            strictness_trees=8,
        )


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = small_training_data(tmp_path)
    for module in (data, run, evaluate):
        monkeypatch.setattr(module, "training_data_root", lambda: folder)
    for module in (run, evaluate):
        monkeypatch.setattr(module, "Settings", Tiny)
    monkeypatch.setattr(registry, "cache_root", lambda: tmp_path / "nothing")
    monkeypatch.delenv("DECLUTTER_CORPORA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "no cache"))
    return tmp_path


def test_a_bare_clone_trains_the_starter_model_beside_the_shipped_one(place: Path) -> None:
    told: list[str] = []
    written = run.train(progress=told.append)
    assert written == place / "models" / "starter"
    assert any("starter" in line for line in told)
    assert not (place / "models" / "default").exists()
    model = load_model(written, trust=True)
    page = predict(
        "<h1>Tea</h1><p>Loose leaves steep best just off the boil, and for no more than four minutes.</p>", model=model
    )
    assert len(page.blocks) == 2
    told.clear()
    assert run.train(progress=told.append) == written
    assert any("up to date" in line for line in told)


def test_full_training_and_evaluation(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = small_corpora(place)
    small_manifests(place / "training_data", root)
    assert present("train", root) == ["trafilatura-eval", "wcxb"]
    assert present("validate", root) == ["dragnet"]
    told: list[str] = []
    # Some of the training corpora are missing: what is trained is not to stand in the shipped model's place.
    written = run.train(root=root, progress=told.append)
    assert written == place / "models" / "starter"
    assert any("formasaurus" in line and "not the full model" in line for line in told)
    info = json.loads((written / "model.json").read_text())
    assert set(info["corpora"]) == {"own", "trafilatura-eval", "wcxb"}
    assert set(info["figures"]) == {"own", "trafilatura-eval", "wcxb"}
    assert set(info["thresholds"]) == {"balanced", "precision", "recall"}
    assert info["thresholds"]["precision"] >= info["thresholds"]["balanced"] >= info["thresholds"]["recall"]
    card = (written / "MODEL_CARD.md").read_text()
    for word in ("CC-BY-4.0", "Apache-2.0", "Murrough Foley", "| balanced |", START, "Not measured: ", END):
        assert word in card
    model = load_model(written, trust=True)
    monkeypatch.setattr(evaluate, "load_default", lambda: model)

    def measure(results: str, **options: Any) -> dict[str, Any]:
        table = evaluate.evaluate(
            root=root, results=place / results, directory=written, progress=told.append, **options
        )
        assert table == (place / results / "quality.md").read_text()
        report: dict[str, Any] = json.loads((place / results / "quality.json").read_text())
        return report

    report = measure("results", folds=5)
    rows = {(row["corpus"], row["group"]): row for row in report["rows"]}
    assert rows["wcxb", "all"]["how"] == "grouped folds"
    assert rows["dragnet", "all"]["how"] == "shipped model"
    assert rows["dragnet", "all"]["headline"] == "in"
    assert ("wcxb", "forum") in rows
    for row in rows.values():
        assert 0 <= row["low"] <= row["f1"] <= row["high"] <= 1
    assert {row["corpus"] for row in report["kinds"]} == {"own", "all"}
    strict = {(row["corpus"], row["strictness"]): row for row in report["by_strictness"]}
    assert {*strict} == {(name, of) for name in ("own", "wcxb", "trafilatura-eval", "dragnet") for of in BETAS}
    assert strict["dragnet", "balanced"]["f1"] == pytest.approx(rows["dragnet", "all"]["f1"], abs=1e-3)
    assert {row["corpus"] for row in report["labels"]} == {"own"}
    assert report["labels"][0]["label"] == "content"
    elements = {row["corpus"]: row for row in report["elements"]}
    assert {*elements} == {"own", "wcxb", "trafilatura-eval", "dragnet"}
    assert elements["dragnet"]["how"] == "shipped model"
    assert {"first paragraph", "headings"} <= {*elements["own"]["elements"]}
    for row in elements.values():
        assert row["pages"] >= 4
        assert 0 <= row["empty"] <= 1
        assert all(0 <= found["recall"] <= 1 <= found["words"] for found in row["elements"].values())
    stored = HeldOut.read(written)
    record = stored.sections["folds"]["wcxb"]
    assert record.of["folds"] == 5
    assert record.strange(info) == []
    values = [f1 for _, f1, _, _ in record.figures.pages.values()]
    assert len(values) == rows["wcxb", "all"]["pages"]
    assert sum(values) / len(values) == pytest.approx(rows["wcxb", "all"]["f1"], abs=1e-3)
    assert not (written / "held_out.part.json").exists()

    # The folds stay where a later run measures something else, and so does a corpus that was left out.
    assert measure("alone", folds=0)["rows"] == report["rows"]
    hows = [row["how"] for row in measure("left out", folds=0, left_out=["wcxb"])["rows"] if row["corpus"] == "wcxb"]
    assert {"grouped folds", "left out: no page of wcxb in training"} == {*hows}
    assert {*HeldOut.read(written).sections["left_out"]} == {"wcxb"}
    told.clear()
    measure("left out", folds=0, left_out=["all"])
    assert any(line.startswith("without wcxb: measured on") for line in told)
    assert not any(line.startswith("without wcxb: pass") for line in told)
    assert {*HeldOut.read(written).sections["left_out"]} == {"trafilatura-eval", "wcxb"}
    assert HeldOut.read(written).sections["folds"] == stored.sections["folds"]
    with pytest.raises(InputError, match="formasaurus cannot be left out"):
        measure("left out", folds=0, left_out=["formasaurus"])

    # A run that is cut off goes on behind the last fold that it finished.
    def cut(line: str) -> None:
        if line.startswith("outer fold 2 of 5: pass 1"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate.evaluate(root=root, results=place / "cut", directory=written, progress=cut, folds=5)
    assert HeldOut.read(written).sections["folds"] == stored.sections["folds"]
    told.clear()
    measure("cut", folds=5)
    assert "outer fold 1 of 5: finished before" in told
    assert HeldOut.read(written).sections["folds"] == stored.sections["folds"]


@pytest.mark.parametrize("left", [0, 3])
def test_a_corpus_that_is_here_in_part_is_refused(place: Path, left: int) -> None:
    root = small_corpora(place)
    small_manifests(place / "training_data", root)
    files = sorted(path for path in (root / "wcxb").rglob("*") if path.is_file())
    for path in files[left:]:
        path.unlink()
    told: list[str] = []
    for training in (lambda: run.train(root=root, progress=told.append), lambda: evaluating(place, root, folds=5)):
        with pytest.raises(CorpusError) as refused:
            training()
        message = str(refused.value)
        assert f"corpus wcxb: of the 8 files of its manifest {8 - left} are not in {root / 'wcxb'}" in message
        assert f"declutter corpus fetch wcxb --into {root}`" in message
    assert not (place / "models").exists()
    assert not any("reading" in line for line in told)


def test_a_validation_corpus_that_is_here_in_part_gives_no_figures(place: Path) -> None:
    root = small_corpora(place)
    small_manifests(place / "training_data", root)
    next((root / "validate").rglob("*.txt")).unlink()
    with pytest.raises(CorpusError, match="corpus dragnet: of the 8 files of its manifest 1 are not"):
        evaluating(place, root, folds=0)
    check_whole(present("train", root), root)


def test_a_card_tells_the_limits_of_its_own_model(tmp_path: Path) -> None:
    shipped = json.loads((default_directory() / "model.json").read_text(encoding="utf-8"))
    sources = load_sources(training_data_root())

    def card(name: str, corpora: set[str]) -> str:
        info = shipped | {
            "name": name,
            "corpora": {key: row for key, row in shipped["corpora"].items() if key in corpora},
        }
        write_card(tmp_path, info, sources)
        return (tmp_path / "MODEL_CARD.md").read_text(encoding="utf-8")

    whole, own = card("default", {*shipped["corpora"]}), card("starter", {"own"})
    for real in ("from real news pages labelled by reading and from labelled forms, a few", "German", "- Listings"):
        assert real in whole
    assert "Not measured yet: run `make evaluate`." in whole
    assert "Not measured: `make evaluate` measures `models/default` alone." in own
    for foreign in ("real news", "labelled forms", "German", "Listings"):
        assert foreign not in own
    assert f"the {shipped['corpora']['own']['pages']} pages that were written for the project" in own
    assert "from the project's own pages and from labelled forms, a few" in card("mine", {"own", "formasaurus"})
    assert "from the project's own pages alone, a few" in card("mine", {"own", "newspaper4k"})


@pytest.mark.parametrize("load", [data.load_examples, data.load_flat])
def test_a_page_that_is_none_is_named(place: Path, load: Any) -> None:
    (place / "training_data" / "pages" / "news-en-paper.html").write_bytes(b"%PDF-1.7\n")
    page = next(page for page in load_pages(["own"], None) if page.name == "news-en-paper")
    with pytest.raises(CorpusError, match="own/news-en-paper: this is a PDF file, not a web page"):
        load([page], jobs=1)


@pytest.mark.parametrize("name", ["file", "file/model"])
def test_a_directory_that_cannot_be_written_is_named_before_anything_is_read(place: Path, name: str) -> None:
    (place / "file").write_text("kept")
    told: list[str] = []
    with pytest.raises(ModelError, match=r"cannot be written \(.*\): name another directory"):
        run.train(place / name, progress=told.append)
    assert not any("reading" in line for line in told)
    with pytest.raises(ModelError, match="cannot be written"):
        evaluate.evaluate(root=small_corpora(place), results=place / name, folds=5, progress=told.append)
    assert (place / "file").read_text() == "kept"


def evaluating(place: Path, root: Path, **options: Any) -> str:
    return evaluate.evaluate(root=root, results=place / "results", directory=place / "model", **options)


def test_where_there_is_nothing_to_measure_nothing_is_written(place: Path) -> None:
    (place / "empty").mkdir()
    with pytest.raises(CorpusError, match=f"nothing was measured: no validation corpus is in {place / 'empty'}"):
        evaluating(place, place / "empty", folds=0)
    assert not (place / "results").exists()
    assert not (place / "model").exists()


def test_validation_corpora_are_never_trained_on(place: Path) -> None:
    root = small_corpora(place)
    pages = load_pages([*present("train", root), "own"], root)
    assert {page.corpus for page in pages} == {"own", "trafilatura-eval", "wcxb"}


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_hash_of_pages_is_the_same_in_every_process(seed: str) -> None:
    program = (
        "from declutter.corpus.base import CorpusPage, FormKinds\n"
        "from declutter.training.data import pages_hash\n"
        "fields = frozenset(('mail', 'name', 'street', 'town', 'word', 'phone'))\n"
        "print(pages_hash([CorpusPage('formasaurus', '1', b'', FormKinds((None,), (fields,)))]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "61d784e1b00c3a7261348a91ff9106326fbd99478e2cea88929bb4ab5df196e1"


def test_the_hash_of_code_sees_what_counts(tmp_path: Path) -> None:
    def essence(text: str) -> bytes:
        file = tmp_path / "code.py"
        file.write_text(text)
        return data._essence(file)

    code = essence("def f(a: int = 1) -> str:\n    return f'{a:>3}' or None\n")
    assert essence('def f(a: int=1) -> str:\n    """Told."""\n    return f"{a:>3}" or None  # a remark\n') == code
    assert essence("def f(a: int = 2) -> str:\n    return f'{a:>3}' or None\n") != code
    assert essence("def f(a: int = 1) -> str:\n    return f'{a:>4}' or None\n") != code
    # Versions of Python differ in the fields that are empty.
    assert b"[]" not in code
    assert b"type_params" not in code


def test_hashes_tell_what_changed(place: Path) -> None:
    pages = load_pages(["own"], None)
    assert pages_hash(pages) == pages_hash(list(pages))
    assert pages_hash(pages) != pages_hash(pages[1:])
    assert code_hash() == code_hash()
    with pytest.raises(CorpusError, match="fetch wcxb"):
        load_pages(["wcxb"], place)
