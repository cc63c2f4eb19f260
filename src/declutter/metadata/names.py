"""Names of authors, one by one, out of what metadata and bylines say."""

from __future__ import annotations

import re
from typing import Final

from declutter.metadata.dates import days_in, is_month
from declutter.metadata.sources import plain
from declutter.words import split_words

__all__ = ["after_by", "is_company", "is_nickname", "is_person", "names_in"]

_LONGEST: Final = 80
# Papers have hundreds of authors.
_MOST: Final = 100
_LONGEST_LIST: Final = 3000
_MOST_WORDS: Final = 5

# What stands before the names of authors; what stands behind them (Turkish) is not read.
_BY: Final = (
    "autor|autora|autore|autores|auteur|auteurs|authors?|szerző|írta|yazan|oleh|penulis|tác giả|kirjoittaja|skrevet av|skrevet af|napsal"
    "|napsala|scris de|автор|автори|авторы|текст|συντάκτης|מאת|بقلم|كتب|الكاتب|نویسنده|लेखक|লেখক|ผู้เขียน|เขียนโดย|โดย|作者|文|著者|執筆者?|投稿者|記者|撰文"
    "|글|기자"
)
# The same, but also parts of names: Di Marco, Von Trapp.
_OF: Final = "von|par|por|di|da|door|av|af|od|przez|de la|του|της"
_STARTS_WITH_BY: Final = re.compile(
    rf"(?:[^\W\d_]+ ){{0,2}}(?<!\w)(?:(?P<of>{_OF})|{_BY})(?:\s*[:：●]\s*|\s+|(?<=[文者])\s*)(?=\S)", re.IGNORECASE
)
# Words that lead to a name or a day, alone or with others of them, and those that a name does not end with.
_LEADS: Final = frozenset(
    f"{_BY}|{_OF}|by|via|de|text|artikel|beitrag|article|veröffentlicht|eingestellt|eingetragen|geschrieben|gepostet|erstellt|verfasst"
    "|publié|rédigé|écrit|posté|publicado|escrito|pubblicato|scritto|geplaatst|geschreven|opublikowano|опубликовано|写真|イラスト|am|vom|um|den|le|el|il"
    "|on|op|bei|den|dne|dnia|author|執筆|執筆者".split("|")
)
_LAST_LEADS: Final = frozenset(f"{_OF}|by|via|de|am|an|bei".split("|"))
_ENGLISH_BY: Final = re.compile(r"(?<!\w)(?:(\w+)\s)?by[\s:]+(?=\S)", re.IGNORECASE)
# By whom a thing was done that is not writing.
_OTHER_WORK: Final = frozenset(
    "reviewed edited checked photo photos photograph photographs photography photographed image images picture pictures video"
    " illustrated illustration illustrations art artwork translated sponsored powered presented produced recommended used"
    " trusted approved verified supported hosted designed developed made built owned replied answered sold shipped brought"
    " modified updated post reply liked founded".split()
)
_BEFORE_COMMA: Final = re.compile(r"\s*\n\s*(?=[,&]|and\s)|(?<=[,&])\s*\n\s*|(?<=\band)\s*\n\s*")
# Where the names of a byline end. Small words with a capital are parts of names: Marine Le Pen.
_END: Final = re.compile(
    r"[\n|•·●»/()\[\]{}<>:;!?…]|\s[-–—]+\s|(?<=[\s,])\d|\s(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s\d|\s(?:[Oo]n|[Ii]n|[Ff]or|[Aa]t|is|was|has|with|from|via|to|am|le|il|el|op|den|dne|dnia|um"
    r"|min|(?i:last|updated|published|posted|reviewed|edited|medically|fact|photos?))\b"
)
_LISTED: Final = re.compile(r"\s*[;|\n•·]\s*|\s*,(?!\s*(?:jr|sr|ii|iii|iv)\b)\s*", re.IGNORECASE)
_JOINED: Final = re.compile(r"(?:\A|\s+)(?:and|und|et|en|och|og|&|\+)\s+", re.IGNORECASE)
_BEFORE_NAME: Final = re.compile(
    r"\A(?:(?:(?:written|words|story|text|posted|published|authored|article|guide|submitted|contributed)\s+)?"
    rf"(?:by|{_BY})(?:\s*[:：]\s*|\s+)|@|mr\.?\s|mrs\.?\s|ms\.\s)+",
    re.IGNORECASE,
)
_AROUND: Final = " \"'“”„«»*_-–—,:;|•·，、"
# Degrees and certificates behind a name: MD, Ph.D., E-RYT 200, CFP®.
_DEGREE: Final = re.compile(
    r"(?:(?:Ph|Psy|Pharm|Ed|Th|Sc)D|Dr(?:PH|NP)|[DM]Phil|[BM](?:Sc|Eng|Ed|Arch|Mus|Pharm|Com|Litt)|[A-Z]{2,6}[a-z]{0,2}|Esq\.?|[A-Z][A-Za-z]{0,2}\.(?:\s?[A-Za-z]{1,3}\.?){0,6}|[A-Z]-[A-Z]{1,6})(?:[ -]?(?:\d{1,4}|[A-Z]{2,6})){0,4}[®™]?(?: ?\(?Hons?\)?)?"
)
# A longer word before a full stop is no initial or abbreviation: Jr., Ph.D.
_INITIALS: Final = 5
# Where other work than writing is told of, and whom it is for: Illustration by Jo, Jo Ebb and Mia Flood For The Tide.
_OTHERS_DID: Final = re.compile(
    rf"(?:\A|\W{{1,9}})(?:(?:medically|clinically|fact|additional)[ -])?(?:{'|'.join(sorted(_OTHER_WORK))})\s+by\b.*",
    re.IGNORECASE,
)
_FOR: Final = re.compile(r"\s+(?:For|FOR|(?P<small>for))\s+(?=[A-Z]).*")
# What tells that a part is what somebody does, not who they are.
_ROLES: Final = frozenset(
    "expert editor editors writer reporter author authors director manager founder cofounder co-founder ceo cto cfo coo cmo dietitian"
    " nutritionist contributor analyst specialist president consultant correspondent journalist columnist blogger researcher"
    " professor engineer developer designer attorney lawyer physician veterinarian chef marketer strategist producer photographer"
    " lead head officer representative scientist architect psychologist therapist trainer coach advisor adviser planner fellow"
    " staff senior horticulturalist educator owner redakteur redakteurin redaktion journaliste".split()
)
# Words of bylines, menus and buttons that are in no name.
_NO_NAME: Final = frozenset(
    "by written read reading min mins minute minutes share updated published posted blog news home article articles author authors"
    " comments comment view views all posts print email facebook twitter linkedin instagram pinterest category categories follow"
    " subscribe save listen watch search menu login register tags tag topics topic date time today yesterday ago edit edited reply"
    " replies guide guides review reviews about contact more january february march april june july august september october"
    " november december monday tuesday wednesday thursday friday saturday sunday last modified reviewed how what why when where"
    " your our the this these best top new featured series download pdf cite copy link report bookmark like likes photo photos"
    " image images video videos credit source sources members member active rank joined location messages threads thread forum"
    " discussion website unknown anonymous admin administrator guest disclosure advertiser index learn learning marketing business"
    " technology health science research management software security insights resources company inc ltd llc page profile call language"
    " accueil startseite rubrik kommentar kommentare nachricht teilen drucken partager imprimer compartir".split()
)
_FIRST_PARTICLES: Final = frozenset("de van von al el la le di da".split())
_PARTICLES: Final = _FIRST_PARTICLES | frozenset(
    "del della der den des do dos das du zu zur ten ter bin ibn y e af av".split()
)
_WORD: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.\-\u0300-\u036f])*")
_ADDRESS: Final = re.compile(r"https?:|www\.|\S@\S+\.|\w\.[a-z]{2,6}/\w", re.IGNORECASE)
# The end of what a company is called in law.
_LEGAL: Final = re.compile(
    r"\W(?:inc|llc|ltd|limited|plc|corp|corporation|company|gmbh|kg|s\.?a|s\.?r\.?l|s\.?p\.?a|b\.?v|n\.?v|pty ltd)\.?\Z",
    re.IGNORECASE,
)
_HOST: Final = re.compile(r"[\w-]+\.[a-z]{2,3}")
_NOBODY: Final = re.compile(
    r"(?:\w+[-_.]|wp|wordpress|web|site|super)?admin(?:n|s|istrator)?\d{0,3}|webmaster|unknown|anonymous|user|super user|guest|default|undefined"
    r"|null|none|n/?a|publisher|authors?|autor(?:in|en)?|auteurs?",
    re.IGNORECASE,
)
# How icons are written that a font draws; and times that are told by how long ago they were.
_ICONS: Final = frozenset(
    "access_time account_circle create calendar_today date_range person_outline query_builder watch_later".split()
)
_AGO: Final = re.compile(r"(?P<ago>(?:vor|il y a|hace|há|voor)\s+)?\d+\s+(?=[^\W\d_])", re.IGNORECASE)
# Variables that were not filled in: {{author}}, page.head.author.
_TEMPLATE: Final = re.compile(r"[{}<>=\[\]]|\w\.\w+\.\w\w")


