"""Labelled pages from public corpora and from this project, all in one form.

`load_corpus(name, root)` gives the pages of one corpus in a fixed order. Each public layout has a module
of its own with a `read(folder)`; nothing here touches the network but `fetch`, and that only when called.
"""

from __future__ import annotations

from declutter.corpus.base import CorpusPage, FormKinds, Gold, MarkedElements, Segments, WholeText
from declutter.corpus.registry import CORPORA, READERS, corpora_root, load_corpus

__all__ = [
    "CORPORA",
    "READERS",
    "CorpusPage",
    "FormKinds",
    "Gold",
    "MarkedElements",
    "Segments",
    "WholeText",
    "corpora_root",
    "load_corpus",
]
