"""Class, id, role and tag names of elements as bits: evidence, never a veto.

Names are cut into words at punctuation and capitals; each word stands for at most one group. The lists are of English
words because class names are English on most sites of any language.
"""

from __future__ import annotations

import re
from itertools import repeat
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

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
# Names longer than this are data, not names; cutting keeps a hostile attribute cheap.
_LONGEST_NAME: Final = 300


def name_marks(names: Sequence[str]) -> list[int]:
    """The bits of each of some class or id attributes."""
    # One search through all of them costs a fifth of one each.
    joined = _PART.join([name[:_LONGEST_NAME] for name in names])
    if joined.count(_PART) >= len(names):
        joined = _PART.join([name[:_LONGEST_NAME].replace(_PART, " ") for name in names])
    found = []
    marks = 0
    for word in _WORD.findall(joined):
        if word == _PART:
            found.append(marks)
            marks = 0
        elif (bits := _OF_WORD.get(word)) is not None or (bits := _OF_WORD.get(word.lower())) is not None:
            marks |= bits
    found.append(marks)
    return found


def node_marks(document: Document, filled: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The bits that each node carries itself, by its tag, role, microdata and names (int64, m).

    Args:
        document: the page, m nodes.
        filled: bool, m, which nodes hold text; the names of others say nothing of it and are not read.
    """
    of_tag = _OF_TAG.get
    marks = list(map(of_tag, document.tags, repeat(0)))
    holds = filled.tolist()
    for node in (1, 2, 3):
        # Names on html and body say what the page is, not what a block is.
        if node < len(marks) and document.tags[node] in {"html", "body"}:
            marks[node], holds[node] = 0, False
    named = [
        (node, value) for key in ("class", "id") for node, value in document.named(key).items() if value and holds[node]
    ]
    names = list({value: None for _, value in named})
    of_name = dict(zip(names, name_marks(names), strict=False))
    for node, value in named:
        marks[node] |= of_name[value]
    for key in ("role", "itemprop"):
        for node, value in document.named(key).items():
            if holds[node]:
                marks[node] |= of_tag(f"{key}={value.lower()}", 0)
    return np.array(marks, dtype=np.int64)
