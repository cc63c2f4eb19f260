"""A news article with a donation appeal, a newsletter form and a payment widget, set as HTML in several markups.

Its sentences are not ours: they are read from the folder `shared/seed` beside this project, and the tests skip where
that is absent. Menu, footer and the rest of the page around it are written here.
"""

from __future__ import annotations

import json
from html import escape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from declutter import Label, predict

if TYPE_CHECKING:
    from collections.abc import Callable

    from declutter import Page

SEED = Path(__file__).parents[2] / "shared" / "seed"

pytestmark = pytest.mark.skipif(not (SEED / "labels.json").is_file(), reason="no shared/seed beside this project")

Line = tuple[Label, str]
Run = tuple[Label, list[str]]

MENU = ["News", "Opinion", "Business", "Culture", "Podcasts"]
BYLINE = ["By Our Correspondent", "Sept. 13, 2022"]
SHARE = ["Share on Facebook", "Share on X", "Copy link"]
TEASERS = [
    "Grain ships leave the port again after a month",
    "What the new budget means for pensioners",
    "A village library opens in a railway carriage",
    "Heating bills to rise in the northern regions",
]
CONSENT = ["We use cookies to count visits and to remember your settings.", "Accept all", "Manage settings"]
FOOTER = ["About us", "Contact", "Advertise", "Privacy policy", "Terms of use"]
IMPRINT = "© 2022 Morning Ledger. All rights reserved."
AROUND = [*MENU, "Log in", *BYLINE, *SHARE, "Most read", *TEASERS, *CONSENT, *FOOTER, IMPRINT]


def lines() -> list[Line]:
    pairs = json.loads((SEED / "labels.json").read_text(encoding="utf-8"))
    return [(Label(label), " ".join(text.split())) for label, text in pairs]


def runs() -> list[Run]:
    """Lines of one label in a row, in the order of the article; the first is the appeal above the headline."""
    return [(label, [text for _, text in run]) for label, run in groupby(lines(), key=lambda line: line[0])]


def parts() -> tuple[list[str], str, str, list[str], list[Run]]:
    """The appeal on top, the headline, the caption, the paragraphs, and the boxes below."""
    (_, top), (_, content), *boxes = runs()
    return top, content[0], content[1], content[2:], boxes


def tags(texts: list[str], before: str, after: str) -> str:
    return "\n".join(f"{before}{escape(text, quote=False)}{after}" for text in texts)


def page(head: str, body: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(head)} - Morning Ledger</title>'
        f"</head>\n<body>\n{body}\n</body></html>"
    )


# -- the markups ---------------------------------------------------------------------------------------------------


def telling_classes(named: Callable[[str], str] = lambda name: name) -> str:
    """A current theme: semantic elements, class names that say what a part is."""
    top, head, caption, paragraphs, boxes = parts()

    def of(tag: str, name: str, more: str = "") -> str:
        return f'<{tag} class="{named(name)}" {more}>'

    drawn = []
    for label, texts in boxes:
        if label is Label.SIGNUP:
            drawn += [
                f"{of('section', 'newsletter-signup')}<h3>{escape(texts[0])}</h3>{tags(texts[1:], '<p>', '</p>')}",
                "<form action=/newsletter method=post><input type=email name=email><input type=hidden name=list></form></section>",
            ]
        elif label is Label.DONATION:
            drawn.append(f"{of('section', 'donation-appeal')}{tags(texts, '<p>', '</p>')}</section>")
        elif label is Label.PAYMENT:
            drawn += [
                of("div", "payment-widget"),
                f"{of('div', 'payment-frequency')}{tags(texts[:3], '<button>', '</button>')}</div>",
                f"{tags(texts[3:4], '<button type=submit>', '</button>')}{tags(texts[4:], '<p>', '</p>')}</div>",
            ]
        else:
            drawn.append(f"{of('div', 'read-more')}{tags(texts, '<a href=/more>', '</a>')}</div>")
    return page(
        head,
        "\n".join(
            [
                f"{of('header', 'site-header')}{of('a', 'logo', 'href=/')}<svg></svg></a>",
                f"{of('nav', 'main-menu')}<ul>{tags(MENU, '<li><a href=/section>', '</a></li>')}</ul></nav>",
                f"<div>{of('a', 'login', 'href=/login')}Log in</a></div>",
                f"<div>{tags(top, of('a', 'support-button', 'href=/donate'), '</a>')}</div></header>",
                f"<main>{of('article', 'article')}{of('h1', 'article-title')}{escape(head)}</h1>",
                f"{of('div', 'article-meta')}{tags(BYLINE, of('div', 'byline'), '</div>')}</div>",
                f"{of('ul', 'share-buttons')}{tags(SHARE, '<li><button>', '</button></li>')}</ul>",
                f"<figure><img src=/a.jpg><figcaption>{escape(caption)}</figcaption></figure>",
                f"{of('div', 'article-body')}{tags(paragraphs, '<p>', '</p>')}</div>",
                *drawn,
                f"</article>{of('aside', 'most-read')}<h2>Most read</h2>",
                f"<ul>{tags(TEASERS, '<li><a href=/story>', '</a></li>')}</ul></aside></main>",
                f"{of('div', 'cookie-banner')}<p>{CONSENT[0]}</p>{tags(CONSENT[1:], '<button>', '</button>')}</div>",
                f"{of('footer', 'site-footer')}<ul>{tags(FOOTER, '<li><a href=/about>', '</a></li>')}</ul>",
                f"<p>{IMPRINT}</p></footer>",
            ]
        ),
    )


