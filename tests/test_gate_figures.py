"""The gate: figures that are stored, as they were recorded, whole and not below their floors."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from declutter.corpus.base import CorpusPage, WholeText
from declutter.errors import ModelError
from declutter.measure import floors, ratchet
from declutter.measure.completeness import Here, amiss, here, without_text
from declutter.measure.consistency import contradictions
from declutter.measure.figures import SEGMENTS, WORDS, Figures, confusion, summaries
from declutter.measure.gate import Gate
from declutter.measure.golden import Golden
from declutter.measure.held_out import FOLDS, LEFT_OUT, SHIPPED, TEXT, HeldOut, Record, keep_fold, kept_folds
from declutter.measure.integrity import REPORT
from declutter.measure.measures import measures, unit
from declutter.measure.seals import sealed
from declutter.training.data import load_examples, load_pages, present
from declutter.training.run import scorable
from gate_stand import KINDS, OF, OF_FIT, ROOT, SHA, Stand, commit, figures, git, only
from training_corpora import small_corpora

if TYPE_CHECKING:
    from pathlib import Path

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
    stand.put(LEFT_OUT, OF_FIT | {key: value}, {"wcxb": figures(0.85)})
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
    stand.put(SHIPPED, {**OF, "sha256": "9" * 64}, {"dragnet": figures(0.8)})
    assert only(stand).endswith("(another sha256): run `declutter evaluate --folds 0`")


def test_a_figure_below_its_floor(stand: Stand) -> None:
    stand.put(FOLDS, {**OF_FIT, "folds": 5}, {"wcxb": figures(0.8)})
    failures = stand.check()
    floor = 0.9 - floors.slack(3)
    assert failures[0] == "own (grouped folds): no figures of this corpus: run `declutter evaluate`"
    failures.pop(0)
    assert failures[0].startswith(f"wcxb (grouped folds): F1 0.8000 is {floor - 0.8:.4f} below its floor {floor:.4f}: ")
    assert failures[1].startswith("wcxb, article (grouped folds): F1 0.8000")
    assert "behind `Floors lowered for 0123456789ab:`" in failures[0]


def test_a_floor_without_a_figure(stand: Stand) -> None:
    stand.stored.sections[LEFT_OUT].clear()
    stand.record()
    failures = stand.check()
    assert failures[0].startswith("wcxb (left out): no figure is stored, the floor is 0.8000: ")
    assert failures[0].endswith("run `declutter evaluate --folds 0 --left-out wcxb`")


def test_the_sample_below_its_floor(stand: Stand) -> None:
    stand.__dict__["sample"] = floors.found_of([(floors.SAMPLE, "dragnet", figures(0.7))])
    assert stand.check()[0].startswith("dragnet (fixed sample): F1 0.7000 is")


def test_a_sample_without_a_floor_or_without_pages(stand: Stand) -> None:
    stand.__dict__["sample"] |= floors.found_of([(floors.SAMPLE, "cleaneval", figures(0.7))])
    assert only(stand).startswith("sample of cleaneval: no floor yet: run `benchmarks/gate.py --update`")
    stand.__dict__["sample"] = {}
    stand.failures.clear()
    assert stand.check() == []
    assert any(line.startswith("not checked: the sample") for line in stand.told)


def test_floors_rise_and_do_not_fall(stand: Stand) -> None:
    before = floors.read_floors(stand.baseline)
    stand.put(LEFT_OUT, OF_FIT, {"wcxb": figures(0.99)})
    stand.put(SHIPPED, {**OF, "sha256": SHA}, {"dragnet": figures(0.5)})
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
    commit(stand)
    assert stand.check() == []
    low = floors.read_floors(stand.baseline)
    was = low[FOLDS]["wcxb"]["article"]
    low[FOLDS]["wcxb"]["article"] = 0.5
    floors.write_floors(stand.baseline, low)
    assert only(stand).startswith(f"wcxb, article (grouped folds): the floor was {was:.4f} and is 0.5000: set it back")
    git(stand, "checkout", "-b", "further")
    git(stand, "commit", "-a", "-m", "lower")
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


def test_ceilings_fall_and_do_not_rise(stand: Stand) -> None:
    empty = figures(0.9)
    empty.answers = [1, 3]
    stand.put(FOLDS, {**OF_FIT, "folds": 5}, {"wcxb": empty, "own": KINDS})
    assert only(stand) == (
        "1 stored figures have no floor (wcxb, nearly empty (grouped folds)): run `benchmarks/gate.py --update`"
    )
    assert "folds wcxb nearly empty: none -> 0.6667" in ratchet.update(stand)
    stand.failures.clear()
    assert stand.check() == []
    empty.answers = [3, 3]
    stand.record()
    assert only(stand).startswith(
        "wcxb, nearly empty (grouped folds): share 1.0000 is 0.3333 above its ceiling 0.6667: mend the model"
    )
    assert "folds wcxb nearly empty: kept, the figure is 0.3333 off" in ratchet.raise_floors(stand)
    empty.answers = [0, 3]
    stand.record()
    assert "folds wcxb nearly empty: 0.6667 -> 0.3334" in ratchet.raise_floors(stand)
    before = floors.read_floors(stand.baseline)
    after = floors.read_floors(stand.baseline)
    after[FOLDS]["wcxb"][floors.EMPTY] = 0.5
    assert floors.lowered(before, after) == {(FOLDS, "wcxb", floors.EMPTY): (0.3334, 0.5)}
    assert floors.highest([after, before]) == before


# -- what is stored is what was recorded -----------------------------------------------------------------------------


def test_figures_that_were_edited(stand: Stand) -> None:
    stand.stored.sections[FOLDS]["wcxb"].figures.pages["1"] = ["article", 0.95, 0.95, 0.95]
    assert stand.check() == [
        "wcxb (grouped folds): the stored figures are not those that were recorded: take held_out.json from the repository,"
        " or, if they were measured since, run `benchmarks/gate.py --update`",
        "benchmarks/results/quality.json tells other figures than are stored (rows, wcxb, all, grouped folds; rows, wcxb,"
        " article, grouped folds): run `declutter evaluate --folds 0`, which writes it anew from what is stored",
    ]
    for do in (ratchet.update, ratchet.raise_floors):
        with pytest.raises(
            ModelError, match=r"wcxb \(grouped folds\): held_out.json has other figures than were measured with"
        ):
            do(stand.again_with(stand.stored))
    ratchet.update(stand.again_with(stand.stored), allow=True)
    stored = Golden.read(stand.directory)
    assert stored is not None
    assert stored.seals == sealed(stand.stored)


def test_figures_that_were_measured_again_are_recorded(stand: Stand) -> None:
    stand.stored.put(LEFT_OUT, OF_FIT | {"measured": "2026-02-02"}, {"wcxb": figures(0.85)})
    assert stand.check()[0].startswith("wcxb (left out): the stored figures are not those that were recorded")
    ratchet.update(stand)
    stand.record()
    stand.failures.clear()
    assert stand.check() == []


def test_figures_that_are_gone_or_were_never_recorded(stand: Stand) -> None:
    record = stand.stored.sections[SHIPPED].pop("dragnet")
    assert stand.check()[0].startswith("dragnet (shipped model): the stored figures are not those that were recorded")
    stand.stored.sections[SHIPPED]["dragnet"] = record
    assert stand.golden is not None
    stand.golden.seals = {}
    stand.failures.clear()
    assert only(stand) == "the stored figures were never recorded in golden.json: run `benchmarks/gate.py --update`"


@pytest.mark.parametrize("key", ["code_hash", "corpus_hash", "settings"])
def test_figures_that_do_not_say_what_they_were_measured_with(stand: Stand, key: str) -> None:
    of = {name: value for name, value in OF_FIT.items() if name != key}
    stand.put(LEFT_OUT, of, {"wcxb": figures(0.85)})
    assert only(stand).startswith(f"wcxb (left out): the stored figures are not this model's (another {key})")


def test_figures_that_cannot_be(stand: Stand) -> None:
    odd = figures(0.9)
    odd.pages["2"] = ["article", 0.95, 0.9, 0.9]
    stand.put(FOLDS, {**OF_FIT, "folds": 5}, {"wcxb": odd, "own": KINDS})
    assert only(stand).startswith(
        "wcxb (grouped folds): 1 of the stored figures cannot be (page 2: ['article', 0.95, 0.9, 0.9]): take held_out.json"
    )


def test_pages_that_are_left_out_without_a_word(stand: Stand) -> None:
    for corpus, section, again in (
        ("wcxb", LEFT_OUT, "declutter evaluate --folds 0 --left-out wcxb"),
        ("dragnet", SHIPPED, "declutter evaluate --folds 0"),
    ):
        pages = stand.stored.sections[section][corpus].figures.pages
        kept = pages.pop("1")
        confidence = stand.stored.sections[section][corpus].figures.confidence.pop("1")
        stand.record()
        stand.failures.clear()
        failure = stand.check()[0]
        assert "1 pages of the corpus are left out (1)" in failure
        assert failure.endswith(f"run `{again}`")
        pages["1"] = kept
        stand.stored.sections[section][corpus].figures.confidence["1"] = confidence


def test_a_report_that_tells_other_figures(stand: Stand) -> None:
    path = stand.checkout / REPORT
    report = json.loads(path.read_text())
    report["rows"][0]["f1"] += 0.001
    path.write_text(json.dumps(report))
    assert only(stand).startswith(f"{REPORT} tells other figures than are stored (rows, wcxb, all, grouped folds): run")
    path.write_text(json.dumps(report | {"model": {"sha256": "9" * 64}}))
    stand.failures.clear()
    assert only(stand).startswith(f"{REPORT} is of model 999999999999, not of 0123456789ab: run `declutter evaluate")
    path.unlink()
    stand.failures.clear()
    assert only(stand).startswith(f"{REPORT} cannot be read")


def test_slack_grows_where_pages_are_few() -> None:
    assert floors.slack(1300) == floors.slack(300) == 0.005
    assert floors.slack(75) == pytest.approx(0.01)
    assert floors.slack(0) < 0.1


# -- what is stored --------------------------------------------------------------------------------------------------


def test_figures_add_up_and_are_summed_up() -> None:
    whole = Figures(SEGMENTS, {"1": [None, 3, 0, 1]}, {"other": [1, 2, 1]}, confusion={"other": [*[0] * 10, 1, 2]})
    whole.add(
        Figures(
            SEGMENTS,
            {"2": ["forum", 0, 1, 0]},
            {"other": [1, 0, 0], "footer": [2, 2, 2]},
            {"other": [3, 0, 0]},
            {"en other": [1, 0, 0]},
            {"other": [*[0] * 10, 0, 1], "footer": [*[0] * 10, 3, 0]},
        )
    )
    whole.add(Figures(elements={"code": [3, 4]}, answers=[1, 2]))
    whole.add(Figures(elements={"code": [1, 1]}, answers=[0, 2]))
    assert (whole.elements, whole.answers) == ({"code": [4, 5]}, [1, 4])
    assert whole.kinds == {"other": [2, 2, 1], "footer": [2, 2, 2]}
    assert (whole.hashed, whole.languages) == ({"other": [3, 0, 0]}, {"en other": [1, 0, 0]})
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


# -- which figures have floors, and what is whole ---------------------------------------------------------------------


def whole(corpus: str, **values: Any) -> tuple[str, str, Record]:
    return FOLDS, corpus, Record({}, Figures(WORDS, figures(0.9).pages, confidence=figures(0.9).confidence, **values))


def test_kinds_elements_empty_pages_and_calibration_have_floors() -> None:
    counts = {
        "kinds": {"donation": [100, 100, 80], "signup": [40, 40, 40], "other": [500, 500, 50]},
        "elements": {"headings": [900, 1000], "code": [1, 999], "captions": [0, 10]},
        "answers": [2, 40],
        "reliability": {"180": [100, 90.0, 80]},
    }
    found = measures([whole("wcxb", **counts), whole("own", **counts)])
    assert {key: value for key, value in found.items() if key[2] not in {"all", "article"}} == {
        (FOLDS, "all", "kind: donation"): (0.8, 4),
        (FOLDS, "all", "kind: signup"): (1.0, 1),
        (FOLDS, "all", "kind: other"): (0.1, 20),
        (FOLDS, "all", "kind: mean"): (0.9, 5),
        (FOLDS, "all but own", "kind: donation"): (0.8, 2),
        (FOLDS, "all but own", "kind: other"): (0.1, 10),
        (FOLDS, "all but own", "kind: mean"): (0.9, 2),
        (FOLDS, "own", "kind: donation"): (0.8, 2),
        (FOLDS, "own", "kind: other"): (0.1, 10),
        (FOLDS, "own", "kind: mean"): (0.9, 2),
        (FOLDS, "wcxb", "element: headings"): (0.9, 10),
        (FOLDS, "own", "element: headings"): (0.9, 10),
        (FOLDS, "wcxb", "nearly empty"): (0.05, 40),
        (FOLDS, "own", "nearly empty"): (0.05, 40),
        (FOLDS, "wcxb", "calibration error"): (0.1, 3),
    }
    made = floors.raised({}, found)
    assert made[FOLDS]["wcxb"]["nearly empty"] == pytest.approx(0.05 + 1 / 40, abs=1e-4)  # one page is chance
    assert made[FOLDS]["wcxb"]["calibration error"] == pytest.approx(0.1 + floors.slack(3), abs=1e-4)
    assert made[FOLDS]["all"]["kind: mean"] == pytest.approx(0.9 - floors.slack(5), abs=1e-4)
    assert [unit(key[2]) for key in found][-3:] == ["F1", "F1", "F1"]
    assert [unit(group) for group in ("nearly empty", "calibration error", "element: code")] == [
        "share",
        "error",
        "recall",
    ]


def test_the_shipped_figures_do_not_contradict_themselves() -> None:
    for _, _, record in HeldOut.read(ROOT / "models" / "default"):
        assert contradictions(record.figures) == []


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"pages": {"1": ["a", 0.5, 0.5]}, "confidence": {"1": 1.0}}, "page 1: ['a', 0.5, 0.5]"),
        ({"pages": {"1": ["a", 1.2, 1.2, 1.2]}, "confidence": {"1": 1.0}}, "page 1: ['a', 1.2, 1.2, 1.2]"),
        ({"score": SEGMENTS, "pages": {"1": ["a", 1, -1, 0]}}, "page 1: ['a', 1, -1, 0]"),
        ({"confidence": {"1": 1.0}}, "the pages of confidence are not those that are scored"),
        ({"kinds": {"donation": [2, 2, 2]}}, "donation: [2, 2, 2], but [0, 0, 0] by the table of confusion"),
        ({"elements": {"code": [4, 3]}}, "code: 4 of 3 words"),
        ({"reliability": {"7": [3, 1.0, 4]}}, "content scores of 7: [3, 1.0, 4]"),
        ({"answers": [1, 2]}, "nearly empty: 1 of 2 pages, 0 are scored"),
    ],
)
def test_figures_that_contradict_themselves(values: dict[str, Any], told: str) -> None:
    assert contradictions(Figures(**{"score": WORDS, **values})) == [told]


def test_stored_pages_are_those_of_the_corpus() -> None:
    stored = HeldOut()
    stored.put(FOLDS, {}, {"wcxb": figures(0.9), "own": figures(0.9), "goose3": Figures()})
    known: dict[str, str | None] = dict.fromkeys("012", "article")
    counts = {"wcxb": 3, "own": 3, "goose3": 45}
    assert amiss(stored, Here(None, {"own": known}), counts) == []
    assert amiss(stored, Here(None, {}), counts | {"wcxb": 4}) == [
        (FOLDS, "wcxb", "figures of 3 pages, the model was trained on 4")
    ]
    assert amiss(stored, Here(None, {"own": known}), counts | {"postlight": 1}) == [
        (FOLDS, "postlight", "no figures of this corpus")
    ]
    assert amiss(stored, Here(None, {"own": {"0": "article", "1": "forum", "3": "article"}}), counts) == [
        (
            FOLDS,
            "own",
            "1 pages of the corpus are left out (3), 1 pages are not of the corpus (2), 1 pages have another type there (1)",
        )
    ]
    stored.put(TEXT, {}, {"wcxb": figures(0.9, 2), "own": figures(0.9)})
    assert amiss(stored, Here(None, {"wcxb": known}), counts) == [
        (TEXT, "wcxb", "1 pages of the corpus are left out (2)"),
        (TEXT, "goose3", "no figures of this corpus"),
    ]
    assert amiss(stored, Here(None, {"wcxb": known}, frozenset("2")), counts)[1:] == []


def test_the_corpora_say_which_pages_are_scored(tmp_path: Path) -> None:
    root = small_corpora(tmp_path)
    found = here(["own", *present("train", root)], root, HeldOut())
    assert found.corpus_hash is not None
    # Twelve pages of ours are those of the small corpora: of such a pair the first counts.
    pages = [page for page in load_pages([*present("train", root), "own"], root) if page.corpus != "own"]
    examples = load_examples(pages, jobs=1)
    assert {*scorable(examples)} == {"trafilatura-eval", "wcxb"}
    for corpus, places in scorable(examples).items():
        assert found.pages[corpus] == {examples[place].sha256[:16]: examples[place].page_type for place in places}
    assert {*found.pages} == {*scorable(examples), "own", *present("validate", root)}
    alone = here(["own"], None, HeldOut())
    assert {*alone.pages} == {"own"}
    assert {*found.pages["own"]} < {*alone.pages["own"]}


def test_pages_without_a_text_are_not_missed_as_text() -> None:
    stored = HeldOut()
    stored.put(TEXT, {}, {"wcxb": Figures()})
    pages = [
        CorpusPage("wcxb", name, html, WholeText("a word or two"))
        for name, html in (("text", b"<p>a word or two</p>"), ("none", b"<img alt='a word'>"))
    ]
    assert without_text(pages, stored) == {pages[1].sha256[:16]}
