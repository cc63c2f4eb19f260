"""Boxes in disguise: the texts, the pages made of them, and how they are counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from declutter import Label, predict
from declutter.errors import CorpusError
from declutter.features.languages import topic_bits
from declutter.features.tokens import Tokens
from declutter.measure.disguise import (
    ELEMENTS,
    NAMES,
    PLACES,
    Disguise,
    Material,
    disguises,
    measure,
    page_of,
    read_material,
    without_words,
)

FOLDER = Path(__file__).parents[1] / "benchmarks" / "boxes"
FILES = sorted(FOLDER.glob("*.toml"))
KINDS = ["donation", "donation", "signup", "signup", "payment", "consent", "related", "social", "advertising"]


@pytest.fixture(scope="module")
def english() -> Material:
    return read_material(FOLDER / "en.toml")


def test_languages_of_many_scripts() -> None:
    assert len(FILES) >= 16
    assert {"en", "zh", "ja", "ar", "ru", "hi"} <= {path.stem for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_has_the_same_boxes(path: Path) -> None:
    material = read_material(path)
    assert material.language == path.stem
    assert [box.kind.value for box in material.boxes[:9]] == KINDS
    assert material.boxes[9].kind in {Label.DONATION, Label.SIGNUP}
    assert 9 <= len(material.article) <= 11


@pytest.mark.parametrize("disguise", list(disguises()), ids=lambda d: f"{d.element}-{d.names}-{d.place}")
def test_each_line_is_a_block(english: Material, disguise: Disguise) -> None:
    for number in (0, 4, 6):
        texts = [block.text for block in predict(page_of(english, number, disguise)).blocks]
        lines = [*english.content, *english.menu, *(text for _, text in english.boxes[number].lines)]
        assert [text for text in lines if texts.count(text) != 1] == []


def test_where_the_box_stands(english: Material) -> None:
    text = english.boxes[1].lines[0][1]
    for place, low, high in (
        ("before", english.menu[-1], english.title),
        ("inside", english.article[0], english.article[-1]),
        ("after", english.article[-1], english.footer[0]),
        ("stacked", english.article[-1], english.boxes[2].lines[0][1]),
    ):
        texts = [block.text for block in predict(page_of(english, 1, Disguise("section", "absent", place))).blocks]
        assert texts.index(low) < texts.index(text) < texts.index(high)


def test_what_the_names_say(english: Material) -> None:
    pages = {names: page_of(english, 1, Disguise("div", names, "after")) for names in NAMES}
    assert 'class="donation-box"' in pages["telling"]
    assert "donation" not in pages["hashed"]
    for element in ELEMENTS:
        assert ["donation" in page_of(english, 1, Disguise(element, names, "after")) for names in NAMES] == [
            True,
            False,
            False,
        ]
    assert 'class="css-' in pages["hashed"]
    assert "class=" not in pages["absent"]


def test_it_counts(english: Material) -> None:
    """Every line of a box is counted once in each disguise, and the parts add up."""
    four = replace(english, boxes=english.boxes[1:5])
    report = measure({"en": four})
    everything = report.tallies["all", ""]
    pages = len(ELEMENTS) * len(NAMES) * len(PLACES)
    assert everything.chrome == pages * sum(len(box.lines) for box in four.boxes)
    assert everything.content == pages * 4 * len(english.content)
    assert everything.chrome - everything.removed == sum(report.missed.values())
    assert everything.content - everything.kept == sum(report.lost.values())
    for what, names in (
        ("element", ELEMENTS),
        ("names", NAMES),
        ("place", PLACES),
        ("kind", ("donation", "signup", "payment")),
    ):
        assert sum(report.tallies[what, name].chrome for name in names) == everything.chrome
    assert everything.shares()["removed"] >= everything.shares()["named"]
    # Of all languages: benchmarks/results/boxes.md has all twenty.
    assert everything.shares()["removed"] >= 0.95


def test_articles_stay(english: Material) -> None:
    report = measure({"en": replace(english, boxes=english.boxes[1:5])})
    assert report.tallies["all", ""].shares()["kept"] >= 0.98


def test_words_of_a_language_can_be_taken_out() -> None:
    text = ["Abonnieren Sie unseren Newsletter und spenden Sie jetzt"]
    with_them = Tokens(text).phrase_words
    topics = topic_bits("de", ["spende"])
    with without_words("de"):
        without = Tokens(text).phrase_words
        assert topic_bits("de", ["spende"]) == {}
    assert topics
    assert without.sum() < with_them.sum()
    np.testing.assert_array_equal(Tokens(text).phrase_words, with_them)
    assert topic_bits("de", ["spende"]) == topics


def test_amounts_in_a_donation_box_are_payment(english: Material) -> None:
    assert english.boxes[0].label_of("choice") is Label.PAYMENT
    assert english.boxes[0].label_of("button") is Label.DONATION
    assert english.boxes[2].label_of("choice") is Label.SIGNUP


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title = ", "titel = ", "it needs language, site, title"),
        ('kind = "social"', 'kind = "sociable"', "it needs language"),
        ('["heading", ', '["header", ', "header is no role of a line"),
        ("menu = [", 'menu = ["Morning", "Morning ", ', "stands there twice: Morning"),
        ("menu = [", "menu = [[", "not texts of a language"),
    ],
)
def test_texts_that_do_not_serve(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "en.toml"
    whole = (FOLDER / "en.toml").read_text(encoding="utf-8")
    assert old in whole
    path.write_text(whole.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CorpusError, match=message):
        read_material(path)
