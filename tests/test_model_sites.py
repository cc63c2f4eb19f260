"""What a site knows: keys of a page, which pages are of it, and what it moves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from declutter.blocks import segment
from declutter.document import read_document
from declutter.labels import CHROME
from declutter.model.sites import RECOGNISED, PageKeys, Site, page_keys, recognised
from template_pages import site_page


def keys_of(html: str | bytes) -> PageKeys:
    document = read_document(html)
    return page_keys(document, segment(document))


def site(**changes: Any) -> Site:
    none = np.zeros(0, np.uint64)
    arrays = {"named": none, "keys": none, "moves": np.zeros(0), "kind_keys": none, "kinds": np.zeros((0, len(CHROME)))}
    return Site(arrays | changes)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<div class='a b'><p>x", "<div class='b a'><p>x"),
        ("<div class='post-17 a'><p>x", "<div class='a post-4'><p>x"),
        ("<div class=a><p>12 replies", "<div class=a><p>7 replies"),
        ("<div class=a><p>x", "<div class=a><p>x</p><!-- y -->"),
        ("<section><div><div class=a><p>x", "<p><article><div><div class=a><p>x"),
    ],
)
def test_what_changes_from_page_to_page_changes_no_key(one: str, other: str) -> None:
    assert set(keys_of(one).keys.tolist()) == set(keys_of(other).keys.tolist())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<div class=a><p>x", "<div class=b><p>x"),
        ("<div class=a><p>x", "<div id=a><p>x"),
        ("<div class=a><p>x", "<div class=a><h2>x"),
        ("<div class=a><p>x", "<div class=a><p>y"),
    ],
)
def test_what_tells_elements_apart_does(one: str, other: str) -> None:
    assert set(keys_of(one).keys.tolist()) != set(keys_of(other).keys.tolist())


def test_a_block_has_the_keys_of_all_elements_around_it() -> None:
    page = keys_of("<div class=a><section><ul class=b><li>x</ul></section></div><p>y")
    # div, section below it, ul, li below it, and the words; outside of names the words alone.
    assert np.bincount(page.rows).tolist() == [5, 1]
    assert page.nearest[0]
    assert page.nearest[1] == 0
    assert len(page.named) == 4


def test_keys_are_the_same_in_every_process() -> None:
    page = keys_of("<p class=a>x")
    assert (page.nearest.tolist(), page.texts.tolist()) == ([14384363604848749227], [17779831520927239451])


def test_a_page_is_of_the_site_that_knows_most_of_it() -> None:
    page = keys_of(site_page(0))
    half, all_of_it, little = (site(named=page.named[:count]) for count in (len(page.named) // 2, len(page.named), 1))
    assert recognised([little], page) is None
    assert 1 / len(page.named) < RECOGNISED
    found = recognised([little, half, all_of_it], page)
    assert found is not None
    assert found.site is all_of_it
    assert recognised([all_of_it], keys_of("<p>without names")) is None
    assert recognised([], page) is None


def test_moves_add_up_and_leave_the_rest_to_the_last_bit() -> None:
    page = keys_of("<div class=a><p>x</p></div><p>y</p>")
    mine = np.unique(page.keys[page.rows == 0])
    scores = np.array([0.5, 0.123456789])
    moved = site(keys=mine, moves=np.full(len(mine), 1.0)).content(page, scores)
    assert moved[0] == pytest.approx(1 / (1 + np.exp(-len(mine))))
    assert moved[1] == scores[1]


def test_kinds_are_smoothed_and_the_content_score_stays() -> None:
    page = keys_of("<p class=a>x</p><p class=b>y</p>")
    kinds = np.zeros((1, len(CHROME)))
    kinds[0, 2] = 3
    before = np.full((2, len(CHROME) + 1), 0.7 / len(CHROME))
    before[:, 0] = 0.3
    after = site(kind_keys=page.nearest[:1], kinds=kinds).probabilities(page, before)
    assert after.sum(axis=1) == pytest.approx([1, 1])
    assert after[:, 0].tolist() == before[:, 0].tolist()
    assert after[0, 3] == pytest.approx(0.7 * (3 + 1 / len(CHROME)) / 4)
    assert after[1] == pytest.approx(before[1])


@pytest.mark.parametrize(
    "changes",
    [
        {"keys": np.array([2, 1], np.uint64), "moves": np.zeros(2)},
        {"keys": np.array([1, 2], np.uint64)},
        {"keys": np.array([1], np.uint64), "moves": np.array([np.nan])},
        {"named": np.array([1.5])},
        {"kind_keys": np.array([1], np.uint64)},
        {"kind_keys": np.array([1], np.uint64), "kinds": np.full((1, len(CHROME)), -1.0)},
    ],
)
def test_arrays_that_do_not_fit_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        site(**changes)
