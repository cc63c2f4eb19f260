"""The pages that are being labelled, and their labels so far."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from declutter.annotate.folder import page_of, read_labels, write_labels
from declutter.errors import InputError
from declutter.inspect import entry, html_report
from declutter.labels import Label
from declutter.pipeline import predict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from declutter.blocks import Blocks
    from declutter.corpus.base import CorpusPage
    from declutter.document import Document
    from declutter.inspect import Entry
    from declutter.model import Model

__all__ = ["Session"]

_LABELS: Final = tuple(Label)


@dataclass(slots=True)
class _Open:
    """A page that is being labelled."""

    page: CorpusPage
    document: Document
    blocks: Blocks
    shown: Entry
    labels: list[Label | None]


class Session:
    """Pages to label, in order, and the folder that their labels go to. Safe to use from several threads.

    Args:
        root: the folder of annotations; made when the first label is saved.
        model: whose guesses are shown; None for the shipped one.
    """

    def __init__(self, root: Path, model: Model | None = None) -> None:
        self.root = root
        self._model = model
        self._open: list[_Open] = []
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._open)

    def add(self, html: bytes, *, name: str, stem: str, site: str) -> None:
        """Open a page, with the labels that it has already; one that is open is not opened again.

        Args:
            html: the page, as it was served.
            name: what to call it in the browser.
            stem: what to call its annotation, to which its hash is added.
            site: see `folder.site_of`.

        Raises:
            DeclutterError: it is no page, it has no blocks, or its annotation does not fit it.
        """
        page = page_of(html, stem, site)
        if any(page == other.page for other in self._open):
            return
        judged = predict(html, model=self._model)
        document, blocks = judged._document, judged._table  # noqa: SLF001 - the columns behind the views
        if not len(blocks):
            raise InputError("there is nothing to label: the page has no text")
        labels = read_labels(self.root, page, document, blocks)
        self._open.append(_Open(page, document, blocks, entry(name, judged, model=self._model), labels))

    def report(self) -> str:
        """The page for the browser, with the labels so far."""
        with self._lock:
            return html_report([page.shown for page in self._open], given=[page.labels for page in self._open])

    def save(self, number: int, labels: Sequence[object]) -> Path:
        """Take the labels of a page and write them down.

        Args:
            number: which page.
            labels: for each block the place of its label in Label, None for none.

        Raises:
            InputError: there is no such page, or these are not labels for its blocks.
            CorpusError: they cannot be written.
        """
        if type(number) is not int or not 0 <= number < len(self._open):
            raise InputError(f"page {number!r} is not open: reload this page")
        page = self._open[number]
        if len(labels) != len(page.blocks):
            raise InputError(f"{len(labels)} labels for {len(page.blocks)} blocks: reload this page")
        given: list[Label | None] = []
        for place in labels:
            if place is not None and (type(place) is not int or not 0 <= place < len(_LABELS)):
                raise InputError(f"{place!r} is no label: give a number from 0 to {len(_LABELS) - 1}, or null")
            given.append(None if place is None else _LABELS[place])
        with self._lock:
            path = write_labels(self.root, page.page, page.document, page.blocks, given)
            page.labels = given
        return path

    def counts(self) -> list[tuple[str, int, int]]:
        """Of each page its site and name, the labelled blocks, and all."""
        with self._lock:
            return [
                (f"{one.page.corpus}/{one.page.name}", sum(label is not None for label in one.labels), len(one.blocks))
                for one in self._open
            ]
