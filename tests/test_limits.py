"""Limits: what lies beyond is an error, or cut off and said to be; the same in every form that a page comes in."""

from __future__ import annotations

import dataclasses
import logging
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup

import declutter.document.limits
from declutter import InputError, LimitExceeded, Limits, Page, clean, load_model, predict, predict_many
from declutter.model.directory import default_directory, load_default

if TYPE_CHECKING:
    from collections.abc import Callable

    from declutter.document import Html

PARAGRAPHS = [f"Paragraph {number} of the tide table, with an é." for number in range(50)]
HTML = "<title>Tides</title>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
FORMS: list[tuple[str, Callable[[], Html]]] = [
    ("str", lambda: HTML),
    ("bytes", HTML.encode),
    ("UTF-16", lambda: HTML.encode("utf-16")),
    ("windows-1252", lambda: HTML.encode("cp1252")),
    ("soup", lambda: BeautifulSoup(HTML, "html.parser")),
]
forms = pytest.mark.parametrize("make", [make for _, make in FORMS], ids=[name for name, _ in FORMS])


def texts(page: Page) -> list[str]:
    return [block.text for block in page.blocks]


def test_a_document_that_is_cut_ends_where_reading_ended() -> None:
    page = predict(f"<body>{HTML}</body>", limits=Limits(max_blocks=7, on_exceed="truncate"), strictness=0)
    html = page.html(scope="document")
    assert [text for text in PARAGRAPHS if text in html] == PARAGRAPHS[:7]
    assert html.startswith("<body><title>Tides</title><p>")


@pytest.mark.parametrize(
    ("middle", "count", "expected"),
    [
        ("<textarea>abc &amp; def</textarea>", 3, "ONE<textarea>abc &amp; def</textarea>"),
        (
            "<table><tr><td>c</td></tr>Foster text</table>",
            3,
            "ONE<table><tr><td></td></tr>Foster text</table><script>s</script></body>",
        ),
        (
            "<table><tr><td>one</td><td>two</td></tr>Foster</table>",
            4,
            "ONE<table><tr><td>one</td><td></td></tr>Foster</table><script>s</script></body>",
        ),
        (
            "<table><tr><td>one</td><td>two</td></tr>Foster</table><p>three</p>",
            4,
            "ONE<table><tr><td>one</td><td></td></tr>Foster</table><script>s</script></body>",
        ),
        ("<table><tr><td>Buy now</td></tr><p>Foster</p></table>", 3, "ONE<table><p>Foster</p>"),
        ("<ul><li>one</li><li>two</li></ul>", 3, "ONE<ul><li>one</li>"),
        ("<select><option>one<option>two</select><p>three", 3, "ONE<select><option>one<option>two</select>"),
        (
            "<a href=x title=one><svg><path d=x /></svg></a><p>two",
            3,
            "ONE<a href=x title=one><svg><path d=x /></svg></a>",
        ),
    ],
)
def test_a_document_that_is_cut_holds_what_was_read(middle: str, count: int, expected: str) -> None:
    html = f"<body><p>First.</p><p>Second.</p>{middle}<p>Last.</p><script>s</script></body>"
    page = predict(html, limits=Limits(max_blocks=count, on_exceed="truncate"), keep=["css:body"])
    assert len(page.blocks) == count
    assert page.html("document") == expected.replace("ONE", "<body><p>First.</p><p>Second.</p>")


def test_what_was_not_read_and_may_stand_anywhere_is_refused() -> None:
    html = "<p>First.</p><table><tr><td>One</td></tr>Two</table><table><tr><td>Three</td></tr>Four</table>"
    page = predict(html, limits=Limits(max_blocks=2, on_exceed="truncate"), keep=["css:body"])
    with pytest.raises(InputError, match=r"not written in the order in which it is read.*: raise max_blocks"):
        page.html("document")
    assert "Two" in page.html()


def test_the_defaults() -> None:
    limits = Limits()
    assert dataclasses.astuple(limits) == (64_000_000, 1_000_000, None, "raise")
    assert predict(HTML).truncated is None
    assert predict(HTML).to_dict()["truncated"] is None
    with pytest.raises(dataclasses.FrozenInstanceError):
        limits.max_bytes = 5  # type: ignore[misc]


