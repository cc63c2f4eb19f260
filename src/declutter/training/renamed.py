"""Pages with other class names and ids: how far a model leans on them."""

from __future__ import annotations

import hashlib
from copy import copy
from typing import TYPE_CHECKING, Final

from joblib import Parallel, delayed

from declutter.blocks import segment
from declutter.features import extract
from declutter.model.context import layout_of
from declutter.training.examples import example_of, read_marked

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from declutter.corpus.base import CorpusPage
    from declutter.document import Document
    from declutter.model.context import Layout
    from declutter.training.examples import Example

__all__ = ["ABSENT", "AS_SERVED", "HASHED", "load_renamed", "read_renamed", "renamed"]

AS_SERVED: Final = "as served"
HASHED: Final = "hashed"
ABSENT: Final = "absent"

_NAMES: Final = frozenset(("class", "id"))


def renamed(document: Document, names: str) -> Document:
    """A document with other class names and ids; equal ones stay equal, so that what is alike can still be seen.

    Args:
        document: the page.
        names: AS_SERVED, HASHED as build tools do, or ABSENT.
    """
    if names == AS_SERVED:
        return document
    attributes = [
        tuple(
            (name, value if name not in _NAMES else _hashed(value or ""))
            for name, value in pairs
            if names == HASHED or name not in _NAMES
        )
        for pairs in document.attributes
    ]
    changed = copy(document)
    changed.attributes = attributes
    return changed


def _hashed(value: str) -> str:
    return " ".join(f"css-{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:7]}" for name in value.split())


def load_renamed(pages: Sequence[CorpusPage], names: str, jobs: int = -1) -> list[Example]:
    """The examples of pages with other class names and ids.

    Args:
        pages: the pages, each with its gold.
        names: as for `renamed`.
        jobs: processes.

    Raises:
        CorpusError: a gold does not fit its page.
    """
    return list(Parallel(jobs, batch_size=16)(delayed(_example)(page, names) for page in pages))


def read_renamed(pages: Sequence[CorpusPage], names: str, jobs: int = -1) -> list[tuple[NDArray[np.float32], Layout]]:
    """Of each page, with other class names and ids, the features of its n blocks (float32, n x features) and its layout.

    Args:
        pages: the pages.
        names: as for `renamed`.
        jobs: processes.
    """
    return list(Parallel(jobs, batch_size=16)(delayed(_features)(page, names) for page in pages))


def _features(page: CorpusPage, names: str) -> tuple[NDArray[np.float32], Layout]:
    document = renamed(read_marked(page)[0], names)
    features, view = extract(document, segment(document))
    return features, layout_of(view)


def _example(page: CorpusPage, names: str) -> Example:
    document, marked = read_marked(page)
    return example_of(page, renamed(document, names), marked)
