"""Which blocks and elements of a page stand alike: by the tags on the way down to them, and by the class names too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from declutter import compiled
from declutter.features.ancestors import pair_keys, path_keys, scattered

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from declutter.features.view import PageView

    Ints = NDArray[np.int64]

__all__ = ["path_groups"]


def path_groups(page: PageView) -> tuple[Ints, Ints, Ints]:
    """Numbers that are the same where places are.

    Returns:
        int64, n, from 0, the tag path of each block's element; the same with class names; int64, k, for every element the
        number of the children of its parent with its tag and class names, 0 for row 0 alone.
    """
    tag, names = _steps(page)
    if compiled.used:  # src/speedups/pairs.c
        plain, classed = np.empty(page.n, dtype=np.int64), np.empty(page.n, dtype=np.int64)
        siblings = np.empty_like(page.parents)
        page.frame.paths(tag, names, plain, classed, siblings)
        return plain, classed, siblings
    plain_keys = path_keys(page.parents, scattered(tag))
    class_keys = path_keys(page.parents, scattered(tag * (int(names.max()) + 1) + names))
    # Siblings have the same class path where their tag and class names are the same.
    siblings = np.unique(pair_keys(class_keys, page.parents), return_inverse=True)[1] + 1
    siblings[0] = 0
    return (
        np.unique(plain_keys[page.owners], return_inverse=True)[1].astype(np.int64),
        np.unique(class_keys[page.owners], return_inverse=True)[1].astype(np.int64),
        siblings,
    )


def _steps(page: PageView) -> tuple[Ints, Ints]:
    # For every element a number of its tag, and one of its class attribute. Names are only compared within the page, so
    # hashed ones serve as well.
    tags, classes = page.document.tags, page.document.named("class")
    if compiled.used:  # src/speedups/columns.c
        tag, names = np.empty_like(page.nodes), np.empty_like(page.nodes)
        compiled.speedups.steps(tags, classes, page.nodes, tag, names)
    else:
        nodes = page.nodes.tolist()
        tag = _numbered([tags[node] for node in nodes])
        names = _numbered([classes.get(node, "") for node in nodes])
    return tag, names


def _numbered(values: list[str]) -> Ints:
    """The number of each value among the different ones, in the order in which they come."""
    numbers = {value: number for number, value in enumerate(dict.fromkeys(values))}
    return np.fromiter(map(numbers.__getitem__, values), np.int64, len(values))