@pytest.mark.parametrize(
    ("options", "mend"),
    [
        ({"max_bytes": 0}, "max_bytes is 0: give a whole number from 1"),
        ({"max_bytes": None}, "max_bytes is None: give a whole number"),
        ({"max_bytes": 2**31}, "max_bytes is 2147483648: give a whole number from 1 to 2,147,483,647"),
        ({"max_bytes": 1e6}, "max_bytes is 1000000.0: give a whole number"),
        ({"max_blocks": True}, "max_blocks is True: give a whole number"),
        ({"max_blocks": -1}, "max_blocks is -1: give a whole number"),
        ({"max_seconds": 0}, "max_seconds is 0: give a number above 0, up to 2,147,483,647, or None"),
        ({"max_seconds": -1.5}, "max_seconds is -1.5: give a number above 0"),
        (
            {"max_bytes": 10**5000},
            "max_bytes is of type int, which cannot be written out: give a whole number from 1 to",
        ),
        ({"max_blocks": -(10**5000)}, "max_blocks is of type int, which cannot be written out: give a whole number"),
        ({"max_bytes": [10**5000]}, "max_bytes is of type list, which cannot be written out: give a whole number"),
        ({"max_seconds": 10**400}, f"max_seconds is 1{'0' * 99}…: give a number above 0"),
        ({"max_seconds": 10**5000}, "max_seconds is of type int, which cannot be written out: give a number above 0"),
        (
            {"max_seconds": -(10**5000)},
            "max_seconds is of type int, which cannot be written out: give a number above 0",
        ),
        ({"on_exceed": 10**5000}, "on_exceed of type int, which cannot be written out is not known"),
        ({"max_seconds": float("inf")}, "max_seconds is inf: give a number above 0"),
        ({"max_seconds": float("nan")}, "max_seconds is nan: give a number above 0"),
        ({"max_seconds": "2"}, "max_seconds is '2': give a number above 0"),
        ({"on_exceed": []}, "on_exceed [] is not known: give 'raise' or 'truncate'"),
        ({"on_exceed": "cut"}, "on_exceed 'cut' is not known: give 'raise' or 'truncate'"),
    ],
)
def test_wrong_limits_say_what_to_give(options: dict[str, Any], mend: str) -> None:
    with pytest.raises(InputError) as raised:
        Limits(**options)
    assert mend in str(raised.value)


@pytest.mark.parametrize("call", [predict, clean])
def test_limits_are_limits(call: Callable[..., object]) -> None:
    with pytest.raises(InputError, match=r"limits is of type dict: give Limits"):
        call(HTML, limits={"max_bytes": 5})


@forms
@pytest.mark.parametrize(
    ("limits", "over"),
    [
        (Limits(max_bytes=1500), "bytes, more than max_bytes=1,500"),
        (Limits(max_blocks=7), "50 blocks, more than max_blocks=7"),
    ],
)
def test_over_a_limit_it_is_raised_and_the_part_within_is_at_hand(
    make: Callable[[], Html], limits: Limits, over: str
) -> None:
    with pytest.raises(LimitExceeded) as raised:
        predict(make(), limits=limits)
    assert f"{over}: raise max_" in str(raised.value)
    part = raised.value.partial
    assert part is not None
    assert raised.value.partial is part
    assert 0 < len(part.blocks) < 50
    assert texts(part) == PARAGRAPHS[: len(part.blocks)]
    assert part.title == "Tides"
    assert part.truncated is not None
    with pytest.raises(LimitExceeded):
        clean(make(), limits=limits)


@forms
def test_a_page_is_cut_between_its_tags(make: Callable[[], Html]) -> None:
    for most in range(1500, 1560, 7):
        page = predict(make(), limits=Limits(max_bytes=most, on_exceed="truncate"))
        assert texts(page) == PARAGRAPHS[: len(page.blocks)]
        assert len(page.blocks) > 10
        assert page.truncated is not None
        assert page.truncated.startswith(f"max_bytes={most:,}: the last ")
        again = predict(make(), limits=Limits(max_bytes=most, on_exceed="truncate"))
        assert (again.truncated, again.text()) == (page.truncated, page.text())


