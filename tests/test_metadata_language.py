"""The language of a page: claims, texts, and which of them wins."""

from __future__ import annotations

from pathlib import Path

import pytest

from declutter import predict
from declutter.metadata.language import LONG, page_language, primary_tag

PAGES = Path(__file__).parents[1] / "training_data" / "pages"
GERMAN = (
    "Die Ebbe kam an diesem Morgen früher als sonst, und die Fischer standen mit ihren Körben am Kai, ohne ein Wort zu sagen. "
    "Wer hier lebt, weiß, dass das Wasser nicht auf die Uhr sieht. Im Hafen lagen die Boote schief auf dem Schlick, und von der "
    "Mole her roch es nach Tang. Erst gegen Mittag war die Rinne wieder so tief, dass der erste Kutter auslaufen konnte, und mit "
    "ihm gingen auch die Möwen, die den ganzen Morgen auf den Pfählen gesessen hatten."
)
ENGLISH = (
    "The ebb came early that morning, and the fishermen stood on the quay with their baskets and did not say a word. "
    "Those who live here know that the water does not look at the clock. In the harbour the boats lay over in the mud, and there "
    "was a smell of weed from the mole. It was noon before the channel was deep enough again for the first of the boats to leave, "
    "and with it went the gulls that had been sitting on the posts for the whole of the morning."
)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        *(
            ("en", "en"),
            ("EN-gb", "en"),
            ("en_US", "en"),
            (" de ", "de"),
            ("fr, en", "fr"),
            ("zh-Hant-TW", "zh"),
            ("eng", "en"),
        ),
        *(("iw", "he"), ("nb-NO", "nb"), ("ger", "de"), ("haw", "haw")),
        *(
            ("", None),
            ("und", None),
            ("english", None),
            ("lang=", None),
            ("x-default", None),
            ("{{lang}}", None),
            ("en" * 9999, None),
        ),
    ],
)
def test_tags(claim: str, expected: str | None) -> None:
    assert primary_tag(claim) == expected


@pytest.mark.parametrize(
    ("claims", "text", "expected"),
    [
        (["de"], GERMAN, "de"),
        (["en"], GERMAN, "de"),
        (["de", "en"], ENGLISH, "en"),
        (["en"], GERMAN[: LONG - 1], "en"),
        (["", "de_DE"], "", "de"),
        ([], GERMAN, "de"),
        ([], ENGLISH[:120], "en"),
        ([], "Low tide", None),
        ([], "", None),
        ([], "1 2 3 " * 100, None),
        (["en"], "Lorem ipsum dolor sit amet, consectetur adipisicing elit, sed do eiusmod tempor. " * 10, "en"),
        ([], "潮の引いた浜に Low Tide Harbour Radio という看板が立っている。" * 5, "ja"),
    ],
)
def test_what_wins(claims: list[str], text: str, expected: str | None) -> None:
    assert page_language(claims, text) == expected


def test_norwegian_is_not_corrected_to_itself() -> None:
    text = (
        "Fjæra kom tidlig den morgenen, og fiskerne stod på kaia med kurvene sine og sa ikke et ord. De som bor her vet at "
        "vannet ikke ser på klokka. I havna lå båtene på siden i gjørma, og det luktet tang fra moloen. Først ved middagstid var "
        "renna dyp nok igjen til at den første båten kunne gå ut, og med den gikk også måkene som hadde sittet på pålene hele "
        "morgenen. Etterpå ble det stille, og bare klokka i kirken hørtes over vannet."
    )
    assert page_language(["nb"], text) == "nb"
    assert page_language(["en"], text) == "no"


@pytest.mark.parametrize(
    "name", ["blog-de-kompost-asseln", "blog-ja-nukadoko", "charity-th-street-dogs", "news-en-weir-inspector-trial"]
)
def test_own_pages_with_a_wrong_language(name: str) -> None:
    html = (PAGES / f"{name}.html").read_text(encoding="utf-8")
    language = name.split("-")[1]
    for claimed in ("fr", language):
        claiming = html.replace("<html", "<html lang=" + claimed, 1)
        assert predict(claiming).language == language
