"""The report in a real browser: what a person does with it, and what a hostile page cannot do in it.

Needs a Chromium on the machine and the extra `browser`.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from browsing import CHROMIUM, Visits
from declutter import predict
from declutter.inspect import entry, html_report, looks
from declutter.inspect import report as module
from declutter.labels import Label
from test_inspect_css import LOADING
from test_inspect_report import unpacked
from test_render import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Frame, Page, Request

    from declutter import Block

    Open = Callable[..., Page]

pytest.importorskip("playwright.sync_api", reason="the browser tests need the extra: .[browser]")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="the browser tests need Chromium: apt-get install chromium")

EXAMPLE: Final = Path(__file__).parents[1] / "examples" / "flood-wardens.html"
FORUM: Final = Path(__file__).parent / "pages" / "forum-ja" / "source.html"


# What Chromium says of the driver's own scripts in a sandboxed frame too.
BLOCKED: Final = "Blocked script execution in 'about:srcdoc'"


@pytest.fixture(scope="module")
def example() -> str:
    return html_report(
        [entry("flood-wardens.html", predict(EXAMPLE.read_bytes())), entry("forum.html", predict(FORUM.read_bytes()))]
    )


@pytest.fixture(scope="module")
def blocks() -> tuple[Block, ...]:
    return predict(EXAMPLE.read_bytes()).blocks


@pytest.fixture
def shown(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Shows a report; fails at the end where a script failed, or anything but the report was asked for."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.set_default_timeout(30_000)
    problems: list[str] = []

    def show(html: str, **context_options: Any) -> Page:
        nonlocal context
        if context_options:
            context.close()
            context = browser.new_context(**context_options)
            context.set_default_timeout(30_000)
        file = tmp_path / "report.html"
        file.write_bytes(html.encode("utf-8", "backslashreplace"))
        page = context.new_page()

        def refused(dialog: Dialog) -> None:
            problems.append(dialog.message)
            dialog.dismiss()

        def said(message: ConsoleMessage) -> None:
            if BLOCKED not in message.text:
                problems.append(message.text)

        def asked(request: Request) -> None:
            if request.url != file.as_uri():
                problems.append(request.url)

        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("dialog", refused)
        page.on("console", said)
        page.on("request", asked)
        context.on("page", lambda other: problems.append(f"opened {other.url}"))
        page.goto(file.as_uri())
        ready(page, 0)
        return page

    yield show
    context.close()
    assert not problems


def ready(page: Page, number: int, frame: str = "first") -> None:
    page.wait_for_selector(f"#{frame}[data-ready='{number}']", state="attached")


def inside(page: Page, frame: str = "first") -> Frame:
    handle = page.query_selector(f"#{frame}")
    assert handle is not None
    found = handle.content_frame()
    assert found is not None
    return found


def visible(page: Page, frame: str = "first") -> list[str]:
    """The labels of the blocks that are to be seen, in order."""
    script = """() => [...document.querySelectorAll("[data-declutter-block]")]
        .filter((piece) => piece.getClientRects().length && !piece.hasAttribute("data-declutter-off"))
        .map((piece) => piece.getAttribute("data-declutter-label"))"""
    found: list[str] = inside(page, frame).evaluate(script)
    return found


def chosen(page: Page, frame: str = "first") -> list[int]:
    script = """() => [...new Set([...document.querySelectorAll("[data-declutter-chosen]")]
        .map((piece) => Number(piece.getAttribute("data-declutter-block"))))]"""
    found: list[int] = inside(page, frame).evaluate(script)
    return found


# -- looking ---------------------------------------------------------------------------------------------------------


def test_each_block_is_tinted_and_counted(shown: Open, example: str, blocks: tuple[Block, ...]) -> None:
    page = shown(example)
    counts = {
        button.query_selector(".name").inner_text(): int(button.query_selector(".count").inner_text())  # type: ignore[union-attr]
        for button in page.query_selector_all("#legend button")
    }
    assert counts == {str(label): sum(block.label is label for block in blocks) for label in Label}
    tints: dict[str, str] = inside(page).evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("[data-declutter-label]")].map((piece) =>
            [piece.getAttribute("data-declutter-label"), getComputedStyle(piece).backgroundColor]))"""
    )
    assert tints.keys() == {str(label) for label in {block.label for block in blocks}}
    assert len(set(tints.values())) == len(tints)
    letters = inside(page).evaluate(
        "() => document.querySelectorAll('[data-declutter-letters]')[0].getAttribute('data-declutter-letters')"
    )
    assert letters == module.LETTERS[blocks[0].label]


