"""Rules from a file, by host."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import pytest

from declutter import InputError, RuleError, load_rules, predict
from declutter.rules.rulebook import RuleBook, host_of

EXAMPLE = Path(__file__).parents[1] / "examples" / "flood-wardens.html"
FILE = """
[all]
strip = ["css:.banner", "text:^Advertisement$"]

[hosts."example.org"]
keep = ["comments"]

[hosts."*.Example.org"]
strip = ["css:.promo"]

[hosts."a.example.org"]
keep = ["css:.byline"]
strip = ["metadata"]

[hosts."bücher.example"]
keep = ["social"]
"""


def load(folder: Path, text: str) -> RuleBook:
    file = folder / "rules.toml"
    file.write_text(text, encoding="utf-8")
    return load_rules(file)


@pytest.mark.parametrize(
    ("url", "keep", "strip"),
    [
        (None, (), ()),
        ("", (), ()),
        ("https://other.example/", (), ()),
        ("https://example.org/a?b#c", ("comments",), ()),
        ("HTTP://user@EXAMPLE.org.:8080", ("comments",), ()),
        ("https://www.example.org/", (), ("css:.promo",)),
        ("https://a.example.org/", ("css:.byline",), ("css:.promo", "metadata")),
        ("https://b.a.example.org/", (), ("css:.promo",)),
        ("https://notexample.org/", (), ()),
        ("https://.example.org/", (), ()),
        ("example.org", (), ()),
        ("file://example.org/a", (), ()),
        ("https://[::1", (), ()),
        ("https://bücher.example/", ("social",), ()),
        ("https://xn--bcher-kva.example/", ("social",), ()),
    ],
)
def test_rules_of_a_page(tmp_path: Path, url: str | None, keep: tuple[str, ...], strip: tuple[str, ...]) -> None:
    book = load(tmp_path, FILE)
    assert book.by_host
    assert book.of(url) == {"keep": keep, "strip": ("css:.banner", "text:^Advertisement$", *strip)}
    assert pickle.loads(pickle.dumps(book)) == book


def test_rules_go_to_predict(tmp_path: Path) -> None:
    book = load(tmp_path, FILE)
    kept = predict(EXAMPLE.read_bytes(), url="https://example.org/", **book.of("https://example.org/"))
    assert ("keep", "comments") in kept.matched_rules
    assert kept.text() == predict(EXAMPLE.read_bytes(), keep=["comments"]).text()
    assert predict(EXAMPLE.read_bytes(), **book.of()).text() == predict(EXAMPLE.read_bytes()).text()


@pytest.mark.parametrize("text", ["", "\ufeff", "# nothing\n", "[all]\n", "[hosts]\n", '[hosts."example.org"]\n'])
def test_a_file_may_hold_nothing(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, text).of("https://example.org/") == {"keep": (), "strip": ()}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[all]\nkeep = [social]", r"rules\.toml is no TOML \(.*line 2.*\): mend it there"),
        ("[every]\n", r"rules\.toml: there is no table 'every': the tables are \[all\] and \[hosts\."),
        ("all = 3", r"rules\.toml: all is no table"),
        ("hosts = []", r"rules\.toml: hosts is no table"),
        ("[hosts]\n'a.b' = 3", r'rules\.toml: hosts\."a\.b" is no table'),
        ("[all]\nkept = []", r"rules\.toml: all\.kept is not known: the keys are keep and strip"),
        ("[all]\nkeep = 'social'", r"rules\.toml: all\.keep is 'social': give a list of rules"),
        ("[all]\nkeep = ['social', 3]", r"rules\.toml: all\.keep, rule 2: 3 is no text"),
        ("[all]\nkeep = ['css:p[']", r"rules\.toml: all\.keep, rule 1: 'css:p\[' is no CSS selector"),
        ("[hosts.'a.b']\nstrip = ['css:p', 'css:body']", r'hosts\."a\.b"\.strip, rule 2: .* would take the whole page'),
        ("[hosts.'a.b']\nstrip = ['text:']", r'hosts\."a\.b"\.strip, rule 1: .* has no word'),
        ("[hosts.'https://a.b']\n", r"hosts\.'https://a\.b' is no host: give one such as example\.org"),
        ("[hosts.'a.b/c']\n", "is no host"),
        ("[hosts.'a.b:80']\n", "is no host"),
        ("[hosts.'a@b']\n", "is no host"),
        ("[hosts.'']\n", "is no host"),
        ("[hosts.'*']\n", "is no host"),
        ("[hosts.'*.']\n", "is no host"),
        ("[hosts.'a.*.b']\n", "is no host"),
        ("[hosts.'*.*.b']\n", "is no host"),
        ("[hosts.' a.b']\n", "is no host"),
    ],
)
def test_what_a_file_cannot_hold_is_named_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        load(tmp_path, text)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"gone\.toml cannot be read \(No such file or directory\): check the path"):
        load_rules(tmp_path / "gone.toml")
    with pytest.raises(RuleError, match="cannot be read"):
        load_rules(str(tmp_path))
    (tmp_path / "rules.toml").write_bytes(b"[all]\n# \xff")
    with pytest.raises(RuleError, match="is not UTF-8"):
        load_rules(tmp_path / "rules.toml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("path", [5, None, b"declutter.toml"])
def test_what_is_no_path(path: Any) -> None:
    with pytest.raises(RuleError, match=f"path is of type {type(path).__name__}: give the name of a file"):
        load_rules(path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "rules.toml")
    with pytest.raises(RuleError, match=r"rules\.toml cannot be read \(it is no file\)"):
        load_rules(tmp_path / "rules.toml")


def test_a_file_that_is_nested_deeply(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="nested too deeply"):
        load(tmp_path, f"x={'[' * 100_000}")


def test_an_address_that_is_no_text() -> None:
    wrong: Any = 5
    with pytest.raises(InputError, match="url is of type int"):
        RuleBook().of(wrong)


def test_host_of() -> None:
    assert host_of(" https://Example.org:8080/a ") == "example.org"
    assert host_of("https://[::1]/a") == "::1"
    assert host_of("//example.org/a") == host_of("mailto:a@example.org") == host_of("https://") == host_of("") == ""
    assert host_of(f"https://{'ü' * 70}.example/") == f"{'ü' * 70}.example"
