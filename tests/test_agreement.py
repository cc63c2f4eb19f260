"""Two readings of the same pages."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from declutter.blocks import segment
from declutter.corpus.annotations import write_annotation
from declutter.corpus.base import CorpusPage, WholeText
from declutter.document import read_document
from declutter.errors import CorpusError
from declutter.labels import Label
from declutter.measure.agreement import LABELS, agreement, both_readings, rows_by_label

if TYPE_CHECKING:
    from collections.abc import Sequence

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
PAGE = CorpusPage("wcxb", "1", b"<p>Tide<p>Ebb<p>Give<p>Imprint", WholeText("Tide"))
FIRST = (Label.CONTENT, Label.CONTENT, Label.DONATION, Label.FOOTER)
SECOND = (Label.CONTENT, Label.DONATION, Label.DONATION, Label.SOCIAL)


def written(folder: Path, labels: Sequence[Label], page: CorpusPage = PAGE) -> None:
    document = read_document(page.html)
    write_annotation(folder / page.corpus / f"{page.name}.jsonl", page, document, segment(document), list(labels))


def test_blocks_are_counted_by_both_labels(tmp_path: Path) -> None:
    written(tmp_path / "first", FIRST)
    written(tmp_path / "second", SECOND)
    unread = CorpusPage("wcxb", "2", PAGE.html, PAGE.gold)
    found = both_readings([PAGE, unread], [tmp_path / "first"], tmp_path / "second")
    assert [*found] == ["wcxb/1"]
    table = found["wcxb/1"]
    assert {(LABELS[i], LABELS[j]): int(table[i, j]) for i, j in np.argwhere(table).tolist()} == {
        (Label.CONTENT, Label.CONTENT): 1,
        (Label.CONTENT, Label.DONATION): 1,
        (Label.DONATION, Label.DONATION): 1,
        (Label.FOOTER, Label.SOCIAL): 1,
    }
    # By chance 2 of 4 content by one of 4, 1 of 4 donation by 2 of 4: .25.
    assert agreement(table) == {"blocks": 4, "same": 0.5, "content": 0.75, "kappa": 0.3333}
    rows = {row.pop("label"): row for row in rows_by_label(table)}
    assert {*rows} == {"content", "donation", "footer", "social"}
    assert rows["content"] == {"first": 2, "second": 1, "f1": 0.6667, "mistaken for": "donation", "times": 1}
    assert rows["footer"] == {"first": 1, "second": 0, "f1": 0.0, "mistaken for": "social", "times": 1}


def test_labels_that_were_mended_count_as_they_were_read(tmp_path: Path) -> None:
    written(tmp_path / "mended", SECOND)
    written(tmp_path / "first", FIRST)
    written(tmp_path / "second", SECOND)
    (as_read,) = both_readings([PAGE], [tmp_path / "first", tmp_path / "mended"], tmp_path / "second").values()
    (today,) = both_readings([PAGE], [tmp_path / "mended"], tmp_path / "second").values()
    assert (agreement(as_read)["same"], agreement(today)["same"]) == (0.5, 1.0)


def test_readers_who_agree_on_one_label_alone_agree_wholly(tmp_path: Path) -> None:
    for name in ("first", "second"):
        written(tmp_path / name, [Label.CONTENT] * 4)
    (table,) = both_readings([PAGE], [tmp_path / "first"], tmp_path / "second").values()
    assert agreement(table) == {"blocks": 4, "same": 1.0, "content": 1.0, "kappa": 1.0}
    assert rows_by_label(table)[0]["mistaken for"] == ""


def test_a_page_that_the_second_reader_alone_read(tmp_path: Path) -> None:
    written(tmp_path / "second", SECOND)
    with pytest.raises(CorpusError, match=r"1\.jsonl"):
        both_readings([PAGE], [tmp_path / "first"], tmp_path / "second")
    with pytest.raises(CorpusError, match="no corpus that is here has that page"):
        both_readings([], [tmp_path / "first"], tmp_path / "second")


def test_the_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.delitem(sys.modules, "agreement", raising=False)
    program: Any = importlib.import_module("agreement")
    written(tmp_path / "first", FIRST)
    written(tmp_path / "second", SECOND)
    other = CorpusPage("postlight", "3", PAGE.html, None)
    written(tmp_path / "first", FIRST, other)
    written(tmp_path / "second", FIRST, other)
    tables = both_readings([PAGE, other], [tmp_path / "first"], tmp_path / "second")
    report = program.report_of(tables, 20, "2026-01-01")
    assert report["corpora"]["postlight"]["same"] == 1.0
    assert report["all"]["same"] == 0.75
    text = program.markdown(report)
    assert "2 of the 20 that are labelled" in text
    assert "| wcxb | 1 | 4 | 0.500 | 0.750 | 0.333 |" in text
    assert "| donation | 2 | 3 | 0.800 | content | 1 |" in text
