"""The way of a page through the library: predict, clean."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import numpy as np

from declutter.blocks import segment
from declutter.decide import decide, kept, threshold_of
from declutter.document.limits import DEFAULT_LIMITS, Gauge, Limits
from declutter.errors import InputError, shown
from declutter.features import extract
from declutter.model import Model, load_default, load_model
from declutter.model.context import layout_of
from declutter.model.predictor import check_strictness
from declutter.render import rendered
from declutter.render.outputs import check_output, render

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document, Html, Markup
    from declutter.model.context import Layout
    from declutter.model.predictor import Scores
    from declutter.model.sites import OnSite
    from declutter.page import Page
    from declutter.render.html import Scope
    from declutter.render.outputs import Output
    from declutter.rules.rules import Rules

__all__ = ["clean", "columns_of", "predict"]


# A text that is a name and no page: that of a file, or an address.
_NAME: Final = re.compile(r"https?://[^\s<>]+|[^\n<>]+\.x?html?(?:\.gz)?", re.IGNORECASE)
_LONGEST_NAME: Final = 2000
_SURROGATE: Final = re.compile("[\ud800-\udfff]")

Strictness = float | Literal["balanced", "precision", "recall"]


def predict(
    html: Html,
    *,
    url: str | None = None,
    markup: Markup = "html",
    encoding: str | None = None,
    model: Model | str | Path | None = None,
    strictness: Strictness = "balanced",
    keep: Iterable[str] = (),
    strip: Iterable[str] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> Page:
    """Label every block of a page.

    Args:
        html: the page: str, bytes (also bytearray or memoryview), BeautifulSoup or Tag (soups are read, not changed).
        url: where the page came from; kept in the result, lone surrogates as U+FFFD, and what its links are relative to.
        markup: what the page is written in: "html"; "text" for what was extracted already (a line is a block, ended as
            Unicode ends lines, by U+0085, U+2028 and U+2029 too; blank lines bound boxes, lines broken at one width are
            joined); "markdown" for CommonMark with tables.
        encoding: the encoding of bytes, where it is known (from an HTTP header, say).
        model: a loaded model, or the directory of the shipped one or of a trusted copy of it; None for the shipped one.
        strictness: the content_score from which a block stays, 0 to 1; or "balanced", "precision" (less chrome, more
            losses), "recall" (the other way round): then the score at which pages like this one were cleaned best by
            F1, F0.5 or F2.
        keep: what is content all the same: labels, such as "comments"; CSS selectors, such as "css:.byline"; texts, such
            as "text:Read more", in any case, where `*` stands for anything and `^` and `$` for the ends of a block.
        strip: what is no content all the same, as for keep, which is stronger. Of a label, that is content which likeliest
            has it. Only "content", a selector or a text takes the main headline; nothing takes html or body.
        limits: how large the page may be, in bytes and blocks, and how long it may take; see Limits.

    Returns:
        The Page; one without blocks where there is no text. Its `truncated` says what was cut off by `limits`.

    Raises:
        InputError: the input is no page, or an argument is not one of the above.
        LimitExceeded: the page goes beyond `limits`; `partial` is the Page of what does not.
        ModelError: the model cannot be loaded.
        RuleError: keep or strip holds what is no rule, or a selector would take too many steps on this page.
    """
    _warn_of_name(html, markup)
    return _labelled(_Request(html, _address(url), markup, encoding, model, strictness, _rules(keep, strip), limits))


def _warn_of_name(html: Html, markup: str) -> None:
    if isinstance(html, str) and markup == "html" and len(html) <= _LONGEST_NAME and _NAME.fullmatch(html.strip()):
        from declutter.log import warn  # noqa: PLC0415 - costs start-up time

        warn("the page is the text %s: give what the file or the address holds, not its name", shown(html))


def _address(url: str | None) -> str | None:
    """The address of a call, in what UTF-8 has; lone surrogates become U+FFFD, as in a page."""
    if url is not None and not isinstance(url, str):
        raise InputError(f"url is of type {type(url).__name__}: give a text, or None")
    return url and _SURROGATE.sub("\ufffd", url)


def _rules(keep: Iterable[str], strip: Iterable[str]) -> Rules | None:
    """The rules of a call; None where none are given."""
    if isinstance(keep, tuple) and isinstance(strip, tuple) and not keep and not strip:
        return None
    from declutter.rules.rules import read_rules  # noqa: PLC0415 - costs start-up time

    return read_rules(keep, strip)


class _Request(NamedTuple):
    """The arguments of `predict`."""

    html: Html
    url: str | None
    markup: Markup
    encoding: str | None
    model: Model | str | Path | None
    strictness: Strictness
    rules: Rules | None
    limits: Limits

    def __reduce__(self) -> tuple[Any, ...]:
        # Of an error that travels: the shipped model, of some megabytes, is everywhere.
        shipped = isinstance(self.model, Model) and self.model.info == load_default().info
        return _Request, tuple(self._replace(model=None) if shipped else self)

    def gauge(self) -> Gauge:
        """The gauge of the page, with the way to what of it lies within the limits."""
        if not isinstance(self.limits, Limits):
            raise InputError(f"limits is of type {type(self.limits).__name__}: give Limits(...)")
        return Gauge(self.limits, partial(_labelled_within, self))


def columns_of(
    html: Html, *, markup: Markup = "html", encoding: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> tuple[Document, Blocks]:
    """The document and the blocks of a page that `predict` labelled before with these arguments, read again."""
    limits = replace(limits, max_seconds=None)
    request = _Request(html, None, markup, encoding, None, "balanced", None, limits)
    return _columns(request, request.gauge())


def _columns(request: _Request, gauge: Gauge) -> tuple[Document, Blocks]:
    document = gauge.read(request.html, request.encoding, request.markup)
    return gauge.cut(document, segment(document))


def _labelled(request: _Request) -> Page:
    from declutter.page import Page  # noqa: PLC0415 - plain cleaning does without it

    gauge = request.gauge()
    judged = _judged(request, gauge)
    probabilities, labels = _labels(judged)
    gauge.clock("telling the kinds")
    ruled: NDArray[np.bool_] = np.zeros(len(labels), dtype=bool)
    matched: frozenset[tuple[str, str]] = frozenset()
    if request.rules is not None:
        labels, ruled, matched = request.rules.apply(
            probabilities, labels, judged.headline, judged.document, judged.blocks
        )
    return Page(
        judged.document,
        judged.blocks,
        probabilities,
        labels,
        ruled,
        judged.headline,
        judged.threshold,
        judged.confidence,
        judged.title,
        request.url,
        matched,
        gauge.truncated,
        judged.model,
    )


def _labels(judged: _Judged) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Probabilities of all labels, and the labels, before rules."""
    probabilities = judged.model.probabilities(judged.features, judged.layout, judged.scores)
    if judged.site is not None:
        probabilities = judged.site.probabilities(probabilities)
    return probabilities, decide(probabilities, judged.threshold, judged.headline)


