"""What words say of kinds is fitted on other sites than it is told of."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from declutter.corpus.base import CorpusPage, MarkedElements
from declutter.features.tokens import Tokens
from declutter.labels import CHROME, Label
from declutter.model.grams import Grams
from declutter.model.kind_words import KindWords
from declutter.training.examples import make_example
from declutter.training.folds import fold_numbers
from declutter.training.kind_words import fit_kind_words
from declutter.training.settings import Settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.training.examples import Example

SETTINGS = Settings(inner_folds=2, word_epochs=20)
NAMES = [f"{letter}quist" for letter in "abcdefghijkl"]
DONATION, FOOTER = CHROME.index(Label.DONATION), CHROME.index(Label.FOOTER)


def example(number: int) -> Example:
    html = (
        f"<html lang=en><p data-label=content>The harbour of town {number} was dug out again.</p>"
        f"<p data-label=donation>Chip in for {NAMES[number]}</p><p data-label=footer>Imprint of the town</p>"
    )
    page = CorpusPage("own", f"page-{number}", html.encode(), MarkedElements("data-label"))
    return replace(make_example(page), domain=f"town{number}.example")


@cache
def pages() -> list[Example]:
    return [example(number) for number in range(12)]


def fitted(pages: list[Example]) -> tuple[dict[str, Any], list[NDArray[np.float32]]]:
    rows = [np.flatnonzero(page.kind >= 0) for page in pages]
    return fit_kind_words(pages, rows, [np.ones(len(chosen)) for chosen in rows], SETTINGS)


def odds(arrays: dict[str, Any], text: str) -> NDArray[np.float32]:
    return np.asarray(KindWords(arrays).odds(Grams(Tokens([text])))[0])


def test_words_of_many_sites_tell_kinds() -> None:
    arrays, held = fitted(pages())
    told = odds(arrays, "chip in")
    assert told.argmax() == DONATION
    assert told[DONATION] > 0 > told[FOOTER]
    assert all(table[1].argmax() == DONATION and table[2].argmax() == FOOTER for table in held)


def test_kinds_that_no_page_shows_are_not_told() -> None:
    arrays, _ = fitted(pages())
    shown = {DONATION, FOOTER}
    assert all(odds(arrays, "chip in")[kind] < -5 for kind in range(len(CHROME)) if kind not in shown)


def test_the_name_of_a_site_tells_nothing() -> None:
    known = KindWords(fitted(pages())[0])
    for name in NAMES:
        assert not known.weights(Grams(Tokens([name])), DONATION).any()
    assert known.weights(Grams(Tokens(["chip"])), DONATION).any()


def test_what_a_page_is_told_comes_from_other_sites() -> None:
    before, whole = fitted(pages())[1], fitted(pages())[0]
    turned = replace(pages()[0], kind=np.where(pages()[0].kind == DONATION, FOOTER, pages()[0].kind).astype(np.int8))
    changed, after = fitted([turned, *pages()[1:]])
    fold, *others = fold_numbers(pages(), SETTINGS.inner_folds)
    np.testing.assert_array_equal(before[0], after[0])
    assert (odds(whole, "chip in") != odds(changed, "chip in")).any()
    # Pages of other folds are told by it.
    assert any((before[place] != after[place]).any() for place, number in enumerate(others, 1) if number != fold)


def test_two_fits_are_the_same() -> None:
    for one, other in zip(fitted(pages())[0].values(), fitted(pages())[0].values(), strict=True):
        np.testing.assert_array_equal(one, other)
