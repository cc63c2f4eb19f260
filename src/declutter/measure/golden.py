"""Golden outputs: what a model makes of pages of ours, in several markups and as text; they change with the model alone."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from declutter.errors import ModelError
from declutter.labels import Label
from declutter.measure.golden_texts import as_markdown, as_text
from declutter.measure.held_out import dump
from declutter.pipeline import predict

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

    from declutter.document import Markup
    from declutter.measure.seals import Seals
    from declutter.model.predictor import Model

__all__ = [
    "FEWEST",
    "GOLDEN",
    "MARKUPS",
    "SAID",
    "Golden",
    "few",
    "golden_pages",
    "golden_texts",
    "output",
    "outputs",
    "same_code",
]

GOLDEN: Final = "golden.json"

FEWEST: Final[dict[Markup, int]] = {"html": 100, "text": 60, "markdown": 30}
"""Pages of each markup that golden outputs have at least."""

SAID: Final = "said so"
"""How the values of a code hash are known to be equal where no golden outputs prove it."""

_SCALE: Final = 1_000_000
_LETTERS: Final = {label: chr(ord("a") + place) for place, label in enumerate(Label)}
_LABEL: Final = re.compile(rb"""\s+data-label=("[^"]*"|'[^']*'|[^\s>]+)""")
_CLASS: Final = re.compile(rb"""(?<=\s)class=("[^"]*"|'[^']*'|[^\s>"']+)""")
_NAMES: Final = re.compile(rb"""\s+(?:class|id)=(?:"[^"]*"|'[^']*'|[^\s>"']+)""")
_SEMANTIC: Final = re.compile(rb"(</?)(?:main|article|section|nav|aside|header|footer|figure)(?=[\s>/])", re.IGNORECASE)
_BODY: Final = re.compile(rb"<body\b[^>]*>", re.IGNORECASE)
_END: Final = re.compile(rb"</body\s*>", re.IGNORECASE)


def _hashed(html: bytes) -> bytes:
    def name(found: re.Match[bytes]) -> bytes:
        classes = found[1].strip(b"\"'").split()
        return b'class="' + b" ".join(b"c" + hashlib.sha256(c).hexdigest()[:6].encode() for c in classes) + b'"'

    return _CLASS.sub(name, html)


def _wrapped(html: bytes) -> bytes:
    return _END.sub(rb"</x-page>\g<0>", _BODY.sub(rb"\g<0><x-page>", html, count=1), count=1)


MARKUPS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "as it is": lambda html: html,
    "class names hashed": _hashed,
    "no class names and ids": lambda html: _NAMES.sub(b"", html),
    "div for semantic elements": lambda html: _SEMANTIC.sub(rb"\g<1>div", html),
    "in a custom element": _wrapped,
}
"""The same page set in several ways, by name."""


def golden_pages(checkout: Path) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the pages: our own without labels, a third of them in another markup too; those of tests.

    Which page comes in which markup hangs on its name alone, so that a page that is added changes no other.
    """
    others = [name for name in MARKUPS if name != "as it is"]
    for name, html, number in _own(checkout):
        yield f"{name}, as it is", html
        if number % 3 == 0:
            first = number // 3 % len(others)
            for markup in (*others[first:], *others[:first]):
                if (made := MARKUPS[markup](html)) != html:
                    yield f"{name}, {markup}", made
                    break
    for path in sorted((checkout / "tests" / "pages").glob("*/source.html")):
        yield f"tests/{path.parent.name}", path.read_bytes()


def golden_texts(checkout: Path) -> Iterator[tuple[str, bytes, Markup]]:
    """Names, bytes and markups of texts: of our own pages a third as plain text, a sixth as Markdown, by their names alone."""
    for name, html, number in _own(checkout):
        if number % 3 == 1:
            yield f"{name}, as plain text", as_text(html, number).encode("utf-8"), "text"
        elif number % 6 == 2:
            yield f"{name}, as Markdown", as_markdown(html).encode("utf-8"), "markdown"


def _own(checkout: Path) -> Iterator[tuple[str, bytes, int]]:
    """Name and bytes of each page of ours, and a number that hangs on its name alone."""
    for path in sorted((checkout / "training_data" / "pages").glob("*.html")):
        yield path.stem, _LABEL.sub(b"", path.read_bytes()), int(_hash(path.stem.encode()), 16)


def output(html: bytes, model: Model, markup: Markup = "html") -> dict[str, Any]:
    """What a model makes of a page.

    Returns:
        markup, where it is not HTML; page, blocks, text: hashes of the page's bytes, of its blocks' texts and of its content; labels: a letter a
        block, in the order of Label; scores: content scores in millionths.
    """
    page = predict(html, model=model, markup=markup)
    return ({} if markup == "html" else {"markup": markup}) | {
        "page": _hash(html),
        "blocks": _hash("\0".join(block.text for block in page.blocks).encode("utf-8", "surrogatepass")),
        "text": _hash(page.text().encode("utf-8", "surrogatepass")),
        "labels": "".join(_LETTERS[block.label] for block in page.blocks),
        "scores": [round(block.content_score * _SCALE) for block in page.blocks],
    }


def outputs(checkout: Path, model: Model) -> dict[str, dict[str, Any]]:
    """What a model makes of all golden pages and texts, by name."""
    found = {name: output(html, model) for name, html in golden_pages(checkout)}
    return found | {name: output(text, model, markup) for name, text, markup in golden_texts(checkout)}


def few(pages: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Of which markups there are too few golden outputs, and how few; empty where there are enough."""
    counts = Counter(page.get("markup", "html") for page in pages.values())
    return [
        f"{counts[markup]} pages of {markup}, it takes {fewest}"
        for markup, fewest in FEWEST.items()
        if counts[markup] < fewest
    ]


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


