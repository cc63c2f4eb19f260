"""Which blocks and elements stand alike."""

from __future__ import annotations

import pytest

from declutter import compiled
from declutter.blocks import segment
from declutter.document import read_document
from declutter.features.view import PageView


@pytest.fixture(params=[pytest.param(True, id="compiled"), pytest.param(False, id="pure")])
def form(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Either form of the hot loops."""
    if request.param and not compiled.used:
        pytest.skip("there is no compiled extension here")
    monkeypatch.setattr(compiled, "used", request.param)


def view_of(html: str) -> PageView:
    document = read_document(html)
    return PageView(document, segment(document))


@pytest.mark.usefixtures("form")
def test_blocks_stand_alike_by_tags_and_by_class_names() -> None:
    page = view_of(
        "<ul><li class=a>1<li class=b>2<li class=a>3</ul><ol><li class=a>4</ol><div><ul><li class=a>5</ul></div>"
    )
    plain, classed = page.paths
    assert page.blocks.texts == ["1", "2", "3", "4", "5"]
    assert plain[0] == plain[1] == plain[2]
    assert len({plain[0], plain[3], plain[4]}) == 3
    assert classed[0] == classed[2]
    assert len({classed[0], classed[1], classed[3], classed[4]}) == 4
    assert sorted(set(plain.tolist())) == [0, 1, 2]
    assert sorted(set(classed.tolist())) == [0, 1, 2, 3]


@pytest.mark.usefixtures("form")
def test_siblings_of_one_tag_and_class_have_one_number() -> None:
    page = view_of("<p class=a>1<p class=a>2<p class=b>3<div><p class=a>4</div><p class=a>5")
    numbers = page.siblings[page.owners].tolist()
    assert numbers[0] == numbers[1] == numbers[4]
    assert len({numbers[0], numbers[2], numbers[3]}) == 3
    assert [row for row, number in enumerate(page.siblings.tolist()) if number == 0] == [0]


@pytest.mark.usefixtures("form")
def test_a_page_without_blocks() -> None:
    page = view_of("<div class=a></div>")
    assert [len(part) for part in page.paths] == [0, 0]
    assert page.siblings.tolist() == [0]