def hashed() -> str:
    """The same with names that say nothing."""
    return telling_classes(lambda name: f"css-{sum(map(ord, name)) * 2654435761 % 2**32:x}")


def all_div() -> str:
    """Nothing but div and span, without names: no headings, no paragraphs, no lists, no buttons."""
    top, head, caption, paragraphs, boxes = parts()
    drawn = "\n".join(f"<div>{tags(texts, '<div>', '</div>')}</div>" for _, texts in boxes)
    return page(
        head,
        f"<div><div>{tags([*MENU, 'Log in'], '<div><a href=/section>', '</a></div>')}</div>"
        f"{tags(top, '<div><a href=/donate>', '</a></div>')}</div>\n"
        f"<div><div><div>{escape(head)}</div>{tags(BYLINE, '<div>', '</div>')}"
        f"<div>{tags(SHARE, '<div><a href=https://share.test/>', '</a></div>')}</div>"
        f"<div><img src='/a.jpg'><div>{escape(caption)}</div></div>\n{tags(paragraphs, '<div>', '</div>')}</div>\n"
        f"<div>{drawn}</div>\n<div><div>Most read</div>{tags(TEASERS, '<div><a href=/story>', '</a></div>')}</div></div>\n"
        f"<div>{tags(CONSENT, '<div>', '</div>')}</div>\n"
        f"<div>{tags(FOOTER, '<div><a href=/about>', '</a></div>')}<div>{IMPRINT}</div></div>",
    )


def table_layout() -> str:
    """The web of 2001: a layout table, font tags, line breaks for paragraphs, submit inputs."""
    top, head, caption, paragraphs, boxes = parts()
    drawn = []
    for label, texts in boxes:
        if label is Label.PAYMENT:
            inside = tags(texts[:3], '<input type="radio" name="often"><label style="display:block">', "</label>")
            inside += "".join(f'<input type="submit" value="{escape(text)}"><br><br>' for text in texts[3:])
        else:
            inside = "<br><br>\n".join(escape(text, quote=False) for text in texts)
        if label is Label.SIGNUP:
            inside = f'<form action="/list.cgi">{inside}<input type="text" name="email" size="12"></form>'
        if label is Label.RELATED:
            inside = f'<a href="more.html">{inside}</a>'
        drawn.append(
            f'<table width="100%" bgcolor="#eeeeee" cellpadding="4"><tr><td><font size="2">{inside}</font></td></tr></table>'
        )
    left = "<br><br>".join(f'<a href="section.html">{text}</a>' for text in [*MENU, "Log in"])
    right = "<br><br>".join(f'<a href="story.html">{text}</a>' for text in TEASERS)
    return page(
        head,
        '<table width="760" border="0" cellspacing="0"><tr><td colspan="3"><img src="top.gif">'
        f'{tags(top, "<b><a href=donate.html>", "</a></b>")}</td></tr>\n<tr><td width="120" valign="top">{left}</td>\n'
        f'<td width="480" valign="top"><h1>{escape(head)}</h1><font size="1">{"<br><br>".join(BYLINE)}</font><br><br>'
        f'<img src="a.jpg" width="300"><br><br><font size="1">{escape(caption)}</font><br><br>\n'
        + "<br><br>\n".join(escape(text, quote=False) for text in paragraphs)
        + "<br><br>\n"
        + "\n".join(drawn)
        + f'<font size="1">{"<br><br>".join(f"<a href=share.html>{text}</a>" for text in SHARE)}</font></td>\n'
        f'<td width="160" valign="top"><b>Most read</b><br><br>{right}</td></tr>\n'
        f'<tr><td colspan="3" align="center"><font size="1">'
        f"{'<br><br>'.join(f'<a href=about.html>{text}</a>' for text in FOOTER)}<br><br>{IMPRINT}</font></td></tr></table>\n"
        f'<div id="c"><p>{CONSENT[0]}</p>{tags(CONSENT[1:], "<button>", "</button>")}</div>',
    )


