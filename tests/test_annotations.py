"""Files of annotations: what is written is read, and whatever does not fit is an error."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from declutter.blocks import segment
from declutter.corpus.align import NOT_ANNOTATED, align
from declutter.corpus.annotations import (
    annotation_path,
    overlay,
    parse_annotation,
    read_annotation,
    write_annotation,
)
from declutter.corpus.base import CorpusPage, LabelledRanges, WholeText
from declutter.corpus.check import survey
from declutter.corpus.ranges import carry_over
from declutter.document import read_document
from declutter.errors import CorpusError
from declutter.labels import CHROME, Label
from labelled_pages import HTML, LABELS, MOVED, PAGES, read, some_labels

if TYPE_CHECKING:
    from collections.abc import Callable


def page_of(html: bytes, name: str = "tides") -> CorpusPage:
    return CorpusPage("wcxb", name, html, None)


def written(root: Path, html: bytes, labels: list[Label | None]) -> tuple[Path, LabelledRanges]:
    path = annotation_path(root, "wcxb", "tides")
    write_annotation(path, page_of(html), *read(html), labels)
    return path, read_annotation(path, page_of(html))


def test_the_file_holds_labels_and_no_text(tmp_path: Path) -> None:
    path, gold = written(tmp_path, HTML, list(LABELS))
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert lines[0] == {
        "corpus": "wcxb",
        "page": "tides",
        "sha256": page_of(HTML).sha256,
        "encoding": "utf-8",
        "guide": 1,
        "complete": True,
    }
    assert [line["label"] for line in lines[1:]] == ["navigation", "donation", "content", "footer"]
    assert lines[2]["path"] == "html > body > nav > ul > li:nth-of-type(3)"
    source = read(HTML)[0].source or ""
    pieces = [source[item.start : item.end] for item in gold.ranges]
    assert pieces[1] == "<a href=/gift>Donate</a>"
    assert pieces[2].startswith("High water")
    assert pieces[2].endswith("hour before.")
    assert not any(word in path.read_text().lower() for word in ("table", "donate", "noon", "harbour"))


def test_the_same_labels_give_the_same_bytes(tmp_path: Path) -> None:
    one, _ = written(tmp_path / "1", HTML, list(LABELS))
    two, _ = written(tmp_path / "2", HTML, list(LABELS))
    assert one.read_bytes() == two.read_bytes()
    assert one.read_bytes().endswith(b"\n")
    assert b"\r" not in one.read_bytes()


@pytest.mark.parametrize("html", [path.read_bytes() for path in PAGES[::4]], ids=[path.stem for path in PAGES[::4]])
def test_what_is_written_is_read(html: bytes, tmp_path: Path) -> None:
    document, blocks = read(html)
    labels = some_labels(len(blocks))
    _, gold = written(tmp_path, html, labels)
    assert carry_over(document, blocks, gold, "x") == labels
    assert len(gold.ranges) < len(blocks)
    assert not gold.unplaced


def test_what_has_no_place_in_the_source_is_read(tmp_path: Path) -> None:
    document, blocks = read(MOVED)
    labels: list[Label | None] = [Label.OTHER, Label.CONTENT, Label.FOOTER]
    path, gold = written(tmp_path, MOVED, labels)
    row = json.loads(path.read_text().splitlines()[-1])
    assert (row["start"], row["end"], row["label"]) == (None, None, "other")
    assert [item.label for item in gold.unplaced] == ["other"]
    assert carry_over(document, blocks, gold, "x") == labels


def test_align_writes_labels_as_targets(tmp_path: Path) -> None:
    document, blocks = read(HTML)
    written(tmp_path, HTML, [None, *LABELS[1:]])
    targets = align(overlay(page_of(HTML), tmp_path), document, blocks)
    assert targets.content.tolist() == [NOT_ANNOTATED, 0, 0, 1, 1, 1, 0, 0]
    assert targets.kind[2] == CHROME.index(Label.DONATION)
    assert targets.kind[0] == targets.kind[3] == NOT_ANNOTATED


def test_overlay_leaves_pages_without_annotation_alone(tmp_path: Path) -> None:
    written(tmp_path, HTML, list(LABELS))
    other = page_of(HTML, "other")
    assert overlay(other, tmp_path) is other
    assert isinstance(overlay(page_of(HTML), tmp_path).gold, LabelledRanges)


def test_a_page_with_gold_is_scored_by_it_and_trained_on_its_annotation(tmp_path: Path) -> None:
    document, blocks = read(HTML)
    written(tmp_path, HTML, list(LABELS))
    page = replace(page_of(HTML), gold=WholeText(blocks.texts[0]))
    both = overlay(page, tmp_path)
    assert both.gold == page.gold
    assert align(page, document, blocks).content.tolist() == [1, 0, 0, 0, 0, 0, 0, 0]
    assert align(both, document, blocks).content.tolist() == [label is Label.CONTENT for label in LABELS]


def test_another_page_is_an_error(tmp_path: Path) -> None:
    path, _ = written(tmp_path, HTML, list(LABELS))
    with pytest.raises(CorpusError, match="sha256"):
        overlay(page_of(HTML + b" "), tmp_path)
    with pytest.raises(CorpusError, match="bring back the page that was labelled"):
        overlay(page_of(HTML + b" "), tmp_path)
    path.rename(annotation_path(tmp_path, "wcxb", "other"))
    with pytest.raises(CorpusError, match="is of wcxb/tides"):
        overlay(page_of(HTML, "other"), tmp_path)


def test_another_encoding_is_an_error(tmp_path: Path) -> None:
    page = "<meta charset=latin1><p>caf\xe9".encode("latin-1")
    document, blocks = read(page)
    assert document.encoding == "latin1"
    other = read_document(page, encoding="cp1250")
    with pytest.raises(CorpusError, match="decoded otherwise"):
        write_annotation(tmp_path / "x.jsonl", page_of(page), other, segment(other), [Label.CONTENT])
    with pytest.raises(CorpusError, match="1 blocks, 2 labels"):
        write_annotation(tmp_path / "x.jsonl", page_of(page), document, blocks, [Label.CONTENT, None])


@pytest.mark.parametrize(
    ("line", "new", "message"),
    [
        (1, "", "not JSON"),
        (1, "[]", "holds no JSON object"),
        (1, '{"corpus": "wcxb"}', "header has no page"),
        (2, "[" * 200_000, ":2: not JSON"),
        (2, "", ":2: not JSON"),
        (2, '{"start": 5, "end": 2, "words": "", "path": "", "label": "content"}', "not two places in order"),
        (2, '{"start": 5, "end": null, "words": "", "path": "", "label": "content"}', "not two places in order"),
        (2, '{"start": 5, "end": true, "words": "", "path": "", "label": "content"}', "not two places in order"),
        (2, '{"end": 7, "words": "", "path": "", "label": "content"}', "not two places in order"),
        (2, '{"start": 5, "end": 7, "path": "", "label": "content"}', "words or path is missing"),
        (2, '{"start": 5, "end": 7, "words": "", "path": "", "label": "menu"}', "'menu' is no label: use one of"),
        (2, '{"start": 5, "end": 7, "words": "", "path": ""}', "None is no label: use one of"),
        (4, '{"start": 5, "end": 9, "words": "", "path": "", "label": "content"}', "overlap or are out of order"),
    ],
)
def test_a_damaged_file_is_an_error_that_names_the_line(tmp_path: Path, line: int, new: str, message: str) -> None:
    path, _ = written(tmp_path, HTML, list(LABELS))
    lines = path.read_text().splitlines()
    lines[line - 1] = new
    path.write_text("\n".join(lines))
    with pytest.raises(CorpusError, match=message):
        parse_annotation(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data + b"\n",
        lambda data: data + b"\r\n\r\n",
        lambda data: data.rstrip(b"\n"),
        lambda data: data.replace(b"\n", b"\r\n"),
    ],
)
def test_what_an_editor_leaves_in_a_file_changes_nothing(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    path, gold = written(tmp_path, HTML, list(LABELS))
    path.write_bytes(change(path.read_bytes()))
    assert parse_annotation(path).gold == gold


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85"])
def test_an_element_whose_name_holds_the_end_of_a_line(tmp_path: Path, mark: str) -> None:
    html = f"<body><x{mark}y><p>High water at noon.</p></x{mark}y>".encode()
    path, gold = written(tmp_path, html, [Label.CONTENT])
    assert mark in gold.ranges[0].path
    assert path.read_text(encoding="utf-8").count("\n") == 2


def test_an_empty_or_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="cannot be read"):
        parse_annotation(tmp_path / "none.jsonl")
    (tmp_path / "none.jsonl").write_text("")
    with pytest.raises(CorpusError, match="is empty"):
        parse_annotation(tmp_path / "none.jsonl")


def test_the_check_of_the_training_data_looks_at_annotations(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text((Path(__file__).parents[1] / "training_data/sources.toml").read_text())
    (tmp_path / "pages").mkdir()
    html = b"<p data-label=content>Tide<p data-label=footer>Harbour"
    (tmp_path / "pages/news-en-tide.html").write_bytes(html)
    root = tmp_path / "annotations"
    page = CorpusPage("own", "news-en-tide", html, None)
    path = annotation_path(root, "own", page.name)
    write_annotation(path, page, *read(html), [Label.CONTENT, Label.FOOTER])

    def problems() -> list[str]:
        found = survey(names=["own"], training_data=tmp_path).problems
        return [problem for problem in found if "manifests" not in problem]

    assert problems() == []
    assert "own: 1 pages annotated" in survey(names=["own"], training_data=tmp_path).notes
    (tmp_path / "pages/news-en-tide.html").write_bytes(html + b"!")
    assert "sha256" in problems()[0]
    (tmp_path / "pages/news-en-tide.html").write_bytes(html)
    path.rename(annotation_path(root, "own", "news-en-ebb"))
    assert "is of own/news-en-tide; name it after its page" in problems()[0]
    annotation_path(root, "own", "news-en-ebb").write_text("")
    assert "is empty" in problems()[0]
    (root / "own/notes.txt").write_text("")
    assert "no annotation; delete it" in problems()[0]
    (root / "wiki").mkdir()
    assert "no corpus of sources.toml has that name" in problems()[-1]


def test_without_a_local_copy_the_form_of_annotations_is_checked(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text((Path(__file__).parents[1] / "training_data/sources.toml").read_text())
    (tmp_path / "pages").mkdir()
    path, _ = written(tmp_path / "annotations", HTML, list(LABELS))
    assert not [problem for problem in survey(training_data=tmp_path).problems if "annotations" in problem]
    path.write_text(path.read_text().replace('"content"', '"menu"'))
    assert "'menu' is no label" in survey(training_data=tmp_path).problems[-1]
