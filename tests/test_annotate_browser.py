"""Labelling in a real browser: from a page without labels to a model that learnt from it; and what no page can do.

Needs a Chromium on the machine and the extra `browser`.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from browsing import CHROMIUM, Visits
from declutter import load_model, predict
from declutter.annotate import Server, Session, labelled_pages
from declutter.corpus.base import LabelledRanges
from declutter.inspect import report as report_module
from declutter.labels import Label
from declutter.training.adapt import adapt
from template_pages import site_page
from test_annotate_server import TWINS
from test_inspect_browser import MORE_HOSTILE, RUNS, inside, places, ready

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Dialog, Page

    Open = Callable[[Server], Page]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="the browser tests need Chromium: apt-get install chromium")


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1400, "height": 900})
    made.set_default_timeout(30_000)
    yield made
    made.close()


class Running:
    """A server in a thread, over some pages."""

    def __init__(self, root: Path, *pages: bytes) -> None:
        self.root = root
        self.problems: list[str] = []  # errors of the page's script, and dialogs
        self.session = Session(root)
        for number, html in enumerate(pages):
            self.session.add(html, name=f"{number}.html", stem=str(number), site="herald")
        self.server = Server(self.session)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()

    def labels(self, number: int) -> list[Label | None]:
        return self.session._open[number].labels

    def close(self) -> None:
        self.server.stop()
        self.thread.join(60)
        assert not self.thread.is_alive()
        assert not self.problems


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    running: list[Running] = []

    def start(*pages: bytes) -> Running:
        running.append(Running(tmp_path / "annotations", *pages))
        return running[-1]

    yield start
    for one in running:
        one.close()


def opened(context: BrowserContext, running: Running) -> Page:
    page = context.new_page()
    page.on("pageerror", lambda error: running.problems.append(str(error)))

    def refused(dialog: Dialog) -> None:
        running.problems.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", refused)
    page.goto(running.server.url)
    ready(page, 0)
    return page


def state(page: Page, wanted: str) -> None:
    page.wait_for_function("(wanted) => document.getElementById('saved').textContent.includes(wanted)", arg=wanted)


def saved(page: Page, count: int) -> None:
    """Waits until so many blocks are labelled and that is saved."""
    script = (
        "(count) => new RegExp(`^${count} of .* labelled; saved$`).test(document.getElementById('saved').textContent)"
    )
    page.wait_for_function(script, arg=count)


def block(page: Page, row: int) -> tuple[float, float]:
    (first, *_) = places(page, f"[data-declutter-block='{row}']")
    return first


def drag(context: BrowserContext, page: Page, *places: tuple[float, float]) -> None:
    """Drags the mouse; the driver's own drag waits for scripts in a frame that allows none."""
    session = context.new_cdp_session(page)
    steps = ["mousePressed", *["mouseMoved"] * (len(places) - 1), "mouseReleased"]
    for kind, (x, y) in zip(steps, (*places, places[-1]), strict=True):
        held = 0 if kind == "mouseReleased" else 1
        event = {"type": kind, "x": x, "y": y, "button": "left", "buttons": held, "clickCount": 1}
        session.send("Input.dispatchMouseEvent", event)
    session.detach()


