"""What the features read: arrays over the nodes and blocks of one page, each computed once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter import compiled
from declutter.document import TEXT
from declutter.features.ancestors import any_above, depths, furthest
from declutter.features.arrays import group_sums, range_sums, ratio
from declutter.features.characters import CharClass, class_counts, dated_rows, endings
from declutter.features.fields import field_nodes
from declutter.features.frame import frame_of
from declutter.features.head import Head, read_head
from declutter.features.headline import find_headline
from declutter.features.languages import guess_language, word_bits
from declutter.features.lent import Lent
from declutter.features.names import CLASS_GROUPS, node_marks
from declutter.features.pathgroups import path_groups
from declutter.features.tags import TAG_CODES, any_of, tag_codes
from declutter.features.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.compiled import speedups
    from declutter.document import Document

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["LEVELS", "PageView", "group_sums", "ratio"]

LEVELS: Final = 4
"""How many distinct containers above a block the features look at."""

# A Han, kana or Hangul character carries about as much as two and a half Latin ones.
_IDEOGRAPH_WEIGHT: Final = 2.5


class PageView:
    """Arrays of one page: `m` nodes, `n` blocks, and `k` elements, those that hold text.

    The elements are a tree of their own: every ancestor of one is one. Row 0 is the document.

    Attributes:
        sizes: float64, n, length in Latin-letter equivalents (an ideograph counts 2.5), white space left out.
        words: float64, n, words.
        link_sizes: float64, n, the part of `sizes` inside `<a href>`.
        owners: int64, n, the element of each block.
        nodes, node_ends: int64, k, the node of each element, and one past the last node of its subtree.
        parents: int64, k, the parent of each element, 0 for row 0.
        first, last: int64, k, the blocks of an element's subtree are rows first[element]:last[element].
    """

    def __init__(self, document: Document, blocks: Blocks) -> None:
        self.document = document
        self.blocks = blocks
        self.n = len(blocks)
        self.lent = Lent(self.n)
        self.starts: Ints = blocks.starts.astype(np.int64)
        self.nodes, self.node_ends, self.first, self.last, self.parents, self.owners = self._lay_out()
        self.counts, self.words = class_counts(blocks.texts)
        counts = self.counts
        self.sizes: Floats = (
            counts.sum(axis=1) - counts[:, CharClass.SPACE] + (_IDEOGRAPH_WEIGHT - 1) * counts[:, CharClass.IDEOGRAPH]
        )

    def _lay_out(self) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints]:
        # nodes, node_ends, first, last, parents, owners
        document, blocks, m = self.document, self.blocks, len(self.document)
        if compiled.used:  # src/speedups/elements.c
            found, owned = np.empty((5, m), dtype=np.int64), np.empty(self.n, dtype=np.int64)
            columns = blocks.starts, document.ends, self.codes, document.parents, blocks.owners
            count = compiled.speedups.elements(*columns, found, owned)
            nodes, node_ends, first, last, parents = found[:, :count]
            return nodes, node_ends, first, last, parents, owned
        ends = document.ends.astype(np.int64)
        before = np.zeros(m + 1, dtype=np.int64)  # blocks that start before each node
        before[1:] = np.cumsum(np.bincount(self.starts, minlength=m))
        filled = (before[ends] > before[:-1]) & (self.codes != TAG_CODES[TEXT])
        filled[0] = True
        nodes = np.flatnonzero(filled)
        node_ends = ends[nodes]
        of_node = np.cumsum(filled) - 1
        above = document.parents[nodes]
        above[0] = 0
        return nodes, node_ends, before[nodes], before[node_ends], of_node[above], of_node[blocks.owners]

    @cached_property
    def frame(self) -> speedups.Frame:
        """What the compiled forms of the features read."""
        return frame_of(self)

    @cached_property
    def run_starts(self) -> Ints:
        """The first node of each block's run with the inline elements around it.

        Behind the start tag of the block's element, and behind the block before.
        """
        before = np.concatenate(([0], self.blocks.ends[:-1].astype(np.int64))) if self.n else self.starts
        return np.minimum(np.maximum(self.blocks.owners + 1, before), self.starts)

    # -- sums over subtrees ------------------------------------------------------------------------------------

    def below(self, values: Floats) -> Floats:
        """Sum a quantity of blocks over the subtree of every element (float64, k)."""
        return range_sums(values, self.first, self.last)

    def nodes_below(self, *tags: str) -> Floats:
        """How many nodes of these tags are in the subtree of every element, itself included (float64, k)."""
        total = self.counted(np.flatnonzero(self.nodes_tagged(*tags)))
        return (total[self.node_ends] - total[self.nodes]).astype(np.float64)

    def near(self, kinds: Sequence[Ints], levels: int) -> Floats:
        """How many nodes of each kind are below the blocks' elements and containers.

        Args:
            kinds: for each kind its nodes, in any order; one counts as often as it is named.
            levels: how many levels, the block's own element first.

        Returns:
            float64, (kinds * levels) x n, the levels of one kind together.
        """
        found = np.zeros((len(kinds) * levels, self.n))
        for row, nodes in enumerate(kinds):
            if len(nodes):  # most pages have few of the kinds
                total = self.counted(nodes)
                for up, level in enumerate(self.containers[:levels]):
                    found[row * levels + up] = total[self.node_ends[level]] - total[self.nodes[level]]
        return found

    def counted(self, nodes: Ints) -> Ints:
        """How many of these nodes come before each node, and at last all of them (int64, m + 1)."""
        m = len(self.document)
        if compiled.used:
            total = np.empty(m + 1, dtype=np.int64)
            compiled.speedups.counted(nodes, total)
            return total
        total = np.zeros(m + 1, dtype=np.int64)
        np.cumsum(np.bincount(nodes, minlength=m), out=total[1:])
        return total

    @cached_property
    def block_counts(self) -> Ints:
        """Blocks in the subtree of every element (int64, k)."""
        return self.last - self.first

    # -- containers --------------------------------------------------------------------------------------------

    @cached_property
    def widest(self) -> Ints:
        """For every element the highest ancestor with the same blocks: wrappers around one thing count as one."""
        return furthest(self.parents, self.block_counts[self.parents] == self.block_counts)

    @cached_property
    def containers(self) -> list[Ints]:
        """Level by level the next larger container of each block (int64, n); level 0 is the block's own element."""
        if compiled.used:
            return self._laid_out[0]
        level = self.widest[self.owners]
        levels = [level]
        for _ in range(LEVELS):
            level = self.widest[self.parents[level]]
            levels.append(level)
        return levels

    @cached_property
    def _laid_out(self) -> tuple[list[Ints], Ints]:
        levels, headings = np.empty((LEVELS + 1, self.n), dtype=np.int64), np.empty(self.n, dtype=np.int64)
        self.frame.containers(levels, headings)
        return list(levels), headings

    @cached_property
    def last_headings(self) -> Ints:
        """The row of the last heading before each block, -1 for none; a heading's own row does not count."""
        if compiled.used:
            return self._laid_out[1]
        is_heading = self.tagged("h1", "h2", "h3", "h4", "h5", "h6")[self.owners]
        rows = np.where(is_heading, np.arange(self.n), -1)
        seen = np.maximum.accumulate(rows) if self.n else rows
        return np.concatenate(([-1], seen[:-1])) if self.n else seen

    @cached_property
    def prose_values(self) -> Floats:
        """How much each block looks like prose by length and links alone: positive for prose, negative for link text.

        Words outside links less words in links, less a toll of 10 a block, so that lone short blocks pull down
        (Pasternack and Roth 2009 use a like toll on tokens).
        """
        density = ratio(self.link_sizes, self.sizes)
        words = np.minimum(self.words, 80)
        return np.asarray(words * (1 - 2 * density) - 10)

    @cached_property
    def _box_rows(self) -> Ints:
        # Rows and nodes of every block's box, int64, 4 x n (src/speedups/told.c).
        rows = np.empty((4, self.n), dtype=np.int64)
        self.frame.boxes(self.headline, rows)
        return rows

    @cached_property
    def _boxes(self) -> tuple[Ints, NDArray[np.bool_]]:
        # For every block the element that is its box, and whether it has none and is one by itself.
        # Sixteenths add up without rounding, so that equal halves are equal.
        prose = np.rint(np.maximum(self.prose_values, 0.0) * 16)
        below = self.below(prose)
        whole = below * 2 > max(float(below[0]), 16.0)
        if self.headline >= 0:
            whole |= (self.first <= self.headline) & (self.headline < self.last)
        whole[0] = True
        return furthest(self.parents, ~whole[self.parents])[self.owners], whole[self.owners]

    @cached_property
    def boxes(self) -> tuple[Ints, Ints]:
        """The rows [first, last) of the box that each block is in (own).

        The box is the largest element around the block that holds neither the main headline nor more than half of the
        page's prose: a paragraph of the article is a box of its own, one of a letter to readers is in the letter's.
        """
        if compiled.used:
            return self._box_rows[0], self._box_rows[1]
        box, alone = self._boxes
        rank = np.arange(self.n)
        return np.where(alone, rank, self.first[box]), np.where(alone, rank + 1, self.last[box])

    @cached_property
    def box_nodes(self) -> tuple[Ints, Ints]:
        """The nodes [first, last) of the box of each block; of the block's run where it is one by itself."""
        if compiled.used:
            return self._box_rows[2], self._box_rows[3]
        box, alone = self._boxes
        ends = self.blocks.ends.astype(np.int64)
        return np.where(alone, self.run_starts, self.nodes[box]), np.where(alone, ends, self.node_ends[box])

    def boxed(self, values: Floats) -> Floats:
        """Sum a quantity of blocks over the box of every block (float64, n)."""
        first, last = self.boxes
        return range_sums(values, first, last)

    @cached_property
    def dated(self) -> Floats:
        """1 for each block whose beginning holds a year, a date or a time of day (float64, n)."""
        return dated_rows(self.blocks.texts, self.counts)

    @cached_property
    def endings(self) -> Floats:
        """Of each block its line breaks, and whether it ends with a sentence, and with a colon (float64, 3 x n)."""
        return endings(self.blocks.texts)

    # -- elements ----------------------------------------------------------------------------------------------

    @cached_property
    def codes(self) -> NDArray[np.int32]:
        """The tag of every node as a number of TAG_CODES, 0 for those that no feature asks for, -1 for text."""
        return tag_codes(self.document.tags)

    def rows_of(self, *tags: str) -> Ints:
        """The nodes of some tags, in document order."""
        return np.array(self.document.rows_of(*tags), dtype=np.int64)

    def nodes_tagged(self, *tags: str) -> NDArray[np.bool_]:
        """Which nodes have one of these tags (m)."""
        return any_of(self.codes, tags)

    @cached_property
    def fields(self) -> dict[str, Ints]:
        """The nodes of each kind of input."""
        return field_nodes(self.document, self.document.rows_of("input", "textarea", "button"))

    @cached_property
    def _element_codes(self) -> NDArray[np.int32]:
        return self.codes[self.nodes]

    def tagged(self, *tags: str) -> NDArray[np.bool_]:
        """Which elements have one of these tags (k)."""
        return any_of(self._element_codes, tags)

    @cached_property
    def marks(self) -> Ints:
        """For every element the marks (bits, see names.py) that it carries itself."""
        return node_marks(self.document, self.nodes)

    @cached_property
    def inside(self) -> Ints:
        """For every element the marks of itself and all its ancestors."""
        return any_above(self.parents, self.marks)

    @cached_property
    def depths(self) -> Ints:
        """Number of ancestors of every element."""
        return depths(self.node_ends, self.nodes)

    @cached_property
    def _groups(self) -> tuple[Ints, Ints, Ints]:
        return path_groups(self)

    @property
    def paths(self) -> tuple[Ints, Ints]:
        """For every block two group numbers from 0 (int64, n): its element's tag path, and that with class names."""
        return self._groups[:2]

    @property
    def siblings(self) -> Ints:
        """For every element the number of the children of its parent with its tag and class names; 0 for row 0 alone."""
        return self._groups[2]

    @cached_property
    def link_sizes(self) -> Floats:
        """See the class."""
        document, blocks = self.document, self.blocks
        if compiled.used:  # src/speedups/columns.c
            sizes = np.empty(self.n)
            columns = self.codes, blocks.of_node, document.ends, TAG_CODES["a"]
            compiled.speedups.link_sizes(document.texts, *columns, self.sizes, sizes)
            return sizes
        depth = np.zeros(len(document) + 1, dtype=np.int64)
        links = np.flatnonzero(self.nodes_tagged("a"))
        depth[links] = 1
        np.subtract.at(depth, document.ends[links], 1)
        in_link = np.cumsum(depth[:-1]) > 0
        of_node = blocks.of_node.astype(np.int64)
        lengths = np.zeros(len(document))
        rows = np.flatnonzero(of_node >= 0)
        texts = document.texts
        is_text = (self.codes[rows] == TAG_CODES[TEXT]).tolist()
        inked = zip(rows.tolist(), is_text, strict=True)
        lengths[rows] = [len(texts[row].strip()) if text else 1 for row, text in inked]
        everything = group_sums(of_node[rows], lengths[rows], self.n)
        linked = rows[in_link[rows]]
        part = group_sums(of_node[linked], lengths[linked], self.n)
        return self.sizes * ratio(part, everything)

    # -- words -------------------------------------------------------------------------------------------------

    @cached_property
    def tokens(self) -> Tokens:
        """The first words of every block."""
        return Tokens(self.blocks.texts)

    @cached_property
    def language(self) -> str:
        """The page's language, guessed: an ISO 639-1 code, "" where nothing tells."""
        tokens = self.tokens
        counts = np.bincount(tokens.numbers, minlength=len(tokens.vocabulary))
        return guess_language(tokens.vocabulary, self.head.language, counts)

    @cached_property
    def word_bits(self) -> Ints:
        """What each word of the vocabulary is of (see `word_bits` of languages.py)."""
        return word_bits(self.language, self.tokens.vocabulary)

    @cached_property
    def titles(self) -> list[set[int]]:
        """The numbers (see Tokens.of) of the different words of each title that has any."""
        return [words for title in self.head.titles if (words := set(self.tokens.of(title).tolist()))]

    @cached_property
    def headline(self) -> int:
        """The row of the main headline, -1 for none."""
        return find_headline(self)

    @cached_property
    def head(self) -> Head:
        """What the page says of itself."""
        return read_head(self.document)


assert len(CLASS_GROUPS) <= 62  # marks are bits of an int64
