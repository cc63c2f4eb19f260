"""Formulas: the TeX that they were made of, where the page says it, else MathML in a line; and the pictures of them."""

from __future__ import annotations

import re
from html import escape
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from declutter.document import TEXT
from declutter.document.visibility import SKIPPED

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from declutter.document import Document

__all__ = ["Formula", "Formulas", "bare_tex", "linear", "plain_tex", "tex_scripts", "written_tex"]

# How some pages begin and end all TeX.
_STYLED: Final = re.compile(r"\{\\(?:display|text)style\b(.*)\}", re.DOTALL)
# application/x-tex, TeX, LaTeX; not text/plain.
_OF_TEX: Final = re.compile(r"(?:^|[^a-z])(?:la)?tex\b", re.IGNORECASE)
# MathJax 2 keeps the TeX in a script and sets what it draws before it.
_SCRIPT: Final = re.compile(r"\s*math/tex\s*(?:;\s*mode\s*=\s*(display)\s*)?(?:;.*)?", re.IGNORECASE)
# What keeps it from readers of XML, behind TeX's sign of a comment.
_CDATA: Final = re.compile(r"%\s*(?:<!\[CDATA\[|\]\]>)")
_COMMENT: Final = re.compile(r"(?<!\\)%[^\n]*")
# What holds the text of a formula, and what nobody sees.
_SAYING: Final = SKIPPED | {"mi", "mn", "mo", "mtext", "ms", "annotation"}
_DRAWN: Final = frozenset(("MathJax_Preview", "MathJax", "MathJax_Display", "MathJax_SVG", "MathJax_SVG_Display"))
_UP: Final = 3
# How the second part and the third stand to the first; a root is a power.
_RAISED: Final = {
    "msub": ("sub",),
    "munder": ("sub",),
    "msup": ("sup",),
    "mover": ("sup",),
    "mroot": ("sup",),
    "msubsup": ("sub", "sup"),
    "munderover": ("sub", "sup"),
    "mmultiscripts": ("sub", "sup"),
}
# What parts the parts of others.
_BETWEEN: Final = {"mfrac": "/", "mtr": ", ", "mlabeledtr": ", ", "mtable": "; "}
_UNSEEN: Final = SKIPPED | {"annotation", "mphantom"}
# Signs of function application and of products, which nobody sees.
_INVISIBLE: Final = str.maketrans("", "", "\u2061\u2062\u2063\u2064")
# What stands for a fraction before a further token.
_FRACTION: Final = "//"


def tex_of(document: Document, node: int) -> str:
    """The TeX that a `<math>` was made of, "" where it does not say."""
    for row in range(node, int(document.ends[node])):
        if document.tags[row] == "annotation" and _OF_TEX.search(document.attribute(row, "encoding") or ""):
            return bare_tex("".join(document.texts[row : int(document.ends[row])]))
    return bare_tex(dict(document.attributes[node]).get("alttext"))


def bare_tex(tex: str | None) -> str:
    """TeX without white space around it, and without the style that some pages write around all of it."""
    found = _STYLED.fullmatch((tex or "").strip())
    return found[1].strip() if found else (tex or "").strip()


def written_tex(formula: Formula) -> str:
    """TeX as HTML: `code` of the class `math`, and `display` where it stands by itself."""
    name = "math display" if formula.display else "math"
    return f'<code class="{name}">{escape(_CDATA.sub("", formula.tex).strip(), quote=False)}</code>'


def tex_scripts(document: Document) -> dict[int, bool]:
    """The scripts that hold TeX, which MathJax 2 sets, and whether theirs stands by itself."""
    found: dict[int, bool] = {}
    for node in document.rows_of("script"):
        if kind := _SCRIPT.fullmatch(document.attribute(node, "type") or ""):
            found[node] = kind[1] is not None
    return found


class Formula(NamedTuple):
    """A formula that says its TeX.

    Attributes:
        tex: as the page has it.
        display: it stands by itself.
        text: row of the first text in it, -1 for none.
    """

    tex: str
    display: bool
    text: int


class Formulas(NamedTuple):
    """The formulas of a page.

    Attributes:
        tex: those that say their TeX by their rows, a `<math>` or a script of MathJax 2, in document order; of formulas inside
            each other the outermost.
        drawn: what shows one of them a second time, by row, and which.
        broken: rows of `<math>` that hold other text than a formula, as where one is not closed.
    """

    tex: dict[int, Formula]
    drawn: dict[int, int]
    broken: frozenset[int]

    @classmethod
    def of(cls, document: Document) -> Formulas:
        """Those of a page; linear in its nodes."""
        tags, texts, parents = document.tags, document.texts, document.parents
        scripts = tex_scripts(document)
        maths = document.rows_of("math")
        if not scripts and not maths:
            return cls({}, {}, frozenset())
        inked = [tag == TEXT and not text.isspace() for tag, text in zip(tags, texts, strict=True)]
        strange = (ink and tags[parents[node]] not in _SAYING for node, ink in enumerate(inked))
        strangers = [0, *accumulate(strange)] if maths else []
        found: dict[int, Formula] = {}
        broken = []
        until = 0
        for row in sorted((*scripts, *maths)):
            if row < until:
                continue
            end = int(document.ends[row])
            if row not in scripts and strangers[end] > strangers[row]:
                broken.append(row)
                continue
            until = end
            tex = "".join(texts[row:end]) if row in scripts else tex_of(document, row)
            if tex.strip():
                display = scripts.get(row, ("display", "block") in document.attributes[row])
                seen = (
                    n for n in range(row, end) if inked[n] and (parents[n] == row or tags[parents[n]] not in SKIPPED)
                )
                found[row] = Formula(tex, display, next(seen, -1))
        drawn = {node: formula for node, formula in pictures(document, scripts).items() if formula in found}
        return cls(found, drawn, frozenset(broken))


