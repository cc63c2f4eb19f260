"""What a page says of itself in its head: titles, descriptions, the text of its JSON-LD."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from declutter.document import TEXT
from declutter.words import split_words

if TYPE_CHECKING:
    from declutter.document import Document

__all__ = ["PAGE_TYPES", "Head", "read_head"]

PAGE_TYPES: Final[dict[str, str]] = {
    "article": "article newsarticle blogposting report scholarlyarticle techarticle reportagenewsarticle"
    " analysisnewsarticle opinionnewsarticle socialmediaposting liveblogposting",
    "product": "product productgroup individualproduct productmodel product.item",
    "forum": "discussionforumposting qapage",
    "list": "itemlist collectionpage searchresultspage offercatalog imagegallery blog",
    "guide": "recipe howto faqpage course book softwareapplication",
    "website": "website home profile profilepage",
}
"""What a page says it is -> types of schema.org and of the Open Graph that say so, in lower case."""

_TYPE_OF: Final = {word: kind for kind, words in PAGE_TYPES.items() for word in words.split()}
# The types of microdata are counted by the thousand on long listings; the first tell.
_MOST_TYPES: Final = 200
_LONGEST_TYPE: Final = 200
# One type or a list of them; slashes may be escaped.
_JSON_TYPE: Final = re.compile(r'"@type"\s*:\s*("[^"\[\]]{3,80}"|\[[^\[\]]{3,300}\])')
_TYPE_NAME: Final = re.compile(r"[\w.]++(?=[\s\"/\\]*(?:,|\]|\Z))")
# What parts the title of a page from the name of its site.
_NAME_AFTER: Final = re.compile(r"\s[|–—·•:»-]\s")
# Longer names are sentences.
_LONGEST_NAME: Final = 6
_NAME_WINDOW: Final = 200

_TITLES: Final = frozenset(("og:title", "twitter:title", "dc.title"))
_DESCRIPTIONS: Final = frozenset(("description", "og:description", "twitter:description", "dc.description"))
_TAGS: Final = ("html", "meta", "title", "script")
# A page has a few titles and descriptions; every block is held against each.
_MOST: Final = 8
# Long enough for a long article; cutting keeps a hostile page linear and cheap.
_JSON_WINDOW: Final = 300_000
# The bodies that schema.org gives to articles, posts, answers, reviews, recipes; of 40 characters, and the rest in runs: a group
# that is repeated for each character takes ten times as long.
_JSON_TEXT: Final = re.compile(
    r'"(?:articleBody|text|description|reviewBody|recipeInstructions|abstract)"\s*:\s*("(?=(?:[^"\\]|\\.){40})(?:[^"\\]++|\\.)*+")'
)

_STRINGS: Final = json.JSONDecoder(strict=False)


@dataclass(slots=True)
class Head:
    """Texts of the head; empty where the page has none.

    Attributes:
        title: the text of `<title>`.
        titles: `<title>` and the titles of its meta elements.
        descriptions: the descriptions of its meta elements.
        json_text: bodies and descriptions in its JSON-LD, joined.
        language: `lang` of the html element.
        types: keys of PAGE_TYPES that the page says it is.
        site: the name of the site, from og:site_name, or the end or the beginning of the title.
    """

    title: str = ""
    titles: list[str] = field(default_factory=list)
    descriptions: list[str] = field(default_factory=list)
    json_text: str = ""
    language: str = ""
    types: set[str] = field(default_factory=set)
    site: str = ""

    @property
    def site_words(self) -> list[str]:
        """The words of the site's name; none where it has none, or more than a name has."""
        return split_words(self.site[:_NAME_WINDOW]) if _is_name(self.site) else []


def read_head(document: Document) -> Head:
    """Collect the head's texts, wherever in the page they stand."""
    head = Head()
    bodies: list[str] = []
    told: list[str] = []
    tags, types = document.tags, document.named("type")
    for node in document.rows_of(*_TAGS):
        tag = tags[node]
        if tag == "meta":
            values = dict(document.attributes[node])
            name = (values.get("property") or values.get("name") or "").lower()
            content = values.get("content")
            if content and name in _TITLES and len(head.titles) < _MOST:
                head.titles.append(content)
            elif content and name in _DESCRIPTIONS and len(head.descriptions) < _MOST:
                head.descriptions.append(content)
            elif content and name == "og:type":
                told.append(content)
            elif content and name == "og:site_name":
                head.site = head.site or content
        elif tag == "title":
            if not head.title and node + 1 < len(document) and document.tags[node + 1] == TEXT:
                head.title = " ".join(document.texts[node + 1].split())
                head.titles.insert(0, head.title)
        elif tag == "html":
            head.language = head.language or document.attribute(node, "lang") or ""
        elif tag == "script" and types.get(node, "").lower() == "application/ld+json":
            raw = "".join(document.texts[node + 1 : int(document.ends[node])])[:_JSON_WINDOW]
            bodies.extend(_json_strings(raw))
            told += [name for said in _JSON_TYPE.findall(raw) for name in _TYPE_NAME.findall(said)]
    head.json_text = " ".join(bodies)
    for _, value in zip(range(_MOST_TYPES), document.named("itemtype").values(), strict=False):
        told += value[:_LONGEST_TYPE].split()
    names = [name for value in told for name in _TYPE_NAME.findall(value[:_LONGEST_TYPE])]
    head.types = {kind for name in names if (kind := _TYPE_OF.get(name.lower()))}
    if not head.site:
        parts = _NAME_AFTER.split(head.title[:300])
        head.site = next((part for part in (parts[-1], parts[0]) if _is_name(part)), "") if len(parts) > 1 else ""
    return head


def _is_name(text: str) -> bool:
    """Whether the text is short enough for a name; Chinese and the like, whose words are characters, have twice as many."""
    words = split_words(text[:_NAME_WINDOW])
    return 0 < len(words) <= (_LONGEST_NAME if any(len(word) > 1 for word in words) else 2 * _LONGEST_NAME)


def _json_strings(raw: str) -> list[str]:
    # Only strings are wanted, and JSON-LD on the web is often broken or nested without end: no tree is built.
    found = []
    for literal in _JSON_TEXT.findall(raw):
        try:
            found.append(str(_STRINGS.decode(literal)))
        except ValueError:
            found.append(literal)
    return found
