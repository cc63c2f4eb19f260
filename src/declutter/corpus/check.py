"""Whether the training data are what they should be: sources, manifests, copies, own pages, annotations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import turbohtml

from declutter.blocks import segment
from declutter.corpus import formasaurus
from declutter.corpus.annotations import parse_annotation, read_annotation
from declutter.corpus.manifest import load_manifest, manifest_path, verify
from declutter.corpus.ranges import carry_over
from declutter.corpus.registry import load_corpus, root_of
from declutter.corpus.sources import load_sources, training_data_root
from declutter.document import read_document
from declutter.errors import CorpusError, InputError
from declutter.labels import Label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from declutter.corpus.base import CorpusPage
    from declutter.corpus.sources import Source

__all__ = ["FIRST", "SECOND", "WAITING", "CorpusReport", "check", "label_problems", "survey"]

WAITING: Final = "waiting"
"""Folder of pages and annotations that came after the last training, laid out as the folder it is in."""

SECOND: Final = "second_readings"
"""Folder of annotations of the same pages by a second reader, which nothing is trained on."""

FIRST: Final = "first_readings"
"""Folder of annotations as the first reader gave them, of pages with a second reading whose labels were mended since."""

_LABELS: Final = frozenset(str(label) for label in Label)
_ATTRIBUTE: Final = "data-label"
# Their text is no text of the page.
_NO_TEXT: Final = frozenset({"head", "script", "style", "noframes"})
_BUTTONS: Final = frozenset({"button", "reset", "submit"})
_SHOWN: Final = 20


@dataclass(slots=True)
class CorpusReport:
    """What was looked at and found.

    Attributes:
        pages: corpus to the number of pages its reader gives.
        absent: corpora with no local copy.
        problems: what is wrong, each with what to do.
        notes: what is worth knowing, such as pages a reader leaves out.
    """

    pages: dict[str, int] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def check(
    root: Path | None = None, *, names: Iterable[str] | None = None, training_data: Path | None = None
) -> CorpusReport:
    """As `survey`, but fail if anything is wrong.

    Raises:
        CorpusError: something is wrong; the message lists it.
    """
    report = survey(root, names=names, training_data=training_data)
    if report.problems:
        shown = "".join(f"\n  {problem}" for problem in report.problems[:_SHOWN])
        more = "\n  ..." if len(report.problems) > _SHOWN else ""
        raise CorpusError(f"the training data have {len(report.problems)} problems:{shown}{more}")
    return report


def survey(
    root: Path | None = None, *, names: Iterable[str] | None = None, training_data: Path | None = None
) -> CorpusReport:
    """Look through the training data.

    Args:
        root: the folder of the public corpora (see `corpora_root`), with the fetch cache for those that it lacks; without
            it only `training_data` is read.
        names: the corpora that have to be there; by default those that are.
        training_data: the folder with `sources.toml`; that of the checkout by default.

    Raises:
        CorpusError: `sources.toml` itself cannot be used.
    """
    data = training_data_root(training_data)
    sources = load_sources(data)
    report = CorpusReport()
    wanted = None if names is None else set(names)
    if wanted and (unknown := sorted(wanted - set(sources))):
        raise CorpusError(f"there is no corpus named {unknown[0]!r}; known are {', '.join(sources)}")
    for name, source in sources.items():
        if wanted is not None and name not in wanted:
            continue
        if source.public:
            _public(report, source, data, root, needed=wanted is not None)
        else:
            _own(report, data)
    _stray_manifests(report, sources, data)
    readings = (place / kind for place in (data, data / WAITING) for kind in ("annotations", SECOND, FIRST))
    folders = [path for place in readings for path in place.glob("*")]
    for folder in sorted(path for path in folders if path.is_dir()):
        if folder.name not in sources:
            report.problems.append(f"{folder}: no corpus of sources.toml has that name; delete or rename it")
        elif wanted is None or folder.name in wanted:
            base = root_of(folder.name, root) if sources[folder.name].public else data
            try:
                _annotations(report, folder, base if folder.name in report.pages else None)
            except CorpusError as error:  # a page that its reader does not give
                report.problems.append(str(error))
    return report


def label_problems(page: CorpusPage) -> Iterator[str]:
    """What is wrong with the labels of a page of our own.

    Every text a person sees, the text on controls and alternative texts included, stands in or on an element
    with `data-label`; every `data-label` is a label; and something on the page is content.
    """
    seen: set[str] = set()
    stack: list[tuple[turbohtml.Node, str | None]] = [(turbohtml.parse(page.html), None)]
    while stack:
        node, label = stack.pop()
        if isinstance(node, turbohtml.Text):
            if label is None and node.data.strip():
                yield f"{page.name}: no label on {_quote(node.data)}; put {_ATTRIBUTE} on its element"
            continue
        if isinstance(node, turbohtml.Element):
            if node.tag in _NO_TEXT:
                continue
            own = node.attrs.get(_ATTRIBUTE)
            if isinstance(own, str):
                if own not in _LABELS:
                    yield f"{page.name}: {_ATTRIBUTE}={own!r} is no label; use one of {', '.join(Label)}"
                label = own
                seen.add(own)
            if label is None and (text := _said_by_attribute(node)):
                yield f"{page.name}: no label on {_quote(text)}; put {_ATTRIBUTE} on its <{node.tag}>"
        elif not isinstance(node, turbohtml.Document | turbohtml.DocumentFragment):
            continue
        stack.extend((child, label) for child in reversed(node.children))
    if Label.CONTENT not in seen:
        yield f"{page.name}: nothing is labelled content; label what a reader came for"


def _public(report: CorpusReport, source: Source, data: Path, root: Path | None, *, needed: bool) -> None:
    try:
        rows = load_manifest(data, source.name)
    except CorpusError as error:
        report.problems.append(str(error))
        return
    place = root_of(source.name, root) if root is not None else None
    if place is None:
        report.absent.append(source.name)
        if needed:
            report.problems.append(f"corpus {source.name}: no local copy; run `declutter corpus fetch {source.name}`")
        return
    folder = place / source.folder
    try:
        report.problems.extend(verify(source, rows, folder))
        report.pages[source.name] = sum(1 for _ in load_corpus(source.name, place))
        if source.layout == "formasaurus":
            left_out = formasaurus.survey(folder)
            report.notes.append(
                "formasaurus: " + ", ".join(f"{count} {why}" for why, count in sorted(left_out.items()))
            )
    except CorpusError as error:
        report.problems.append(str(error))


def _own(report: CorpusReport, data: Path) -> None:
    try:
        for page in load_corpus("own", data):
            report.pages["own"] = report.pages.get("own", 0) + 1
            report.problems.extend(label_problems(page))
        if (data / WAITING / "pages").is_dir():
            for page in load_corpus("own", data / WAITING):
                report.problems.extend(label_problems(page))
    except CorpusError as error:
        report.problems.append(str(error))


def _stray_manifests(report: CorpusReport, sources: dict[str, Source], data: Path) -> None:
    known = {manifest_path(data, name) for name, source in sources.items() if source.public}
    for manifest in sorted((data / "manifests").glob("*.tsv")):
        if manifest not in known:
            report.problems.append(f"{manifest}: no corpus of sources.toml has that name; delete or rename it")


def _annotations(report: CorpusReport, folder: Path, base: Path | None) -> None:
    """The annotations of a corpus: the form of each, and where its pages are there, whether it fits its page."""
    files = {path.stem: path for path in sorted(folder.glob("*.jsonl"))}
    later = ", for the next training" if folder.parent.parent.name == WAITING else ""
    again = {SECOND: " a second time", FIRST: " before they were mended"}.get(folder.parent.name, "")
    report.notes.append(f"{folder.name}: {len(files)} pages annotated{again}{later}")
    report.problems.extend(
        f"{path}: no annotation; delete it" for path in sorted(folder.iterdir()) if path.suffix != ".jsonl"
    )
    for page in load_corpus(folder.name, base) if base is not None else ():
        if (path := files.pop(page.name, None)) is not None:
            try:
                document = read_document(page.html)
                carry_over(document, segment(document), read_annotation(path, page), f"{page.corpus}/{page.name}")
            except (CorpusError, InputError) as error:
                report.problems.append(str(error))
    for name, path in files.items():
        try:
            annotation = parse_annotation(path)
        except CorpusError as error:
            report.problems.append(str(error))
            continue
        if (annotation.corpus, annotation.page) != (folder.name, name):
            report.problems.append(f"{path}: is of {annotation.corpus}/{annotation.page}; name it after its page")
        elif base is not None:
            report.problems.append(f"{path}: the corpus has no page of that name; delete it")


def _said_by_attribute(element: turbohtml.Element) -> str:
    """What an element shows without text of its own: button value, alternative text, spoken label."""
    attributes = ["alt"] if element.tag in {"img", "area"} else []
    if element.tag == "input":
        kind = str(element.attrs.get("type") or "").lower()
        attributes = ["value"] if kind in _BUTTONS else ["alt"] if kind == "image" else []
    if element.tag in {"a", "button"}:
        attributes = ["aria-label"]
    return " ".join(str(element.attrs.get(name) or "") for name in attributes).strip()


def _quote(text: str) -> str:
    text = " ".join(text.split())
    return repr(text if len(text) <= 40 else f"{text[:39]}\u2026")
