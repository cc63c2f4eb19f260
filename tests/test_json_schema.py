"""The schemas of JSON records in the manual, beside the records: all that is written is described, and nothing else is."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from jsonschema import Draft202012Validator, FormatChecker
from typer.testing import CliRunner

from declutter import Limits, clean, predict
from declutter.cli import app
from declutter.labels import MEANINGS, Label
from declutter.metadata import Metadata
from declutter.page.block import ORIGINS
from declutter.render.outputs import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGE, FAILURE = (json.loads((DOCS / f"{name}.schema.json").read_text("utf-8")) for name in ("page", "failure"))
SOURCES = sorted((ROOT / "tests" / "pages").glob("*/source.html"))
URL = "https://site.test/a/b.html"
LINE = "The ferry left at six, and nobody on the quay had slept."


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Every part of a schema that describes an object."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from objects(part)


def closed(schema: dict[str, Any]) -> Draft202012Validator:
    """What takes no key that is not described."""
    copy = json.loads(json.dumps(schema))
    for part in list(objects(copy)):
        part["additionalProperties"] = False
    return Draft202012Validator(copy, format_checker=FormatChecker())


def faults(schema: dict[str, Any], record: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in closed(schema).iter_errors(record)]


def lines(text: str) -> list[Any]:
    return [json.loads(line) for line in text.split("\n") if line]


# -- the schemas -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("schema", [PAGE, FAILURE])
def test_a_schema_is_one_and_describes_every_key(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)
    found = list(objects(schema))
    assert len(found) == (5 if schema is PAGE else 1)
    for part in found:
        optional = {"file"} if part is PAGE else set()
        assert set(part["required"]) == part["properties"].keys() - optional
        assert all(len(told["description"]) > 10 for told in part["properties"].values())
        assert part.get("additionalProperties", True) is True, "a later release may add keys"


def test_the_schemas_are_those_of_the_code() -> None:
    for schema in (PAGE, FAILURE):
        assert schema["properties"]["schema"]["const"] == SCHEMA
        assert schema["$id"].endswith(f":{SCHEMA}")
    parts = PAGE["$defs"]
    labels = [label.value for label in Label]
    assert parts["label"]["enum"] == labels
    probabilities = parts["block"]["properties"]["probabilities"]
    assert [*probabilities["properties"]] == probabilities["required"] == labels
    for label, told in probabilities["properties"].items():
        assert told["description"] == f"Probability of {label}: {MEANINGS[Label(label)]}."
    assert parts["block"]["properties"]["origin"]["enum"] == list(ORIGINS)
    assert [*parts["metadata"]["properties"]] == [field.name for field in fields(Metadata)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"schema": SCHEMA + 1}, "schema"),
        ({"more": 1}, "more"),
        ({"confidence": 1.5}, "confidence"),
        ({"url": 1}, "url"),
        ({"boxes": [{"label": "content", "score": 1, "path": ""}]}, "boxes[0].label"),
    ],
)
def test_what_is_no_record_is_seen(change: dict[str, Any], told: str) -> None:
    record = predict("<p>Tides").to_dict()
    assert not faults(PAGE, record)
    assert told in "".join(faults(PAGE, record | change))
    del record["text"]
    assert "'text' is a required property" in "".join(faults(PAGE, record))


# -- records ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.parent.name)
def test_records_of_pages(path: Path) -> None:
    data = path.read_bytes()
    record = predict(data, url=URL).to_dict()
    assert not faults(PAGE, record)
    written = json.loads(clean(data, url=URL, output="json", headline=False))
    assert not faults(PAGE, written)
    # In the order of the schema, and with every key but the one of the command line.
    assert [*record] == [*written] == [name for name in PAGE["properties"] if name != "file"]
    for name, rows in (("block", record["blocks"]), ("box", record["boxes"]), ("metadata", [record["metadata"]])):
        assert rows
        assert all([*row] == [*PAGE["$defs"][name]["properties"]] for row in rows)


@pytest.mark.parametrize(
    ("html", "options"),
    [
        ("", {}),
        (f"Home\n\n{LINE}", {"markup": "text"}),
        (f"# Ferries\n\n- [Home](/)\n\n{LINE}", {"markup": "markdown"}),
        (BeautifulSoup(f"<h1>Ferries</h1><p>{LINE}", "html.parser"), {}),
        (f"<nav><a href=/>Home</a></nav><p>{LINE}", {"keep": ["navigation"], "strip": ["text:ferry"], "strictness": 1}),
        (f"<p>{LINE}" * 9, {"limits": Limits(max_blocks=3, max_bytes=400, on_exceed="truncate")}),
        (f"<div hidden>{LINE}</div><img alt='A quay' src=q.png><button>Donate</button>", {"strictness": 0}),
        (
            "<link rel=canonical href=HTTPS://Site.test/\u00e9><meta property=og:image content=/a.png><p>Tides",
            {"url": URL},
        ),
        ("<p>Half a pair \ud800 and \u2028 a line", {"url": "no address"}),
    ],
)
def test_records_of_odd_pages(html: Any, options: dict[str, Any]) -> None:
    page = predict(html, **options)
    assert not faults(PAGE, page.to_dict())
    assert (page.to_dict()["truncated"] is None) == ("limits" not in options)


def test_records_of_a_batch(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    for path in SOURCES:
        (site / f"{path.parent.name}.html").write_bytes(path.read_bytes())
    (site / "report.html").write_bytes(b"%PDF-1.7")
    told, failed = tmp_path / "pages.jsonl", tmp_path / "failed.jsonl"
    names = [str(site), str(tmp_path / "gone.html")]
    result = CliRunner().invoke(app, ["clean", *names, "--jsonl", str(told), "--errors", str(failed)])
    assert result.exit_code == 1, result.output
    pages, failures = lines(told.read_text("utf-8")), lines(failed.read_text("utf-8"))
    assert len(pages) == len(SOURCES)
    assert [Path(failure["file"]).name for failure in failures] == ["report.html", "gone.html"]
    assert not [fault for page in pages for fault in faults(PAGE, page)]
    assert not [fault for failure in failures for fault in faults(FAILURE, failure)]
    assert all([*page] == [*PAGE["properties"]] for page in pages)
    assert all([*failure] == [*FAILURE["properties"]] for failure in failures)


# -- the manual ------------------------------------------------------------------------------------------------------


def test_the_manual_tells_every_key_and_its_examples_are_records() -> None:
    text = (DOCS / "json.md").read_text("utf-8")
    parts = {
        "A page": PAGE,
        "A page that failed": FAILURE,
        "A block": PAGE["$defs"]["block"],
        "A box": PAGE["$defs"]["box"],
        "Metadata": PAGE["$defs"]["metadata"],
    }
    for headline, schema in parts.items():
        part = text.split(f"\n## {headline}\n")[1].split("\n## ")[0]
        rows = re.findall(r"^\| (`.+?) \|", part, re.MULTILINE)
        assert sorted(re.findall(r"`(\w+)`", " ".join(rows))) == sorted(schema["properties"])
    page, failure = (json.loads(code) for code in re.findall(r"^```json\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    assert not faults(PAGE, page)
    assert not faults(FAILURE, failure)
    assert [*page] == [*PAGE["properties"]]
