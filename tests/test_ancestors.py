"""What nodes get from their ancestors, against a walk node by node."""

from __future__ import annotations

import numpy as np
import pytest

from declutter.document import subtree_ends
from declutter.features.ancestors import any_above, depths, furthest, nearest, pair_keys, path_keys, scattered

#   0 - 1 - 2 - 3
#         - 4
#     - 5 - 6
PARENTS = np.array([0, 0, 1, 2, 1, 0, 5])


def random_tree(size: int, seed: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Parents of a tree in document order: each node hangs below the one before it or one of that one's ancestors."""
    state = np.random.default_rng(seed)
    parents = [0]
    line = [0]
    for node in range(1, size):
        del line[int(state.integers(1, len(line) + 1)) :]
        parents.append(line[-1])
        line.append(node)
    return np.array(parents)


def ends_of(parents: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[int]:
    ends = list(range(1, len(parents) + 1))
    for node in range(len(parents) - 1, 0, -1):
        ends[parents[node]] = max(ends[parents[node]], ends[node])
    return ends


TREES = [PARENTS, np.array([0]), np.arange(-1, 300).clip(0), *(random_tree(200, seed) for seed in range(3))]
every_tree = pytest.mark.parametrize("parents", TREES, ids=range(len(TREES)))


@every_tree
def test_subtree_ends(parents: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
    rows = parents.astype(np.int32)
    rows[0] = -1
    assert subtree_ends(rows).tolist() == ends_of(parents)


@every_tree
def test_depths(parents: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
    expected = [0]
    for node in range(1, len(parents)):
        expected.append(expected[parents[node]] + 1)
    assert depths(np.array(ends_of(parents)), np.arange(len(parents))).tolist() == expected


@every_tree
def test_marks_of_all_ancestors(parents: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
    marks = np.random.default_rng(1).integers(0, 8, len(parents))
    expected = [int(marks[0])]
    for node in range(1, len(parents)):
        expected.append(expected[parents[node]] | int(marks[node]))
    assert any_above(parents, marks).tolist() == expected


def test_nearest_and_furthest() -> None:
    wanted = np.array([False, True, False, False, True, False, False])
    assert nearest(PARENTS, wanted).tolist() == [-1, 1, 1, 1, 4, -1, -1]
    assert nearest(PARENTS, np.zeros(7, dtype=np.bool_)).tolist() == [-1] * 7
    assert furthest(PARENTS, np.array([False, False, True, True, False, False, True])).tolist() == [0, 1, 1, 1, 4, 5, 5]


@every_tree
def test_path_keys_tell_paths_apart_and_nothing_else(parents: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
    tags = np.random.default_rng(2).integers(0, 2, len(parents))
    paths: list[tuple[int, ...]] = [()]
    for node in range(1, len(parents)):
        paths.append((*paths[parents[node]], int(tags[node])))
    keys = path_keys(parents, scattered(tags)).tolist()
    assert len(set(zip(keys, paths, strict=True))) == len(set(keys)) == len(set(paths))


def test_pair_keys_tell_the_order_of_a_pair() -> None:
    first, second = np.divmod(np.arange(10_000), 100)
    assert len(set(pair_keys(scattered(first), second).tolist())) == 10_000


def test_scattered_numbers_stay_apart() -> None:
    assert len(set(scattered(np.arange(100_000)).tolist())) == 100_000
