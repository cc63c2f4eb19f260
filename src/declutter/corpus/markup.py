"""What corpus tools ask of HTML: its text, its forms, the address it names."""

from __future__ import annotations

from typing import Final

import turbohtml

__all__ = ["forms", "page_address", "text_of"]

_INLINE: Final = frozenset(
    {
        *(
            "a",
            "abbr",
            "acronym",
            "b",
            "bdi",
            "bdo",
            "big",
            "cite",
            "code",
            "data",
            "del",
            "dfn",
            "em",
            "font",
        ),
        *("i", "img", "ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small"),
        *("span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"),
    }
)
_UNSEEN: Final = frozenset({"head", "noframes", "script", "style", "template", "textarea"})


def text_of(html: bytes | str) -> str:
    """The text of a page with a line for each block, so that words of neighbouring blocks never touch.

    White space inside a line is one space; empty lines are left out, as are scripts, styles, templates, the
    head and text areas; nothing else is judged. Linear, and depth is no limit.
    """
    pieces: list[str] = []
    stack: list[turbohtml.Node | str] = [turbohtml.parse(html)]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            pieces.append(node)
        elif isinstance(node, turbohtml.Text):
            pieces.append(node.data.replace("\n", " "))
        elif isinstance(node, turbohtml.Document):
            stack.extend(reversed(node.children))
        elif isinstance(node, turbohtml.Element) and node.tag not in _UNSEEN:
            if node.tag not in _INLINE:
                pieces.append("\n")
                stack.append("\n")
            stack.extend(reversed(node.children))
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def forms(html: bytes | str) -> list[frozenset[str]]:
    """For each form of a page in document order, the names of the fields inside it that a person fills in.

    Hidden inputs, buttons and fields without a name are left out.
    """
    found = []
    for form in turbohtml.parse(html).find_all("form"):
        names = set()
        for control in form.find_all(["input", "select", "textarea"]):
            name = control.attrs.get("name")
            kind = str(control.attrs.get("type") or "").lower() if control.tag == "input" else ""
            if isinstance(name, str) and name and kind != "hidden":
                names.add(name)
        found.append(frozenset(names))
    return found


def page_address(html: bytes | str) -> str | None:
    """The address a page gives itself: its canonical link, else its og:url; None if neither is absolute."""
    page = turbohtml.parse(html)
    places = (('link[rel~="canonical" i]', "href"), ('meta[property="og:url" i]', "content"))
    for selector, attribute in places:
        for element in page.select(selector):
            value = element.attrs.get(attribute)
            if isinstance(value, str) and value.strip().lower().startswith(("http://", "https://")):
                return value.strip()
    return None
