"""Formulas, whose TeX stands in `code.math` (see render.tree), between dollar signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from declutter.render.markdown.verbatim import as_verbatim

if TYPE_CHECKING:
    import turbohtml

__all__ = ["with_formulas"]


def with_formulas(tree: turbohtml.Document) -> None:
    """Put each formula as it is in the place of its element: one dollar sign in a line, two where it stands by itself."""
    for found in tree.select("code.math"):
        around = "$$" if found.has_class("display") else "$"
        found.replace_with(as_verbatim(f"{around}{' '.join(found.text.split())}{around}"))
