"""Folds: a site is never parted."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from declutter.training.folds import fold_numbers

if TYPE_CHECKING:
    from declutter.training.examples import Example


def examples(*domains: str) -> list[Example]:
    return [
        cast("Example", SimpleNamespace(domain=domain, corpus=f"c{place % 3}")) for place, domain in enumerate(domains)
    ]


PAGES = examples(*(f"site{number % 40}.test" for number in range(200)))


@pytest.mark.parametrize("folds", [2, 3, 5, 10])
def test_pages_of_one_domain_share_a_fold(folds: int) -> None:
    numbers = fold_numbers(PAGES, folds, seed=1)
    assert len(numbers) == len(PAGES)
    of_domain: dict[str, set[int]] = {}
    for page, number in zip(PAGES, numbers, strict=True):
        of_domain.setdefault(page.domain, set()).add(number)
    assert all(len(found) == 1 for found in of_domain.values())
    assert set(numbers) == set(range(folds))


@pytest.mark.parametrize("folds", [2, 3, 5, 10])
def test_domains_are_spread_evenly(folds: int) -> None:
    numbers = fold_numbers(examples(*(f"s{number}" for number in range(41))), folds, seed=1)
    sizes = [numbers.count(fold) for fold in range(folds)]
    assert max(sizes) - min(sizes) <= 1


def test_folds_hang_on_the_seed_and_not_on_the_order() -> None:
    numbers = fold_numbers(PAGES, 5, seed=1)
    assert fold_numbers(PAGES, 5, seed=1) == numbers
    assert fold_numbers(PAGES[::-1], 5, seed=1) == numbers[::-1]
    assert fold_numbers(PAGES, 5, seed=2) != numbers


def test_no_pages() -> None:
    assert fold_numbers([], 5, seed=1) == []
