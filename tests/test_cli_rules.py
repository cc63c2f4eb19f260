"""Rules on the command line: options, the project's file, what matched nothing."""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from declutter import predict
from declutter.cli import app
from declutter.cli.tally import Tally
from declutter.rules.rulebook import RuleBook, Scope

EXAMPLE = Path(__file__).parents[1] / "examples" / "flood-wardens.html"
NOWHERE = (
    "declutter: 1 of 3 pages without an address, so without rules by host: give --url, or put the rules under [all]"
)
LINE = "The ferry left at six in the morning, and nobody on the quay had slept. "


def page(head: str = "") -> str:
    body = f"<h1>The ferry</h1><p>{LINE * 6}</p><p class=promo>Our boats are the best, says {LINE * 3}</p>"
    return f"<!doctype html><html><head><title>The ferry</title>{head}</head><body>{body}</body></html>"


def clean(*arguments: str | Path, **options: Any) -> Any:
    return CliRunner().invoke(app, ["clean", *map(str, arguments)], **options)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of three pages, of a.example, of b.example by its og:url, and of nowhere; it is the working directory."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "a.html").write_text(page("<link rel=canonical href=https://a.example/ferry>"))
    (folder / "b.html").write_text(page("<meta property=og:url content=https://www.b.example/>"))
    (folder / "c.html").write_text(page())
    return folder


def plain(text: str) -> str:
    """A message of wrong usage on one line."""
    return " ".join(text.replace("│", " ").split())


def with_promo(output: str) -> list[bool]:
    return ["Our boats" in json.loads(line)["text"] for line in output.splitlines()]


def test_selectors_and_texts(site: Path) -> None:
    assert "Our boats" in clean(site / "a.html").stdout
    for rule in ("css:.promo", "text:^our boats*slept.$"):
        result = clean(site / "a.html", "--strip", rule)
        assert (result.exit_code, result.stderr) == (0, "")
        assert "Our boats" not in result.stdout
        assert "The ferry left" in result.stdout
        assert "Our boats" in clean(site / "a.html", "--strip", rule, "--keep", "text:boats").stdout
    rows = json.loads(clean(site / "a.html", "--strip", "css:.promo", "--output", "json").stdout)["blocks"]
    assert [(row["text"][:9], row["decided_by"]) for row in rows] == [
        ("The ferry", "model"), ("The ferry", "model"), ("Our boats", "rule"),
    ]  # fmt: skip
    assert rows[2]["label"] != "content"


@pytest.mark.parametrize(
    ("option", "rule", "message"),
    [
        ("--keep", "comment", "--keep, rule 1: 'comment' is no label: give some of content, donation"),
        ("--strip", "css:p[", "--strip, rule 1: 'css:p[' is no CSS selector"),
        ("--strip", "css:body", "--strip, rule 1: 'css:body' would take the whole page"),
        ("--strip", "css::is(body,html)", "--strip, rule 1: 'css::is(body,html)' would take the whole page"),
        ("--keep", "text:", "--keep, rule 1: 'text:' has no word"),
        ("--rules", "gone.toml", "gone.toml cannot be read"),
        ("--rules", "bad.toml", "bad.toml: all.strip, rule 1: 'css:p[' is no CSS selector"),
        ("--url", "a.example", "--url 'a.example' is no address: give one such as https://example.org/page"),
    ],
)
def test_wrong_rules_are_wrong_usage(site: Path, option: str, rule: str, message: str) -> None:
    Path("bad.toml").write_text("[all]\nstrip = ['css:p[']")
    result = clean(site, option, rule)
    assert result.exit_code == 2
    assert message in plain(result.stderr)
    assert result.stdout == ""


def test_the_second_rule_is_named_as_such(site: Path) -> None:
    result = clean(site, "--keep", "social", "--keep", "css:..")
    assert "--keep, rule 2: 'css:..'" in plain(result.stderr)


def test_a_project_file_by_host(site: Path) -> None:
    Path("declutter.toml").write_text(
        "[hosts.'a.example']\nstrip = ['css:.promo']\n[hosts.'*.b.example']\nstrip = ['css:h2']"
    )
    result = clean(site, "--output", "json")
    assert result.exit_code == 0, result.output
    assert with_promo(result.stdout) == [False, True, True]
    assert result.stderr.splitlines() == [
        "declutter: declutter.toml: hosts.\"*.b.example\".strip 'css:h2' matched nothing",
        NOWHERE,
    ]
    assert [json.loads(line)["url"] for line in result.stdout.splitlines()] == [None] * 3
    together = clean(site, "--output", "json", "--jobs", "2")
    assert (together.stdout, together.stderr) == (result.stdout, result.stderr)


def test_a_project_file_for_all_pages(site: Path) -> None:
    Path("declutter.toml").write_text("[all]\nstrip = ['css:.promo']")
    result = clean(site, "--output", "json")
    assert with_promo(result.stdout) == [False, False, False]
    assert result.stderr == ""


def test_another_file_stands_in_for_the_projects(site: Path) -> None:
    Path("declutter.toml").write_text("[all]\nstrip = ['css:.promo']")
    Path("other.toml").write_text("[hosts.'www.b.example']\nstrip = ['css:.promo']")
    assert with_promo(clean(site, "--output", "json", "--rules", "other.toml").stdout) == [True, False, True]
    Path("empty.toml").write_text("")
    assert with_promo(clean(site, "--output", "json", "--rules", "empty.toml").stdout) == [True] * 3