@dataclass(slots=True)
class Golden:
    """golden.json.

    Attributes:
        sha256: hash of the model.
        code_hash: hash of the code that made the outputs.
        same_values: other code hashes whose values are equal, and how that is known.
        training: what a small training gives (see `proof.training_values`).
        pages: what the model makes of each page, by name.
        seals: hashes of the figures in held_out.json (see seals.py).
        pages_alone: of the code hashes those whose values are equal for pages with markup, and were not proved to be for text.
    """

    sha256: str
    code_hash: str
    same_values: dict[str, str] = field(default_factory=dict)
    training: dict[str, list[float]] = field(default_factory=dict)
    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    seals: Seals = field(default_factory=dict)
    pages_alone: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, directory: Path) -> Golden | None:
        """The golden outputs in a model's folder; None where there are none.

        Raises:
            ModelError: the file is damaged.
        """
        path = directory / GOLDEN
        if not path.is_file():
            return None
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise ModelError(
                f"{path} does not hold golden outputs ({error}): take it from the repository, or run"
                " `benchmarks/gate.py --update`"
            ) from error

    def write(self, directory: Path) -> None:
        """Write golden.json into a model's folder."""
        (directory / GOLDEN).write_text(dump(asdict(self)) + "\n", encoding="utf-8")

    def changes(
        self, found: Mapping[str, Mapping[str, Any]], *, edited: bool = True, of: Collection[str] = tuple(FEWEST)
    ) -> list[str]:
        """What differs in the outputs that were found, a line a page.

        Args:
            found: outputs by name of the page.
            edited: tell of pages that are gone or whose bytes changed too; False compares equal pages alone.
            of: markups of the pages to compare.
        """
        lines = []
        for name, stored in self.pages.items():
            if stored.get("markup", "html") not in of:
                continue
            now = found.get(name)
            if now is None or now["page"] != stored["page"]:
                if edited:
                    lines.append(f"{name}: the page {'is gone' if now is None else 'itself was changed'}")
            elif told := _change(stored, now):
                lines.append(f"{name}: {told}")
        return lines


def _change(stored: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    before, after = len(stored["labels"]), len(now["labels"])
    if stored["blocks"] != now["blocks"] or before != after:
        return f"other blocks ({before} before, {after} now)"
    told = []
    if labels := sum(a != b for a, b in zip(stored["labels"], now["labels"], strict=True)):
        told.append(f"{labels} of {before} labels are others")
    apart = max((abs(a - b) for a, b in zip(stored["scores"], now["scores"], strict=True)), default=0)
    if apart > 1:  # a rounding on the edge is no change
        told.append(f"content scores differ by up to {apart / _SCALE:.6f}")
    if stored["text"] != now["text"]:
        told.append("the text is another")
    return ", ".join(told)


def same_code(golden: Golden | None, sha256: str | None, *, text: bool = False) -> frozenset[str]:
    """Hashes of code that gives a model's values, as its golden outputs record; empty where they are another's.

    Args:
        golden: the golden outputs.
        sha256: hash of the model.
        text: of plain text too.
    """
    if golden is None or golden.sha256 != sha256:
        return frozenset()
    return frozenset((golden.code_hash, *golden.same_values)).difference(golden.pages_alone if text else ())
