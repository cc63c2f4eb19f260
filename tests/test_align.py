"""What a corpus says of a page becomes one target a block."""

from __future__ import annotations

import pytest

from declutter.blocks import segment
from declutter.corpus.align import NOT_ANNOTATED, align
from declutter.corpus.base import CorpusPage, FormKinds, Gold, MarkedElements, Segments, WholeText
from declutter.document import read_document
from declutter.errors import CorpusError
from declutter.labels import CHROME, Label

ARTICLE = (
    "<body><nav><a href=/>Home</a> <a href=/b>Boats</a></nav><h1>Tide table</h1>"
    "<p>High water comes at four in the afternoon.</p><div>Sign up now for letters</div>"
    "<p>Low water comes at ten, and the boats lie dry.</p><footer>© The harbour office</footer>"
)


def states(html: str, gold: Gold | None) -> dict[str, str]:
    """What is known of each block: a label, "no content" or "unknown"."""
    document = read_document(html)
    marked = document.take_attribute(gold.attribute) if isinstance(gold, MarkedElements) else None
    blocks = segment(document)
    targets = align(CorpusPage("own", "page", html.encode(), gold), document, blocks, marked)
    told = {}
    for text, content, kind in zip(blocks.texts, targets.content.tolist(), targets.kind.tolist(), strict=True):
        if kind != NOT_ANNOTATED:
            assert content == 0
            told[text] = CHROME[kind].value
        else:
            told[text] = {1: "content", 0: "no content", NOT_ANNOTATED: "unknown"}[content]
    return told


def test_no_gold_says_nothing() -> None:
    assert set(states(ARTICLE, None).values()) == {"unknown"}


def test_whole_text_parts_content_from_the_rest_whose_kind_is_unknown() -> None:
    gold = WholeText(
        "Tide Table\nHigh water comes at four in the afternoon. Low water comes at ten and the boats lie dry."
    )
    told = states(ARTICLE, gold)
    assert [text for text, state in told.items() if state == "content"] == [
        "Tide table",
        "High water comes at four in the afternoon.",
        "Low water comes at ten, and the boats lie dry.",
    ]
    assert {state for text, state in told.items() if state != "content"} == {"no content"}


CAPTION = "The quay at low water, seen from the mole."


@pytest.mark.parametrize(
    ("between", "state"),
    [
        (f"<figure><img src=a><figcaption>{CAPTION}</figcaption></figure>", "unknown"),
        (f"<img src=a alt=''><div>{CAPTION}</div>", "unknown"),
        (f"<img src=a alt='Boats on the mud'><div>{CAPTION}</div>", "unknown"),
        (f"<div>{CAPTION}</div>", "no content"),
        (f"<img src=a><div><a href=/b>{CAPTION}</a></div>", "no content"),
        (f"<img src=a><p>Ad</p><p>Ad</p><div>{CAPTION}</div>", "no content"),
        ("<img src=a><div>Too short</div>", "no content"),
        (f"<img src=a><div>{CAPTION * 11}</div>", "no content"),
    ],
)
def test_gold_texts_say_nothing_of_what_looks_like_a_caption(between: str, state: str) -> None:
    gold = "High water comes at four in the afternoon.", "Low water comes at ten, and the boats lie dry."
    told = states(f"<p>{gold[0]}</p>{between}<p>{gold[1]}</p>", WholeText("\n".join(gold)))
    assert [told.pop(text) for text in gold] == ["content", "content"]
    assert [value for text, value in told.items() if text not in {"Boats on the mud", "Ad"}] == [state]


@pytest.mark.parametrize(
    ("text", "state"),
    [("one two three four", "content"), ("one two", "content"), ("one", "no content"), ("", "no content")],
)
def test_half_of_the_words_make_a_block_content(text: str, state: str) -> None:
    assert states("<p>one two three four", WholeText(text)) == {"one two three four": state}


def test_words_are_matched_in_order_so_that_a_teaser_with_the_same_words_stays_out() -> None:
    html = "<li>boats lie dry tonight<p>At ten the water is low and all of the boats lie dry.<li>dry boats"
    told = states(html, WholeText("At ten the water is low and all of the boats lie dry."))
    assert told["At ten the water is low and all of the boats lie dry."] == "content"
    assert told["dry boats"] == "no content"


