"""What of a decoded page goes to the parser: the page, but for what would leave the tree or make it explode.

Everything is changed in its place, character by character, so that places in what is parsed are places in the page.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Final

from declutter import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from declutter.document.tags import Tag

__all__ = ["parser_input"]

# What a look at a page says: not only tags of body, html and formatting may have to be changed.
_ANYTHING: Final = 2
_SHADOW_ROOT: Final = re.compile("shadowrootmode", re.IGNORECASE | re.ASCII)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")

# A start tag as the parser reads it beyond doubt; one with a quote or a `<` in an unusual place is none.
_PLAIN_TAG: Final = (
    r"(?:[ \t\n\f\r]++[^ \t\n\f\r\"'<>/=]++(?:[ \t\n\f\r]*+=[ \t\n\f\r]*+(?:\"[^\"]*+\"|'[^']*+'|[^ \t\n\f\r\"'<>=`]++))?+)*+"
    r"[ \t\n\f\r]*+/?>"
)
_XML: Final = ("<?xml", "\ufeff<?xml")
# What a parser of HTML reads to its end tag, or to the end of the page; a comment begins, or one of these that can be made one.
_RAW: Final = re.compile(
    r"<!--|<(script|style|title|textarea|iframe|noframes|noembed)(?=[\s/>])", re.IGNORECASE | re.ASCII
)
_REST_OF_TAG: Final = re.compile(_PLAIN_TAG)
_MERGED: Final = re.compile(r"<(?:body|html)(?=[\s/>])", re.IGNORECASE | re.ASCII)
# So many start tags of body and html cannot do harm (src/speedups/source.c has the same number).
_FEW_MERGED: Final = 8
# Start tags x their characters, from where on they are neutralised. The parser copies what it has of the attributes with
# each tag: measured, 12 bytes x tags x attributes, so some 50 MB. Of 4,373 pages of corpora none has more than 19.
_MOST_MERGED: Final = 20_000_000

# Elements that the parser opens again in each block until they are closed; `a` and `nobr` close their like themselves.
_FORMATTING: Final = "b|big|code|em|font|i|s|small|strike|strong|tt|u"
_FORMATTING_START: Final = re.compile(rf"<({_FORMATTING})(?=[\s/>])", re.IGNORECASE | re.ASCII)
_FORMATTING_TAG: Final = re.compile(
    rf"<({_FORMATTING}){_PLAIN_TAG}(?P<closed>[^<]*+</\1\s*>)?", re.IGNORECASE | re.ASCII
)
_FORMATTING_NAMES: Final = frozenset(_FORMATTING.split("|"))
# Around these alone the parser has nothing to open again.
_PHRASING: Final = _FORMATTING_NAMES | frozenset(
    "a abbr acronym bdi bdo br cite data del dfn img ins kbd label mark q samp span sub sup time var wbr".split()
)
# The parser opens an element again three times at most if tag and attributes are the same (the Noah's Ark clause of
# WHATWG), and this many elements in one place.
_ALIKE: Final = 3
_DEPTH: Final = 512
# Nodes that formatting elements may come to: 0.6 GB and 2 seconds. Of 4,373 pages of corpora the most is 1.1 million.
_MOST_REOPENED: Final = 2_000_000


def parser_input(source: str) -> str:
    """What of a decoded page goes to the parser, character by character in its place.

    Lone surrogates become U+FFFD. A declarative shadow root would leave the tree; as a plain template its text stays.
    `<script/>` of a page that begins as XML has no text, and is made a comment: it would take the rest of the page.
    Two kinds of tags would make the tree grow with the square of the page; where they do, and nowhere else, further
    ones are changed: start tags of `body` and `html`, whose attributes are dropped, and formatting elements (`<b>`,
    `<font>`) beyond so many that may be open at once, whose tags become comments. No text is lost or changed by that.
    """
    # Quicker than each of what follows (src/speedups/source.c).
    found = compiled.speedups.look_at(source) if compiled.used else _ANYTHING
    if source.startswith(_XML):
        source = _without_empty(source)
    if not found:
        return source
    if found == _ANYTHING:
        if not source.isascii():
            try:
                source.encode()  # ten times quicker than a search
            except UnicodeEncodeError:
                source = _SURROGATE.sub("\ufffd", source)
        if "shadowrootmode" in source.lower():
            source = _without_shadow_roots(source)
    return _without_reopened(_without_merged(source))


def _tags(source: str) -> Iterator[Tag]:
    from declutter.document.tags import read_tags  # noqa: PLC0415 - costs start-up time, and few pages need it

    return read_tags(source)


def _without_empty(source: str) -> str:
    """The page with comments for what XML closes at once and HTML would read on (`<script src="x"/>`)."""
    changes = []
    at = 0
    while begins := _RAW.search(source, at):
        if not begins[1]:
            at = source.find("-->", begins.end() - 2) + 3
        elif tag := _REST_OF_TAG.match(source, begins.end()):
            start, at = begins.start(), tag.end()
            if source[at - 2] != "/":
                at = _end_of(begins[1], source, at)
            elif "-->" not in source[start:at] and "--!>" not in source[start:at]:
                changes += [(start, start + 4, "<!--"), (at - 3, at, "-->")]
        else:
            at = begins.end()
        if at < begins.end():
            break
    return _put(source, changes)


def _end_of(name: str, source: str, at: int) -> int:
    """Where the end tag of an element begins; -1 where there is none."""
    end = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE | re.ASCII).search(source, at)
    return end.start() if end else -1


def _without_shadow_roots(source: str) -> str:
    """The page with its shadow roots made plain templates."""
    names: set[tuple[int, int, str]] = set()  # what may be a tag may begin inside another, which names it too
    for start, end, name, closes in _tags(source):
        if name == "template" and closes is None:
            names.update((*found.span(), "data-shadowmod") for found in _SHADOW_ROOT.finditer(source, start, end))
    return _put(source, sorted(names))


def _without_merged(source: str) -> str:
    """The page with the later of too many start tags of body and html made into end tags of nothing."""
    if sum(1 for _ in islice(_MERGED.finditer(source), _FEW_MERGED + 1)) <= _FEW_MERGED:
        return source
    kept, characters = 0, 0
    changes = []
    for start, end, name, closes in _tags(source):
        if name not in {"body", "html"} or closes is not None:
            continue
        size = (end if end > start else len(source)) - start
        if kept < _FEW_MERGED or kept * (characters + size) <= _MOST_MERGED:
            kept += 1
            characters += size
        else:
            changes.append((start + 1, start + 2, "/"))
    return _put(source, changes)


def _without_reopened(source: str) -> str:
    """The page without the later of too many different formatting elements that may be open at once."""
    tags = source.count("<")
    if _DEPTH * tags <= _MOST_REOPENED:
        return source
    starts = list(_FORMATTING_START.finditer(source))
    if _ALIKE * len(starts) * tags <= _MOST_REOPENED:
        return source
    most = _MOST_REOPENED // (_ALIKE * tags)
    # A look that is quick and counts more than there are: an element is closed where its end tag is the next tag.
    different: set[str] = set()
    odd = 0
    for start in starts:
        tag = _FORMATTING_TAG.match(source, start.start())
        if tag is None:
            odd += 1
        elif tag["closed"] is None:
            different.add(tag.group())
        if len(different) + odd > most:
            return _put(source, _beyond(source, max(1, most)))
    return source


def _beyond(source: str, most: int) -> list[tuple[int, int, str]]:
    """What makes comments of the tags of formatting elements beyond so many different ones that may be open at once."""
    tags: list[Tag] = []
    others = [0]  # before each of these tags, how many there are that are no phrasing
    closed: dict[int, int] = {}  # from the start of a start tag to the place of the end tag in `tags`
    places: dict[int, int] = {}
    for tag in _tags(source):
        if tag.name not in _FORMATTING_NAMES:
            others[-1] += tag.name not in _PHRASING
            continue
        if tag.closes is None:
            places[tag.start] = len(tags)
        elif tag.closes >= 0:
            closed[tag.closes] = len(tags)
        tags.append(tag)
        others.append(others[-1])
    phrasing = {start for start, end in closed.items() if others[end] == others[places[start]]}
    opened: Counter[str] = Counter()
    keys: dict[int, str] = {}  # what is open and will surely be closed
    gone: set[int] = set()
    changes = []
    for start, end, name, closes in tags:
        if closes is not None:
            if closes in gone:
                changes.append((start, end, "<!"))
            elif closes in keys:
                opened[key := keys.pop(closes)] -= 1
                if not opened[key]:
                    del opened[key]
        elif start not in phrasing:
            key = source[start:end] or str(start)
            if key not in opened and len(opened) >= most and end - start != len(name) + 2:
                gone.add(start)
                changes.append((start, end, "<!") if end > start else (start + 1, start + 1 + len(name), "q"))
                continue
            opened[key] += 1
            if start in closed:
                keys[start] = key
    return changes


def _put(source: str, changes: list[tuple[int, int, str]]) -> str:
    """The source with words in these places, filled up with spaces; a tag stays one. What begins inside another is gone with it."""
    pieces: list[str] = []
    done = 0
    for first, end, word in changes:
        if first < done:
            continue
        filled = word.ljust(end - first)
        pieces += [source[done:first], f"{filled[:-1]}>" if word == "<!" else filled]
        done = end
    return "".join([*pieces, source[done:]]) if pieces else source
