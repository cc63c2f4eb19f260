"""Reasons: sums that are the model's own, in words, and the steps from there to the label."""

from __future__ import annotations

import itertools
import json
import math
import pickle
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from declutter import Label, load_model, predict
from declutter.errors import InputError, ModelError
from declutter.explain import Explainer, Reasons
from declutter.explain.groups import (
    CONTEXT_OF,
    FEATURES_OF,
    GROUPS,
    KINDS_AROUND_OF,
    OPINIONS,
    OWN,
    PLAYERS,
    group_of,
)
from declutter.explain.shapley import shapley
from declutter.explain.stages import log_odds, spread
from declutter.explain.surroundings import Surroundings
from declutter.features import FEATURE_NAMES
from declutter.labels import CHROME
from declutter.model import context
from declutter.model.directory import default_directory
from declutter.model.forest import _NODE
from declutter.model.predictor import calibrate, joined

if TYPE_CHECKING:
    from declutter import Page
    from declutter.model.forest import Trees

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "flood-wardens.html"

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


# -- groups ----------------------------------------------------------------------------------------------------------


def test_every_column_is_in_one_group() -> None:
    for name in FEATURE_NAMES:
        assert group_of(name), name
    assert {PLAYERS[place] for place in FEATURES_OF} == set(GROUPS)
    assert {PLAYERS[place] for place in CONTEXT_OF} == set(OPINIONS)
    assert context.CONTENT_CONTEXT[OWN] == "p"
    for name, group in [
        ("p_after4", "beside"),
        ("p_lowest_up2", "box"),
        ("p_plain_path", "alike"),
        ("p_page", "page"),
        ("p_words_rare", "words"),
    ]:
        assert PLAYERS[CONTEXT_OF[context.CONTENT_CONTEXT.index(name)]] == f"{group} at first"
    with pytest.raises(KeyError):
        group_of("nonsense")


def test_the_kinds_around_are_in_the_order_of_the_context() -> None:
    pools = [PLAYERS[place].removesuffix(" at first") for place in KINDS_AROUND_OF[:: len(CHROME)]]
    assert len(KINDS_AROUND_OF) == len(CHROME) * len(context.KIND_POOLS)
    wanted = {
        "before1": "beside",
        "after1": "beside",
        "up1": "box",
        "up2": "box",
        "box": "box",
        "class_path": "alike",
    }
    assert pools == [wanted[name] for name in context.KIND_POOLS]


# -- shares ----------------------------------------------------------------------------------------------------------


def test_shares_are_exact_where_groups_work_in_pairs() -> None:
    state = np.random.default_rng(1)
    groups = np.array([0, 0, 1, 2, 3])
    row, references = state.normal(size=5).astype(np.float32), state.normal(size=(3, 5)).astype(np.float32)
    matrix = state.normal(size=(5, 5))

    def value(rows: Any) -> Any:
        x = rows.astype(np.float64)
        return np.einsum("ij,jk,ik->i", x, matrix, x)

    wanted = np.zeros(4)
    for reference in references:
        for order in itertools.permutations(range(4)):
            known = reference.copy()
            for player in order:
                before = value(known[None])[0]
                known[groups == player] = row[groups == player]
                wanted[player] += (value(known[None])[0] - before) / (len(references) * math.factorial(4))
    start, shares = shapley(row, references, groups, 4, value)
    assert start == pytest.approx(float(value(references).mean()), abs=1e-9)
    np.testing.assert_allclose(shares, wanted, atol=1e-9)


def test_what_is_as_in_the_reference_has_no_share_and_the_sum_is_right_all_the_same() -> None:
    row, references = np.array([1, 2, 3], dtype=np.float32), np.array([[1, 0, 0], [1, 5, 1]], dtype=np.float32)
    start, shares = shapley(row, references, np.arange(3), 3, lambda rows: np.prod(rows.astype(float), axis=1) ** 2)
    assert shares[0] == 0
    assert start + shares.sum() == pytest.approx(36)
    assert shapley(row, row[None], np.arange(3), 3, lambda rows: rows.sum(axis=1))[1].tolist() == [0, 0, 0]


def test_compared_are_blocks_of_every_score() -> None:
    assert spread(np.array([3.0, 1.0, 2.0]), 5) == [1, 2, 0]
    assert spread(np.arange(100.0)[::-1], 4) == [87, 62, 37, 12]


# -- sums ------------------------------------------------------------------------------------------------------------


