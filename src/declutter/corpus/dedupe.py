"""Pages that must not be parted between training and testing: the same site, or the same page twice."""

from __future__ import annotations

import ipaddress
import re
import urllib.parse
import zlib
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import numpy as np

from declutter.corpus.markup import page_address, text_of
from declutter.errors import CorpusError
from declutter.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from declutter.corpus.base import CorpusPage

    Hashes = NDArray[np.uint64]

__all__ = ["SIMILARITY", "Duplicate", "domain", "find_duplicates", "without_duplicates"]

SIMILARITY: Final = 0.9
"""Jaccard similarity of their three-word shingles from which two pages are the same page twice."""

# Shorter texts ('Loading ...') say nothing of the page; only equal bytes make such pages one.
_FEWEST_SHINGLES: Final = 20
# 16 bands of 8: pages of similarity .9 share a band with probability .9999, of .5 with .06.
_BANDS: Final = 16
_ROWS: Final = 8
_SEED: Final = 20121


class Duplicate(NamedTuple):
    """A page that another, earlier one makes superfluous; each by corpus and name."""

    page: tuple[str, str]
    of: tuple[str, str]


class _Suffixes(Protocol):
    def privatesuffix(self, domain: str) -> str | None: ...


def domain(page: CorpusPage) -> str:
    """The registrable domain of a page, or what else keeps the pages of one site together; never empty.

    Taken from the page's address, else the canonical link or og:url in the page, else its name in the
    corpus, which may begin with a host name. Where none of them holds a domain it is `corpus/name`, without a
    number of one or two digits after a last hyphen. A page of this project is always on its own. Offline: the
    public suffix list is that of the package `publicsuffixlist`.

    Raises:
        CorpusError: `publicsuffixlist` is not installed.
    """
    if page.corpus == "own":
        return f"own/{page.name}"
    host = page.name.split("--")[0]
    return (
        _registrable(page.url)
        or _registrable(page_address(page.html))
        or (_registrable(f"https://{host}/", strict=True) if re.fullmatch(r"[\w.-]+", host) else None)
        or f"{page.corpus}/{re.sub(r'-[0-9]{1,2}$', '', page.name)}"
    )


def find_duplicates(pages: Iterable[CorpusPage]) -> list[Duplicate]:
    """The pages that are there already: the same bytes, or text of a similarity of at least `SIMILARITY`.

    Of two the earlier stays. MinHash with banding finds the candidates, the shingles themselves decide.
    Linear in the number of pages and words; the same input gives the same result.
    """
    by_hash: dict[str, tuple[str, str]] = {}
    by_band: dict[tuple[int, bytes], list[int]] = {}
    kept: list[tuple[tuple[str, str], Hashes]] = []
    found = []
    for page in pages:
        key = (page.corpus, page.name)
        if (first := by_hash.setdefault(page.sha256, key)) != key:
            found.append(Duplicate(key, first))
            continue
        shingles = _shingles(page.html)
        if len(shingles) < _FEWEST_SHINGLES:
            continue
        bands = _bands(shingles)
        candidates = sorted({index for band in bands for index in by_band.get(band, ())})
        twin = next((index for index in candidates if _jaccard(shingles, kept[index][1]) >= SIMILARITY), None)
        if twin is not None:
            found.append(Duplicate(key, kept[twin][0]))
            continue
        for band in bands:
            by_band.setdefault(band, []).append(len(kept))
        kept.append((key, shingles))
    return found


def without_duplicates(pages: Iterable[CorpusPage]) -> list[CorpusPage]:
    """The pages less those that `find_duplicates` names, in their order."""
    pages = list(pages)
    gone = {duplicate.page for duplicate in find_duplicates(pages)}
    return [page for page in pages if (page.corpus, page.name) not in gone]


def _registrable(url: str | None, *, strict: bool = False) -> str | None:
    """The registrable domain of an address; with `strict` only under a public suffix that is on the list."""
    try:
        host = urllib.parse.urlsplit(url or "").hostname
    except ValueError:
        return None
    if not host:
        return None
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return _suffixes(strict).privatesuffix(host.rstrip("."))


@cache
def _suffixes(strict: bool) -> _Suffixes:
    try:
        from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 - of the extra `train`, and costs 30 ms
    except ImportError as error:
        raise CorpusError(
            "grouping pages by domain needs publicsuffixlist: `pip install 'declutter-html[train]'`"
        ) from error
    suffixes: _Suffixes = PublicSuffixList(accept_unknown=not strict)
    return suffixes


def _shingles(html: bytes) -> Hashes:
    """The distinct hashes of each run of three words, sorted."""
    words = np.array([zlib.crc32(word.encode("utf-8", "replace")) for word in split_words(text_of(html))], np.uint64)
    if len(words) < 3:
        return np.empty(0, np.uint64)
    mixed = _mix(_mix(_mix(words[:-2]) + words[1:-1]) + words[2:])
    return np.unique(mixed)


def _mix(values: Hashes) -> Hashes:
    # The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
    values = (values + np.uint64(0x9E3779B97F4A7C15)).astype(np.uint64)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _bands(shingles: Hashes) -> list[tuple[int, bytes]]:
    """MinHash of the shingles, cut into bands: pages alike share at least one."""
    odd, salts = np.random.default_rng(_SEED).integers(0, 2**63, (2, _BANDS * _ROWS), np.uint64)
    odd |= np.uint64(1)
    # The hashes are well mixed already: an odd factor and a salt, modulo 2^64, permute them.
    lowest = [(shingles * factor + salt).min() for factor, salt in zip(odd, salts, strict=True)]
    rows = np.array(lowest, np.uint64).reshape(_BANDS, _ROWS)
    return [(number, row.tobytes()) for number, row in enumerate(rows)]


def _jaccard(one: Hashes, other: Hashes) -> float:
    both = len(np.intersect1d(one, other, assume_unique=True))
    return both / (len(one) + len(other) - both)
