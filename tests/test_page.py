"""The contract of Page and Block, on probabilities made by hand: no model is needed."""

from __future__ import annotations

import dataclasses
import json
import pickle

import numpy as np
import pytest
from bs4 import BeautifulSoup

from declutter import Block, InputError, Label, Page, predict
from declutter.blocks import segment
from declutter.decide import decide
from declutter.document import read_document

HTML = (
    "<title>Tide table | Site</title><body><nav><a href=/>Home</a></nav><h1>Tide table</h1><p>High water at four.</p>"
    "<img alt='The quay' src=q.png><div hidden>Unseen</div><button>Donate</button>"
)
TEXTS = ["Home", "Tide table", "High water at four.", "The quay", "Unseen", "Donate"]
LABELS = [Label.NAVIGATION, Label.CONTENT, Label.CONTENT, Label.CONTENT, Label.OTHER, Label.DONATION]


def page_of(html: str, labels: list[Label], headline: int = -1, url: str | None = None) -> Page:
    """A page with a share of 0.7 for each block's label and the rest spread evenly."""
    document = read_document(html)
    table = segment(document)
    names = list(Label)
    probabilities = np.full((len(table), len(names)), 0.3 / (len(names) - 1))
    probabilities[np.arange(len(labels)), [names.index(label) for label in labels]] = 0.7
    return Page(
        document,
        table,
        probabilities,
        decide(probabilities, 0.5, headline),
        np.zeros(len(probabilities), dtype=bool),
        headline,
        0.5,
        0.9,
        "Tide table | Site",
        url,
    )


@pytest.fixture
def page() -> Page:
    return page_of(HTML, LABELS, 1, "https://site.test/")


def test_blocks_are_in_document_order(page: Page) -> None:
    assert [block.text for block in page.blocks] == TEXTS
    assert [block.label for block in page.blocks] == LABELS
    assert [block.origin for block in page.blocks] == ["text", "text", "text", "alt", "text", "control"]
    assert [block.hidden for block in page.blocks] == [False, False, False, False, True, False]
    assert page.blocks[0].path == "html > body > nav"


def test_probabilities_of_a_block(page: Page) -> None:
    for block in page.blocks:
        assert list(block.probabilities) == list(Label)
        assert sum(block.probabilities.values()) == pytest.approx(1, abs=1e-9)
        assert block.probabilities[Label.CONTENT] == block.content_score
        assert block.probabilities[block.label] == block.score
        assert all(type(value) is float for value in block.probabilities.values())


def test_labels_are_strings(page: Page) -> None:
    block = page.blocks[5]
    assert str(block.label) == "donation"
    assert block.label == "donation"
    assert f"{block.label}" == "donation"
    assert block.probabilities["donation"] == block.score  # type: ignore[index]


def test_content_and_chrome_share_the_blocks(page: Page) -> None:
    assert [block.text for block in page.content] == TEXTS[1:4]
    assert [block.text for block in page.chrome] == ["Home", "Unseen", "Donate"]
    assert sorted([*page.content, *page.chrome], key=page.blocks.index) == list(page.blocks)


def test_the_headline_is_one_block_and_content() -> None:
    page = page_of(HTML, [Label.NAVIGATION, Label.METADATA, *LABELS[2:]], 1)
    assert page.headline is page.blocks[1]
    assert page.headline is not None
    assert page.headline.label is Label.CONTENT
    assert page.headline.score == page.headline.content_score < 0.5
    assert page_of(HTML, LABELS).headline is None


def test_leaving_out_the_headline_changes_that_block_alone(page: Page) -> None:
    assert page.text() == "Tide table\n\nHigh water at four."
    assert page.text(headline=False) == "High water at four."
    assert page.markdown(headline=False) == page.markdown().replace("# Tide table\n\n", "")
    assert page.html(headline=False).replace(" ", "") == page.html().replace("<h1>Tide table</h1>", "").replace(" ", "")
    assert page.text() == "Tide table\n\nHigh water at four."  # asking changes nothing
    without = page_of(HTML, LABELS)
    assert without.text(headline=False) == without.text()


def test_blocks_are_plain_frozen_values(page: Page) -> None:
    block = page.blocks[0]
    assert isinstance(block, Block)
    with pytest.raises(dataclasses.FrozenInstanceError):
        block.text = "other"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(block)) == block
    assert len(set(page.blocks)) == len(page.blocks)


def test_the_document_of_a_pickled_page_is_read_when_it_is_asked_for(page: Page) -> None:
    state = pickle.loads(pickle.dumps(page)).__dict__
    assert callable(state["_columns"])
    again = pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(page))))
    assert again.text() == page.text()
    bare = len(pickle.dumps(pickle.loads(pickle.dumps(page))))
    assert page.blocks[0].path
    assert page.boxes is not None
    assert len(pickle.dumps(page)) == bare  # what is made from the document does not bring it along a second time
    assert again.matched_rules == page.matched_rules