def plain_tex(formula: Formula) -> str:
    """TeX as a part of a line of plain text: without comments, and apart from its words where it stands by itself."""
    tex = _COMMENT.sub("", _CDATA.sub("", formula.tex)).strip()
    return f" {tex} " if formula.display else tex


def pictures(document: Document, scripts: Collection[int]) -> dict[int, int]:
    """What shows a formula a second time: what MathJax drew before its script, what KaTeX drew behind its MathML.

    Args:
        document: the page.
        scripts: rows of the scripts that hold TeX.

    Returns:
        Row of the element to row of the formula.
    """
    tags, parents = document.tags, document.parents.tolist()
    # Elements that hold a formula alone.
    around = {parents[node]: node for node, tag in enumerate(tags) if tag == "math" and parents[node] == node - 1}
    around = {node: math for node, math in around.items() if document.ends[node] == document.ends[math]}
    beside: dict[int, list[int]] = {parents[node]: [] for node in (*scripts, *around)}
    for node in range(1, len(tags)) if beside else ():
        if parents[node] in beside and not document.texts[node].isspace():
            beside[parents[node]].append(node)
    found: dict[int, int] = {}
    for row in beside.values():
        for place, node in enumerate(row):
            if node in scripts:
                frame = f"{document.attribute(node, 'id')}-Frame"
                for other in reversed(row[max(place - _UP, 0) : place]):
                    if not _is_drawn(document, other, frame):
                        break
                    found[other] = node
            elif (
                place
                and (math := around.get(row[place - 1]))
                and (document.attribute(node, "aria-hidden") or "").lower() == "true"
                and tex_of(document, math)
            ):
                found[node] = math
    return found


def _is_drawn(document: Document, node: int, frame: str) -> bool:
    """Whether an element is what MathJax drew: by its class, or by the name that it has of its script."""
    if set((document.attribute(node, "class") or "").split()) & _DRAWN:
        return True
    within = range(node, min(node + _UP, int(document.ends[node])))
    return any(document.attribute(row, "id") == frame for row in within)


def linear(document: Document, node: int, stays: Sequence[bool]) -> str:
    """MathML in a line, as HTML: fractions with a slash, roots with their sign or as powers, what is raised in `sup`.

    Linear in the nodes of the formula, however deep.

    Args:
        document: the page.
        node: the row of the `<math>`.
        stays: which nodes stay.
    """
    end = int(document.ends[node])
    tags, texts = document.tags[node:end], document.texts[node:end]
    parents: list[int] = (document.parents[node:end] - node).tolist()
    ends: list[int] = (document.ends[node:end] - node).tolist()
    tokens = [0, *accumulate(bool(text.strip()) for text in texts)]
    out: list[str] = []
    closing: list[tuple[int, str, str]] = []  # where, what, and what it leaves for the next token
    counts: dict[int, int] = {}  # of each element, how many of its parts were read
    word = ""  # the token before, where another word could run together with it
    row = 1
    while row < len(tags):
        while closing and row >= closing[-1][0]:
            _, after, word = closing.pop()
            out.append(after)
        tag, above = tags[row], parents[row]
        if tag == TEXT:
            text = texts[row].translate(_INVISIBLE)
            if stays[node + row] and (bare := " ".join(text.split())):
                is_word = tags[above] != "mo" or bare.isalpha()
                apart = text[0].isspace() if tags[above] == "mtext" else is_word and _run_together(word, bare)
                out.append(f"{' ' if apart else ''}{escape(bare, quote=False)}")
                out.append(" " if tags[above] == "mtext" and text[-1].isspace() else "")
                word = bare if is_word else ""
            row += 1
            continue
        number = counts.get(above, 0)
        counts[above] = 1 if tag == "mprescripts" else number + 1
        if tag in _UNSEEN:
            row = ends[row]
            continue
        opening, after = _around(tags[above], number, tag, tokens[ends[row]] - tokens[row] > 1)
        if opening or after or tag == "mfrac":
            out.append(opening)
            closing.append((ends[row], after, _FRACTION if tag == "mfrac" else ""))
            word = "" if opening else word
        row += 1
    out += [after for _, after, _ in reversed(closing)]
    return " ".join("".join(out).split())


def _run_together(one: str, other: str) -> bool:
    """Whether two tokens side by side would read as one; a number before a letter is a product, and so are two letters."""
    if not one:
        return False
    if one[-1].isdigit():
        return other[0].isdigit() or len(other) > 1
    return len(one) > 1 or len(other) > 1 or other[0].isdigit()


def _around(above: str, number: int, tag: str, long: bool) -> tuple[str, str]:
    """What stands before and behind a part of a formula.

    Args:
        above: the element that it is a part of.
        number: which one, from 0.
        tag: its element.
        long: it has more than a token.
    """
    before, after = "", ""
    if number and above in _RAISED:
        name = _RAISED[above][(number - 1) % len(_RAISED[above])]
        before, after = f"<{name}>", f"</{name}>"
        before += "1/" if above == "mroot" else ""
    elif number:
        before = _BETWEEN.get(above, "")
    if tag == "mfenced" or (long and above == "mfrac") or (long and above == "mroot" and not number):
        before, after = f"{before}(", f"){after}"
    if tag == "msqrt":
        before, after = f"{before}√(", f"){after}"
    return f"{before} " if tag == "mspace" else before, after