def asides() -> str:
    """The boxes stand as asides between the paragraphs of the article."""
    top, head, caption, paragraphs, boxes = parts()
    drawn = []
    for label, texts in boxes:
        if label is Label.PAYMENT:
            inside = f"<form action=/pay>{tags(texts, '<label style=display:block><input type=radio name=a>', '</label>')}</form>"
        elif label is Label.SIGNUP:
            inside = f"<h4>{escape(texts[0])}</h4>{tags(texts[1:], '<p>', '</p>')}<input type=email placeholder=Email>"
        elif label is Label.RELATED:
            inside = tags(texts, "<p><a href=/more>", "</a></p>")
        else:
            inside = tags(texts, "<p>", "</p>")
        drawn.append(f"<aside>{inside}</aside>")
    # The longer boxes interrupt the text after its third and sixth paragraph, as they do on news sites.
    flow = [f"<p>{escape(text, quote=False)}</p>" for text in paragraphs]
    body = [*flow[:3], drawn[0], *flow[3:6], drawn[1], *flow[6:], *drawn[2:]]
    return page(
        head,
        f"<header><nav>{tags(MENU, '<a href=/section style=display:block>', '</a>')}</nav><p><a href=/login>Log in</a></p>"
        f"{tags(top, '<p><a href=/donate>', '</a></p>')}</header>\n<article><header><h1>{escape(head)}</h1>"
        f"{tags(BYLINE, '<p>', '</p>')}</header>\n<figure><img src=/a.jpg><figcaption>{escape(caption)}</figcaption></figure>\n"
        + "\n".join(body)
        + f"\n<footer>{tags(SHARE, '<p><a href=https://share.test/>', '</a></p>')}</footer></article>\n"
        f"<section><h2>Most read</h2><ol>{tags(TEASERS, '<li><a href=/story>', '</a></li>')}</ol></section>\n"
        f"<dialog open><p>{CONSENT[0]}</p>{tags(CONSENT[1:], '<button>', '</button>')}</dialog>\n"
        f"<footer>{tags(FOOTER, '<p><a href=/about>', '</a></p>')}<p>{IMPRINT}</p></footer>",
    )


def custom_elements() -> str:
    """A page of web components."""
    top, head, caption, paragraphs, boxes = parts()
    drawn = []
    for label, texts in boxes:
        name = {Label.SIGNUP: "ml-letter", Label.DONATION: "ml-note", Label.PAYMENT: "ml-pick"}.get(label, "ml-more")
        inside = (
            tags(texts, "<ml-row><button>", "</button></ml-row>")
            if label is Label.PAYMENT
            else tags(texts, "<p>", "</p>")
        )
        drawn.append(f"<{name}>{inside}{'<input type=email>' if label is Label.SIGNUP else ''}</{name}>")
    return page(
        head,
        f"<ml-app><ml-top>{tags(MENU, '<ml-tab><a href=/section>', '</a></ml-tab>')}<ml-tab><a href=/login>Log in</a></ml-tab>"
        f"{tags(top, '<ml-tab><a href=/donate>', '</a></ml-tab>')}</ml-top>\n"
        f"<ml-story><h1>{escape(head)}</h1>{tags(BYLINE, '<ml-meta>', '</ml-meta>')}"
        f"{tags(SHARE, '<ml-share><button>', '</button></ml-share>')}\n"
        f"<ml-image><img src=/a.jpg><p>{escape(caption)}</p></ml-image>\n<ml-text>{tags(paragraphs, '<p>', '</p>')}</ml-text>\n"
        + "\n".join(drawn)
        + f"</ml-story>\n<ml-list><h2>Most read</h2>{tags(TEASERS, '<ml-card><a href=/story>', '</a></ml-card>')}</ml-list>\n"
        f"<ml-banner><p>{CONSENT[0]}</p>{tags(CONSENT[1:], '<button>', '</button>')}</ml-banner>\n"
        f"<ml-foot>{tags(FOOTER, '<ml-tab><a href=/about>', '</a></ml-tab>')}<p>{IMPRINT}</p></ml-foot></ml-app>",
    )


