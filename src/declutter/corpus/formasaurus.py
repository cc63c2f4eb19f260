"""Formasaurus' pages with labelled forms, read from the package index's wheel without installing it."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from declutter.corpus.base import CorpusPage, FormKinds
from declutter.corpus.files import html_pages, read_bytes, read_json
from declutter.corpus.markup import forms
from declutter.errors import CorpusError
from declutter.labels import Label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

__all__ = ["REQUIREMENT", "WHEEL", "read", "read_wheel", "survey"]

REQUIREMENT: Final = "formasaurus==0.10.0"
WHEEL: Final = "formasaurus-0.10.0-py2.py3-none-any.whl"

_INSIDE: Final = "formasaurus/data/"

# Its short names of form types, by what the labelling guide calls such a form; others say nothing.
_CONTACT: Final = "c"
_KINDS: Final[dict[str, Label]] = {
    "s": Label.NAVIGATION,  # search
    "l": Label.SIGNUP,  # log in
    "r": Label.SIGNUP,  # registration
    "p": Label.SIGNUP,  # password or login recovery
    "m": Label.SIGNUP,  # join mailing list
    "b": Label.PAYMENT,  # order, add to cart
}
# The type 'contact/comment' also holds readers' comments, reviews and 'send this to a friend'. Here are field
# types by which a person gets an answer (e-mail, telephone), field names that tell the others, contact pages.
_ANSWERED: Final = frozenset({"e1", "ue", "ph"})
_WEBSITE: Final = "ws"
_NO_CONTACT: Final = re.compile(
    r"(?<![a-z])(?:author|criterion|rate|rating|reblog|recipients?|review|score|sender|share|target|thread|vote)(?![a-z])"
    r"|friend|mailto|review",
    re.IGNORECASE,
)
_COMMENT: Final = re.compile(r"comment|coment|post_", re.IGNORECASE)
_CONTACT_PAGE: Final = re.compile(r"conta[ck]?t|kontakt|feedback", re.IGNORECASE)


def read(folder: Path) -> Iterator[CorpusPage]:
    """The pages with a form whose kind is known, by number.

    A page whose forms today's parser sees otherwise than the annotators did (another number, or other fields)
    is left out; `survey` counts these. The pages are stored as UTF-8 whatever charset they declare.

    Args:
        folder: holds the wheel, or `index.json` and `html/<number>.html` unpacked from it.

    Raises:
        CorpusError: neither is there, or it is damaged.
    """
    for page, _ in _pages(folder):
        if page is not None:
            yield page


def survey(folder: Path) -> Counter[str]:
    """How many pages are kept, and how many are left out and why.

    Keys: `kept`, `other number of forms`, `other fields`, `no form of known kind`.

    Raises:
        CorpusError: as for `read`.
    """
    return Counter(reason for _, reason in _pages(folder))


def read_wheel(wheel: Path) -> dict[str, bytes]:
    """The index and the pages inside a wheel: path under its data folder to bytes.

    Raises:
        CorpusError: the file is no wheel of formasaurus.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            names = [name.removeprefix(_INSIDE) for name in archive.namelist() if name.startswith(_INSIDE)]
            wanted = [name for name in names if name == "index.json" or name.startswith("html/")]
            return {name: archive.read(_INSIDE + name) for name in sorted(wanted) if not name.endswith("/")}
    except (OSError, zipfile.BadZipFile) as error:
        raise CorpusError(f"{wheel}: not a wheel ({error}); delete it and fetch the corpus again") from error


def _pages(folder: Path) -> Iterator[tuple[CorpusPage | None, str]]:
    for name, record, html in _records(folder):
        seen = forms(html.decode("utf-8", "replace"))
        fields = [frozenset(form) for form in record["visible_html_fields"]]
        if not len(record["forms"]) == len(fields) == len(seen):
            yield None, "other number of forms"
            continue
        if fields != seen:
            yield None, "other fields"
            continue
        url = str(record.get("url") or "")
        kinds = tuple(
            _kind(short, types, url)
            for short, types in zip(record["forms"], record["visible_html_fields"], strict=True)
        )
        if any(kinds):
            yield (
                CorpusPage("formasaurus", name, html, FormKinds(kinds, tuple(fields)), url=url or None),
                "kept",
            )
        else:
            yield None, "no form of known kind"


def _records(folder: Path) -> Iterable[tuple[str, dict[str, Any], bytes]]:
    wheel = folder / WHEEL
    if wheel.is_file():
        files = read_wheel(wheel)
        index = json.loads(files.get("index.json", b"{}"))
        for path in sorted(index, key=_number):
            if path not in files:
                raise CorpusError(f"{wheel}: {path} is missing; delete it and fetch the corpus again")
            yield PurePosixPath(path).stem, index[path], files[path]
        return
    index = read_json(folder / "index.json")
    pages = dict(html_pages(folder / "html"))
    for path in sorted(index, key=_number):
        name = PurePosixPath(path).stem
        yield name, index[path], read_bytes(pages.get(name, folder / "html" / f"{name}.html"))


def _number(path: str) -> tuple[int, str]:
    stem = PurePosixPath(path).stem
    return (int(stem) if stem.isdecimal() else 0, stem)


def _kind(short: str, types: Mapping[str, str], url: str) -> Label | None:
    if short != _CONTACT:
        return _KINDS.get(short)
    return Label.SIGNUP if _for_contact(types, url) else None


def _for_contact(types: Mapping[str, str], url: str) -> bool:
    """Whether a 'contact/comment' form surely asks for an answer: no comment, review or mail to a friend."""
    if not _ANSWERED.intersection(types.values()) or any(_NO_CONTACT.search(name) for name in types):
        return False
    if not any(_COMMENT.search(name) for name in types):
        return True
    return _WEBSITE not in types.values() and bool(_CONTACT_PAGE.search(url))
