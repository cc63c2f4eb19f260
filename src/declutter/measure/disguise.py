"""Pages with one box each, in every disguise: what is removed, what it is called, and whether the article stays.

Texts come from `benchmarks/boxes/<language>.toml`, which nobody trains on: an article, a menu, a footer and ten boxes a
language, written apart from the lexicons and the training pages.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from html import escape
from itertools import product
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

from declutter.errors import CorpusError
from declutter.features import languages, tokens
from declutter.features.lexicon import load_lexicon
from declutter.labels import Label
from declutter.pipeline import predict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from declutter.model import Model

__all__ = [
    "ELEMENTS",
    "NAMES",
    "PLACES",
    "BoxText",
    "Disguise",
    "Material",
    "Tally",
    "measure",
    "page_of",
    "read_material",
    "without_words",
]

ELEMENTS: Final = ("div", "section", "aside", "dialog", "table", "custom")
"""What a box is set in; with div, table and custom the whole page is made of such elements."""

NAMES: Final = ("telling", "hashed", "absent")
"""What class names say."""

PLACES: Final = ("before", "inside", "after", "stacked")
"""Where the box stands: above the headline, between two paragraphs, behind the last one, and there with three others."""

_STACK: Final = 4

ROLES: Final = frozenset(("heading", "text", "choice", "button", "link", "field", "small"))
_KEYS: Final = ("language", "site", "title", "caption", "byline", "article", "menu", "footer", "boxes")


@dataclass(frozen=True, slots=True)
class BoxText:
    """One box.

    Attributes:
        kind: what it is.
        lines: (role, text) of each line.
    """

    kind: Label
    lines: tuple[tuple[str, str], ...]

    def label_of(self, role: str) -> Label:
        """What a line is called: an amount picker in a donation box is payment (labelling guide)."""
        return Label.PAYMENT if role == "choice" and self.kind is Label.DONATION else self.kind


@dataclass(frozen=True, slots=True)
class Material:
    """The texts of one language.

    Attributes:
        language: ISO 639 code.
        site, title, caption: of the page, its article and its picture.
        byline, article, menu, footer: lines; article: paragraphs.
        boxes: the boxes.
    """

    language: str
    site: str
    title: str
    caption: str
    byline: tuple[str, ...]
    article: tuple[str, ...]
    menu: tuple[str, ...]
    footer: tuple[str, ...]
    boxes: tuple[BoxText, ...]

    @property
    def content(self) -> tuple[str, ...]:
        """The lines that have to stay."""
        return (self.title, self.caption, *self.article)


@dataclass(frozen=True, slots=True)
class Disguise:
    """How a page is set: one each of ELEMENTS, NAMES and PLACES."""

    element: str
    names: str
    place: str


def read_material(path: Path) -> Material:
    """The texts of one language.

    Raises:
        CorpusError: the file cannot be read, lacks a key, has a role or kind that is none, or a text twice.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        boxes = tuple(
            BoxText(Label(box["kind"]), tuple((role, " ".join(text.split())) for role, text in box["lines"]))
            for box in raw["boxes"]
        )
        byline, article, menu, footer = (
            tuple(" ".join(text.split()) for text in raw[key]) for key in ("byline", "article", "menu", "footer")
        )
        site, title, caption = (" ".join(raw[key].split()) for key in ("site", "title", "caption"))
        found = Material(raw["language"], site, title, caption, byline, article, menu, footer, boxes)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CorpusError(f"{path}: not texts of a language ({error!r}): it needs {', '.join(_KEYS)}") from error
    strange = {role for box in boxes for role, _ in box.lines} - ROLES
    if strange:
        raise CorpusError(f"{path}: {', '.join(sorted(strange))} is no role of a line: {', '.join(sorted(ROLES))}")
    if len(boxes) < _STACK:
        raise CorpusError(f"{path}: {len(boxes)} boxes: it takes {_STACK} to stack them")
    texts = [*found.content, *found.byline, *found.menu, *found.footer, *(t for box in boxes for _, t in box.lines)]
    twice = {text for text in texts if texts.count(text) > 1}
    if twice:
        raise CorpusError(f"{path}: stands there twice: {min(twice)}: word one of them otherwise")
    return found


