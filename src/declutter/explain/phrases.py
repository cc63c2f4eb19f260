"""What a group of features says of one block, in words and with the value that the model saw."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.blocks import Origin
from declutter.explain.tables import FIELDS, LEADS, LEADS_OF, NAMES_OF, TELLING
from declutter.features import FEATURE_NAMES
from declutter.features.characters import CharClass
from declutter.features.languages import READER, TOPICS, WRITER, person_words, topic_bits
from declutter.features.lexicon import LEXICON_LABELS, find_phrases
from declutter.features.names import CLASS_GROUPS, TAG_MARKS, name_marks
from declutter.features.view import LEVELS
from declutter.features.wording import last_heading
from declutter.labels import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from declutter.features.view import PageView

__all__ = ["Phrases"]

# Elements up to one that holds a picture too: its caption stands so near.
_CLOSE: Final = 2
_COLUMN: Final = {name: place for place, name in enumerate(FEATURE_NAMES)}
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_TOPIC: Final = {"asking": "giving", "press": "the publication itself", "mail": "mail", "money": "money"}
_NEAR: Final = 4
_FURTHEST: Final = 40


class Phrases:
    """Words for the groups of one page.

    Args:
        view: the arrays of the page, n blocks.
        features: float32, n x features.
    """

    def __init__(self, view: PageView, features: NDArray[np.float32]) -> None:
        self._view = view
        self._features = features
        self._headings = last_heading(view)
        self._of: dict[str, Callable[[int, Label], str]] = {
            "neighbours": self._neighbours,
            "money": self._money,
            "links": self._links,
            "links around": self._links_around,
            "phrases": self._lexicon,
            "phrases around": self._lexicon_around,
            "title": self._title,
            "page type": self._page_type,
            "voice": self._voice,
            "topics": self._topics,
            "cohesion": self._cohesion,
            "length": self._length,
            "characters": self._characters,
            "place": self._place,
            "running text": self._running_text,
            "element": self._element,
            "inside": self._inside,
            "names": self._names,
            "controls": self._controls,
            "payment methods, progress": self._paying,
            "addresses": self._addresses,
            "box": self._box,
        }

    def of(self, group: str, row: int, label: Label) -> str:
        """The words for a group of a block that has this label."""
        return self._of[group](row, label)

    def _value(self, row: int, name: str) -> float:
        return float(self._features[row, _COLUMN[name]])

    def _count(self, row: int, name: str) -> int:
        """The number behind a feature that is its log1p."""
        return round(float(np.expm1(self._value(row, name))))

    # -- the block itself --------------------------------------------------------------------------------------

    def _links(self, row: int, _label: Label) -> str:
        return f"{_share(self._value(row, 'link_density'))} of its text is links"

    def _lexicon(self, row: int, label: Label) -> str:
        hits: dict[Label, float] = {kind: self._value(row, f"lexicon_{kind}") for kind in LEXICON_LABELS}
        kind = _strongest(hits, label)
        if kind is None:
            return "holds no known phrase of chrome"
        return f'says "{_phrase(self._view.tokens.lists[row], kind)}", a phrase of {kind}'

    def _title(self, row: int, _label: Label) -> str:
        for name, what in (
            ("title_overlap", "of its first words stand in the page's title"),
            ("jsonld_overlap", "of it stands in the article text that the page declares"),
            ("description_overlap", "of it stands in the page's description"),
        ):
            value = self._value(row, name)
            if value > 0:
                return f"{_share(value)} {what}"
        return "shares no words with the page's title and description"

    def _voice(self, row: int, _label: Label) -> str:
        persons = person_words(self._view.language)
        for bit, name, what in ((READER, "reader", "speaks to the reader"), (WRITER, "writer", "speaks of its writer")):
            said = next((word for word in self._view.tokens.lists[row] if persons.get(word, 0) & bit), None)
            if said is not None and self._value(row, name) > 0:  # who is quoted speaks for themselves
                return f'{what} ("{said}")'
            if self._value(row, f"{name}_up1") > 0:
                return f"what is around it {what}"
        return "speaks neither to the reader nor of its writer"

    def _page_type(self, _row: int, _label: Label) -> str:
        types = sorted(self._view.head.types)
        return f"the page says that it is of the type {types[0]}" if types else "the page does not say what it is"

    def _topics(self, row: int, _label: Label) -> str:
        bits = topic_bits(self._view.language, self._view.tokens.lists[row])
        for word, found in bits.items():
            names = [_TOPIC[topic] for place, topic in enumerate(TOPICS) if found >> place & 1]
            return f'says "{word}", a word of {names[0]}'
        shares = {topic: self._value(row, f"{topic}_up1") for topic in TOPICS}
        most = max(shares, key=shares.__getitem__)
        return f"words of {_TOPIC[most]} around it" if shares[most] > 0 else "no word of giving, mail or money"

    def _cohesion(self, row: int, _label: Label) -> str:
        return f"{_share(self._value(row, 'cohesion'))} of its longer words stand elsewhere in the text"

    def _length(self, row: int, _label: Label) -> str:
        words, stops = int(self._view.words[row]), int(self._view.counts[row, CharClass.STOP])
        ends = "no sentence end" if stops == 0 else _number(stops, "sentence end")
        return f"{_number(words, 'word')}, {ends}"

    def _characters(self, row: int, _label: Label) -> str:
        if self._value(row, "dated"):
            return "holds a date or a time"
        for name, least, what in (
            ("digit_share", 0.2, "of its characters are digits"),
            ("upper_share", 0.5, "of its characters are capitals"),
            ("separator_share", 0.03, "of its characters are bars, bullets or arrows"),
            ("other_share", 0.2, "of its characters are signs"),
        ):
            value = self._value(row, name)
            if value >= least:
                return f"{_share(value)} {what}"
        if self._value(row, "capital_words") >= 0.6 and self._view.words[row] > 1:
            return "most of its words begin with a capital"
        return "letters as in running text, no date, few digits and signs"

    def _element(self, row: int, _label: Label) -> str:
        origin = self._view.blocks.origins[row]
        hidden = ", which no visitor sees at first" if self._value(row, "is_hidden") else ""
        if origin == Origin.CONTROL:
            return f"what a button or choice says{hidden}"
        if origin == Origin.ALT:
            return f"describes an image or icon{hidden}"
        return f"stands in <{self._view.document.tags[int(self._view.blocks.owners[row])]}>{hidden}"

    def _money(self, row: int, _label: Label) -> str:
        if self._value(row, "amount"):
            return "an amount of money"
        if self._value(row, "currency"):
            return "holds a currency sign"
        around = self._count(row, "amounts_up1") or self._count(row, "amounts_up2")
        if around:
            return f"{_number(around, 'amount')} of money around it"
        return "no amount of money in it or around it"

    # -- where it stands ---------------------------------------------------------------------------------------

    def _place(self, row: int, _label: Label) -> str:
        words = f"{self._value(row, 'place'):.0%} of the way down the page"
        near = self._value(row, "since_picture") == 0 and self._value(row, "since_picture_up") <= _CLOSE
        if near and not self._value(row, "origin_alt"):
            words += ", right behind a picture"
        if not self._value(row, "has_h1"):
            return words
        away = round(float(np.expm1(abs(self._value(row, "from_h1")))))
        if away == 0:
            return f"{words}, in the main heading"
        side = "after" if self._value(row, "after_h1") else "before"
        return f"{words}, {_number(away, 'block')} {side} the main heading"

    def _running_text(self, row: int, _label: Label) -> str:
        inside = sum(self._value(row, f"{name}_inside") for name in ("readability", "subtree", "run"))
        return f"{'inside' if inside >= 2 else 'outside'} the part of the page that has the most running text"

    def _inside(self, row: int, _label: Label) -> str:
        found: dict[str, str] = {}
        for node in self._line(row):
            tag = self._view.document.tags[node]
            marks = (tag, *(f"{key}={(value or '').lower()}" for key, value in self._view.document.attributes[node]))
            for mark, values in TAG_MARKS.items():
                for said in marks:
                    if said in values:
                        key, _, value = said.partition("=")
                        found.setdefault(mark, f'<{tag} {key}="{value}">' if value else f"<{tag}>")
        telling = list(dict.fromkeys(found[mark] for mark in TELLING if mark in found))
        return f"inside {' and '.join(telling[:2])}" if telling else "inside no telling element"

    def _names(self, row: int, label: Label) -> str:
        near: list[str] = []
        wanted: list[str] = []
        for level, node in enumerate(self._line(row)):
            for key, value in self._view.document.attributes[node]:
                if key not in {"class", "id"}:
                    continue
                told = [word.lower() for word in _WORD.findall((value or "")[:300]) if name_marks([word])[0]]
                near += told
                if level < _NEAR:
                    wanted += [word for word in told if word in CLASS_GROUPS.get(NAMES_OF.get(label, ""), "").split()]
        words = list(dict.fromkeys([*wanted, *near]))[:3]
        if not words:
            return "no telling class or id names around it"
        said = ", ".join(f'"{word}"' for word in words)
        return f"class or id names around it say {said}"

    def _controls(self, row: int, _label: Label) -> str:
        for kind, what in FIELDS.items():
            if self._count(row, f"form_{kind}"):
                return f"in a form that asks for {what}"
            if any(self._count(row, f"input_{kind}_up{level}") for level in range(3)):
                return f"beside a field for {what}"
        if self._value(row, "in_form"):
            return "in a form"
        for level in range(4):
            for name, what in (("buttons", "button"), ("frames", "frame"), ("media", "player")):
                count = self._count(row, f"{name}_up{level}")
                if count:
                    return f"{_number(count, what)} {'in' if level == 0 else 'around'} it"
        return "no form, field or button around it"

    def _paying(self, row: int, _label: Label) -> str:
        for level in range(LEVELS):
            for name, what in (("payment_methods", "picture of a payment method"), ("progress", "progress bar")):
                if self._count(row, f"{name}_up{level}"):
                    return f"a {what} {'in' if level == 0 else 'around'} it"
        return "no picture of a payment method and no progress bar around it"

    def _addresses(self, row: int, label: Label) -> str:
        counts = [{group: self._count(row, f"leads_{group}_up{level}") for group in LEADS} for level in range(3)]
        own = LEADS_OF.get(label)
        wanted = [own] if own is not None and any(at[own] for at in counts) else list(LEADS)
        for level, at in enumerate(counts):
            group = max(wanted, key=at.__getitem__)
            if at[group]:
                return f"links or forms {'in' if level == 0 else 'around'} it lead to {LEADS[group]}"
        return "no link or form around it leads to a shop, a network, a mailing list or the like"

    # -- what stands around it ---------------------------------------------------------------------------------

    def _links_around(self, row: int, _label: Label) -> str:
        return f"{_share(self._value(row, 'link_density_up1'))} of the text in the box around it is links"

    def _lexicon_around(self, row: int, label: Label) -> str:
        heading = int(self._headings[row])
        hits: dict[Label, float] = {kind: self._value(row, f"lexicon_heading_{kind}") for kind in LEXICON_LABELS}
        kind = _strongest(hits, label)
        if kind is not None and heading >= 0:
            return f'under a heading that says "{_phrase(self._view.tokens.lists[heading], kind)}", a phrase of {kind}'
        hits = {
            kind: max(self._value(row, f"lexicon_near_{kind}"), self._value(row, f"lexicon_box_{kind}"))
            for kind in LEXICON_LABELS
        }
        kind = _strongest(hits, label)
        return "no phrases of chrome around it" if kind is None else f"phrases of {kind} in the box around it"

    def _box(self, row: int, label: Label) -> str:
        alike = self._count(row, "repeat_count")
        prose = self._value(row, "long_share_up1")
        paragraphs = self._count(row, "sibling_prose")
        if label is Label.CONTENT and paragraphs > 1:
            return f"stands among {_number(paragraphs, 'paragraph')}"
        if alike > 2 and (label is not Label.CONTENT or prose < 0.2):
            return f"one of {alike} elements of the same shape side by side"
        return f"{_share(prose)} of the text in the box around it is long paragraphs"

    def _neighbours(self, row: int, _label: Label) -> str:
        told = [
            f"{side} it {_number(int(self._view.words[other]), 'word')}, {_share(self._value(other, 'link_density'))} of them links"
            for other, side in ((row - 1, "before"), (row + 1, "after"))
            if 0 <= other < len(self._features)
        ]
        return "; ".join(told) if told else "stands alone on the page"

    def _line(self, row: int) -> list[int]:
        """The block's element and what is around it, innermost first."""
        nodes: list[int] = []
        node = int(self._view.blocks.owners[row])
        while node > 0 and len(nodes) < _FURTHEST:
            nodes.append(node)
            node = int(self._view.document.parents[node])
        return nodes


def _share(value: float) -> str:
    if value <= 0:
        return "none"
    return "all" if value > 0.995 else f"{max(value, 0.01):.0%}"


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _strongest(hits: dict[Label, float], label: Label) -> Label | None:
    """The block's own label where it has hits, else the one with the most, None without any."""
    if hits.get(label):
        return label
    best = max(hits, key=hits.__getitem__)
    return best if hits[best] else None


def _phrase(words: list[str], kind: Label) -> str:
    """The longest phrase of a kind in a list of words."""
    bit = 1 << LEXICON_LABELS.index(kind)
    said = [(size, place) for place, size, bits in find_phrases(words) if bits & bit]
    size, place = max(said, key=lambda phrase: phrase[0], default=(0, 0))
    return " ".join(words[place : place + size])
