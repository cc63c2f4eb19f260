"""Class, id, role and tag names of elements as bits: evidence, never a veto.

Names are cut into words at punctuation and capitals; each word stands for at most one group. The lists are of English
words because class names are English on most sites of any language.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter import compiled
from declutter.features.tags import tag_codes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from declutter.compiled import speedups
    from declutter.document import Document

__all__ = ["CLASS_GROUPS", "MARKS", "TAG_MARKS", "node_marks"]

CLASS_GROUPS: Final[dict[str, str]] = {
    "nav": "nav navbar navigation menu menubar submenu dropdown topbar breadcrumb breadcrumbs crumb crumbs pagination"
    " pager paging toc tabs skip skiplink hamburger megamenu topnav sitenav subnav",
    "header": "header masthead banner hd topper branding logo",
    "footer": "footer foot colophon copyright legal imprint bottom ft",
    "side": "sidebar aside side rail widget widgets rightcol leftcol secondary tertiary column",
    "comments": "comment comments commentlist disqus reply replies respond discussion livefyre coral vote votes rating"
    " ratings review reviews",
    "social": "share sharing shares social socials addthis sharedaddy follow twitter facebook whatsapp linkedin"
    " pinterest instagram sns like likes addtoany print",
    "ads": "ad ads advert advertisement advertising adsense adslot adunit sponsor sponsored promo promos promotion"
    " banner dfp gpt taboola outbrain affiliate commercial teads leaderboard",
    "related": "related recommend recommended recommendations recirc popular trending more latest recent mostread next"
    " prev previous similar also teaser teasers suggested suggestions further upnext carousel",
    "signup": "newsletter newsletters signup subscribe subscription subscriptions register registration login signin"
    " account optin mailchimp mailinglist email inbox mc4wp klaviyo hubspot leadform contact",
    "donation": "donate donation donations donor support supporter contribute contribution fundraiser fundraising"
    " giving membership patreon kofi charity appeal pledge",
    "payment": "pay payment payments price prices pricing cart basket checkout buy purchase paywall premium plan plans"
    " stripe paypal klarna order shop addtocart offer",
    "consent": "cookie cookies consent gdpr ccpa privacy cmp onetrust cookiebot didomi quantcast tcf agegate",
    "meta": "meta byline author authors date time timestamp published posted dateline credit credits source tag tags"
    " category categories keywords views readtime bio avatar username user",
    "body": "content article post entry story body text main maincontent bodytext prose copy blog richtext markdown"
    " message posttext articlebody entrycontent paragraph",
    "title": "title headline heading head subtitle deck standfirst lede lead dek intro summary excerpt abstract",
    "overlay": "modal popup overlay lightbox dialog toast tooltip drawer offcanvas interstitial flyout notice alert",
    "item": "item items card cards tile tiles list listing grid row product products result results thumb",
    "search": "search searchbox searchform find filter filters sort sorting facet facets",
    "caption": "caption captions figcaption figure image photo gallery media video img picture",
    "quote": "quote blockquote pullquote code highlight table infobox note callout footnote footnotes reference"
    " references",
    "hide": "hidden hide invisible sr visually offscreen screenreader print noprint noscript",
}
"""Group -> words of class and id names (own list, from the naming habits of common themes and frameworks)."""

TAG_MARKS: Final[dict[str, tuple[str, ...]]] = {
    "tag_main": ("main", "role=main"),
    "tag_article": ("article", "role=article", "itemprop=articlebody", "itemprop=text"),
    "tag_nav": ("nav", "menu", "role=navigation", "role=menu", "role=menubar", "role=tablist"),
    "tag_aside": ("aside", "role=complementary"),
    "tag_header": ("header", "role=banner"),
    "tag_footer": ("footer", "role=contentinfo"),
    "tag_form": ("form", "fieldset", "role=form", "role=search", "search"),
    "tag_table": ("table",),
    "tag_list": ("ul", "ol"),
    "tag_item": ("li",),
    "tag_dl": ("dl",),
    "tag_figure": ("figure",),
    "tag_quote": ("blockquote",),
    "tag_pre": ("pre",),
    "tag_dialog": ("dialog", "role=dialog", "role=alertdialog", "role=alert"),
    "tag_details": ("details",),
    "tag_button": ("button", "role=button"),
    "tag_section": ("section", "role=region"),
    "tag_link": ("a",),
    "tag_heading": ("h1", "h2", "h3", "h4", "h5", "h6", "role=heading"),
    "tag_address": ("address", "time"),
    "tag_noscript": ("noscript", "template"),
}
"""Mark -> tags, ARIA roles and microdata properties that set it."""

MARKS: Final[tuple[str, ...]] = (*TAG_MARKS, *(f"name_{group}" for group in CLASS_GROUPS))
"""All marks; the place of each is its bit."""

_OF_TAG: Final = {value: 1 << MARKS.index(mark) for mark, values in TAG_MARKS.items() for value in values}
_OF_WORD: Final[dict[str, int]] = {}
for _group, _words in CLASS_GROUPS.items():
    for _word in _words.split():
        _OF_WORD[_word] = _OF_WORD.get(_word, 0) | 1 << MARKS.index(f"name_{_group}")
# Parts names that are searched together; the parser lets none into a page.
_PART: Final = "\x00"
_WORD: Final = re.compile(f"[A-Z]?[a-z]+|[A-Z]+|{_PART}")
_PART_BITS: Final = -1
# Words as they are spelled in names, and the mark between names.
_OF_SPELLING: Final = {
    spelled: bits for word, bits in _OF_WORD.items() for spelled in (word, word.capitalize(), word.upper())
} | {_PART: _PART_BITS}
# Names longer than this are data, not names; cutting keeps a hostile attribute cheap.
_LONGEST_NAME: Final = 300


def name_marks(names: Sequence[str]) -> NDArray[np.int64]:
    """The bits of each of some class or id attributes (int64, one each)."""
    # One search through all of them costs a fifth of one each.
    joined = "".join([name[:_LONGEST_NAME] + _PART for name in names])
    if joined.count(_PART) > len(names):
        joined = "".join([name[:_LONGEST_NAME].replace(_PART, " ") + _PART for name in names])
    words = _WORD.findall(joined)
    bits = np.fromiter(map(_OF_SPELLING.get, words, repeat(0)), np.int64, len(words))
    ends = np.flatnonzero(bits == _PART_BITS)
    bits[ends] = 0
    starts = np.concatenate(([0], ends[:-1] + 1))
    return np.bitwise_or.reduceat(bits, starts) if len(names) else bits


def node_marks(document: Document, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The bits that some nodes carry themselves, by their tag, role, microdata and names.

    Args:
        document: the page.
        nodes: int64, k, which nodes, ascending.

    Returns:
        int64, k.
    """
    of_tag = _OF_TAG.get
    tags = document.tags
    rows = np.full(len(document), -1, dtype=np.int64)
    rows[nodes] = np.arange(len(nodes))
    marks = tag_codes(tags, _OF_TAG)[nodes].astype(np.int64)
    for node in range(1, min(4, len(document))):
        # Names on html and body say what the page is, not what a block is.
        if tags[node] in {"html", "body"} and rows[node] >= 0:
            marks[rows[node]] = 0
            rows[node] = -1
    for key in ("class", "id"):
        _add_names(document.named(key), rows, marks)
    for key in ("role", "itemprop"):
        for node, value in document.named(key).items():
            if rows[node] >= 0:
                marks[rows[node]] |= of_tag(f"{key}={value.lower()}", 0)
    return marks


@cache
def _word_bits() -> speedups.WordBits:
    return compiled.speedups.WordBits(_OF_WORD)


def _add_names(values: Mapping[int, str], rows: NDArray[np.int64], marks: NDArray[np.int64]) -> None:
    """Add the bits of the names of nodes to the marks of their rows, -1 for none (src/speedups/names.c)."""
    if compiled.used:
        _word_bits().names(values, rows, marks, _LONGEST_NAME)
        return
    kept = np.fromiter(values, np.int64, len(values))
    kept = kept[rows[kept] >= 0]
    names = [values[node] for node in kept.tolist()]
    if names:
        places = {value: place for place, value in enumerate(dict.fromkeys(names))}
        bits = name_marks(list(places))
        marks[rows[kept]] |= bits[[places[value] for value in names]]


assert len(TAG_MARKS) < 31  # the marks of tags are bits of an int32
