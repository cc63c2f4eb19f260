"""What was learnt from a person's labels on pages of some sites, beside and never inside the trained trees.

A site has a template: the same boxes with the same class names and the same words come back on its pages. For each site
this holds, by hashed key, how far an element of its template, or a text that comes back, moves the log-odds that a block
is content, and which kinds of chrome stood there. A page is of a site where RECOGNISED of the elements that have names on it
are known from the site's labelled pages; on every other page nothing is changed at all. Class names are of use here, and no
veto: they move what the model says, by as much as the labelled pages bear out.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from declutter.document import TEXT
from declutter.labels import CHROME
from declutter.words import split_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

    Floats = NDArray[np.float64]
    Keys = NDArray[np.uint64]

__all__ = ["RECOGNISED", "OnSite", "PageKeys", "Site", "page_keys", "recognised"]

RECOGNISED: Final = 0.3
"""Share of a page's named elements that a site must know for the page to be one of its own (docs/experiments.md)."""

# The first words of a text tell it; a number in it (a count, a date) is any number.
_WORDS: Final = 30
_NUMBER: Final = re.compile(r"\d+")
_NAMES: Final = ("class", "id", "role", "itemprop")


@dataclass(frozen=True, slots=True)
class PageKeys:
    """What of a page's n blocks a site may know.

    Attributes:
        named: uint64, sorted, the different keys of elements with names.
        keys, rows: uint64 and int64, k: the keys that count for the content of a block, and its row.
        nearest: uint64, n, the key of the nearest element with names; 0 for none.
        texts: uint64, n, the key of the block's words; 0 for none.
    """

    named: Keys
    keys: Keys
    rows: NDArray[np.int64]
    nearest: Keys
    texts: Keys


def page_keys(document: Document, blocks: Blocks) -> PageKeys:
    """The keys of a page.

    The key of an element is of its tag and names and those of its parent; names with a number in them (of a post, say) are
    none. A block has the keys of all elements around it and that of its words.
    """
    parents: list[int] = document.parents.tolist()
    own: list[str] = []
    has: list[bool] = []
    keys: list[int] = []
    # Of each node the nearest element with names, itself or above; and the next of those further up.
    nearest: list[int] = []
    memory: dict[str, int] = {}
    for node, tag in enumerate(document.tags):
        parent = parents[node]
        above = nearest[parent] if parent >= 0 else -1
        if tag == TEXT:
            own.append("")
            has.append(False)
            keys.append(0)
            nearest.append(above)
            continue
        names = _names(document, node)
        own.append(f"{tag} {names}")
        has.append(bool(names))
        if names or (parent >= 0 and has[parent]):
            keys.append(_key(f"{own[node]}\0{own[parent] if parent >= 0 else ''}", memory))
            nearest.append(node)
        else:
            keys.append(0)
            nearest.append(above)
    around: list[list[int]] = []
    for owner in blocks.owners.tolist():
        found, node = set(), nearest[owner]
        while node >= 0:
            found.add(keys[node])
            up = parents[node]
            node = nearest[up] if up >= 0 else -1
        around.append(sorted(found))
    texts = [_text_key(text, memory) for text in blocks.texts]
    for found_keys, text in zip(around, texts, strict=True):
        if text:
            found_keys.append(text)
    counts = [len(found_keys) for found_keys in around]
    at = [keys[nearest[owner]] if nearest[owner] >= 0 else 0 for owner in blocks.owners.tolist()]
    return PageKeys(
        np.unique(np.array([key for key in keys if key], dtype=np.uint64)),
        np.fromiter(chain.from_iterable(around), np.uint64, sum(counts)),
        np.repeat(np.arange(len(blocks)), counts),
        np.array(at, dtype=np.uint64),
        np.array(texts, dtype=np.uint64),
    )


def _names(document: Document, node: int) -> str:
    words = {
        f"{name[0]}{word}"
        for name, value in document.attributes[node]
        if name in _NAMES and value
        for word in value.split()
        if not _NUMBER.search(word)
    }
    return " ".join(sorted(words))


def _text_key(text: str, memory: dict[str, int]) -> int:
    words = split_words(text[: _WORDS * 20])[:_WORDS]
    return _key("#text " + _NUMBER.sub("0", " ".join(words)).lower(), memory) if words else 0


def _key(text: str, memory: dict[str, int]) -> int:
    if text not in memory:
        digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        memory[text] = int.from_bytes(digest, "big") | 1  # never 0
    return memory[text]


