"""Pages, marked, in one HTML file that needs nothing else: no network, no other file.

Nothing of a page stands in the report's own markup. Each page is a compressed text (gzip, base64) that the report's
script unpacks; its HTML goes into a frame in which no script may run and nothing loads, the rest is set as text.
"""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from importlib.resources import files
from itertools import accumulate
from string import Template
from typing import TYPE_CHECKING, Any, Final

import declutter
from declutter.explain import Explainer
from declutter.inspect.looks import Looks, is_whole, page_sheet
from declutter.inspect.mark import marked_html
from declutter.labels import MEANINGS, Label

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from declutter.model import Model
    from declutter.page import Page

__all__ = ["LETTERS", "MOST_EXPLAINED", "PARTS", "Entry", "entry", "html_report"]

MOST_EXPLAINED: Final = 500
"""Blocks of a page up to which each has its reasons. Of a larger page so many have them as take no longer, see `_explained`."""

LETTERS: Final[dict[Label, str]] = {
    Label.CONTENT: "Co",
    Label.DONATION: "Do",
    Label.SIGNUP: "Si",
    Label.PAYMENT: "Pa",
    Label.NAVIGATION: "Na",
    Label.RELATED: "Re",
    Label.SOCIAL: "So",
    Label.ADVERTISING: "Ad",
    Label.CONSENT: "Cs",
    Label.COMMENTS: "Cm",
    Label.METADATA: "Me",
    Label.FOOTER: "Fo",
    Label.OTHER: "Ot",
}
"""Two letters a label, so that colour is not the only sign."""

PARTS: Final = (
    *("report.html", "report.css", "labels.css", "dark.css", "page.css", "styled.css"),
    *("draw.js", "dress.js", "save.js", "edit.js", "report.js"),
)
"""The files that a report is put together from, beside this module."""

_FRAME: Final = Template(
    '<!doctype html><html><head><meta charset="utf-8">'
    '<meta http-equiv="Content-Security-Policy" content="$policy">$styles</head><body>'
)
_REASONS: Final = 3
_LIKELIEST: Final = 4
# What the reasons of a block take, in some three ms of a processor.
_CONTENT_COST: Final = 2
_CHROME_COST: Final = 5
# A likelihood below this rounds to 0%.
_LEAST: Final = 0.005


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of a report.

    Attributes:
        name: what it is called.
        packed: its marked HTML and what is known of its blocks: JSON, gzip, base64.
    """

    name: str
    packed: str


def entry(name: str, page: Page, *, model: Model | None = None) -> Entry:
    """A page made ready for a report, a fifth of its size or so.

    Args:
        name: what to call it, its file say.
        page: a result of `predict`.
        model: the model it was judged with; None for the shipped one.
    """
    texts = _Texts()
    css = page_sheet(page._document)  # noqa: SLF001 - the columns behind the views
    html = marked_html(page._document, page._table, page._labels, css, page._shown(headline=True))  # noqa: SLF001
    facts = {
        "name": name,
        "title": page.title,
        "confidence": round(page.confidence, 3),
        "threshold": round(page.threshold, 3),
        "headline": page._headline,  # noqa: SLF001
        "html": html,
        "css": css,
        "styled": is_whole(page._document, css),  # noqa: SLF001
        "dressed": bool(css) or "data-declutter-style" in html,
        **_root(page, css),
        "blocks": _blocks(page, Explainer(page, model), _explained(page), texts),
        "texts": texts.all,
    }
    plain = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode(errors="backslashreplace")
    # No time in it: the same page gives the same bytes.
    return Entry(name, b64encode(gzip.compress(plain, mtime=0)).decode())


class _Texts:
    """Texts that many blocks share, each once."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._places: dict[str, int] = {}

    def place(self, text: str) -> int:
        if text not in self._places:
            self._places[text] = len(self.all)
            self.all.append(text)
        return self._places[text]


def _root(page: Page, css: str) -> dict[str, Any]:
    """The language and direction of the whole page, where its root element has them; how it and the body look."""
    document = page._document  # noqa: SLF001
    looks = Looks(document, css)
    root, body = (next((node for node, tag in enumerate(document.tags) if tag == name), 0) for name in ("html", "body"))
    said: dict[str, Any] = {name: document.attribute(root, name) or "" for name in ("lang", "dir")}
    return {**said, "root": looks.of(root), "body": looks.of(body)}


