"""Adapt a model to the pages that a person labelled, without any corpus and without touching what was trained.

What the pages of a site tell is fitted by sites.py and measured by gains.py; a site that loses is left out.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from declutter.annotate.folder import labelled_pages
from declutter.blocks import segment
from declutter.corpus.base import LabelledRanges
from declutter.corpus.dedupe import find_duplicates
from declutter.corpus.ranges import carry_over
from declutter.document import read_document
from declutter.errors import CorpusError, ModelError
from declutter.features import extract
from declutter.labels import Label
from declutter.model.context import layout_of
from declutter.model.directory import default_directory, load_estimators, load_model, save_model
from declutter.model.sites import page_keys
from declutter.training.gains import measured
from declutter.training.sites import UNLABELLED, SitePage, fit_site

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from declutter.corpus.base import CorpusPage
    from declutter.model import Model
    from declutter.training.gains import Change

__all__ = ["NothingGained", "adapt"]

# What save_model records anew.
_OWN_RECORDS: Final = ("format", "sha256", "form_sha256", "scikit_learn", "labels", "features_version", "features")


class NothingGained(CorpusError):  # noqa: N818 - it is what came out, no fault
    """No site gained anything on pages held out, so that no model was written.

    Args:
        message: where, and the mend.
        changes: what was measured.
    """

    def __init__(self, message: str, changes: Sequence[Change]) -> None:
        super().__init__(message)
        self.changes = tuple(changes)


def adapt(
    annotations: Path,
    directory: Path,
    *,
    base: Path | None = None,
    trust: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Change]:
    """Write a model directory that knows the sites of some labelled pages; on pages of other sites it is the base model.

    Load it with `trust=True`, as any model that did not come with the package.

    Args:
        annotations: the folder that `declutter annotate` wrote.
        directory: where to write.
        base: the model to adapt; None for the shipped one.
        trust: unpickle a base that did not come with the package.
        progress: told what is being done.

    Returns:
        What was gained on each site.

    Raises:
        CorpusError: the annotations do not hold what they should.
        NothingGained: no site gained; it is a CorpusError that holds what was measured.
        ModelError: the base cannot be loaded, is adapted already, or the directory is its own.
    """
    start = base or default_directory()
    if directory.resolve() == start.resolve():
        raise ModelError(f"{directory} is the model to adapt: name another directory for what comes out")
    model = load_model(start, trust=trust)
    if model.sites:
        raise ModelError(f"{start} is adapted already: adapt the model that it was made from, with all pages at once")
    pages = _without_duplicates(labelled_pages(annotations), progress)
    arrays: dict[str, dict[str, Any]] = {}
    changes = []
    for site, group in groupby(pages, key=lambda page: page.corpus):
        chosen = [read for page in group if (read := _site_page(page, model, progress)) is not None]
        if not chosen:
            continue
        progress(f"{site}: {len(chosen)} labelled {'page' if len(chosen) == 1 else 'pages'}")
        change = measured(site, chosen, model)
        changes.append(change)
        if change.kept:
            arrays[str(len(arrays))] = fit_site(chosen)
    if not arrays:
        raise NothingGained(
            f"{annotations}: no site gained anything on pages held out, so no model is written: label more pages of"
            " a site, and pages of one template",
            changes,
        )
    _save(directory, model, load_estimators(start, trust=trust) | {"sites": arrays}, changes)
    return changes


def _without_duplicates(pages: Sequence[CorpusPage], progress: Callable[[str], None]) -> list[CorpusPage]:
    """The pages less those that are another one again: a page must not be held out from itself."""
    twins = {twin.page: twin.of for twin in find_duplicates(pages)}
    for page, of in twins.items():
        progress(f"{'/'.join(page)} is left out: it is the same page as {'/'.join(of)}")
    return [page for page in pages if (page.corpus, page.name) not in twins]


def _site_page(page: CorpusPage, model: Model, progress: Callable[[str], None]) -> SitePage | None:
    """A page as the base model sees it; None where no block of it has a label."""
    name = f"{page.corpus}/{page.name}"
    document = read_document(page.html)
    blocks = segment(document)
    assert isinstance(page.gold, LabelledRanges)
    order = {label: place for place, label in enumerate(Label)}
    given = carry_over(document, blocks, page.gold, name)
    labels = np.array([UNLABELLED if label is None else order[label] for label in given], dtype=np.int64)
    if (labels == UNLABELLED).all():
        progress(f"{name} is left out: no block of it has a label")
        return None
    features, view = extract(document, blocks)
    layout = layout_of(view)
    scores = model.content_scores(features, layout)
    keys = page_keys(document, blocks)
    return SitePage(name, features, layout, scores, keys, view.headline, labels, layout.weights)


def _save(directory: Path, model: Model, parts: dict[str, Any], changes: Sequence[Change]) -> None:
    info = {name: value for name, value in model.info.items() if name not in _OWN_RECORDS}
    info |= {
        "name": directory.name,
        "base": {"name": model.info.get("name", model.name), "sha256": model.info["sha256"]},
        "adapted": datetime.now(UTC).date().isoformat(),
        "sites": {
            change.site: {
                "pages": change.pages,
                "held out": change.held_out,
                **(
                    {
                        "f1": round(change.f1, 4),
                        "f1 after": round(change.f1_after, 4),
                        "right labels": round(change.right, 4),
                        "right labels after": round(change.right_after, 4),
                    }
                    if change.held_out
                    else {}
                ),
            }
            for change in changes
            if change.kept
        },
    }
    try:
        save_model(directory, info, parts)
    except OSError as error:
        raise ModelError(
            f"{directory} cannot be written ({error.strerror or error}): name another directory"
        ) from error
