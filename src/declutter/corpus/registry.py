"""Which corpora there are, where they lie under the corpora folder, and who reads them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from declutter.corpus import (
    cleaneval,
    dragnet,
    formasaurus,
    goose3,
    newspaper4k,
    own,
    postlight,
    readability,
    trafilatura_eval,
    wcxb,
)
from declutter.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from declutter.corpus.base import CorpusPage

__all__ = ["CORPORA", "ENVIRONMENT", "READERS", "cache_root", "corpora_root", "load_corpus", "root_of"]

ENVIRONMENT: Final = "DECLUTTER_CORPORA"

READERS: Final[dict[str, Callable[[Path], Iterator[CorpusPage]]]] = {
    "cleaneval": cleaneval.read,
    "dragnet": dragnet.read,
    "formasaurus": formasaurus.read,
    "goose3": goose3.read,
    "newspaper4k": newspaper4k.read,
    "own": own.read,
    "postlight": postlight.read,
    "readability": readability.read,
    "trafilatura-eval": trafilatura_eval.read,
    "wcxb": wcxb.read,
}
"""The reader of each layout; it takes the corpus's own folder and yields its pages in a fixed order."""

CORPORA: Final[dict[str, str]] = {
    "cleaneval": "validate/cleaneval",
    "dragnet": "validate/dragnet",
    "formasaurus": "formasaurus",
    "goose3": "goose3",
    "newspaper4k": "newspaper4k",
    "own": "pages",
    "postlight": "postlight",
    "readability": "readability",
    "trafilatura-eval": "trafilatura-eval",
    "wcxb": "wcxb",
}
"""The folder of each corpus under the corpora folder; `own` lies in `training_data/` instead."""


def cache_root() -> Path:
    """Where `declutter corpus fetch` puts the public corpora unless told otherwise; it need not exist."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".cache") / "declutter" / "corpora"


def corpora_root(explicit: Path | None = None) -> Path:
    """The folder that holds the public corpora.

    Args:
        explicit: a folder somebody named; else what the environment variable DECLUTTER_CORPORA names, else
            the fetch cache.

    Raises:
        CorpusError: there is no such folder.
    """
    if explicit is not None:
        root, source = explicit, "the folder given"
    elif named := os.environ.get(ENVIRONMENT):
        root, source = Path(named), f"the folder {ENVIRONMENT} names"
    else:
        root, source = cache_root(), "the fetch cache"
    if not root.is_dir():
        raise CorpusError(
            f"no public corpora: {source}, {root}, is not there; run `declutter corpus fetch`, "
            f"or set {ENVIRONMENT} to a folder that holds a local copy"
        )
    return root


def root_of(name: str, root: Path | None) -> Path | None:
    """The folder that holds a corpus of `CORPORA`: the given one, else the fetch cache; None where it is in neither."""
    for place in (root, cache_root()):
        if place is not None and (place / CORPORA[name]).is_dir():
            return place
    return None


def load_corpus(name: str, root: Path) -> Iterator[CorpusPage]:
    """The pages of one corpus, in a fixed order.

    Args:
        name: a name of `CORPORA`.
        root: the folder the public corpora lie in (see `corpora_root`); for `own`, `training_data`.

    Raises:
        CorpusError: the name is unknown, the corpus is not there, or a page of it cannot be read.
    """
    if name not in READERS:
        raise CorpusError(f"there is no corpus named {name!r}; known are {', '.join(READERS)}")
    folder = root / CORPORA[name]
    if not folder.is_dir() and name == "own":
        raise CorpusError(f"corpus own: {folder} is not there; its pages come with a checkout of the repository")
    if not folder.is_dir():
        raise CorpusError(
            f"corpus {name}: {folder} is not there; run `declutter corpus fetch {name}`, "
            f"or set {ENVIRONMENT} to a folder that holds a local copy"
        )
    return READERS[name](folder)
