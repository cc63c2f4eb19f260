"""Fetching, against a server on the loopback address, and copying from a local copy."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import threading
import zipfile
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

import pytest

from declutter.corpus import READERS, fetch, formasaurus, load_corpus
from declutter.corpus.manifest import load_manifest, make_manifest, write_manifest
from declutter.corpus.sources import load_sources
from declutter.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("Moin, ä &.html", "b.html")


class Site(NamedTuple):
    """A server with files and what was asked of it, and a training_data folder that points to it."""

    files: dict[str, bytes]
    fail: dict[str, list[int]]
    asked: list[str]
    training_data: Path
    local: Path


def table(name: str, address: str, extra: str = "") -> str:
    lines = [f'{key} = "x"' for key in ("title", "licence", "attribution", "changes")]
    lines += [
        'use = "train"',
        f'layout = "{name}"',
        'headline = "in"',
        'url = "https://x.test"',
        'commit = "c0"',
    ]
    return "\n".join([f"[{name}]", *lines, extra or f'files = "{address}/{name}/{{commit}}/{{path}}"'])


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    files: dict[str, bytes] = {}
    fail: dict[str, list[int]] = {}
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = unquote(self.path)
            asked.append(path)
            status = fail[path].pop(0) if fail.get(path) else 200 if path in files else 404
            body = files.get(path, b"") if status == 200 else b""
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    local = tmp_path / "local"
    for name in NAMES:
        path = local / "postlight" / f"{name}.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(f"<p>{name}".encode()))
        files[f"/postlight/c0/{name}"] = f"<p>{name}".encode()
    records = {f"https://{name}.test": {"file": f"{name}.html", "with": ["a"], "without": []} for name in "ab"}
    files["/trafilatura-eval/c0/evaldata.json"] = json.dumps(records, indent=4).encode()
    files["/trafilatura-eval/c0/cache/a.html"] = b"<p>a"
    evaluation = local / "trafilatura-eval"
    (evaluation / "cache").mkdir(parents=True)
    (evaluation / "cache/a.html").write_bytes(b"<p>a")
    (evaluation / "evaldata.json").write_text(json.dumps(dict([*records.items()][:1])))
    wheel = local / "formasaurus" / formasaurus.WHEEL
    wheel.parent.mkdir()
    with zipfile.ZipFile(wheel, "w") as archive:
        record = {"url": "http://f.test", "forms": ["s"], "visible_html_fields": [{"q": "qq"}]}
        archive.writestr("formasaurus/data/index.json", json.dumps({"html/0.html": record}))
        archive.writestr("formasaurus/data/html/0.html", "<form><input name=q></form>")
    training_data = tmp_path / "training_data"
    training_data.mkdir()
    special = {
        "trafilatura-eval": f'files = "{address}/trafilatura-eval/{{commit}}/{{path}}"\n'
        'subset = { "evaldata.json" = "file" }',
        "formasaurus": 'requirement = "formasaurus==0.10.0"\n'
        f'sha256 = "{hashlib.sha256(wheel.read_bytes()).hexdigest()}"',
    }
    tables = [table(name, address, special.get(name, "")) for name in READERS]
    (training_data / "sources.toml").write_text("\n\n".join(tables))
    for name, source in load_sources(training_data).items():
        if (local / name).is_dir():
            write_manifest(training_data, name, make_manifest(source, local / name))
    monkeypatch.setattr("declutter.corpus.fetch.time.sleep", lambda _: None)
    yield Site(files, fail, asked, training_data, local)
    server.shutdown()
    server.server_close()
    thread.join()


def test_fetch_brings_the_files_of_the_manifest_and_no_others(site: Site, tmp_path: Path) -> None:
    site.files["/postlight/c0/other.html"] = b"a page of a test split"
    seen: list[tuple[int, int, str]] = []
    root = tmp_path / "root"
    fetch.fetch(["postlight"], root, lambda *now: seen.append(now), training_data=site.training_data)
    found = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    assert found == {f"postlight/{name}" for name in NAMES}
    assert list(load_corpus("postlight", root)) == list(load_corpus("postlight", site.local))
    assert [(done, total) for done, total, _ in seen] == [(1, 2), (2, 2)]
    assert {path for *_, path in seen} == {f"postlight/{name}" for name in NAMES}


def test_fetch_goes_on_where_it_stopped(site: Site, tmp_path: Path) -> None:
    root = tmp_path / "root"
    site.fail["/postlight/c0/b.html"] = [403]
    with pytest.raises(CorpusError, match="1 of 2 files did not come") as failed:
        fetch.fetch(["postlight"], root, training_data=site.training_data)
    assert "b.html: HTTP Error 403" in str(failed.value)
    site.asked.clear()
    fetch.fetch(["postlight"], root, training_data=site.training_data)
    assert site.asked == ["/postlight/c0/b.html"]
    (root / "postlight/b.html").write_bytes(b"cut short")
    fetch.fetch(["postlight"], root, training_data=site.training_data)
    assert (root / "postlight/b.html").read_bytes() == b"<p>b.html"
    assert not list(root.rglob("*.part"))


def test_what_may_pass_is_tried_again(site: Site, tmp_path: Path) -> None:
    site.fail["/postlight/c0/b.html"] = [503, 429]
    fetch.fetch(["postlight"], tmp_path, training_data=site.training_data)
    assert site.asked.count("/postlight/c0/b.html") == 3
    site.fail["/postlight/c0/b.html"] = [500] * 4
    with pytest.raises(CorpusError, match="HTTP Error 500"):
        fetch.fetch(["postlight"], tmp_path / "other", training_data=site.training_data)


def test_a_server_that_is_not_there_is_named(site: Site, tmp_path: Path) -> None:
    sources = site.training_data / "sources.toml"
    text = sources.read_text()
    port = text.split("http://127.0.0.1:")[1].split("/")[0]
    sources.write_text(text.replace(f"127.0.0.1:{port}", "127.0.0.1:1"))
    with pytest.raises(CorpusError, match="look at the network"):
        fetch.fetch(["postlight"], tmp_path, training_data=site.training_data)


def many_files(site: Site, count: int) -> list[str]:
    """Files of newspaper4k on the server and in its manifest."""
    paths = [f"html/{number:02}.html" for number in range(count)]
    for path in paths:
        site.files[f"/newspaper4k/c0/{path}"] = path.encode()
    write_manifest(
        site.training_data, "newspaper4k", {path: hashlib.sha256(path.encode()).hexdigest() for path in paths}
    )
    return paths


def test_it_gives_up_where_nothing_comes(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_CONNECTIONS", 1)
    asked: list[str] = []

    def unreachable(address: str) -> bytes:
        asked.append(address)
        threading.Event().wait(0.05)
        raise OSError("Temporary failure in name resolution")

    many_files(site, 30)
    monkeypatch.setattr(fetch, "_get", unreachable)
    with pytest.raises(CorpusError) as failed:
        fetch.fetch(["newspaper4k", "postlight"], tmp_path, training_data=site.training_data)
    assert str(failed.value).startswith(
        "5 of 32 files did not come; gave up after 5 in a row, 27 were not tried; the same command goes on:\n"
    )
    assert "look at the network" in str(failed.value)
    assert 5 <= len(asked) < 30


def test_single_failures_stop_nothing(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_CONNECTIONS", 1)
    paths = many_files(site, 30)
    for number, path in enumerate(paths):
        if number in {1, 3, 5, 7}:
            site.fail[f"/newspaper4k/c0/{path}"] = [403]
        elif number > 15:  # what is gone or another file is no sign of a network that is
            del site.files[f"/newspaper4k/c0/{path}"]
    with pytest.raises(CorpusError, match=r"^18 of 30 files did not come; the same command"):
        fetch.fetch(["newspaper4k"], tmp_path, training_data=site.training_data)


def test_a_page_may_lie_gzipped_upstream(site: Site, tmp_path: Path) -> None:
    content = site.files.pop("/postlight/c0/b.html")
    site.files["/postlight/c0/b.html.gz"] = gzip.compress(content)
    fetch.fetch(["postlight"], tmp_path, training_data=site.training_data)
    assert (tmp_path / "postlight/b.html").read_bytes() == content
    site.files["/postlight/c0/b.html.gz"] = b"no gzip"
    with pytest.raises(CorpusError, match=r"b\.html: Error -3"):
        fetch.fetch(["postlight"], tmp_path / "other", training_data=site.training_data)


def test_a_file_with_another_hash_is_not_kept(site: Site, tmp_path: Path) -> None:
    site.files["/postlight/c0/b.html"] = b"<script>evil()</script>"
    with pytest.raises(CorpusError, match="not the file of the manifest"):
        fetch.fetch(["postlight"], tmp_path, training_data=site.training_data)
    assert not (tmp_path / "postlight/b.html").exists()


def test_a_file_that_is_gone_or_too_large_is_named(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MAX_BYTES", 11)
    del site.files["/postlight/c0/b.html"]
    with pytest.raises(CorpusError) as failed:
        fetch.fetch(["postlight"], tmp_path, training_data=site.training_data)
    assert "not found; the corpus may have moved: see https://x.test" in str(failed.value)
    assert "more than 11 bytes" in str(failed.value)


def test_of_a_file_of_records_only_those_of_the_manifest_are_kept(site: Site, tmp_path: Path) -> None:
    fetch.fetch(["trafilatura-eval"], tmp_path, training_data=site.training_data)
    assert list(json.loads((tmp_path / "trafilatura-eval/evaldata.json").read_bytes())) == ["https://a.test"]
    assert [page.name for page in load_corpus("trafilatura-eval", tmp_path)] == ["a"]
    site.files["/trafilatura-eval/c0/evaldata.json"] = b"[]"
    with pytest.raises(CorpusError, match="not an object of records"):
        fetch.fetch(["trafilatura-eval"], tmp_path / "other", training_data=site.training_data)


@pytest.mark.parametrize(
    "path", ["../x.html", "/x.html", "a/../../x.html", "c:/x.html", "a\\x.html", "a//x.html", "./x"]
)
def test_a_manifest_does_not_lead_out_of_its_folder(site: Site, tmp_path: Path, path: str) -> None:
    (site.training_data / "manifests/postlight.tsv").write_text(f"{'0' * 64}\t{path}\n")
    with pytest.raises(CorpusError, match="leads out of the corpus"):
        fetch.fetch(["postlight"], tmp_path, training_data=site.training_data)
    assert site.asked == []


def test_a_link_does_not_lead_out_of_the_folder(site: Site, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    folder = tmp_path / "root/trafilatura-eval"
    folder.mkdir(parents=True)
    (folder / "cache").symlink_to(tmp_path / "out")
    with pytest.raises(CorpusError, match="take the link away"):
        fetch.fetch(["trafilatura-eval"], tmp_path / "root", training_data=site.training_data)
    assert not list((tmp_path / "out").iterdir())


def test_only_https_is_asked(site: Site, tmp_path: Path) -> None:
    sources = site.training_data / "sources.toml"
    sources.write_text(sources.read_text().replace("http://127.0.0.1", "http://example.test"))
    with pytest.raises(CorpusError, match="not an https address"):
        fetch.fetch(["postlight"], tmp_path, training_data=site.training_data)


@pytest.mark.parametrize("name", ["wiki", "own"])
def test_an_unknown_name_is_refused_before_anything_is_fetched(site: Site, tmp_path: Path, name: str) -> None:
    with pytest.raises(CorpusError, match=f"no public corpus named '{name}'"):
        fetch.fetch(["postlight", name], tmp_path, training_data=site.training_data)
    assert site.asked == []


def test_from_dir_copies_gunzips_and_checks(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    names = ["postlight", "trafilatura-eval", "formasaurus"]
    root = fetch.from_dir(names, site.local, training_data=site.training_data)
    assert root == tmp_path / "cache/declutter/corpora"
    for name in names:
        assert list(load_corpus(name, root)) == list(load_corpus(name, site.local))
    assert site.asked == []
    (site.local / "postlight/b.html.gz").write_bytes(gzip.compress(b"other"))
    with pytest.raises(CorpusError, match="1 of 2 files did not come"):
        fetch.from_dir(["postlight"], site.local, tmp_path / "other", training_data=site.training_data)
    assert not (tmp_path / "other/postlight/b.html").exists()


@pytest.mark.parametrize("name", ["file", "file/corpora"])
def test_a_folder_that_takes_no_files_is_named_at_once(site: Site, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("kept")
    into = tmp_path / name
    for bring in (
        partial(fetch.from_dir, ["postlight"], site.local, into, training_data=site.training_data),
        partial(fetch.fetch, ["postlight"], into, training_data=site.training_data),
    ):
        with pytest.raises(CorpusError, match=r"postlight: cannot be written \(.*\); look at the disk") as failed:
            bring()
        assert "\n" not in str(failed.value)
    assert not site.asked


def test_a_disk_that_is_full_is_told(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(fetch, "write_whole", full)
    with pytest.raises(CorpusError, match=r"2 of 2 files did not come(.|\n)*cannot be written \(No space left"):
        fetch.from_dir(["postlight"], site.local, tmp_path / "root", training_data=site.training_data)


def test_the_wheel_comes_by_pip_and_its_hash_is_checked(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = site.local / "formasaurus" / formasaurus.WHEEL
    asked: list[str] = []
    content = wheel.read_bytes()

    def download(requirement: str, place: str) -> subprocess.CompletedProcess[str]:
        asked.append(requirement)
        (Path(place) / formasaurus.WHEEL).write_bytes(content)
        return subprocess.CompletedProcess([], 0, "", "")

    monkeypatch.setattr(fetch, "_pip_download", download)
    fetch.fetch(["formasaurus"], tmp_path, training_data=site.training_data)
    assert [page.name for page in load_corpus("formasaurus", tmp_path)] == ["0"]
    fetch.fetch(["formasaurus"], tmp_path, training_data=site.training_data)
    source = load_sources(site.training_data)["formasaurus"]
    assert fetch.fetch_wheel(source, tmp_path / "formasaurus").is_file()
    assert asked == ["formasaurus==0.10.0"]
    (tmp_path / "formasaurus" / formasaurus.WHEEL).write_bytes(b"damaged")
    fetch.fetch(["formasaurus"], tmp_path, training_data=site.training_data)
    assert len(asked) == 2
    content = b"another"
    with pytest.raises(CorpusError, match="do not use it"):
        fetch.fetch_wheel(source, tmp_path / "other")
    assert not list((tmp_path / "other").iterdir())


def test_pip_that_fails_says_what_to_do(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("declutter.corpus.fetch.sys.executable", "false")
    with pytest.raises(CorpusError, match=r"no wheel came.*by hand"):
        fetch.fetch(["formasaurus"], tmp_path, training_data=site.training_data)


def test_a_manifest_is_checked_line_by_line(site: Site) -> None:
    manifest = site.training_data / "manifests/postlight.tsv"
    assert list(load_manifest(site.training_data, "postlight")) == sorted(NAMES)
    for text, message in (("abc\tx.html\n", "postlight.tsv:1"), ("", "empty")):
        manifest.write_text(text)
        with pytest.raises(CorpusError, match=message):
            load_manifest(site.training_data, "postlight")
    manifest.unlink()
    with pytest.raises(CorpusError, match="cannot be read"):
        load_manifest(site.training_data, "postlight")
