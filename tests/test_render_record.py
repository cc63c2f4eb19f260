"""A page as plain data and as JSON, beside its blocks and what the json module writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from declutter import Block, Page, predict
from declutter.render.outputs import SCHEMA
from declutter.render.record import _ten_thousandths, page_json, page_record

PAGES = sorted((Path(__file__).parents[1] / "training_data" / "pages").glob("*.html"))[::40]
ODD = (
    '<title>"A" \\ B</title><body><h1>"A" \\ B</h1><p>Line<br>break, tab\tand \u2028 and caf\u00e9 \U0001f600 </p>'
    "<pre>a\n\tb</pre><div hidden>Unseen</div><img alt='A quay' src=q.png><button>Donate</button><nav><a href=/>Home</a></nav>"
)


def plain(block: Block) -> dict[str, Any]:
    """A block as plain data, from its attributes."""
    return {
        "text": block.text,
        "label": block.label.value,
        "score": round(block.score, 4),
        "content_score": round(block.content_score, 4),
        "probabilities": {label.value: round(value, 4) for label, value in block.probabilities.items()},
        "origin": block.origin,
        "hidden": block.hidden,
        "path": block.path,
        "decided_by": block.decided_by,
    }


@pytest.fixture(scope="module", params=[ODD, "", *(path.read_text(encoding="utf-8") for path in PAGES)])
def page(request: pytest.FixtureRequest) -> Page:
    return predict(request.param, url="https://site.test/a?b=1&c", keep=["text:donate"])


def test_the_record_says_what_the_blocks_and_boxes_say(page: Page) -> None:
    record = page_record(page)
    numbers = [row.pop("box") for row in record["blocks"]]
    assert record["blocks"] == [plain(block) for block in page.blocks]
    assert [box["label"] for box in record["boxes"]] == [box.label.value for box in page.boxes]
    assert [box["path"] for box in record["boxes"]] == [box.path for box in page.boxes]
    assert [box["score"] for box in record["boxes"]] == [round(box.score, 4) for box in page.boxes]
    for number, box in enumerate(page.boxes):
        assert [block for at, block in zip(numbers, page.blocks, strict=True) if at == number] == list(box.blocks)


def test_the_json_is_what_the_json_module_writes_of_the_record(page: Page) -> None:
    record = page_record(page)
    assert page_json(page) == json.dumps(record, ensure_ascii=False)
    assert next(iter(record)) == "schema"
    record = {"schema": SCHEMA, "file": 'a "b".html', **record, "text": page.text(headline=False)}
    assert page_json(page, headline=False, file='a "b".html') == json.dumps(record, ensure_ascii=False)


def test_a_probability_is_rounded_as_python_rounds_it() -> None:
    halves = (np.arange(10_000) + 0.5) / 10_000  # where a product may fall on the other side
    values = np.concatenate(
        [halves, np.nextafter(halves, 0), np.nextafter(halves, 1), np.random.default_rng(1).random(10_000), [0.0, 1.0]]
    )
    assert (_ten_thousandths(values) / 10_000).tolist() == [round(value, 4) for value in values.tolist()]
    assert np.rint(halves * 10_000).tolist() != [round(value, 4) * 10_000 for value in halves.tolist()]
