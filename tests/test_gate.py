"""The gate: every way in which a model can be worse, or other, than it is said to be."""

from __future__ import annotations

import importlib
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from declutter.errors import DeclutterError, ModelError
from declutter.features import FEATURES_VERSION
from declutter.measure import golden, proof, ratchet
from declutter.measure.gate import Gate
from declutter.measure.golden import FEWEST, MARKUPS, Golden, golden_pages, golden_texts, output
from declutter.measure.held_out import FOLDS, SHIPPED, TEXT
from declutter.measure.proof import apart, training_values
from declutter.measure.sample import sample_figures, sample_pages
from declutter.measure.seals import sealed
from declutter.model.directory import load_default
from gate_stand import CODE, OF_FIT, OUTPUT, ROOT, Stand, changed, code, commit, figures, git, only
from training_corpora import small_corpora, small_training_data

if TYPE_CHECKING:
    from pathlib import Path

    from declutter.document import Markup


def test_all_is_well(stand: Stand) -> None:
    assert stand.check() == []
    assert "golden outputs: 190 pages, 0 changed" in stand.told


# -- hashes ----------------------------------------------------------------------------------------------------------


def test_features_of_another_version(stand: Stand) -> None:
    changed(stand, features_version=1)
    assert only(stand).startswith(f"model.json has features version 1, the code {FEATURES_VERSION}: run `make train`")


def test_other_code_until_its_values_are_proved_equal(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    code(monkeypatch, "e" * 64)
    assert "the code is eeeeeeeeeeee, the model was trained with cccccccccccc" in only(stand)
    assert "golden outputs and a small training are equal" in ratchet.same_values(stand)
    again = stand.again()
    assert again.check() == []
    assert "is known to give equal values" in ratchet.same_values(again)


def test_values_that_are_not_equal_are_not_recorded(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    code(monkeypatch, "e" * 64)
    stand.outputs["page 7"] = {**OUTPUT, "scores": [900000, 700000, 100002]}
    with pytest.raises(
        ModelError, match=r"1 golden outputs are others \(page 7: content scores differ by up to 0.000002"
    ):
        ratchet.same_values(stand)
    stand.outputs["page 7"] = {**OUTPUT, "scores": [900000, 700001, 100000]}  # a rounding on the edge
    monkeypatch.setattr(ratchet, "training_values", lambda _: {"scores": [0.6]})
    with pytest.raises(ModelError, match="a small training gives other scores"):
        ratchet.same_values(stand)
    monkeypatch.setattr(ratchet, "_settings", lambda: {"trees": [2, 1], "leaves": 9})
    with pytest.raises(ModelError, match="the settings leaves are not those of the model"):
        ratchet.same_values(stand)
    assert Golden.read(stand.directory) == stand.golden


def test_other_training_pages(stand: Stand) -> None:
    stand.here = stand.here._replace(corpus_hash="f" * 64)
    assert "the training pages are ffffffffffff, the model was trained on dddddddddddd: run `make train`" in only(stand)


def test_training_pages_that_are_not_here(stand: Stand) -> None:
    stand.here = stand.here._replace(corpus_hash=None)
    assert stand.check() == []
    assert any(line.startswith("not checked: the pages") for line in stand.told)


def test_the_corpora_make_the_hash(tmp_path: Path) -> None:
    assert Gate(tmp_path, ROOT).corpus_hash() is None
    assert Gate(tmp_path, ROOT, small_corpora(tmp_path)).corpus_hash() is None  # some are missing


# -- golden outputs --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ({"labels": "abb"}, "1 of 3 labels are others: take the change back"),
        ({"scores": [900000, 700000, 110000]}, "content scores differ by up to 0.010000: take the change back"),
        ({"text": "4"}, "the text is another: take the change back"),
        ({"blocks": "4", "labels": "aaaa"}, r"other blocks (3 before, 4 now): take the change back"),
        ({"page": "4"}, "the page itself was changed: run `benchmarks/gate.py --update`"),
    ],
)
def test_another_golden_output(stand: Stand, now: dict[str, Any], told: str) -> None:
    stand.outputs["page 3"] = {**OUTPUT, **now}
    assert only(stand).startswith(f"golden output: page 3: {told}")


