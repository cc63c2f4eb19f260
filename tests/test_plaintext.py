"""Plain text to a Document."""

from __future__ import annotations

import textwrap
import time

import numpy as np
import pytest

from declutter import predict
from declutter.blocks import segment
from declutter.document import BOX, HEADING, LINE, SECTION
from declutter.document.plaintext import read_lines, read_plain
from declutter.document.spans import block_spans

WRAPPED = """\
The old lighthouse had not been lit for eleven years when the first of the
letters arrived, addressed in a hand that nobody in the village knew, and
asking only whether the lamp could still be made to turn by a man alone.

Mrs Okafor read it aloud in the shop, twice, and then she pinned it to the
board beside the tide tables, where it stayed until the autumn storms.

- bread
- lamp oil
"""


def texts(source: str) -> list[str]:
    return segment(read_plain(source)).texts


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("one\ntwo", ["one", "two"]),
        ("one\r\ntwo\rthree\ffour\u2028five", ["one", "two", "three", "four", "five"]),
        ("one\x85two\u2029three\vfour", ["one", "two", "three", "four"]),
        ("one\x1ctwo", ["one two"]),
        ("\n\n  one  two \n \n", ["one two"]),
        ("\ufeffone\n\u200b\ntwo", ["\ufeffone", "two"]),
        ("<p>no & markup</p>", ["<p>no & markup</p>"]),
        ("lone \ud800 surrogate", ["lone \ufffd surrogate"]),
        ("", []),
        (" \n\t\n", []),
    ],
)
def test_a_line_is_a_block(source: str, wanted: list[str]) -> None:
    assert texts(source) == wanted


def test_blank_lines_bound_boxes() -> None:
    document = read_plain("a\nb\n\n\nc")
    assert [tag for tag in document.tags if tag[0] == "#" and tag != "#text"] == [
        *("#document", SECTION),
        *(BOX, LINE, LINE),
        *(BOX, LINE),
    ]
    assert document.parents.tolist() == [-1, 0, 1, 2, 3, 2, 5, 1, 7, 8]
    assert document.ends.tolist() == [10, 10, 7, 5, 5, 7, 7, 10, 10, 10]


PARAGRAPH = (
    "The wall was built of granite that the railway had refused, and it has been mended eleven times since then."
)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        pytest.param(
            f"Walls\n\n{PARAGRAPH}\n\nMen\n\n{PARAGRAPH}", [["Walls", PARAGRAPH], ["Men", PARAGRAPH]], id="two"
        ),
        pytest.param(f"{PARAGRAPH}\n\nMen\n\n{PARAGRAPH}", [[PARAGRAPH], ["Men", PARAGRAPH]], id="a paragraph before"),
        pytest.param(
            f"A letter\n\nDear readers,\n\n{PARAGRAPH}",
            [["A letter", "Dear readers,", PARAGRAPH]],
            id="one below another",
        ),
        pytest.param(
            f"Walls\n{PARAGRAPH}\nMen\n{PARAGRAPH}", [["Walls", PARAGRAPH], ["Men", PARAGRAPH]], id="no blank lines"
        ),
        pytest.param(f"It stands.\n\n{PARAGRAPH}", [["It stands.", PARAGRAPH]], id="a sentence"),
        pytest.param(f"It stands!\n\n{PARAGRAPH}", [["It stands!", PARAGRAPH]], id="an exclamation"),
        pytest.param(f"Home\nNews\nSport\n\n{PARAGRAPH}", [["Home", "News", "Sport", PARAGRAPH]], id="a menu"),
        pytest.param("Home\n\nNews\n\nSport", [["Home", "News", "Sport"]], id="no paragraph"),
    ],
)
def test_a_heading_begins_a_section(source: str, wanted: list[list[str]]) -> None:
    document = read_plain(source)
    sections = [node for node, tag in enumerate(document.tags) if tag == SECTION]
    assert [[text for text in document.texts[node : document.ends[node]] if text] for node in sections] == wanted
    headings = [document.texts[node + 1] for node, tag in enumerate(document.tags) if tag == HEADING]
    assert headings == [line for line in source.split("\n") if line in {"Walls", "Men", "A letter", "Dear readers,"}]


