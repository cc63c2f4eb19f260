"""The result of a prediction: a Page of Blocks, which are views made when asked."""

from __future__ import annotations

import pickle
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from declutter.labels import Label
from declutter.page.block import ORIGINS, Block, Box
from declutter.render import rendered

if TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import BeautifulSoup
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document
    from declutter.document.paths import Paths
    from declutter.explain import Explainer, Reasons
    from declutter.metadata import Metadata
    from declutter.model import Model
    from declutter.page.boxes import BoxRows
    from declutter.page.places import Places
    from declutter.render.html import Scope

    _Columns = tuple[Document, Blocks]

__all__ = ["Block", "Box", "Page", "light", "read_by"]

_LABELS: Final = tuple(Label)


class Page:
    """A page whose blocks are labelled. Made by `predict`; it holds plain data and pickles.

    Attributes:
        threshold (float): the content_score from which its blocks stay, 0 to 1.
        confidence (float): expected word F1 of the content, 0 to 1; 0 for a page without text.
        title (str): text of the `<title>` element, or "".
        url (str | None): as given to `predict`.
        matched_rules (frozenset[tuple[str, str]]): (argument, rule) of the rules of the caller that matched any block, such as
            ("strip", "css:.promo").
        truncated (str | None): what was left out because of `limits`, and by which; None where the page is whole.
    """

    def __init__(
        self,
        document: Document,
        table: Blocks,
        probabilities: NDArray[np.float64],
        labels: NDArray[np.int64],
        ruled: NDArray[np.bool_],
        headline: int,
        threshold: float,
        confidence: float,
        title: str,
        url: str | None,
        matched: frozenset[tuple[str, str]] = frozenset(),
        truncated: str | None = None,
        model: Model | None = None,
    ) -> None:
        """Make one of what was judged.

        Args:
            document: the parsed page.
            table: its n blocks as columns.
            probabilities: float64, n x labels.
            labels: int64, n, columns of `probabilities`.
            ruled: bool, n, a rule of the caller decided.
            headline: row of the main headline, -1 for none.
            threshold: see above.
            confidence: see above.
            title: see above.
            url: see above.
            matched: `matched_rules`.
            truncated: see above.
            model: what judged it, for reasons; None for the shipped one. It does not pickle with the page.
        """
        self._columns: _Columns | Callable[[], _Columns] = (document, table)
        self._probabilities = probabilities
        self._labels = labels
        self._ruled = ruled
        self._headline = headline
        self.threshold = threshold
        self.confidence = confidence
        self.title = title
        self.url = url
        self.matched_rules = matched
        self.truncated = truncated
        self._model = model

    def __repr__(self) -> str:
        return f"<Page {self.title[:40]!r}: {len(self._labels)} blocks, {int((self._labels == 0).sum())} content>"

    def __getstate__(self) -> dict[str, Any]:
        # A model is larger than a hundred pages. The document is nine tenths of the rest, and read when it is asked for; what
        # is made from it is made again.
        made = {name for name, value in vars(type(self)).items() if isinstance(value, cached_property)}
        kept = {name: value for name, value in vars(self).items() if name not in made}
        columns = self._columns
        packed = columns is _nothing or (isinstance(columns, partial) and columns.func is pickle.loads)
        if not packed:
            # Read first where it is to be read again: a later version would cut the page otherwise.
            columns = partial(pickle.loads, pickle.dumps(self._read(), pickle.HIGHEST_PROTOCOL))
        return kept | {"_columns": columns, "_model": None}

    def _read(self) -> _Columns:
        """Its document and its blocks, which a page that came from elsewhere reads when they are asked for."""
        columns = self._columns
        if callable(columns):
            columns = self._columns = columns()
        return columns

    @property
    def _document(self) -> Document:
        return self._read()[0]

    @property
    def _table(self) -> Blocks:
        return self._read()[1]

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks in document order."""
        table, labels = self._table, self._labels.tolist()
        columns = (
            table.texts,
            labels,
            self._probabilities.tolist(),
            table.origins.tolist(),
            table.hidden.tolist(),
            table.owners.tolist(),
            self._ruled.tolist(),
        )
        path_of, place_of = self._paths.of, self._places.of_block
        return tuple(
            Block(
                text=text,
                label=_LABELS[label],
                score=probabilities[label],
                content_score=probabilities[0],
                probabilities=dict(zip(_LABELS, probabilities, strict=True)),
                origin=ORIGINS[origin],
                hidden=hidden,
                path=path_of(owner),
                decided_by="rule" if ruled else "model",
                _where=partial(place_of, row),
                _why=partial(self._reasons, row),
            )
            for row, (text, label, probabilities, origin, hidden, owner, ruled) in enumerate(zip(*columns, strict=True))
        )

    @cached_property
    def content(self) -> tuple[Block, ...]:
        """The blocks that stay."""
        return tuple(block for block in self.blocks if block.label is Label.CONTENT)

    @cached_property
    def chrome(self) -> tuple[Block, ...]:
        """The blocks that go."""
        return tuple(block for block in self.blocks if block.label is not Label.CONTENT)

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """What goes, by the boxes that it comes in, in document order; each block of `chrome` is in one."""
        found = []
        for box in self._box_rows:
            rows = box.rows
            score = float(self._probabilities[rows, box.label].mean())
            where = partial(self._places.of_box, box)
            blocks = tuple(self.blocks[row] for row in rows)
            found.append(Box(_LABELS[box.label], blocks, score, self._paths.of(box.node), where))
        return tuple(found)

    @cached_property
    def _box_rows(self) -> list[BoxRows]:
        from declutter.page.boxes import find_boxes  # noqa: PLC0415 - plain cleaning does without it

        return find_boxes(self._document, self._table, self._labels)

    @cached_property
    def _places(self) -> Places:
        from declutter.page.places import Places  # noqa: PLC0415 - plain cleaning does without it

        return Places(self._document, self._table)

    @property
    def headline(self) -> Block | None:
        """The block that is the main headline; None where the page has none."""
        return self.blocks[self._headline] if self._headline >= 0 else None

    @cached_property
    def metadata(self) -> Metadata:
        """What the page says of itself; read when asked for."""
        from declutter.metadata.read import read_metadata  # noqa: PLC0415 - plain cleaning does without it

        return read_metadata(self._document, self._table, self._probabilities, self._headline, self.title, self.url)

    @property
    def language(self) -> str | None:
        """The language as a primary tag of BCP 47, such as "en"; None where nothing tells."""
        return self.metadata.language

    @cached_property
    def _paths(self) -> Paths:
        from declutter.document.paths import Paths  # noqa: PLC0415 - plain cleaning does without it

        return Paths(self._document)

    @cached_property
    def _explainer(self) -> Explainer:
        from declutter.explain import Explainer  # noqa: PLC0415 - plain cleaning does without it

        return Explainer(self)

    def _reasons(self, row: int) -> Reasons:
        return self._explainer.of(row)

    def _kept(self, headline: bool) -> NDArray[np.bool_]:
        keep = np.asarray(self._labels == 0)
        if not headline and self._headline >= 0:
            keep[self._headline] = False
        return keep

    def _shown(self, headline: bool) -> NDArray[np.bool_]:
        """The blocks that outputs with pictures have."""
        from declutter.render.pictures import with_pictures  # noqa: PLC0415 - plain cleaning does without it

        shown = with_pictures(
            self._document,
            self._table,
            self._kept(headline=True),
            self._probabilities[:, 0],
            lambda: self._labels,
            self._ruled,
            self._headline,
        )
        return shown if headline else shown & (np.arange(len(shown)) != self._headline)

    def text(self, headline: bool = True) -> str:
        """The content as plain text; of plain text the lines that hold it, as they are.

        `headline=False` leaves out the headline block alone.
        """
        return rendered("text", self._document, self._table, self._kept(headline))

    def markdown(self, headline: bool = True) -> str:
        """The content as Markdown; of Markdown the lines that hold it, as they are.

        A picture between kept blocks stays though its description is taken for a source, a name or a title of elsewhere.
        Links are absolute where the page's `url` is known.
        """
        return rendered("markdown", self._document, self._table, self._shown(headline), self.url)

    def html(self, scope: Scope = "content", *, inert: bool | None = None, headline: bool = True) -> str:
        """The page as HTML.

        A picture between kept blocks stays though its description is taken for a source, a name or a title of elsewhere.

        Args:
            scope: "content" for the kept part of the tree, which is always inert: no script, handler, form or frame. Its
                addresses are absolute where the page's `url` is known.
                "document" for the decoded source with only the chrome cut out of it, all else character by character as
                it was, scripts too: that is as safe as its source. Costs a second parse.
            inert: True sanitises a document as well, which writes it anew; None and False leave it as it is.
            headline: False leaves out the main headline.

        Raises:
            InputError: a document is wanted of a page that came as a soup (`prune` cuts the soup itself) or as text or
                Markdown, or an argument is not one of the above.
        """
        from declutter.render.html import page_html  # noqa: PLC0415 - plain cleaning does without it

        return page_html(self._document, self._table, self._shown(headline), scope, inert, self.url)

    def cuts(self, headline: bool = True) -> list[tuple[int, int]]:
        """What `html(scope="document")` leaves out, in order: (first, one past the last) in characters of the decoded source.

        Raises:
            InputError: as `html` of a document.
        """
        from declutter.render.cut import cut_spans  # noqa: PLC0415 - plain cleaning does without it

        return cut_spans(self._document, self._table, self._shown(headline))

    def soup(self, scope: Scope = "content", *, headline: bool = True) -> BeautifulSoup:
        """What `html` gives of a scope, as a BeautifulSoup of its own: the inert content, or the document as it is.

        Raises:
            InputError: as `html`.
        """
        from declutter.render.html import as_soup  # noqa: PLC0415 - plain cleaning does without it

        return as_soup(self.html(scope, headline=headline), scope)

    def to_dict(self) -> dict[str, Any]:
        """What JSON holds of it, as plain data; docs/json.md tells each key.

        Scores are rounded to four decimals. Not in it: spans, which cost a second parse, reasons, some ten milliseconds a
        block, and `matched_rules`. Its blocks and boxes stand in the order of `blocks` and `boxes`, which have them.
        """
        from declutter.render.record import page_record  # noqa: PLC0415 - plain cleaning does without it

        return page_record(self)


def light(page: Page) -> Page:
    """The same page without document and blocks: to be sent to another process of this program, which gives it to `read_by`."""
    return read_by(page, _nothing)


def _nothing() -> _Columns:
    raise AssertionError("a page that is to be read came without what to read it by")


def read_by(page: Page, columns: Callable[[], _Columns]) -> Page:
    """The same page, which reads its document and blocks so when they are asked for: for sending pages about without them."""
    page._columns = columns  # noqa: SLF001 - of this module
    return page
