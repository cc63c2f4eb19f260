"""The page of all features, written from their registry and docstrings, so that it says what the code does."""

from __future__ import annotations

import inspect
import re
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

from declutter.explain.groups import group_of
from declutter.features import FEATURE_NAMES, FEATURES_VERSION, NEIGHBOURS
from declutter.features.controls import CARDS, PROVIDERS
from declutter.features.fields import FIELDS
from declutter.features.head import PAGE_TYPES
from declutter.features.languages import TOPICS
from declutter.features.lexicon import LEXICON_LABELS, load_lexicon
from declutter.features.names import CLASS_GROUPS, TAG_MARKS
from declutter.features.registry import REGISTRY
from declutter.model import load_default

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["feature_page", "meanings"]

# "name: what it is", several names with commas, at the beginning of a sentence.
_DEFINED: Final = re.compile(r"(?:^|(?<=[.;] ))([a-z*][\w*]*(?:, [a-z*][\w*]*)*): ")
# How a name of a docstring may stand for a column, the closest first: as it is, level by level, without its family,
# as the family.
_STANDS_FOR: Final = (r"{}", r"{}(_up)?\d", r"\w+?_{}(_up\d)?", r"{}_\w+")


class Meaning(NamedTuple):
    """What is known of a column.

    Attributes:
        module: the module that computes it.
        summary: first sentence of its function's docstring.
        text: its definition in the docstring; "" where the summary says all.
    """

    module: str
    summary: str
    text: str


def meanings() -> dict[str, Meaning]:
    """Name -> meaning of every column that a function computes; the columns of neighbours repeat these.

    Raises:
        ValueError: a function has no docstring.
    """
    found = {}
    for names, function in REGISTRY:
        summary, *paragraphs = (inspect.getdoc(function) or "").split("\n\n")
        summary = _one_line(summary)
        if not summary:
            raise ValueError(f"the function of {', '.join(names)} has no docstring: say what they are")
        parts = [_definitions(_one_line(paragraph)) for paragraph in paragraphs]
        for name in names:
            told = [text for part in parts if (text := _closest(name, part))]
            found[name] = Meaning(function.__module__, summary, "; ".join(told))
    return dict(sorted(found.items(), key=lambda item: FEATURE_NAMES.index(item[0])))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _definitions(paragraph: str) -> dict[str, str]:
    """Name, or pattern with `*`, -> what a paragraph of a docstring says it is."""
    marks = list(_DEFINED.finditer(paragraph))
    ends = [*(mark.start() for mark in marks[1:]), len(paragraph)]
    return {
        name: paragraph[mark.end() : end].strip(" .;")
        for mark, end in zip(marks, ends, strict=False)
        for name in mark[1].split(", ")
    }


def _closest(column: str, definitions: Mapping[str, str]) -> str:
    for form in _STANDS_FOR:
        # A longer pattern says more: `lexicon_near_*` before `lexicon_*`.
        for name in sorted(definitions, key=len, reverse=True):
            if re.fullmatch(form.format(re.escape(name).replace(r"\*", r"\w+")), column):
                return definitions[name]
    return ""