@forms
def test_a_page_is_cut_between_its_blocks(make: Callable[[], Html]) -> None:
    whole = predict(make())
    page = predict(make(), limits=Limits(max_blocks=7, on_exceed="truncate"))
    assert page.truncated == "max_blocks=7: the last 43 of 50 blocks were left out"
    assert texts(page) == PARAGRAPHS[:7]
    assert [block.span for block in page.blocks] == [block.span for block in whole.blocks[:7]]
    assert [block.path.split(":")[0] for block in page.blocks] == [
        block.path.split(":")[0] for block in whole.blocks[:7]
    ]
    for output in (page.text(), page.markdown(), page.html(), str(page.to_dict()), str(page.boxes)):
        assert "Paragraph 7" not in output
    assert page.to_dict()["truncated"] == page.truncated


def test_what_lies_within_is_the_page_of_the_part() -> None:
    cut = HTML.index("<p>Paragraph 20 ")
    size = len(HTML[:cut].encode())
    page = predict(HTML, limits=Limits(max_bytes=size + 1, on_exceed="truncate"))
    part = predict(HTML[:cut])
    assert page.to_dict() | {"truncated": None} == part.to_dict()
    assert page.truncated == (
        f"max_bytes={size + 1:,}: the last {len(HTML.encode()) - size:,} of {len(HTML.encode()):,} bytes were left out"
    )


def test_both_limits() -> None:
    page = predict(HTML, limits=Limits(1000, 3, on_exceed="truncate"))
    assert page.truncated is not None
    first, second = page.truncated.split("; ")
    assert first.startswith("max_bytes=1,000: ")
    assert second.startswith("max_blocks=3: ")
    assert texts(page) == PARAGRAPHS[:3]


@pytest.mark.parametrize("html", ["<p>needle" + "é" * 100, "é" * 100, "\U0001f600" * 100, "\ud800" * 100, "a" * 100])
def test_no_character_is_cut(html: str) -> None:
    data = html.encode("utf-8", "surrogatepass")
    for most in range(90, 100):
        page = predict(html, limits=Limits(max_bytes=most, on_exceed="truncate"))
        assert page.truncated is not None
        kept = len(page.blocks[0].text.encode()) if page.blocks else 0
        assert kept <= most
        if "\ud800" in html:
            continue
        ours = predict(data, encoding="utf-8", limits=Limits(max_bytes=most, on_exceed="truncate"))
        assert (texts(ours), ours.truncated) == (texts(page), page.truncated)
        assert all("\ufffd" not in text for text in texts(ours))


@pytest.mark.parametrize("size", [0, 1])
def test_at_the_limit_a_page_is_whole(size: int) -> None:
    most = len(HTML.encode()) + size
    assert predict(HTML, limits=Limits(max_bytes=most, max_blocks=50)).truncated is None
    assert predict(HTML.encode(), limits=Limits(max_bytes=most, max_blocks=50)).truncated is None


@pytest.mark.parametrize("html", [HTML, HTML.encode(), "é" * 50, "\ud800" * 50])
@pytest.mark.parametrize("most", [1, 2, 3, 9, 10, 30])
def test_hardly_anything_lies_within(html: str | bytes, most: int) -> None:
    page = predict(html, limits=Limits(max_bytes=most, on_exceed="truncate"))
    assert len(page.blocks) <= 1
    soup = predict(BeautifulSoup(HTML, "html.parser"), limits=Limits(max_bytes=most, on_exceed="truncate"))
    assert soup.blocks == ()
    assert soup.truncated is not None


@pytest.mark.parametrize("data", [b"%PDF-1.7\n" + b"x" * 20_000, b"\x89PNG\r\n\x1a\n" + bytes(20_000)])
def test_what_is_no_page_is_no_large_page(data: bytes) -> None:
    with pytest.raises(InputError, match="not a web page"):
        predict(data, limits=Limits(max_bytes=10_000))
    with pytest.raises(InputError, match="not a web page"):
        predict(data, limits=Limits(max_bytes=10_000, on_exceed="truncate"))


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_views_of_bytes_are_cut_too(kind: Callable[[bytes], Any]) -> None:
    page = predict(kind(HTML.encode()), limits=Limits(max_bytes=1500, on_exceed="truncate"))
    assert texts(page) == PARAGRAPHS[: len(page.blocks)]