class Site:
    """What is known of one site; k keys of elements and texts, m keys of kinds.

    Args:
        arrays: named: uint64, sorted, the elements with names of its labelled pages. keys: uint64, k, sorted; moves:
            float64, k, what each adds to the log-odds of content. kind_keys: uint64, m, sorted; kinds: float64, m x kinds,
            on how many pages each kind stood there (shares of a page count as such).

    Raises:
        ValueError, TypeError, KeyError: the arrays do not fit each other: they may come from a file.
    """

    def __init__(self, arrays: Mapping[str, Any]) -> None:
        self.named, self.keys, self.kind_keys = (
            np.asarray(arrays[name]).astype(np.uint64, casting="safe") for name in ("named", "keys", "kind_keys")
        )
        self.moves = np.asarray(arrays["moves"], dtype=np.float64)
        self.kinds = np.asarray(arrays["kinds"], dtype=np.float64)
        for keys in (self.named, self.keys, self.kind_keys):
            if keys.ndim != 1 or (keys[1:] <= keys[:-1]).any():
                raise ValueError("the keys of a site are not in order")
        if self.moves.shape != self.keys.shape or self.kinds.shape != (len(self.kind_keys), len(CHROME)):
            raise ValueError("the arrays of a site do not fit")
        if not (np.isfinite(self.moves).all() and np.isfinite(self.kinds).all() and (self.kinds >= 0).all()):
            raise ValueError("the arrays of a site hold what is no number")

    def share(self, page: PageKeys) -> float:
        """Share of the page's named elements that are known; 0 where it has none."""
        return float(np.isin(page.named, self.named).mean()) if len(page.named) else 0.0

    def content(self, page: PageKeys, scores: Floats) -> Floats:
        """The content scores (float64, n, calibrated) with what is known of the site."""
        place, known = _places(self.keys, page.keys)
        moves = np.zeros(len(scores))
        np.add.at(moves, page.rows[known], self.moves[place])
        return shifted(scores, moves)

    def probabilities(self, page: PageKeys, probabilities: Floats) -> Floats:
        """The shares of the kinds with what is known of the site (n x labels); the content scores stay.

        Each step takes what was said before as one page more: Dirichlet smoothing, from the element to the words (MacKay and
        Peto 1995).
        """
        content = probabilities[:, :1]
        rest = probabilities[:, 1:].sum(axis=1, keepdims=True)
        shares = probabilities[:, 1:] / np.maximum(rest, 1e-300)
        for keys in (page.nearest, page.texts):
            place, known = _places(self.kind_keys, keys)
            seen = np.zeros_like(shares)
            seen[known] = self.kinds[place]
            shares = (shares + seen) / (1 + seen.sum(axis=1, keepdims=True))
        return np.hstack([content, rest * shares])


class OnSite(NamedTuple):
    """A page that is of a known site."""

    site: Site
    page: PageKeys

    def content(self, scores: Floats) -> Floats:
        """See `Site.content`."""
        return self.site.content(self.page, scores)

    def probabilities(self, probabilities: Floats) -> Floats:
        """See `Site.probabilities`."""
        return self.site.probabilities(self.page, probabilities)

    def adapted(self, probabilities: Floats) -> Floats:
        """What the trained model says of the page (n x labels), with what is known of the site."""
        before = probabilities[:, :1]
        content = self.content(before[:, 0])[:, None]
        rest = probabilities[:, 1:] * ((1 - content) / np.maximum(1 - before, 1e-300))
        return self.probabilities(np.hstack([content, rest]))


def recognised(sites: Sequence[Site], page: PageKeys) -> OnSite | None:
    """The site that knows most of a page's named elements, if it knows enough of them; the first of equals."""
    shares = [site.share(page) for site in sites]
    best = max(shares, default=0.0)
    return OnSite(sites[shares.index(best)], page) if best >= RECOGNISED else None


def shifted(scores: Floats, moves: Floats) -> Floats:
    """Probabilities whose log-odds are moved; those that are not moved stay to the last bit."""
    clipped = np.clip(scores, 1e-6, 1 - 1e-6)
    logit = np.log(clipped) - np.log1p(-clipped)
    return np.where(moves == 0, scores, 1 / (1 + np.exp(-(logit + moves))))


def _places(known: Keys, asked: Keys) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Where the known ones of some keys stand, and which of them are known."""
    place = np.searchsorted(known, asked)
    found = place < len(known)
    found[found] = known[place[found]] == asked[found]
    return place[found].astype(np.int64), found
