"""The gate: every way in which a model can be worse, or other, than it is said to be."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from declutter.errors import DeclutterError, ModelError
from declutter.features import FEATURES_VERSION
from declutter.measure import floors, gate, golden, proof, ratchet
from declutter.measure.figures import SEGMENTS, WORDS, Figures, confusion, summaries
from declutter.measure.gate import Gate
from declutter.measure.golden import MARKUPS, Golden, golden_pages, output
from declutter.measure.held_out import FOLDS, LEFT_OUT, SHIPPED, HeldOut, keep_fold, kept_folds
from declutter.measure.proof import apart, training_values
from declutter.measure.sample import sample_figures, sample_pages
from declutter.model.directory import load_default
from training_corpora import small_corpora, small_training_data

ROOT = Path(__file__).parents[1]
SHA = "0123456789ab" + "0" * 52
CODE, PAGES = "c" * 64, "d" * 64
OF = {"measured": "2026-01-01", "code_hash": CODE}
OF_FIT = {**OF, "corpus_hash": PAGES, "settings": {"trees": [2, 1]}}
OUTPUT = {"page": "1", "blocks": "2", "text": "3", "labels": "aab", "scores": [900000, 700000, 100000]}


def figures(f1: float, pages: int = 3) -> Figures:
    return Figures(WORDS, {str(number): ["article", f1, f1, f1] for number in range(pages)})


class Stand(Gate):
    """A gate whose code, pages, outputs and sample are made up."""

    pages_now: str | None = PAGES
    sample_now: float | None = 0.8

    def corpus_hash(self) -> str | None:
        return self.pages_now


@pytest.fixture
def stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stand:
    directory = tmp_path / "models" / "default"
    directory.mkdir(parents=True)
    info = {
        "sha256": SHA,
        "features_version": FEATURES_VERSION,
        "code_hash": CODE,
        "corpus_hash": PAGES,
        "settings": {"trees": [2, 1]},
        "thresholds": {"balanced": 0.4},
    }
    (directory / "model.json").write_text(json.dumps(info))
    stored = HeldOut()
    stored.put(FOLDS, {**OF_FIT, "folds": 5}, {"wcxb": figures(0.9), "own": Figures(kinds={"other": [4, 3, 2]})})
    stored.put(LEFT_OUT, OF_FIT, {"wcxb": figures(0.85)})
    stored.put(SHIPPED, {**OF, "sha256": SHA}, {"dragnet": figures(0.8)})
    stored.write(directory)
    found = {f"page {number}": dict(OUTPUT) for number in range(100)}
    Golden(SHA, CODE, {}, {"scores": [0.5]}, found).write(directory)
    known = [(section, corpus, record.figures) for section, corpus, record in stored]
    (tmp_path / "models" / "CHANGELOG.md").write_text(
        "# Models\n## 0123456789ab\nAn entry that names the model is none that lowers its floors.\n"
    )
    for module in (gate, ratchet):
        monkeypatch.setattr(module, "code_hash", lambda: CODE)
    monkeypatch.setattr(ratchet, "training_values", lambda _: {"scores": [0.5]})
    monkeypatch.setattr(ratchet, "_settings", lambda: {"trees": [2, 1]})
    made = Stand(directory, tmp_path)
    made.__dict__["outputs"] = found
    made.__dict__["sample"] = floors.found_of([(floors.SAMPLE, "dragnet", figures(0.8))])
    floors.write_floors(made.baseline, floors.raised({}, floors.found_of(known) | made.sample))
    return made


def changed(stand: Stand, **values: Any) -> None:
    path = stand.directory / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def code(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    for module in (gate, ratchet):
        monkeypatch.setattr(module, "code_hash", lambda: value)


def only(stand: Stand) -> str:
    (failure,) = stand.check()
    return failure


def test_all_is_well(stand: Stand) -> None:
    assert stand.check() == []
    assert "golden outputs: 100 pages, 0 changed" in stand.told


# -- hashes ----------------------------------------------------------------------------------------------------------


def test_features_of_another_version(stand: Stand) -> None:
    changed(stand, features_version=1)
    assert only(stand).startswith(f"model.json has features version 1, the code {FEATURES_VERSION}: run `make train`")


def test_other_code_until_its_values_are_proved_equal(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    code(monkeypatch, "e" * 64)
    assert "the code is eeeeeeeeeeee, the model was trained with cccccccccccc" in only(stand)
    assert "golden outputs and a small training are equal" in ratchet.same_values(stand)
    again = Stand(stand.directory, stand.checkout)
    again.__dict__.update({name: stand.__dict__[name] for name in ("outputs", "sample")})
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
    stand.pages_now = "f" * 64
    assert "the training pages are ffffffffffff, the model was trained on dddddddddddd: run `make train`" in only(stand)


def test_training_pages_that_are_not_here(stand: Stand) -> None:
    stand.pages_now = None
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
    assert "golden outputs of 100 pages are stored for model 999999999999" in ratchet.update(stand)
    assert Golden.read(stand.directory) == Golden("9" * 64, CODE, {}, {"scores": [0.5]}, stand.outputs)


def test_golden_outputs_that_are_missing_or_few(stand: Stand) -> None:
    assert stand.golden is not None
    stand.golden.pages.pop("page 3")
    assert only(stand).startswith("golden.json has 99 pages, it takes 100")
    stand.outputs.pop("page 3")
    with pytest.raises(ModelError, match="99 golden pages, it takes 100: add pages"):
        ratchet.update(stand)
    (stand.directory / "golden.json").unlink()
    again = Stand(stand.directory, stand.checkout)
    again.__dict__["sample"] = stand.sample
    assert only(again).startswith("golden.json is missing, not of 0123456789ab: run")
    with pytest.raises(ModelError, match="there are no golden outputs of model 0123456789ab"):
        ratchet.same_values(again)


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
    assert "of 101 pages" in ratchet.update(stand)


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
    again = Stand(stand.directory, stand.checkout)
    again.outputs = {**stand.outputs, "page 3": {**OUTPUT, "labels": "bbb"}}
    changed(again, sha256="8" * 64)
    with pytest.raises(ModelError, match="prove that every value is equal"):
        ratchet.update(again)  # other outputs


# -- figures and floors ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("code_hash", "e" * 64, "another code_hash"),
        ("corpus_hash", "e" * 64, "another corpus_hash"),
        ("settings", {"trees": [3, 1]}, "another settings"),
    ],
)
def test_figures_that_are_not_the_models(stand: Stand, key: str, value: Any, told: str) -> None:
    stand.stored.put(LEFT_OUT, OF_FIT | {key: value}, {"wcxb": figures(0.85)})
    failure = only(stand)
    assert failure.startswith("wcxb (left out): the stored figures are not this model's")
    assert told in failure
    assert failure.endswith("run `declutter evaluate --folds 0 --left-out wcxb`")
    before = stand.baseline.read_text()
    assert ratchet.raise_floors(stand) == [
        "left_out wcxb: passed over, the stored figures are not of model 0123456789ab",
        "8 floors, 0 of them lowered",
    ]
    assert stand.baseline.read_text() == before


def test_figures_of_another_model(stand: Stand) -> None:
    stand.stored.put(SHIPPED, {**OF, "sha256": "9" * 64}, {"dragnet": figures(0.8)})
    assert only(stand).endswith("(another sha256): run `declutter evaluate --folds 0`")


def test_a_figure_below_its_floor(stand: Stand) -> None:
    stand.stored.put(FOLDS, {**OF_FIT, "folds": 5}, {"wcxb": figures(0.8)})
    failures = stand.check()
    floor = 0.9 - floors.slack(3)
    assert failures[0].startswith(f"wcxb (grouped folds): F1 0.8000 is {floor - 0.8:.4f} below its floor {floor:.4f}: ")
    assert failures[1].startswith("wcxb, article (grouped folds): F1 0.8000")
    assert "behind `Floors lowered for 0123456789ab:`" in failures[0]


def test_a_floor_without_a_figure(stand: Stand) -> None:
    stand.stored.sections[LEFT_OUT].clear()
    failures = stand.check()
    assert failures[0].startswith("wcxb (left out): no figure is stored, the floor is 0.8000: ")
    assert failures[0].endswith("run `declutter evaluate --folds 0 --left-out wcxb`")


def test_the_sample_below_its_floor(stand: Stand) -> None:
    stand.__dict__["sample"] = floors.found_of([(floors.SAMPLE, "dragnet", figures(0.7))])
    assert stand.check()[0].startswith("dragnet (fixed sample): F1 0.7000 is")


def test_a_sample_without_a_floor_or_without_pages(stand: Stand) -> None:
    stand.__dict__["sample"] |= floors.found_of([(floors.SAMPLE, "cleaneval", figures(0.7))])
    assert only(stand).startswith("sample of cleaneval: no floor yet: run `benchmarks/gate.py --raise`")
    stand.__dict__["sample"] = {}
    stand.failures.clear()
    assert stand.check() == []
    assert any(line.startswith("not checked: the sample") for line in stand.told)


def test_floors_rise_and_do_not_fall(stand: Stand) -> None:
    before = floors.read_floors(stand.baseline)
    stand.stored.put(LEFT_OUT, OF_FIT, {"wcxb": figures(0.99)})
    stand.stored.put(SHIPPED, {**OF, "sha256": SHA}, {"dragnet": figures(0.5)})
    told = ratchet.raise_floors(stand)
    after = floors.read_floors(stand.baseline)
    assert after[LEFT_OUT]["wcxb"]["all"] == pytest.approx(0.99 - floors.slack(3), abs=1e-4)
    assert after[SHIPPED] == before[SHIPPED]
    assert any(line.startswith("shipped dragnet all: kept, the figure is") for line in told)
    assert told[-1].endswith("0 of them lowered")
    with pytest.raises(
        ModelError, match="does not say what was lost and why: write it behind `Floors lowered for 0123456789ab:`"
    ):
        ratchet.raise_floors(stand, allow=True)
    (stand.baseline.parent / "CHANGELOG.md").write_text(
        "## 0123456789ab\nFloors lowered for 0123456789ab: articles of dragnet, smaller.\n"
    )
    ratchet.raise_floors(stand, allow=True)
    lower = floors.read_floors(stand.baseline)
    assert lower[SHIPPED]["dragnet"]["all"] == pytest.approx(0.5 - floors.slack(3), abs=1e-4)
    assert lower[LEFT_OUT] == after[LEFT_OUT]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")
def test_a_floor_lowered_by_hand(stand: Stand) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *identity, *arguments], cwd=stand.checkout, check=True, capture_output=True)

    git("init", "--initial-branch", "main")
    git("add", ".")
    git("commit", "-m", "floors")
    assert stand.check() == []
    low = floors.read_floors(stand.baseline)
    was = low[FOLDS]["wcxb"].pop("article")
    floors.write_floors(stand.baseline, low)
    assert only(stand).startswith(
        f"wcxb, article (grouped folds): the floor was {was:.4f} and is 0.0000: raise it again"
    )
    git("checkout", "-b", "further")
    git("commit", "-a", "-m", "lower")
    stand.failures.clear()
    assert "the floor was" in only(stand)
    log = stand.baseline.parent / "CHANGELOG.md"
    for passage in ("smaller.", "WCXB, smaller.", "articles, smaller.", "smaller.\n\nOf WCXB articles"):
        log.write_text(f"Floors lowered for 0123456789ab: {passage}\n")
        stand.failures.clear()
        assert "the floor was" in only(stand)
    log.write_text("Floors lowered for 0123456789ab: articles of\nWCXB, smaller.\n")
    stand.failures.clear()
    assert stand.check() == []


def test_slack_grows_where_pages_are_few() -> None:
    assert floors.slack(1300) == floors.slack(300) == 0.005
    assert floors.slack(75) == pytest.approx(0.01)
    assert floors.slack(0) < 0.1


# -- what is stored --------------------------------------------------------------------------------------------------


def test_figures_add_up_and_are_summed_up() -> None:
    whole = Figures(SEGMENTS, {"1": [None, 3, 0, 1]}, {"other": [1, 2, 1]}, {"other": [*[0] * 10, 1, 2]})
    whole.add(
        Figures(
            SEGMENTS,
            {"2": ["forum", 0, 1, 0]},
            {"other": [1, 0, 0], "footer": [2, 2, 2]},
            {"other": [*[0] * 10, 0, 1], "footer": [*[0] * 10, 3, 0]},
        )
    )
    whole.add(Figures(elements={"code": [3, 4]}, answers=[1, 2]))
    whole.add(Figures(elements={"code": [1, 1]}, answers=[0, 2]))
    assert (whole.elements, whole.answers) == ({"code": [4, 5]}, [1, 4])
    assert whole.kinds == {"other": [2, 2, 1], "footer": [2, 2, 2]}
    assert whole.confusion == {"other": [*[0] * 10, 1, 3], "footer": [*[0] * 10, 3, 0]}
    assert confusion([whole])[-2:, -2:].tolist() == [[3, 0], [1, 3]]
    rows = {row["group"]: row for row in summaries(whole)}
    assert rows["all"]["precision"] == rows["all"]["recall"] == 0.75
    assert rows["forum"]["f1"] == 0


def test_what_is_stored_is_read_again(tmp_path: Path) -> None:
    stored = HeldOut()
    stored.put(FOLDS, OF_FIT, {"wcxb": figures(0.9), "own": Figures(kinds={"other": [4, 3, 2]})})
    stored.put(FOLDS, OF_FIT, {"wcxb": figures(0.8)})
    stored.put(LEFT_OUT, OF_FIT, {"wcxb": figures(0.7)})
    stored.put(LEFT_OUT, OF, {"postlight": figures(0.7)})
    assert [(section, corpus) for section, corpus, _ in stored] == [
        (FOLDS, "wcxb"),  # folds are measured together
        (LEFT_OUT, "postlight"),
        (LEFT_OUT, "wcxb"),
    ]
    stored.write(tmp_path)
    assert HeldOut.read(tmp_path) == stored
    assert [path.name for path in tmp_path.iterdir()] == ["held_out.json"]
    assert HeldOut.read(tmp_path / "none") == HeldOut()


@pytest.mark.parametrize("text", ["{", "[]", '{"folds": {"wcxb": {}}}', '{"folds": {"wcxb": {"of": {}, "odd": 1}}}'])
def test_damaged_files_are_named(text: str, tmp_path: Path) -> None:
    for name, read in (
        ("held_out.json", HeldOut.read),
        ("golden.json", Golden.read),
        ("baseline.json", lambda folder: floors.read_floors(folder / "baseline.json")),
    ):
        (tmp_path / name).write_text(text)
        if name == "baseline.json" and "{}" in text:
            continue
        with pytest.raises(ModelError, match=f"{name} does not hold"):
            read(tmp_path)
    with pytest.raises(ModelError, match=r"model\.json cannot be read"):
        Gate(tmp_path, tmp_path).check()


def test_finished_folds_are_kept_for_the_same_run_alone(tmp_path: Path) -> None:
    keep_fold(tmp_path, OF_FIT, {2: {"wcxb": figures(0.9)}})
    assert kept_folds(tmp_path, OF_FIT | {"measured": "2026-01-02"}) == {2: {"wcxb": figures(0.9)}}
    assert kept_folds(tmp_path, OF_FIT | {"code_hash": "e"}) == {}
    keep_fold(tmp_path, OF_FIT, {})
    assert kept_folds(tmp_path, OF_FIT) == {}


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
    assert len(pages) >= golden.FEWEST
    assert {name.split(", ")[1] for name in pages if ", " in name} == {*MARKUPS}
    assert not any(b"data-label" in html for html in pages.values())
    assert len({*pages.values()}) == len(pages)


def test_the_shipped_models_outputs_on_a_few_pages() -> None:
    stored = Golden.read(ROOT / "models" / "default")
    assert stored is not None
    assert stored.sha256 == load_default().info["sha256"]
    pages = dict(golden_pages(ROOT))
    few = {name: output(pages[name], load_default()) for name in [*stored.pages][::25]}
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
