"""Control features: inputs, buttons, forms and where they post, frames and scripts of providers, pictures of payment methods, progress bars."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter import compiled
from declutter.features.ancestors import nearest
from declutter.features.characters import CharClass
from declutter.features.fields import ASKING, FIELDS
from declutter.features.registry import feature
from declutter.features.view import LEVELS, PageView

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from declutter.compiled import speedups

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

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

CARDS: Final = frozenset(
    "visa mastercard maestro amex americanexpress dinersclub jcb unionpay rupay creditcard creditcards bancontact giropay przelewy24"
    " bizum twint mbway payshop shoppay multibanco paypal klarna clearpay afterpay amazonpay applepay googlepay gpay alipay"
    " wechatpay paytm mercadopago sepa".split()
)
"""What pictures of payment methods are called, in alternative texts and file names (own list); `elo`, `mir`, `pix` and others that are mostly
everyday words are left out."""

_BITS_OF: Final[dict[str, int]] = {}
for _number, _words in enumerate(PROVIDERS.values()):
    for _word in _words.split():
        _BITS_OF[_word] = _BITS_OF.get(_word, 0) | 1 << _number
_ASKING_BITS: Final = sum(1 << number for number, kind in enumerate(FIELDS) if kind in ASKING)
_ADDRESS_OF: Final = {"href": {"a"}, "action": {"form"}, "src": {"iframe", "script", "img"}}
# What a script or an image is called says little; whose it is says much.
_WHOSE: Final = frozenset(("script", "img"))
_ADDRESS_WORD: Final = re.compile(r"[a-z0-9]+(?:-[a-z]+)?")
# Addresses are looked at this far.
_LONGEST_ADDRESS: Final = 300
# As much of an alternative text, and of the end of a file's address: a picture of a card is called by few words.
_LONGEST_NAME: Final = 100
_PROGRESS_ROLES: Final = frozenset(("progressbar", "meter"))


# Two words that are one name: "apple pay", "master-card".
_PARTS: Final = re.compile(
    r"(american|apple|amazon|google|shop|wechat|mercado|master|diners|credit)[ _-]{1,2}(?=pay|pago|card|club|express)"
)
_LATER_PARTS: Final = ("pay", "pago", "card", "club", "express")
_NAME_WORD: Final = re.compile(r"[a-z0-9]+")


@cache
def _word_bits() -> speedups.WordBits:
    return compiled.speedups.WordBits(_BITS_OF)


def _provider_bits(address: str) -> int:
    """The bits of the provider groups whose words an address in lower case holds (src/speedups/names.c)."""
    if compiled.used and address.isascii():
        return _word_bits().address(address)
    bits = 0
    for word in _ADDRESS_WORD.findall(address):
        bits |= _BITS_OF.get(word, 0)
    return bits


def _addresses(page: PageView) -> list[Ints]:
    """For each provider group the nodes that lead, post or load there."""
    document = page.document
    tags = document.tags
    leads: list[list[int]] = [[] for _ in PROVIDERS]
    for key, kinds in _ADDRESS_OF.items():
        values: Mapping[int, str] = document.named(key)
        if compiled.used:  # src/speedups/names.c; what is not ASCII is left
            others: list[int] = []
            _word_bits().leads(values, tags, kinds, _WHOSE, _LONGEST_ADDRESS, leads, others)
            values = {node: values[node] for node in others}
        for node, value in values.items():
            tag = tags[node]
            if not value or tag not in kinds:
                continue
            address = value[:_LONGEST_ADDRESS].lower()
            if tag in _WHOSE:
                if "//" not in address:
                    continue
                address = address.split("//", 1)[1].split("/", 1)[0]
            found = _provider_bits(address)
            for number, nodes in enumerate(leads):
                if found >> number & 1:
                    nodes.append(node)
    return [np.array(nodes, dtype=np.int64) for nodes in leads]


@feature(
    *(f"input_{kind}_up{level}" for kind in (*FIELDS, "select") for level in range(3)),
    *(f"form_{kind}" for kind in FIELDS),
    "in_form",
    "form_size",
    "form_blocks",
    "from_form",
)
def inputs(page: PageView) -> Floats:
    """Inputs near the block and in the form around it (Formasaurus and own).

    input_*: log1p of inputs of each kind in the block's element and the two containers above. form_*: the same for the
    form around; its characters and blocks, log1p. in_form: 1 inside one. from_form: log1p of blocks to the nearest
    block in a form with a text field, before or after.
    """
    fields = [*page.fields.values()]
    selects = page.rows_of("select")
    if compiled.used:  # src/speedups/near.c
        return page.lent.stacked(
            (3 * len(fields) + 3, page.frame.near, [*fields, selects], 3),
            (len(fields) + 4, page.frame.forms, fields, _ASKING_BITS),
        )
    near = np.log1p(page.near([*fields, selects], 3))
    around = nearest(page.parents, page.tagged("form"))[page.owners]
    inside = around >= 0
    held = np.zeros((len(FIELDS) + 3, page.n))
    asked = np.zeros(page.n, dtype=np.bool_)
    if inside.any():
        for row, (kind, nodes) in enumerate(page.fields.items()):
            if len(nodes):
                total = page.counted(nodes)
                held[row] = total[page.node_ends[around]] - total[page.nodes[around]]
                asked |= inside & (held[row] > 0) & (kind in ASKING)
        held[-3] = inside
        held[-2] = page.below(page.sizes)[around]
        held[-1] = page.block_counts[around]
        np.log1p(held * inside, out=held)
        held[-3] = inside
    return np.vstack([near, held, np.log1p(_distance(asked))])


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
    addresses = _addresses(page)
    if compiled.used:  # src/speedups/near.c
        return page.lent.rows(3 * len(addresses), page.frame.near, addresses, 3)
    return np.log1p(page.near(addresses, 3))


@feature(
    *(f"{what}_up{level}" for what in ("buttons", "frames", "media", "amounts") for level in range(LEVELS)), "amount"
)
def widgets(page: PageView) -> Sequence[Floats] | Floats:
    """Buttons, frames, media and amounts of money around the block, level by level, log1p.

    amount: 1 where the block holds digits and a currency sign and at most 12 words.
    """
    found = [page.rows_of(*tags) for tags in (("button",), ("iframe",), ("video", "audio", "object", "embed"))]
    if compiled.used:  # src/speedups/near.c
        return page.lent.stacked(
            (LEVELS * len(found), page.frame.near, found, LEVELS), (LEVELS + 1, page.frame.amounts)
        )
    money = (
        (page.counts[:, CharClass.CURRENCY] > 0) & (page.counts[:, CharClass.DIGIT] > 0) & (page.words <= 12)
    ).astype(np.float64)
    sums = page.below(money)
    return (
        *np.log1p(page.near(found, LEVELS)),
        *(np.log1p(sums[level]) for level in page.containers[:LEVELS]),
        money,
    )


@feature(*(f"{what}_up{level}" for what in ("progress", "payment_methods") for level in range(LEVELS)))
def marks(page: PageView) -> Floats:
    """What appeals and checkouts show beside their words, level by level, log1p (own).

    progress: `<progress>`, `<meter>`, and elements whose role says that they are one: how much has come in, or how far an order is.
    payment_methods: pictures of ways to pay, by their alternative text and the name of their file.
    """
    document = page.document
    told = [node for node, role in document.named("role").items() if role.strip().lower() in _PROGRESS_ROLES]
    tagged = document.rows_of("progress", "meter")
    found = [np.array(sorted({*tagged, *told}), dtype=np.int64), _payment_methods(page)]
    if compiled.used:  # src/speedups/near.c
        return page.lent.rows(LEVELS * len(found), page.frame.near, found, LEVELS)
    return np.log1p(page.near(found, LEVELS))


def _payment_methods(page: PageView) -> Ints:
    """The pictures that show a way to pay."""
    document = page.document
    addresses, told = document.named("src"), document.named("alt")
    names = {}
    for node in document.rows_of("img", "input"):
        address, name = addresses.get(node, ""), told.get(node, "")
        if address or name:
            file = address.partition("?")[0][-_LONGEST_NAME:].rsplit("/", 1)[-1]
            names[node] = f"{name[:_LONGEST_NAME]} {file}"
    # Most pages have none: one look at all names costs less than one at each.
    found = [node for node, name in names.items() if _has_card(name)] if _has_card("\n".join(names.values())) else []
    return np.array(found, dtype=np.int64)


def _has_card(names: str) -> bool:
    """Whether one of some names, each on a line, is of a way to pay."""
    names = names.lower()
    if any(part in names for part in _LATER_PARTS):
        names = _PARTS.sub(r"\1", names)
    return not CARDS.isdisjoint(_NAME_WORD.findall(names))
