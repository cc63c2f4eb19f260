"""The content of a page as Markdown; turbohtml converts it, after what Markdown cannot say is put as it can."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import turbohtml

from declutter.render.addresses import base_of, localise, own_addresses, point_back
from declutter.render.html import content_html
from declutter.render.markdown.blanks import drop_blanks
from declutter.render.markdown.code import name_languages, part_lines, without_gutters
from declutter.render.markdown.definitions import mark_definitions
from declutter.render.markdown.emphasis import mark_emphasis, with_emphasis
from declutter.render.markdown.formulas import mark_formulas
from declutter.render.markdown.images import address_images
from declutter.render.markdown.lines import drop_first_breaks, drop_spaces, join_titles, quiet_signs, write_readings
from declutter.render.markdown.links import ANY_BLOCK, drop_permalinks, part_links
from declutter.render.markdown.lists import gather_items, join_lists, mark_tasks, number_items
from declutter.render.markdown.marks import Marks, in_code, quiet_raw, unmarked
from declutter.render.markdown.notes import take_notes, written_note
from declutter.render.markdown.tables import fill_rows, open_layouts, part_cells

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["content_markdown"]

# Two line breaks end a paragraph; as they stand Markdown would show them. Editors put one of them into an element of its own.
_DRESS: Final = r"</?(?:a|span|b|strong|i|em|u|small)\b[^<>]*>"
_BREAK: Final = r"<br\b[^<>]*>"
_PARAGRAPHS: Final = re.compile(rf"(<pre\b.*?</pre>)|{_BREAK}(?:(?:\s|{_DRESS})*{_BREAK})+", re.DOTALL)
_TAG: Final = re.compile(_DRESS)
# A space that keeps words in a line: the converter writes it as what it is in HTML.
_NO_BREAK: Final = "&nbsp;"
_MARKDOWN: Final = turbohtml.Markdown()
_CODE: Final = frozenset(("code", "kbd", "samp", "var"))
_LINES: Final = ", ".join(
    ("q", "cite", "del", "s", "ins", "u", "small", "mark", "abbr", "dfn", "sub", "sup", *sorted(_CODE))
)


def content_markdown(document: Document, blocks: Blocks, keep: NDArray[np.bool_], url: str | None = None) -> str:
    """The kept part of the page's tree as GitHub-flavoured Markdown, with footnotes, definition lists and formulas beyond it.

    A link around headings stands on them, one around other blocks on the first: Markdown has links in a line alone. Addresses
    are absolute where it is known where the page came from.
    """
    html = unmarked(content_html(document, blocks, keep, url).replace(_NO_BREAK, " "))
    tree = turbohtml.parse(_PARAGRAPHS.sub(_parted, html))
    marks = Marks()
    for cell in tree.select("[colspan='1'], [rowspan='1']"):
        for name in ("colspan", "rowspan"):
            if cell.attrs.get(name) == "1":
                del cell.attrs[name]  # a cell that spans but itself makes of its table one that Markdown cannot write
    without_gutters(tree)
    open_layouts(tree)
    name_languages(tree)
    fill_rows(tree)
    mark_formulas(tree, marks)
    mark_tasks(tree, marks)
    gather_items(tree)
    number_items(tree)
    changed = localise(tree, own_addresses(document, url))
    notes = take_notes(tree, marks)
    for link, address in changed:
        link.attrs["href"] = address
    if url:
        point_back(tree, unmarked(base_of(document, url)))
    address_images(tree)
    join_titles(tree)
    drop_permalinks(tree)
    drop_blanks(tree)
    part_links(tree)
    part_cells(tree, marks)
    part_lines(tree)
    drop_first_breaks(tree)
    write_readings(tree)
    join_lists(tree)
    for root in (tree, *(note for _, note in notes)):
        _open_lines(root)
        drop_spaces(root)
        quiet_signs(root, marks)
        _mark_raised(root, marks)
        mark_emphasis(root)
    quiet_raw(tree, marks)
    mark_definitions(tree, marks, _MARKDOWN)
    texts = [tree.to_markdown(_MARKDOWN).strip()]
    texts += [written_note(name, with_emphasis(marks.replaced(note.to_markdown(_MARKDOWN)))) for name, note in notes]
    return with_emphasis(marks.replaced("\n\n".join(text for text in texts if text)))


def _parted(found: re.Match[str]) -> str:
    """What to write for line breaks that end a paragraph: an empty one, outside of what the tags between them begin and end."""
    if found[1]:
        return found[1]
    tags = _TAG.findall(found[0])
    depths = [0]
    for tag in tags:
        depths.append(depths[-1] + (-1 if tag.startswith("</") else 1))
    outside = depths.index(min(depths))
    return "".join((*tags[:outside], "<p></p>", *tags[outside:]))


def _open_lines(tree: turbohtml.Node) -> None:
    """Take away elements of a line around blocks: written in a line, what they hold would begin and end nothing there."""
    for element in tree.select(_LINES):
        if not in_code(element) and element.select_one("pre" if element.tag in _CODE else ANY_BLOCK) is not None:
            element.unwrap()


def _mark_raised(tree: turbohtml.Node, marks: Marks) -> None:
    """Write what is raised or lowered as HTML does: Markdown has no way of its own."""
    for element in tree.select("sub, sup"):
        if in_code(element):
            continue
        # A tag alone in a line would make HTML of those that follow.
        if element.text.strip() and element.find("br") is None:
            element.insert_before(marks.of(f"<{element.tag}>"))
            element.insert_after(marks.of(f"</{element.tag}>"))
        element.unwrap()
