"""Style sheets of a page made harmless: written anew from their tokens, without anything that could load or run.

Tokens are those of CSS Syntax Level 3. What is not known to be harmless goes: an at-rule with its block, a rule whose
selector does not read, a declaration that holds more than plain values and the functions below. An address gives way to
`none`, unless it is a raster image that stands in the sheet itself. What is written is closed wherever the source was not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

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
_ESCAPE: Final = r"\\(?:[0-9a-fA-F]{1,6}[ \t\n]?|[^\n0-9a-fA-F])"
_LETTER: Final = r"[A-Za-z_\u0080-\U0010ffff]"
_NAME: Final = rf"(?:--|-?(?:{_LETTER}|{_ESCAPE}))(?:[-\w\u0080-\U0010ffff]|{_ESCAPE})*+"
# `url` however it is escaped: what follows is read by rules of its own.
_URL: Final = r"(?:[uU]|\\0{0,4}[57]5[ \t\n]?|\\[uU])(?:[rR]|\\0{0,4}[57]2[ \t\n]?|\\[rR])(?:[lL]|\\0{0,4}[46][cC][ \t\n]?|\\[lL])"
_TOKEN: Final = re.compile(
    rf"""
      (?P<comment> /\*.*?(?:\*/|\Z) | <!-- | --> )
    | (?P<space> [ \t\n]++ )
    | (?P<string> "(?:[^"\\\n]|\\.)*+" | '(?:[^'\\\n]|\\.)*+' )
    | (?P<broken> "(?:[^"\\\n]|\\.)*+ | '(?:[^'\\\n]|\\.)*+ )
    | (?P<address> {_URL}\([ \t\n]*+(?:[^"'()\\\x00-\x20\x7f]|{_ESCAPE})*+[ \t\n]*+\) )
    | (?P<quoted> {_URL}\((?=[ \t\n]*+["']) )
    | (?P<spoiled> {_URL}\((?:[^)\\]|\\.|\\\Z)*+\)?+ )
    | (?P<function> {_NAME}\( )
    | (?P<number> [-+]?(?:[0-9]*+\.)?[0-9]++(?:[eE][-+]?[0-9]++)?(?:%|{_NAME})? )
    | (?P<name> {_NAME} )
    | (?P<at> @{_NAME} )
    | (?P<hash> \#(?:[-\w\u0080-\U0010ffff]|{_ESCAPE})++ )
    | (?P<sign> . )
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_CLOSERS: Final = {"(": ")", "[": "]", "{": "}"}
_IN_VALUES: Final = frozenset("()[],/+-*.=%")
_IN_SELECTORS: Final = frozenset("()[],:.*>+~|=^$&-/<%")
_BREAKS: Final = re.compile(r"\r\n?|\f")
_UNREADABLE: Final = re.compile("[\x00\ud800-\udfff]")


class _Token(NamedTuple):
    kind: str
    text: str


def safe_sheet(css: str) -> str:
    """A style sheet with only what is harmless, its braces and strings closed.

    Selectors of elements that the marked page renames (`RENAMED`) choose what stands for them. Takes time in proportion
    to the text.

    Args:
        css: what stands in a style element.
    """
    return _Sheet(css, inside=False).write()


def attributes_asked(sheet: str) -> frozenset[str]:
    """The attributes that selectors of a safe sheet ask for, beside class and id.

    The sheet has `data-declutter-page-` before their names, which makes them say nothing to a browser.
    """
    return frozenset(_ASKED.findall(sheet))


def safe_style(css: str) -> str:
    """The same of a style attribute: declarations alone, none of them important, so that marks of ours win over them."""
    return _Sheet(css, inside=True).write()


def safe_media(query: str) -> str | None:
    """A media query as it may stand behind `@media`, None where it does not read."""
    return _prelude(list(_tokens(query)), selects=False)


def _tokens(css: str) -> Iterator[_Token]:
    text = _UNREADABLE.sub("\ufffd", _BREAKS.sub("\n", css))
    for found in _TOKEN.finditer(text):
        kind = str(found.lastgroup)
        # What stood apart by a comment stays apart.
        yield _Token("space", " ") if kind == "comment" or kind == "space" else _Token(kind, found[0])


class _Sheet:
    """Reads statement by statement; each token is looked at a fixed number of times."""

    def __init__(self, css: str, *, inside: bool) -> None:
        self.tokens = _tokens(css)
        self.attribute = inside
        self.out: list[str] = []
        # Of the blocks that are open: whether declarations may stand in them.
        self.open: list[bool] = [True] if inside else []

    def write(self) -> str:
        while True:
            statement, end = self.statement()
            first = statement[0] if statement else _Token("space", "")
            if end == "{":
                if not self.begin(statement, first):
                    self.skip()
            elif first.kind == "at":
                if end == ";" and first.text.lower() == "@layer" and not self.attribute:
                    names = _prelude(statement[1:], selects=False)
                    self.out.append(f"@layer{names};" if names else "")
            elif self.open and self.open[-1]:
                self.out.append(_declaration(statement, important=not self.attribute))
            if end == "}":
                self.open.pop()
                self.out.append("}")
            elif not end:
                self.out.append("}" * (len(self.open) - self.attribute))
                return "".join(self.out)

    def statement(self) -> tuple[list[_Token], str]:
        """The tokens to the next `;`, `{` or `}` that ends a statement, and which it was; "" at the end."""
        found: list[_Token] = []
        awaited: list[str] = []
        for token in self.tokens:
            kind, text = token
            if kind == "sign" and not awaited:
                if text == "{":
                    return found, text
                if text == "}" and len(self.open) > self.attribute:
                    return found, text
                if text == ";" and ((self.open and self.open[-1]) or (found and found[0].kind == "at")):
                    return found, text
            _follow(awaited, token)
            if kind != "space" or found:
                found.append(token)
        return found, ""

    def begin(self, statement: list[_Token], first: _Token) -> bool:
        """Writes the beginning of a block; False where it is to be left out."""
        if self.attribute or len(self.open) >= _DEEPEST:
            return False
        holds = bool(self.open and self.open[-1])
        if first.kind != "at":
            # A custom property may hold braces.
            selector = None if first.text.startswith("--") else _prelude(statement, selects=True)
            if not selector:
                return False
            self.out.append(f"{selector}{{")
            self.open.append(True)
            return True
        name = first.text[1:].lower()
        rest = _prelude(statement[1:], selects=False)
        if rest is None or (name not in _NESTED and name not in _FRAMES):
            return False
        self.out.append(f"@{name}{rest}{{")
        self.open.append(holds and name in _NESTED)
        return True

    def skip(self) -> None:
        """Leaves out the block that has begun."""
        awaited = ["}"]
        for token in self.tokens:
            _follow(awaited, token)
            if not awaited:
                return


def _follow(awaited: list[str], token: _Token) -> None:
    """Keeps account of what is open; a closer that closes nothing counts as any other sign."""
    kind, text = token
    if kind in {"function", "quoted"}:
        awaited.append(")")
    elif kind == "sign":
        if text in _CLOSERS:
            awaited.append(_CLOSERS[text])
        elif awaited and text == awaited[-1]:
            awaited.pop()


def _prelude(tokens: list[_Token], *, selects: bool) -> str | None:
    """A selector or what stands behind the name of an at-rule; None where it does not read."""
    out: list[str] = []
    awaited: list[str] = []
    within: list[bool] = []  # of what is open, whether names in it are those of elements
    before = ""
    for token in tokens:
        kind, text = token
        if kind == "sign":
            closer = text in {")", "]"}
            if text not in _IN_SELECTORS or (closer and (not awaited or awaited[-1] != text)):
                return None
            if closer:
                within.pop()
            elif text in _CLOSERS:
                if len(within) >= _DEEPEST:
                    return None
                within.append(False)
        elif kind == "function":
            known = before == ":" if selects else text[:-1].lower() in _FUNCTIONS | _CONDITIONS
            if not known or "\\" in text or len(within) >= _DEEPEST:
                return None
            within.append(text[:-1].lower() in _SELECTING)
        elif kind == "string":
            if "<" in text:
                return None
        elif kind == "name" and selects and all(within):
            if before == ":" and text.lower() in {"link", "any-link"}:
                text = "where(a):not([data-declutter-none])"  # links of the marked page lead nowhere
            elif before not in {".", ":"}:
                text = _renamed(text)
        elif kind == "name" and selects and before == "[":
            low = text.lower()
            text = low if low in _KEPT else _PAGES + low
        elif kind not in {"name", "hash", "number", "space"}:
            return None
        _follow(awaited, token)
        out.append(text)
        before = before if kind == "space" and before == "[" else token.text
    whole = "".join(out)
    # Nothing of a sheet may end the element that holds it.
    return None if awaited or "</" in whole or "<!" in whole else whole.rstrip()


def _renamed(name: str) -> str:
    low = name.lower()
    if low not in RENAMED and ("-" not in low or "\\" in low or low.startswith("-") or not low.isascii()):
        return name
    # As specific as the name was.
    return f':is(span,div,pre):where([data-declutter-tag="{low}"])'


def _declaration(tokens: list[_Token], *, important: bool) -> str:
    """A declaration with its `;`, "" where it holds anything but plain values."""
    at = 1
    while at < len(tokens) and tokens[at].kind == "space":
        at += 1
    if at >= len(tokens) or tokens[0].kind != "name" or tokens[at] != ("sign", ":"):
        return ""
    name = tokens[0].text
    if "\\" in name or name.lower() in _FORBIDDEN:
        return ""
    rest = tokens[at + 1 :]
    last = [number for number, token in enumerate(rest) if token.kind != "space"][-2:]
    weighs = len(last) == 2 and rest[last[0]] == ("sign", "!") and rest[last[1]].text.lower() == "important"
    value = _value(rest[: last[0]] if weighs else rest)
    return f"{name}:{value}{'!important' if weighs and important else ''};" if value.strip() else ""


def _value(tokens: list[_Token]) -> str:
    out: list[str] = []
    awaited: list[str] = []
    rest = iter(tokens)
    for token in rest:
        kind, text = token
        if kind == "address":
            text = _address(text[text.index("(") + 1 : -1].strip())
        elif kind == "quoted":
            inside = [token for token in _to_closer(rest) if token.kind != "space"]
            if len(inside) != 1 or inside[0].kind != "string":
                return ""
            out.append(_address(inside[0].text[1:-1]))
            continue
        elif kind == "spoiled":
            text = " none "
        elif kind == "function":
            if text[:-1].lower() not in _FUNCTIONS:
                return ""
        elif kind == "string":
            if "<" in text:
                return ""
        elif kind == "sign":
            if text not in _IN_VALUES or (text in {")", "]"} and (not awaited or awaited[-1] != text)):
                return ""
        elif kind not in {"name", "hash", "number", "space"} or "\\" in text:
            return ""
        _follow(awaited, token)
        out.append(text)
    return "" if awaited else "".join(out)


def _to_closer(tokens: Iterator[_Token]) -> Iterator[_Token]:
    """The tokens to the next closing parenthesis, which is taken too."""
    for token in tokens:
        if token == ("sign", ")"):
            return
        yield token


def _address(address: str) -> str:
    return f"url({address})" if _PICTURE.fullmatch(address) else " none "
