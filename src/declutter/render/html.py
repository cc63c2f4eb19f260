"""A page as HTML, and its content as inert HTML; turbohtml sanitises."""

from __future__ import annotations

import io
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Final, Literal

import turbohtml
from turbohtml.clean import DEFAULT_ATTRIBUTES, OnDisallowed, Policy, sanitize, sanitize_node

from declutter.document.parser_input import parser_input
from declutter.errors import InputError, shown
from declutter.render.cut import cut_html
from declutter.render.kept import kept_nodes
from declutter.render.tree import WRITTEN, kept_html

if TYPE_CHECKING:
    import numpy as np
    from bs4 import BeautifulSoup
    from numpy.typing import NDArray

    from declutter.blocks import Blocks
    from declutter.document import Document

__all__ = ["SCOPES", "Scope", "as_soup", "content_html", "page_html"]

Scope = Literal["content", "document"]

SCOPES: Final[tuple[Scope, ...]] = ("content", "document")
"""How much of a page HTML has: the kept part of the tree, or the whole source less the chrome."""

_GENERAL: Final = frozenset(("title", "lang", "dir", "class", "id"))
_ATTRIBUTES: Final = {
    **DEFAULT_ATTRIBUTES,
    "*": frozenset(DEFAULT_ATTRIBUTES.get("*", frozenset())) | _GENERAL,
    "a": frozenset(("href", "hreflang", "rel")),
    "img": frozenset(("src", "srcset", "alt", "width", "height")),
    "source": frozenset(("src", "srcset", "type", "media", "sizes")),
    "video": frozenset(("src", "poster", "width", "height", "controls")),
    "audio": frozenset(("src", "controls")),
    "td": frozenset(("colspan", "rowspan", "headers")),
    "th": frozenset(("colspan", "rowspan", "headers", "scope")),
    "ol": frozenset(("start", "type", "reversed")),
    "li": frozenset(("value",)),
    "time": frozenset(("datetime",)),
    "q": frozenset(("cite",)),
    "blockquote": frozenset(("cite",)),
    "del": frozenset(("cite", "datetime")),
    "ins": frozenset(("cite", "datetime")),
    "details": frozenset(("open",)),
    **dict.fromkeys(("pre", "code", "div", "figure"), frozenset(("data-lang", "data-language"))),
}
# Names stay for styling; what could run, load a frame or post a form does not.
_POLICY: Final = Policy(
    tags=WRITTEN,
    attributes=_ATTRIBUTES,
    allow_fragment_urls=True,
    on_disallowed_tag=OnDisallowed.STRIP,
    strip_comments=True,
)
# A document has no writer that has left out what is not shown, and what is hidden in it stays so.
_DOCUMENT_POLICY: Final = replace(
    _POLICY,
    attributes={**_ATTRIBUTES, "*": _ATTRIBUTES["*"] | {"hidden"}},
    remove_with_content=frozenset(
        ("script", "style", "title", "iframe", "object", "noframes", "noembed", "svg", "head")
    ),
)
# A line break right behind their tags is none of the text, which bs4's own parser does not know.
_TAKE_A_BREAK: Final = ("pre", "textarea", "listing")
_NAMING: Final = frozenset(("name", "property", "itemprop"))
# What says of a page what it is; nothing of them is loaded or followed.
_HEAD_POLICY: Final = replace(
    _DOCUMENT_POLICY,
    tags=frozenset(("meta",)),
    attributes={"meta": _NAMING | {"content"}},
    remove_with_content=_DOCUMENT_POLICY.remove_with_content - {"head"} | {"noscript"},
)


def page_html(
    document: Document,
    blocks: Blocks,
    keep: NDArray[np.bool_],
    scope: str = "content",
    inert: bool | None = None,
    url: str | None = None,
) -> str:
    """The page as HTML, of one scope.

    Args:
        document: the page.
        blocks: its n blocks.
        keep: bool, n, which blocks stay.
        scope: one of SCOPES.
        inert: whether a document is sanitised; the content always is.
        url: where the page came from: then addresses in the content are absolute.

    Raises:
        InputError: the scope is not known, the content is wanted other than inert, or a page without a source cut.
    """
    if scope not in SCOPES:
        raise InputError(f"scope {shown(scope)} is not known: give {' or '.join(SCOPES)}")
    if scope == "content":
        if inert is not None and not inert:
            raise InputError("the content is always inert: leave inert out, or ask for scope='document'")
        return content_html(document, blocks, keep, url)
    html = cut_html(document, blocks, keep)
    return _inert(html) if inert else html


def _inert(html: str) -> str:
    """A document sanitised: language, title, what names describe it, and its body; declared as UTF-8."""
    tree = turbohtml.parse(parser_input(html.removeprefix("\ufeff")))
    _open_templates(tree)
    root = tree.find("html")
    names = "".join(
        f' {name}="{escape(value)}"'
        for name in ("lang", "dir")
        if root is not None and isinstance(value := root.attrs.get(name), str)
    )
    doctype = "<!DOCTYPE html>\n" if any(isinstance(node, turbohtml.Doctype) for node in tree.children) else ""
    head, body = tree.find("head"), tree.find("body")
    title = None if head is None else head.find("title")
    named = "" if title is None else f"<title>{escape(title.text)}</title>"
    metas = [] if head is None else sanitize_node(head, _HEAD_POLICY).find_all("meta")
    described = "".join(meta.html for meta in metas if _NAMING & set(meta.attrs))
    text = "" if body is None else sanitize_node(body, _DOCUMENT_POLICY).inner_html.strip()
    return f'{doctype}<html{names}>\n<head><meta charset="utf-8">{named}{described}</head>\n<body>\n{text}\n</body>\n</html>\n'


def _open_templates(tree: turbohtml.Document) -> None:
    """Put what templates hold in their places: the sanitiser would leave it out, and shadow roots are templates here."""
    waiting = tree.find_all("template")
    while waiting:
        template = waiting.pop()
        for part in list(template.children):
            for node in list(part.children) if isinstance(part, turbohtml.DocumentFragment) else [part]:
                template.insert_before(node)
                if isinstance(node, turbohtml.Element):
                    waiting += [node] if node.tag == "template" else node.find_all("template")
        template.extract()


def as_soup(html: str, scope: str) -> BeautifulSoup:
    """HTML as a BeautifulSoup with the tree that a browser would make of it.

    Args:
        html: as from `page_html`.
        scope: that it was made for.
    """
    from bs4 import BeautifulSoup  # noqa: PLC0415 - most callers want no soup, and the import costs
    from bs4.element import NavigableString  # noqa: PLC0415 - as above

    if scope == "document":
        # bs4's own parser implies no end tags: it reads what ours has written out.
        html = turbohtml.parse(html.removeprefix("\ufeff")).html
    soup = BeautifulSoup(io.StringIO(html), "html.parser")  # from a file: a short text is not taken for a file name
    for tag in soup.find_all(_TAKE_A_BREAK):
        first = tag.contents[0] if tag.contents else None
        if type(first) is NavigableString and first.startswith("\n"):
            first.replace_with(first[1:])
    return soup


def content_html(document: Document, blocks: Blocks, keep: NDArray[np.bool_], url: str | None = None) -> str:
    """The kept part of the page's tree, inert: no script, handler, form, frame or script address.

    Where it is known where the page came from, addresses are absolute.
    """
    html = sanitize(kept_html(document, blocks, kept_nodes(document, blocks, keep)), _POLICY)
    if not url:
        return html
    from declutter.render.addresses import absolute, base_of  # noqa: PLC0415 - few callers say where a page came from

    return absolute(html, base_of(document, url))
