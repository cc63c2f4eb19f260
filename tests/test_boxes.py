"""Box features: what the blocks nearby tell of."""

from __future__ import annotations

import math

import numpy as np
import pytest

from declutter.blocks import segment
from declutter.document import read_document
from declutter.features import FEATURE_NAMES, extract


def columns(html: str, name: str) -> list[float]:
    document = read_document(html)
    features = extract(document, segment(document))[0]
    return [float(number) for number in features[:, FEATURE_NAMES.index(name)]]


# Ferry and Dawn stand in one container, the box with its two blocks in another.
APPEAL = (
    "<body><article><p>The ferry sailed at dawn.</p><p>It was back by noon.</p></article>"
    "<div><p>Our hull is old and the winter was long.</p><button>Donate now</button></div>"
)
AMOUNTS = "<body><p>Boats are dear.</p><p>Wood is dear as well.</p><div><button>$5</button><button>$10</button></div>"


def test_a_told_block_counts_for_its_box_and_not_for_itself() -> None:
    ferry, noon, hull, button = columns(APPEAL, "told_donation_up1")
    assert (ferry, noon, button) == (0, 0, 0)
    assert hull == pytest.approx(math.log1p(1), abs=1e-4)


def test_the_way_to_the_next_told_block() -> None:
    far = math.log1p(40)
    after = columns(APPEAL, "told_donation_after")
    assert after == pytest.approx([math.log1p(3), math.log1p(2), math.log1p(1), far], abs=1e-4)
    assert columns(APPEAL, "told_donation_before") == pytest.approx([far] * 4, abs=1e-4)


def test_an_amount_tells_of_payment() -> None:
    dear, _, five, ten = columns(AMOUNTS, "told_payment_after")
    assert dear == pytest.approx(math.log1p(2), abs=1e-4)
    assert five == pytest.approx(math.log1p(1), abs=1e-4)
    assert ten == pytest.approx(math.log1p(40), abs=1e-4)


@pytest.mark.parametrize(
    ("head", "named"),
    [
        ("<title>Dawn | The Quay Courier</title>", [0, 1]),
        ("<title>Dawn</title><meta property=og:site_name content='Quay Courier'>", [0, 1]),
        ("<title>Dawn</title>", [0, 0]),
        ("<title>Dawn - Another Paper</title>", [0, 0]),
        ("<title>Dawn | a name that is a whole sentence and no name</title>", [0, 0]),
    ],
)
def test_a_block_that_names_the_site(head: str, named: list[int]) -> None:
    html = f"{head}<body><p>The ferry sailed.</p><p>The Quay Courier is read by all who sail.</p>"
    assert columns(html, "site_name") == named
    assert columns(html, "site_name_page")[0] == (pytest.approx(9 / 12, abs=1e-4) if any(named) else 0)


def test_a_page_without_blocks() -> None:
    document = read_document("<body>")
    assert extract(document, segment(document))[0].shape == (0, len(FEATURE_NAMES))


def test_one_block_has_nothing_beside_it() -> None:
    assert columns("<body><p>Donate", "told_donation_after") == pytest.approx([math.log1p(40)], abs=1e-4)
    assert np.isfinite(columns("<body><p>Donate", "told_donation_up3")).all()
