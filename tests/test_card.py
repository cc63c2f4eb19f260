"""The measured part of the model card."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from declutter.measure.figures import WORDS, Figures
from declutter.measure.held_out import FOLDS, HeldOut
from declutter.training.report import END, START

ROOT = Path(__file__).parents[1]
CARD = (ROOT / "models" / "default" / "MODEL_CARD.md").read_text(encoding="utf-8")
RATES = {"precision": 0.25, "recall": 0.75, "f1": 0.375}
SCORE = {"group": "all", "pages": 7, "low": 0.3, "high": 0.4, "score": WORDS, **RATES}


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    monkeypatch.delitem(sys.modules, "card", raising=False)
    return importlib.import_module("card")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A model's folder and results in one, with the least that is stored."""
    (tmp_path / "model.json").write_text(json.dumps({"sha256": "a" * 64}))
    stored = HeldOut()
    figures = Figures(WORDS, {"0" * 16: [None, 0.5, 0.5, 0.5]}, reliability={"50": [6, 1.5, 2], "150": [4, 3.0, 3]})
    stored.put(FOLDS, {}, {"wcxb": figures})
    stored.write(tmp_path)
    put(tmp_path, "quality", QUALITY)
    return tmp_path


QUALITY: dict[str, Any] = {
    "date": "2026-01-01",
    "model": {"sha256": "a" * 64},
    "rows": [
        {"corpus": "wcxb", "how": "grouped folds", **SCORE},
        {"corpus": "wcxb", "how": "left out: no page of wcxb in training", **SCORE},
        {"corpus": "dragnet", "how": "shipped model", **SCORE},
        {"corpus": "readability", "how": "grouped folds, as plain text", **SCORE},
    ],
    "kinds": [
        {"corpus": "all but own", "how": "grouped folds", "kind": "donation", "blocks": 9, **RATES},
        {"corpus": "wcxb", "how": "grouped folds", "kind": "signup", "blocks": 9, **RATES},
    ],
    "calibration": [
        {"corpus": "wcxb", "how": "grouped folds", "blocks": 10, "error": 0.0123, "rank_correlation": None}
    ],
}
MARKUP: dict[str, Any] = {
    "date": "2026-01-02",
    "model": "b" * 64,
    "scored": "2026-01-01",
    "markups": [
        {"corpus": "dragnet", "markup": markup, "strictness": name, "pages": 7, **RATES}
        for markup in ("as served", "hashed", "absent", "plain text")
        for name in ("balanced", "precision")
    ],
    "languages": [
        {"language": language, "of": WORDS, "how": "grouped folds", **SCORE, "pages": pages}
        for language, pages in (("en", 5), ("eo", 4))
    ],
}
BOXES: dict[str, Any] = {
    "date": "2026-01-03",
    "model": "a" * 64,
    "rows": [
        {"by": by, "which": which, "box_lines": 3, "removed": 1.0, "named": 0.5, "kept": 0.9}
        for by, which in (("language", "fr"), ("names", "absent"), ("names", "hashed"), ("names", "telling"))
    ],
}


def put(folder: Path, name: str, report: dict[str, Any]) -> None:
    (folder / f"{name}.json").write_text(json.dumps(report))


def test_the_card_says_what_was_measured(card: Any) -> None:
    if START not in CARD:
        pytest.skip("the model was trained before cards had a measured part: run benchmarks/card.py")
    part = card.measured(ROOT / "benchmarks" / "results", ROOT / "models" / "default")
    assert card.filled(CARD, part) == CARD, "run benchmarks/card.py"


def test_what_is_not_measured_is_named(card: Any, place: Path) -> None:
    part = card.measured(place, place)
    # From .5 on four blocks, three of them content, of five that are.
    assert "| content | all but own | 5 | 0.750 | 0.600 | 0.667 |" in part
    assert "| donation | all but own | 9 | 0.250 | 0.750 | 0.375 |" in part
    assert "signup" not in part
    assert "Not measured for this model: content and kinds in one table" in part
    assert "Not measured for this model: dragnet, wcxb at strictness precision and recall." in part
    assert "Real pages by language: not measured for this model" in part
    assert "Unseen pages by markup: not measured for this model" in part
    assert "| wcxb | 7 | 0.250 | 0.750 | 0.375 | 0.300 to 0.400 | left out |" in part
    assert "| readability | 7 | 0.250 | 0.750 | 0.375 |" in part
    assert "reliability.svg)" in part
    assert "confusion.svg" not in part
    assert "| wcxb | 10 | 0.012 |  | grouped folds |" in part
    (place / "quality.json").unlink()
    assert card.measured(place, place) == "Not measured yet: run `make evaluate`."


