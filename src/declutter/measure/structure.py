"""What of a page's structure a tool keeps: headings, list items, table cells, code blocks, quotations, links.

A unit of the page counts as wanted where the gold holds half of its words or more, in the order of a longest common
subsequence; it is kept where what a tool gives has a unit of the same kind with the same words. One reader reads all:
the page, HTML that a tool gives, and Markdown after a CommonMark parser has made HTML of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote, urljoin

import numpy as np
from rapidfuzz.distance import LCSseq

from declutter.blocks import segment
from declutter.document import TEXT, read_document
from declutter.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from declutter.document import Document

__all__ = ["KINDS", "Count", "Unit", "Wanted", "kept_units", "read_units", "wanted_units", "written_html"]

KINDS: Final = ("headings", "list items", "nested items", "table cells", "code blocks", "quotations", "links")
"""What is counted. Nested items are list items in another one; quotations are counted by their paragraphs."""

HEADING, ITEM, NESTED, CELL, CODE, QUOTATION, LINK = KINDS

_LISTS: Final = frozenset(("ul", "ol", "menu"))
_LEVELS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_NEAREST: Final = {
    **dict.fromkeys(_LEVELS, HEADING),
    "td": CELL,
    "th": CELL,
    "pre": CODE,
    "blockquote": QUOTATION,
    "a": LINK,
    "table": "table",
}
# Half of the words, as blocks are aligned to gold (corpus/align.py).
_MATCHED: Final = 0.5
# Words in common (F1) from which two units are the same: one holds a mark such as "[edit]" that the other does not.
_SAME: Final = 0.8
_NONE: Final = -1


class Unit(NamedTuple):
    """A heading, list item, cell, code block, paragraph of a quotation or link.

    Attributes:
        kind: one of KINDS.
        words: of the whole unit; of a list item without those of the lists in it.
        detail: the address of a link, the lines of a code block, else "".
    """

    kind: str
    words: tuple[str, ...]
    detail: str = ""


class Wanted(NamedTuple):
    """The structure of a page.

    Attributes:
        inside: what the gold holds, with the words of it that the gold holds.
        neutral: what is neither wanted nor wrong: h1 headings, which most golds leave out, and cells of tables that are
            no tables of data but lay out the page.
    """

    inside: tuple[Unit, ...]
    neutral: tuple[Unit, ...]


class Count(NamedTuple):
    """Units of one kind on one page.

    Attributes:
        wanted: those that the gold holds.
        kept: of them, those that a tool's output has.
        wrong: units of the output that are not of the gold, or not of that kind in the page, or there twice.
    """

    wanted: int
    kept: int
    wrong: int


class _Found(NamedTuple):
    """A unit as it stands in a document.

    Attributes:
        kind, detail: as of a Unit.
        nodes: its text nodes.
        neutral: see Wanted.
        above: of a nested item the text nodes of the item around it.
    """

    kind: str
    nodes: list[int]
    detail: str = ""
    neutral: bool = False
    above: tuple[int, ...] = ()


def written_html(markdown: str) -> str:
    """Markdown as HTML, by CommonMark with tables and strikethrough; HTML in it counts as such."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - costs start-up time

    return str(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown))


def read_units(html: str, base: str = "") -> list[Unit]:
    """All units of a tool's HTML.

    Args:
        html: what it gave, whole or a fragment.
        base: address that links are resolved against.
    """
    document = read_document(html)
    words = {node: split_words(document.texts[node]) for node in _shown(document)[0]}
    return [
        Unit(found.kind, tuple(word for node in found.nodes for word in words[node]), found.detail)
        for found in _units(document, base)
        if any(words[node] for node in found.nodes)
    ]


def wanted_units(html: str | bytes, gold: str, base: str = "") -> Wanted:
    """What of a page's structure its gold text holds.

    Args:
        html: the page.
        gold: its main text.
        base: address that links are resolved against.
    """
    document = read_document(html)
    words = {node: split_words(document.texts[node]) for node in _shown(document)[0]}
    flat = [word for found in words.values() for word in found]
    hits = np.zeros(len(flat), dtype=np.bool_)
    for part in LCSseq.opcodes(flat, split_words(gold)):
        if part.tag == "equal":
            hits[part.src_start : part.src_end] = True
    held: dict[int, list[str]] = {}
    at = 0
    for node, found in words.items():
        held[node] = [word for word, hit in zip(found, hits[at : at + len(found)], strict=True) if hit]
        at += len(found)
    inside, neutral = [], []
    for unit in _units(document, base):
        every = tuple(word for node in unit.nodes for word in words[node])
        matched = tuple(word for node in unit.nodes for word in held[node])
        if unit.neutral:
            neutral.append(Unit(unit.kind, every, unit.detail))
        elif _is_held(unit.nodes, words, held) and (not unit.above or _is_held(unit.above, words, held)):
            inside.append(Unit(unit.kind, matched, unit.detail))
    return Wanted(tuple(inside), tuple(neutral))


def _is_held(nodes: Sequence[int], words: dict[int, list[str]], held: dict[int, list[str]]) -> bool:
    matched = sum(len(held[node]) for node in nodes)
    return matched > 0 and matched >= _MATCHED * sum(len(words[node]) for node in nodes)


def kept_units(wanted: Wanted, shown: Sequence[Unit]) -> dict[str, Count]:
    """How much of what is wanted an output shows, and what it shows beside it, by kind.

    Args:
        wanted: of the page.
        shown: units of the output.
    """
    counts = {}
    for kind in KINDS:
        asked = [unit for unit in wanted.inside if unit.kind == kind]
        given = [unit for unit in shown if unit.kind == kind]
        right, left = _paired(asked, given)
        neutral, _ = _paired([unit for unit in wanted.neutral if unit.kind == kind], left)
        counts[kind] = Count(len(asked), right, len(given) - right - neutral)
    return counts


