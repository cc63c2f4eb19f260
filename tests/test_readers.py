"""Readers and gold: pages that were labelled without a look at the gold."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from declutter.blocks import segment
from declutter.corpus.align import NOT_ANNOTATED, align
from declutter.corpus.annotations import annotation_path, parse_annotation, read_annotation, write_annotation
from declutter.corpus.base import CorpusPage, WholeText
from declutter.corpus.sources import load_read_blind, training_data_root
from declutter.document import read_document
from declutter.labels import CHROME, Label
from declutter.measure.figures import HASH, WORDS, Figures
from declutter.measure.held_out import FOLDS, HeldOut
from declutter.measure.readers import Reading, means, readings, weighed
from declutter.training import data
from training_corpora import small_corpora, small_training_data

if TYPE_CHECKING:
    from pathlib import Path

HTML = (
    b"<body><nav>Home and news</nav><p>One two three four.</p><p>Five six seven eight.</p><p>By Ada Example</p></body>"
)
GOLD = "One two three four."
READ = [Label.NAVIGATION, Label.CONTENT, Label.CONTENT, Label.METADATA]


def read_page(folder: Path) -> CorpusPage:
    page = CorpusPage("wcxb", "1", HTML, WholeText(GOLD), page_type="article")
    document = read_document(HTML)
    path = annotation_path(folder, "wcxb", "1")
    write_annotation(path, page, document, segment(document), READ)
    return replace(page, annotation=read_annotation(path, page))


def stored_of(page: CorpusPage) -> HeldOut:
    stored = HeldOut()
    figures = Figures(score=WORDS, pages={page.sha256[:HASH]: ["article", 0.9, 1.0, 0.8]})
    stored.put(FOLDS, {"code_hash": ""}, {"wcxb": figures})
    return stored


def test_a_reader_is_scored_against_the_gold(tmp_path: Path) -> None:
    page = read_page(tmp_path)
    (found,) = readings([page, replace(page, annotation=None)], stored_of(page))
    # Eight words are kept, four of which the gold has.
    assert (found.name, found.page_type, found.model) == ("wcxb/1", "article", (0.9, 1.0, 0.8))
    assert found.reader == pytest.approx((2 / 3, 0.5, 1.0))
    assert readings([page], HeldOut()) == []


def test_means_are_weighed_by_what_the_corpus_has() -> None:
    one = Reading("a", "article", (1.0, 1.0, 1.0), (0.8, 0.8, 0.8))
    other = Reading("b", "forum", (0.5, 0.5, 0.5), (0.6, 0.6, 0.6))
    assert means([one, other])[0] == pytest.approx([0.75] * 3)
    assert means([one, other])[1] == pytest.approx([0.7] * 3)
    reader, model = weighed([one, other], Counter(article=3, forum=1))
    assert reader == pytest.approx([0.875] * 3)
    assert model == pytest.approx([0.75] * 3)


def test_the_pages_that_were_read_blind_are_annotated_throughout() -> None:
    folder = training_data_root()
    names = load_read_blind(folder)
    assert len(names) >= 80
    for corpus, name in names:
        assert parse_annotation(annotation_path(folder / "annotations", corpus, name)).gold.complete


def test_a_reading_says_kinds_of_what_the_gold_leaves_out_and_nothing_of_content(tmp_path: Path) -> None:
    page = read_page(tmp_path)
    page = replace(page, annotation=None, reading=page.annotation)
    document = read_document(HTML)
    targets = align(page, document, segment(document))
    assert targets.content.tolist() == [0, 1, 0, 0]
    kinds = [CHROME.index(Label.NAVIGATION), NOT_ANNOTATED, NOT_ANNOTATED, CHROME.index(Label.METADATA)]
    assert targets.kind.tolist() == kinds


def test_a_page_is_read_for_its_kinds_where_the_list_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, root = small_training_data(tmp_path), small_corpora(tmp_path)
    monkeypatch.setattr(data, "training_data_root", lambda: folder)
    page = data.load_pages(["wcxb"], root)[0]
    document = read_document(page.html)
    blocks = segment(document)
    labels = [Label.NAVIGATION] * len(blocks)
    write_annotation(annotation_path(folder / "annotations", "wcxb", page.name), page, document, blocks, labels)
    before = data.pages_hash(data.load_pages(["wcxb"], root))
    (folder / "read_for_kinds.toml").write_text(f'wcxb = ["{page.name}"]\n')
    found = data.load_pages(["wcxb"], root)
    assert [one.annotation for one in found] == [None] * len(found)
    assert {one.name for one in found if one.reading} == {page.name}
    assert before != data.pages_hash(found) != data.pages_hash([replace(one, reading=None) for one in found])