def test_golden_outputs_of_another_model_are_stored_anew(stand: Stand) -> None:
    changed(stand, sha256="9" * 64)
    failures = stand.check()
    assert failures[0].startswith("golden.json is of model 0123456789ab, not of 999999999999: run")
    assert "golden outputs of 190 pages are stored for model 999999999999" in ratchet.update(stand)
    seals = sealed(stand.stored)
    seals.pop(SHIPPED)  # of the model before
    assert Golden.read(stand.directory) == Golden("9" * 64, CODE, {}, {"scores": [0.5]}, stand.outputs, seals)


def test_golden_outputs_that_are_few(stand: Stand) -> None:
    assert stand.golden is not None
    stand.golden.pages.pop("page 3")
    assert stand.check() == [
        "golden.json has 99 pages of html, it takes 100: run `benchmarks/gate.py --update`",
        "golden output: of 1 pages none is stored (page 3): run `benchmarks/gate.py --update`",
    ]
    stand.outputs.pop("page 3")
    with pytest.raises(ModelError, match="99 pages of html, it takes 100: add pages"):
        ratchet.update(stand)


@pytest.mark.parametrize(("markup", "fewest"), [("text", 60), ("markdown", 30)])
def test_golden_outputs_that_lack_a_markup(stand: Stand, markup: str, fewest: int) -> None:
    assert stand.golden is not None
    for name in [name for name in stand.outputs if name.startswith(markup)]:
        stand.golden.pages.pop(name)
    assert (
        stand.check()[0] == f"golden.json has 0 pages of {markup}, it takes {fewest}: run `benchmarks/gate.py --update`"
    )
    stand.outputs |= {f"{markup} 7": {"markup": markup, **OUTPUT, "labels": "bbb"}}
    stand.golden.pages |= {f"{markup} 7": {"markup": markup, **OUTPUT}}
    assert stand.golden.changes(stand.outputs) == [f"{markup} 7: 2 of 3 labels are others"]


@pytest.mark.parametrize("name", ["golden.json", "held_out.json", "baseline.json"])
def test_what_a_model_is_held_against_is_not_begun_anew_unasked(stand: Stand, name: str) -> None:
    (stand.baseline if name == "baseline.json" else stand.directory / name).unlink()
    again = stand.again()
    failures = again.check()
    assert any(
        line.startswith(f"{name} is missing")
        or (name == "baseline.json" and line.startswith("6 stored figures have no floor"))
        for line in failures
    )
    for do in (ratchet.update, ratchet.raise_floors):
        with pytest.raises(ModelError, match=f"{name} is missing: take it from the repository, or give --first"):
            do(stand.again(), allow=True)
    if name == "golden.json":
        with pytest.raises(ModelError, match="there are no golden outputs of model 0123456789ab"):
            ratchet.same_values(stand.again())
    ratchet.update(stand.again(), first=True)
    assert (name == "held_out.json") == bool(stand.again().check())


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")
def test_what_was_committed_is_never_begun_anew(stand: Stand) -> None:
    commit(stand)
    for path in (stand.directory / "golden.json", stand.baseline):
        text = path.read_text()
        path.unlink()
        for _ in range(2):
            with pytest.raises(ModelError, match="was committed: take it back with `git checkout`"):
                ratchet.update(stand.again(), allow=True, first=True)
            git(stand, "checkout", "-B", "further", "main")
            git(stand, "commit", "-a", "--allow-empty", "-m", "less")
        path.write_text(text)


def test_the_same_model_does_not_get_other_outputs(stand: Stand) -> None:
    stand.outputs["page 3"] = {**OUTPUT, "labels": "aaa"}
    with pytest.raises(
        ModelError, match=r"the model is the same \(0123456789ab\), but its outputs on 1 pages are others"
    ):
        ratchet.update(stand)
    ratchet.update(stand, allow=True)
    stored = Golden.read(stand.directory)
    assert stored is not None
    assert stored.pages["page 3"]["labels"] == "aaa"