MARKUPS: list[Callable[[], str]] = [telling_classes, hashed, all_div, table_layout, asides, custom_elements]
by_markup = pytest.mark.parametrize("markup", MARKUPS, ids=lambda markup: markup.__name__)


@by_markup
def test_every_line_is_a_block_of_its_own(markup: Callable[[], str]) -> None:
    texts = [block.text for block in predict(markup()).blocks]
    for text in [*(text for _, text in lines()), *AROUND]:
        assert texts.count(text) == 1, text
    assert len(texts) == len(lines()) + len(AROUND)


@by_markup
def test_every_content_line_is_kept(markup: Callable[[], str]) -> None:
    page = predict(markup())
    scores = {block.text: round(block.content_score, 2) for block in page.chrome}
    lost = {text: scores[text] for label, text in lines() if label is Label.CONTENT and text in scores}
    assert lost == {}
    text = page.text()
    assert all(line in text for label, line in lines() if label is Label.CONTENT)


@by_markup
def test_every_chrome_line_is_removed(markup: Callable[[], str]) -> None:
    page = predict(markup())
    chrome = {*(text for label, text in lines() if label is not Label.CONTENT), *AROUND}
    left = {block.text: round(block.content_score, 2) for block in page.content if block.text in chrome}
    assert left == {}


def rightly_labelled(page: Page) -> int:
    labels = {block.text: block.label for block in page.blocks}
    chrome = [(label, text) for label, text in lines() if label is not Label.CONTENT]
    assert len(chrome) == 19
    return sum(labels[text] is label for label, text in chrome)


@by_markup
def test_most_of_what_is_removed_has_the_right_label(markup: Callable[[], str]) -> None:
    assert rightly_labelled(predict(markup())) >= 15


@by_markup
def test_nearly_all_of_what_is_removed_has_the_right_label(markup: Callable[[], str]) -> None:
    assert rightly_labelled(predict(markup())) >= 17


@by_markup
def test_the_headline_is_found(markup: Callable[[], str]) -> None:
    page = predict(markup())
    if markup is not all_div:  # which has no heading
        assert page.headline is not None
        assert page.headline.text == lines()[1][1]


@pytest.mark.xfail(strict=True, reason="model 0f86f84293e3: the appeal above the headline stays")
def test_as_plain_text() -> None:
    text = (SEED / "article.txt").read_text(encoding="utf-8")
    wanted = [" ".join(line.split()) for label, line in lines() if label is Label.CONTENT]
    page = predict(text, markup="text")
    assert [" ".join(line.split()) for line in page.text().splitlines() if line.strip()] == wanted
    assert len(wanted) == 10


@pytest.mark.xfail(strict=True, reason="model 0f86f84293e3: 16 of 19")
def test_as_plain_text_what_is_removed_has_the_right_label() -> None:
    page = predict((SEED / "article.txt").read_text(encoding="utf-8"), markup="text")
    pairs = [(block.label, label) for block, (label, _) in zip(page.blocks, lines(), strict=True)]
    assert sum(found is label for found, label in pairs if label is not Label.CONTENT) >= 17  # of 19


def test_as_plain_text_all_boxes_below_the_article_go() -> None:
    text = (SEED / "article.txt").read_text(encoding="utf-8")
    boxes = [line for _, texts in parts()[4] for line in texts]
    page = predict(text, markup="text")
    scores = {" ".join(block.text.split()): block.content_score for block in page.content}
    assert {line: scores[line] for line in boxes if line in scores} == {}
    assert len(boxes) == 18


def test_as_plain_text_no_content_is_lost() -> None:
    page = predict((SEED / "article.txt").read_text(encoding="utf-8"), markup="text")
    found = [" ".join(line.split()) for line in page.text().splitlines()]
    wanted = [line for label, line in lines() if label is Label.CONTENT]
    assert [line for line in found if line in wanted] == wanted
