"""What a later pass sees of an earlier one."""

from __future__ import annotations

import numpy as np
import pytest

from declutter.blocks import segment
from declutter.document import read_document
from declutter.document.plaintext import read_plain
from declutter.features import extract
from declutter.model.context import CONTENT_CONTEXT, Layout, content_context, kind_context, layout_of, range_lowest


def test_words_are_looked_at_in_texts_alone() -> None:
    texts = "The quay froze.\n\nThe quay thawed."
    document = read_plain(texts)
    assert layout_of(extract(document, segment(document))[1]).words.tolist() == [[0, 0, 1, 1], [0, 1, 0, 1]]
    assert layout("<p>The quay froze.<p>The quay thawed.").words.shape == (2, 0)


def layout(html: str) -> Layout:
    document = read_document(html)
    return layout_of(extract(document, segment(document))[1])


# Article and box are containers of their own; the article has the prose, blocks of more than ten words.
WORDS = "one two three four five six seven eight nine ten"
PAGE = (
    f"<body><article><p>{WORDS} {WORDS}</p><p>{WORDS} {WORDS}</p></article>"
    f"<div><p>{WORDS}</p><p>{WORDS}</p><button>Go</button></div>"
)
SCORES = np.array([0.9, 0.8, 0.7, 0.2, 0.1])


def column(name: str) -> list[float]:
    table = content_context(layout(PAGE), SCORES)
    return [float(number) for number in table[:, CONTENT_CONTEXT.index(name)]]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("p", [0.9, 0.8, 0.7, 0.2, 0.1]),
        ("p_before1", [-1, 0.9, 0.8, 0.7, 0.2]),
        ("p_after2", [0.7, 0.2, 0.1, -1, -1]),
        ("p_mean_up1", [0.85, 0.85, 1 / 3, 1 / 3, 1 / 3]),
        ("p_lowest_up1", [0.8, 0.8, 0.2, 0.2, 0.2]),
        ("p_mean_box", [0.9, 0.8, 1 / 3, 1 / 3, 1 / 3]),
        ("p_lowest_box", [0.9, 0.8, 0.2, 0.2, 0.2]),
        ("p_page_max", [0.9] * 5),
        ("p_run_inside", [1, 1, 1, 0, 0]),
        ("p_since", [0, 0, 0, np.log1p(1), np.log1p(2)]),
    ],
)
def test_columns_by_hand(name: str, expected: list[float]) -> None:
    assert column(name) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 100])
def test_the_lowest_of_ranges(size: int) -> None:
    state = np.random.default_rng(size)
    values = state.random(size)
    first = state.integers(0, size, 200)
    last = np.array([state.integers(start + 1, size + 1) for start in first])
    expected = [values[start:end].min() for start, end in zip(first, last, strict=True)]
    assert range_lowest(values, first, last).tolist() == expected


def test_a_page_without_blocks() -> None:
    empty = layout("<body>")
    assert content_context(empty, np.zeros(0)).shape == (0, len(CONTENT_CONTEXT))
    assert kind_context(empty, np.zeros((0, 12))).shape == (0, 72)


def test_kinds_around_are_pooled() -> None:
    kinds = np.eye(12)[[0, 0, 1, 1, 2]]
    table = kind_context(layout(PAGE), kinds)
    assert table.shape == (5, 72)
    assert table[2, :3].tolist() == [1, 0, 0]  # the block before
    assert table[2, 12:15].tolist() == [0, 1, 0]  # the block after
    assert table[2, 24:27].tolist() == pytest.approx([0, 2 / 3, 1 / 3], abs=1e-4)  # the next container
    first, last = layout(PAGE).box
    for row in range(5):
        assert table[row, 48:60].tolist() == pytest.approx(
            kinds[first[row] : last[row]].mean(axis=0).tolist(), abs=1e-4
        )
