"""The threshold of a page: its summary, the forest that reads it, and how that is fitted."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesRegressor

from declutter import Label, Page, predict
from declutter.corpus import load_corpus
from declutter.errors import CorpusError
from declutter.features import FEATURE_NAMES
from declutter.model.predictor import check_strictness
from declutter.model.strictness import BETAS, PARTS, SUMMARY, THRESHOLDS, CurveForest, Expected, page_summary
from declutter.training import strictness
from declutter.training.examples import make_example
from declutter.training.scoring import word_score
from declutter.training.settings import Settings
from declutter.training.strictness import fit_strictness, page_curves, page_thresholds
from training_corpora import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from declutter.training.examples import Example

SETTINGS = Settings(strictness_trees=20, strictness_leaf=3)


@cache
def examples() -> list[Example]:
    return [make_example(page) for page in list(load_corpus("own", ROOT / "training_data"))[:12]]


def scores() -> list[NDArray[np.float64]]:
    """Sure pages and timid ones by turns: content has .9 or .3, chrome .6 or .1."""
    levels = [(0.6, 0.9), (0.1, 0.3)]
    return [np.where(e.content == 1, *reversed(levels[k % 2])) for k, e in enumerate(examples())]


@cache
def _fitted() -> dict[str, NDArray[Any]]:
    return fit_strictness(examples(), scores(), SETTINGS)


def fitted() -> dict[str, NDArray[Any]]:
    """What is fitted to these, once; arrays that nobody writes into, in a dict of one's own."""
    parts = _fitted()
    for array in parts.values():
        array.flags.writeable = False
    return dict(parts)


def test_a_summary_by_hand() -> None:
    features = np.zeros((3, len(FEATURE_NAMES)), dtype=np.float32)
    features[:, FEATURE_NAMES.index("page_size")] = 7
    features[:, FEATURE_NAMES.index("is_p")] = [0, 1, 1]
    found = dict(zip(SUMMARY, page_summary(features, np.array([1.0, 3, 6]), np.array([0.1, 0.3, 0.8])), strict=True))
    assert found["page_size"] == 7
    assert found["share_over_0.1"] == 1
    assert found["share_over_0.3"] == pytest.approx(0.9)
    assert found["share_over_0.9"] == 0
    # Of 5.8 expected words 4.8 are in the one block that is kept, which has 6.
    assert found["expected_f_0.8"] == pytest.approx(2 * 4.8 / (6 + 5.8), abs=1e-4)
    assert found["expected_share"] == pytest.approx(0.58)
    assert (found["blocks_from_0.05"], found["is_p_from_0.05"]) == (pytest.approx(np.log(2), abs=1e-4), 0)
    assert found["is_p_from_0.7"] == 1
    assert found["blocks_from_0.4"] == 0


def test_a_summary_does_not_hang_on_the_last_bits() -> None:
    example = examples()[0]
    p = np.random.default_rng(1).random(len(example))
    one, other = (page_summary(example.features, example.layout.weights, p + e) for e in (0, 1e-13))
    np.testing.assert_array_equal(one, other)


def test_curves_are_the_scores_at_each_threshold() -> None:
    example, p = examples()[0], scores()[0]
    curves = page_curves(example, p)
    assert curves.shape == (len(BETAS), len(THRESHOLDS))
    step = THRESHOLDS.index(0.7)
    f1, precision, recall = word_score(example, p >= 0.7, headline=False)
    assert curves[0, step] == pytest.approx(f1)
    assert curves[1, step] == pytest.approx(1.25 * precision * recall / (0.25 * precision + recall))
    assert curves[2, step] == pytest.approx(5 * precision * recall / (4 * precision + recall))


def test_each_page_gets_the_threshold_of_pages_like_it() -> None:
    parts = fitted()
    found = page_thresholds(parts, examples(), scores())
    sure, timid = found[::2], found[1::2]
    assert all(0.6 < page["balanced"] <= 0.9 for page in sure)
    assert all(0.1 < page["balanced"] <= 0.3 for page in timid)
    for page in found:
        assert page["recall"] <= page["balanced"] <= page["precision"]


def test_the_forest_is_that_of_scikit_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Any] = []

    class Kept(ExtraTreesRegressor):  # type: ignore[misc]
        def fit(self, *args: Any) -> Any:
            kept.append(super().fit(*args))
            return kept[0]

    monkeypatch.setattr(strictness, "ExtraTreesRegressor", Kept)
    forest = CurveForest(fit_strictness(examples(), scores(), SETTINGS))
    for example, p in zip(examples(), scores(), strict=True):
        summary = page_summary(example.features, example.layout.weights, p)
        wanted = kept[0].predict(summary[None])[0]
        found = forest.expected(example.features, example.layout.weights, p).curves.ravel()
        np.testing.assert_allclose(found, wanted, atol=0.5 / 255 + 1e-9)