def names_in(value: str, *, last_first: bool = False) -> list[str]:
    """The names in what metadata call author; degrees, professions, addresses and templates that were not filled are none.

    Lists are parted. "And" parts full names, and single words, but not the name of a body. "Kaufman, Jeff T." is turned.

    Args:
        value: as it stands in the metadata.
        last_first: two words with a comma between them are a last and a first name, not two names.
    """
    text = _clean(value[:_LONGEST_LIST])
    if _TEMPLATE.search(text):
        return []
    parts = [part for part in (_clean(part) for part in _LISTED.split(text)[:_MOST]) if part]
    if len(parts) == 2 and _turned(*parts) and (last_first or " " in parts[1]):
        return [f"{parts[1]} {parts[0]}"]
    # Where a publisher sits: Tide Times GmbH, Quay, Germany.
    if (
        len(parts) > 1
        and (is_company(parts[0]) or _HOST.fullmatch(parts[0]))
        and all(" " not in part for part in parts[1:])
    ):
        return parts[:1]
    names = [
        name
        for place, part in enumerate(parts)
        for name in _joined(_OTHERS_DID.sub("", part))
        if len(name) <= _LONGEST
        and not (place and (_DEGREE.fullmatch(name) or _is_role(part)))
        and not _ADDRESS.search(name)
        and any(character.isalpha() for character in name)
        and not _NOBODY.fullmatch(name)
        and not _is_time(name)
    ]
    return list(dict.fromkeys(names))


