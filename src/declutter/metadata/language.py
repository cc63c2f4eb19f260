"""The language of a page: what it says of itself, unless its text is surely in another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from turbohtml.detect import detect_language

from declutter.features.languages import NO_SPACES, guess_language
from declutter.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["LONG", "WINDOW", "page_language", "primary_tag"]

WINDOW: Final = 2000
"""Characters of the text that are read."""

_PRIMARY: Final = re.compile(r"\s*([a-z]{2,3})(?:[-_][a-z0-9]{1,8})*\s*(?:[,;]|\Z)", re.IGNORECASE)
# ISO 639-3, as the detector has it and some pages too, to the shorter code.
_SHORTER: Final = dict(
    pair.split(":")
    for pair in (
        "afr:af aka:ak amh:am ara:ar aze:az bel:be ben:bn bul:bg cat:ca ces:cs cmn:zh zho:zh dan:da deu:de ger:de ell:el eng:en"
        " epo:eo est:et fas:fa pes:fa fin:fi fra:fr fre:fr guj:gu heb:he hin:hi hrv:hr hun:hu hye:hy ind:id ita:it jav:jv"
        " jpn:ja kan:kn kat:ka khm:km kor:ko lat:la lav:lv lit:lt mal:ml mar:mr mkd:mk mya:my nep:ne nld:nl dut:nl nob:no nno:nn"
        " ori:or pan:pa pol:pl por:pt ron:ro rus:ru sin:si slk:sk slv:sl sna:sn spa:es srp:sr swe:sv tam:ta tel:te tgl:tl"
        " tha:th tuk:tk tur:tr ukr:uk urd:ur uzb:uz vie:vi yid:yi zul:zu"
    ).split()
)
_RENAMED: Final = {"iw": "he", "in": "id", "ji": "yi"}
_NO_LANGUAGE: Final = frozenset(("und", "mul", "zxx", "mis", "xx"))
_NORWEGIAN: Final = frozenset(("nb", "nn", "no"))
# From this many characters on the detector is right on all 180 pages that were written for this project in 30 languages;
# on the training corpora's pages with so much text it contradicts `lang` together with the function words on ten of 1,987,
# rightly on nine.
LONG: Final = 400
"""Characters from which on a text can speak against what its page says."""

_SURE: Final = 0.9
# Shorter texts are detected where the page says nothing: at 60 characters 161 of the 180 pages are right, at 200, 179.
_SHORT: Final = 60


def primary_tag(claim: str) -> str | None:
    """The primary tag of a language tag or locale: en for en-GB and en_US; None for what is no language."""
    match = _PRIMARY.match(claim[:100])
    if match is None:
        return None
    tag = match[1].lower()
    tag = _RENAMED.get(tag, _SHORTER.get(tag, tag))
    return None if tag in _NO_LANGUAGE else tag


def page_language(claims: Iterable[str], text: str) -> str | None:
    """The language of a page as a primary tag of BCP 47, None where nothing tells.

    The first claim stands, unless the text is long and both the trigrams of the detector and the function words speak for
    one other language: templates bring `lang="en"` to pages in any. Without a claim the text alone decides.

    Args:
        claims: what the page says of itself, the most trusted first: `lang`, locales.
        text: its content; the first 2,000 characters are read.
    """
    claimed = next((tag for claim in claims if (tag := primary_tag(claim))), None)
    text = text[:WINDOW]
    if len(text) < (_SHORT if claimed is None else LONG):
        return claimed
    match = detect_language(text)
    detected = _SHORTER.get(match.language or "", match.language)
    guessed = guess_language(split_words(text), "")
    if claimed is None:
        # Characters of Japanese, Thai and Chinese are not mistaken, even where a text is full of English names.
        if guessed in NO_SPACES:
            return guessed
        return detected if match.confidence >= _SURE else guessed or None
    if match.confidence >= _SURE and detected == guessed and not {claimed, detected} <= _NORWEGIAN:
        return detected
    return claimed
