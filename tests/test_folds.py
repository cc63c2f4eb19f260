"""Folds: a site is never parted."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from declutter.training.folds import CELLS, INNER_FOLDS, OUTER_FOLDS, cell_of, fold_numbers

if TYPE_CHECKING:
    from declutter.training.examples import Example


def examples(*domains: str) -> list[Example]:
    return [
        cast("Example", SimpleNamespace(domain=domain, corpus=f"c{place % 3}")) for place, domain in enumerate(domains)
    ]


PAGES = examples(*(f"site{number % 40}.test" for number in range(200)))


@pytest.mark.parametrize("folds", [2, 3, 5, 10])
def test_pages_of_one_domain_share_a_fold(folds: int) -> None:
    numbers = fold_numbers(PAGES, folds)
    assert len(numbers) == len(PAGES)
    of_domain: dict[str, set[int]] = {}
    for page, number in zip(PAGES, numbers, strict=True):
        of_domain.setdefault(page.domain, set()).add(number)
    assert all(len(found) == 1 for found in of_domain.values())
    assert set(numbers) == set(range(folds))


def test_domains_are_spread_evenly() -> None:
    numbers = fold_numbers(examples(*(f"s{number}" for number in range(3000))), 5)
    assert all(500 < numbers.count(fold) < 700 for fold in range(5))


def test_a_page_that_is_added_moves_no_other() -> None:
    assert fold_numbers([*PAGES, *examples("new.test")], 5)[:-1] == fold_numbers(PAGES, 5)
    assert fold_numbers(PAGES[::-1], 5) == fold_numbers(PAGES, 5)[::-1]


@pytest.mark.parametrize("folds", [OUTER_FOLDS, INNER_FOLDS])
def test_sites_of_one_cell_share_both_folds(folds: int) -> None:
    of_cell: dict[int, set[int]] = {}
    for page, number in zip(PAGES, fold_numbers(PAGES, folds), strict=True):
        of_cell.setdefault(cell_of(page.domain), set()).add(number)
    assert all(len(found) == 1 for found in of_cell.values())
    assert set(of_cell) <= set(range(CELLS))


def test_no_pages() -> None:
    assert fold_numbers([], 5) == []