def test_expected_f1_between_thresholds() -> None:
    curves = np.zeros((len(BETAS), len(THRESHOLDS)))
    curves[0, :2] = [0.5, 0.7]
    expected = Expected(curves)
    assert expected.f1(0.125) == pytest.approx(0.6)
    assert expected.f1(0.05) == pytest.approx(0.25)  # half way to everything, of which nothing is known here
    assert Expected(curves, 0.4).f1(0.0) == 0.4
    assert expected.f1(1.0) == 0
    assert expected.best("balanced") == THRESHOLDS[1]
    # precision alone would go lower, and recall higher.
    curves[1, 0], curves[2, 5] = 1, 1
    assert expected.best("precision") == THRESHOLDS[1]
    assert expected.best("recall") == THRESHOLDS[1]
    with pytest.raises(ValueError, match="strict"):
        expected.best("strict")


def test_another_peak_does_not_count() -> None:
    curve = np.full(len(THRESHOLDS), 0.5)
    curve[2:5] = [0.8, 0.803, 0.798]
    curve[7] = 0.8
    expected = Expected(np.stack([curve] * len(BETAS)))
    assert expected.near("balanced") == (THRESHOLDS[2], THRESHOLDS[4])
    assert expected.best("balanced") == THRESHOLDS[3]
    with pytest.raises(ValueError, match="strict"):
        expected.near("strict")


@pytest.mark.parametrize("strictness", ["strict", "", -0.1, 1.1, float("nan")])
def test_strictness_that_is_none(strictness: str | float) -> None:
    with pytest.raises(ValueError, match=r".*"):
        check_strictness(strictness)


@pytest.mark.parametrize("strictness", [True, None, [0.5], np.array([0.5]), np.True_, 1j])
def test_strictness_of_another_type(strictness: Any) -> None:
    with pytest.raises(TypeError):
        check_strictness(strictness)


def test_too_few_pages_of_known_content() -> None:
    with pytest.raises(CorpusError, match="add labelled pages"):
        fit_strictness(examples()[:1], scores()[:1], SETTINGS)


def test_of_a_page_without_blocks_nothing_is_expected() -> None:
    parts = fitted()
    assert set(parts) == set(PARTS)
    empty = np.zeros((0, len(FEATURE_NAMES)), dtype=np.float32)
    expected = CurveForest(parts).expected(empty, np.zeros(0), np.zeros(0))
    assert expected.f1(expected.best("balanced")) == 0


@pytest.mark.parametrize("name", ["left", "values", "column"])
def test_arrays_that_do_not_fit(name: str) -> None:
    parts = fitted()
    parts[name] = parts[name][:-1] if name == "left" else parts[name] + (0 if name == "values" else len(SUMMARY))
    if name == "values":
        parts[name] = parts[name][:, :-1]
    with pytest.raises(ValueError, match=r"arrays of different|other columns|no row"):
        CurveForest(parts)


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        ("left", 0, -1),
        ("left", 0, 0),  # its own child on one side alone
        ("left", 1, 0),  # round
        ("right", 0, 10**6),
        ("left", 0, 2**32 + 1),  # 1 in 32 bits
        ("column", 0, -1),
        ("column", 0, 0.5),
        ("roots", 0, -1),
        ("roots", 0, 10**6),
        ("values", 0, 256),
        ("threshold", 0, np.nan),
        ("threshold", 0, 1e300),
    ],
)
def test_walks_that_would_leave_the_arrays_are_refused(name: str, place: int, value: float) -> None:
    parts = fitted()
    CurveForest(parts)
    array = parts[name].astype(type(value) if name != "threshold" else np.float64)
    array[place] = value
    with pytest.raises(ValueError, match=r"damaged|no row|no room"):
        CurveForest(parts | {name: array})


@pytest.mark.parametrize(
    ("name", "bent"),
    [
        ("roots", lambda array: array[:0]),
        ("roots", lambda array: array[:, None]),
        ("right", lambda array: array[:, None]),
        ("values", lambda array: array.ravel()),
        ("values", lambda array: array.astype(str)),
    ],
)
def test_arrays_of_another_shape_are_refused(name: str, bent: Callable[[NDArray[Any]], NDArray[Any]]) -> None:
    parts = fitted()
    with pytest.raises(ValueError, match=r".+"):
        CurveForest(parts | {name: bent(parts[name])})


@pytest.mark.parametrize(
    ("words", "values", "most"),
    [
        ([10, 10, 80], [0.9, 0.4, 0.2], 0.9),  # a tenth of the page has .9
        ([9, 11, 80], [0.9, 0.43217, 0.2], 0.4321),  # and here less, so that the next stays too
        ([99, 11, 8000], [0.9, 0.4, 0.2], 0.4),  # 100 words are enough of a long page
        ([1, 2, 97], [0.05, 0.04, 0.03], THRESHOLDS[0]),  # what nothing is expected of does not stay
    ],
)
def test_the_threshold_up_to_which_an_answer_is_not_nearly_empty(
    words: list[float], values: list[float], most: float
) -> None:
    forest = CurveForest(fitted())
    features = np.zeros((3, len(FEATURE_NAMES)), dtype=np.float32)
    page = forest.expected(features, np.array(words, dtype=np.float64), np.array(values))
    assert page.most == pytest.approx(most)
    assert page.best("precision") <= most


