"""Reasons: from the model itself, group by group, in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from declutter import Label, load_model, predict
from declutter.explain import Explainer, occlusion, reasons
from declutter.explain.groups import ABSENT, COLUMNS, group_of
from declutter.features import FEATURE_NAMES
from declutter.model.directory import default_directory

if TYPE_CHECKING:
    from declutter import Page

EXAMPLE = Path(__file__).parents[1] / "examples" / "flood-wardens.html"

SHOP = """
<html><head><title>Kettle No. 4</title><meta name="description" content="A kettle that whistles in tune."></head><body>
<nav><ul><li><a href="/a">Kettles</a></li><li><a href="/b">Pots</a></li><li><a href="/c">Pans</a></li></ul></nav>
<div class="buy-box"><span class="price">&euro;49.00</span><form action="/cart/add" method="post">
<input type="number" name="quantity"><button>Add to cart</button></form></div>
<h1>Kettle No. 4</h1><p>A kettle that whistles in tune, made of one sheet of steel by two people in a shed.</p>
<div hidden><p>Loading 12.03.2024</p></div><p>|||| &raquo;&raquo; ||||</p><p>4711 0815 1234</p><p>@@ ~~ ^^ ~~ @@</p>
<p>SALE ENDS NOW</p><p>The Big Kettle Club</p><iframe src="https://video.example/1"></iframe>
<form><input type="password"><label>Password</label></form><form><label>Search for a pot</label></form>
<div role="dialog"><p>We use cookies.</p><button>OK</button></div>
<a href="https://www.facebook.com/kettle"><img src="f.png" alt="Facebook"></a>
</body></html>
"""


@pytest.fixture(scope="module")
def page() -> Page:
    return predict(EXAMPLE.read_bytes())


@pytest.fixture(scope="module")
def explainer(page: Page) -> Explainer:
    return Explainer(page)


def row_of(page: Page, text: str) -> int:
    return next(row for row, block in enumerate(page.blocks) if block.text.startswith(text))


def test_every_feature_is_in_one_group() -> None:
    for name in FEATURE_NAMES:
        assert group_of(name), name
    together = np.concatenate(list(COLUMNS.values()))
    assert sorted(together) == list(range(len(FEATURE_NAMES)))
    assert all(len(columns) for columns in COLUMNS.values())
    with pytest.raises(KeyError):
        group_of("nonsense")


def test_neutral_is_zero_where_being_there_is_the_evidence() -> None:
    absent = {name for name, zero in zip(FEATURE_NAMES, ABSENT, strict=True) if zero}
    assert {"in_tag_nav", "lexicon_donation", "near_name_signup", "amount", "form_email"} <= absent
    assert not {"link_density", "place", "size", "link_density_before1", "is_p_after1", "form_size"} & absent


def test_it_explains_the_probabilities_that_the_page_has(page: Page, explainer: Explainer) -> None:
    # If prediction changes, the explanation has to change with it.
    np.testing.assert_allclose(explainer.probabilities(), page._probabilities, atol=2e-3)


def test_a_weight_is_what_the_label_loses_without_the_group(page: Page, explainer: Explainer) -> None:
    row = row_of(page, "Donate now")
    weights = explainer.weights(row)
    assert set(weights) == set(COLUMNS)
    assert weights["phrases"] > 0.5
    strongest = max(weights, key=lambda name: weights[name])
    assert explainer.reasons(row, 1) == [explainer._phrases.of(strongest, row, page.blocks[row].label)]


def test_a_group_that_is_neutral_already_weighs_nothing(explainer: Explainer) -> None:
    without = explainer._features.copy()
    for columns in COLUMNS.values():
        without[:, columns] = explainer._neutral[columns]
    explainer_of_nothing = object.__new__(Explainer)
    for name in Explainer.__init__.__code__.co_names:
        if name.startswith("_") and hasattr(explainer, name):
            setattr(explainer_of_nothing, name, getattr(explainer, name))
    explainer_of_nothing._features = without
    explainer_of_nothing._weights = {}
    weights = explainer_of_nothing.weights(0)
    # The net adds single-precision numbers up in another order where it gets more rows.
    assert all(abs(weight) < 1e-5 for name, weight in weights.items() if name != "neighbours")


def test_a_donate_button_and_a_headline(page: Page, explainer: Explainer) -> None:
    donate = explainer.reasons(row_of(page, "Donate now"), len(COLUMNS))
    assert any(reason.startswith('says "donate') and reason.endswith("a phrase of donation") for reason in donate)
    headline = explainer.reasons(row_of(page, "They read the river"), len(COLUMNS))
    assert headline[0] == "it is the page's main headline"


def test_strongest_first_and_no_more_than_asked(page: Page, explainer: Explainer) -> None:
    for row in range(len(page.blocks)):
        every = explainer.reasons(row, len(COLUMNS))
        assert 1 <= len(every) <= len(COLUMNS) + 1
        assert explainer.reasons(row, 2) == every[:2]
        assert all(reason and "\n" not in reason for reason in every)


def test_the_short_way_and_another_model(page: Page, explainer: Explainer) -> None:
    row = row_of(page, "Accept all cookies")
    assert reasons(page, row) == explainer.reasons(row)
    assert reasons(page, row, 1, model=load_model(default_directory())) == explainer.reasons(row, 1)


def test_chunks_make_no_difference(page: Page, explainer: Explainer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(occlusion, "_CHUNK", 7)
    again = Explainer(page)
    for row in (0, 6, 7, 50):
        assert again.weights(row) == pytest.approx(explainer.weights(row), abs=1e-3)


def test_words_for_every_group_and_every_value() -> None:
    page = predict(SHOP)
    explainer = Explainer(page)
    said = {
        block.text: {name: explainer._phrases.of(name, row, block.label) for name in COLUMNS}
        for row, block in enumerate(page.blocks)
    }
    assert said["Kettles"]["inside"] == "inside <nav> and <li>"
    assert said["Kettles"]["links"] == "all of its text is links"
    assert said["Kettles"]["box"] == "one of 3 elements of the same shape side by side"
    assert said["Kettles"]["length"] == "1 word, no sentence end"
    assert said["\u20ac49.00"]["money"] == "an amount of money"
    assert said["\u20ac49.00"]["names"].startswith("class or id names around it say ")
    assert said["Add to cart"]["addresses"].endswith("lead to a payment service or a shop")
    assert said["Add to cart"]["element"] == "what a button or choice says"
    assert said["Add to cart"]["phrases"] == 'says "add to cart", a phrase of payment'
    assert said["Kettle No. 4"]["place"].endswith("in the main heading")
    assert said["Kettle No. 4"]["title"] == "all of its first words stand in the page's title"
    assert said["Loading 12.03.2024"]["characters"] == "holds a date or a time"
    assert said["Loading 12.03.2024"]["element"] == "stands in <p>, which no visitor sees at first"
    assert said["4711 0815 1234"]["characters"] == "all of its characters are digits"
    assert said["SALE ENDS NOW"]["characters"] == "all of its characters are capitals"
    assert said["The Big Kettle Club"]["characters"] == "most of its words begin with a capital"
    assert said["Password"]["controls"] == "in a form that asks for a password"
    assert said["We use cookies."]["inside"] == 'inside <div role="dialog">'
    assert said["Facebook"]["element"] == "describes an image or icon"
    assert explainer._phrases.of("addresses", len(page.blocks) - 1, Label.SOCIAL).endswith("lead to a social network")
    assert all(text for words in said.values() for text in words.values())


def test_pages_of_one_block_and_of_none() -> None:
    alone = predict("<p>Alone.</p>")
    assert Explainer(alone)._phrases.of("neighbours", 0, Label.CONTENT) == "stands alone on the page"
    assert Explainer(alone).reasons(0)
    nothing = Explainer(predict(""))
    assert nothing.probabilities().shape == (0, len(Label))


def test_where_nothing_decides_it_says_so(explainer: Explainer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explainer, "weights", lambda _row: dict.fromkeys(COLUMNS, 0.0))
    assert explainer.reasons(0) == ["no single thing: only all its features together"]
