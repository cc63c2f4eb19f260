"""The pages to train and report on, as examples; made in parallel."""

from __future__ import annotations

import ast
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from joblib import Parallel, delayed

from declutter.corpus import load_corpus
from declutter.corpus.annotations import overlay
from declutter.corpus.base import FormKinds
from declutter.corpus.dedupe import without_duplicates
from declutter.corpus.manifest import load_manifest, missing
from declutter.corpus.registry import cache_root, root_of
from declutter.corpus.sources import (
    load_read_blind,
    load_read_for_kinds,
    load_set_aside,
    load_sources,
    training_data_root,
)
from declutter.errors import CorpusError
from declutter.training.augment import GRAFTINGS, grafts_of
from declutter.training.examples import graft_example, make_example
from declutter.training.flatten import flat_example, flat_graft_example

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from declutter.corpus.base import CorpusPage, Gold
    from declutter.training.augment import Graft
    from declutter.training.examples import Example

__all__ = [
    "OWN",
    "blind_pages",
    "check_whole",
    "code_hash",
    "load_examples",
    "load_flat",
    "load_flat_grafted",
    "load_grafted",
    "load_pages",
    "pages_hash",
    "present",
]

OWN: Final = "own"
"""The corpus of pages that were written for this project; it is always there."""

# Corpora whose gold is near enough to whole for a box between its paragraphs to be the only thing unknown.
_HOSTS: Final = frozenset(("wcxb", "readability", "newspaper4k", "trafilatura-eval"))
_CODE: Final = (
    "words.py",
    "labels.py",
    "document",
    "blocks.py",
    "decide.py",
    "features",
    "model",
    "training",
    "corpus",
)
# What checks, fetches, measures and reports changes no model.
_NOT_CODE: Final = frozenset(("corpus/check.py", "corpus/fetch.py", "training/evaluate.py", "training/report.py"))


def present(use: str, root: Path | None) -> list[str]:
    """Names of the corpora of a use ("train", "validate") that are there, sorted; not `own`."""
    sources = load_sources(training_data_root())
    return sorted(name for name, source in sources.items() if source.use == use and name != OWN and root_of(name, root))


def check_whole(names: Sequence[str], root: Path | None) -> None:
    """Refuse public corpora that lack files of their manifests, as a fetch that broke leaves them, and empty folders.

    Raises:
        CorpusError: one is not whole.
    """
    data = training_data_root()
    sources = load_sources(data)
    for name in names:
        place, rows = root_of(name, root), load_manifest(data, name)
        if place is None or not (lost := missing(sources[name], rows, place / sources[name].folder)):
            continue
        into = "" if place == cache_root() else f" --into {place}"
        raise CorpusError(
            f"corpus {name}: of the {len(rows):,} files of its manifest {len(lost):,} are not in {place / sources[name].folder}:"
            f" run `declutter corpus fetch {name}{into}`, or take that folder away to do without the corpus"
        )


def load_pages(names: Sequence[str], root: Path | None) -> list[CorpusPage]:
    """The pages of some corpora to train and report on, without duplicates; our annotation of a page is with it.

    Pages without gold are left out, and those that are set aside (see `load_set_aside`).

    Raises:
        CorpusError: a corpus is not there or does not hold what it should.
    """
    aside = load_set_aside(training_data_root())
    pages = [
        page for page in _all_pages(names, root) if page.gold is not None and (page.corpus, page.name) not in aside
    ]
    return without_duplicates(pages)


def set_aside_pages(root: Path | None) -> list[CorpusPage]:
    """The pages that are never trained on, each with our annotation.

    Raises:
        CorpusError: as `load_pages`, or a page that is set aside is not in its corpus or not annotated.
    """
    aside = load_set_aside(training_data_root())
    pages = [
        page
        for page in _all_pages(sorted({corpus for corpus, _ in aside}), root)
        if (page.corpus, page.name) in aside and page.annotation is not None
    ]
    if lost := sorted(aside - {(page.corpus, page.name) for page in pages}):
        raise CorpusError(f"{'/'.join(lost[0])} is set aside, but is not there or not annotated: mend set_aside.toml")
    return pages


def blind_pages(root: Path | None) -> list[CorpusPage]:
    """The pages that were labelled without a look at their gold, each with its labels.

    Raises:
        CorpusError: as `load_pages`.
    """
    data = training_data_root()
    blind = load_read_blind(data)
    return [
        overlay(page, data / "annotations")
        for page in _all_pages(sorted({corpus for corpus, _ in blind}), root)
        if (page.corpus, page.name) in blind
    ]


def _all_pages(names: Sequence[str], root: Path | None) -> list[CorpusPage]:
    """The pages of some corpora; of pages read blind, or for kinds, content is what the gold says, and the labels say kinds."""
    pages: list[CorpusPage] = []
    kinds_alone = load_read_blind(training_data_root()) | load_read_for_kinds(training_data_root())
    for name in names:
        if name == OWN:
            pages.extend(load_corpus(OWN, training_data_root()))
            continue
        place = root_of(name, root)
        if place is None:
            raise CorpusError(f"corpus {name} is not there: run `declutter corpus fetch {name}`")
        for page in load_corpus(name, place):
            labelled = overlay(page, training_data_root() / "annotations")
            if (name, page.name) in kinds_alone:
                labelled = replace(labelled, annotation=None, reading=labelled.annotation)
            pages.append(labelled)
    return pages