@dataclass(slots=True)
class _Setter:
    """Elements and names of one disguise."""

    disguise: Disguise

    def named(self, name: str) -> str:
        if self.disguise.names == "absent":
            return ""
        if self.disguise.names == "hashed":
            name = f"css-{sum(place * ord(letter) for place, letter in enumerate(name, 7)) * 2654435761 % 2**32:x}"
        return f' class="{name}"'

    def around(self, tag: str, name: str, inside: str) -> str:
        """An element of the page: its own tag where the page has such, else what the whole page is made of."""
        element = self.disguise.element
        if element == "table":
            inside = f"<tr><td>{inside}</td></tr>"
            tag = "table"
        elif element == "div":
            tag = "div"
        elif element == "custom":
            tag = f"x-{name.split('-', maxsplit=1)[0]}" if self.disguise.names == "telling" else "x-part"
        return f"<{tag}{self.named(name)}>{inside}</{tag}>"

    def box(self, box: BoxText) -> str:
        """The box: its lines by role, in the element of the disguise."""
        inside = "\n".join(self._line(role, escape(text, quote=False)) for role, text in box.lines)
        if any(role == "field" for role, _ in box.lines):
            inside = f'<form action="/{"go" if self.disguise.names != "telling" else box.kind.value}">{inside}</form>'
        name = f"{box.kind.value}-box"
        element = self.disguise.element
        if element in {"section", "aside"}:
            return f"<{element}{self.named(name)}>{inside}</{element}>"
        if element == "dialog":
            return f"<dialog open{self.named(name)}>{inside}</dialog>"
        return self.around("div", name, inside)

    def _line(self, role: str, text: str) -> str:
        plain = self.disguise.element in {"div", "table"}
        match role:
            case "heading":
                return f"<div><b>{text}</b></div>" if plain else f"<h3>{text}</h3>"
            case "choice":
                return f'<div><label><input type="radio" name="n">{text}</label></div>'
            case "button":
                return f"<div><button>{text}</button></div>"
            case "link":
                return f'<p><a href="/more/{len(text)}">{text}</a></p>'
            case "field":
                return f"<div><label>{text} <input></label></div>"
            case "small":
                return f"<p><small>{text}</small></p>"
        return f"<div>{text}</div>" if self.disguise.element == "div" else f"<p>{text}</p>"


