"""Features: values computed by hand, stored ones replayed, and what holds on every page."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from bs4 import BeautifulSoup

from declutter.blocks import Blocks, segment
from declutter.document import Document, read_document
from declutter.features import FEATURE_NAMES, FEATURES_VERSION, extract
from declutter.features.arrays import distinct
from declutter.features.characters import CharClass, _table, class_counts

if TYPE_CHECKING:
    from numpy.typing import NDArray

OWN_PAGES = sorted((Path(__file__).parents[1] / "training_data" / "pages").glob("*.html"))
# Stored values are rounded to this many decimals, so that they compare on every processor.
DECIMALS = 3


def read(html: str | bytes | BeautifulSoup) -> tuple[Document, Blocks, NDArray[np.float32]]:
    document = read_document(html)
    blocks = segment(document)
    return document, blocks, extract(document, blocks)[0]


def value(html: str, name: str, row: int) -> float:
    return float(read(html)[2][row, FEATURE_NAMES.index(name)])


def test_names_are_unique_and_plain() -> None:
    assert len(set(FEATURE_NAMES)) == len(FEATURE_NAMES)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in FEATURE_NAMES)


# -- by hand -------------------------------------------------------------------------------------------------------

# Letters without white space: Home 4, Tide tables 10, Boats sail today. 15.
HARBOUR = (
    "<title>Tide tables of the harbour</title><body><nav><a href=/>Home</a></nav><h1>Tide tables</h1>"
    "<p>Boats <a href=/s>sail</a> today.</p>"
)
LETTER = (
    "<html lang=en><body><p>The ferry sailed at dawn.</p><p>It was on the lake by noon today.</p>"
    "<p>Dear reader, will you support our boat yourself?</p>"
)
# Three blocks of fifteen words, of which the first two share two long ones; short words fill them up.
COHERENT = (
    "<body><p>ferry harbour captain engine anchor a b c d e f g h i j</p>"
    "<p>ferry harbour a b c d e f g h i j k l m</p>"
    "<p>wooden planks creaking a b c d e f g h i j k l</p>"
)
LIST = "<body><p>Before the list.</p><ul><li>one</li><li>two</li><li>three</li></ul>"
# Letters without white space: One. 4, Two. 4, Three. 6.
PICTURES = "<body><p>One.</p><figure><img src=a><figcaption>Two.</figcaption></figure><p>Three.</p>"
FORM = "<body><p>News</p><form><p>Join</p><input type=email><input type=password><button>Go</button></form><p>End</p>"


@pytest.mark.parametrize(
    ("html", "row", "name", "expected"),
    [
        (PICTURES, 0, "since_picture", math.log1p(14)),
        (PICTURES, 0, "since_picture_up", 7.0),
        (PICTURES, 0, "until_picture", 0.0),
        (PICTURES, 0, "until_picture_up", 1.0),
        (PICTURES, 1, "since_picture", 0.0),
        (PICTURES, 1, "since_picture_up", 1.0),
        (PICTURES, 1, "until_picture_up", 7.0),
        (PICTURES, 2, "since_picture", math.log1p(4)),
        (PICTURES, 2, "since_picture_up", 1.0),
        ("<body><p><img src=a alt=Quay></p><p>One.</p>", 1, "since_picture", 0.0),
        ("<body>" + "<div>" * 9 + "<p>One.</p>" + "</div>" * 9 + "<img src=a>", 0, "until_picture_up", 6.0),
        (LETTER, 0, "reader", 0.0),
        (LETTER, 2, "reader", 2 / 8),
        (LETTER, 2, "writer", 1 / 8),
        (LETTER, 2, "writer_page", 1 / 21),
        (LETTER, 2, "asking", 1 / 8),
        (LETTER, 2, "press", 1 / 8),
        (LETTER, 2, "asking_up1", 1 / 21),
        ("<html lang=zh><body><p>请支持独立新闻", 0, "press", 2 / 7),
        ("<html lang=en><body><p>Support the Quay Gazette</p>", 0, "asking_opens", 1.0),
        ("<html lang=en><body><p>Support the Quay Gazette</p>", 0, "asking_closes", 0.0),
        ("<html lang=en><body><p>The Quay Gazette needs support</p>", 0, "asking_opens", 0.0),
        ("<html lang=en><body><p>The Quay Gazette needs support</p>", 0, "asking_closes", 1.0),
        ("<html lang=en><body><p>…</p><p>Donate!</p>", 0, "asking_opens", 0.0),
        ("<html lang=en><body><p>…</p><p>Donate!</p>", 1, "asking_opens", 1.0),
        ("<html lang=ja><body><p>港の小さな新聞を支援する", 0, "asking_opens", 0.0),
        ("<html lang=ja><body><p>港の小さな新聞を支援する", 0, "asking_closes", 1.0),
        (COHERENT, 0, "cohesion", 2 / 5),
        (COHERENT, 2, "cohesion", 0.0),
        (COHERENT, 0, "cohesion_words", math.log1p(5)),
        (COHERENT, 0, "cohesion_depth", 2 * math.log1p(1) / 5),
        (COHERENT, 0, "cohesion_up1", 4 / 10),
        (HARBOUR, 0, "link_density", 1.0),
        (HARBOUR, 1, "link_density", 0.0),
        (HARBOUR, 2, "link_density", 4 / 15),
        (HARBOUR, 2, "link_count", math.log1p(1)),
        (HARBOUR, 2, "link_density_page", 8 / 29),
        (HARBOUR, 2, "link_density_up1", 8 / 29),
        ("<body><p><a href=http://a.test>a</a> <a href=/b>b</a> <a href=#c>c</a>", 0, "link_external", 1 / 3),
        ("<body><p><a href=http://a.test>a</a> <a href=/b>b</a> <a href=#c>c</a>", 0, "link_fragment", 1 / 3),
        ("<body><p><a href=mailto:a@b>a</a>", 0, "link_scheme", 1.0),
        (HARBOUR, 2, "size", math.log1p(15)),
        ("<body><p>水道水", 0, "size", math.log1p(7.5)),
        (HARBOUR, 2, "word_count", math.log1p(3)),
        (HARBOUR, 2, "word_length", 5.0),
        (HARBOUR, 2, "size_share", 15 / 29),
        (HARBOUR, 1, "size_rank", 2 / 3),
        ("<body><p>a<br>b<br>c", 0, "line_count", math.log1p(2)),
        ("<body><p>One, two. Three: four!", 0, "stops", math.log1p(2)),
        ("<body><p>One, two. Three: four!", 0, "commas", math.log1p(2)),
        ("<body><p>One, two. Three: four!", 0, "stop_rate", 0.5),
        ("<body><p>“It is late.”", 0, "ends_sentence", 1.0),
        ("<body><p>It is late", 0, "ends_sentence", 0.0),
        ("<body><p>Sizes:", 0, "ends_colon", 1.0),
        ("<body><p>ABcd 12", 0, "upper_share", 2 / 6),
        ("<body><p>ABcd 12", 0, "digit_share", 2 / 6),
        ("<body><p>漢字ab", 0, "no_case", 0.5),
        ("<body><p>Home | News", 0, "separator_share", 1 / 9),
        ("<body><p>Printed on 3.11.2026", 0, "dated", 1.0),
        ("<body><p>donate now please", 0, "lexicon_donation", 2 / 3),
        ("<body><p>donate now please", 0, "lexicon_any", 2 / 3),
        ("<body><h2>donate now</h2><p>The goat ate.", 1, "lexicon_heading_donation", 1.0),
        ("<body><h2>donate now</h2><p>The goat ate.", 0, "lexicon_heading_donation", 0.0),
        ("<body><h2>donate now</h2><p>The goat ate.", 1, "lexicon_near_donation", 2 / 5),
        (HARBOUR, 1, "title_overlap", 1.0),
        (HARBOUR, 1, "title_match", 2 * 2 / (2 + 5)),
        (HARBOUR, 2, "title_overlap", 0.0),
        (HARBOUR, 0, "place", 0.0),
        (HARBOUR, 1, "place", 0.5),
        (HARBOUR, 1, "text_place", 9 / 29),
        (HARBOUR, 2, "place_from_start", math.log1p(2)),
        (HARBOUR, 2, "place_from_end", 0.0),
        (HARBOUR, 0, "page_blocks", math.log1p(3)),
        (HARBOUR, 0, "from_h1", -math.log1p(1)),
        (HARBOUR, 2, "from_h1", math.log1p(1)),
        (HARBOUR, 2, "text_from_h1", math.log1p(10)),
        (HARBOUR, 2, "after_h1", 1.0),
        (LIST, 0, "has_h1", 0.0),
        (HARBOUR, 2, "heading_level", 1.0),
        ("<body><h3><a href=x>a</a></h3><p>b", 1, "heading_link_density", 1.0),
        (HARBOUR, 1, "heading_rank", 1.0),
        (HARBOUR, 2, "is_p", 1.0),
        (HARBOUR, 0, "in_tag_nav", 1.0),
        (HARBOUR, 2, "in_tag_nav", 0.0),
        ("<body><div class=siteMenu><p>a", 0, "near_name_nav", 1.0),
        ("<body><div class=x7a><p>a", 0, "near_name_nav", 0.0),
        (LIST, 1, "repeat_count", math.log1p(3)),
        (LIST, 1, "repeat_level", 0.0),
        (LIST, 2, "repeat_share", 11 / 25),
        (LIST, 3, "alike_count", math.log1p(3)),
        (LIST, 3, "alike_spread", 2 / 4),
        (LIST, 2, "blocks_up1", math.log1p(3)),
        (LIST, 2, "size_up1", math.log1p(11)),
        (LIST, 2, "container_place", 0.5),
        (LIST, 1, "container_first", 1.0),
        (LIST, 3, "container_last", 1.0),
        ("<body><p>a<main><p>b<p>c<p>d</main>", 2, "section_place", 0.5),
        (LIST, 0, "section_place", -1.0),
        ("<body><p>$5", 0, "amount", 1.0),
        ("<body><p>12 €", 0, "amount", 1.0),
        ("<body><p>five dollars", 0, "amount", 0.0),
        ("<body><p>$5" + " word" * 12, 0, "amount", 0.0),
        (FORM, 1, "form_email", math.log1p(1)),
        (FORM, 1, "form_password", math.log1p(1)),
        (FORM, 1, "in_form", 1.0),
        (FORM, 3, "in_form", 0.0),
        (FORM, 0, "from_form", math.log1p(1)),
        (FORM, 2, "from_form", 0.0),
        (FORM, 1, "form_blocks", math.log1p(2)),
        (FORM, 2, "origin_control", 1.0),
        ("<body><img alt=a>", 0, "origin_alt", 1.0),
        ("<body><p hidden>a", 0, "is_hidden", 1.0),
        ("<body><p><a href=https://donorbox.org/x>a</a>", 0, "leads_donate_up0", math.log1p(1)),
        ("<body><div><p>a<progress value=3></progress></p></div><p>b", 0, "progress_up0", math.log1p(1)),
        (
            "<body><div><p>a<span role=' ProgressBar'></span><meter></meter></p></div><p>b",
            0,
            "progress_up0",
            math.log1p(2),
        ),
        ("<body><div><p>a<progress></progress></p></div><p>b", 1, "progress_up0", 0.0),
        ("<body><p>a <img src=/i/VISA-2x.png>", 0, "payment_methods_up0", math.log1p(1)),
        (
            "<body><p>a <img alt='Apple Pay' src=1.png><input type=image alt='Master-Card'>",
            0,
            "payment_methods_up0",
            math.log1p(2),
        ),
        ("<body><p>a <img alt='apple paying' src=/visa/1.png>", 0, "payment_methods_up0", 0.0),
        ("<body><p>a <img src=american-express.svg?v=/a><img alt='Shop Pay'>", 0, "payment_methods_up0", math.log1p(2)),
        ("<body><div><p>a</p><img src=paypal.gif></div>", 0, "payment_methods_up1", math.log1p(1)),
        ("<body><p><b>a</b> <i>b</i><br>c", 0, "run_emphasis", math.log1p(2)),
        ("<body><p><b>a</b> <i>b</i><br>c", 0, "run_breaks", math.log1p(1)),
        (HARBOUR, 0, "word_count_before1", -1.0),
        (HARBOUR, 2, "is_heading_before1", 1.0),
        (HARBOUR, 1, "link_density_before1", 1.0),
        (HARBOUR, 0, "word_count_after2", math.log1p(3)),
        (HARBOUR, 1, "word_count_after2", -1.0),
    ],
)
def test_values_computed_by_hand(html: str, row: int, name: str, expected: float) -> None:
    assert value(html, name, row) == pytest.approx(expected, abs=1e-4)


def test_description_and_json_ld() -> None:
    words = " ".join(f"w{number}" for number in range(60))
    html = (
        "<meta name=description content='one two three four'>"
        f'<script type="application/ld+json">{{"articleBody": "{words}"}}</script><body>'
        "<p>one two three nine</p><p>w1 w2 w3 w4 zero</p>"
    )
    assert value(html, "description_overlap", 0) == pytest.approx(2 / 3, abs=1e-4)
    assert value(html, "jsonld_overlap", 1) == pytest.approx(2 / 3, abs=1e-4)
    assert value(html, "has_jsonld_text", 0) == 1


def test_character_classes() -> None:
    counts, words = class_counts(["Ab1 $.,|漢 ", "", "x\U00020000\ud800"])
    kinds = [CharClass.UPPER, CharClass.LOWER, CharClass.DIGIT, CharClass.CURRENCY, CharClass.STOP, CharClass.COMMA]
    assert counts[0, [*kinds, CharClass.SEPARATOR, CharClass.IDEOGRAPH]].tolist() == [1] * 8
    assert counts[0, CharClass.SPACE] == 2
    assert counts[1].sum() == 0
    assert words.tolist() == [1.5, 0, 1.5]
    assert class_counts([])[0].shape == (0, len(CharClass))


def test_every_character_has_the_class_of_its_category() -> None:
    table = _table()
    categories = {"Ll": CharClass.LOWER, "Lu": CharClass.UPPER, "Lt": CharClass.UPPER, "Sc": CharClass.CURRENCY}
    majors = {"L": CharClass.LETTER, "M": CharClass.LETTER, "N": CharClass.DIGIT, "Z": CharClass.SPACE}
    special = {CharClass.IDEOGRAPH, CharClass.STOP, CharClass.COMMA, CharClass.SEPARATOR}
    for point in range(len(table)):
        category = unicodedata.category(chr(point))
        if table[point] not in special and point not in {9, 10, 11, 12, 13}:
            assert table[point] == categories.get(category, majors.get(category[0], CharClass.OTHER)), hex(point)
    assert all(table[[0x3400, 0x4E00, 0x9FFF, 0xAC00, 0xD7FF, 0x3041, 0x1100, 0xFF66]] == CharClass.IDEOGRAPH)
    assert (table == CharClass.IDEOGRAPH).sum() == 40_089  # as one table made character by character had it


@pytest.mark.parametrize("values", [[], [3], [2, 2, 1], [5, -1, 5, 0]])
@pytest.mark.parametrize("kind", [np.int64, np.float64])
def test_distinct_values(values: list[int], kind: type) -> None:
    array: NDArray[np.float64] = np.array(values, dtype=kind)
    found = distinct(array)
    assert found.dtype == kind
    assert found.tolist() == np.unique(array).tolist()


# -- on every page -------------------------------------------------------------------------------------------------

ODD = {
    "empty": "",
    "white space": " \n",
    "one letter": "x",
    "one block": "<p>one</p>",
    "no words": "<p>*** --- !!!</p><p>…</p>",
    "only an image": "<img alt=x>",
    "only a select": "<select><option>a</select>",
    "all hidden": "<div hidden><h1>a</h1><p>b</p></div>",
    "all links": "<a href=a>a</a><div><a href=b>b</a></div>",
    "bare attributes": "<a><form><input><iframe></iframe><p class id role itemprop href>a</p></form></a>",
    "empty values": "<title></title><meta name=description content=''><a href=''>a</a><form action=''>b</form>",
    "broken json": '<script type=\'application/ld+json\'>{"text": "' + "a" * 50 + "</script><p>a",
    "strange json": '<script type="application/ld+json">{"text": "' + "\\ud800 \\x " * 9 + '"}</script><p>a b c d e',
    "deep": "<div>" * 600 + "a",
    "surrogate": "<p>a\ud800</p>",
    "nul": "<p>a\0b</p>",
    "emoji": "<p>\U0001f600\U0001f468\u200d\U0001f469</p>",
    "right to left": "<p>\u202eabc\u202c</p>",
    "table of nothing": "<table><tr><td><td></table>",
    "colspan": "<table><tr><td colspan=9007199254740991>a</table>",
    "h1 twice": "<h1>a</h1><h1>b</h1><p>c",
    "long word": "<p>" + "a" * 10_000,
    "many siblings": "<ul>" + "<li>a" * 500 + "</ul>",
}


@pytest.mark.parametrize("html", ODD.values(), ids=ODD.keys())
def test_features_of_odd_pages_are_finite(html: str) -> None:
    _, blocks, features = read(html)
    assert features.shape == (len(blocks), len(FEATURE_NAMES))
    assert features.dtype == np.float32
    assert np.isfinite(features).all()
    assert (np.abs(features) < 1000).all()


@pytest.mark.parametrize("html", ODD.values(), ids=ODD.keys())
def test_shares_are_shares(html: str) -> None:
    features = read(html)[2]
    shares = [
        place
        for place, name in enumerate(FEATURE_NAMES)
        if re.fullmatch(
            r"link_density(_up\d|_path|_class_path|_page)?|.*_share(_up\d)?|is_[a-z]+|lexicon_\w+|place|in_tag_.*", name
        )
        and not re.search(r"_(before|after)\d$", name)
    ]
    assert len(shares) > 50
    part = features[:, shares]
    assert (part >= 0).all()
    assert (part <= 1).all()


def test_pages_come_out_the_same_twice(stored_page: Path) -> None:
    html = (stored_page / "source.html").read_bytes()
    assert np.array_equal(read(html)[2], read(html)[2])


def test_a_soup_gives_the_same_features(stored_page: Path) -> None:
    html = (stored_page / "source.html").read_text(encoding="utf-8")
    _, ours, features = read(html)
    _, theirs, again = read(BeautifulSoup(html, "lxml"))
    assert theirs.texts == ours.texts
    differ = [
        name
        for place, name in enumerate(FEATURE_NAMES)
        if not np.allclose(features[:, place], again[:, place], atol=2e-4)
    ]
    assert differ == []


@pytest.mark.parametrize("path", OWN_PAGES[::4], ids=lambda path: path.stem)
def test_labels_in_the_page_leave_no_trace(path: Path) -> None:
    html = path.read_text(encoding="utf-8")
    bare = re.sub(r"\sdata-label=(?:\"[^\"]*\"|'[^']*'|[\w-]+)", "", html, flags=re.IGNORECASE)
    assert bare != html
    document = read_document(html)
    assert document.take_attribute("data-label")
    blocks = segment(document)
    _, bare_blocks, expected = read(bare)
    assert blocks.texts == bare_blocks.texts
    assert np.array_equal(extract(document, blocks)[0], expected)


# -- stored --------------------------------------------------------------------------------------------------------


def test_stored_features_are_replayed(stored_page: Path, store: bool) -> None:
    """Features that change without a word break every model in use.

    Where the change is meant: raise FEATURES_VERSION if a shipped model knows the old values, then store the new ones
    with `pytest tests/test_features.py --store`.
    """
    _, blocks, features = read((stored_page / "source.html").read_bytes())
    path = stored_page / "features.json"
    if store:
        path.write_text(_as_json(blocks, features), encoding="utf-8")
        pytest.skip("stored")
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert stored["features_version"] == FEATURES_VERSION
    assert stored["names"] == list(FEATURE_NAMES)
    assert [block["text"] for block in stored["blocks"]] == blocks.texts
    place_of = {name: place for place, name in enumerate(FEATURE_NAMES)}
    for row, block in enumerate(stored["blocks"]):
        expected = np.zeros(len(FEATURE_NAMES))
        for name, number in block["features"].items():
            expected[place_of[name]] = number
        wrong = np.flatnonzero(np.abs(features[row] - expected) > 2 * 10**-DECIMALS)
        differ = {
            FEATURE_NAMES[place]: (float(features[row, place]), float(expected[place])) for place in wrong.tolist()
        }
        assert differ == {}, f"now and stored, block {block['text']!r}"


def _as_json(blocks: Blocks, features: NDArray[np.float32]) -> str:
    rows = []
    for text, row in zip(blocks.texts, features.tolist(), strict=True):
        named = {name: round(number, DECIMALS) for name, number in zip(FEATURE_NAMES, row, strict=True)}
        rows.append({"text": text, "features": {name: number for name, number in named.items() if number}})
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    names = json.dumps(FEATURE_NAMES)
    return f'{{"features_version": {FEATURES_VERSION},\n"names": {names},\n"blocks": [\n{lines}\n]}}\n'
