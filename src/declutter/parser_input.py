"""What of a decoded page goes to the parser: the page, but for what would leave the tree or make it explode.

Everything is changed in its place, character by character, so that places in what is parsed are places in the page.
"""

from __future__ import annotations

import re
from typing import Final

from declutter import compiled

__all__ = ["parser_input"]

# No `<` outside of quotes, so that unclosed tags are not read again and again.
_TEMPLATE: Final = re.compile(r"<template[\s/](?:[^<>\"']|\"[^\"]*\"|'[^']*')*+", re.IGNORECASE)
_SHADOW_ROOT: Final = re.compile("shadowrootmode", re.IGNORECASE)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")

# A start tag as the parser reads it beyond doubt; one with a quote or a `<` in an unusual place is none.
_PLAIN_TAG: Final = (
    r"(?:[ \t\n\f\r]++[^ \t\n\f\r\"'<>/=]++(?:[ \t\n\f\r]*+=[ \t\n\f\r]*+(?:\"[^\"]*+\"|'[^']*+'|[^ \t\n\f\r\"'<>=`]++))?+)*+"
    r"[ \t\n\f\r]*+/?>"
)
_MERGED: Final = re.compile(r"<(?:body|html)(?=[\s/>])", re.IGNORECASE)
_MERGED_TAG: Final = re.compile(rf"<\w+{_PLAIN_TAG}")
# So many start tags of body and html cannot do harm (src/speedups/document.c has the same number).
_FEW_MERGED: Final = 8
# Start tags x their characters, from where on they are neutralised. The parser copies what it has of the attributes with
# each tag: measured, 12 bytes x tags x attributes, so some 50 MB. Of 4,373 pages of corpora none has more than 19.
_MOST_MERGED: Final = 20_000_000

# Elements that the parser opens again in each block until they are closed; `a` and `nobr` close their like themselves.
_FORMATTING: Final = "b|big|code|em|font|i|s|small|strike|strong|tt|u"
_FORMATTING_START: Final = re.compile(rf"<({_FORMATTING})(?=[\s/>])", re.IGNORECASE)
_FORMATTING_TAG: Final = re.compile(rf"<({_FORMATTING}){_PLAIN_TAG}(?P<closed>[^<]*+</\1\s*>)?", re.IGNORECASE)
# The parser opens an element again three times at most if tag and attributes are the same (the Noah's Ark clause of
# WHATWG), and this many elements in one place.
_ALIKE: Final = 3
_DEPTH: Final = 512
# Nodes that formatting elements may come to: 0.6 GB and 2 seconds. Of 4,373 pages of corpora the most is 1.1 million.
_MOST_REOPENED: Final = 2_000_000


def parser_input(source: str) -> str:
    """What of a decoded page goes to the parser, character by character in its place.

    Lone surrogates become U+FFFD. A declarative shadow root would leave the tree; as a plain template its text stays.
    Two kinds of tags would make the tree grow with the square of the page; where they do, and nowhere else, further
    ones are changed: start tags of `body` and `html`, whose attributes are dropped, and unclosed formatting elements
    (`<b>`, `<font>`), which become `<q>`. No text is lost by that.
    """
    if compiled.used and compiled.speedups.is_plain(source):
        return source  # quicker than each of what follows
    if not source.isascii():
        try:
            source.encode()  # ten times quicker than a search
        except UnicodeEncodeError:
            source = _SURROGATE.sub("\ufffd", source)
    if "<template" in source or "<TEMPLATE" in source or "<Template" in source:
        source = _TEMPLATE.sub(lambda tag: _SHADOW_ROOT.sub("data-shadowmod", tag.group()), source)
    return _without_reopened(_without_merged(source))


def _without_merged(source: str) -> str:
    """The page with the later of too many start tags of body and html made into end tags of nothing."""
    kept, characters = 0, 0
    places: list[tuple[int, int]] = []
    for start in _MERGED.finditer(source):
        place = start.start()
        tag = _MERGED_TAG.match(source, place)
        size = (tag.end() if tag else len(source)) - place
        if kept < _FEW_MERGED or kept * (characters + size) <= _MOST_MERGED:
            kept += 1
            characters += size
        else:
            places.append((place + 1, place + 2))
    return _put(source, places, "/")


def _without_reopened(source: str) -> str:
    """The page with the later of too many different unclosed formatting elements made into `<q>`."""
    tags = source.count("<")
    if _DEPTH * tags <= _MOST_REOPENED:
        return source
    starts = list(_FORMATTING_START.finditer(source))
    if _ALIKE * len(starts) * tags <= _MOST_REOPENED:
        return source
    most = _MOST_REOPENED // (_ALIKE * tags)
    different: set[str] = set()
    odd = 0
    names: list[tuple[int, int]] = []
    for start in starts:
        tag = _FORMATTING_TAG.match(source, start.start())
        text = tag.group() if tag else ""
        if tag and (tag["closed"] is not None or text in different):
            continue
        if len(different) + odd >= most:
            names.append(start.span(1))
        elif tag:
            different.add(text)
        else:
            odd += 1
    return _put(source, names, "q")


def _put(source: str, places: list[tuple[int, int]], word: str) -> str:
    """The source with a word, and spaces behind it, in each of these places."""
    pieces: list[str] = []
    done = 0
    for first, end in places:
        pieces += [source[done:first], word.ljust(end - first)]
        done = end
    return "".join([*pieces, source[done:]]) if pieces else source