# -- pages with next to nothing to give --------------------------------------------------------------------------------

AROUND = """<!DOCTYPE html><html lang="en"><head><title>{title}</title></head><body>
<header class="site-header"><nav class="main-nav"><ul><li><a href="/news">News</a></li><li><a href="/sport">Sport</a></li>
<li><a href="/tides">Tides</a></li><li><a href="/login">Log in</a></li></ul></nav></header>
<main>{main}</main>
<aside class="most-read"><h2>Most read</h2><ul><li><a href="/s/1">Harbour master retires after thirty years at the lock</a></li>
<li><a href="/s/2">Ferry timetable thinned until the spare engine comes</a></li>
<li><a href="/s/3">School roof to be mended before the autumn storms</a></li></ul></aside>
<section class="newsletter-signup"><h3>The morning boat</h3><p>Our newsletter with all that happened overnight, in your inbox at six
in the morning, free of charge.</p><form action="/subscribe"><input type="email" placeholder="Your email"><button>Sign up</button>
</form><p>You can unsubscribe at any time. We never pass on your address.</p></section>
<div class="cookie-banner" role="dialog"><p>We and our partners use cookies to store information on your device, to measure how our
pages are used and to show advertisements that suit you. You can change your choice at any time in the settings.</p>
<button>Accept all</button><button>Refuse</button><button>Settings</button></div>
<footer class="site-footer"><ul><li><a href="/about">About us</a></li><li><a href="/contact">Contact</a></li>
<li><a href="/terms">Terms of use</a></li><li><a href="/privacy">Privacy policy</a></li></ul>
<p>© 2026 Quayside Gazette Ltd, registered in England, 3 Lock Road. All rights reserved.</p></footer>
</body></html>"""
BARE = {
    "Loading": "<p>Please enable JavaScript to use this app.</p>",
    "Not found": '<h1>Not found</h1><p>The page is gone or never was.</p><a href="/">Back to the start</a>',
    "Log in": (
        '<form action="/login"><h1>Log in</h1><label>Email</label><input type="email"><label>Password</label>'
        '<input type="password"><button>Log in</button><a href="/forgot">Forgotten your password?</a>'
        '<p>No account yet? <a href="/register">Register</a></p></form>'
    ),
}
ARTICLE = """<article><h1>The lock keeper's last winter</h1>
<p>For thirty years Hester Dunmore opened the gates of Wend Lock at first light, and for thirty years she wrote down each boat that
came through. On Friday she hung the key on its nail and went home for breakfast.</p>
<p>The books fill a cupboard in the lock house. They tell of coal and of gravel, then of nothing but holidays, and on one page of a
piano that floated in by itself during the flood of 1998 and was never asked for.</p>
<p>Nobody follows her. From January the gates are opened from a desk in the county town, by a man who has seen the river once, in
summer, and who says that he liked it.</p></article>"""


def weight(page: Page, kept: bool) -> int:
    """Words + 1 of each block, as the model weighs them; of those that stay, or of all."""
    return sum(len(block.text.split()) + 1 for block in page.blocks if not kept or block.label is Label.CONTENT)


# A page that loads keeps its banner of cookies by its own threshold, more than the least share.
KNOWN = pytest.mark.xfail(strict=True, reason="model 0f86f84293e3: 46 words of 160 are kept without the least share")


@pytest.mark.parametrize("title", [pytest.param(title, marks=KNOWN if title == "Loading" else ()) for title in BARE])
@pytest.mark.parametrize("how", ["balanced", "precision"])
def test_an_answer_that_would_be_nearly_empty_has_a_low_confidence(
    title: str, how: Literal["balanced", "precision"], monkeypatch: pytest.MonkeyPatch
) -> None:
    html = AROUND.format(title=title, main=BARE[title])
    page = predict(html, strictness=how)
    with monkeypatch.context() as patched:
        patched.setattr("declutter.model.strictness._not_nearly_empty", lambda *_: 1.0)
        without = predict(html, strictness=how)
    least = min(100, 0.1 * weight(page, kept=False))
    assert weight(without, kept=True) < least
    assert weight(page, kept=True) >= least or page.threshold == THRESHOLDS[0]
    assert page.confidence < 0.65
    assert page.confidence == predict(html, strictness=page.threshold).confidence


@pytest.mark.parametrize("how", ["balanced", "precision"])
def test_a_page_that_loads_is_not_nearly_empty_and_has_a_low_confidence(how: Literal["balanced", "precision"]) -> None:
    html = AROUND.format(title="Loading", main=BARE["Loading"])
    page = predict(html, strictness=how)
    assert weight(page, kept=True) >= min(100, 0.1 * weight(page, kept=False)) or page.threshold == THRESHOLDS[0]
    assert page.confidence < 0.65
    assert page.confidence == predict(html, strictness=page.threshold).confidence


def test_the_same_page_with_an_article_has_a_high_confidence() -> None:
    assert predict(AROUND.format(title="The lock keeper's last winter", main=ARTICLE)).confidence > 0.9
