"""Documents less their chrome, of whole pages: nothing is added, the content is there, the chrome is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from altered import Altered
from declutter import predict
from declutter.corpus import corpora_root, load_corpus
from declutter.errors import CorpusError
from declutter.measure.cutting import Cut, check_cut
from dropping import dropping

ROOT = Path(__file__).parents[1]
OWN = sorted((ROOT / "training_data" / "pages").glob("*.html"))


def problems(cut: Cut) -> tuple[int, int, int, int]:
    return cut.added, cut.lost, cut.joined, cut.left


def check(data: bytes) -> Cut:
    cut = check_cut(predict(data), data)
    assert problems(cut) == (0, 0, 0, 0), cut
    return cut


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_pages_of_the_project(path: Path) -> None:
    assert check(path.read_bytes()).content


def test_stored_pages(stored_page: Path) -> None:
    data = (stored_page / "source.html").read_bytes()
    check(data)
    check(b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"))
    check(data.replace(b"\n", b"\r").replace(b". ", b".\0 "))
    check(data.decode().encode("utf-16"))


@pytest.mark.parametrize("corpus", ["wcxb", "postlight", "trafilatura-eval"])
def test_real_pages(corpus: str) -> None:
    """A sample, 36 pages; `make bench-document` takes 200."""
    try:
        pages = list(load_corpus(corpus, corpora_root()))
    except CorpusError as error:
        pytest.skip(str(error))
    total = sum((check(page.html) for page in pages[:: len(pages) // 12][:12]), Cut())
    assert total.pages == 12
    assert total.content > 100
    assert total.alone > 100


HTML = "<p>one two</p><p>DROP</p><p>three</p><div>DROP too<p>four</p></div>"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (HTML.replace("<p>DROP</p>", "").replace("DROP too", ""), (0, 0, 0, 0)),
        (HTML, (0, 0, 0, 1)),
        ("<p>one two</p>x<p>three</p><p>four</p>", (1, 0, 0, 0)),
        ("<p>three</p><div><p>four</p></div>", (0, 1, 0, 0)),
        ("<p>three</p><p>one two</p><p>four</p>", (1, 1, 0, 0)),
        ("<p>one two</p><p>three four</p>", (0, 0, 2, 0)),
    ],
)
def test_what_is_counted(html: str, expected: tuple[int, int, int, int]) -> None:
    cut: Any = check_cut(Altered(dropping(HTML), html), HTML.encode())  # type: ignore[arg-type]
    assert problems(cut) == expected
    assert (cut.pages, cut.content, cut.alone) == (1, 3, 1)


def test_counts_add_up() -> None:
    assert (Cut(1, 2, 3, 4, 5, 6, 7) + Cut(1, 1, 1, 1, 1, 1, 1)) == Cut(2, 3, 4, 5, 6, 7, 8)