def test_options_and_file_add_up_and_keep_is_stronger(site: Path) -> None:
    Path("declutter.toml").write_text("[hosts.'a.example']\nstrip = ['css:.promo']\n[all]\nkeep = ['css:.byline']")
    result = clean(site, "--output", "json", "--keep", "text:our boats", "--strip", "css:h1", "--strip", "text:heron")
    assert with_promo(result.stdout) == [True] * 3
    assert not any(json.loads(line)["text"].startswith("The ferry\n") for line in result.stdout.splitlines())
    assert result.stderr.splitlines() == [
        "declutter: --strip 'text:heron' matched nothing",
        "declutter: declutter.toml: all.keep 'css:.byline' matched nothing",
        NOWHERE,
    ]


def test_an_address_that_is_given_wins_over_what_the_page_says(site: Path) -> None:
    Path("declutter.toml").write_text("[hosts.'a.example']\nstrip = ['css:.promo']")
    for name, url, there in (("a", "https://b.example/", True), ("c", "https://a.example/x", False)):
        row = json.loads(clean(site / f"{name}.html", "--output", "json", "--url", url).stdout)
        assert ("Our boats" in row["text"]) is there
        assert row["url"] == url
    result = clean(site, "--url", "https://a.example/")
    assert result.exit_code == 2
    assert "--url is the address of one page, and here are 3" in plain(result.stderr)


def test_hosts_without_a_page_are_named(site: Path) -> None:
    Path("declutter.toml").write_text("[hosts.'x.example']\nstrip = ['css:p']\n[hosts.'b.example']\nkeep = ['social']")
    result = clean(site)
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        'declutter: declutter.toml: no page came from hosts."x.example", hosts."b.example"',
        NOWHERE,
    ]


def test_nothing_is_said_where_no_page_was_cleaned(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"%PDF-")
    result = clean(tmp_path / "a.html", "--strip", "css:.promo")
    assert result.exit_code == 1
    assert "matched nothing" not in result.stderr


def test_labels_match_what_has_them() -> None:
    assert clean(EXAMPLE, "--keep", "comments", "--strip", "donation").stderr == ""
    kinds = {str(block.label) for block in predict(EXAMPLE.read_bytes()).blocks}
    assert "other" not in kinds
    assert clean(EXAMPLE, "--keep", "other").stderr == "declutter: --keep 'other' matched nothing\n"


def test_tally_counts_a_rule_where_it_stands() -> None:
    rule = "css:p"
    book = RuleBook("{f", (Scope("all", "", (), (rule,)), Scope("h", "a.example", (rule,), (rule,))))
    tally = Tally((rule,), (), book)
    tally.add("https://b.example/", frozenset({("strip", rule)}))
    assert list(tally.summary()) == ["--keep 'css:p' matched nothing", "{f: no page came from h"]
    tally.add("https://a.example/", frozenset({("strip", rule)}))
    assert list(tally.summary()) == ["--keep 'css:p' matched nothing", "{f: h.keep 'css:p' matched nothing"]
    tally.add("https://a.example/", frozenset({("keep", rule)}))
    assert list(tally.summary()) == []


# -- the commands that show why ---------------------------------------------------------------------------------------


def explained(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["explain", *map(str, arguments), "--limit", "1"])


def inspected(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["inspect", *map(str, arguments), "-o", "report.html"])


def reported(report: Path) -> list[list[dict[str, Any]]]:
    """The blocks of each page of a report."""
    packed = re.findall(r'<script type="text/plain" data-name="[^"]*">([^<]*)<', report.read_text(encoding="utf-8"))
    return [json.loads(gzip.decompress(b64decode(one)))["blocks"] for one in packed]


@pytest.mark.parametrize(
    ("name", "options", "gone"),
    [
        ("a", (), True),
        ("c", (), False),
        ("c", ("--url", "https://a.example/"), True),
        ("a", ("--keep", "text:our boats"), False),
        ("a", ("--rules", "empty.toml"), False),
        ("b", ("--rules", "empty.toml", "--strip", "css:.promo"), True),
    ],
)
def test_explain_and_inspect_go_by_the_rules_of_clean(
    site: Path, name: str, options: tuple[str, ...], gone: bool
) -> None:
    Path("declutter.toml").write_text("[hosts.'a.example']\nstrip = ['css:.promo']")
    Path("empty.toml").write_text("")
    file = site / f"{name}.html"
    cleaned = clean(file, *options)
    assert ("Our boats" not in cleaned.stdout) is gone
    why, report = explained(file, *options), inspected(file, *options)
    assert (why.exit_code, report.exit_code) == (0, 0), why.output + report.output
    assert ("a rule of yours says that it goes" in plain(why.stdout)) is gone
    assert why.stderr == report.stderr == cleaned.stderr
    ((*_, promo),) = reported(Path("report.html"))
    assert (promo["label"] != 0) is gone
    step = explained(file, *options, "--block", "2").stdout.rstrip().splitlines()
    assert ("by a rule" in step[0]) is (gone or "--keep" in options)
    assert ("a rule of yours says that it goes" in plain(" ".join(step[-2:]))) is gone


def test_what_matched_nothing_is_told_where_a_table_is_shown(site: Path) -> None:
    for told in (explained(site / "a.html", "--strip", "css:body.wide"), inspected(site, "--strip", "css:body.wide")):
        assert told.exit_code == 0
        assert told.stderr == "declutter: --strip 'css:body.wide' matched nothing\n"


@pytest.mark.parametrize(
    ("option", "rule"), [("--strip", "css::root"), ("--rules", "gone.toml"), ("--url", "a.example")]
)
def test_wrong_rules_are_wrong_usage_everywhere(site: Path, option: str, rule: str) -> None:
    messages = []
    for command in (clean, explained, inspected):
        result = command(site / "a.html", option, rule)
        assert result.exit_code == 2
        messages.append(plain(result.stderr).partition("Error")[2])
    assert messages[0]
    assert len(set(messages)) == 1
    assert inspected(site, "--url", "https://a.example/").exit_code == 2