def test_what_is_measured_is_told_with_its_model(card: Any, place: Path) -> None:
    labels = [{"label": "content", "corpus": "own", "how": "grouped folds", "blocks": 4, **RATES}]
    strict = [
        {"corpus": corpus, "how": how, "strictness": name, "pages": 7, **RATES, "recall": 0.5}
        for corpus, how in (("wcxb", "left out: no page of wcxb in training"), ("readability", "grouped folds"))
        for name in ("balanced", "precision")
    ]
    put(place, "quality", QUALITY | {"labels": labels, "by_strictness": strict})
    put(place, "markup", MARKUP)
    put(place, "boxes", BOXES)
    (place / "confusion.svg").touch()
    part = card.measured(place, place)
    assert "confusion.svg)" in part
    assert "| content | own | 4 | 0.250 | 0.750 | 0.375 |" in part
    assert "donation | all" not in part
    assert "| dragnet | 0.250 / 0.750 | 0.250 / 0.750 | shipped model |" in part
    assert "| wcxb | 0.250 / 0.500 | 0.250 / 0.500 | left out |" in part
    assert "by `make bench-markup`, on 2026-01-02, **of another model, bbbbbbbbbbbb**" in part
    assert "`make bench-boxes`, on 2026-01-03:" in part
    assert "ot measured" not in part
    assert "| en | 5 |" in part
    assert "| eo |" not in part
    names = ["HTML, as served", "HTML, hashed", "HTML, no class names", "plain text"]
    found = [
        line.split(" | ")[1] for line in part.splitlines() if line.startswith("| dragnet | ") and "| 7 | 0.2" in line
    ]
    assert found[1:] == names  # the first is of the corpora never seen
    assert (
        part.index("| HTML, telling | 3") < part.index("| HTML, hashed | 3") < part.index("| HTML, no class names | 3")
    )


def test_the_part_is_put_between_its_marks_or_in_front_of_the_limits(card: Any) -> None:
    old = "# Card\n\ntext\n\n## Limits\n\n- none\n"
    once = card.filled(old, "new")
    assert once == f"# Card\n\ntext\n\n## Measured\n\n{START}\n\nnew\n\n{END}\n\n## Limits\n\n- none\n"
    assert card.filled(once, "newer") == once.replace("new", "newer")


def test_content_is_in_the_picture_of_confusions_once_it_is_stored(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    for name in ("readme", "plot"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    readme = importlib.import_module("readme")

    def drawn(figures: Figures) -> str:
        stored = HeldOut()
        stored.put(FOLDS, {}, {"wcxb": figures})
        stored.write(tmp_path)
        return str(readme.draw_confusion(tmp_path))

    kinds = {"donation": [2, *[0] * 11]}
    assert drawn(Figures(WORDS)) == ""
    assert ">content<" not in drawn(Figures(WORDS, confusion=kinds))
    labels = {"content": [3, 1, *[0] * 11], "chrome of unknown kind": [5, *[0] * 12]}
    both = drawn(Figures(WORDS, confusion=kinds, labels=labels))
    assert both.count(">content<") == 2
    assert ">75<" in both
    assert ">5<" not in both


def test_kinds_by_language_and_with_names_hashed(card: Any, place: Path) -> None:
    kinds = ("donation", "signup", "payment", "social", "footer")
    spoken = [{"language": "de", "kind": kind, "blocks": 30, **RATES} for kind in (*kinds, "other")]
    spoken += [{"language": "fr", "kind": kind, "blocks": 30, **RATES} for kind in kinds[:4]]
    spoken += [{"language": "de", "kind": "comments", "blocks": 29, **RATES}]
    hashed = [{"corpus": "own", "kind": "donation", "blocks": 9, "f1": 0.5, "hashed": 0.25}]
    put(place, "quality", QUALITY | {"kinds_by_language": spoken, "hashed": hashed})
    part = card.measured(place, place)
    assert "| kind | de |" in part
    assert "| donation | 0.25 / 0.75 / 0.38 (30) |" in part
    assert "| comments |" not in part
    assert "| donation | own | 9 | 0.500 | 0.250 |" in part