def is_company(name: str) -> bool:
    """Whether a name is that of a company in law: Tide Times Ltd."""
    return _LEGAL.search(name) is not None


def is_person(text: str) -> bool:
    """Whether a text is written like the full name of a person: two to five words with capitals, none of them of a menu."""
    words = text.split()
    lower = [word.lower().strip(".,") for word in words]
    return (
        2 <= len(words) <= _MOST_WORDS
        and len(text) <= _LONGEST
        and not _is_role(text)
        and _NO_NAME.isdisjoint(lower)
        and (lower[0] not in _PARTICLES or lower[0] in _FIRST_PARTICLES)
        and lower[-1] not in _PARTICLES
        and all(_WORD.fullmatch(word) and (word[0].isupper() or word in _PARTICLES) for word in words)
        and sum(word[0].isupper() for word in words) >= 2
    )


def is_nickname(text: str) -> bool:
    """Whether a text in a place that is marked as the author's can be what they call themselves: short, and of no menu."""
    words = text.lower().split()
    return (
        0 < len(words) < _MOST_WORDS
        and len(text) <= _LONGEST // 2
        and all(word.strip(".,:") not in _NO_NAME and word not in _ROLES for word in words)
        and (len(words) == 1 or not any(character.isdigit() for character in text))
        and not _is_lead(text)
        and text not in _ICONS
        and names_in(text) == [text]
    )