def test_a_click_on_a_block_tells_of_it(shown: Open, example: str, blocks: tuple[Block, ...]) -> None:
    page = shown(example)
    row = next(row for row, block in enumerate(blocks) if block.text == "Support us")
    inside(page).click(f"[data-declutter-block='{row}']")
    told = page.inner_text("#block")
    assert chosen(page) == [row]
    for fact in (
        "donation",
        "Support us",
        f"{blocks[row].score:.3f}",
        f"{blocks[row].content_score:.3f}",
        'says "support',
    ):
        assert fact in told
    assert blocks[row].path in told
    assert page.inner_text("#told").startswith(f"Block {row + 1} of {len(blocks)}: donation")
    page.click("#block [aria-label='Next block']")
    assert chosen(page) == [row + 1]
    page.click("#block [aria-label='Close']")
    assert chosen(page) == []


def test_the_legend_filters(shown: Open, example: str, blocks: tuple[Block, ...]) -> None:
    page = shown(example)
    page.click("#legend button:has-text('donation')")
    page.click("#legend button:has-text('consent')")
    assert set(visible(page)) == {"donation", "consent"}
    count = page.inner_text("#count")
    assert count == f"{sum(block.label in {'donation', 'consent'} for block in blocks)} of {len(blocks)} blocks"
    pressed = [button.inner_text().split()[1] for button in page.query_selector_all("#legend [aria-pressed=true]")]
    assert pressed == ["donation", "consent"]
    page.click("#legend button:has-text('consent')")
    page.keyboard.press("ArrowDown")
    assert blocks[chosen(page)[0]].label is Label.DONATION
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert len(set(visible(page))) > 5


def test_a_label_pressed_brings_its_first_block_into_sight(shown: Open) -> None:
    lines = "".join(
        f"<p>The ferry left at {hour}, and nobody on the quay had slept that night.</p>" for hour in range(90)
    )
    html = f"<nav><a href=/>Home</a></nav><h1>The ferry</h1>{lines}<footer><p>\u00a9 2026 The Quay. All rights reserved</footer>"
    labels = [block.label for block in predict(html).blocks]
    assert labels[0] is Label.NAVIGATION
    assert labels[-1] is Label.FOOTER
    page = shown(html_report([entry("a.html", predict(html))]))
    place = "() => scrollY"
    assert inside(page).evaluate(place) == 0
    page.click("#legend button:has-text('navigation')")
    assert inside(page).evaluate(place) == 0, "it is in sight"
    page.click("#legend button:has-text('footer')")
    below = inside(page).evaluate(place)
    box = inside(page).locator("[data-declutter-label=footer]").first.bounding_box()
    assert box is not None
    assert below > 900
    assert 0 < box["y"] < 900
    page.click("#legend button:has-text('content')")
    assert inside(page).evaluate(place) == below, "the last lines are in sight"
    page.click("#legend button:has-text('navigation')")  # no longer pressed
    assert inside(page).evaluate(place) == below
    page.click("#legend button:has-text('navigation')")
    assert inside(page).evaluate(place) == 0


def test_words_filter(shown: Open, example: str) -> None:
    page = shown(example)
    page.keyboard.press("f")
    page.keyboard.type("Support us")
    assert visible(page) == ["donation"]
    page.keyboard.press("Enter")
    assert "Support us" in page.inner_text("#block")
    page.keyboard.press("Escape")
    assert page.inner_text("#count").endswith(" blocks")
    assert "of" not in page.inner_text("#count")
    page.keyboard.press("/")
    page.keyboard.type("conse")
    assert "consent" in visible(page)


def test_original_and_cleaned(shown: Open, example: str, blocks: tuple[Block, ...]) -> None:
    page = shown(example)
    content = sum(block.label is Label.CONTENT for block in blocks)
    page.click("[data-view=cleaned]")
    assert set(visible(page)) == {"content"}
    rows = inside(page).evaluate(
        """() => new Set([...document.querySelectorAll("[data-declutter-label=content]")]
            .filter((piece) => piece.getClientRects().length).map((piece) => piece.dataset.declutterBlock)).size"""
    )
    assert rows == content
    page.keyboard.press("o")
    assert "navigation" in visible(page)
    page.keyboard.press("o")
    page.keyboard.press("End")
    assert blocks[chosen(page)[0]].label is Label.CONTENT