def load_examples(
    pages: Sequence[CorpusPage], progress: Callable[[str], None] = lambda _: None, jobs: int = -1
) -> list[Example]:
    """Features and targets of the pages, in order; a page without blocks has an example without rows, and scores as such."""
    progress(f"reading {len(pages)} pages")
    return list(Parallel(jobs, batch_size=16)(delayed(make_example)(page) for page in pages))


def load_grafted(pages: Sequence[CorpusPage], jobs: int = -1) -> list[Example]:
    """Further examples for training alone: pages of other corpora with boxes of the project's own set in.

    GRAFTINGS for each article, documentation or service page, or page of unknown type, that has room for a box.
    """
    return _over_hosts(graft_example, pages, jobs)


def load_flat(
    pages: Sequence[CorpusPage], progress: Callable[[str], None] = lambda _: None, jobs: int = -1
) -> list[Example]:
    """The pages as examples of plain text; those that show nothing as text, and those of forms alone, are left out."""
    chosen = [page for page in pages if not isinstance(page.gold, FormKinds) or page.annotation is not None]
    progress(f"flattening {len(chosen)} pages")
    made = Parallel(jobs, batch_size=16)(delayed(flat_example)(page, _seed(page)) for page in chosen)
    return [example for example in made if example is not None]


def load_flat_grafted(pages: Sequence[CorpusPage], jobs: int = -1) -> list[Example]:
    """The pages of `load_grafted` as examples of plain text."""
    return _over_hosts(flat_graft_example, pages, jobs)


def _over_hosts(
    make: Callable[[CorpusPage, Sequence[Graft], int], Example | None], pages: Sequence[CorpusPage], jobs: int
) -> list[Example]:
    grafts = grafts_of([page for page in pages if page.corpus == OWN])
    hosts = [
        page
        for page in pages
        if page.corpus in _HOSTS and page.page_type in {None, "article", "documentation", "service"}
    ]
    made = Parallel(jobs, batch_size=16)(
        delayed(make)(page, grafts, _seed(page, draw)) for page in hosts for draw in range(GRAFTINGS)
    )
    return [example for example in made if example is not None]


def _seed(page: CorpusPage, draw: int = 0) -> int:
    """The seed is of the page, so that a page that comes or goes changes no other."""
    return int(page.sha256[8 * draw : 8 * draw + 8], 16)


def pages_hash(pages: Sequence[CorpusPage]) -> str:
    """One hash for what a model is trained on: every page's name and bytes, and its gold."""
    digest = hashlib.sha256()
    for page in pages:
        digest.update(
            f"{page.corpus}\0{page.name}\0{page.sha256}\0{_written(page.gold)}\0".encode("utf-8", "surrogatepass")
        )
        if page.annotation is not None:
            digest.update(repr(page.annotation).encode())
        if page.reading is not None:
            digest.update(b"kinds" + repr(page.reading).encode())
    return digest.hexdigest()


def _written(gold: Gold | None) -> str:
    """A gold as a text that is the same in every process, which the order of a set is not."""
    if isinstance(gold, FormKinds):
        return f"FormKinds({gold.kinds!r}, {[sorted(names) for names in gold.fields]!r})"
    return repr(gold)


def code_hash() -> str:
    """One hash for the code that a model and its figures depend on.

    The compiled forms are not in it: they give what the pure ones give, which tests hold them to.
    """
    digest = hashlib.sha256()
    package = Path(__file__).resolve().parents[1]
    for entry in _CODE:
        place = package / entry
        files = [place] if place.is_file() else sorted(p for p in place.rglob("*") if p.suffix in {".py", ".toml"})
        for file in files:
            if file.relative_to(package).as_posix() in _NOT_CODE:
                continue
            digest.update(file.relative_to(package).as_posix().encode() + b"\0" + _essence(file))
    return digest.hexdigest()


def _essence(file: Path) -> bytes:
    """What of a file can change a model: code without comments, layout and docstrings; data as it is."""
    if file.suffix != ".py":
        return file.read_bytes()
    tree = ast.parse(file.read_bytes())
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and isinstance(node.body[0] if node.body else None, ast.Expr)
            and ast.get_docstring(node, clean=False) is not None
        ):
            node.body = node.body[1:]
    return _shape(tree).encode()


def _shape(part: object) -> str:
    """A syntax tree as a text that is the same in every version of Python, which `ast.dump` is not: without empty fields."""
    if isinstance(part, ast.AST):
        fields = [
            f"{name}={_shape(value)}" for name, value in ast.iter_fields(part) if value is not None and value != []
        ]
        return f"{type(part).__name__}({','.join(fields)})"
    if isinstance(part, list):
        return f"[{','.join(map(_shape, part))}]"
    return ascii(part)
