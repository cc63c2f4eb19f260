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
from declutter.inspect import entry, html_report
from declutter.inspect import report as module
from declutter.labels import Label
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


def test_too_many_blocks_go_without_reasons(shown: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_EXPLAINED", 1)
    page = shown(html_report([entry("a.html", predict("<p>one</p><p>two</p>"))]))
    told = page.inner_text("#block")
    assert "more than 1 blocks" in told
    assert "declutter explain --block N FILE" in told
    page.keyboard.press("End")
    told = page.inner_text("#block")
    assert "more than 1 blocks" in told
    assert "declutter explain --block 1 FILE" in told


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
