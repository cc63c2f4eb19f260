"""The labels a block can have."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

__all__ = ["CHROME", "MEANINGS", "Label"]


class Label(StrEnum):
    """What a block of a page is: content, or one kind of chrome. `str(Label.DONATION) == "donation"`."""

    CONTENT = "content"
    DONATION = "donation"
    SIGNUP = "signup"
    PAYMENT = "payment"
    NAVIGATION = "navigation"
    RELATED = "related"
    SOCIAL = "social"
    ADVERTISING = "advertising"
    CONSENT = "consent"
    COMMENTS = "comments"
    METADATA = "metadata"
    FOOTER = "footer"
    OTHER = "other"


CHROME: Final[tuple[Label, ...]] = tuple(label for label in Label if label is not Label.CONTENT)
"""The twelve kinds of chrome, in the order of the kind model's columns."""

MEANINGS: Final[dict[Label, str]] = {
    Label.CONTENT: "what a reader came to this page for",
    Label.DONATION: "an appeal to give money without buying a thing",
    Label.SIGNUP: "newsletter, registration, log-in and contact forms",
    Label.PAYMENT: "prices to pick, amounts, payment methods, carts, paid subscriptions",
    Label.NAVIGATION: "menus, breadcrumbs, pagination, search, filters",
    Label.RELATED: "links and teasers to other content",
    Label.SOCIAL: "share, follow, like, print, social networks",
    Label.ADVERTISING: "advertisements and promotions",
    Label.CONSENT: "cookie, privacy, age and terms banners",
    Label.COMMENTS: "readers' comments, ratings, votes and their controls",
    Label.METADATA: "byline, date, read time, author box, photo credit",
    Label.FOOTER: "copyright, legal links, imprint, address, opening hours",
    Label.OTHER: "none of these: error messages, loading texts, stray symbols",
}