def page_of(material: Material, box: int, disguise: Disguise) -> str:
    """A whole page with one box, by its number; in a stack with the next three."""
    setter = _Setter(disguise)

    def links(tag: str, texts: tuple[str, ...]) -> str:
        return "".join(f'<{tag}><a href="/{place}">{escape(text)}</a></{tag}>' for place, text in enumerate(texts))

    item = "div" if disguise.element in {"div", "table", "custom"} else "li"
    stack = range(box, box + (_STACK if disguise.place == "stacked" else 1))
    drawn = "\n".join(setter.box(material.boxes[number % len(material.boxes)]) for number in stack)
    paragraph = "div" if disguise.element == "div" else "p"
    flow = [f"<{paragraph}>{escape(text, quote=False)}</{paragraph}>" for text in material.article]
    if disguise.place == "inside":
        flow.insert(len(flow) // 2, drawn)
    if disguise.place in {"after", "stacked"}:
        flow.append(drawn)
    top = [
        f"<h1>{escape(material.title)}</h1>",
        *(setter.around("div", "byline", escape(text)) for text in material.byline),
        f'<img src="/a.jpg" alt="">{setter.around("div", "caption", escape(material.caption))}',
    ]
    article = setter.around(
        "article", "article", "\n".join([*top, setter.around("div", "article-body", "\n".join(flow))])
    )
    header = setter.around("header", "header", setter.around("nav", "menu", links(item, material.menu)))
    footer = setter.around("footer", "footer", links(item, material.footer))
    before = drawn if disguise.place == "before" else ""
    main = setter.around("main", "main", f"{before}\n{article}")
    return (
        f'<!DOCTYPE html>\n<html lang="{material.language}"><head><meta charset="utf-8">'
        f"<title>{escape(material.title)} | {escape(material.site)}</title></head>\n"
        f"<body>\n{header}\n{main}\n{footer}\n</body></html>"
    )


@dataclass(slots=True)
class Tally:
    """Counts of lines.

    Attributes:
        chrome, removed, named: lines of boxes; of these removed; of these with the right label.
        content, kept: lines of the article; of these kept.
    """

    chrome: int = 0
    removed: int = 0
    named: int = 0
    content: int = 0
    kept: int = 0

    def add(self, other: Tally) -> None:
        """Count the other in."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def shares(self) -> dict[str, float]:
        """Removed and named: of the lines of boxes; kept: of those of the article."""
        return {
            "removed": self.removed / max(self.chrome, 1),
            "named": self.named / max(self.chrome, 1),
            "kept": self.kept / max(self.content, 1),
        }


@dataclass(slots=True)
class Report:
    """What `measure` gives.

    Attributes:
        tallies: (what, which) -> counts, such as ("language", "fr").
        missed: (kind, role, text) of every line of a box that stayed -> on how many pages.
        lost: likewise, of (language, text), lines of articles that went.
    """

    tallies: dict[tuple[str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))
    missed: dict[tuple[str, str, str], int] = field(default_factory=lambda: defaultdict(int))
    lost: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))


def disguises() -> Iterator[Disguise]:
    """Every disguise."""
    for element, names, place in product(ELEMENTS, NAMES, PLACES):
        yield Disguise(element, names, place)


@contextmanager
def without_words(language: str) -> Iterator[None]:
    """Take the lexicon of a language and its words of giving, press, mail and money out, as if there had never been any."""
    vocabulary = languages._vocabulary  # noqa: SLF001 - what a prediction reads them by
    with (
        patch.object(tokens, "load_lexicon", partial(load_lexicon, language)),
        patch.object(languages, "_vocabulary", lambda code: {} if code == language else vocabulary(code)),
    ):
        yield


def measure(materials: Mapping[str, Material], model: Model | None = None, *, words: bool = True) -> Report:
    """Every box of every language in every disguise, a page each.

    A line that no block has alone counts as missed, and as lost where it is of the article.

    Args:
        materials: the texts, by language.
        model: what judges them; None for the shipped one.
        words: False takes the lexicon of each language out while its boxes are judged.
    """
    report = Report()
    for language, material in materials.items():
        with nullcontext() if words else without_words(language):
            _measure(material, model, report)
    return report


def _measure(material: Material, model: Model | None, report: Report) -> None:
    for disguise in disguises():
        for number, box in enumerate(material.boxes):
            html = page_of(material, number, disguise)
            blocks = {block.text: block.label for block in predict(html, model=model).blocks}
            tally = Tally()
            for role, text in box.lines:
                label = blocks.get(text, Label.CONTENT)
                tally.chrome += 1
                tally.removed += label is not Label.CONTENT
                tally.named += label is box.label_of(role)
                if label is Label.CONTENT:
                    report.missed[box.kind.value, role, text] += 1
            for text in material.content:
                tally.content += 1
                kept = blocks.get(text) is Label.CONTENT
                tally.kept += kept
                if not kept:
                    report.lost[material.language, text] += 1
            for key in (
                ("all", ""),
                ("language", material.language),
                ("element", disguise.element),
                ("names", disguise.names),
                ("place", disguise.place),
                ("kind", box.kind.value),
            ):
                report.tallies[key].add(tally)
