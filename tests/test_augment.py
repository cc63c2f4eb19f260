from __future__ import annotations

from dataclasses import replace

import numpy as np

from declutter.blocks import segment
from declutter.corpus import CorpusPage, MarkedElements, WholeText, load_corpus
from declutter.corpus.base import LabelledRanges
from declutter.corpus.dedupe import domain
from declutter.labels import CHROME, Label
from declutter.training.augment import Graft, grafted, grafts_of
from declutter.training.examples import graft_example, make_example
from declutter.training.folds import CELLS, cell_of
from training_corpora import ROOT

SENTENCE = "The ferry left the quay at dawn, and nobody on board had slept for more than an hour that night."
MARKED = (
    b"<body data-label=content><h1>Ferry</h1><p>Text.</p>"
    b"<div class=appeal data-label=donation><h3>Help us sail</h3><p>Give what you can to keep us afloat.</p>"
    b"<button data-label=payment>Give 5</button></div>"
    b"<ul data-label=navigation><li data-label=donation>Donate to the ferry and to all those who sail in her</li></ul>"
)


def boxes(language: str = "en") -> list[Graft]:
    """The boxes of a page in the cell of the host."""
    names = (f"news-{language}-{number}" for number in range(1000))
    pages = (CorpusPage("own", name, MARKED, MarkedElements(), language=language) for name in names)
    return grafts_of([next(page for page in pages if cell_of(domain(page)) == cell_of(domain(host())))])


def host(paragraphs: int = 4) -> CorpusPage:
    body = "".join(f"<p>{SENTENCE} Number {number}.</p>" for number in range(paragraphs))
    text = "\n".join(f"{SENTENCE} Number {number}." for number in range(paragraphs))
    html = f"<html><body><nav><a href=/>Home</a></nav><article><h1>Dawn</h1>{body}</article></body></html>"
    return CorpusPage("wcxb", "1", html.encode(), WholeText(text), url="https://ferry.example/")


def test_only_whole_boxes_are_grafts() -> None:
    grafts = grafts_of([CorpusPage("own", "news-en-x", MARKED, MarkedElements(), language="en")])
    assert [graft.tags[0] for graft in grafts] == ["div"]
    assert grafts[0].parents[0] < 0 <= min(grafts[0].parents[1:])
    assert not any(name == "data-label" for pairs in grafts[0].attributes for name, _ in pairs)


def test_a_graft_is_chrome_and_the_page_keeps_its_gold() -> None:
    grafts = boxes()
    plain = make_example(host())
    example = graft_example(host(), grafts, 3)
    assert example is not None
    assert len(example) > len(plain)
    assert (example.content == 1).sum() == (plain.content == 1).sum()
    assert (example.content == 0).sum() > (plain.content == 0).sum()
    assert example.domain == plain.domain
    assert example.gold_counts is None
    # The box teaches its kinds as well, the button in it its own; the page says nothing of its.
    assert {CHROME[kind] for kind in example.kind[example.kind >= 0]} == {Label.DONATION, Label.PAYMENT}
    assert (example.kind[example.content == 1] == -1).all()
    assert (plain.kind == -1).all()
    assert example.grafted
    assert not plain.grafted


def test_boxes_of_another_cell_are_held_out_with_their_page() -> None:
    away = [replace(graft, cell=(graft.cell + 1) % CELLS) for graft in boxes()]
    assert graft_example(host(), boxes(), 3) is not None
    assert graft_example(host(), away, 3) is None


def test_the_same_seed_gives_the_same_page() -> None:
    grafts = grafts_of(list(load_corpus("own", ROOT / "training_data")))
    assert len(grafts) > 100
    one, other = (graft_example(host(9), grafts, 5) for _ in range(2))
    assert one is not None
    assert other is not None
    np.testing.assert_array_equal(one.features, other.features)


def test_a_page_without_paragraphs_takes_no_graft() -> None:
    grafts = boxes()
    assert graft_example(host(1), grafts, 1) is None
    assert graft_example(host(), [], 1) is None


def test_a_host_with_annotations_takes_grafts_too() -> None:
    page = host()
    labels = LabelledRanges((), (), "utf-8", complete=True)
    assert graft_example(replace(page, annotation=labels), boxes(), 3) is not None


