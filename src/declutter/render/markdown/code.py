"""Code: the language that a page says it is in, and tables that only number its lines."""

from __future__ import annotations

import re
from typing import Final

import turbohtml

from declutter.render.code import NUMBERING

__all__ = ["name_languages", "part_lines", "without_gutters"]

# How highlighters name a language in a class: Prism and CommonMark, Prettify, GitHub and Linguist, Sphinx, Jekyll, MediaWiki, Gatsby.
_CLASS: Final = re.compile(
    r"(?:language|lang|highlight-source|highlight-text|highlight|mw-highlight-lang|gatsby-code)-([\w+#.-]+)\Z"
)
# Those that pages name most, told by a class that is no more than their name: in code itself, or beside a class of a highlighter.
_BARE: Final = frozenset(
    "bash c clojure cpp c++ csharp cs css dart diff dockerfile elixir erlang fortran fsharp go graphql groovy haskell html http"
    " ini java javascript js json jsx julia kotlin latex less lisp lua makefile markdown matlab nginx objectivec ocaml perl php"
    " powershell prolog python py r ruby rust sass scala scheme scss sh shell sql swift toml ts tsx typescript vb vim xml yaml"
    " yml zig".split()
)
_CODE: Final = frozenset(("pre", "code"))
_HIGHLIGHTED: Final = frozenset(("highlight", "sourcecode", "syntax", "code", "prettyprint"))
_NAME: Final = re.compile(r"[\w+#.-]{1,30}")
_BRUSH: Final = re.compile(r"brush:\s*([\w+#-]+)")
_ATTRIBUTES: Final = ("data-lang", "data-language")
# Classes of highlighters that say nothing of a language, and names for none.
_NONE: Final = frozenset(
    ("none", "default", "plain", "plaintext", "text", "notranslate", "source", "wrapper", "container")
)
_GUTTERS: Final = ", ".join(f"td.{name}" for name in sorted(NUMBERING))
_NUMBERS: Final = re.compile(r"[\d\s]*")
# A column of numbers and one of code, in one row.
_CELLS: Final = 2
# Elements around the code that may say it; of an article, a class says the language that people read.
_HOLDERS: Final = frozenset(("pre", "code", "div", "figure", "span", "td"))
_UP: Final = 3


def name_languages(tree: turbohtml.Document) -> None:
    """Give the code of each block the class that the converter reads its language from."""
    for block in tree.find_all("pre"):
        inner = block.find("code")
        holder = block if inner is None else inner
        around: list[turbohtml.Element] = [holder]
        while (
            len(around) <= _UP and isinstance(parent := around[-1].parent, turbohtml.Element) and parent.tag in _HOLDERS
        ):
            around.append(parent)
        language = next((found for element in around if (found := _language(element))), None)
        if language:
            holder.attrs["class"] = f"language-{language}"
        elif holder.attrs.get("class"):
            del holder.attrs["class"]


def _language(element: turbohtml.Element) -> str | None:
    told = element.attrs.get("class")
    names = told.split() if isinstance(told, str) else list(told or ())
    found = [match[1] for name in names if (match := _CLASS.match(name))]
    found += _BRUSH.findall(" ".join(names))
    if "hljs" in names:
        found += [name for name in names if name != "hljs" and not name.startswith(("hljs-", "language-", "lang-"))]
    if element.tag in _CODE or not _HIGHLIGHTED.isdisjoint(name.lower() for name in names):
        found += [name for name in names if name.lower() in _BARE]
    found += [value for name in _ATTRIBUTES if isinstance(value := element.attrs.get(name), str)]
    return next((name.lower() for name in found if name.lower() not in _NONE and _NAME.fullmatch(name)), None)


def without_gutters(tree: turbohtml.Document) -> None:
    """Put the code itself in the place of a table that has the numbers of its lines in a column of their own."""
    seen: set[turbohtml.Element] = set()
    for numbers in tree.select(_GUTTERS):
        table = numbers.closest("table")
        if table is None or table in seen:
            continue
        seen.add(table)
        cells = table.select("td, th, caption")
        if len(cells) != _CELLS or cells[0] != numbers or not _NUMBERS.fullmatch(numbers.text):
            continue
        blocks = cells[1].find_all("pre")
        if len(blocks) == 1 and blocks[0].text.strip() == cells[1].text.strip():
            table.replace_with(blocks[0])


def part_lines(tree: turbohtml.Document) -> None:
    """Break the lines of code in cells by elements: a table that is written as HTML ends at an empty line."""
    for block in tree.select("td pre, th pre"):
        for node in [node for node in block.descendants if isinstance(node, turbohtml.Text) and "\n" in node.text]:
            first, *others = node.text.split("\n")
            for line in reversed(others):
                node.insert_after(turbohtml.Text(line))
                node.insert_after(turbohtml.Element("br"))
            node.replace_with(turbohtml.Text(first))