def test_toggling_keeps_the_place(shown: Open, example: str) -> None:
    page = shown(example)
    script = "() => [...document.querySelectorAll('p')].find((p) => p.textContent.startsWith('She is one')).getBoundingClientRect().top"
    inside(page).evaluate(
        "() => scrollBy(0, [...document.querySelectorAll('p')].find((p) => p.textContent.startsWith('She is one')).getBoundingClientRect().top)"
    )
    before = inside(page).evaluate(script)
    page.keyboard.press("o")
    assert abs(inside(page).evaluate(script) - before) < 40


def test_side_by_side(shown: Open, example: str) -> None:
    page = shown(example)
    page.keyboard.press("s")
    ready(page, 0, "second")
    assert set(visible(page, "second")) == {"content"}
    assert "navigation" in visible(page)
    page.keyboard.press("End")
    page.keyboard.press("Home")
    headline = inside(page, "second").locator("h1")
    headline.click()
    assert chosen(page) == chosen(page, "second") != []
    page.hover("#second")
    inside(page, "second").evaluate("() => scrollTo(0, 600)")
    page.wait_for_timeout(200)
    tops = [
        inside(page, frame).evaluate(
            "() => { const all = [...document.querySelectorAll('[data-declutter-label=content]')];"
            " return all.map((piece) => [piece.dataset.declutterBlock, Math.round(piece.getBoundingClientRect().top)])"
            ".find(([, top]) => top > 0) }"
        )
        for frame in ("first", "second")
    ]
    assert tops[0][0] == tops[1][0]


def test_keys_go_from_block_to_block(shown: Open, example: str, blocks: tuple[Block, ...]) -> None:
    page = shown(example)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert chosen(page) == [1]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    assert chosen(page) == [0]
    page.keyboard.press("End")
    last = chosen(page)[0]
    assert last == len(blocks) - 1
    box = inside(page).locator("[data-declutter-chosen]").first.bounding_box()
    assert box is not None
    assert 0 < box["y"] < 900, "it is scrolled to"
    page.focus("#first")  # keys work inside the frame too
    page.keyboard.press("Home")
    assert chosen(page) == [0]
    page.keyboard.press("Escape")
    assert chosen(page) == []


def test_help_opens_and_closes(shown: Open, example: str) -> None:
    page = shown(example)
    page.keyboard.press("?")
    assert page.is_visible("#help")
    page.keyboard.press("ArrowDown")
    assert chosen(page) == []
    page.keyboard.press("Escape")
    assert not page.is_visible("#help")
    page.click("#keys")
    assert "next block" in page.inner_text("#help")


def test_pages_turn(shown: Open, example: str) -> None:
    page = shown(example)
    assert page.is_disabled("#before")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("n")
    ready(page, 1)
    assert page.inner_text("#name").startswith("forum.html")
    assert inside(page).evaluate("() => document.documentElement.lang") == "ja"
    assert chosen(page) == []
    assert page.is_disabled("#after")
    page.keyboard.press("n")
    page.click("#before")
    ready(page, 0)
    page.select_option("#page", label="forum.html")
    ready(page, 1)
    assert page.input_value("#page") == "1"


def test_one_page_has_no_page_keys(shown: Open) -> None:
    page = shown(html_report([entry("a.html", predict("<p>a"))]))
    assert not page.is_visible("#pages")
    page.keyboard.press("n")
    assert page.inner_text("#count") == "1 block"


def test_hidden_text_can_be_left_out(shown: Open) -> None:
    html = "<p>one</p><p hidden>two</p><p>three</p>"
    page = shown(html_report([entry("a.html", predict(html))]))
    assert len(visible(page)) == 3
    page.keyboard.press("h")
    assert len(visible(page)) == 2
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert chosen(page) == [2]


def test_a_page_without_text_says_so(shown: Open) -> None:
    page = shown(html_report([entry("a.html", predict(""))]))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("o")
    assert page.inner_text("#count") == "0 blocks"
    assert "0 of 0 blocks" in page.inner_text("#block")