def test_a_page_pickles_and_renders_the_same(page: Page) -> None:
    again = pickle.loads(pickle.dumps(page))
    assert again.blocks == page.blocks
    assert again.to_dict() == page.to_dict()
    assert (again.text(), again.markdown(), again.html()) == (page.text(), page.markdown(), page.html())
    assert again.headline == page.headline
    assert (again.title, again.url) == (page.title, page.url)


def test_to_dict_is_plain_json(page: Page) -> None:
    whole = page.to_dict()
    again = json.loads(json.dumps(whole))
    assert again == whole
    assert whole["title"] == "Tide table | Site"
    assert whole["url"] == "https://site.test/"
    assert whole["headline"] == "Tide table"
    assert whole["text"] == page.text()
    assert 0 <= whole["confidence"] <= 1
    first = whole["blocks"][0]
    assert type(first["label"]) is str
    assert first["label"] == "navigation"
    assert first["score"] == 0.7
    assert set(first) == {
        "text",
        "label",
        "score",
        "content_score",
        "probabilities",
        "origin",
        "hidden",
        "path",
        "decided_by",
        "box",
    }
    assert all(type(name) is str for name in first["probabilities"])


def test_a_page_without_text() -> None:
    page = page_of("", [])
    assert (page.blocks, page.content, page.chrome, page.headline) == ((), (), (), None)
    assert (page.text(), page.markdown(), page.html()) == ("", "", "")
    assert json.loads(json.dumps(page.to_dict()))["blocks"] == []


def test_repr_is_short(page: Page) -> None:
    assert repr(page) == "<Page 'Tide table | Site': 6 blocks, 3 content>"
    block = page.blocks[0]
    assert repr(block) == f"<Block {block.label.value} {block.score:.2f}: {block.text!r}>"
    assert repr(dataclasses.replace(block, text="ebb " * 99)).endswith(f"'{'ebb ' * 14}ebb\u2026'>")
    box = page.boxes[0]
    count = len(box.blocks)
    assert repr(box) == f"<Box {box.label.value} {box.score:.2f}, {count} blocks: {box.blocks[0].text!r}>"
    why = predict("<p>The tide comes twice a day.</p>").blocks[0].reasons
    assert repr(why) == f"<Reasons {why.label.value}: {'; '.join(why.strongest())}>"
    assert repr(why.content).startswith(f"<Account of log-odds {why.content.log_odds:.2f}: ")


# -- the whole document --------------------------------------------------------------------------------------------


DOCUMENT = HTML.replace("<nav><a href=/>Home</a></nav>", "").replace(
    "<div hidden>Unseen</div><button>Donate</button>", ""
)


def test_the_document_is_the_source_less_the_chrome(page: Page) -> None:
    assert page.html("document") == page.html(scope="document", inert=False) == DOCUMENT
    assert page.html("document", headline=False) == DOCUMENT.replace("<h1>Tide table</h1>", "")
    assert [HTML[start:end] for start, end in page.cuts()] == [
        "<nav><a href=/>Home</a></nav>",
        "<div hidden>Unseen</div>",
        "<button>Donate</button>",
    ]
    assert len(page.cuts(headline=False)) == 4
    again = pickle.loads(pickle.dumps(page))
    assert again.html("document") == DOCUMENT


def test_the_content_is_always_inert(page: Page) -> None:
    assert page.html("content", inert=True) == page.html()
    with pytest.raises(InputError, match="always inert"):
        page.html(inert=False)
    with pytest.raises(InputError, match="content or document"):
        page.html("body")  # type: ignore[arg-type]


def test_soups_of_both_scopes(page: Page) -> None:
    content = page.soup()
    assert isinstance(content, BeautifulSoup)
    assert str(content).replace("/>", ">") == page.html()
    assert [tag.name for tag in page.soup(headline=False).find_all(True)] == ["p", "img"]
    document = page.soup("document")
    assert document.title is not None
    assert document.title.string == "Tide table | Site"
    assert [tag.name for tag in document.find_all(True)] == ["html", "head", "title", "body", "h1", "p", "img"]
    assert page.soup() is not content


def test_a_soup_has_the_tree_of_a_browser() -> None:
    page = page_of("\ufeff<!DOCTYPE html><ul><li>a<li>b</ul><table><tr><td>c</table>", [Label.CONTENT] * 3)
    tags = [tag.name for tag in page.soup("document").find_all(True)]
    assert tags == ["html", "head", "body", "ul", "li", "li", "table", "tbody", "tr", "td"]
    items = page.soup("document").find_all("li")
    assert [item.parent.name for item in items if item.parent] == ["ul", "ul"]


@pytest.mark.parametrize("text", ["page.html", "https://site.test/", "?xml"])
def test_a_short_text_is_not_taken_for_the_name_of_a_file(text: str) -> None:
    assert page_of(text, [Label.CONTENT]).soup().get_text() == text


def test_a_page_of_a_soup_says_how_to_cut_it() -> None:
    document = page_of(HTML, LABELS)
    document._document.source = None
    assert document.html()
    for call in (lambda: document.html("document"), lambda: document.soup("document"), document.cuts):
        with pytest.raises(InputError, match=r"declutter\.prune\(soup\)"):
            call()
