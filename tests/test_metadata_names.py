"""Names of authors out of metadata and bylines."""

from __future__ import annotations

import pytest

from declutter.metadata.names import after_by, is_nickname, is_person, names_in


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Jo Ebb", ["Jo Ebb"]),
        (" By Jo Ebb ", ["Jo Ebb"]),
        ("Written by: Jo Ebb, Mia Flood and Sam Quay", ["Jo Ebb", "Mia Flood", "Sam Quay"]),
        ("Jo Ebb; Mia Flood | Jo Ebb", ["Jo Ebb", "Mia Flood"]),
        ("Maria & Katerina", ["Maria", "Katerina"]),
        ("Flood & Flood", ["Flood & Flood"]),
        ("Ebb & i", ["Ebb & i"]),
        ("Tide Times GmbH, Quay, Germany", ["Tide Times GmbH"]),
        ("tide-times.de, Quay, Germany", ["tide-times.de"]),
        ("Tide Times Ltd, Jo Ebb", ["Tide Times Ltd", "Jo Ebb"]),
        ("Center for Tides and Floods", ["Center for Tides and Floods"]),
        ("Jo Ebb, MD, Ph.D., E-RYT 200", ["Jo Ebb"]),
        ("Jo Ebb, Shipping Expert", ["Jo Ebb"]),
        ("Jo Ebb, PhD", ["Jo Ebb"]),
        ("Jo Ebb, DPhil, PsyD", ["Jo Ebb"]),
        ("Jo Ebb, BSc (Hons), BA (Hons)", ["Jo Ebb"]),
        ("Jo Ebb, McKay", ["Jo Ebb", "McKay"]),
        ("Jo Ebb, Updated by Mia Flood", ["Jo Ebb"]),
        ("Jo Ebb, Photos by Mia Flood", ["Jo Ebb"]),
        ("Words by Jo Ebb. Medically reviewed by Mia Flood", ["Jo Ebb"]),
        ("Illustration by Jo Ebb", []),
        ("Sponsored by Tides", []),
        ("Jo Ebb And Mia Flood For The Tide on Sunday", ["Jo Ebb", "Mia Flood"]),
        ("Jo Ebb and Mia Flood for Tide Times", ["Jo Ebb", "Mia Flood"]),
        ("Jo Ebb For The Tide", ["Jo Ebb"]),
        ("Quay Fund for The Tide", ["Quay Fund for The Tide"]),
        ("Jo Ebb, Jr.", ["Jo Ebb, Jr."]),
        ("Quay, Jo T.", ["Jo T. Quay"]),
        ("Maria, Katerina", ["Maria", "Katerina"]),
        ("J.R.R. Ebb", ["J.R.R. Ebb"]),
        ("Di Marco", ["Di Marco"]),
        ("Von Trapp, Maria Anna", ["Von Trapp", "Maria Anna"]),
        ("作者：李明", ["李明"]),
        ("文在寅", ["文在寅"]),
        ("автор: Анна Ким", ["Анна Ким"]),
        ("<b>Jo</b> &quot;Tide&quot; Ebb", ['Jo "Tide" Ebb']),
        ("https://site.test/jo", []),
        ("jo@site.test", []),
        ("site.com/jo", []),
        ("{{author}}", []),
        ("page.head.extra.author", []),
        ("admin", []),
        ("q_admin", []),
        ("adminn", []),
        ("Padmini", ["Padmini"]),
        ("undefined", []),
        ("publisher", []),
        ("Autor", []),
        ("3 years ago", []),
        ("vor 3 Jahren", []),
        ("50 Cent", ["50 Cent"]),
        ("2019年4月13日", []),
        ("May 4, 2025", []),
        ("李明，", ["李明"]),
        ("---", []),
        ("", []),
        ("x" * 81, []),
    ],
)
def test_names_in_metadata(value: str, expected: list[str]) -> None:
    assert names_in(value) == expected


def test_papers_have_the_last_name_first() -> None:
    assert names_in("Ebb, Jo", last_first=True) == ["Jo Ebb"]
    assert names_in("Ebb, Jo, Quay, Sam", last_first=True) == ["Ebb", "Jo", "Quay", "Sam"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By Jo Ebb", ["Jo Ebb"]),
        ("By\nJo Ebb\n• May 4, 2025", ["Jo Ebb"]),
        ("May 4th, 2025 by Jo Ebb in Tides", ["Jo Ebb"]),
        ("By Jo Ebb\n, Mia Flood\nand\nSam Quay\non May 4", ["Jo Ebb", "Mia Flood", "Sam Quay"]),
        ("By Marine Le Pen le 4 mai", ["Marine Le Pen"]),
        ("Reviewed by Mia Flood. Written by Jo Ebb", ["Jo Ebb"]),
        ("by: Jo Ebb, Dec 17, 2025", ["Jo Ebb"]),
        ("By 3i Tides", ["3i Tides"]),
        ("By Le Van An", ["Le Van An"]),
        ("Written By\nFeb 11, 2019\n· 3 min", []),
        ("By Jo Ebb Sept. 4", ["Jo Ebb"]),
        ("By Jo Ebb febrero 4", ["Jo Ebb"]),
        ("By Jan\nMay 4", ["Jan"]),
        ("Posted by\n3 years ago", []),
        ("(Submitted by Jo)", ["Jo"]),
        ("Founded by Jo Ebb in May", []),
        ("By Jo Ebb and Mia Flood For The Tide", ["Jo Ebb", "Mia Flood"]),
        ("by tidewatcher | May 4", ["tidewatcher"]),
        ("Photo by Jo Ebb on Unsplash", []),
        ("Photo\nby Jo Ebb", []),
        ("Powered by Tides", []),
        ("sorted by the moon", []),
        ("Von Anna Ebbe, 4. Mai", ["Anna Ebbe"]),
        ("Ein Beitrag von Anna Ebbe", ["Anna Ebbe"]),
        ("Von Kopf bis Fuß", []),
        ("Por Ana Maré | 4 de mayo", ["Ana Maré"]),
        ("文：李明", ["李明"]),
        ("文● 李明", ["李明"]),
        ("投稿者 Jo Ebb", ["Jo Ebb"]),
        ("Autor\nVeröffentlicht am\n4. Mai", []),
        ("Low tide at four", []),
        ("", []),
    ],
)
def test_names_after_by(text: str, expected: list[str]) -> None:
    assert after_by(text) == expected


@pytest.mark.parametrize(
    "text", ["Jo Ebb", "Ludwig van Beethoven", "J. R. Ebb", "Çelik Nimani", "Anna-Maria O'Tide", "Анна Ким"]
)
def test_full_names(text: str) -> None:
    assert is_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "Jo",
        "Share Article",
        "Jo Ebb Editor",
        "min read",
        "low tide",
        "May 4",
        "The Tide",
        "Jo Ebb Jo Ebb Jo Ebb",
        "Jo van",
        "A1 B2",
        "",
    ],
)
def test_what_is_no_full_name(text: str) -> None:
    assert not is_person(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("tide_watcher9", True), ("Jo", True), ("the tide team", False), ("Author", False), ("4 May", False), ("", False)]
    + [
        (word, False)
        for word in ("von", "par", "via", "著者", "文", "Veröffentlicht von", "Ein Film de", "access_time")
    ],
)
def test_nicknames(text: str, expected: bool) -> None:
    assert is_nickname(text) is expected