@pytest.mark.parametrize("edge", ["<p>", "<div title='x'>", "\n<p>\n"])
@pytest.mark.parametrize("words", ["tide " * 2000, "潮" * 3000, "x" * 9000])
@pytest.mark.parametrize("encoding", [None, "utf-8", "utf-16", "gb18030"])
@pytest.mark.parametrize("most", [3000, 3001])
def test_little_is_lost_by_where_a_page_is_cut(edge: str, words: str, encoding: str | None, most: int) -> None:
    html = edge + words
    page = predict(html if encoding is None else html.encode(encoding), encoding=encoding, limits=truncating(most))
    assert len(page.blocks) == 1
    text = page.blocks[0].text
    assert html[len(edge) :].startswith(text)
    size = len(text.encode(encoding or "utf-8"))
    assert most - len(edge) * 2 - 20 <= size <= most
    assert text.endswith("tide") or "tide" not in text
    with pytest.raises(LimitExceeded) as raised:
        predict(html, limits=Limits(max_bytes=most))
    assert raised.value.partial is not None
    assert raised.value.partial.blocks


def truncating(most: int) -> Limits:
    return Limits(max_bytes=most, on_exceed="truncate")


# In JIS X 0208 the second byte of these is `<`, and in UTF-16 one of their bytes is.
JAPANESE = [f"第{number}段落、璽釜軸潮の満ち引き㰼㰠" for number in range(80)]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("iso-2022-jp", None),
        ("iso-2022-jp", "iso-2022-jp"),
        ("iso2022_jp_2", "iso-2022-jp-2"),
        ("utf-16", None),
        ("utf-16-be", "utf-16-be"),
        ("utf-16-le", "utf-16-le"),
        ("utf-32", None),
        ("shift_jis", "shift_jis"),
        ("euc_jp", "euc-jp"),
        ("gb18030", "gb18030"),
    ],
)
@pytest.mark.parametrize("form", ["<p>{}</p>", "{}", "{}\U00020000"])
def test_no_character_of_several_bytes_is_cut(name: str, given: str | None, form: str) -> None:
    html = "<title>T</title>" + "".join(form.format(text) for text in JAPANESE)
    html = html.encode(name, "ignore").decode(name)
    data = html.encode(name)
    for most in range(1200, 1209):
        page = predict(data, encoding=given, limits=truncating(most))
        whole = "".join(texts(page))
        assert len(whole) > 150
        assert "\ufffd" not in whole
        assert html.replace("<title>T</title>", "").replace("<p>", "").replace("</p>", "").startswith(whole)


def test_korean_and_chinese_in_seven_bits_are_cut_between_characters() -> None:
    for name, word in (("iso2022_kr", "밀물과 썰물"), ("hz", "潮汐表和港口")):
        html = "".join(f"<p>{number}{word * 5}\n" for number in range(90))
        for most in range(1200, 1209):
            page = predict(html.encode(name), encoding=name, limits=truncating(most))
            assert len(page.blocks) > 10
            assert all(text in html for text in texts(page))