def _explained(page: Page) -> frozenset[int]:
    """The rows of the blocks that get reasons.

    Those of content take some 6 ms of a processor, those of chrome 15, since these say of the kind too. First come content
    and what came near it, at half of the threshold or more, then all else; of each, first what the threshold is nearest to.
    """
    threshold = page.threshold
    scores = page._probabilities[:, 0].tolist()  # noqa: SLF001 - the columns behind the views
    content = (page._labels == 0).tolist()  # noqa: SLF001
    sure = [not content[row] and score < threshold / 2 for row, score in enumerate(scores)]
    ranked = sorted(range(len(scores)), key=lambda row: (sure[row], abs(scores[row] - threshold), row))
    costs = accumulate(_CONTENT_COST if content[row] else _CHROME_COST for row in ranked)
    return frozenset(row for row, cost in zip(ranked, costs, strict=True) if cost <= MOST_EXPLAINED * _CHROME_COST)


def _blocks(page: Page, explainer: Explainer, explained: frozenset[int], texts: _Texts) -> list[dict[str, Any]]:
    """What the report tells of each block; the script of the report knows these names."""
    order = {label: place for place, label in enumerate(Label)}
    out: list[dict[str, Any]] = []
    for row, block in enumerate(page.blocks):
        ranked = sorted(block.probabilities.items(), key=lambda pair: -pair[1])[:_LIKELIEST]
        facts: dict[str, Any] = {
            "label": order[block.label],
            "text": block.text,
            "score": round(block.score, 3),
            "content": round(block.content_score, 3),
            "likeliest": [[order[label], round(share, 3)] for label, share in ranked if share >= _LEAST],
            "path": texts.place(block.path),
        }
        if row in explained:
            facts["reasons"] = [texts.place(reason) for reason in explainer.of(row).strongest(_REASONS)]
        if block.hidden:
            facts["hidden"] = 1
        if block.origin != "text":
            facts["origin"] = block.origin
        if block.decided_by != "model":
            facts["by"] = block.decided_by
        out.append(facts)
    return out


def html_report(entries: Iterable[Entry], *, given: Sequence[Sequence[Label | None]] | None = None) -> str:
    """One HTML file in which to look through pages.

    Args:
        entries: the pages, in order, from `entry`; at least one.
        given: the labels that a person gave the blocks of each page so far, None for none. Then the file is one to give
            labels in, for a server that takes them (see declutter.annotate): it sends them to `save` beside it.
    """
    folder = files("declutter.inspect")
    part = {name: (folder / name).read_text(encoding="utf-8") for name in PARTS}
    outside = part["labels.css"] + part["dark.css"] + part["report.css"]
    # The second is for the plain page, the third for one with its styles: see dress.js.
    inside = [part["labels.css"], part["dark.css"] + part["page.css"], part["styled.css"]]
    script = (
        part["draw.js"]
        + part["dress.js"]
        + ("" if given is None else part["save.js"] + part["edit.js"])
        + part["report.js"]
    )
    told = list(entries)
    # The frame inherits the policy of the report, so that the report's allows the styles of both, by their hashes.
    allowed = " ".join(map(_hash, inside))
    frame = _FRAME.substitute(
        policy=f"default-src 'none'; img-src data:; style-src {allowed}",
        styles="".join(f"<style>{style}</style>" for style in inside),
    )
    about: dict[str, Any] = {
        "frame": frame,
        "labels": [{"name": str(label), "letters": LETTERS[label], "meaning": MEANINGS[label]} for label in Label],
    }
    if given is not None:
        order = {label: place for place, label in enumerate(Label)}
        about["edit"] = [[None if label is None else order[label] for label in labels] for labels in given]
    return Template(part["report.html"]).substitute(
        policy=(
            f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(outside)} {allowed};"
            " img-src data:; base-uri 'none'; form-action 'none'" + ("" if given is None else "; connect-src 'self'")
        ),
        version=declutter.__version__,
        title=escape(told[0].name if len(told) == 1 else f"{len(told)} pages"),
        style=outside,
        script=script,
        about=json.dumps(about, separators=(",", ":")).replace("<", "\\u003c"),
        pages="\n".join(
            f'<script type="text/plain" data-name="{escape(item.name)}">{item.packed}</script>' for item in told
        ),
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
