"""Labelled ranges belong to the source: they survive another segmentation, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from declutter.blocks import Blocks
from declutter.corpus.ranges import UntellableError, carry_over, ranges_of
from declutter.errors import CorpusError
from declutter.labels import Label
from labelled_pages import HTML, LABELS, MOVED, PAGES, read, some_labels


def regroup(blocks: Blocks, groups: list[list[int]]) -> Blocks:
    """Other blocks of the same nodes: lists of nodes."""
    of_node = np.full_like(blocks.of_node, -1)
    for block, nodes in enumerate(groups):
        of_node[nodes] = block
    column = np.zeros(len(groups), dtype=np.uint8)
    return Blocks(
        ["any text"] * len(groups),
        np.zeros(len(groups), dtype=np.int32),
        np.array([nodes[0] for nodes in groups], dtype=np.int32),
        np.array([nodes[-1] + 1 for nodes in groups], dtype=np.int32),
        column,
        column.astype(np.bool_),
        of_node,
    )


def nodes_of(blocks: Blocks) -> list[list[int]]:
    return [np.flatnonzero(blocks.of_node == block).tolist() for block in range(len(blocks))]


@pytest.mark.parametrize("html", [path.read_bytes() for path in PAGES[::4]], ids=[path.stem for path in PAGES[::4]])
def test_a_split_block_keeps_its_label(html: bytes) -> None:
    document, blocks = read(html)
    labels = some_labels(len(blocks))
    gold = ranges_of(document, blocks, labels, "x")
    groups = [([node], label) for nodes, label in zip(nodes_of(blocks), labels, strict=True) for node in nodes]
    split = regroup(blocks, [nodes for nodes, _ in groups])
    assert len(split) >= len(blocks)
    assert carry_over(document, split, gold, "x") == [label for _, label in groups]


def test_a_merged_block_takes_the_label_of_most_words() -> None:
    document, blocks = read(HTML)
    gold = ranges_of(document, blocks, LABELS, "x")
    nodes = nodes_of(blocks)
    merged = regroup(blocks, [nodes[0], nodes[1] + nodes[2] + nodes[3], nodes[4] + nodes[5], nodes[6] + nodes[7]])
    assert carry_over(document, merged, gold, "x") == ["navigation", "content", "content", "footer"]
    # two words of navigation, one of donation
    merged = regroup(blocks, [nodes[0], nodes[1] + nodes[2], nodes[3], *nodes[4:]])
    assert carry_over(document, merged, gold, "x")[1] == "navigation"


def test_a_tie_goes_to_the_rarer_label() -> None:
    document, blocks = read(HTML)
    gold = ranges_of(document, blocks, LABELS, "x")
    nodes = nodes_of(blocks)
    merged = regroup(blocks, [nodes[0] + nodes[2], nodes[1], *nodes[3:]])
    assert carry_over(document, merged, gold, "x")[0] == "donation"


def test_a_range_within_a_node_shares_its_words() -> None:
    html = b"<p>one two three four five six</p>"
    document, blocks = read(html)
    gold = ranges_of(document, blocks, [Label.CONTENT], "x")
    (whole,) = gold.ranges
    assert (whole.start, whole.end) == (3, 30)
    parts = []
    for start, end, label in ((3, 10, Label.CONTENT), (11, 30, Label.SOCIAL)):
        (part,) = ranges_of(*read(html[start:end]), [label], "x").ranges
        parts.append(replace(part, start=start, end=end))
    assert carry_over(document, blocks, replace(gold, ranges=tuple(parts)), "x") == [Label.SOCIAL]


def test_what_nobody_judged_stays_so() -> None:
    document, blocks = read(HTML)
    labels: list[Label | None] = [None, *LABELS[1:4], None, *LABELS[5:]]
    gold = ranges_of(document, blocks, labels, "x")
    assert not gold.complete
    assert carry_over(document, blocks, gold, "x") == labels
    with pytest.raises(CorpusError, match="no label for the block 'Home' of a fully labelled page"):
        carry_over(document, blocks, replace(gold, complete=True), "x")


@pytest.mark.parametrize("html", [HTML.replace(b"noon", b"nine"), HTML[:200]], ids=["other words", "cut"])
def test_ranges_of_another_page_are_an_error(html: bytes) -> None:
    gold = ranges_of(*read(HTML), LABELS, "x")
    with pytest.raises(CorpusError, match="does not hold its words"):
        carry_over(*read(html), gold, "x")


def test_ranges_of_a_page_that_was_decoded_otherwise_are_an_error() -> None:
    gold = ranges_of(*read(HTML), LABELS, "x")
    with pytest.raises(CorpusError, match="read as latin1, labelled as utf-8"):
        carry_over(*read("<meta charset=latin1><p>caf\xe9".encode("latin-1")), gold, "x")


def test_nodes_without_a_place_are_known_by_their_words() -> None:
    document, blocks = read(MOVED)
    labels: list[Label | None] = [Label.OTHER, Label.CONTENT, Label.FOOTER]
    gold = ranges_of(document, blocks, labels, "x")
    assert [(item.start, item.label) for item in gold.unplaced] == [(-1, "other")]
    assert carry_over(document, blocks, gold, "x") == labels
    nodes = nodes_of(blocks)
    merged = regroup(blocks, [nodes[0] + nodes[1] + nodes[2]])
    # two words each, "after" one: the tie goes to the first of equally rare labels
    assert carry_over(document, merged, gold, "x") == ["other"]
    gone = replace(gold, unplaced=(replace(gold.unplaced[0], words="0" * 16),))
    with pytest.raises(CorpusError, match="nothing on the page has the words of the line"):
        carry_over(document, blocks, gone, "x")


def test_nodes_without_a_place_and_one_text_keep_their_order() -> None:
    html = b"<table>more<tr><td>a cell</table>" * 3
    document, blocks = read(html)
    assert blocks.texts == ["more", "a cell"] * 3
    labels: list[Label | None] = [Label.SOCIAL, Label.OTHER, Label.RELATED, Label.OTHER, Label.CONTENT, Label.OTHER]
    gold = ranges_of(document, blocks, labels, "x")
    assert len(gold.unplaced) == 3
    assert carry_over(document, blocks, gold, "x") == labels
    with pytest.raises(UntellableError, match=r"block 1 of 6 .*label it too"):
        ranges_of(document, blocks, [None, *labels[1:]], "x")


def test_a_block_that_is_taken_for_its_like_is_named() -> None:
    html = b"<table>Read more<tr><td>cell text</td></tr></table><p>Two words.</p>" * 2
    document, blocks = read(html)
    one, two = (row for row, text in enumerate(blocks.texts) if text == "Read more")
    labels: list[Label | None] = [None] * len(blocks)
    labels[one] = Label.RELATED
    with pytest.raises(UntellableError, match=rf"block {two + 1} of 6 \('Read more'\) .*label it too") as caught:
        ranges_of(document, blocks, labels, "x")
    assert caught.value.blocks == (two,)
    labels[two] = Label.FOOTER
    assert len(ranges_of(document, blocks, labels, "x").unplaced) == 2
