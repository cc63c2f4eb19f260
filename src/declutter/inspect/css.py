"""Style sheets of a page made harmless: written anew from their tokens, without anything that could load or run.

tinycss2 reads, by CSS Syntax Level 3. What is not known to be harmless goes: an at-rule with its block, a rule whose
selector does not read, a declaration that holds more than plain values and the functions below. An address gives way to
`none`, unless it is a raster image that stands in the sheet itself. What is written is closed wherever the source was not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import tinycss2

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["RENAMED", "attributes_asked", "safe_media", "safe_sheet", "safe_style"]

RENAMED: Final = frozenset(
    "acronym audio big button canvas center datalist details dialog dir embed fieldset font form hgroup iframe img input"
    " label legend listing menu nobr noscript object optgroup option output picture search select slot strike summary"
    " textarea tt video xmp".split()
)
"""Elements that the marked page writes under another name, beside those with a hyphen in theirs."""

_NESTED: Final = frozenset(("media", "supports", "layer", "container"))
_FRAMES: Final = frozenset(("keyframes", "-webkit-keyframes", "-moz-keyframes"))
# The marked page has these attributes, all others under a name of ours.
_KEPT: Final = frozenset(("class", "id", "dir", "lang", "colspan", "rowspan", "start"))
_PAGES: Final = "data-declutter-page-"
_ASKED: Final = re.compile(rf"\[\s*{_PAGES}([\w-]+)", re.ASCII)
# Old browsers ran what these name.
_FORBIDDEN: Final = frozenset(("behavior", "-ms-behavior", "-moz-binding", "binding"))
_FUNCTIONS: Final = frozenset(
    "var env attr counter counters calc min max clamp round mod rem abs sign sin cos tan asin acos atan atan2 pow sqrt hypot log exp"
    " rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix light-dark linear-gradient radial-gradient conic-gradient"
    " repeating-linear-gradient repeating-radial-gradient repeating-conic-gradient -webkit-linear-gradient"
    " -webkit-radial-gradient -moz-linear-gradient -moz-radial-gradient -o-linear-gradient translate translatex translatey"
    " translatez translate3d matrix matrix3d perspective scale scalex scaley scalez scale3d rotate rotatex rotatey rotatez"
    " rotate3d skew skewx skewy cubic-bezier steps linear minmax repeat fit-content blur brightness contrast drop-shadow"
    " grayscale hue-rotate invert opacity saturate sepia inset circle ellipse polygon rect xywh path ray".split()
)
# In these a name in a selector is that of an element.
_SELECTING: Final = frozenset(("not", "is", "where", "has", "matches", "-webkit-any", "-moz-any", "host", "slotted"))
_CONDITIONS: Final = frozenset(("not", "selector", "style"))
# No page nests deeper; a hostile one would for nothing else.
_DEEPEST: Final = 32

_PICTURE: Final = re.compile(
    r"data:image/(?:png|jpe?g|gif|webp|avif|bmp|x-icon)[;,][\w+/=;,.%-]*", re.IGNORECASE | re.ASCII
)
_BRACKETS: Final = {"() block": ("(", ")"), "[] block": ("[", "]")}
_PLAIN: Final = frozenset(("open", "close", "space", "ident", "hash", "number", "percentage", "dimension"))
_IN_VALUES: Final = frozenset(",/+-*.=%")
_IN_SELECTORS: Final = frozenset(",:.*>+~|=^$&-/<%")
# tinycss2 makes an int of what is one: Python refuses that with more than 4300 digits, else takes quadratic time.
_ENDLESS: Final = re.compile(r"[0-9]{500,}")
# Nothing encodes them, and tinycss2 fails on some; escapes name them too.
_SURROGATE: Final = re.compile(r"\\0{0,2}[dD][89a-fA-F][0-9a-fA-F]{2}|[\ud800-\udfff]")


def safe_sheet(css: str) -> str:
    """A style sheet with only what is harmless, its braces and strings closed.

    Selectors of elements that the marked page renames (`RENAMED`) choose what stands for them. Takes time in proportion
    to the text.

    Args:
        css: what stands in a style element.
    """
    out: list[str] = []
    # Of the blocks that are open: what is left in them, and whether declarations may stand there.
    levels: list[tuple[Iterator[Any], bool]] = [(iter(tinycss2.parse_stylesheet(_tokens(css))), False)]
    while levels:
        rest, holds = levels[-1]
        node = next(rest, None)
        if node is None:
            levels.pop()
            out.append("}" if levels else "")
            continue
        beginning = ""
        if node.type == "declaration":
            out.append(_declaration(node, important=True))
        elif node.type == "qualified-rule":
            selector = (_prelude(node.prelude, selects=True) or "").lstrip(" ")
            # A custom property may hold braces.
            beginning, holds = "" if selector.startswith("--") else selector, True
        elif node.type == "at-rule":
            name, asked = node.lower_at_keyword, _prelude(node.prelude, selects=False)
            if node.content is None:
                out.append(f"@layer{asked};" if name == "layer" and asked else "")
            elif asked is not None and (name in _NESTED or name in _FRAMES):
                beginning, holds = f"@{name}{asked}", holds and name in _NESTED
        if beginning and len(levels) <= _DEEPEST:
            out.append(f"{beginning}{{")
            parse = tinycss2.parse_blocks_contents if holds else tinycss2.parse_stylesheet
            levels.append((iter(parse(node.content)), holds))
    return "".join(out)


def attributes_asked(sheet: str) -> frozenset[str]:
    """The attributes that selectors of a safe sheet ask for, beside class and id.

    The sheet has `data-declutter-page-` before their names, which makes them say nothing to a browser.
    """
    return frozenset(_ASKED.findall(sheet))


def safe_style(css: str) -> str:
    """The same of a style attribute: declarations alone, none of them important, so that marks of ours win over them."""
    nodes = tinycss2.parse_blocks_contents(_tokens(css))
    return "".join(_declaration(node, important=False) for node in nodes if node.type == "declaration")


def safe_media(query: str) -> str | None:
    """A media query as it may stand behind `@media`, None where it does not read."""
    tokens = _tokens(f"{query} ")
    # Where something is open at the end, the space is in it.
    return _prelude(tokens, selects=False) if tokens[-1].type == "whitespace" else None


def _tokens(css: str) -> list[Any]:
    return list(tinycss2.parse_component_value_list(_SURROGATE.sub("\ufffd", _ENDLESS.sub("0", css))))


def _flat(tokens: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Kind and text of tokens, those in brackets between "open" or "function" and "close"; "error" is what cannot stay."""
    levels: list[tuple[Iterator[Any], str]] = [(iter(tokens), "")]
    while levels:
        rest, closer = levels[-1]
        token = next(rest, None)
        if token is None:
            levels.pop()
            if closer:
                yield "close", closer
        elif token.type in {"whitespace", "comment"} or token in ("<!--", "-->"):
            # What stood apart by a comment stays apart.
            yield "space", " "
        elif token.type == "url":
            yield "url", token.value
        elif token.type == "function" and token.lower_name == "url":
            inside = [part for part in token.arguments if part.type not in {"whitespace", "comment"}]
            yield ("url", inside[0].value) if [part.type for part in inside] == ["string"] else ("error", "")
        elif token.type == "error":
            # The address came before its end was missed.
            if token.kind != "eof-in-url":
                yield "url" if token.kind == "bad-url" else "error", ""
        elif token.type == "string":
            yield "error" if "</" in token.value else "string", token.serialize().replace("<", "\\3C ")
        elif token.type != "function" and token.type not in _BRACKETS:
            yield token.type, "" if token.type == "{} block" else token.serialize()
        elif len(levels) > _DEEPEST:
            yield "error", ""
        elif token.type == "function":
            yield "function", f"{tinycss2.serialize_identifier(token.name)}("
            levels.append((iter(token.arguments), ")"))
        else:
            opener, closer = _BRACKETS[token.type]
            yield "open", opener
            levels.append((iter(token.content), closer))


