"""Any text and any bytes are a page or an InputError, and what comes out holds together."""

from __future__ import annotations

import json
from encodings.aliases import aliases
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from declutter import InputError, LimitExceeded, Limits, Page, clean, predict

settings.register_profile(
    "declutter",
    # The same examples each time: a suite that fails by chance tells nothing. `make fuzz` looks for new ones.
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=100,
)
settings.load_profile("declutter")

TAGS: Final = (
    *(
        "a",
        "article",
        "b",
        "body",
        "br",
        "button",
        "caption",
        "colgroup",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "font",
    ),
    *(
        "form",
        "frameset",
        "h1",
        "head",
        "html",
        "i",
        "iframe",
        "img",
        "input",
        "label",
        "li",
        "math",
        "mi",
        "nav",
        "nobr",
    ),
    *(
        "noscript",
        "option",
        "p",
        "plaintext",
        "pre",
        "rt",
        "ruby",
        "script",
        "select",
        "span",
        "style",
        "summary",
        "svg",
    ),
    *("table", "tbody", "td", "template", "textarea", "title", "tr", "ul", "x-y", "foreignObject", "annotation-xml"),
)
ATTRIBUTES: Final = (
    *(
        "",
        " hidden",
        " class='nav Menu'",
        " id=a",
        " href=/x",
        " href='javascript:a'",
        " style='display:none'",
        " title=T",
    ),
    *(
        " aria-label=L",
        " type=submit value=V",
        " selected",
        " shadowrootmode=open",
        " alt=A src=b",
        " colspan=9",
        " a=<",
    ),
    *(" content='a b' property=og:title", " lang=de", " onclick=x", " =", " \"'", "/"),
)
TEXTS: Final = (
    *(
        "word",
        " ",
        "Two words.",
        "&amp;",
        "&#0;",
        "&#xD800;",
        "&notanentity",
        "\0",
        "\ud800",
        "\ufeff",
        "\u202e",
        "é",
        "中文",
    ),
    *(
        "\r\n",
        "\r",
        "<!--",
        "-->",
        "<!",
        "<?",
        "]]>",
        "<![CDATA[",
        "$5",
        "1.1.2020",
        "© 2020",
        "\U0001f600",
        "\u0301",
        "12:00",
    ),
)
pieces = st.one_of(
    st.sampled_from(TEXTS),
    st.builds("<{}{}>".format, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)),
    st.builds("</{}>".format, st.sampled_from(TAGS)),
    st.text(max_size=8),
)
markup = st.lists(pieces, max_size=60).map("".join)
encodings = st.sampled_from(
    [
        "utf-8",
        "utf-16",
        "utf-16-le",
        "utf-32",
        "latin-1",
        "cp1251",
        "shift_jis",
        "gb18030",
        "iso2022_jp",
        "big5",
        "euc_kr",
    ]
)
declared = st.sampled_from(
    ["", "<meta charset=utf-8>", "<meta charset=shift_jis>", "<meta charset=x>", "<meta charset="]
)


def hold_together(page: Page) -> None:
    """What is promised of every page."""
    source = page._document.source
    assert source is not None
    for block in page.blocks:
        assert block.text.strip()
        assert 0 <= block.score <= 1
        assert block.path
    beyond = 0
    for start, end in sorted(block.span for block in page.blocks if block.span):
        assert beyond <= start < end <= len(source)
        beyond = end
    boxed = [block for box in page.boxes for block in box.blocks]
    assert boxed == list(page.chrome)
    for output in (page.text(), page.markdown(), page.html(), json.dumps(page.to_dict(), allow_nan=False)):
        output.encode()  # no lone surrogates


def look(html: str | bytes, encoding: str | None = None) -> None:
    problem = ""
    try:
        page = predict(html, encoding=encoding)
    except InputError as error:
        problem = str(error)
    if problem:
        assert ": " in problem  # and the mend
        return
    hold_together(page)
    assert predict(html, encoding=encoding).to_dict() == page.to_dict()
    assert clean(html, encoding=encoding) == page.text()


@given(st.text())
def test_any_text(html: str) -> None:
    look(html)


@given(st.binary())
@example(b"\x1b$B\xff")
@example(b"+ADw-p+AD4-")
def test_any_bytes(html: bytes) -> None:
    look(html)


@given(markup)
def test_any_markup(html: str) -> None:
    look(html)


@given(markup, encodings, declared)
def test_any_markup_in_any_encoding(html: str, encoding: str, meta: str) -> None:
    data = (meta + html).encode(encoding, "replace")
    look(data)
    look(data, encoding)


@given(st.binary(), st.one_of(st.sampled_from(sorted(set(aliases.values()))), st.text(max_size=12)))
def test_any_encoding_that_is_given(data: bytes, encoding: str) -> None:
    look(data, encoding)


@given(markup, st.integers(1, 300), st.integers(1, 5))
def test_any_cut(html: str, most: int, blocks: int) -> None:
    limits = Limits(max_bytes=most, max_blocks=blocks, on_exceed="truncate")
    for given_html in (html, html.encode("utf-8", "surrogatepass")):
        try:
            page = predict(given_html, limits=limits)
        except InputError:
            continue
        hold_together(page)
        assert len(page.blocks) <= blocks
        whole = predict(given_html)
        if page.truncated is None:
            assert page.to_dict() == whole.to_dict()
        else:
            with pytest.raises(LimitExceeded) as raised:
                predict(given_html, limits=Limits(max_bytes=most, max_blocks=blocks))
            assert raised.value.partial is not None
            assert raised.value.partial.to_dict() == page.to_dict()