def test_gold_in_chinese_is_matched_by_character() -> None:
    told = states("<p>今天下午四点涨潮。<div>关于我们", WholeText("今天下午四点涨潮"))
    assert told == {"今天下午四点涨潮。": "content", "关于我们": "no content"}


def test_segments_leave_the_rest_unknown() -> None:
    told = states(ARTICLE, Segments(("four in the afternoon",), ("Sign up now", "harbour office")))
    assert told == {
        "Home Boats": "unknown",
        "Tide table": "unknown",
        "High water comes at four in the afternoon.": "content",
        "Sign up now for letters": "no content",
        "Low water comes at ten, and the boats lie dry.": "unknown",
        "© The harbour office": "no content",
    }


def test_a_wanted_segment_marks_the_longest_block_that_holds_it() -> None:
    html = "<li>the boats lie dry<p>At ten the water is low and the boats lie dry until noon."
    told = states(html, Segments(("boats lie dry",)))
    assert told == {
        "the boats lie dry": "unknown",
        "At ten the water is low and the boats lie dry until noon.": "content",
    }


def test_an_unwanted_segment_inside_a_longer_text_says_nothing_of_it() -> None:
    text = "A long paragraph that happens to say share this in passing, and goes on for a while after that."
    assert states(f"<p>{text}<div>Share this", Segments((), ("share this",))) == {
        text: "unknown",
        "Share this": "no content",
    }


def test_a_segment_over_several_blocks() -> None:
    told = states("<p>one two<p>three four<p>five six", Segments(("two three four",)))
    assert told == {"one two": "content", "three four": "content", "five six": "unknown"}


def test_segments_that_are_not_there_say_nothing() -> None:
    assert set(states(ARTICLE, Segments(("not in the page", "..."), ("nor this",))).values()) == {"unknown"}


FORMS = "<body><p>Text</p><form><p>Name</p><button>Log in</button></form><form><p>Find</p></form><p>End</p>"


def test_forms_label_what_they_hold_and_nothing_else() -> None:
    told = states(FORMS, FormKinds((Label.SIGNUP, None), (frozenset(), frozenset())))
    assert told == {"Text": "unknown", "Name": "signup", "Log in": "signup", "Find": "unknown", "End": "unknown"}


def test_another_number_of_forms_is_an_error() -> None:
    with pytest.raises(CorpusError, match=r"own/page: 2 forms in the page, 1 in the gold: leave the page out"):
        states(FORMS, FormKinds((Label.SIGNUP,), (frozenset(),)))


def test_marks_reach_down_to_the_next_mark() -> None:
    html = (
        "<body><div data-label=content><h1>a</h1><aside data-label=signup><p>b</p><p data-label=payment>c</p></aside>"
        "d</div><p data-label=footer>e<img alt=f>"
    )
    assert states(html, MarkedElements()) == {
        "a": "content",
        "b": "signup",
        "c": "payment",
        "d": "content",
        "e": "footer",
    }


def test_a_mark_may_stand_on_an_inline_element_or_a_control() -> None:
    html = "<body><div data-label=other><a data-label=social href=x>a</a></div><button data-label=consent>b</button>"
    assert states(html, MarkedElements()) == {"a": "social", "b": "consent"}


@pytest.mark.parametrize(
    ("html", "mend"),
    [
        ("<body><p data-label=content>a<p>bare", "no data-label above the block 'bare': give it one"),
        ("<body><p data-label=news>a", "'news' is no label: use one of content, donation"),
        ("<body><p data-label>a", "'' is no label"),
    ],
)
def test_a_page_that_is_not_fully_labelled_is_an_error(html: str, mend: str) -> None:
    with pytest.raises(CorpusError, match=mend):
        states(html, MarkedElements())


def test_an_empty_page() -> None:
    for gold in (WholeText("a"), Segments(("a",)), FormKinds((), ()), MarkedElements(), None):
        assert states("", gold) == {}
