"""Blocks that stay or go because the caller says so."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from bs4 import BeautifulSoup

from declutter import Label, Page, RuleError, clean, predict, predict_many
from declutter.blocks import segment
from declutter.document import read_document
from declutter.rules import css
from declutter.rules.rules import Outcome, read_rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from declutter.document import Html

EXAMPLE = Path(__file__).parents[1] / "examples" / "flood-wardens.html"
# Columns: content and two kinds.
ROWS = np.array([[0.9, 0.06, 0.04], [0.4, 0.5, 0.1], [0.3, 0.1, 0.6], [0.1, 0.8, 0.1]])
LABELS = np.array([0, 0, 2, 1])
CONTENT, DONATION, SIGNUP = "content", "donation", "signup"
FOUR = "<p class=a>One<p class=b>Two<p class=c>Three<p class=d>Four"


def applied(keep: Iterable[str], strip: Iterable[str], headline: int = -1) -> Outcome:
    """Rules on four blocks."""
    document = read_document(FOUR)
    return read_rules(keep, strip).apply(ROWS, LABELS, headline, document, segment(document))


def matching(html: Html, rule: str, *, strip: bool = False) -> list[str]:
    """The texts of the blocks that a rule matches, whatever the model says of them."""
    document = read_document(html)
    blocks = segment(document)
    rows = np.tile([0.5, 0.5] if strip else [0.4, 0.6], (len(blocks), 1))
    labels = np.full(len(blocks), 0 if strip else 1)
    rules = read_rules((), (rule,)) if strip else read_rules((rule,), ())
    outcome = rules.apply(rows, labels, -1, document, blocks)
    assert outcome.ruled.tolist() == (outcome.labels != labels).tolist()
    assert bool(outcome.matched) == bool(outcome.ruled.any())
    return [text for text, ruled in zip(blocks.texts, outcome.ruled, strict=True) if ruled]


# -- labels ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keep", "strip", "labels"),
    [
        ((), (), [0, 0, 2, 1]),
        ((DONATION,), (), [0, 0, 2, 0]),
        ((DONATION, SIGNUP), (), [0, 0, 0, 0]),
        ((), (DONATION,), [0, 1, 2, 1]),
        ((), (SIGNUP,), [0, 0, 2, 1]),
        ((DONATION,), (DONATION,), [0, 0, 2, 0]),
        ((), (CONTENT,), [1, 1, 2, 1]),
        ((DONATION,), (CONTENT,), [1, 0, 2, 0]),
        ((CONTENT,), (CONTENT,), [0, 0, 2, 1]),
    ],
)
def test_keep_adds_strip_takes_and_keep_is_stronger(
    keep: tuple[str, ...], strip: tuple[str, ...], labels: list[int]
) -> None:
    found, ruled, _ = applied(keep, strip)
    assert found.tolist() == labels
    assert ruled.tolist() == (found != LABELS).tolist()


def test_a_headline_is_content_whatever_it_looks_like() -> None:
    assert applied((), (DONATION,), headline=1).labels.tolist() == [0, 0, 2, 1]
    assert applied((), (CONTENT,), headline=1).labels.tolist() == [1, 1, 2, 1]


def test_no_blocks() -> None:
    document = read_document("")
    rules = read_rules(("css:p", DONATION), ("text:a",))
    labels, ruled, matched = rules.apply(np.zeros((0, 3)), np.zeros(0, dtype=np.int64), -1, document, segment(document))
    assert (labels.tolist(), ruled.tolist(), matched) == ([], [], frozenset())


def test_labels_by_name() -> None:
    assert read_rules(["comments", Label.SOCIAL, "comments"], ()) == read_rules((Label.COMMENTS, "social"), [])
    assert not read_rules((), ())
    assert read_rules((), ("other",))


# -- selectors and patterns ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keep", "strip", "labels", "ruled"),
    [
        (("css:.c",), (), [0, 0, 0, 1], [2]),
        (("text:three",), (), [0, 0, 0, 1], [2]),
        ((), ("css:.a",), [1, 0, 2, 1], [0]),
        ((), ("text:one",), [1, 0, 2, 1], [0]),
        # Also where the model says the same.
        (("css:.a",), (), [0, 0, 2, 1], [0]),
        ((), ("css:.d",), [0, 0, 2, 1], [3]),
        # keep is stronger, whatever kind of rule it is.
        (("css:.a",), ("css:p",), [0, 1, 2, 1], [0, 1, 2, 3]),
        (("text:one",), ("css:p",), [0, 1, 2, 1], [0, 1, 2, 3]),
        (("css:p",), ("text:one", "css:.b", CONTENT, SIGNUP), [0, 0, 0, 0], [0, 1, 2, 3]),
        ((SIGNUP,), ("css:.c", "text:three"), [0, 0, 0, 1], [2]),
        ((DONATION,), ("css:p",), [1, 0, 2, 0], [0, 2, 3]),
        ((CONTENT,), ("css:p",), [0, 0, 2, 1], [2, 3]),
        (("css:.a",), (CONTENT,), [0, 1, 2, 1], [0, 1]),
    ],
)
def test_selectors_and_patterns_decide_what_they_match(
    keep: tuple[str, ...], strip: tuple[str, ...], labels: list[int], ruled: list[int]
) -> None:
    outcome = applied(keep, strip)
    assert outcome.labels.tolist() == labels
    assert np.flatnonzero(outcome.ruled).tolist() == ruled


def test_a_selector_or_a_pattern_takes_the_headline() -> None:
    for rule in ("css:.b", "text:two"):
        assert applied((), (rule,), headline=1).labels.tolist() == [0, 1, 2, 1]
        assert applied((CONTENT,), (rule,), headline=1).labels.tolist() == [0, 0, 2, 1]


@pytest.mark.parametrize(
    ("keep", "strip", "matched"),
    [
        ((DONATION, "comments"), (), {("keep", DONATION)}),
        ((), (DONATION, SIGNUP, "comments"), {("strip", DONATION), ("strip", SIGNUP)}),
        (("css:.a", "css:.z"), ("css:.a", "css:table"), {("keep", "css:.a"), ("strip", "css:.a")}),
        (("text:one", "text:five"), ("text:one",), {("keep", "text:one"), ("strip", "text:one")}),
        ((CONTENT,), (CONTENT,), {("keep", CONTENT), ("strip", CONTENT)}),
    ],
)
def test_which_rules_matched(keep: tuple[str, ...], strip: tuple[str, ...], matched: set[tuple[str, str]]) -> None:
    assert applied(keep, strip).matched == matched


@pytest.mark.parametrize(
    ("html", "selector", "texts"),
    [
        # The owner is or lies in what matches.
        ("<div class=a>One<p>Two</p></div>Three", ".a", ["One", "Two"]),
        ("<p class=a>One<p>Two", ".a", ["One"]),
        ("<p class=a>One <b>two</b> three", ".a", ["One two three"]),
        # All of the block's text is in what matches, in one element or in several.
        ("<p><span class=a>One</span></p>", ".a", ["One"]),
        ("<p> <span class=a>One</span> <br></p>", ".a", ["One"]),
        ("<p><a href=x>One</a> <a href=y>two</a></p>", "a", ["One two"]),
        ("<p><span class=a>One</span> two</p>", ".a", []),
        ("<a class=a href=x><div>One</div>two</a>three", ".a", ["One"]),
        ("<div>one<br><br><b class=a>two</b><br><br>three</div>", ".a", ["two"]),
        # Controls and descriptions.
        ("<form><input class=a type=submit value=Go><button>Stop</button></form>", ".a", ["Go"]),
        ("<form class=a><input type=submit value=Go><select><option>A<option>B</select></form>", ".a", ["Go", "A B"]),
        ("<select><option>A<option>B</select>", "select", ["A B"]),
        ("<div><img class=a alt=Boat src=x></div>", ".a", ["Boat"]),
        ("<div><a class=a href=x aria-label=Menu></a></div>", ".a", ["Menu"]),
        # Hidden, in a template, in noscript, moved by the parser.
        ("<template><p class=a>One</template><p>two", ".a", ["One"]),
        ("<noscript><p class=a>One</noscript><p>two", ".a", ["One"]),
        ("<table><tr><td class=a>One</table><table class=b>Two<tr><td>Three</table>", ".b", ["Three"]),
        ("<p class=a>One<div>two</div></p>three", ".a", ["One"]),
        ("<script class=a>One</script><p>two", ".a", []),
        ("<p>One", ".a", []),
        ("<html class=a>One", ".a", ["One"]),
    ],
)
def test_blocks_that_a_selector_matches(html: str, selector: str, texts: list[str]) -> None:
    assert matching(html, f"css:{selector}") == texts
    if "<html" not in html:
        assert matching(html, f"css: {selector} ", strip=True) == texts


@pytest.mark.parametrize("parser", ["html.parser", "lxml"])
def test_soups_give_the_same_blocks(parser: str) -> None:
    html = (
        "<html><body><div class=a>One<p>Two</p></div><template><p class=a>Three</p></template><p>four</p></body></html>"
    )
    assert matching(BeautifulSoup(html, parser), "css:.a") == ["One", "Two", "Three"]
    soup = BeautifulSoup(html, parser)
    assert soup.div is not None
    assert matching(soup.div, "css:p") == ["Two"]


@pytest.mark.parametrize(
    "selector", ["*", "html > *", "html *, p", "*:not(p)", ":nth-child(2):last-child", ":has(> *)"]
)
def test_no_rule_takes_html_or_body(selector: str) -> None:
    html = "<!doctype html><title>t</title><body>one<div>two<p>three</p></div><p>four"
    left = set(matching(html, "text:*o")) | {"three"}
    taken = set(matching(html, f"css:{selector}", strip=True))
    assert "one" not in taken
    assert taken < left
    assert "one" in matching(html, f"css:{selector}")


def test_the_text_of_a_block_matches_a_pattern() -> None:
    html = "<p>Read <b>more</b>:\n<br>the tide<pre>a\n  b</pre><p>Read<p>more"
    assert matching(html, "text:^read MORE: the") == ["Read more:\nthe tide"]
    assert matching(html, "text:a b") == ["a\n  b"]
    assert matching(html, "text:^read$", strip=True) == ["Read"]


# -- what is no rule -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["comment", ".box", "", "CSS:p", "text", "csss:p"])
def test_what_is_no_label(rule: str) -> None:
    with pytest.raises(
        RuleError,
        match=r"keep, rule 2: .* is no label: give some of content, donation, .*, or css:SELECTOR or text:PATTERN",
    ):
        read_rules(["comments", rule], ())


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("css:", r"strip, rule 1: 'css:' is no CSS selector, expected a selector at position 0: mend it"),
        ("css:div[", r"'css:div\[' is no CSS selector, expected an identifier at position 4"),
        ("css:p:contains('x')", r"is no CSS selector, unknown pseudo-class"),
        ("css:html", "'css:html' would take the whole page: name what is inside"),
        ("css: BODY ", "would take the whole page"),
        ("css:p, html,.a", "would take the whole page"),
        ("css::root", "'css::root' would take the whole page"),
        ("css::is(body, html)", "would take the whole page"),
        ("css::is(body, .promo)", "would take the whole page"),
        ("css::where(html), p", "would take the whole page"),
        ("css:html body", "would take the whole page"),
        ("css:body:not(.x)", "would take the whole page"),
        ("css::has(body)", "would take the whole page"),
        ("text:", "'text:' has no word"),
        (r"text:\d+", "it is no regular expression"),
        ("css:[" + "a" * 5000, r"'css:\[a{95}…' is no CSS selector"),
    ],
)
def test_what_does_not_parse_is_named_with_its_place(rule: str, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        read_rules((), (rule,))


def test_keep_may_name_html_and_body() -> None:
    assert matching("<body>one<p>two", "css:body") == ["one", "two"]
    assert matching("<body>one<p>two", "css:html") == ["one", "two"]


@pytest.mark.parametrize("rule", [3, None, b"css:p"])
def test_what_is_no_text(rule: object) -> None:
    with pytest.raises(RuleError, match=r"keep, rule 1: .* is no text: give a label, css:SELECTOR or text:PATTERN"):
        read_rules([rule], ())  # type: ignore[list-item]


def test_a_rule_that_takes_too_many_steps_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(css, "MOST_STEPS", 10)
    with pytest.raises(
        RuleError,
        match=r"^keep, rule 1: 'css:p:has\(b\)' takes up to .* steps on this page of 4 elements: ask without :has\(\)$",
    ):
        matching("<p>One", "css:p:has(b)")


def test_one_text_is_no_list() -> None:
    with pytest.raises(RuleError, match=r"strip is one text, 'social': give a list"):
        predict("<p>Text", strip="social")


@pytest.mark.parametrize("rules", [None, 5])
def test_what_is_no_list(rules: object) -> None:
    with pytest.raises(RuleError, match=r"keep is .*: give a list of rules, or none"):
        clean("<p>Text", keep=rules)  # type: ignore[arg-type]


@pytest.mark.parametrize("rules", ["comments", ""])
def test_one_text_is_no_list_for_any_call(rules: str) -> None:
    for call in (lambda: clean("<p>Text", keep=rules), lambda: list(predict_many(["<p>Text"], keep=rules))):
        with pytest.raises(RuleError, match="keep is one text"):
            call()


def test_rules_last_for_many_pages() -> None:
    pages = list(predict_many([EXAMPLE.read_bytes()] * 3, keep=(label for label in ["comments"])))
    counts = [sum(block.decided_by == "rule" for block in page.blocks) for page in pages if isinstance(page, Page)]
    assert len(counts) == 3
    assert len(set(counts)) == 1
    assert counts[0] > 0


def test_content_stripped_is_all_content() -> None:
    page = predict(EXAMPLE.read_bytes(), strip=["content"], strictness=0.0)
    assert page.content == ()


def test_comments_kept_on_a_page() -> None:
    plain = predict(EXAMPLE.read_bytes())
    page = predict(EXAMPLE.read_bytes(), keep=["comments"])
    before = {block.path: block for block in plain.blocks}
    changed = [block for block in page.blocks if block.label != before[block.path].label]
    assert changed
    assert {before[block.path].label for block in changed} == {Label.COMMENTS}
    assert {block.label for block in changed} == {Label.CONTENT}
    assert [block for block in page.blocks if block.decided_by == "rule"] == changed
    assert all(block.score == block.probabilities[block.label] for block in page.blocks)
    assert clean(EXAMPLE.read_bytes(), keep=["comments"]) == page.text()
    assert len(page.text()) > len(plain.text())


def test_content_stripped_from_a_page() -> None:
    page = predict(EXAMPLE.read_bytes(), strip=["content"])
    assert not page.text(headline=False)
    loose = predict(EXAMPLE.read_bytes(), strictness=0.0)
    strict = predict(EXAMPLE.read_bytes(), strictness=0.0, strip=["navigation", "footer"])
    assert len(strict.content) < len(loose.content)
    assert {block.label for block in strict.chrome} <= {Label.NAVIGATION, Label.FOOTER}


def test_selectors_and_texts_on_a_page() -> None:
    plain = predict(EXAMPLE.read_bytes())
    assert plain.headline is not None
    keep, strip = (
        ["text:weirside will", "css:footer"],
        ["css:article h1, #nothing", "text:^At ten past three", "css:.nothing"],
    )
    page = predict(EXAMPLE.read_bytes(), keep=iter(keep), strip=iter(strip))
    assert page.matched_rules == {("keep", keep[0]), ("keep", keep[1]), ("strip", strip[0]), ("strip", strip[1])}
    assert page.headline is not None
    assert page.headline.label is not Label.CONTENT
    assert page.headline.decided_by == "rule"
    assert page.headline.text not in page.text()
    assert "Weirside Will" in page.text()
    assert "At ten past three" in plain.text()
    assert "At ten past three" not in page.text()
    assert clean(EXAMPLE.read_bytes(), keep=keep, strip=strip) == page.text()
    for block, before in zip(page.blocks, plain.blocks, strict=True):
        assert block.probabilities == before.probabilities
        assert block.score == block.probabilities[block.label]
        if block.decided_by == "rule" and block.label is not Label.CONTENT:
            kinds = {label: value for label, value in block.probabilities.items() if label is not Label.CONTENT}
            assert block.label == max(kinds, key=lambda label: kinds[label])
        if block.decided_by == "model":
            assert block.label == before.label
    assert pickle.loads(pickle.dumps(page)).matched_rules == page.matched_rules
    assert plain.matched_rules == frozenset()


def test_a_soup_is_matched_and_not_changed() -> None:
    soup = BeautifulSoup(EXAMPLE.read_bytes(), "lxml")
    before = str(soup)
    page = predict(soup, strip=["css:article p"])
    assert {block.label for block in page.blocks if block.path.endswith("article > p")} <= set(Label) - {Label.CONTENT}
    assert str(soup) == before


def test_rules_of_many_pages_are_read_before_the_first() -> None:
    with pytest.raises(RuleError, match="strip, rule 1"):
        predict_many([], strip=["css:div["])
