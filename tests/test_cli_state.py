"""The file of what is done: whatever is in it, and wherever it ends."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from declutter import load_model
from declutter.cli.state import Done, State, digest_of, is_intact, read_state, source_of, stamp_of
from declutter.cli.work import Settings, stamped
from declutter.model.directory import default_directory
from declutter.rules.rulebook import RuleBook, Scope

if TYPE_CHECKING:
    from pathlib import Path

DONE = Done("s", "d", 3, 4, (("content", 5),), "https://example.org", frozenset({("keep", "comments")}))


def test_what_is_added_is_read_wherever_the_file_ends(tmp_path: Path) -> None:
    path = tmp_path / "state"
    state = State(path, resume=False)
    state.add("a\n\u00e9\udc80", DONE)
    state.add("b", DONE._replace(start=None, address=None))
    whole = path.read_bytes()
    entries = {"a\n\u00e9\udc80": DONE, "b": DONE._replace(start=None, address=None)}
    assert read_state(path) == entries
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        found = read_state(path)
        assert found.items() <= entries.items()
        assert len(found) == whole[: end + 1].count(b"\n")
    path.write_bytes(whole[:-20])
    with_a = State(path, resume=True)
    assert list(with_a.before) == ["a\n\u00e9\udc80"]
    with_a.add("c", DONE)
    with_a.close(keep=True)
    assert list(read_state(path)) == ["a\n\u00e9\udc80", "c"]
    state.close(keep=True)
    again = State(path, resume=False)
    assert again.before == {}
    again.close(keep=False)
    assert not path.exists()


@pytest.mark.parametrize(
    "line", ["", "null", "[]", "{}", '"x"', "\0", '{"key": 1}', '{"key": "k", "source": "s", "start": "x"}', "[" * 9999]
)
def test_lines_that_are_none_count_for_nothing(tmp_path: Path, line: str) -> None:
    path = tmp_path / "state"
    path.write_text(line + "\n")
    assert read_state(path) == {}


def test_an_output_that_was_changed_is_not_intact(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"..text")
    assert is_intact(path, Done("", digest_of(b"text"), 2, 4))
    for start, size in ((2, 10**27), (10**26, 4), (None, 10**14)):
        assert not is_intact(path, Done("", digest_of(b"text"), start, size))
    path.write_bytes(b"..text more")
    assert is_intact(path, Done("", digest_of(b"text"), 2, 4))
    path.write_bytes(b"text")
    own = Done("", digest_of(b"text"), None, 4)
    assert is_intact(path, own)
    for changed in (b"text ", b"tex", b"Text", b""):
        path.write_bytes(changed)
        assert not is_intact(path, own)
    path.unlink()
    assert not is_intact(path, own)


@pytest.mark.parametrize(
    "changes",
    [
        {"output": "html"},
        {"output": "html", "scope": "document"},
        {"inert": True},
        {"headline": False},
        {"strictness": 0.5},
        {"keep": ("comments",)},
        {"strip": ("comments",)},
        {"encoding": "utf-8"},
        {"url": "https://example.org/"},
        {"book": RuleBook("x", (Scope("all", "", ("comments",), ()),))},
    ],
)
def test_the_stamp_is_of_what_decides_the_output(changes: dict[str, Any]) -> None:
    assert stamped(Settings(**changes)) != stamped(Settings())


def test_the_stamp_is_not_of_what_does_not() -> None:
    same = Settings(removed=True, counted=True, trust=True, book=RuleBook("other.toml"))
    assert stamped(same) == stamped(Settings())


def test_model_and_versions_are_in_the_stamp(monkeypatch: pytest.MonkeyPatch) -> None:
    model = load_model(default_directory())
    before = stamp_of({}, model)
    assert stamp_of({}, replace(model, info={**model.info, "form_sha256": "other"})) != before
    monkeypatch.setattr("declutter.cli.state.__version__", "0.0.other")
    assert stamp_of({}, model) != before


def test_a_source_is_a_page_with_its_name_and_markup() -> None:
    sources = [("s", "n", "html", b"p"), ("t", "n", "html", b"p"), ("s", "", "html", b"p"), ("s", "n", "text", b"p")]
    assert len({source_of(*source) for source in [*sources, ("s", "n", "html", b"q")]}) == 5