def test_pages_that_were_changed_are_stored_anew(stand: Stand) -> None:
    stand.outputs["page 3"] = {**OUTPUT, "page": "9", "labels": "bbb"}
    stand.outputs["page 100"] = dict(OUTPUT)
    assert "of 191 pages" in ratchet.update(stand)[0]


def test_an_update_with_other_code_is_on_the_record(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    code(monkeypatch, "e" * 64)
    with pytest.raises(ModelError, match="prove that every value is equal"):
        ratchet.update(stand)
    ratchet.update(stand, allow=True)
    stored = Golden.read(stand.directory)
    assert stored is not None
    assert (stored.code_hash, stored.same_values) == ("e" * 64, {CODE: golden.SAID})


def test_a_model_for_text_alone_keeps_what_was_measured_of_pages(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    changed(stand, sha256="9" * 64)
    code(monkeypatch, "e" * 64)
    ratchet.update(stand)
    stored = Golden.read(stand.directory)
    assert stored is not None
    assert (stored.sha256, stored.code_hash) == ("9" * 64, CODE)
    assert stored.same_values == {"e" * 64: "golden outputs and a small training"}
    again = stand.again()
    again.outputs = {**stand.outputs, "page 3": {**OUTPUT, "labels": "bbb"}}
    changed(again, sha256="8" * 64)
    with pytest.raises(ModelError, match="prove that every value is equal"):
        ratchet.update(again)  # other outputs


def test_other_outputs_of_text_leave_what_was_measured_of_pages(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    text = {"text 3": {**stand.outputs["text 3"], "labels": "bbb"}}
    markdown = {"markdown 3": {**stand.outputs["markdown 3"], "labels": "bbb"}}
    code(monkeypatch, "e" * 64)
    ratchet.same_values(stand)
    changed(stand, sha256="9" * 64, code_hash="e" * 64)
    again = stand.again()
    again.outputs = stand.outputs | text
    ratchet.update(again)
    stored = Golden.read(stand.directory)
    assert stored is not None
    assert (stored.code_hash, stored.pages_alone) == (CODE, [CODE])
    last = stand.again()
    last.outputs = again.outputs
    assert last.strange(FOLDS, last.stored.sections[FOLDS]["wcxb"]) == []
    last.stored.put(TEXT, {**OF_FIT, "markup": "text"}, {"wcxb": figures(0.7)})
    assert last.strange(TEXT, last.stored.sections[TEXT]["wcxb"]) == ["code_hash"]
    changed(stand, sha256="8" * 64, code_hash="a" * 64)
    code(monkeypatch, "b" * 64)
    third = stand.again()
    third.outputs = again.outputs | markdown
    with pytest.raises(ModelError, match="prove that every value is equal"):
        ratchet.update(third)  # Markdown goes the way of pages


def test_parts_for_text_may_be_of_other_code_than_those_for_pages(stand: Stand) -> None:
    changed(stand, text={"code_hash": "a" * 64, "corpus_hash": "b" * 64, "settings": {}})
    stand.stored.put(TEXT, OF_FIT, {"wcxb": figures(0.7)})
    assert stand.strange(TEXT, stand.stored.sections[TEXT]["wcxb"]) == ["code_hash", "corpus_hash"]
    stand.stored.put(TEXT, OF_FIT | {"code_hash": "a" * 64, "corpus_hash": "b" * 64}, {"wcxb": figures(0.7)})
    assert stand.strange(TEXT, stand.stored.sections[TEXT]["wcxb"]) == []


# -- pages of ours, the shipped model, the program -------------------------------------------------------------------


def test_markups() -> None:
    html = b'<body class="x"><nav class="menu big" id="n"><a class=on href=/>A</a></nav><p data-class="k">b</p></body>'
    made = {name: markup(html) for name, markup in MARKUPS.items()}
    assert made["as it is"] == html
    assert b"menu" not in made["class names hashed"]
    assert b'id="n"' in made["class names hashed"]
    assert b'data-class="k"' in made["class names hashed"]
    assert made["no class names and ids"] == b'<body><nav><a href=/>A</a></nav><p data-class="k">b</p></body>'
    assert made["div for semantic elements"] == html.replace(b"nav", b"div")
    assert made["in a custom element"].endswith(b"</p></x-page></body>")


def test_the_golden_pages_are_enough_and_without_labels() -> None:
    pages = dict(golden_pages(ROOT))
    assert len(pages) >= FEWEST["html"]
    assert {name.split(", ")[1] for name in pages if ", " in name} == {*MARKUPS}
    assert not any(b"data-label" in html for html in pages.values())
    texts = [(name, text, markup) for name, text, markup in golden_texts(ROOT)]
    for markup in ("text", "markdown"):
        assert sum(of == markup for *_, of in texts) >= FEWEST[markup]
    every = [*pages.values(), *(text for _, text, _ in texts)]
    assert not any(b"data-label" in page for page in every)
    assert len({*every}) == len({*pages, *(name for name, *_ in texts)}) == len(every)


def test_the_shipped_models_outputs_on_a_few_pages() -> None:
    stored = Golden.read(ROOT / "models" / "default")
    assert stored is not None
    assert stored.sha256 == load_default().info["sha256"]
    pages: dict[str, tuple[bytes, Markup]] = {name: (html, "html") for name, html in golden_pages(ROOT)}
    pages |= {name: (text, markup) for name, text, markup in golden_texts(ROOT)}
    few = {name: output(pages[name][0], load_default(), pages[name][1]) for name in [*stored.pages][::25]}
    assert [line for line in stored.changes(few) if not line.endswith("is gone")] == []
    name = next(iter(few))
    assert Golden("", "", pages={name: few[name]}).changes(few) == []
    assert Golden("", "", pages={name: {**few[name], "labels": "z" * len(few[name]["labels"])}}).changes(few)


def test_two_small_trainings_are_compared_to_their_rounding() -> None:
    assert apart({"a": [0.5, 0.25]}, {"a": [0.500001, 0.25]}) == []
    assert apart({"a": [0.5], "b": [1.0]}, {"a": [0.50001], "c": []}) == ["a", "b"]


def test_a_small_training_is_of_pages_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(proof._SMALL, "rows_a_page", 15)
    data = small_training_data(tmp_path, 40)
    values = training_values(data)
    assert {*values} == {"pages", "calibration", "thresholds", "held_out", "scores", "kinds"}
    assert len(values["scores"]) == len(values["held_out"]) == len(values["kinds"]) == 10
    (data / "pages" / min(path.name for path in (data / "pages").iterdir())).unlink()
    assert apart(values, training_values(data))


def test_the_sample_is_fixed(tmp_path: Path) -> None:
    root = small_corpora(tmp_path)
    pages = sample_pages("dragnet", root, 2)
    assert [page.sha256 for page in pages] == sorted(page.sha256 for page in pages)
    assert len(pages) == 2
    found = sample_figures(load_default(), root, 2)
    assert {*found["dragnet"].pages} == {page.sha256[:16] for page in pages}
    assert sample_figures(load_default(), tmp_path / "none") == {}


def test_the_program(stand: Stand, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    monkeypatch.setenv("DECLUTTER_CORPORA", str(stand.checkout / "gone"))
    program: Any = importlib.import_module("gate")
    monkeypatch.setattr(program, "Gate", lambda *_: stand)
    assert program.main([]) == 0
    assert program.main(["--raise"]) == 0
    assert "0 of them lowered" in capsys.readouterr().out
    assert program.main(["--update"]) == 0
    assert program.main(["--same-values"]) == 0
    stand.outputs["page 3"] = {**OUTPUT, "labels": "aaa"}
    assert program.main(["--update"]) == 1
    assert "FAILED the model is the same" in capsys.readouterr().err
    assert issubclass(ModelError, DeclutterError)