def after_by(text: str) -> list[str]:
    """The names that a byline gives after "by", or its like in another language; none where it has none.

    Args:
        text: the text of a block, a line for each of its elements.
    """
    text = _BEFORE_COMMA.sub(" ", text)
    for match in _ENGLISH_BY.finditer(text):
        if (match[1] or "").lower() not in _OTHER_WORK:
            names = _until_end(text[match.end() :], nicknames=match.start() == 0)
            if names:
                return names
    start = _STARTS_WITH_BY.match(text)
    names = _until_end(text[start.end() :], nicknames=False) if start else []
    return names if start and (not start["of"] or all(is_person(name) for name in names)) else []


def _until_end(text: str, *, nicknames: bool) -> list[str]:
    """The names at the beginning of a text; one in small letters where nicknames may be."""
    end = _END.search(text)
    if end:
        start = text[: end.start()]
        before, _, last = start.rstrip(" .").rpartition(" ")
        text = before if text[end.start()].isdigit() and is_month(last) else start
    names = names_in(text)
    if nicknames and len(names) == 1 and len(names[0].split()) <= 2 and is_nickname(names[0]):
        return names
    return [
        name
        for name in names
        if len(name.split()) <= _MOST_WORDS
        and not name[0].islower()
        and name.lower() not in _NO_NAME
        and not _is_lead(name)
    ]


def _clean(name: str) -> str:
    name = _BEFORE_NAME.sub("", plain(name).strip(_AROUND)).strip(_AROUND)
    return name[:-1] if name.endswith(".") and len(name.split()[-1]) > _INITIALS else name


def _is_lead(text: str) -> bool:
    """Whether a text leads to a name and is none: Veröffentlicht von."""
    words = [word.strip(":：") for word in text.split()]
    return words[-1] in _LAST_LEADS or all(word.lower() in _LEADS for word in words)


def _is_time(name: str) -> bool:
    """Whether a name with digits is a day, or says how long ago it was: 3 years ago."""
    if not any(character.isdigit() for character in name):
        return False
    words = split_words(name)
    ago = _AGO.match(name)
    return (
        (ago is not None and (ago["ago"] is not None or name[ago.end()].islower()))
        or all(word.isdigit() or is_month(word) for word in words)
        or bool(days_in(name))
    )


def _is_role(part: str) -> bool:
    return not _ROLES.isdisjoint(word.strip(".,").lower() for word in part.split())


def _turned(last: str, first: str) -> bool:
    """Whether two parts are a last name and a first: Kaufman, Jeff T."""
    words = first.split()
    return (
        len(last.split()) == 1
        and len(words) <= 2
        and not _DEGREE.fullmatch(first)
        and not _is_role(first)
        and all(_WORD.fullmatch(word) and word[0].isupper() for word in [last, *words])
    )


def _joined(part: str) -> list[str]:
    work = _FOR.search(part)
    if work:
        persons = _JOINED.split(part[: work.start()])
        if len(persons) > bool(work["small"]) and all(is_person(side) for side in persons):
            return persons
    sides = [side for side in (_clean(side) for side in _JOINED.split(part)) if side]
    single = all(len(side.split()) == 1 < len(side) for side in sides) and len(set(sides)) == len(sides)
    return sides if len(sides) < 2 or single or all(is_person(side) for side in sides) else [part]