def test_headings_are_no_headings_of_the_output() -> None:
    page = predict(f"Walls\n\n{PARAGRAPH}", markup="text", strictness=0.0)
    assert page.html() == f"<p>Walls</p><p>{PARAGRAPH}</p>"


def test_text_broken_at_one_width_is_joined() -> None:
    found = texts(WRAPPED)
    assert len(found) == 4
    assert found[0].startswith("The old lighthouse")
    assert found[0].endswith("a man alone.")
    assert "of the letters arrived" in found[0]
    assert found[2:] == ["- bread", "- lamp oil"]


@pytest.mark.parametrize("lines", [0, 5, 8, 40])
def test_menus_do_not_hide_the_width(lines: int) -> None:
    paragraph = "\n".join(textwrap.wrap(PARAGRAPH + " " + PARAGRAPH, 64))
    source = "\n".join(["Home", "News and views", "Sport"] * lines) + f"\n\n{paragraph}\n\n{paragraph}"
    assert texts(source)[3 * lines :] == [f"{PARAGRAPH} {PARAGRAPH}"] * 2


@pytest.mark.parametrize(("end", "start", "wanted"), [("rail-", "way", "rail-way"), ("rail\u00ad", "way", "railway")])
def test_a_divided_word_is_joined(end: str, start: str, wanted: str) -> None:
    line = "The wall was built of granite that the men of the old"
    assert texts("\n".join([*[f"{line} {end}", f"{start} {line} railway"] * 3, "end"]))[0].startswith(
        f"{line} {wanted} {line}"
    )


def test_quoted_lines_are_joined() -> None:
    quoted = "\n".join(f"> {line}" for line in textwrap.wrap(PARAGRAPH + " " + PARAGRAPH, 40))
    assert texts(f"{quoted}\nI agree.") == [f"> {PARAGRAPH} {PARAGRAPH}", "I agree."]


def test_lines_of_a_list_are_not_joined() -> None:
    source = "\n".join(["Monthly", "Annual", "Continue with the payment of the whole sum", "Once", "Card"] * 3)
    assert len(texts(source)) == 15


def test_lines_without_spaces_are_joined_without_one() -> None:
    line = "灯台は十一年の間ともされていなかったが最初の手紙が届いたのは秋のことであった村の誰も知らぬ筆跡で"[:44]
    source = "\n".join([line] * 6 + ["終わり"])
    assert texts(source) == [line * 6 + "終わり"]


def test_where_lines_stand() -> None:
    source = "  first\r\n\r\nsecond line \nthird"
    document = read_plain(source)
    blocks = segment(document)
    spans = block_spans(document, blocks)
    assert [source[start:end] for start, end in (span for span in spans if span)] == ["first", "second line", "third"]
    assert document.places is not None
    assert source[slice(*document.places[3])] == "first"


def test_a_joined_line_spans_all_its_lines() -> None:
    document = read_plain(WRAPPED)
    spans = block_spans(document, segment(document))
    assert spans[0] is not None
    assert WRAPPED[slice(*spans[0])] == WRAPPED.split("\n\n", maxsplit=1)[0]


def test_every_line_with_ink_is_in_one_block() -> None:
    state = np.random.default_rng(3)
    pieces = ["word", " ", "\n", "\n\n", "\r\n", "longer words here", "\u200b", "x" * 60]
    for _ in range(200):
        source = "".join(state.choice(pieces, 30))
        lines = [line for box in read_lines(source) for line in box]
        assert [source[line.start : line.end] for line in lines] == [line.text for line in lines]
        assert "".join("".join(texts(source)).split()) == "".join("".join(line.text for line in lines).split())


def test_long_texts_are_linear() -> None:
    began = time.perf_counter()
    assert len(texts("a line of words\n" * 100_000)) == 100_000
    assert len(texts("x" * 5_000_000)) == 1
    assert len(texts("a line that is as long as the others and goes on\n" * 100_000)) == 1
    assert len(texts("y " * 1_000_000 + "\n" + "z " * 1_000_000)) == 2
    assert time.perf_counter() - began < 5