def test_a_page_is_labelled_from_scratch_and_trained_on(
    context: BrowserContext, serve: Callable[..., Running], tmp_path: Path
) -> None:
    pages = [site_page(number) for number in range(4)]
    running = serve(*pages[:3])
    page = opened(context, running)
    judged = [predict(html) for html in pages]
    tides = next(row for row, one in enumerate(judged[0].blocks) if one.text.startswith("High water"))
    assert judged[3].blocks[tides].label is Label.CONTENT
    for number in range(3):
        page.keyboard.press("Home")
        while not page.inner_text("#told").startswith(f"Block {tides + 1} of"):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("8")  # advertising
        page.keyboard.press("a")  # the rest is right
        saved(page, len(judged[number].blocks))
        if number < 2:
            page.keyboard.press("n")
            ready(page, number + 1)
            state(page, "0 of")
    page.click("#done")
    state(page, "you can close")
    page.close()
    running.thread.join(60)
    assert not running.thread.is_alive(), "Done ends the server"

    for found, html in zip(labelled_pages(running.root), pages, strict=False):
        assert found.html == html
        assert isinstance(found.gold, LabelledRanges)
        assert found.gold.complete
        assert Label.ADVERTISING in {item.label for item in found.gold.ranges}
    (change,) = adapt(running.root, tmp_path / "model")
    assert (change.site, change.pages, change.held_out, change.kept) == ("herald", 3, 3, True)
    assert change.right_after > change.right
    model = load_model(tmp_path / "model", trust=True)
    assert predict(pages[3], model=model).blocks[tides].label is Label.ADVERTISING


def test_keys_and_clicks_and_drags(context: BrowserContext, serve: Callable[..., Running]) -> None:
    running = serve(site_page(0))
    page = opened(context, running)
    count = len(running.labels(0))
    assert page.query_selector("[data-view]") is None, "there is no cleaned page while labels are given"
    assert inside(page).evaluate("() => document.querySelectorAll('[data-declutter-guess]').length") >= count
    page.mouse.click(*block(page, 3))
    page.click("#palette [data-give='comments']")
    saved(page, 1)
    assert running.labels(0)[3] is Label.COMMENTS
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowUp")
    assert page.inner_text("#several") == "2 blocks chosen"
    page.keyboard.press("t")
    saved(page, 3)
    assert running.labels(0)[3:7] == [Label.COMMENTS, Label.FOOTER, Label.FOOTER, None]
    page.keyboard.press("Backspace")
    saved(page, 1)
    page.keyboard.press("z")
    saved(page, 3)
    assert running.labels(0)[4:6] == [Label.FOOTER, Label.FOOTER]
    drag(context, page, *(block(page, row) for row in (2, 3, 5)))
    assert page.inner_text("#several") == "4 blocks chosen"
    page.keyboard.press("x")
    saved(page, 4)
    assert running.labels(0)[2:6] == [Label.OTHER] * 4
    page.mouse.click(*block(page, 0))
    page.keyboard.down("Shift")
    page.mouse.click(*block(page, 1))
    page.keyboard.up("Shift")
    page.keyboard.press("Enter")  # agrees with both, and goes on
    saved(page, 6)
    assert running.labels(0)[:2] == [one.label for one in predict(site_page(0)).blocks[:2]]
    assert page.inner_text("#told").startswith("Block 3 of")
    page.reload()
    ready(page, 0)
    saved(page, 6)
    labels = inside(page).evaluate(
        "() => [2, 3].map((row) => document.querySelector(`[data-declutter-block='${row}']`).getAttribute('data-declutter-label'))"
    )
    assert labels == ["other", "other"]


