"""What pages say of themselves for machines, and pages that say it wrongly or without end."""

from __future__ import annotations

import json

import pytest

from declutter.document import read_document
from declutter.metadata.sources import Item, line, plain, read_sources, text_of


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def items(html: str) -> list[Item]:
    return read_sources(read_document(html)).items


def test_metas_links_language_and_base() -> None:
    sources = read_sources(
        read_document(
            "<html lang=de><meta property=OG:Title content='Ebbe'><meta name=author content=A><meta name=author content=B>"
            "<meta name=author content=' '><meta http-equiv=Content-Language content=fr><base href=/x/><base href=/y/>"
            "<link rel='Canonical' href=/c><a rel='nofollow author' href=/a>Jo</a><a rel=canonical href=/no>"
        )
    )
    assert sources.metas == {"og:title": ["Ebbe"], "author": ["A", "B"], "content-language": ["fr"]}
    assert list(sources.meta("author", "og:title", "none")) == ["A", "B", "Ebbe"]
    assert list(sources.link("canonical")) == ["/c"]
    assert list(sources.link("author")) == ["/a"]
    assert (sources.language, sources.base) == ("de", "/x/")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Low \n tide\t", "Low tide"),
        ("Tom &amp; Jerry &#8211; x", "Tom & Jerry – x"),
        ("<b>Low</b> tide", "Low tide"),
        ("<table>: the Table element", "<table>: the Table element"),
        ("a\x01b\u202ec\u200bd\ufeff\ud800", "abcd"),
        ("x" * 9000, "x" * 5000),
    ],
)
def test_plain_text(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_a_shown_line_keeps_what_looks_like_markup() -> None:
    assert line("<b>  &amp;\x02") == "<b> &amp;"


def test_json_ld_graph_and_references() -> None:
    found = items(
        ld(
            '{"@graph": [{"@type": ["Article", "http://schema.org/NewsArticle"], "headline": "Ebb", "author": {"@id": "#p"}},'
            ' {"@type": "Person", "@id": "#p", "name": "Jo Ebb"}, {"author": {"@id": "#nobody"}}]}'
        )
    )
    article = next(item for item in found if "newsarticle" in item.types)
    assert article.types == {"article", "newsarticle"}
    assert list(article.texts("headline", "author")) == ["Ebb", "Jo Ebb"]
    assert [author.types for author in article.items("author")] == [{"person"}]
    assert article.whole


def test_things_inside_others_are_not_whole() -> None:
    found = items(ld('{"@type": "QAPage", "mainEntity": {"@type": "Question", "comment": [{"@type": "Comment"}]}}'))
    assert {next(iter(item.types)): item.whole for item in found} == {
        "qapage": True,
        "question": True,
        "comment": False,
    }


@pytest.mark.parametrize(
    "text",
    [
        '<![CDATA[ {"name": "Ebb"} ]]>',
        '//<![CDATA[\n{"name": "Ebb"}\n//]]>',
        '\n {"name": "Ebb"};',
        '{"name": "E\tbb"}'.replace("\t", ""),
        '[[{"name": {"@value": "Ebb", "@language": "en"}}]]',
        '{"name": "Ebb"}{"broken": ',
    ],
)
def test_json_ld_as_pages_have_it(text: str) -> None:
    assert list(items(ld(text))[0].texts("name")) == ["Ebb"]


@pytest.mark.parametrize(
    "text", ["", "  ", "nonsense", '{"name": }', "{'name': 1}", '{"name": "Ebb",}', '{"a": ' + "9" * 5000 + "}"]
)
def test_broken_json_ld_is_left_out(text: str) -> None:
    assert items(ld(text)) == []
    assert list(items(ld(text) + ld('{"name": "Ebb"}'))[0].texts("name")) == ["Ebb"]


@pytest.mark.parametrize("text", ["[" * 20_000 + "]" * 20_000, '{"author":' * 20_000 + "1" + "}" * 20_000])
def test_json_ld_nested_without_end(text: str) -> None:
    assert items(ld(text)) == []


def test_json_ld_too_long_to_be_read() -> None:
    long = json.dumps([{"@type": "Article", "headline": f"No. {number}"} for number in range(120_000)])
    assert len(long) > 5_000_000
    assert items(ld('{"name": "Ebb"}') + ld(long))[0].values == {"name": ["Ebb"]}
    assert len(items(ld(long))) == 0


def test_numbers_are_texts_and_truth_is_nothing() -> None:
    (item,) = items(ld('{"datePublished": 1700000000, "name": true, "image": null, "author": 1.5}'))
    assert item.values == {"datepublished": ["1700000000"]}


def test_microdata_belongs_to_the_item_around_it() -> None:
    found = items(
        "<div itemscope itemtype='https://schema.org/BlogPosting'><h1 itemprop='headline name'>Ebb</h1>"
        "<time itemprop=datePublished datetime=2024-05-04>May</time><meta itemprop=dateModified content=2024-06-01>"
        "<b itemprop=author itemscope itemtype='https://schema.org/Person'><i itemprop=name>Jo</i></b>"
        "<p itemprop=articleBody>Long</div><span itemprop=inLanguage>en</span>"
    )
    posting, person, page = found
    assert posting.types == {"blogposting"}
    assert list(posting.texts("headline", "name", "datepublished", "datemodified", "author")) == [
        *("Ebb", "Ebb", "2024-05-04", "2024-06-01", "Jo")
    ]
    assert "articlebody" not in posting.values
    assert (posting.whole, person.whole, page.whole) == (True, False, True)
    assert page.values == {"inlanguage": ["en"]}


def test_text_of_an_element() -> None:
    document = read_document("<p> Low <b>tide</b>\n now</p>after")
    assert text_of(document, document.tags.index("p")) == "Low tide now"
