"""The table of encodings in the manual is what the program makes."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def charsets(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.delitem(sys.modules, "charsets", raising=False)
    return importlib.import_module("charsets")


def test_the_table_is_what_comes_out(charsets: Any) -> None:
    assert charsets.TABLE.read_text(encoding="utf-8") == charsets.document(), (
        "run `make charsets` and look at what changed"
    )


def test_what_is_declared_as_it_is_comes_out_whole(charsets: Any) -> None:
    assert len({charset.codec for charset in charsets.CHARSETS}) >= 25
    for charset in charsets.CHARSETS:
        assert not charsets.cell(charset, "itself").startswith("**"), charset
        assert not charset.mark or "**" not in "".join(charsets.cell(charset, name) for name in charsets.DECLARED)


def test_the_texts_are_texts_of_their_encodings(charsets: Any) -> None:
    for charset in charsets.CHARSETS:
        html = charsets.page_of(charset, "nothing")
        assert html.encode(charset.codec).decode(charset.codec) == html
        assert sum(not letter.isascii() for letter in html) >= 5


def test_the_page_is_written(charsets: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charsets, "TABLE", tmp_path / "encodings.md")
    charsets.main()
    assert (tmp_path / "encodings.md").read_text(encoding="utf-8").count("\n| ") > 25
