"""The check of the training data, on synthetic ones and on those of the project."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from declutter.corpus import READERS, CorpusPage, MarkedElements
from declutter.corpus.check import FIRST, SECOND, WAITING, check, label_problems, survey
from declutter.corpus.manifest import load_manifest, make_manifest, write_manifest
from declutter.corpus.sources import load_sources, training_data_root
from declutter.errors import CorpusError

PROJECT = Path(__file__).parents[1] / "training_data"

TABLE = """
[{name}]
title = "x"
licence = "MIT"
attribution = "x"
changes = "x"
use = "train"
layout = "{name}"
headline = "in"
url = "https://x.test"
commit = "c0"
files = "https://x.test/{{commit}}/{{path}}"
"""


@pytest.fixture(autouse=True)
def _no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def training_data(tmp_path: Path) -> Path:
    folder = tmp_path / "training_data"
    (folder / "pages").mkdir(parents=True)
    (folder / "sources.toml").write_text("".join(TABLE.format(name=name) for name in READERS))
    (folder / "pages/news-en-a.html").write_text("<p data-label=content>Tide")
    for name in READERS:
        if name != "own":
            write_manifest(folder, name, {"x.html": "0" * 64})
    return folder


def local_copy(training_data: Path, root: Path) -> Path:
    folder = root / "postlight"
    folder.mkdir(parents=True)
    (folder / "a.html").write_text("<p>a")
    (folder / "LICENSE").write_text("x")
    rows = make_manifest(load_sources(training_data)["postlight"], folder)
    assert list(rows) == ["a.html"]
    write_manifest(training_data, "postlight", rows)
    return folder


def test_without_local_copies_only_the_training_data_are_looked_at(training_data: Path) -> None:
    report = check(training_data=training_data)
    assert report.pages == {"own": 1}
    assert set(report.absent) == set(READERS) - {"own"}


def test_a_local_copy_is_verified_against_its_manifest(training_data: Path, tmp_path: Path) -> None:
    folder = local_copy(training_data, tmp_path / "root")
    report = check(tmp_path / "root", names=["postlight"], training_data=training_data)
    assert report.pages == {"postlight": 1}
    (folder / "a.html").write_text("<p>changed")
    (folder / "b.html.gz").write_bytes(b"extra")
    with pytest.raises(CorpusError) as failed:
        check(tmp_path / "root", training_data=training_data)
    assert "a.html: not the file of the manifest" in str(failed.value)
    assert "b.html: not in the manifest" in str(failed.value)
    (folder / "a.html").unlink()
    assert "a.html: missing" in survey(tmp_path / "root", training_data=training_data).problems[0]


def test_a_corpus_that_is_asked_for_has_to_be_there(training_data: Path, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="corpus wcxb: no local copy"):
        check(tmp_path, names=["wcxb"], training_data=training_data)
    with pytest.raises(CorpusError, match="no corpus named 'wiki'"):
        check(tmp_path, names=["wiki"], training_data=training_data)


def test_manifests_missing_or_too_many_are_named(training_data: Path) -> None:
    (training_data / "manifests/wcxb.tsv").rename(training_data / "manifests/wiki.tsv")
    problems = survey(training_data=training_data).problems
    assert any("wcxb.tsv: cannot be read" in problem for problem in problems)
    assert any("wiki.tsv: no corpus of sources.toml" in problem for problem in problems)


def test_own_pages_that_cannot_be_read_are_named(training_data: Path) -> None:
    for number in range(30):
        (training_data / f"pages/news-en-{number}.html").write_text("<p>Tide")
    with pytest.raises(CorpusError, match=r"60 problems(.|\n)*\.\.\.$"):
        check(training_data=training_data)
    (training_data / "pages/x.html").write_text("x")
    assert "name it" in survey(training_data=training_data).problems[-1]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<p data-label=content>a", None),
        ("<div data-label=content><p>a<b>b</b><p data-label=social>Share", None),
        ("<main data-label=content>a</main><script>x</script><style>y</style><!-- z -->", None),
        ("<main data-label=content>a</main><p>Lost text that goes on and on and on and on", "'Lost text"),
        ("<main data-label=content>a</main><p data-label=donations>b", "'donations' is no label"),
        ("<p data-label=footer>a", "nothing is labelled content"),
        ("<main data-label=content>a</main><input type=submit value=Go>", "no label on 'Go'"),
        ("<main data-label=content>a</main><input type=submit value=Go data-label=signup>", None),
        ("<main data-label=content>a</main><input type=text value=Go>", None),
        ("<main data-label=content>a</main><input type=image alt=Go>", "no label on 'Go'"),
        ("<main data-label=content>a</main><img alt='A pier'>", "no label on 'A pier'"),
        ("<main data-label=content>a</main><img alt=''>", None),
        ("<main data-label=content>a</main><button aria-label=Close></button>", "no label on 'Close'"),
        ("<main data-label=content>a</main><template><p>Hidden</template>", "no label on 'Hidden'"),
        ("<main data-label=content>a</main><noscript>Turn it on</noscript>", "no label on 'Turn it on'"),
        ("<main data-label=content>a</main><noscript><p data-label=other>Turn it on</p></noscript>", None),
    ],
)
def test_labels_of_own_pages(body: str, problem: str | None) -> None:
    html = f"<!doctype html><title>T</title><body>{body}"
    found = list(label_problems(CorpusPage("own", "news-en-a", html.encode(), MarkedElements())))
    if problem is None:
        assert found == []
    else:
        assert len(found) == 1
        assert problem in found[0]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[wcxb]", "[wiki]", "no reader of that name"),
        ('use = "train"', 'use = "play"', "use = 'play'; it is one of train"),
        ('licence = "MIT"', 'licence = ""', "licence is missing"),
        ('title = "x"', 'titel = "x"', "unknown key titel"),
        ('files = "https://x.test/{commit}/{path}"', "", "say how to fetch it"),
        ("{path}", "page", "has no {path}"),
        ("[wcxb]", "[wcxb", "not TOML"),
    ],
)
def test_sources_say_what_is_wrong(training_data: Path, old: str, new: str, message: str) -> None:
    sources = training_data / "sources.toml"
    head, _, tail = sources.read_text().partition("[wcxb]")
    sources.write_text(head + f"[wcxb]{tail}".replace(old, new, 1))
    with pytest.raises(CorpusError, match=re.escape(message)):
        load_sources(training_data)


def test_sources_lack_no_corpus(training_data: Path, tmp_path: Path) -> None:
    sources = training_data / "sources.toml"
    sources.write_text(sources.read_text().partition("[wcxb]")[0])
    with pytest.raises(CorpusError, match="no table for wcxb"):
        load_sources(training_data)
    with pytest.raises(CorpusError, match="in the folder of a checkout of the repository"):
        training_data_root(tmp_path)
    with pytest.raises(CorpusError, match="cannot be read"):
        load_sources(tmp_path)


def test_the_training_data_of_the_project_are_in_order() -> None:
    assert training_data_root() == PROJECT
    report = check(training_data=PROJECT)
    assert report.problems == []


def test_what_is_held_out_and_whether_gold_holds_the_headline_is_as_agreed() -> None:
    sources = load_sources(PROJECT)
    assert {name for name, source in sources.items() if source.use == "validate"} == {"dragnet", "cleaneval"}
    assert {name for name in ("dragnet", "cleaneval", "own") if sources[name].headline == "in"} == {
        "dragnet",
        "cleaneval",
        "own",
    }
    assert sources["wcxb"].headline == sources["trafilatura-eval"].headline == "out"


def test_the_data_card_counts_the_files_of_the_manifests() -> None:
    card = (PROJECT / "README.md").read_text(encoding="utf-8")
    for name, source in load_sources(PROJECT).items():
        assert f"| {name} |" in card
        if source.public:
            rows = load_manifest(PROJECT, name)
            pages = sum(path.endswith(".html") and not path.endswith("/expected.html") for path in rows)
            assert re.search(rf"^\| {name} \| {pages:,} \|.*\| {source.use} \|", card, re.MULTILINE), name


def test_what_waits_for_the_next_training_is_looked_at_too(training_data: Path) -> None:
    before = survey(training_data=training_data)
    (training_data / WAITING / "pages").mkdir(parents=True)
    (training_data / WAITING / "pages/news-en-b.html").write_text("<p data-label=content>Tide<p>Ebb")
    (training_data / WAITING / "annotations/nowhere").mkdir(parents=True)
    (training_data / SECOND / "elsewhere").mkdir(parents=True)
    (training_data / FIRST / "elsewhere").mkdir(parents=True)
    report = survey(training_data=training_data)
    assert report.pages == before.pages
    new = [problem for problem in report.problems if problem not in before.problems]
    assert len(new) == 4
    assert sum("elsewhere: no corpus of sources.toml has that name" in problem for problem in new) == 2
    new = [problem for problem in new if "elsewhere" not in problem]
    assert "news-en-b: no label on 'Ebb'" in new[0]
    assert "nowhere: no corpus of sources.toml has that name" in new[1]


def test_what_a_folder_lacks_is_looked_for_in_the_fetch_cache(training_data: Path, tmp_path: Path) -> None:
    local_copy(training_data, tmp_path / "cache" / "declutter" / "corpora")
    (tmp_path / "root").mkdir()
    report = survey(tmp_path / "root", training_data=training_data)
    assert report.pages["postlight"] == 1
    assert "postlight" not in report.absent
    assert "wcxb" in report.absent
