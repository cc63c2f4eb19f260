"""Formulas, whose TeX stands in `code.math` (see render.tree), between dollar signs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from declutter.render.markdown.verbatim import as_verbatim

if TYPE_CHECKING:
    import turbohtml

__all__ = ["with_formulas"]


# What Markdown would read as the beginning of a tag or the middle of a link; TeX does not mind a space there.
_READ_OTHERWISE: Final = re.compile(r"<(?=[A-Za-z/!?])|\](?=[(\[:])")


def with_formulas(tree: turbohtml.Document) -> None:
    """Put each formula as it is in the place of its element: one dollar sign in a line, two where it stands by itself."""
    for found in tree.select("code.math"):
        around = "$$" if found.has_class("display") else "$"
        tex = _READ_OTHERWISE.sub(r"\g<0> ", " ".join(found.text.split()))
        found.replace_with(as_verbatim(f"{around}{tex}{around}"))