def feature_page() -> str:
    """The page, as Markdown."""
    known = meanings()
    model = load_default()
    read = {name: len(model.parts[f"{name}_columns"]) for name in ("content", "kind")}
    lines = [
        "# Features",
        "",
        f"The {len(FEATURE_NAMES)} columns of features version {FEATURES_VERSION}, with what each of them is. This page is written by a"
        " program from the docstrings of the functions that compute them.",
        "",
        "Each is a number for each block. *(own)* marks what this project came up with; else the paper or tool that the idea comes"
        " from is named. The group is the one under which [reasons](how-it-works.md#reasons) count a column. In the descriptions",
        "",
        "- a *container* is an element around the block that holds more blocks than the one before; *level by level* (`_up1`, `_up2`"
        " and so on) begins with the nearest, `_up0` is the block's own element",
        "- *the box* (`PageView.boxes`) is the largest element around the block that holds neither the main headline nor more than half"
        " of the page's prose; `PageView.prose_values` are a block's words outside links less those inside, less ten",
        "- *a word*, *a block* and the like mean for each of them; *log1p* is the logarithm of one more than the count",
        "",
        f"All are computed; the shipped model reads {read['content']} of them for content and {read['kind']} for the kinds.",
    ]
    for module in dict.fromkeys(meaning.module for meaning in known.values()):
        lines += _module(module, {name: meaning for name, meaning in known.items() if meaning.module == module})
    lines += _neighbours()
    for title, text, table in _lists():
        lines += ["", f"## {title}", "", text, "", "| name | stands for |", "|---|---|"]
        lines += [f"| `{name}` | {_cell(words)} |" for name, words in table.items()]
    return "\n".join(lines) + "\n"


def _module(module: str, columns: Mapping[str, Meaning]) -> Iterator[str]:
    title, *text = (inspect.getdoc(sys.modules[module]) or "").split("\n\n")
    head, _, rest = title.partition(": ")
    yield from ("", f"## {head}", "", rest[:1].upper() + rest[1:])
    for paragraph in text:
        yield from ("", _one_line(paragraph))
    for summary in dict.fromkeys(meaning.summary for meaning in columns.values()):
        yield from ("", f"**{summary}**", "", "| columns | what it is | group |", "|---|---|---|")
        rows: dict[tuple[str, str], list[str]] = {}
        for name, meaning in columns.items():
            if meaning.summary == summary:
                rows.setdefault((meaning.text, group_of(name)), []).append(f"`{name}`")
        for (text_of, group), names in rows.items():
            yield f"| {', '.join(names)} | {_cell(text_of) or 'as above'} | {group} |"


def _neighbours() -> list[str]:
    names = [name for name in FEATURE_NAMES if group_of(name) == "neighbours"]
    return [
        "",
        "## Features of the neighbours",
        "",
        f"{', '.join(f'`{name}`' for name in NEIGHBOURS)} of the two blocks before and the two after, -1 beyond the edge of the page"
        " (boilerpipe, dragnet):",
        "",
        ", ".join(f"`{name}`" for name in names) + ".",
    ]


def _lists() -> Iterator[tuple[str, str, dict[str, str]]]:
    """The lists of words that names of columns end in: title, text, name -> words."""
    count = len(load_lexicon())
    yield (
        "Elements and roles",
        "What sets the columns `in_tag_*`: tags, ARIA roles and microdata.",
        {name: ", ".join(values) for name, values in TAG_MARKS.items()},
    )
    yield (
        "Class and id names",
        "The words of class and id names behind `near_name_*` and `above_name_*`. English, as class names are on most sites of any language.",
        dict(CLASS_GROUPS),
    )
    yield (
        "Addresses",
        "Words of hosts and paths behind `leads_*`.",
        dict(PROVIDERS),
    )
    yield (
        "Payment methods",
        "What pictures behind `payment_methods_*` are called.",
        {"payment_methods_*": " ".join(sorted(CARDS))},
    )
    yield "Types of pages", "Types of schema.org and OpenGraph behind `type_*`.", dict(PAGE_TYPES)
    yield (
        "Kinds, fields and topics",
        f"What the rest ends in. The lexicons hold {count:,} phrases; they and the words of topics lie in `src/declutter/features`.",
        {
            "lexicon_*, told_*": ", ".join(LEXICON_LABELS),
            "input_*, form_*": ", ".join(FIELDS),
            "reader, writer": "words that speak to the reader (you, your), and of the writer (we, our, I)",
            ", ".join(TOPICS): "words of giving, of the publication itself, of letters by mail, of sums of money",
        },
    )


def _cell(text: str) -> str:
    return (
        text.replace("|", r"\|").replace("*", r"\*").replace("<", "&lt;")
        if "`" not in text
        else text.replace("|", r"\|")
    )