def test_what_cannot_be_saved_is_said(
    context: BrowserContext, serve: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    running = serve(site_page(0))
    page = opened(context, running)

    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("declutter.annotate.folder.write_annotation", fail)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("1")
        state(page, "not saved")
        assert "No space left" in page.inner_text("#saved")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("1")
    saved(page, 2)
    assert running.labels(0)[:2] == [Label.CONTENT, Label.CONTENT]
    running.server.stop()
    running.thread.join(60)
    page.keyboard.press("1")
    state(page, "the server does not answer")


def test_two_tabs_and_another_process_keep_each_others_labels(
    context: BrowserContext, serve: Callable[..., Running]
) -> None:
    running = serve(site_page(0))
    one, two = opened(context, running), opened(context, running)
    one.keyboard.press("ArrowDown")
    one.keyboard.press("1")
    saved(one, 1)
    one.keyboard.press("ArrowDown")
    one.keyboard.press("t")
    saved(one, 2)
    two.mouse.click(*block(two, 3))
    two.keyboard.press("x")
    saved(two, 3)  # with those of the other tab
    assert running.labels(0)[:4] == [Label.CONTENT, Label.FOOTER, None, Label.OTHER]
    one.mouse.click(*block(one, 3))
    one.keyboard.press("1")
    state(one, "3 of")
    state(one, "saved; but for block 4, which was labelled elsewhere too")
    assert running.labels(0)[3] is Label.OTHER
    assert inside(one).get_attribute("[data-declutter-look]", "data-declutter-label") == "other"
    one.click("#look")
    one.keyboard.press("1")
    saved(one, 3)
    assert running.labels(0)[3] is Label.CONTENT
    assert inside(one).query_selector("[data-declutter-look]") is None


def test_a_page_that_is_not_saved_stays_so_until_it_is(context: BrowserContext, serve: Callable[..., Running]) -> None:
    running = serve(site_page(0), b"<p>Another page, of another site.")
    place = running.root / "herald"
    running.session._open[1].page = replace(running.session._open[1].page, corpus="other")
    running.root.mkdir()
    place.write_text("a file")
    page = opened(context, running)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("1")
    state(page, "1 of")
    state(page, "not saved: ")
    page.keyboard.press("n")
    ready(page, 1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("1")
    state(page, "1 of 1 labelled; saved; other pages are not saved: 0.html")
    page.keyboard.press("p")
    ready(page, 0)
    state(page, "1 of")
    state(page, "not saved: ")
    place.unlink()
    page.keyboard.press("n")
    ready(page, 1)
    page.keyboard.press("p")
    ready(page, 0)
    saved(page, 1)
    assert running.labels(0)[0] is Label.CONTENT
    assert list(place.glob("0-*.jsonl"))


def test_done_does_not_call_saved_what_is_not(context: BrowserContext, serve: Callable[..., Running]) -> None:
    running = serve(site_page(0))
    running.root.mkdir()
    (running.root / "herald").write_text("a file")
    page = context.new_page()
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    page.on("dialog", leave)
    page.goto(running.server.url)
    ready(page, 0)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("1")
    state(page, "not saved: ")
    page.click("#done")
    state(page, "Done, but not saved: 0.html.")
    assert len(asked) == 1
    assert asked[0].startswith("Not saved: 0.html (")
    running.thread.join(60)
    assert [name for name, _ in running.session.unsaved()] == ["0.html"]


def test_a_block_that_keeps_the_page_from_being_saved_is_marked(
    context: BrowserContext, serve: Callable[..., Running]
) -> None:
    running = serve(TWINS)
    first, second = (row for row, text in enumerate(running.session._open[0].blocks.texts) if text == "Read more")
    page = opened(context, running)
    page.mouse.click(*block(page, first))
    page.keyboard.press("5")
    state(page, f"not saved: herald/{running.session._open[0].page.name}: block {second + 1} of")
    marked = inside(page).get_attribute("[data-declutter-look]", "data-declutter-block")
    assert marked == str(second)
    page.click("#look")
    assert page.inner_text("#told").startswith(f"Block {second + 1} of")
    page.keyboard.press("5")
    saved(page, 2)
    assert inside(page).query_selector("[data-declutter-look]") is None


# What a page would do to give itself labels, or to read those of others; HOST is the server with its token.
REACHES = [
    "<script>fetch('http://HOST/save', {method: 'POST', body: '{}'})</script>",
    "<img src='http://HOST/' onerror=\"fetch('http://HOST/done', {method: 'POST'})\">",
    "<iframe src='http://HOST/'></iframe><link rel=stylesheet href='http://HOST/'>",
    "<form action='http://HOST/done' method=post enctype='text/plain' target=_top><input name='{' value='}'><button>go</button></form>",
    "<a href='http://HOST/' target=_top ping='http://HOST/done'>go</a>",
    "<meta http-equiv=refresh content='0;url=http://HOST/'>",
]


@pytest.mark.parametrize("sanitised", [True, False])
def test_a_hostile_page_does_nothing_and_reaches_nobody(
    context: BrowserContext,
    serve: Callable[..., Running],
    stranger: str,
    monkeypatch: pytest.MonkeyPatch,
    sanitised: bool,
) -> None:
    """Also with markup that goes into the frame as it is: then sandbox and policy alone hold it."""
    Visits.seen.clear()
    running = serve(b"<p>first")
    own = running.server.url.removeprefix("http://").rstrip("/")
    hostile = MORE_HOSTILE if sanitised else RUNS
    hostile = [html.replace("HOST", stranger) for html in hostile] + [html.replace("HOST", own) for html in REACHES]
    for number, html in enumerate(hostile):
        with monkeypatch.context() as patch:
            if not sanitised:
                marked = f"<p data-declutter-block=0 data-declutter-label=content>ink {number}</p>{html}"
                patch.setattr(report_module, "marked_html", lambda *_, marked=marked: marked)
            running.session.add(f"<p>ink {number}</p>{html}".encode(), name=html, stem="x", site="bad")
    asked: list[str] = []
    handler = running.server._http.RequestHandlerClass
    send = handler._send  # type: ignore[attr-defined]

    def counted(self: Any, *rest: Any) -> None:
        asked.append(self.path)
        send(self, *rest)

    monkeypatch.setattr(handler, "_send", counted)
    page = opened(context, running)
    # A click that a browser would follow is one of the person's; choosing blocks is all that it may do.
    for number in range(1, len(running.session)):
        page.select_option("#page", str(number))
        ready(page, number)
        for place in places(page, "a, button, [data-declutter-block]"):
            page.mouse.click(*place)
            page.mouse.click(*place, button="middle")
        assert page.evaluate("() => window.ran") is None, hostile[number - 1]
        assert page.url == running.server.url
        assert inside(page).url == "about:srcdoc", hostile[number - 1]
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    assert Visits.seen == []
    assert [path.partition(running.server.token)[2] for path in asked] == ["/"], "the page itself, and nothing after it"
    assert len(context.pages) == 1
    assert not running.root.exists()
    assert running.thread.is_alive()


def test_another_site_cannot_reach_it_though_it_knows_the_address(
    context: BrowserContext, serve: Callable[..., Running]
) -> None:
    """What a page of the web could try from the same browser, had it got hold of the token."""
    running = serve(site_page(0))
    page = context.new_page()
    page.route("http://evil.example/**", lambda route: route.fulfill(body="<p>evil</p>", content_type="text/html"))
    page.goto("http://evil.example/")
    url, body = running.server.url, '{"page": 0, "labels": []}'
    results = page.evaluate(
        """async ([url, body]) => {
            const out = [];
            for (const mode of ["cors", "no-cors"]) for (const what of ["", "save", "done"]) {
                for (const type of ["text/plain", "application/json"]) {
                    const post = what ? { method: "POST", body, headers: { "Content-Type": type } } : {};
                    const said = await fetch(url + what, { mode, ...post }).then((answer) => answer.type + answer.status, () => "failed");
                    out.push(said);
                }
            }
            const form = document.createElement("form");
            Object.assign(form, { action: url + "done", method: "post", enctype: "text/plain", target: "shown" });
            const frame = Object.assign(document.createElement("iframe"), { name: "shown", src: url });
            document.body.append(frame, form);
            await new Promise((resolve) => setTimeout(resolve, 200));
            form.submit();
            await new Promise((resolve) => setTimeout(resolve, 300));
            return out;
        }""",
        [url, body],
    )
    assert set(results) <= {"failed", "opaque0"}
    assert running.thread.is_alive()
    assert not running.root.exists()
    frames = [frame for frame in page.frames if frame is not page.main_frame]
    assert not any("blocks" in frame.content() for frame in frames), "and it is not framed"