def test_boxes_stand_between_below_and_behind_each_other() -> None:
    """Over many seeds: behind the article's element, right behind another box, and between two paragraphs."""
    found = set()
    plain = make_example(host(6))
    for seed in range(60):
        example = graft_example(host(6), boxes(), seed)
        assert example is not None
        content = np.flatnonzero(example.content == 1)
        below = example.content[content[-1] + 1 :]
        inside = example.content[content[0] : content[-1] + 1]
        if len(below) > (plain.content[np.flatnonzero(plain.content == 1)[-1] + 1 :]).size:
            found.add("below")
        if (inside == 0).any():
            found.add("between")
        runs = np.diff(np.flatnonzero(np.concatenate(([1], example.content == 1, [1])))) - 1
        if runs.max() > 5:  # the box has three blocks
            found.add("stacked")
    assert found == {"below", "between", "stacked"}


def test_boxes_and_lines_stand_above_the_headline() -> None:
    line = b"<body><div data-label=donation><a href=/give>Support the Quay</a></div><p data-label=content>Text.</p>"
    (one,) = grafts_of([CorpusPage("own", "news-en-x", line, MarkedElements(), language="en")])
    one = replace(one, cell=boxes()[0].cell)
    headline = next(row for row, content in enumerate(make_example(host()).content.tolist()) if content == 1)
    above = set()
    for seed in range(120):
        example = graft_example(host(), [*boxes(), one], seed)
        assert example is not None
        first = int(np.flatnonzero(example.content == 1)[0])
        above.add(first - headline)
        # A line stands there alone, never between two paragraphs.
        assert first - headline == 1 or (example.kind >= 0).sum() % 3 == 0
    assert above == {0, 1, 3}


def thread(cell: int) -> Graft:
    box = (
        "<section data-label=comments><h2>Two replies</h2>"
        + "<p>My aunt once took the same boat and came home wet to the knees, all of us agreed.</p>" * 2
        + "</section>"
    )
    (graft,) = grafts_of([CorpusPage("own", "news-en-x", f"<body>{box}".encode(), MarkedElements(), language="en")])
    assert graft.kind == "comments"
    return replace(graft, cell=cell)


def test_comments_stand_below_the_last_paragraph() -> None:
    """Whatever boxes are set in above: no content after a thread, and every block of a graft is chrome."""
    grafts = boxes()
    plain = make_example(host())
    longest = 0
    for seed in range(60):
        made = grafted(host(), [*grafts, thread(grafts[0].cell)], seed)
        assert made is not None
        document, foreign = made
        assert len(foreign) == len(document.tags)
        blocks = segment(document)
        set_in = [foreign[row] for row in blocks.starts.tolist()]
        texts = [text for text, inside in zip(blocks.texts, set_in, strict=True) if not inside]
        assert len(texts) == len(plain)
        assert not any("aunt" in text or "afloat" in text for text in texts)
        replies = [row for row, text in enumerate(blocks.texts) if "aunt" in text]
        if replies:
            assert not any(SENTENCE in text for text in blocks.texts[replies[0] :])
        example = graft_example(host(), [*grafts, thread(grafts[0].cell)], seed)
        assert example is not None
        paragraphs = np.flatnonzero(example.content == 1)
        longest = max(longest, len(example) - 1 - int(paragraphs.max()))
        assert len(paragraphs) == 5
    # The heading and its two comments, behind a box of three blocks or before it.
    assert longest >= 6


def test_comments_beside_a_box_are_a_graft_of_their_own() -> None:
    marked = (
        "<body><div data-label=donation><p>Give what you can to keep us afloat.</p><p>Every penny sails.</p></div>"
        "<section data-label=comments><p>My aunt once took the same boat and came home wet to the knees, all of us agreed."
        "</p><p>My aunt did not, and was dry until Sunday, when it rained on the pier.</p></section>"
        "<section data-label=comments><p>So did mine, who lives inland and never saw a boat that she did not like. She has "
        "seen two, both of them from the train, and one of the two was a barge with geraniums on it.</p></section>"
    )
    found = grafts_of([CorpusPage("own", "news-en-x", marked.encode(), MarkedElements(), language="en")])
    assert [(graft.kind, graft.tags.count("section")) for graft in found] == [("donation", 0), ("comments", 2)]


def test_a_control_is_no_thread() -> None:
    page = CorpusPage("own", "news-en-x", b"<body><div data-label=comments>Reply to this</div>", MarkedElements())
    assert grafts_of([page]) == []


