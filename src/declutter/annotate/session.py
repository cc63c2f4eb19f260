"""The pages that are being labelled, and their labels so far."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from declutter.annotate.folder import merge_labels, other_versions, page_of, read_labels, stamp_of
from declutter.errors import DeclutterError, InputError
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
    labels: list[Label | None]  # what the file held when it was last looked at
    stamp: tuple[int, int] | None  # of the file then
    trouble: str = ""  # why labels that were given are not there


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
        stamp = stamp_of(self.root, page)
        labels = read_labels(self.root, page, document, blocks) or [None] * len(blocks)
        self._open.append(_Open(page, document, blocks, entry(name, judged, model=self._model), labels, stamp))

    def report(self) -> str:
        """The page for the browser, with the labels so far."""
        with self._lock:
            for page in self._open:
                self._look(page)
            return html_report([page.shown for page in self._open], given=[page.labels for page in self._open])

    def _look(self, page: _Open) -> None:
        """Take the labels from the file where another process has written it since."""
        stamp = stamp_of(self.root, page.page)
        if stamp == page.stamp:
            return
        # What is wrong with a file is said when it is to be written.
        with suppress(DeclutterError):
            page.labels = read_labels(self.root, page.page, page.document, page.blocks) or page.labels
            page.stamp = stamp

    def save(self, number: int, labels: Sequence[object], was: Sequence[object]) -> tuple[list[int | None], list[int]]:
        """Take what was changed of the labels of a page and write it down, beside what others changed meanwhile.

        Args:
            number: which page.
            labels: for each block the place of its label in Label, None for none.
            was: the same before the changes.

        Returns:
            The labels that are written now, and the rows of the blocks that others gave another label: theirs stood.

        Raises:
            InputError: there is no such page, or these are not labels for its blocks.
            CorpusError: they cannot be written.
        """
        page = self._page(number)
        given, before = (_labels(one, len(page.blocks)) for one in (labels, was))
        with self._lock:
            try:
                page.labels, stood = merge_labels(
                    self.root, page.page, page.document, page.blocks, given, before, page.labels
                )
            except DeclutterError as error:
                page.trouble = str(error)
                raise
            page.trouble = ""
            return [None if label is None else _LABELS.index(label) for label in page.labels], stood

    def lose(self, number: int) -> None:
        """Take note that labels of a page are not saved, though nobody heard of them here.

        Raises:
            InputError: there is no such page.
        """
        page = self._page(number)
        with self._lock:
            page.trouble = page.trouble or "the browser could not send all of its labels"

    def _page(self, number: int) -> _Open:
        if type(number) is not int or not 0 <= number < len(self._open):
            raise InputError(f"page {number!r} is not open: reload this page")
        return self._open[number]

    def unsaved(self) -> list[tuple[str, str]]:
        """The pages whose last labels are not saved, and why."""
        with self._lock:
            return [(one.shown.name, one.trouble) for one in self._open if one.trouble]

    def earlier(self) -> list[tuple[str, Path]]:
        """Pages without labels so far, and the annotations of other bytes under their names that are not open too."""
        here = {(one.page.corpus, one.page.name) for one in self._open}
        return [
            (one.shown.name, path)
            for one in self._open
            if not any(one.labels)
            for path in other_versions(self.root, one.page)
            if (one.page.corpus, path.stem) not in here
        ]

    def counts(self) -> list[tuple[str, int, int]]:
        """Of each page its site and name, the labelled blocks, and all."""
        with self._lock:
            return [
                (f"{one.page.corpus}/{one.page.name}", sum(label is not None for label in one.labels), len(one.blocks))
                for one in self._open
            ]


def _labels(places: Sequence[object], count: int) -> list[Label | None]:
    """The labels of so many blocks.

    Raises:
        InputError: these are none.
    """
    if len(places) != count:
        raise InputError(f"{len(places)} labels for {count} blocks: reload this page")
    for place in places:
        if place is not None and (type(place) is not int or not 0 <= place < len(_LABELS)):
            raise InputError(f"{place!r} is no label: give a number from 0 to {len(_LABELS) - 1}, or null")
    return [_LABELS[place] if isinstance(place, int) else None for place in places]
