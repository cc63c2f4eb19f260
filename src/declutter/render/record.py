"""A page as plain data and as JSON: from its columns in one pass, without a Block each."""

# ruff: noqa: SLF001 - the columns behind the views

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from declutter.labels import Label
from declutter.page.block import ORIGINS
from declutter.render.outputs import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from declutter.page import Page

    # Text, label, score, the score of content, probabilities, origin, hidden, path, decider, box; scores in ten-thousandths.
    Row = tuple[str, str, int, int, list[int], str, bool, str, str, int | None]

__all__ = ["page_json", "page_record"]

_NAMES: Final = tuple(label.value for label in Label)
_DECIMALS: Final = 4
_SCALE: Final = 10**_DECIMALS
# A product this near to a half may have been rounded to its other side: the error is a thousandth of it.
_NEAR: Final = 1e-9


def page_record(page: Page) -> dict[str, Any]:
    """A page as plain data: what docs/page.schema.json describes."""
    return _record(page, None, page.text(), _blocks(_rows(page)))


def page_json(page: Page, *, headline: bool = True, file: str | None = None) -> str:
    """What `json.dumps` writes of it, as one line, in a fraction of the time.

    Args:
        page: the page.
        headline: False leaves the main headline out of the text.
        file: the name of its file, to be told behind the version; None for nothing of it.
    """
    encode = json.JSONEncoder(ensure_ascii=False).encode
    record = _record(page, file, page.text(headline=headline), None)
    values = {name: encode(value) for name, value in record.items()} | {"blocks": _written(_rows(page))}
    written = ", ".join(f'"{name}": {value}' for name, value in values.items())
    return f"{{{written}}}"


def _record(page: Page, file: str | None, text: str, blocks: list[dict[str, Any]] | None) -> dict[str, Any]:
    headline = page._headline
    named = {} if file is None else {"file": file}
    return {
        "schema": SCHEMA,
        **named,
        "url": page.url,
        "title": page.title,
        "headline": page._table.texts[headline] if headline >= 0 else None,
        "language": page.language,
        "metadata": page.metadata.to_dict(),
        "confidence": round(page.confidence, _DECIMALS),
        "threshold": round(page.threshold, _DECIMALS),
        "truncated": page.truncated,
        "text": text,
        "blocks": blocks,
        "boxes": _boxes(page),
    }


def _boxes(page: Page) -> list[dict[str, Any]]:
    return [
        {
            "label": _NAMES[box.label],
            "score": round(float(page._probabilities[box.rows, box.label].mean()), _DECIMALS),
            "path": page._paths.of(box.node),
        }
        for box in page._box_rows
    ]


def _rows(page: Page) -> Iterable[Row]:
    """The blocks, each with the number of its box, None for content."""
    table, labels = page._table, page._labels.tolist()
    boxes: list[int | None] = [None] * len(labels)
    for number, box in enumerate(page._box_rows):
        for row in box.rows:
            boxes[row] = number
    parts = _ten_thousandths(page._probabilities)
    return zip(
        table.texts,
        [_NAMES[label] for label in labels],
        parts[np.arange(len(parts)), page._labels].tolist(),
        parts[:, 0].tolist(),
        parts.tolist(),
        [ORIGINS[origin] for origin in table.origins.tolist()],
        table.hidden.tolist(),
        map(page._paths.of, table.owners.tolist()),
        ["rule" if ruled else "model" for ruled in page._ruled.tolist()],
        boxes,
        strict=True,
    )


def _ten_thousandths(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many ten-thousandths `round(value, 4)` is, of each value from 0 to 1."""
    scaled = values * _SCALE
    parts = np.rint(scaled).astype(np.int64)
    near = np.abs(scaled - np.floor(scaled) - 0.5) < _NEAR
    parts[near] = [round(round(value, _DECIMALS) * _SCALE) for value in values[near].tolist()]
    return parts


def _blocks(rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [
        {
            "text": text,
            "label": label,
            "score": score / _SCALE,
            "content_score": content / _SCALE,
            "probabilities": {name: part / _SCALE for name, part in zip(_NAMES, parts, strict=True)},
            "origin": origin,
            "hidden": hidden,
            "path": path,
            "decided_by": decider,
            "box": box,
        }
        for text, label, score, content, parts, origin, hidden, path, decider, box in rows
    ]


class _Digits(dict[int, str]):
    """Ten-thousandths from 0 to 1 as JSON writes them, each written once."""

    def __missing__(self, part: int) -> str:
        self[part] = digits = repr(part / _SCALE)
        return digits


_DIGITS: Final = _Digits()
_PROBABILITIES: Final = ", ".join(f'"{name}": %s' for name in _NAMES)
_BLOCK: Final = (
    '{"text": %s, "label": "%s", "score": %s, "content_score": %s, "probabilities": {' + _PROBABILITIES + "}, "
    '"origin": "%s", "hidden": %s, "path": %s, "decided_by": "%s", "box": %s}'
)


def _written(rows: Iterable[Row]) -> str:
    """What `json.dumps` writes of `_blocks`."""
    encode, digits = json.JSONEncoder(ensure_ascii=False).encode, _DIGITS.__getitem__
    blocks = [
        _BLOCK
        % (
            encode(text),
            label,
            digits(score),
            digits(content),
            *map(digits, parts),
            origin,
            "true" if hidden else "false",
            encode(path),
            decider,
            "null" if box is None else box,
        )
        for text, label, score, content, parts, origin, hidden, path, decider, box in rows
    ]
    return f"[{', '.join(blocks)}]"