def picture(cell: int) -> Graft:
    figure = (
        "<body data-label=content><figure><img src=a.jpg><figcaption>The boat at the quay in May.</figcaption></figure>"
        "<figure><img src=b.jpg><figcaption>And in June.<b data-label=metadata>Photo: M.</b></figcaption></figure>"
    )
    (graft,) = grafts_of([CorpusPage("own", "news-en-x", figure.encode(), MarkedElements(), language="en")])
    return replace(graft, cell=cell)


def test_pictures_stand_before_the_first_paragraph_or_between_two_and_are_content() -> None:
    grafts = boxes()
    places = set()
    for seed in range(60):
        example = graft_example(host(), [*grafts, picture(grafts[0].cell)], seed)
        assert example is not None
        made = grafted(host(), [*grafts, picture(grafts[0].cell)], seed)
        assert made is not None
        texts = segment(made[0]).texts
        if "The boat at the quay in May." not in texts:
            continue
        row = texts.index("The boat at the quay in May.")
        assert example.content[row] == 1
        assert example.kind[row] == -1
        places.add(sum(SENTENCE in text for text in texts[:row]))
    assert {0, 2} < places <= {0, 1, 2, 3, 4}


def with_threads(page: CorpusPage) -> list[tuple[list[str], list[int]]]:
    """Of many draws those with a thread: the texts of the page, and the places of the replies among them."""
    found = []
    for seed in range(40):
        made = grafted(page, [*boxes(), thread(boxes()[0].cell)], seed)
        assert made is not None
        texts = segment(made[0]).texts
        replies = [row for row, told in enumerate(texts) if "aunt" in told]
        found += [(texts, replies)] if replies else []
    return found


def test_a_thread_stands_behind_an_article_that_ends_in_a_list() -> None:
    items = "".join(f"<li>Bring {thing}.</li>" for thing in ("rope", "bread", "a lamp"))
    body = "".join(f"<p>{SENTENCE} Number {number}.</p>" for number in range(3))
    text = "\n".join(
        [*(f"{SENTENCE} Number {number}." for number in range(3)), "Bring rope. Bring bread. Bring a lamp."]
    )
    html = f"<html><body><article><h1>Dawn</h1>{body}<ul>{items}</ul></article></body></html>"
    page = CorpusPage("wcxb", "1", html.encode(), WholeText(text), url="https://ferry.example/")
    found = with_threads(page)
    assert len(found) > 3
    assert all(texts.index("Bring a lamp.") < replies[0] for texts, replies in found)


def test_elements_of_some_pages_are_renamed() -> None:
    tags = set()
    for seed in range(120):
        made = grafted(host(), boxes(), seed)
        assert made is not None
        tags.add("p" in made[0].tags)
    assert tags == {True, False}


def test_a_caption_that_gold_leaves_out_is_not_judged_beside_a_box_either() -> None:
    figure = "<figure><img src=a.jpg><figcaption>The quay at low water, seen from the mole.</figcaption></figure>"
    page = host()
    html = page.html.replace(b"Number 1.</p>", b"Number 1.</p>" + figure.encode())
    page = replace(page, html=html)
    for seed in range(30):
        example = graft_example(page, boxes(), seed)
        made = grafted(page, boxes(), seed)
        assert example is not None
        assert made is not None
        texts = segment(made[0]).texts
        assert example.content[texts.index("The quay at low water, seen from the mole.")] == -1


def test_a_figure_without_a_picture_or_a_caption_is_no_graft() -> None:
    for inside in ("<pre>one two three four five six</pre>", f"<img src=a.jpg>{chr(10) * 40}"):
        html = f"<body data-label=content><figure>{inside}</figure><p>Text.</p>"
        assert grafts_of([CorpusPage("own", "news-en-x", html.encode(), MarkedElements(), language="en")]) == []


def test_a_thread_on_a_page_in_a_layout_table_stands_in_the_article() -> None:
    page = host()
    html = page.html.replace(b"<article>", b"<table><tr><td><div>").replace(b"</article>", b"</div></td></tr></table>")
    page = replace(page, html=html.replace(b"</body>", b"<p>Imprint of the harbour.</p></body>"))
    found = with_threads(page)
    assert len(found) > 3
    assert all(replies[-1] < texts.index("Imprint of the harbour.") for texts, replies in found)