def _labelled_within(request: _Request) -> Page:
    """The page of what lies within the limits."""
    return _labelled(request._replace(limits=replace(request.limits, max_seconds=None, on_exceed="truncate")))


class _Judged(NamedTuple):
    """A page as far as what stays is known, and what the kinds of the rest are told from."""

    document: Document
    blocks: Blocks
    model: Model
    features: NDArray[np.float32]
    layout: Layout
    scores: Scores
    site: OnSite | None
    headline: int
    title: str
    threshold: float
    confidence: float


def _judged(request: _Request, gauge: Gauge) -> _Judged:
    loaded = _loaded(request.model)
    strictness = request.strictness
    try:
        check_strictness(strictness)
    except (ValueError, TypeError):
        raise InputError(
            f"strictness {shown(strictness)} is not known: give balanced, precision, recall or a number from 0 to 1"
        ) from None
    document, blocks = _columns(request, gauge)
    loaded = loaded.of(document.markup)
    features, view = extract(document, blocks)
    layout = layout_of(view)
    gauge.clock("features")
    scores = loaded.content_scores(features, layout)
    site = loaded.on_site(document, blocks)
    if site is not None:
        scores = scores._replace(content=site.content(scores.content))
    gauge.clock("scoring")
    expected = loaded.expected(features, layout, scores.content)
    threshold = threshold_of(strictness, expected, scores.content)
    confidence = expected.f1(threshold)
    return _Judged(
        document, blocks, loaded, features, layout, scores, site, view.headline, view.head.title, threshold, confidence
    )


