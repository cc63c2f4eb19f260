"""Box features: what the blocks nearby tell of."""

from __future__ import annotations

import math

import numpy as np
import pytest

from declutter.blocks import segment
from declutter.document import read_document
from declutter.features import FEATURE_NAMES, extract
from declutter.features.head import PAGE_TYPES
from declutter.features.view import PageView


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


def test_a_thread_has_many_told_blocks_above() -> None:
    html = "<body><p>Tea</p>" + "<div><p>So it is.</p><button>Reply</button></div>" * 3
    above, below = columns(html, "told_comments_above"), columns(html, "told_comments_below")
    assert above == pytest.approx([math.log1p(k) for k in (0, 0, 0, 1, 1, 2, 2)], abs=1e-4)
    assert below == pytest.approx([math.log1p(k) for k in (3, 3, 2, 2, 1, 1, 0)], abs=1e-4)
    assert columns(html, "told_comments_after")[0] == pytest.approx(math.log1p(2), abs=1e-4)


def test_a_name_of_ideographs_may_be_longer() -> None:
    html = "<title>夜船 | 河岸日报新闻网首页</title><body><p>河岸日报新闻网首页</p><p>夜船</p>"
    assert columns(html, "site_name") == [1, 0]


def test_equal_halves_are_equal() -> None:
    # Each has half of the page's prose, which is not more than half: both are boxes, however the sums are rounded.
    half = "<div>" + f"<p>{PROSE}</p>" * 7 + "</div>"
    document = read_document(f"<body>{half}{half}")
    first, last = PageView(document, segment(document)).boxes
    assert (first.tolist(), last.tolist()) == ([0] * 7 + [7] * 7, [7] * 7 + [14] * 7)


@pytest.mark.parametrize(
    ("head", "named"),
    [
        ("<title>Dawn | The Quay Courier</title>", [0, 1]),
        ("<title>Dawn</title><meta property=og:site_name content='Quay Courier'>", [0, 1]),
        ("<title>Dawn</title>", [0, 0]),
        ("<title>Dawn - Another Paper</title>", [0, 0]),
        ("<title>Dawn | a name that is a whole sentence and no name</title>", [0, 0]),
        ("<title>Quay Courier | a headline that is a whole sentence and no name</title>", [0, 1]),
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


# Twelve words are more than the toll of ten that a block of prose pays.
PROSE = "one two three four five six seven eight nine ten eleven twelve"


@pytest.mark.parametrize(
    ("html", "boxes"),
    [
        # The letter is one box, each paragraph of the article its own; the article has more of the prose.
        (
            f"<body><article><p>{PROSE} x x x</p><p>{PROSE} x x x</p></article><div><p>{PROSE}</p><p>{PROSE}</p></div>",
            [(0, 1), (1, 2), (2, 4), (2, 4)],
        ),
        # What holds the headline is no box, however little it holds.
        (
            f"<body><div><h1>Tea</h1><p>Leaves</p></div><div><p>{PROSE}</p></div><div><p>{PROSE}</p></div>",
            [(0, 1), (1, 2), (2, 3), (3, 4)],
        ),
        (
            f"<body><div><h2>Tea</h2><p>Leaves</p></div><div><p>{PROSE}</p></div><div><p>{PROSE}</p></div>",
            [(0, 2), (0, 2), (2, 3), (3, 4)],
        ),
        # Text that stands right in the page is alone.
        (f"<body>{PROSE}<br><br>{PROSE}<div><p>a</p><p>b</p></div>", [(0, 1), (1, 2), (2, 4), (2, 4)]),
        ("<body>", []),
    ],
)
def test_boxes_by_hand(html: str, boxes: list[tuple[int, int]]) -> None:
    document = read_document(html)
    first, last = PageView(document, segment(document)).boxes
    assert list(zip(first.tolist(), last.tolist(), strict=True)) == boxes


@pytest.mark.parametrize(
    ("text", "tells"),
    [("donate now", True), ("a b c d donate now e f g h", False), ("donate now " * 3 + "x " * 40, True)],
)
def test_a_third_of_the_words_tells_or_six_of_them(text: str, tells: bool) -> None:
    way = columns(f"<body><p>Tea.</p><p>{text}</p>", "told_donation_after")[0]
    assert way == pytest.approx(math.log1p(1 if tells else 40), abs=1e-4)


def test_what_is_in_the_box() -> None:
    # The field stands behind the last block; what hides, is searched in or sends is no field.
    html = (
        f"<body><h1>Tea</h1><p>{PROSE}</p><form><p>News</p><input type=hidden><input type=search><p>$5</p>"
        "<button>Go</button><input type=email></form>"
    )
    assert columns(html, "box_fields") == pytest.approx([0, 0, *[math.log1p(1)] * 3], abs=1e-4)
    assert columns(html, "box_buttons") == pytest.approx([0, 0, *[math.log1p(1)] * 3], abs=1e-4)
    assert columns(html, "box_amounts") == pytest.approx([0, 0, *[math.log1p(1)] * 3], abs=1e-4)
    assert columns(html, "box_place") == [0, 0, 0, 0.5, 1]


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ('<script type="application/ld+json">{"@type": "NewsArticle"}</script>', "article"),
        ('<script type="application/ld+json">{"@type": [ "Thing", "Product" ]}</script>', "product"),
        (r'<script type="application/ld+json">{"@type":"http:\/\/schema.org\/Recipe\/"}</script>', "guide"),
        ('<script type="application/ld+json">{"@type": "schema:QAPage"}</script>', "forum"),
        # Questions and answers stand in lists of frequent questions as well.
        ('<script type="application/ld+json">[{"@type": "Question"}, {"@type": "Answer"}]</script>', None),
        ("<div itemscope itemtype='https://schema.org/Product https://schema.org/Thing'></div>", "product"),
        ("<meta property=og:type content=og:product>", "product"),
        ("<meta property=og:type content=article>", "article"),
        ("<div itemscope itemtype=https://schema.org/QAPage></div>", "forum"),
        ("<p>Nothing said</p>", None),
    ],
)
def test_what_the_page_says_it_is(html: str, kind: str | None) -> None:
    told = {name for name in PAGE_TYPES if columns(f"{html}<p>Tea</p>", f"type_{name}")[0]}
    assert told == ({kind} if kind else set())
