"""What messages show of a caller's values."""

from __future__ import annotations

from typing import Any

import pytest

from declutter.errors import shown


class Stubborn:
    """A value that cannot be shown."""

    def __repr__(self) -> str:
        raise RuntimeError("no")


class Own(str):
    """A text that shows otherwise than it reads."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "x" * 1000


def nested(depth: int) -> list[Any]:
    whole: list[Any] = []
    for _ in range(depth):
        whole = [whole]
    return whole


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        ("a'b", '"a\'b"'),
        ("a" * 200, "'" + "a" * 100 + "…'"),
        (list(range(100)), str(list(range(100)))[:100] + "…"),
        (10**5000, "of type int, which cannot be written out"),
        (Stubborn(), "of type Stubborn, which cannot be written out"),
        (Own("short"), "'short'"),
    ],
    ids=["number", "quote", "long text", "list", "long number", "no repr", "own repr"],
)
def test_values(value: object, text: str) -> None:
    assert shown(value) == text


def test_a_value_nested_deeply() -> None:
    assert len(shown(nested(100_000))) <= 101