def _loaded(model: Model | str | Path | None) -> Model:
    if model is None:
        return load_default()
    if isinstance(model, Model):
        return model
    if isinstance(model, str | Path):
        return load_model(model)
    raise InputError(f"model is of type {type(model).__name__}: give a directory or what load_model returns")


def clean(
    html: Html,
    *,
    output: Output = "text",
    scope: Scope = "content",
    inert: bool | None = None,
    headline: bool = True,
    url: str | None = None,
    markup: Markup = "html",
    encoding: str | None = None,
    model: Model | str | Path | None = None,
    strictness: Strictness = "balanced",
    keep: Iterable[str] = (),
    strip: Iterable[str] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> str:
    """The content of a page; quicker than `predict` where it need not tell the kinds of the rest.

    Args:
        html: as for `predict`.
        output: "text", "markdown", "html" or "json" (one line).
        scope: of "html": "content", which is inert, or "document" for the whole source with only the chrome cut out of it,
            which is as safe as its source; see `Page.html`.
        inert: True sanitises a document as well.
        headline: False leaves out the main headline.
        url: as for `predict`.
        markup: as for `predict`.
        encoding: as for `predict`.
        model: as for `predict`.
        strictness: as for `predict`.
        keep: as for `predict`.
        strip: as for `predict`.
        limits: as for `predict`; where a page is cut by them, a warning to the logger `declutter` says so.

    Returns:
        The content, without a line feed at its end, except in a document, which ends as its source does; "" where nothing stays.

    Raises:
        InputError: as `predict`; output, scope or inert is not known, or scope or inert is given with another output than "html";
            a document is wanted of a soup, which has no source, or of text or Markdown.
        LimitExceeded: as `predict`.
        ModelError: as `predict`.
        RuleError: as `predict`.
    """
    check_output(output, scope, inert)
    _warn_of_name(html, markup)
    rules = _rules(keep, strip)
    url = _address(url)
    request = _Request(html, url, markup, encoding, model, strictness, rules, limits)
    if output == "json" or rules:
        page = _labelled(request)
        _warn_of(page.truncated)
        return render(page, output, headline=headline, scope=scope, inert=inert)
    gauge = request.gauge()
    judged = _judged(request, gauge)
    _warn_of(gauge.truncated)
    rows = kept(judged.scores.content, judged.threshold, judged.headline)
    if output != "text":
        from declutter.render.pictures import with_pictures  # noqa: PLC0415 - costs start-up time

        rows = with_pictures(
            judged.document,
            judged.blocks,
            rows,
            judged.scores.content,
            lambda: _labels(judged)[1],
            headline=judged.headline,
        )
    if not headline and judged.headline >= 0:
        rows[judged.headline] = False
    if output == "html":
        from declutter.render.html import page_html  # noqa: PLC0415 - costs start-up time

        return page_html(judged.document, judged.blocks, rows, scope, inert, url)
    return rendered(output, judged.document, judged.blocks, rows, url)


def _warn_of(truncated: str | None) -> None:
    if truncated:
        from declutter.log import warn  # noqa: PLC0415 - costs start-up time

        warn("the page was cut: %s", truncated)