def _paired(asked: Iterable[Unit], given: Iterable[Unit]) -> tuple[int, list[Unit]]:
    """How many units have one that is the same, each used once, the equal ones first; and those left over."""
    stock = Counter(given)
    pairs, rest = 0, []
    for unit in asked:
        if stock[unit] > 0:
            stock[unit] -= 1
            pairs += 1
        else:
            rest.append(unit)
    holders: dict[str, set[Unit]] = defaultdict(set)
    for unit in +stock:
        for word in unit.words:
            holders[word].add(unit)
    for unit in rest:
        # Two thirds of its words are in one that is the same: of any third of them and one more, at least one.
        count = len(unit.words) if unit.kind == LINK else len(unit.words) // 3 + 1
        rare = sorted(unit.words, key=lambda word: len(holders.get(word, ())))[:count]
        near = {other for word in rare for other in holders.get(word, ()) if stock[other] > 0}
        best = max(near, key=lambda other: (_likeness(unit, other), other), default=None)
        if best is not None and _likeness(unit, best) >= _SAME:
            stock[best] -= 1
            pairs += 1
    return pairs, list(stock.elements())


def _likeness(one: Unit, other: Unit) -> float:
    """F1 of the words of two units, 0 where links lead elsewhere or code has other lines.

    Of links the share of the shorter one's: Markdown has links in a line alone, so one around blocks stands on a part of them.
    """
    if one.kind == CODE and one.detail.count("\n") != other.detail.count("\n"):
        return 0.0
    if one.kind == LINK and one.detail != other.detail:
        return 0.0
    common = (Counter(one.words) & Counter(other.words)).total()
    sizes = len(one.words), len(other.words)
    return common / min(sizes) if one.kind == LINK else 2 * common / sum(sizes)


def _shown(document: Document) -> tuple[list[int], list[int]]:
    """The text nodes that hold characters of blocks, and the block of every node, -1 for none."""
    of_node: list[int] = segment(document).of_node.tolist()
    return [node for node, tag in enumerate(document.tags) if tag == TEXT and of_node[node] >= 0], of_node


def _units(document: Document, base: str) -> Iterator[_Found]:
    """The units of a document, in no order; text that scripts, styles and the like hold is none."""
    tags = document.tags
    parents: list[int] = document.parents.tolist()
    nearest = {name: [_NONE] * len(tags) for name in {*_NEAREST.values(), ITEM}}
    for node, tag in enumerate(tags):
        for name, rows in nearest.items():
            rows[node] = rows[parents[node]] if node else _NONE
            own = _NEAREST.get(tag) == name or (name == ITEM and tag == "li" and tags[parents[node]] in _LISTS)
            # Of quotations and code in each other the outermost counts.
            if own and (name not in {CODE, QUOTATION} or rows[node] == _NONE):
                rows[node] = node
    texts, of_node = _shown(document)
    parts: dict[tuple[str, int], list[int]] = defaultdict(list)
    for node in texts:
        for name in (HEADING, CELL, CODE, LINK):
            parts[name, nearest[name][node]].append(node)
        # A table in a list item is not its text.
        if nearest[ITEM][node] > nearest[CELL][node]:
            parts[ITEM, nearest[ITEM][node]].append(node)
        if nearest[QUOTATION][node] != _NONE:
            parts[QUOTATION, of_node[node]].append(node)
    data = _tables_of_data(document, nearest["table"])
    for (name, node), nodes in parts.items():
        if node == _NONE:
            continue
        if name == CELL:
            yield _Found(CELL, nodes, neutral=nearest["table"][node] not in data)
        elif name == QUOTATION:
            yield _Found(QUOTATION, nodes)
        elif name == CODE:
            yield _Found(CODE, nodes, _lines(document, node))
        elif name == LINK:
            yield from _link(document, node, nodes, base)
        elif nearest["table"][node] not in data:  # Markdown has no headings and lists in tables
            yield _Found(name, nodes, neutral=tags[node] == "h1")
            around = nearest[ITEM][parents[node]]
            if name == ITEM and (ITEM, around) in parts and around != _NONE:
                yield _Found(NESTED, nodes, above=tuple(parts[ITEM, around]))


def _link(document: Document, node: int, nodes: list[int], base: str) -> Iterator[_Found]:
    href = (document.attribute(node, "href") or "").strip()
    if href and not href.lower().startswith("javascript:"):
        try:
            address = urljoin(base, href)
        except ValueError:  # an address that is none
            address = href
        yield _Found(LINK, nodes, unquote(address))


def _lines(document: Document, code: int) -> str:
    """The lines of a code block, without white space at their ends and blank lines around them."""
    rows = range(code, int(document.ends[code]))
    text = "".join("\n" if document.tags[row] == "br" else document.texts[row] for row in rows)
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")


def _tables_of_data(document: Document, nearest: list[int]) -> set[int]:
    """Tables of two rows and two columns or more, neither in another one nor around one, that do not say they are layout."""
    tags = document.tags
    parents: list[int] = document.parents.tolist()
    cells: dict[int, Counter[int]] = defaultdict(Counter)
    nested: set[int] = set()
    for node, tag in enumerate(tags):
        if tag in {"td", "th"}:
            cells[nearest[node]][parents[node]] += 1
        elif tag == "table" and (above := nearest[parents[node]]) != _NONE:
            nested |= {node, above}
    return {
        table
        for table, rows in cells.items()
        if table not in nested
        and len(rows) > 1
        and max(rows.values()) > 1
        and document.attribute(table, "role") not in {"presentation", "none"}
    }
