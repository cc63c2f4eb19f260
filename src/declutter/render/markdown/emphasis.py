"""Strong and emphasised text.

turbohtml writes tags in place of asterisks, on the whole page, where a single emphasis begins or ends with a letter that is not
ASCII. So each is marked, and written once it is known which characters it stands between, by the rules of CommonMark 0.31 for
delimiter runs (section 6.2): with asterisks, with underscores beside other asterisks, else with tags.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Final, NamedTuple

import turbohtml

from declutter.render.markdown.links import ANY_BLOCK, BLOCKS
from declutter.render.markdown.marks import CLOSE, OPEN, in_code, is_raw

__all__ = ["mark_emphasis", "with_emphasis"]

_KINDS: Final = {"b": "strong", "strong": "strong", "i": "em", "em": "em"}
_ELEMENTS: Final = ", ".join(_KINDS)
_OPENING: Final = {mark: kind for kind, mark in OPEN.items()}
_CLOSING: Final = {mark: kind for kind, mark in CLOSE.items()}
_ALL: Final = frozenset((*_OPENING, *_CLOSING))
_EACH: Final = re.compile(f"[{''.join(sorted(_ALL))}]")
_SPACE: Final = r"((?:[ \t\n]|\\\n)+)"
_AT_OPENING: Final = re.compile(f"([{''.join(_OPENING)}]+){_SPACE}")
_AT_CLOSING: Final = re.compile(f"{_SPACE}([{''.join(_CLOSING)}]+)")


class _Pair(NamedTuple):
    start: int
    end: int
    kind: str


def mark_emphasis(tree: turbohtml.Node) -> None:
    """Put marks in the places of elements that emphasise; those around blocks, in code and in what stays HTML are left.

    Elements side by side that emphasise alike are one, those around white space none: editors leave such behind.
    """
    known: dict[turbohtml.Element, bool] = {}
    around_blocks = _around_blocks(tree)
    for element in tree.select(_ELEMENTS):
        if element.parent is None or in_code(element) or element in around_blocks:
            continue
        if is_raw(element, known):
            continue
        kind = _KINDS[element.tag]
        while (
            isinstance(other := element.next_sibling, turbohtml.Element)
            and _KINDS.get(other.tag) == kind
            and other not in around_blocks
        ):
            for node in list(other.children):
                element.append(node)
            other.extract()
        for step in (0, -1):
            while (children := element.children) and getattr(children[step], "tag", "") == "br":
                element.insert_after(children[step]) if step else element.insert_before(children[step])
        if element.text.strip() or element.find("img") is not None:
            element.insert_before(turbohtml.Text(OPEN[kind]))
            element.insert_after(turbohtml.Text(CLOSE[kind]))
        element.unwrap()


def _around_blocks(tree: turbohtml.Node) -> set[turbohtml.Node]:
    """The elements that hold a block and are none; each is come to once, however deep the blocks stand.

    Blocks are left out: those that were made here have hashes of which a large set is slow.
    """
    found: set[turbohtml.Node] = set()
    for block in tree.select(ANY_BLOCK):
        around = block.parent
        while isinstance(around, turbohtml.Element) and around.tag not in BLOCKS and around not in found:
            found.add(around)
            around = around.parent
    return found


def with_emphasis(markdown: str) -> str:
    """Markdown with asterisks, underscores or tags in the places of marks."""
    if not _EACH.search(markdown):
        return markdown
    # White space goes out of an emphasis, and marks that are not written go, which would stand between others and their letters;
    # twice, for either may bring another to the edge.
    for _ in range(2):
        markdown = _AT_CLOSING.sub(r"\2\1", _AT_OPENING.sub(r"\2\1", _without_idle(markdown)))
    written: dict[int, str] = {}
    for pair in _pairs(markdown):
        before, after = _style(markdown, pair, written)
        written[pair.start], written[pair.end] = before, after
    return _EACH.sub(lambda found: written.get(found.start(), ""), markdown)


def _without_idle(markdown: str) -> str:
    """Markdown without the marks that are not written: those inside of their like, and those around nothing."""
    kept = {place for pair in _pairs(markdown) for place in (pair.start, pair.end)}
    return _EACH.sub(lambda found: found[0] if found.start() in kept else "", markdown)


def _pairs(markdown: str) -> list[_Pair]:
    """The marks that belong together, by their beginning; those of one kind inside each other are dropped but for the outermost."""
    found: list[_Pair] = []
    waiting: list[tuple[int, str]] = []
    around: Counter[str] = Counter()
    for mark in _EACH.finditer(markdown):
        if mark[0] in _OPENING:
            waiting.append((mark.start(), _OPENING[mark[0]]))
            around[_OPENING[mark[0]]] += 1
        elif waiting and waiting[-1][1] == _CLOSING[mark[0]]:
            start, kind = waiting.pop()
            around[kind] -= 1
            if not around[kind]:
                found.append(_Pair(start, mark.start(), kind))
    return sorted(found)


def _style(markdown: str, pair: _Pair, written: dict[int, str]) -> tuple[str, str]:
    """What an emphasis is written with: at its beginning and at its end."""
    size = 2 if pair.kind == "strong" else 1
    first, last = _char(markdown, pair.start, 1), _char(markdown, pair.end, -1)
    before, after = _char(markdown, pair.start, -1), _char(markdown, pair.end, 1)
    beside = written.get(pair.start - 1, "") + written.get(pair.end + 1, "")
    for sign in "*_":
        binds = _binds(first, before, sign) and _binds(last, after, sign)
        if (
            binds
            and sign not in beside
            and sign not in (before, after)
            and "\n\n" not in markdown[pair.start : pair.end]
        ):
            return sign * size, sign * size
    return f"<{pair.kind}>", f"</{pair.kind}>"


def _char(markdown: str, place: int, step: int) -> str:
    """The character beside a mark: "*" for another mark, "" for none."""
    place += step
    if not 0 <= place < len(markdown):
        return ""
    return "." if markdown[place] in _ALL else markdown[place]


def _binds(inner: str, outer: str, sign: str) -> bool:
    """Whether signs between two characters open or close an emphasis."""
    if inner.isspace():
        return False  # as wide as an ideograph; others were moved out
    apart = not outer or outer.isspace() or _is_punctuation(outer)
    return apart or (sign == "*" and not _is_punctuation(inner))


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"
