"""Link features: how much of a block, and of what surrounds it, is links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from declutter import compiled
from declutter.features.registry import feature
from declutter.features.view import LEVELS, PageView, group_sums, ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@feature("link_density", "link_count", "has_link")
def of_block(page: PageView) -> Sequence[Floats] | Floats:
    """Link density of the block.

    link_density: share of its characters inside links, 0 to 1 (boilerpipe, Kohlschütter et al. 2010).
    link_count: log1p of its `<a>` elements.
    has_link: 1 where any.
    """
    if compiled.used:  # src/speedups/wording.c
        return page.lent.rows(3, page.frame.of_block)
    total = page.counted(np.flatnonzero(page.nodes_tagged("a")))
    inside = total[page.blocks.ends] - total[page.run_starts]
    return ratio(page.link_sizes, page.sizes), np.log1p(inside), (page.link_sizes > 0).astype(np.float64)


@feature(*(f"link_density_up{level}" for level in range(1, LEVELS + 1)))
def of_containers(page: PageView) -> Sequence[Floats] | Floats:
    """Link density of the block's containers, level by level, 0 to 1 (CETD looks at the subtree likewise)."""
    if compiled.used:  # src/speedups/near.c
        return page.lent.rows(LEVELS, page.frame.link_density)
    density = ratio(page.below(page.link_sizes), page.below(page.sizes))
    return tuple(density[level] for level in page.containers[1:])


@feature("link_density_path", "link_density_class_path", "link_density_page")
def of_alike(page: PageView) -> Sequence[Floats] | Floats:
    """Link density of all blocks with the same tag path, with the same tag and class path, and of the page, 0 to 1."""
    if compiled.used:  # src/speedups/wording.c
        return page.lent.rows(3, page.frame.of_alike, *page.paths)
    columns = []
    for keys in page.paths:
        linked = group_sums(keys, page.link_sizes)
        size = group_sums(keys, page.sizes)
        columns.append(ratio(linked, size)[keys])
    whole = page.link_sizes.sum() / max(page.sizes.sum(), 1.0)
    return columns[0], columns[1], np.full(page.n, whole)


@feature("link_external", "link_scheme", "link_fragment")
def targets(page: PageView) -> Sequence[Floats] | Floats:
    """Where the block's links lead (own).

    link_external: share of them with a host of their own, 0 to 1.
    link_scheme: 1 where any is mailto:, tel: or javascript:.
    link_fragment: share of them inside the page.
    """
    if compiled.used:  # src/speedups/near.c
        return page.lent.rows(3, page.frame.targets, page.document.named("href"))
    tags = page.document.tags
    external: list[int] = []
    scheme: list[int] = []
    fragment: list[int] = []
    for node, href in page.document.named("href").items():
        if tags[node] != "a":
            continue
        start = href.lstrip()[:12].lower()
        if start.startswith(("http:", "https:", "//")):
            external.append(node)
        elif start.startswith(("mailto:", "tel:", "javascript:", "whatsapp:")):
            scheme.append(node)
        elif start.startswith("#"):
            fragment.append(node)
    ends = page.blocks.ends

    def run(nodes: Sequence[int] | NDArray[np.int64]) -> Floats:
        total = page.counted(np.asarray(nodes, dtype=np.int64))
        return (total[ends] - total[page.run_starts]).astype(np.float64)

    count = run(np.flatnonzero(page.nodes_tagged("a")))
    return ratio(run(external), count), np.minimum(run(scheme), 1), ratio(run(fragment), count)
