"""Chrome out of a soup, in place."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Comment, Doctype, Tag

from declutter import InputError, LimitExceeded, Limits, RuleError, predict, prune
from declutter.pipeline import pruning
from declutter.render.html import as_soup
from dropping import dropping

EXAMPLE = Path(__file__).parents[1] / "examples" / "flood-wardens.html"
PAGES = sorted((Path(__file__).parents[1] / "training_data" / "pages").glob("*.html"))[::15]
PARSERS = ["html.parser", "lxml", "browser"]


def made(html: str, parser: str) -> BeautifulSoup:
    """A soup of a parser, or with the tree of a browser, as html5lib gives it."""
    return as_soup(html, "document") if parser == "browser" else BeautifulSoup(html, parser)


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "predict", dropping)


# -- the shipped model ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [EXAMPLE, *PAGES], ids=lambda path: path.stem)
@pytest.mark.parametrize("parser", PARSERS)
def test_what_predict_calls_chrome_goes(path: Path, parser: str) -> None:
    html = path.read_text(encoding="utf-8")
    page = predict(made(html, parser))
    soup = made(html, parser)
    before = {id(node): node for node in soup.descendants}
    assert prune(soup) == page.chrome
    assert all(id(node) in before for node in soup.descendants)
    assert [block.text for block in dropping(soup).blocks] == [block.text for block in page.content]


def test_options_are_those_of_predict() -> None:
    html = EXAMPLE.read_text(encoding="utf-8")
    soup = BeautifulSoup(html, "lxml")
    removed = prune(soup, keep=["comments"], strictness="precision", url="https://site.test/")
    assert removed == predict(BeautifulSoup(html, "lxml"), keep=["comments"], strictness="precision").chrome
    assert "Weirside Will" in soup.get_text()


def test_an_error_leaves_the_soup_as_it_was() -> None:
    soup = BeautifulSoup(EXAMPLE.read_bytes(), "lxml")
    before = str(soup)
    with pytest.raises(RuleError):
        prune(soup, keep=["comment"])
    assert str(soup) == before


# -- which nodes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a</p><div><p>DROP</p><img/><form></form></div>", "<p>a</p>"),
        ("<div>DROP<p>a</p> DROP </div>", "<div><p>a</p></div>"),
        ("<div>DROP <b>DROP</b><!-- c -->DROP<p>a</p></div>", "<div><!-- c --><p>a</p></div>"),
        ("<!DOCTYPE html><!-- c --><p>DROP</p><script>x</script><style>y</style><p>a</p>", None),
        ("<div>a<div>DROP</div>b</div>", "<div>a<div></div>b</div>"),
        ("<table><tr><td>DROP</td><td>a</td></tr></table>", "<table><tr><td></td><td>a</td></tr></table>"),
        ("<body><main><p>DROP</p></main></body>", "<body><main></main></body>"),
        ("<p>a</p><p><![CDATA[DROP]]></p>", "<p>a</p>"),
        ("<DIV>DROP<P>a</P></DIV>", "<div><p>a</p></div>"),
        ("<p>a</p><template><p>DROP</p></template>", "<p>a</p>"),
        ("DROP", ""),
        ("", ""),
    ],
)
@pytest.mark.usefixtures("by_hand")
def test_nodes_that_go(html: str, expected: str | None) -> None:
    soup = BeautifulSoup(html, "html.parser")
    prune(soup)
    if expected is None:
        expected = html.replace("<p>DROP</p>", "").replace("html><!", "html>\n<!")
    assert str(soup) == expected


@pytest.mark.usefixtures("by_hand")
def test_the_blocks_come_back_in_document_order() -> None:
    soup = BeautifulSoup("<ul><li>DROP 1<li>DROP 2</ul><p>a</p>DROP 3<p>b</p><p>DROP 4</p>", "lxml")
    assert [block.text for block in prune(soup)] == ["DROP 1", "DROP 2", "DROP 3", "DROP 4"]
    assert prune(soup) == ()


@pytest.mark.usefixtures("by_hand")
def test_what_stays_is_not_told_as_gone() -> None:
    soup = BeautifulSoup("<head><template>DROP</template></head><p>a<input type=submit value=DROP>b</p><p>DROP", "lxml")
    assert len(prune(soup)) == 1
    assert "template" in str(soup)


@pytest.mark.usefixtures("by_hand")
def test_a_tag_stays_and_nothing_around_it_changes() -> None:
    soup = BeautifulSoup("<p>DROP</p><div id=x><p>DROP</p></div><p>DROP</p>", "html.parser")
    tag = soup.find(id="x")
    assert isinstance(tag, Tag)
    (block,) = prune(tag)
    assert block.path == "div#x > p"
    assert str(soup) == '<p>DROP</p><div id="x"></div><p>DROP</p>'
    text = BeautifulSoup("<b>DROP</b>", "html.parser").b
    assert text is not None
    prune(text)
    assert str(text) == "<b></b>"


@pytest.mark.usefixtures("by_hand")
def test_kept_nodes_are_the_same_objects_and_linked() -> None:
    soup = BeautifulSoup("<!DOCTYPE html><div>DROP<!-- c --><p id=k>a <b>b</b></p><p>DROP</p></div>", "html.parser")
    kept = soup.find(id="k")
    gone = soup.find_all("p")[1]
    assert isinstance(kept, Tag)
    prune(soup)
    assert soup.find(id="k") is kept
    assert kept.next_sibling is None
    assert isinstance(kept.previous_sibling, Comment)
    assert isinstance(soup.contents[0], Doctype)
    assert [str(node) for node in kept.descendants] == ["a ", "<b>b</b>", "b"]
    assert str(gone) == "<p>DROP</p>"
    assert gone.parent is None


@pytest.mark.usefixtures("by_hand")
def test_a_soup_that_was_edited() -> None:
    soup = BeautifulSoup("<div><p>a</p></div>", "html.parser")
    assert soup.div is not None
    soup.div.append(soup.new_tag("p", string="DROP"))
    soup.div.insert(0, "DROP")
    soup.div.append("DROP")
    assert len(prune(soup)) == 3
    assert str(soup) == "<div><p>a</p></div>"


def test_a_soup_that_changes_meanwhile_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def meddling(soup: BeautifulSoup, **_: Any) -> Any:
        page = dropping(soup)
        soup.append(soup.new_tag("p"))
        return page

    monkeypatch.setattr(pruning, "predict", meddling)
    with pytest.raises(InputError, match="one thread at a time"):
        prune(BeautifulSoup("<p>DROP</p>", "html.parser"))


@pytest.mark.parametrize("html", ["<p>a", b"<p>a", None, 1])
def test_what_is_no_soup_says_the_mend(html: Any) -> None:
    with pytest.raises(InputError, match="scope='document'"):
        prune(html)


# -- cost ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("by_hand")
@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("<div>" * 20_000 + "a<p>DROP</p>", "a"),
        ("<p>a</p><p>DROP</p>" * 15_000, "a" * 15_000),
        ("<div>DROP<p>a</p>" * 4_000, "a" * 4_000),
        ("<p>a</p>" + "<div>" * 20_000 + "DROP", "a"),
    ],
    ids=["deep", "wide", "deep texts", "deep chrome"],
)
def test_linear(html: str, left: str) -> None:
    soup = BeautifulSoup(html, "html.parser")
    before = time.process_time()
    prune(soup)
    assert time.process_time() - before < 5
    assert soup.get_text() == left


def test_a_soup_is_not_cut_by_limits() -> None:
    soup = BeautifulSoup("<p>One.</p><p>Two.</p>", "html.parser")
    before = str(soup)
    sizes: tuple[dict[str, Any], ...] = ({"max_blocks": 1}, {"max_bytes": 5}, {})
    for size in sizes:
        with pytest.raises(InputError, match=r"give limits with on_exceed=.raise., which leave a larger soup as it is"):
            prune(soup, limits=Limits(**size, on_exceed="truncate"))
    with pytest.raises(LimitExceeded):
        prune(soup, limits=Limits(max_blocks=1))
    assert str(soup) == before
    prune(soup, limits=Limits(max_blocks=2), keep=["css:p"])
    assert str(soup) == before