def test_what_is_left_of_a_page_is_judged_as_the_page() -> None:
    for data in (b"\x01<p>" + b"x" * 3000, b"\x01\x02\x03<p>" + "é".encode() * 3000):
        for html in (data, data.decode()):
            with pytest.raises(LimitExceeded) as raised:
                predict(html, limits=Limits(max_bytes=8))
            assert raised.value.partial is not None


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that pass at each look at the clock."""
    steps = [0.0]
    now = [0.0]

    def monotonic() -> float:
        now[0] += steps[0]
        return now[0]

    monkeypatch.setattr(declutter.document.limits, "monotonic", monotonic)
    return steps


@pytest.mark.parametrize("on_exceed", ["raise", "truncate"])
def test_time_only_raises(clock: list[float], on_exceed: Any) -> None:
    clock[0] = 1.0
    stages = set()
    for seconds in (0.5, 1.5, 2.5, 3.5, 4.5):
        with pytest.raises(LimitExceeded, match=rf"more than max_seconds={seconds}: allow more seconds") as raised:
            predict(HTML, limits=Limits(max_seconds=seconds, on_exceed=on_exceed))
        assert raised.value.partial is None
        stages.add(str(raised.value).split(" this page")[0])
    assert stages == {
        f"after {name}" for name in ("parsing", "segmentation", "features", "scoring", "telling the kinds")
    }
    assert len(predict(HTML, limits=Limits(max_seconds=5.5, on_exceed=on_exceed)).blocks) == 50
    with pytest.raises(LimitExceeded):
        clean(HTML, limits=Limits(max_seconds=3.5))
    assert clean(HTML, limits=Limits(max_seconds=4.5))


def test_loading_a_model_takes_no_time_of_a_page(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    def slowly() -> Any:
        for _ in range(5):
            vars(declutter.document.limits)["monotonic"]()
        return load_default()

    monkeypatch.setattr("declutter.pipeline.load_default", slowly)
    clock[0] = 1.0
    assert predict(HTML, limits=Limits(max_seconds=5.5)).blocks


def test_the_part_within_is_made_however_long_it_takes(clock: list[float]) -> None:
    with pytest.raises(LimitExceeded) as raised:
        predict(HTML, limits=Limits(max_blocks=7, max_seconds=5))
    clock[0] = 10.0
    assert raised.value.partial is not None


def test_clean_warns_of_what_it_left_out(caplog: pytest.LogCaptureFixture) -> None:
    limits = Limits(max_blocks=7, on_exceed="truncate")
    ways: list[dict[str, Any]] = [{}, {"output": "json"}, {"keep": ["comments"]}]
    for options in ways:
        caplog.clear()
        with caplog.at_level(logging.WARNING, "declutter"):
            output = clean(HTML, strictness=0, limits=limits, **options)
        assert "Paragraph 6" in output
        assert "Paragraph 7" not in output
        assert [(record.name, record.getMessage()) for record in caplog.records] == [
            ("declutter", "the page was cut: max_blocks=7: the last 43 of 50 blocks were left out")
        ]
    caplog.clear()
    clean(HTML)
    assert not caplog.records


def test_the_error_travels_with_the_way_to_its_part() -> None:
    with pytest.raises(LimitExceeded) as raised:
        predict(HTML, url="https://tides.test/", keep=iter(["comments"]), limits=Limits(max_blocks=7))
    travelled: LimitExceeded = pickle.loads(pickle.dumps(raised.value))
    for error in (travelled, raised.value):
        assert str(error) == str(raised.value)
        assert error.partial is not None
        assert (texts(error.partial), error.partial.url) == (PARAGRAPHS[:7], "https://tides.test/")
        again = pickle.loads(pickle.dumps(error))
        assert texts(again.partial) == PARAGRAPHS[:7]


def test_the_shipped_model_does_not_travel_with_an_error() -> None:
    with pytest.raises(LimitExceeded) as raised:
        predict(HTML, model=load_model(default_directory()), limits=Limits(max_blocks=7))
    data = pickle.dumps(raised.value)
    assert len(data) < 50_000
    assert texts(pickle.loads(data).partial) == PARAGRAPHS[:7]


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_many_pages_each_have_the_limits(n_jobs: int) -> None:
    pages = ["<p>One.</p>", HTML, "<p>Two.</p>"]
    found = list(predict_many(pages, n_jobs=n_jobs, on_error="return", limits=Limits(max_blocks=7)))
    assert [type(one) for one in found] == [Page, LimitExceeded, Page]
    error = found[1]
    assert isinstance(error, LimitExceeded)
    assert error.partial is not None
    assert texts(error.partial) == PARAGRAPHS[:7]
    with pytest.raises(LimitExceeded):
        list(predict_many(pages, limits=Limits(max_blocks=7)))
    cut = list(predict_many(pages, limits=Limits(max_blocks=7, on_exceed="truncate")))
    assert [page.truncated is None for page in cut if isinstance(page, Page)] == [True, False, True]


def test_a_cut_page_pickles() -> None:
    page = predict(HTML, limits=Limits(max_blocks=7, on_exceed="truncate"))
    again = pickle.loads(pickle.dumps(page))
    assert again.to_dict() == page.to_dict()
    assert [block.span for block in again.blocks] == [block.span for block in page.blocks]


def test_a_select_is_cut_behind_it() -> None:
    html = "<p>One<select><option>Two<option>Three</select><a title=Four><div>Five</div></a><p>Six"
    for count, last in enumerate(("One", "Two Three", "Four", "Five"), 1):
        page = predict(html, limits=Limits(max_blocks=count, on_exceed="truncate"))
        assert [page.blocks[-1].text, len(page.blocks)] == [last, count]
