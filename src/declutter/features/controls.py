"""Control features: inputs, buttons, forms and where they post, frames and scripts of providers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.features.characters import CharClass
from declutter.features.position import nearest
from declutter.features.registry import feature
from declutter.features.view import LEVELS, PageView

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_INPUTS: Final = ("email", "password", "search", "text", "choice", "number", "card", "hidden", "submit")
_INPUT_KIND: Final = {
    "email": "email", "password": "password", "search": "search", "text": "text", "tel": "text", "url": "text",
    "radio": "choice", "checkbox": "choice", "number": "number", "range": "number", "hidden": "hidden",
    "submit": "submit", "image": "submit", "button": "submit",
}  # fmt: skip
# Words of a field's name, placeholder and autocomplete that tell more than its type.
_FIELD_WORDS: Final = (
    ("card", "cc-"),
    ("email", "mail"),
    ("search", "search"),
    ("search", "query"),
    ("password", "passw"),
)

PROVIDERS: Final[dict[str, str]] = {
    "mail": "list-manage mailchimp klaviyo convertkit substack sendgrid campaignmonitor createsend constantcontact aweber"
    " getresponse mailerlite sendinblue brevo hubspot hsforms mailjet feedburner beehiiv activecampaign drip cleverreach"
    " rapidmail newsletter2go sailthru marketo pardot newsletter newsletters subscribe signup register registration login"
    " signin account",
    "pay": "stripe paypal braintree adyen klarna checkout squareup afterpay payu mollie razorpay worldpay authorizenet"
    " shopify recurly chargebee paddle gumroad cart basket order payment payments piano tinypass liqpay yookassa alipay"
    " mercadopago braintreegateway subscriptions abo abonnement",
    "donate": "donate donation donations donorbox fundraiseup classy justgiving gofundme patreon ko-fi kofi"
    " buymeacoffee givebutter actblue opencollective liberapay betterplace twingle altruja raisenow blackbaud"
    " engagingnetworks everyaction salsalabs iraiser helloasso spenden spende don dons donar doar",
    "social": "facebook twitter instagram linkedin pinterest whatsapp telegram reddit tiktok youtube weibo vk addtoany"
    " addthis sharer share mastodon bsky tumblr",
    "ads": "doubleclick googlesyndication taboola outbrain adservice amazon-adsystem criteo adform adnxs teads revcontent"
    " mgid zergnet",
    "consent": "onetrust cookiebot didomi cookielaw quantcast trustarc usercentrics iubenda consent",
    "legal": "privacy terms imprint impressum legal datenschutz cookie cookies contact kontakt about accessibility"
    " agb disclaimer",
    "author": "author authors autor autoren auteur profile profiles user users member members people contributor",
    "tag": "tag tags category categories topic topics kategorie section archive label labels",
}  # fmt: skip
"""Words of hosts and paths by what they lead to (own list)."""

_PROVIDER_OF: Final[dict[str, list[str]]] = {}
for _group, _words in PROVIDERS.items():
    for _word in _words.split():
        _PROVIDER_OF.setdefault(_word, []).append(_group)
_ADDRESS_WORD: Final = re.compile(r"[a-z0-9]+(?:-[a-z]+)?")
# Addresses are looked at this far.
_LONGEST_ADDRESS: Final = 300


def _addresses(page: PageView) -> dict[str, Floats]:
    """For each provider group which nodes lead, post or load there (float64, m)."""
    document = page.document
    found = {group: np.zeros(len(document)) for group in PROVIDERS}
    wanted = np.flatnonzero(page.tagged("a", "form", "iframe", "script", "img"))
    for node in wanted.tolist():
        tag = document.tags[node]
        key = "href" if tag == "a" else "action" if tag == "form" else "src"
        value = document.attribute(node, key)
        if not value:
            continue
        value = value[:_LONGEST_ADDRESS].lower()
        if tag in {"script", "img"}:
            # What a script or an image is called says little; whose it is says much.
            if "//" not in value:
                continue
            value = value.split("//", 1)[1].split("/", 1)[0]
        for word in _ADDRESS_WORD.findall(value):
            groups = _PROVIDER_OF.get(word)
            if groups is not None:
                for group in groups:
                    found[group][node] = 1
    return found


def _fields(page: PageView) -> dict[str, Floats]:
    """For each kind of input which nodes are one (float64, m)."""
    document = page.document
    found = {kind: np.zeros(len(document)) for kind in _INPUTS}
    for node in np.flatnonzero(page.tagged("input", "textarea", "button")).tolist():
        tag = document.tags[node]
        values = {key: (value or "").lower() for key, value in document.attributes[node]}
        if tag == "button":
            found["submit"][node] = 1
            continue
        kind = "text" if tag == "textarea" else _INPUT_KIND.get(values.get("type", "text"), "text")
        if kind == "text":
            told = " ".join(values.get(key, "")[:60] for key in ("name", "id", "autocomplete", "placeholder"))
            for better, word in _FIELD_WORDS:
                if word in told:
                    kind = better
                    break
        found[kind][node] = 1
    return found


@feature(*(f"input_{kind}_up{level}" for kind in (*_INPUTS, "textarea", "select") for level in range(3)))
def inputs(page: PageView) -> Floats:
    """log1p of inputs of each kind in the block's element and the two containers above (Formasaurus and own)."""
    found = np.array([*_fields(page).values(), page.tagged("textarea"), page.tagged("select")], dtype=np.float64)
    return np.log1p(page.near(found, 3))