def test_blocks_of_a_large_page_that_have_no_reasons_are_told(shown: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_EXPLAINED", 3)
    made = entry("a.html", predict(EXAMPLE.read_bytes()))
    without = [row for row, told in enumerate(unpacked(made)["blocks"]) if "reasons" not in told]
    count = len(unpacked(made)["blocks"])
    assert 0 < len(without) < count
    page = shown(html_report([made]))
    told = page.inner_text("#unexplained")
    assert f"Without reasons: {len(without)} of {count} blocks" in told
    assert "navigation" in told
    assert "declutter explain --block N FILE" in told
    page.keyboard.press("Home")
    for row in range(count):
        told = page.inner_text("#block")
        assert (f"declutter explain --block {row} FILE" in told) == (row in without)
        page.keyboard.press("ArrowDown")


@pytest.mark.parametrize("width", [320, 390, 800, 1400])
def test_nothing_is_wider_than_the_screen(shown: Open, example: str, width: int) -> None:
    page = shown(example, viewport={"width": width, "height": 800})
    page.keyboard.press("ArrowDown")
    script = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(script) <= 0
    assert inside(page).evaluate(script) <= 0
    assert page.is_visible("[data-view=both]") == (width == 1400)
    box = page.locator("#first").bounding_box()
    assert box is not None
    assert box["height"] > 200
    page.keyboard.press("s")
    assert page.is_visible("#second") == (width == 1400)


def test_it_is_dark_where_that_is_preferred(shown: Open, example: str) -> None:
    page = shown(example, viewport={"width": 1400, "height": 900}, color_scheme="dark")
    for where in (page.main_frame, inside(page)):
        back = where.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
        body = where.evaluate("() => getComputedStyle(document.body).backgroundColor")
        colour = next(text for text in (body, back) if text != "rgba(0, 0, 0, 0)")
        assert max(map(int, colour.removeprefix("rgb(").removesuffix(")").split(","))) < 60


def test_what_has_the_focus_is_seen(shown: Open, example: str) -> None:
    page = shown(example)
    names = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        style, name = page.evaluate(
            "() => { const at = document.activeElement; const name = at.ariaLabel || at.title || at.innerText || at.id;"
            " return [getComputedStyle(at).outlineStyle, name] }"
        )
        assert style == "solid", name
        assert name
        names.add(name)
    assert len(names) > 8


# -- the page's own styles -------------------------------------------------------------------------------------------

SENTENCE: Final = (
    "The ferry left at seven in the morning, and nobody on the quay had slept that night, said the harbour master."
)
WAYS_TO_HIDE: Final = {
    "gone": "display: none",
    "unseen": "visibility: hidden",
    "clear": "opacity: 0",
    "left": "position: absolute; left: -9999px",
    "clipped": "position: absolute; clip-path: inset(50%)",
    "folded": "height: 0; overflow: hidden",
    "indented": "text-indent: -9999px; white-space: nowrap",
    "shrunk": "transform: scale(0)",
}
STYLED: Final = f"""<html class=night><style>
html.night {{ background: rgb(1, 2, 3) }}
body {{ margin: 0; font: 20px monospace; overflow: hidden; height: 100% }}
#cols {{ display: flex }}
.side {{ order: 2; width: 200px; background: rgb(4, 5, 6) }}
.main {{ order: 1; width: 400px }}
h1 {{ color: white !important; background: black }}
button.big {{ letter-spacing: 9px }}
[data-kind="x"] {{ border-top: 7px solid red }}
.top {{ position: fixed; top: 0; left: 0 }}
.veil {{ position: fixed; inset: 0; background: black }}
{"".join(f".{name} {{ {how} }}" for name, how in WAYS_TO_HIDE.items())}
</style><body>
<div class=veil></div>
<div id=cols><div class=side><ul><li><a href=/a>Home</a><li><a href=/b>News</a><li><a href=/c>Sport</a></ul>
<button class=big>Subscribe to our newsletter</button></div>
<div class=main data-kind=x><h1>The ferry</h1>{f"<p>{SENTENCE}</p>" * 9}<p style="padding-left: 33px; color: red">{SENTENCE}</p>
{"".join(f"<div class={name}><p>{name}: {SENTENCE}</p></div>" for name in WAYS_TO_HIDE)}</div></div>
{"".join(f"<nav class={name}><ul><li><a href=/{name}>{name} menu</a></ul></nav>" for name in WAYS_TO_HIDE)}
<div class=veil><p>Before you go on: sign up for our newsletter</p></div>
<footer class=top><p>\u00a9 2026 The Quay. All rights reserved</p></footer>"""


def style(page: Page, selector: str, name: str) -> str:
    found: str = inside(page).evaluate(
        "([selector, name]) => getComputedStyle(document.querySelector(selector)).getPropertyValue(name)",
        [selector, name],
    )
    return found


def place(page: Page, selector: str) -> dict[str, float]:
    found: dict[str, float] = inside(page).evaluate(
        "(selector) => document.querySelector(selector).getBoundingClientRect().toJSON()", selector
    )
    return found


def test_a_page_looks_as_its_own_styles_have_it(shown: Open) -> None:
    page = shown(html_report([entry("a.html", predict(STYLED))]))
    assert page.is_checked("#styles")
    assert style(page, "html", "background-color") == "rgb(1, 2, 3)"
    assert style(page, ".side", "background-color") == "rgb(4, 5, 6)"
    assert style(page, "p", "font-family") == "monospace"
    assert place(page, ".side")["left"] == place(page, ".main")["right"] == 400
    assert style(page, ".main", "border-top-width") == "7px"
    assert style(page, ".big", "letter-spacing") == "9px"
    assert style(page, "[data-declutter-style]", "padding-left") == "33px"
    # Blocks have their tints all the same, and ink that is read on them.
    tint = inside(page).evaluate("() => getComputedStyle(document.querySelector('h1')).getPropertyValue('--tint')")
    assert tint == "#e3f5ea"
    assert style(page, "h1", "background-color") == "rgb(227, 245, 234)"
    assert style(page, "h1", "color") == style(page, "[data-declutter-style]", "color") == "rgb(26, 26, 28)"
    # The page can be scrolled, and nothing lies over it.
    inside(page).evaluate("() => scrollTo(0, 200)")
    assert inside(page).evaluate("() => scrollY") == 200
    inside(page).evaluate("() => scrollTo(0, 0)")
    assert inside(page).evaluate("() => document.elementFromPoint(450, 300).closest('.veil')") is None
    assert style(page, ".veil", "display") == "none"
    assert style(page, ".top", "position") == "absolute"


def test_styles_come_off_by_key_and_by_mouse(shown: Open) -> None:
    page = shown(html_report([entry("a", predict(STYLED)), entry("b", predict(STYLED)), entry("c", predict("<p>a"))]))
    page.keyboard.press("c")
    assert not page.is_checked("#styles")
    assert style(page, ".side", "background-color") == "rgba(0, 0, 0, 0)"
    assert style(page, "[data-declutter-style]", "padding-left") != "33px"
    assert place(page, ".side")["bottom"] <= place(page, ".main")["top"]
    assert len(set(visible(page))) > 2
    page.keyboard.press("n")
    ready(page, 1)
    assert not page.is_checked("#styles"), "what was chosen holds for the next page"
    assert style(page, ".side", "background-color") == "rgba(0, 0, 0, 0)"
    page.focus("#styles")
    page.keyboard.press("Space")
    assert style(page, ".side", "background-color") == "rgb(4, 5, 6)"
    page.focus("#first")
    page.keyboard.press("c")
    assert style(page, ".side", "background-color") == "rgba(0, 0, 0, 0)"
    page.keyboard.press("n")
    ready(page, 2)
    assert not page.is_visible("#styles")
    page.keyboard.press("c")


def test_scraps_of_styles_are_off_at_first(shown: Open, example: str) -> None:
    page = shown(example)
    assert page.is_visible("#styles")
    assert not page.is_checked("#styles")
    page.click("#styles")
    assert style(page, ".ad-slot", "min-height") == "250px"


def seen_texts(page: Page) -> str:
    """What is to be seen, by another way than the report's script: what lies at points of the blocks."""
    script = """() => [...document.querySelectorAll("[data-declutter-block]")].filter((piece) => {
        piece.scrollIntoView({block: "center", inline: "center"});
        const {left, top, width, height} = piece.getBoundingClientRect();
        const found = document.elementFromPoint(left + Math.min(width / 2, 150), top + height / 2);
        const range = document.createRange();
        range.selectNodeContents(piece);
        const letters = [...range.getClientRects()].some(({width, right}) => width && right > 0);
        return found && piece.contains(found) && letters && piece.checkVisibility({checkOpacity: true});
    }).map((piece) => piece.textContent).join(" | ")"""
    found: str = inside(page).evaluate(script)
    return found


def test_what_styles_hide_comes_when_it_is_content_or_asked_for(shown: Open) -> None:
    judged = predict(STYLED)
    menus = {block.text: row for row, block in enumerate(judged.blocks) if block.text.endswith(" menu")}
    assert len(menus) == len(WAYS_TO_HIDE)
    assert {judged.blocks[row].label for row in menus.values()} == {Label.NAVIGATION}
    assert all(block.label is Label.CONTENT for block in judged.blocks if SENTENCE in block.text)
    page = shown(html_report([entry("a.html", judged)]))
    assert page.inner_text("#hidden-count") == str(2 * len(WAYS_TO_HIDE))
    text = seen_texts(page)
    for name in WAYS_TO_HIDE:
        assert f"{name}: The ferry" in text, name
        assert f"{name} menu" not in text, name
    assert "sign up for our newsletter" in text
    page.click("#legend button:has-text('navigation')")
    text = seen_texts(page)
    for name in WAYS_TO_HIDE:
        assert f"{name} menu" in text, name
    page.click("#legend button:has-text('navigation')")
    assert "menu" not in seen_texts(page)
    page.keyboard.press("f")
    page.keyboard.type("clipped menu")
    assert "clipped menu" in seen_texts(page)
    assert "folded menu" not in seen_texts(page)
    page.keyboard.press("Escape")
    for _ in range(menus["folded menu"] + 1):
        page.keyboard.press("ArrowDown")
    assert chosen(page) == [menus["folded menu"]]
    assert "folded menu" in seen_texts(page)
    assert "hidden by the page's styles" in page.inner_text("#block")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    assert "folded menu" not in seen_texts(page)
    page.keyboard.press("h")
    assert "folded: The ferry" not in seen_texts(page)
    page.keyboard.press("End")
    assert judged.blocks[chosen(page)[0]].text.startswith("\u00a9")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert chosen(page)[0] not in menus.values(), "what is left out is not gone through"


def test_the_cleaned_page_has_its_styles_too(shown: Open) -> None:
    page = shown(html_report([entry("a.html", predict(STYLED))]))
    page.keyboard.press("s")
    ready(page, 0, "second")
    assert set(visible(page, "second")) == {"content"}
    where = inside(page, "second")
    assert where.evaluate("() => getComputedStyle(document.querySelector('h1')).color") == "rgb(255, 255, 255)"
    assert where.evaluate("() => getComputedStyle(document.querySelector('h1')).backgroundColor") == "rgb(0, 0, 0)"
    page.keyboard.press("c")
    assert where.evaluate("() => getComputedStyle(document.querySelector('h1')).backgroundColor") == "rgba(0, 0, 0, 0)"


def test_styles_in_the_dark_keep_light_tints(shown: Open) -> None:
    html = STYLED.replace(
        "</style>", "@media (prefers-color-scheme: dark) { .side { background: rgb(7, 8, 9) } }</style>"
    )
    page = shown(
        html_report([entry("a.html", predict(html))]), viewport={"width": 1400, "height": 900}, color_scheme="dark"
    )
    assert style(page, ".side", "background-color") == "rgb(7, 8, 9)"
    assert style(page, "h1", "background-color") == "rgb(227, 245, 234)"
    assert style(page, "h1", "color") == "rgb(26, 26, 28)"
    page.keyboard.press("c")
    assert style(page, "h1", "background-color") == "rgb(18, 50, 31)"


def test_nothing_loads_where_no_sheet_was_cleaned(browser: Browser, tmp_path: Path, stranger: str) -> None:
    """The second lock: with sheets and styles that go into the frame as they are."""
    Visits.seen.clear()
    made = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(looks, "safe_sheet", str)
        patch.setattr(looks, "safe_style", str)
        for css in LOADING:
            html = (
                f'<style>{css.replace("HOST", stranger)}</style><p style="background:url(http://{stranger}/style)">ink'
            )
            made.append(entry("a.html", predict(html)))
    file = tmp_path / "report.html"
    file.write_text(html_report(made), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    for number in range(len(made)):
        page.select_option("#page", str(number))
        ready(page, number)
        assert page.is_checked("#styles") or LOADING[number].startswith("</style>")
        assert inside(page).url == "about:srcdoc"
    page.wait_for_timeout(300)
    page.close()
    assert Visits.seen == []


# -- hostile pages ---------------------------------------------------------------------------------------------------

MORE_HOSTILE: Final = [
    "<title></title><script>alert(1)</script></title><p>ink",
    "<p>&lt;/script>&lt;script>alert(1)&lt;/script> ink",
    "<p>${alert(1)} {{alert(1)}} ink",
    "<p data-declutter-block=0 data-declutter-label='x' id=block name=documentElement>ink",
    "<form name=querySelectorAll><input name=addEventListener></form><img name=documentElement><p>ink",
    "<a id=x href=javascript:alert(1)>ink</a><a id=x name=documentElement>ink</a>",
    "<p id='\"><script>alert(1)</script>'>ink",
    "<p>ink<a href='data:text/html,<script>parent.alert(1)</script>'>x</a>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg><p>ink",
    "<svg><use href='data:image/svg+xml,<svg id=x><script>alert(1)</script></svg>#x'/></svg><p>ink",
    "<math href=javascript:alert(1)>x</math><p>ink",
    "<input autofocus onfocus=alert(1)><p>ink",
    "<body onload=alert(1) onpageshow=alert(1)><p>ink",
    "<p style='animation:x' onanimationstart=alert(1)>ink<style>@keyframes x{}</style>",
    "<style>@import 'http://HOST/s.css';body{background:url(http://HOST/b.png)}</style><p>ink",
    *(f'<style>{css}</style><p style="{css}">ink</p>' for css in LOADING if '"' not in css),
    "<style>*{position:fixed;inset:0;z-index:9999;opacity:0}html,body{display:none!important}</style><p>ink",
    "<style>[data-declutter-label]{all:unset!important}@layer{*{display:none!important}}</style><p>ink",
    "<style>*{animation:x 9s infinite}@keyframes x{to{left:0}}:has(:has(p)) p{color:red}</style><p>ink",
    f"<style>{'{' * 9999}</style><style>{'a{' * 9999}</style><p style='{'(' * 9999}'>ink",
    "<style>p{content:'\n</style><p>ink<style>}</style>",
    "<html style='display:none' onload=x><body id=documentElement class=body style='visibility:hidden'><p id=scrollBy>ink",
    "<link rel=stylesheet href=http://HOST/l.css><link rel=prefetch href=http://HOST/p><p>ink",
    "<link rel=dns-prefetch href=http://HOST/><link rel=preconnect href=http://HOST/><link rel=modulepreload href=http://HOST/m><p>ink",
    "<meta http-equiv=refresh content='0;url=http://HOST/r'><base href=http://HOST/><p>ink<a href=x>x</a>",
    "<p>ink<img src=http://HOST/i.png srcset='http://HOST/j.png 2x'><picture><source srcset=http://HOST/k.png><img></picture>",
    "<p>ink<video src=http://HOST/v poster=http://HOST/w autoplay></video><audio src=http://HOST/x autoplay></audio>",
    "<p>ink<iframe src=http://HOST/f></iframe><object data=http://HOST/o></object><embed src=http://HOST/e>",
    "<p>ink<input type=image src=http://HOST/n><table background=http://HOST/t><tr><td background=http://HOST/u>x</table>",
    "<form action=http://HOST/a><p>ink<input autofocus><button>Go</button></form>",
    "<a href=http://HOST/c ping=http://HOST/g target=_top>ink</a>",
    "<svg><image href=http://HOST/y /><feImage href=http://HOST/z /></svg><p>ink",
]


def test_nothing_of_a_hostile_page_runs_or_loads(shown: Open, stranger: str) -> None:
    Visits.seen.clear()
    pages = ["<p>first", *(html.replace("HOST", stranger) for html in (*HOSTILE, *MORE_HOSTILE))]
    page = shown(html_report([entry(html, predict(html)) for html in pages]))
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for number in range(1, len(pages)):
        page.keyboard.press("n")
        ready(page, number)
        assert "ink" in inside(page).evaluate("() => document.body.textContent"), pages[number]
        page.keyboard.press("ArrowDown")
        for place in places(page, "a") if "<a" in pages[number] else []:
            page.mouse.click(*place)
        assert not said, pages[number]
    page.wait_for_timeout(300)
    # What would have asked for anything, failed or opened is told by `shown`.
    assert Visits.seen == []


def places(page: Page, selector: str) -> list[tuple[float, float]]:
    """The middle of each of some elements of the page; a selector of the driver's would run scripts in the frame."""
    box = page.locator("#first").bounding_box()
    assert box is not None
    script = """(selector) => [...document.querySelectorAll(selector)].map((piece) => piece.getBoundingClientRect())
        .filter(({width}) => width).map(({x, y, width, height}) => [x + width / 2, y + height / 2])"""
    return [(box["x"] + x, box["y"] + y) for x, y in inside(page).evaluate(script, selector)]


RUNS: Final = [
    "<script>parent.ran = 1; top.ran = 1</script>",
    "<img src=x onerror='parent.ran = 1'>",
    "<svg onload='parent.ran = 1'></svg>",
    "<iframe srcdoc='<script>top.ran = 1</script>'></iframe>",
    "<body onload='parent.ran = 1'>",
    "<details open ontoggle='parent.ran = 1'>",
    "<input autofocus onfocus='parent.ran = 1'>",
    "<a href='javascript:parent.ran = 1'>go</a>",
    "<form action='javascript:parent.ran = 1'><button>go</button></form>",
    "<form action=http://HOST/form target=_top><button>go</button></form>",
    "<a href=http://HOST/link target=_top>go</a>",
    "<a href=http://HOST/link>go</a>",
    "<a href=http://HOST/link target=_blank>go</a>",
    "<meta http-equiv=refresh content='0;url=http://HOST/refresh'>",
    "<link rel=stylesheet href=http://HOST/style><style>body{background:url(http://HOST/url)}</style>",
    "<style>@import 'http://HOST/import'</style><p style='background:url(http://HOST/inline)'>x",
    "<link rel=prefetch href=http://HOST/prefetch><link rel=preload as=script href=http://HOST/preload>",
    "<img src=http://HOST/image><video src=http://HOST/video poster=http://HOST/poster autoplay></video>",
    "<iframe src=http://HOST/frame></iframe><object data=http://HOST/object></object><embed src=http://HOST/embed>",
    "<base href=http://HOST/><script src=http://HOST/script></script><script type=module src=http://HOST/m></script>",
]


def test_sandbox_and_policy_hold_where_no_sanitiser_was(browser: Browser, tmp_path: Path, stranger: str) -> None:
    """The second lock: with markup that goes into the frame as it is."""
    Visits.seen.clear()
    with pytest.MonkeyPatch.context() as patch:
        made = []
        for html in RUNS:
            patch.setattr(module, "marked_html", lambda *_, html=html: html.replace("HOST", stranger))
            made.append(entry("a.html", predict("<p>a")))
    file = tmp_path / "report.html"
    file.write_text(html_report(made), encoding="utf-8")
    context = browser.new_context()
    page = context.new_page()
    page.goto(file.as_uri())
    for number in range(len(RUNS)):
        page.select_option("#page", str(number))
        ready(page, number)
        for place in places(page, "a, button"):
            page.mouse.click(*place)
            page.mouse.click(*place, button="middle")
            page.keyboard.down("Control")
            page.mouse.click(*place)
            page.keyboard.up("Control")
        page.wait_for_timeout(30)
        assert page.evaluate("() => window.ran") is None, RUNS[number]
        assert page.url == file.as_uri()
        assert inside(page).url == "about:srcdoc", RUNS[number]
    page.wait_for_timeout(500)
    pages = len(context.pages)
    context.close()
    assert Visits.seen == []
    assert pages == 1


def test_pictures_in_the_page_itself_are_shown(shown: Open) -> None:
    pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    pixel = b64encode(b64decode(pixel) + bytes(200)).decode()  # what comes after a picture's end is not read
    page = shown(html_report([entry("a", predict(f"<p>a<img src='data:image/png;base64,{pixel}' alt=b>"))]))
    size = inside(page).evaluate("() => document.querySelector('img').naturalWidth")
    assert size == 1
