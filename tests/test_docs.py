"""The programs that write pages of the manual's site: features, tables, links; and that nothing is left out of it."""

from __future__ import annotations

import importlib
import json
import logging
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer

import declutter
from declutter.cli import app
from declutter.explain.groups import GROUPS
from declutter.features import FEATURE_NAMES, NEIGHBOURS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


@pytest.fixture
def hooks(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that imports a module of docs/hooks afresh."""
    monkeypatch.syspath_prepend(str(DOCS / "hooks"))
    for name in ("feature_page", "tables", "site_pages"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module


# -- features --------------------------------------------------------------------------------------------------------


def test_every_feature_is_on_the_page_once_with_its_meaning_and_group(hooks: Any) -> None:
    page = hooks("feature_page").feature_page()
    told: dict[str, list[str]] = {}
    summary = ""
    for line in page.split("## Features of the neighbours")[0].splitlines():
        if line.startswith("**"):
            summary = line
        if line.startswith("| `"):
            columns, meaning, group = (cell.strip() for cell in line.strip("|").split(" | "))
            assert group in GROUPS
            assert len(meaning) > 4
            assert len(summary) > 10
            for name in re.findall(r"`(\w+)`", columns):
                told.setdefault(name, []).append(meaning)
    own = FEATURE_NAMES[: -4 * len(NEIGHBOURS)]
    assert sorted(told) == sorted(own)
    assert all(len(meanings) == 1 for meanings in told.values())
    neighbours = page.split("## Features of the neighbours")[1].split("\n## ")[0]
    assert set(FEATURE_NAMES[len(own) :]) <= set(re.findall(r"`(\w+)`", neighbours))


@pytest.mark.parametrize(
    ("feature", "meaning"),
    [
        ("link_density", "share of its characters inside links, 0 to 1"),
        ("commas", "log1p of counts"),
        ("lexicon_donation", "share of the block's first words inside phrases of that label"),
        ("lexicon_near_donation", "words inside such phrases in the next container"),
        ("told_signup_up2", "log1p of such blocks in the containers"),
        ("told_signup_before", "log1p of blocks to the nearest one on that side"),
        ("told_comments_above", "before and after that tell of comments"),
        ("alike_plain_size", "log1p of their mean characters"),
        ("long_share_up3", "blocks of 25 words and more without links"),
        ("run_place", "largest sum; place in it, 0 to 1"),
        ("repeat_prose_units", "share of the siblings that hold a long block"),
        ("form_email", "the same for the form around"),
        # What the first sentence says is all there is.
        ("link_density_up2", ""),
        ("is_p", ""),
    ],
)
def test_a_feature_has_the_definition_that_is_nearest_to_its_name(hooks: Any, feature: str, meaning: str) -> None:
    text = hooks("feature_page").meanings()[feature].text
    assert meaning in text if meaning else not text


def test_a_function_without_docstring_is_seen(hooks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    module = hooks("feature_page")
    monkeypatch.setattr(module, "REGISTRY", [(("link_density",), lambda page: page)])
    with pytest.raises(ValueError, match="link_density"):
        module.meanings()


# -- tables ----------------------------------------------------------------------------------------------------------


def test_tables_that_pages_name_are_there_and_used(hooks: Any) -> None:
    module = hooks("site_pages")
    named = [name for page in DOCS.rglob("*.md") for name in module.TABLE.findall(page.read_text(encoding="utf-8"))]
    assert set(named) == set(module.TABLES)
    for name, table in module.TABLES.items():
        filled = module.with_tables(f"before\n\n<!-- table: {name} -->\n\nafter")
        assert filled == f"before\n\n{table()}\n\nafter"
        rows = [line for line in filled.splitlines() if line.startswith("|")]
        assert len(rows) > 2
        assert len({row.count("|") for row in rows}) == 1
    with pytest.raises(KeyError):
        module.with_tables("<!-- table: no such -->")


def test_what_is_better_elsewhere_is_told(hooks: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    module = hooks("tables")
    rows = [
        {"group": group, "corpus": "c", "pages": 5, "difference": [-0.1, -0.2, 0.05], "tools": tools}
        for group, tools in {
            "all": {"declutter": {"f1": 0.8}, "a": {"f1": 0.9}, "b": {"f1": 0.81}, "d": {"f1": 0.7}},
            "forum": {"declutter": {"f1": 0.8}, "a": {"f1": 0.7}},
        }.items()
    ]
    report = {"date": "2026-01-02", "own_scores_of": "2026-01-01", "rows": rows}
    (tmp_path / "bench.json").write_text(json.dumps(report))
    monkeypatch.setattr(module, "RESULTS", tmp_path)
    told = module.better_elsewhere()
    assert "| c | 5 | 0.800 | a 0.900, b 0.810 | -0.100 (-0.200 to +0.050) |" in told
    assert "forum" not in told
    report["rows"] = rows[1:]
    (tmp_path / "bench.json").write_text(json.dumps(report))
    assert "None of them was better" in module.better_elsewhere()


def test_the_model_of_each_result_is_told(hooks: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    module = hooks("tables")
    reports: dict[str, Any] = {
        "quality": {"date": "2026-01-02", "model": {"sha256": "a" * 64}},
        "alarms": {"date": "2026-01-02", "model": "a" * 64},
        "bench": {"date": "2026-01-01", "own_model": "b" * 64},
        "languages": {"date": "2026-01-01", "model": None},
        "readers": {},
    }
    for name, report in reports.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(report))
    monkeypatch.setattr(module, "RESULTS", tmp_path)
    assert module.models().splitlines()[2:] == [
        "| alarms | 2026-01-02 | `aaaaaaaaaaaa`, the shipped one |",
        "| bench | 2026-01-01 | `bbbbbbbbbbbb` |",
        "| languages | 2026-01-01 | fitted for it, none that ships |",
        "| quality | 2026-01-02 | `aaaaaaaaaaaa`, the shipped one |",
        "| readers | not recorded | not recorded |",
    ]


# -- pages and links -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "page", "link", "made"),
    [
        ("docs/scores.md", "scores.md", "[a](../benchmarks/results/quality.md#x)", "[a](benchmarks/quality.md#x)"),
        ("docs/how-to/rules.md", "how-to/rules.md", "[a](../scores.md)", "[a](../scores.md)"),
        ("docs/how-to/rules.md", "how-to/rules.md", "[a](../../SECURITY.md)", "[a](../security.md)"),
        ("CONTRIBUTING.md", "contributing.md", "[a](docs/how-to/rules.md)", "[a](how-to/rules.md)"),
        (
            "models/default/MODEL_CARD.md",
            "model-card.md",
            "![a](../../benchmarks/results/bench.svg)",
            "![a](benchmarks/bench.svg)",
        ),
        ("CHANGELOG.md", "changelog.md", "[the licence](LICENSE)", "the licence"),
        ("CHANGELOG.md", "changelog.md", "[a](no-such.md)", "[a](no-such.md)"),
        ("CHANGELOG.md", "changelog.md", "[a](https://example.org/LICENSE)", "[a](https://example.org/LICENSE)"),
        ("CHANGELOG.md", "changelog.md", "```\n[a](LICENSE)\n```", "```\n[a](LICENSE)\n```"),
    ],
)
def test_links_of_the_repository_become_links_of_the_site(
    hooks: Any, file: str, page: str, link: str, made: str
) -> None:
    assert hooks("site_pages").linked(link, file, page) == made


def test_all_pages_are_in_the_navigation(hooks: Any) -> None:
    module = hooks("site_pages")
    listed = re.findall(
        r"^ +- [^:\n]+: ([\w/-]+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE
    )
    written = [path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")]
    assert sorted(listed) == sorted([*written, *(page for page, _ in module.PAGES.values()), module.FEATURES])
    assert all((ROOT / file).is_file() for file in module.PAGES)


def test_all_results_are_pages(hooks: Any) -> None:
    module = hooks("site_pages")
    results = {path.relative_to(ROOT).as_posix() for path in (ROOT / module.RESULTS).glob("*.md")}
    assert results
    assert results <= set(module.PAGES)
    for file in results:
        assert (
            module.linked(f"[a](../{file})", "docs/comparison.md", "comparison.md") == f"[a]({module.PAGES[file][0]})"
        )


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ('<script defer src="https://example.org/a.js"></script>', "https://example.org/a.js"),
        ("<img alt='' src='//example.org/a.png'>", "//example.org/a.png"),
        ('<link href="https://example.org/a.css" rel="stylesheet">', "https://example.org/a.css"),
        ('<link rel="preconnect" href="https://example.org">', "https://example.org"),
        ("@font-face { src: url(https://example.org/a.woff2) }", "https://example.org/a.woff2"),
        ('@import "https://example.org/a.css";', "https://example.org/a.css"),
        ('<a href="https://example.org/">', ""),
        ('<link rel="canonical" href="https://example.org/">', ""),
        ('<script src="assets/a.js"></script> <style>a { background: url(a.png) }</style>', ""),
    ],
)
def test_what_a_page_would_load_is_found(hooks: Any, text: str, address: str) -> None:
    assert list(hooks("site_pages").loads(text)) == [address] * bool(address)


def test_a_site_that_loads_something_is_warned_of(hooks: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    module = hooks("site_pages")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.html").write_text("<p>fine")
    with caplog.at_level(logging.WARNING, "mkdocs"):
        module.on_post_build(SimpleNamespace(site_dir=str(tmp_path)))
        assert not caplog.records
        (tmp_path / "sub" / "a.html").write_text("<img src=https://example.org/a.png>")
        module.on_post_build(SimpleNamespace(site_dir=str(tmp_path)))
    assert [record.getMessage().split(":")[0] for record in caplog.records] == ["sub/a.html loads https"]


# -- reference -------------------------------------------------------------------------------------------------------


def test_every_public_name_is_in_the_reference() -> None:
    shown = re.findall(r"^::: declutter\.(\w+)$", (DOCS / "api.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(shown) == sorted(declutter.__all__)


def test_every_command_and_option_is_in_the_reference() -> None:
    text = (DOCS / "command-line.md").read_text(encoding="utf-8")
    command: Any = typer.main.get_command(app)
    for name, sub in command.commands.items():
        assert f"## `declutter {name}`" in text
        part = text.split(f"## `declutter {name}`")[1].split("\n## ")[0]
        below = getattr(sub, "commands", {})
        assert all(f"declutter {name} {other}" in part for other in below)
        for parameter in [parameter for one in (sub, *below.values()) for parameter in one.params]:
            options = [*parameter.opts, *parameter.secondary_opts]
            long = [option for option in options if option.startswith("--")]
            assert not long or any(option in part for option in long), f"{name} {long}"
