"""What the words of an explanation are picked from: elements, fields, addresses and names by what they tell."""

from __future__ import annotations

from typing import Final

from declutter.features.names import CLASS_GROUPS
from declutter.labels import Label

__all__ = ["FIELDS", "LEADS", "LEADS_OF", "NAMES_OF", "TELLING"]

# What tells more of a block is named first.
TELLING: Final = (
    "tag_nav", "tag_footer", "tag_dialog", "tag_aside", "tag_form", "tag_header", "tag_article", "tag_main",
    "tag_button", "tag_figure", "tag_quote", "tag_pre", "tag_details", "tag_noscript", "tag_table", "tag_dl",
    "tag_item", "tag_list", "tag_section", "tag_address", "tag_heading", "tag_link",
)  # fmt: skip
FIELDS: Final = {
    "email": "an e-mail address",
    "password": "a password",
    "search": "words to search for",
    "textarea": "a long text",
    "text": "a line of text",
    "choice": "a choice",
}
LEADS: Final = {
    "donate": "where people donate",
    "mail": "a mailing list or an account",
    "pay": "a payment service or a shop",
    "social": "a social network",
    "ads": "an advertising network",
    "consent": "a consent manager",
    "legal": "legal and contact pages",
    "author": "authors or members",
    "tag": "tags and sections",
}
LEADS_OF: Final = {
    Label.DONATION: "donate",
    Label.SIGNUP: "mail",
    Label.PAYMENT: "pay",
    Label.SOCIAL: "social",
    Label.ADVERTISING: "ads",
    Label.CONSENT: "consent",
    Label.FOOTER: "legal",
    Label.METADATA: "author",
}

NAMES_OF: Final[dict[Label, str]] = {
    Label.CONTENT: "body",
    Label.NAVIGATION: "nav",
    Label.ADVERTISING: "ads",
    Label.METADATA: "meta",
    **{label: label.value for label in Label if label.value in CLASS_GROUPS},
}