def _prelude(tokens: Iterable[Any], *, selects: bool) -> str | None:
    """A selector or what stands behind the name of an at-rule; None where it does not read."""
    out: list[str] = []
    within: list[bool] = []  # of what is open, whether names in it are those of elements
    before = ""
    for token in _flat(tokens):
        kind, text = token
        if kind == "close":
            within.pop()
        elif kind == "open":
            within.append(False)
        elif kind == "function":
            if not (before == ":" if selects else text[:-1].lower() in _FUNCTIONS | _CONDITIONS):
                return None
            within.append(text[:-1].lower() in _SELECTING)
        elif kind == "ident" and selects and all(within):
            if before == ":" and text.lower() in {"link", "any-link"}:
                text = "where(a):not([data-declutter-none])"  # links of the marked page lead nowhere
            elif before not in {".", ":"}:
                text = _renamed(text)
        elif kind == "ident" and selects and before == "[":
            low = text.lower()
            text = low if low in _KEPT else _PAGES + low
        elif kind == "literal":
            if not _IN_SELECTORS.issuperset(text):
                return None
        elif kind not in _PLAIN and kind != "string":
            return None
        out.append(text)
        before = before if kind == "space" and before == "[" else token[1]
    # Not by `rstrip`: a name may end in an escaped space.
    while out and out[-1] == " ":
        out.pop()
    whole = "".join(out)
    # Nothing of a sheet may end the element that holds it.
    return None if "</" in whole or "<!" in whole else whole


def _renamed(name: str) -> str:
    low = name.lower()
    if low not in RENAMED and ("-" not in low or "\\" in low or low.startswith("-") or not low.isascii()):
        return name
    # As specific as the name was.
    return f':is(span,div,pre):where([data-declutter-tag="{low}"])'


def _declaration(node: Any, *, important: bool) -> str:
    """A declaration with its `;`, "" where it holds anything but plain values."""
    name, value = tinycss2.serialize_identifier(node.name), _value(node.value)
    if "\\" in name or node.lower_name in _FORBIDDEN or not value.strip():
        return ""
    return f"{name}:{value}{'!important' if node.important and important else ''};"


def _value(tokens: Iterable[Any]) -> str:
    out: list[str] = []
    for kind, text in _flat(tokens):
        if kind == "url":
            out.append(f"url({text})" if _PICTURE.fullmatch(text) else " none ")
        elif (
            kind == "string"
            or (kind == "function" and text[:-1].lower() in _FUNCTIONS)
            or (kind == "literal" and _IN_VALUES.issuperset(text))
            or (kind in _PLAIN and "\\" not in text)
        ):
            out.append(text)
        else:
            return ""
    return "".join(out)