@feature(*(f"form_{kind}" for kind in (*_INPUTS, "textarea")), "in_form", "form_size", "form_blocks", "from_form")
def form(page: PageView) -> tuple[Floats, ...]:
    """What the form around the block holds: log1p of inputs of each kind; its characters and blocks, log1p.

    in_form: 1 inside one. from_form: log1p of blocks to the nearest block in a form with a text field, before or after.
    """
    fields = _fields(page)
    found = np.array([*fields.values(), page.tagged("textarea")], dtype=np.float64)
    around = nearest(page, page.tagged("form"))[page.owners]
    inside = around >= 0
    total = np.zeros((len(found), len(page.document) + 1))
    np.cumsum(found, axis=1, out=total[:, 1:])
    below = np.where(inside, np.log1p(total[:, page.ends[around]] - total[:, around]), 0.0)
    asking = page.nodes_below(fields["email"] + fields["text"] + fields["password"] + fields["card"]) > 0
    asked = inside & asking[around]
    return (
        *below,
        inside.astype(np.float64),
        np.where(inside, np.log1p(page.below(page.sizes)[around]), 0.0),
        np.where(inside, np.log1p(page.block_counts[around]), 0.0),
        np.log1p(_distance(asked)),
    )


def _distance(marked: NDArray[np.bool_]) -> Floats:
    """Rows to the nearest marked row, at most 50."""
    n = len(marked)
    rank = np.arange(n, dtype=np.float64)
    before = np.maximum.accumulate(np.where(marked, rank, -1e9)) if n else rank
    after = np.minimum.accumulate(np.where(marked, rank, 1e9)[::-1])[::-1] if n else rank
    return np.minimum(np.minimum(rank - before, after - rank), 50.0)


@feature(*(f"leads_{group}_up{level}" for group in PROVIDERS for level in range(3)))
def providers(page: PageView) -> Floats:
    """Links, forms, frames, scripts and images of each provider group in the block's element and two containers, log1p."""
    return np.log1p(page.near(np.array([*_addresses(page).values()]), 3))


@feature(
    *(f"{what}_up{level}" for what in ("buttons", "frames", "media", "amounts") for level in range(LEVELS)), "amount"
)
def widgets(page: PageView) -> tuple[Floats, ...]:
    """Buttons, frames, media and amounts of money around the block, level by level, log1p.

    amount: 1 where the block holds digits and a currency sign and at most 12 words.
    """
    money = (
        (page.counts[:, CharClass.CURRENCY] > 0) & (page.counts[:, CharClass.DIGIT] > 0) & (page.words <= 12)
    ).astype(np.float64)
    found = np.array(
        [page.tagged("button"), page.tagged("iframe"), page.tagged("video", "audio", "object", "embed")],
        dtype=np.float64,
    )
    sums = page.below(money)
    return (
        *np.log1p(page.near(found, LEVELS)),
        *(np.log1p(sums[level]) for level in page.containers[:LEVELS]),
        money,
    )