def walked(trees: Trees, row: Any) -> float:
    """The log-odds of a row, tree by tree and node by node."""
    nodes, columns = trees.nodes.view(_NODE), int(trees.first[1])
    total = float(trees.first[0])
    for start in trees.starts[:-1].tolist():
        at = 0
        while (node := nodes[start + at])["feature"] != columns:
            at = int(node["left"]) + int(row[node["feature"]] > node["threshold"])
        total += float(trees.values[start + at])
    return total


PAGES = [EXAMPLE, *sorted((ROOT / "tests" / "pages").glob("*/source.html"))]
PAGES += sorted((ROOT / "training_data" / "pages").glob("*.html"))[::15]


@pytest.mark.parametrize("file", PAGES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_content_adds_up_to_the_log_odds_of_the_last_pass(file: Path) -> None:
    page = predict(file.read_bytes())
    explainer = Explainer(page)
    model, stages = explainer._model, explainer._stages
    rows = range(0, len(page.blocks), max(len(page.blocks) // 5, 1))
    for row in rows:
        told = explainer.of(row)
        narrow = len(model.parts["content_columns"])
        inputs = np.concatenate([stages.content_rows[row, :narrow], stages.content_rows[row, -len(CONTEXT_OF) :]])
        true = walked(model.parts["content"][-1], inputs)
        assert told.content.log_odds == pytest.approx(true, abs=1e-9)
        weights = math.fsum(reason.weight for reason in told.content.reasons)
        assert told.content.start + weights == pytest.approx(true, abs=1e-9)
        # From there on it is the page's own score.
        last = told.steps[0].content_score
        whole = float(joined([stages.passes[0, row : row + 1], np.array([last])])[0])
        assert 1 / (1 + math.exp(-true)) == pytest.approx(last, abs=1e-12)
        scored = float(calibrate(np.array([whole]), *model.info["calibration"])[0])
        assert scored == pytest.approx(page.blocks[row].content_score, abs=1e-6)


def test_kinds_add_up_to_the_log_odds_of_the_label_among_them(page: Page, explainer: Explainer) -> None:
    for row in range(0, len(page.blocks), 9):
        block, told = page.blocks[row], explainer.of(row)
        assert (told.kind is None) == (block.label is Label.CONTENT)
        if told.kind is not None:
            share = block.score / (1 - block.content_score)
            weights = math.fsum(reason.weight for reason in told.kind.reasons)
            assert told.kind.start + weights == pytest.approx(math.log(share / (1 - share)), abs=1e-6)
            assert told.kind.log_odds == pytest.approx(told.kind.start + weights, abs=1e-9)


def test_every_group_is_told_once_heaviest_first(explainer: Explainer) -> None:
    content = explainer.of(3).content
    assert sorted(reason.group for reason in content.reasons) == sorted(PLAYERS)
    heavy = [abs(reason.weight) for reason in content.reasons]
    assert heavy == sorted(heavy, reverse=True)


def test_it_explains_the_probabilities_that_the_page_has(page: Page, explainer: Explainer) -> None:
    # If prediction changes, the explanation has to change with it.
    np.testing.assert_allclose(explainer._stages.probabilities, page._probabilities, atol=1e-6)
    again = explainer._stages.kind(explainer._stages.kind_rows, 3)
    share = page._probabilities[:, 4] / (1 - page._probabilities[:, 0])
    np.testing.assert_allclose(again, log_odds(share), atol=1e-9)


def test_another_model_is_seen(page: Page) -> None:
    other = load_model(default_directory())
    other = replace(other, info={**other.info, "calibration": [0.5, 0.1]})
    with pytest.raises(ModelError, match="another model"):
        Explainer(page, other)
    assert predict("<p>One.</p><p>Two.</p>", model=other).blocks[0].reasons.content.reasons


@pytest.mark.parametrize("row", [-1, 10_000])
def test_a_row_that_is_none(explainer: Explainer, row: int) -> None:
    with pytest.raises(InputError, match=f"row is {row}"):
        explainer.of(row)


# -- words -----------------------------------------------------------------------------------------------------------


def test_a_donate_button_and_a_headline(page: Page, explainer: Explainer) -> None:
    donate = explainer.of(row_of(page, "Support us")).strongest(len(PLAYERS))
    assert any(reason.startswith('says "support') and reason.endswith("a phrase of donation") for reason in donate)
    assert any(reason.endswith("blocks in the box around it are chrome at first sight") for reason in donate)
    headline = explainer.of(row_of(page, "They read the river")).strongest()
    assert headline[0] == "it is the page's main headline"


def test_strongest_first_and_no_more_than_asked(page: Page, explainer: Explainer) -> None:
    for row in range(0, len(page.blocks), 11):
        told = explainer.of(row)
        every = told.strongest(100)
        assert told.strongest(2) == every[:2]
        assert len(set(every)) == len(every) >= 1
        assert all(reason and "\n" not in reason for reason in every)


def test_what_speaks_against_the_label_is_no_reason_for_it(page: Page, explainer: Explainer) -> None:
    told = explainer.of(row_of(page, "They read the river"))
    against = {reason.text for reason in told.content.reasons if reason.weight < 0}
    assert not against & set(told.strongest(100))


def test_words_for_every_group_and_every_value() -> None:
    page = predict(SHOP)
    explainer = Explainer(page)
    said = {
        block.text: {name: explainer._phrases.of(name, row, block.label) for name in GROUPS}
        for row, block in enumerate(page.blocks)
    }
    assert said["Kettles"]["inside"] == "inside <nav> and <li>"
    assert said["Kettles"]["links"] == "all of its text is links"
    assert said["Kettles"]["box"] == "one of 3 elements of the same shape side by side"
    assert said["Kettles"]["length"] == "1 word, no sentence end"
    assert said["Kettles"]["neighbours"] == "after it 1 word, all of them links"
    assert said["Pots"]["neighbours"] == "before it 1 word, all of them links; after it 1 word, all of them links"
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


def test_payment_methods_and_progress_are_told() -> None:
    page = predict(
        "<main><h1>Tide</h1><p>a</p></main><div><p>Give<progress value=3></progress></p></div><p>Pay<img src=visa.png>"
    )
    explainer = Explainer(page)
    said = {
        block.text: explainer._phrases.of("payment methods, progress", row, block.label)
        for row, block in enumerate(page.blocks)
    }
    assert said["Give"] == "a progress bar in it"
    assert said["Pay"] == "a picture of a payment method in it"
    plain = Explainer(predict("<p>a"))._phrases.of("payment methods, progress", 0, Label.CONTENT)
    assert plain == "no picture of a payment method and no progress bar around it"


def surroundings(content: list[float], kinds: list[str]) -> Surroundings:
    """A page of one list, in elements of one shape, under a heading of its own."""
    n = len(content)
    layout = context.Layout(
        first=np.zeros((4, n), dtype=np.int64),
        last=np.full((4, n), n),
        class_path=np.zeros(n, dtype=np.int64),
        plain_path=np.zeros(n, dtype=np.int64),
        parent=np.zeros(n, dtype=np.int64),
        box=np.array([np.zeros(n), np.full(n, n)], dtype=np.int64),
        heading=np.array([-1, *[0] * (n - 1)]),
        ranges=np.array([[0, n]]),
        weights=np.ones(n),
        words=np.array([np.arange(n), np.zeros(n)], dtype=np.int32) if n > 1 else np.zeros((2, 0), dtype=np.int32),
    )
    shares = np.array([[float(kind == name) for name in CHROME] for kind in kinds])
    return Surroundings(layout, np.array(content), shares)


@pytest.mark.parametrize(
    ("group", "row", "kind", "words"),
    [
        ("beside at first", 0, None, "3 of the 4 blocks around it are chrome at first sight"),
        ("beside at first", 1, None, "4 blocks around it are chrome at first sight"),
        ("box at first", 0, None, "3 of the 4 blocks in the box around it are chrome at first sight"),
        ("alike at first", 1, None, "4 blocks that stand in elements like its own are chrome at first sight"),
        ("words at first", 1, None, "4 blocks that share words with it are chrome at first sight"),
        ("words at first", 0, Label.DONATION, "the blocks that share words with it look like footer at first sight"),
        ("heading at first", 0, None, "no heading before it"),
        ("heading at first", 2, None, "the heading before it is chrome at first sight"),
        ("page at first", 0, None, "before all that is content at first sight"),
        ("page at first", 1, None, "the only block that is content at first sight"),
        ("page at first", 4, None, "after all that is content at first sight"),
        ("beside at first", 2, Label.SOCIAL, "the blocks beside it look like footer at first sight"),
        ("beside at first", 0, Label.SOCIAL, "the block beside it looks like footer at first sight"),
        ("beside at first", 4, Label.SOCIAL, "the block beside it looks like footer at first sight"),
        ("box at first", 0, Label.SOCIAL, "some of the blocks in the box around it look like social at first sight"),
        ("box at first", 0, Label.DONATION, "the blocks in the box around it look like footer at first sight"),
    ],
)
def test_what_stands_around_in_words(group: str, row: int, kind: Label | None, words: str) -> None:
    around = surroundings([0.1, 0.9, 0.2, 0.1, 0.1], ["social", "footer", "footer", "footer", "social"])
    assert around.of(group, row, kind) == words


@pytest.mark.parametrize(
    ("group", "kind", "words"),
    [
        ("beside at first", None, "1 block around it is content at first sight"),
        ("box at first", None, "1 block in the box around it is content at first sight"),
        ("alike at first", None, "1 block that stands in an element like its own is content at first sight"),
        ("words at first", None, "1 block that shares words with it is content at first sight"),
        ("words at first", Label.SOCIAL, "the block that shares words with it looks like footer at first sight"),
        ("beside at first", Label.SOCIAL, "the block beside it looks like footer at first sight"),
        ("box at first", Label.SOCIAL, "the block in the box around it looks like footer at first sight"),
        (
            "alike at first",
            Label.SOCIAL,
            "the block that stands in an element like its own looks like footer at first sight",
        ),
    ],
)
def test_one_block_is_told_as_one(group: str, kind: Label | None, words: str) -> None:
    assert surroundings([0.1, 0.9], ["social", "footer"]).of(group, 0, kind) == words


def test_where_nothing_stands_around_it_says_so() -> None:
    alone = surroundings([0.1], ["social"])
    for group, words in {
        "beside at first": "no other block around it",
        "box at first": "no other block in the box around it",
        "alike at first": "no other block stands in an element like its own",
        "words at first": "no other block shares words with it",
        "page at first": "nothing on the page is content at first sight",
    }.items():
        assert alone.of(group, 0, None) == words
    assert set(OPINIONS) == set(alone._of)


def test_pages_of_one_block_and_of_none() -> None:
    alone = predict("<p>Alone.</p>")
    # There is nothing to compare it with.
    assert alone.blocks[0].reasons.strongest()[-1] == "no single thing: only all its features together"
    assert Explainer(alone)._phrases.of("neighbours", 0, Label.CONTENT) == "stands alone on the page"
    Explainer(predict(""))


# -- steps -----------------------------------------------------------------------------------------------------------


def steps(told: Reasons) -> dict[str, tuple[str, Label | None]]:
    return {step.name: (step.text, step.label) for step in told.steps}


def test_steps_end_with_the_label_and_its_score(page: Page, explainer: Explainer) -> None:
    for row in range(0, len(page.blocks), 13):
        told, block = explainer.of(row), page.blocks[row]
        assert [step.name for step in told.steps][:4] == ["last pass", "first passes", "calibration", "threshold"]
        assert told.steps[-1].label is told.label is block.label
        assert told.steps[-1].content_score == block.content_score


@pytest.mark.parametrize(
    ("rules", "text", "label", "wanted"),
    [
        ({}, "Support us", "donation", {"threshold": None, "kind": "donation", "box": "donation"}),
        ({}, "They read the river", "content", {"threshold": "content", "headline": "content"}),
        ({"strictness": 1.0}, "They read the river", "content", {"threshold": None, "headline": "content"}),
        ({"keep": ["donation"]}, "Support us", "content", {"kind": "donation", "rule": "content"}),
        ({"strip": ["text:^They read"]}, "They read the river", None, {"headline": "content"}),
        ({"strip": ["text:Support us"]}, "Support us", "donation", {"kind": "donation", "rule": "donation"}),
    ],
)
def test_each_step_has_its_effect(rules: dict[str, Any], text: str, label: str | None, wanted: dict[str, Any]) -> None:
    page = predict(EXAMPLE.read_bytes(), **rules)
    block = page.blocks[row_of(page, text)]
    told = steps(block.reasons)
    assert label is None or block.label == label
    assert {name: told[name][1] for name in wanted} == wanted
    assert ("rule" in told) == (block.decided_by == "rule")
    if block.decided_by == "rule":
        assert told["rule"][1] is block.label
        assert block.reasons.steps[-1].name == "rule"
        assert block.reasons.strongest(1) == (told["rule"][0],)


# -- on a block ------------------------------------------------------------------------------------------------------


def test_a_block_gives_its_reasons_and_a_pickled_page_too(page: Page, explainer: Explainer) -> None:
    row = row_of(page, "Accept all cookies")
    told = page.blocks[row].reasons
    assert told == explainer.of(row)
    copy = pickle.loads(pickle.dumps(page))
    assert copy._model is None
    assert copy.blocks[row].reasons == told
    assert len(pickle.dumps(copy)) < 2_000_000
    assert json.loads(json.dumps(told.to_dict()))["steps"][-1]["label"] == "consent"


def test_a_block_of_no_page_says_what_to_do(page: Page) -> None:
    with pytest.raises(InputError, match="predict"):
        _ = replace(page.blocks[0], _why=None).reasons


def test_text_has_the_model_of_text() -> None:
    page = predict("A first line of plain text.\n\nSubscribe\n\nA second one, with a comma.", markup="text")
    assert all(block.reasons.content.reasons for block in page.blocks)
