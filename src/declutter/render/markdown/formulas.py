"""Formulas, whose TeX stands in `code.math` (see render.tree), between dollar signs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from declutter.render.markdown.marks import in_code, is_raw

if TYPE_CHECKING:
    import turbohtml

    from declutter.render.markdown.marks import Marks

__all__ = ["mark_formulas"]

# What Markdown would read as the beginning of a tag or the middle of a link; TeX does not mind a space there.
_READ_OTHERWISE: Final = re.compile(r"<(?=[A-Za-z/!?])|\](?=[(\[:])")
# A quotation mark in TeX, the beginning of code in Markdown.
_QUOTE: Final = str.maketrans("`", "\u2018")


def mark_formulas(tree: turbohtml.Document, marks: Marks) -> None:
    """Put each formula as it is in the place of its element: one dollar sign in a line, two where it stands by itself."""
    known: dict[turbohtml.Element, bool] = {}
    for found in tree.select("code.math"):
        if in_code(found) or found.closest("a") is not None or is_raw(found, known):
            continue
        tex = _READ_OTHERWISE.sub(r"\g<0> ", " ".join(found.text.split())).translate(_QUOTE)
        if found.closest("td, th") is not None:
            tex = tex.replace("|", "\\|")
        if tex:
            around = "$$" if found.has_class("display") else "$"
            found.replace_with(marks.of(f"{around}{tex}{around}"))
