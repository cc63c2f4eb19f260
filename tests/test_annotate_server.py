"""The server of `declutter annotate`: who is answered, and what is taken."""

from __future__ import annotations

import http.client
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest

from declutter import DeclutterError, InputError
from declutter.annotate import Server, Session, folder, labelled_pages, site_of
from declutter.annotate.folder import page_of
from declutter.annotate.server import MAX_BODY
from declutter.labels import Label

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = b"<h1>One</h1><p>Two words.<p>Three words more."
NONE = (None, None, None)
# Two texts with the same words, which the parser moves out of the table.
TWINS = b"<h1>One</h1>" + b"<table>Read more<tr><td>cell text</td></tr></table><p>Two words.</p>" * 2


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    session = Session(tmp_path_factory.mktemp("server") / "annotations")
    session.add(PAGE, name="a.html", stem="a", site="example.org")
    made = Server(session)
    thread = threading.Thread(target=made.run)
    thread.start()
    yield made
    made.stop()
    thread.join(10)
    assert not thread.is_alive()


def ask(server: Server, method: str, path: str, body: bytes = b"", **headers: str | None) -> tuple[int, str]:
    """Asks as our own page would; a header of None is left out."""
    sent: dict[str, str | None] = {"Host": server.host, "Content-Length": str(len(body)) if body else None}
    if method == "POST":
        sent |= {"Origin": f"http://{server.host}", "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    link = http.client.HTTPConnection(server.host, timeout=10)
    link.putrequest(method, path.replace("TOKEN", server.token), skip_host=True, skip_accept_encoding=True)
    for name, value in sent.items():
        if value is not None:
            link.putheader(name, value)
    link.endheaders(body)
    answer = link.getresponse()
    text = answer.read().decode()
    for name in ("X-Frame-Options", "Cache-Control", "Referrer-Policy", "Cross-Origin-Resource-Policy"):
        assert answer.headers[name]
    link.close()
    return answer.status, text


def labels(*places: Any, page: Any = 0, was: Any = (None, None, None)) -> bytes:
    return json.dumps({"page": page, "labels": places, "was": was}).encode()


def test_it_listens_on_this_machine_alone_at_an_address_nobody_guesses(server: Server) -> None:
    assert server._http.server_address[0] == "127.0.0.1"
    assert server.url == f"http://{server.host}/{server.token}/"
    assert len(server.token) >= 43
    other = Server(server.session)
    other._http.server_close()
    assert other.token != server.token


def test_the_page_is_there(server: Server) -> None:
    status, text = ask(server, "GET", "/TOKEN/")
    assert status == 200
    assert "connect-src 'self'" in text
    assert ask(server, "GET", "/TOKEN/", Sec_Fetch_Site="none")[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/TOKEN",
        "/token/",
        "/TOKENx/",
        "/TOKEN//",
        "/TOKEN/save",
        "/TOKEN/../",
        "/TOKEN/a/b",
        "/%2e%2e/",
        "/é/",
    ],
)
def test_nothing_else_is(server: Server, path: str) -> None:
    link = http.client.HTTPConnection(server.host, timeout=10)
    raw = f"GET {path.replace('TOKEN', server.token)} HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode()
    link.connect()
    link.sock.sendall(raw)
    assert link.sock.recv(100).split()[1] == b"404"
    link.close()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "localhost"},
        {"Host": None},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_strangers_are_refused(server: Server, method: str, headers: dict[str, str | None]) -> None:
    path, body = ("/TOKEN/", b"") if method == "GET" else ("/TOKEN/save", labels(0, 0, 0))
    assert ask(server, method, path, body, **headers)[0] == 403
    assert not server.session.root.exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": None}, 403),
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": None}, 415),
        ({"Content_Length": None}, 411),
        ({"Content_Length": "-1"}, 411),
        ({"Content_Length": str(MAX_BODY + 1)}, 413),
        ({"Transfer_Encoding": "chunked"}, 411),
    ],
)
def test_only_json_of_its_own_page_is_taken(server: Server, headers: dict[str, str | None], status: int) -> None:
    assert ask(server, "POST", "/TOKEN/save", labels(0, 0, 0), **headers)[0] == status
    assert not server.session.root.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"x",
        b"[]",
        b"{}",
        b"[" * 100_000,
        labels(0, 0),
        labels(0, 0, 13),
        labels(0, 0, -1),
        labels(0, 0, True),
        labels(0, 0, "content"),
        labels(0, 0, 1.0),
        labels(0, 0, 0, page=1),
        labels(0, 0, 0, page=-1),
        labels(0, 0, 0, page=False),
        labels(0, 0, 0, page="../x"),
        b'{"page": 0, "labels": "abc", "was": [null, null, null]}',
        b'{"page": 0, "labels": [0, 0, 0]}',
        labels(0, 0, 0, was=(0, 0)),
        labels(0, 0, 0, was=(0, 0, 13)),
        labels(0, 0, 0, was="abc"),
    ],
)
def test_what_is_no_labels_is_refused(server: Server, body: bytes) -> None:
    status, text = ask(server, "POST", "/TOKEN/save", body)
    assert status == 400
    assert "reload" in text or "give a number" in text
    assert not server.session.root.exists()


def test_other_methods_are_none_of_its(server: Server) -> None:
    for method in ("PUT", "DELETE", "OPTIONS", "HEAD"):
        link = http.client.HTTPConnection(server.host, timeout=10)
        link.request(method, f"/{server.token}/")
        with link.getresponse() as answer:
            assert answer.status == 501
        link.close()


def test_labels_are_written_beside_the_page_and_go_on_later(tmp_path: Path) -> None:
    session = Session(tmp_path / "annotations")
    session.add(PAGE, name="a.html", stem="a", site="example.org")
    session.add(PAGE, name="again.html", stem="a", site="example.org")
    assert len(session) == 1
    assert session.save(0, [0, None, 11], NONE) == ([0, None, 11], [])
    (path,) = (tmp_path / "annotations" / "example.org").glob("*.jsonl")
    assert sorted(file.suffix for file in path.parent.iterdir()) == [".html", ".jsonl"]
    (page,) = labelled_pages(tmp_path / "annotations")
    assert (page.corpus, page.html) == ("example.org", PAGE)
    again = Session(tmp_path / "annotations")
    again.add(PAGE, name="a.html", stem="a", site="example.org")
    assert again.counts() == [(f"example.org/{path.stem}", 2, 3)]
    assert again._open[0].labels == [Label.CONTENT, None, Label.FOOTER]
    path.write_text("{}")
    with pytest.raises(DeclutterError, match=path.name):
        Session(tmp_path / "annotations").add(PAGE, name="a.html", stem="a", site="example.org")


@pytest.mark.parametrize(
    "name", ["../../x", "/etc/x", "..", ".hidden", "a/b", "a\\b", "a\0b", "", "x" * 500, "$(id)", "a\nb"]
)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    root = tmp_path / "in" / "annotations"
    session = Session(root)
    session.add(PAGE, name="a", stem=name, site=name)
    session.save(0, [0, 0, 0], NONE)
    (path,) = root.glob("*/*.jsonl")
    assert path.resolve().parent.parent == root.resolve()
    assert not path.name.startswith(".")
    assert path.parent.name not in {"", ".", ".."}
    assert [file for file in tmp_path.rglob("*") if file.is_file() and root not in file.parents] == []


@pytest.mark.parametrize(
    ("head", "site"),
    [
        ("<link rel=canonical href=https://www.example.org/a>", "example.org"),
        ("<meta property=og:url content=http://news.example.org:80/>", "news.example.org"),
        ("<link rel=canonical href='https://../../etc/'>", "folder"),
        ("<link rel=canonical href='http://[::1'>", "folder"),
        ("", "folder"),
    ],
)
def test_the_site_is_what_the_page_names(head: str, site: str) -> None:
    assert site_of(f"<head>{head}</head><p>x".encode(), "folder") == site
    assert site_of(b"<p>x") == "pages"


@pytest.fixture
def opened(tmp_path: Path) -> Session:
    return open_session(tmp_path)


def open_session(where: Path, html: bytes = PAGE, stem: str = "a") -> Session:
    session = Session(where / "annotations")
    session.add(html, name=f"{stem}.html", stem=stem, site="example.org")
    return session


def written(where: Path, html: bytes = PAGE) -> list[Label | None]:
    """What another process finds."""
    return open_session(where, html)._open[0].labels


def test_two_tabs_keep_each_others_labels(tmp_path: Path, opened: Session) -> None:
    assert opened.save(0, [0, 11, None], NONE) == ([0, 11, None], [])
    assert opened.save(0, [None, None, 4], NONE) == ([0, 11, 4], [])
    assert opened.save(0, [None, 11, None], [0, 11, None]) == ([None, 11, 4], []), "a label that is taken back"
    assert written(tmp_path) == [None, Label.FOOTER, Label.NAVIGATION]


def test_two_processes_keep_each_others_labels(tmp_path: Path, opened: Session) -> None:
    other = open_session(tmp_path)
    opened.save(0, [0, 11, None], NONE)
    assert other.save(0, [None, None, 4], NONE) == ([0, 11, 4], [])
    assert written(tmp_path) == [Label.CONTENT, Label.FOOTER, Label.NAVIGATION]
    assert opened.counts()[0][1] == 2
    assert '"edit":[[0,11,4]]' in opened.report(), "a page that is loaded anew shows them"
    assert opened.counts()[0][1] == 3


def test_what_both_labelled_stands_as_it_was_saved_first_and_is_told(tmp_path: Path, opened: Session) -> None:
    opened.save(0, [0, 11, None], NONE)
    assert opened.save(0, [5, 11, 4], NONE) == ([0, 11, 4], [0])
    assert written(tmp_path) == [Label.CONTENT, Label.FOOTER, Label.NAVIGATION]
    assert opened.save(0, [5, 11, 4], [0, 11, 4]) == ([5, 11, 4], []), "given again it is meant"


def test_labels_are_written_again_where_their_file_is_gone(tmp_path: Path, opened: Session) -> None:
    opened.save(0, [0, 11, None], NONE)
    for path in (tmp_path / "annotations" / "example.org").iterdir():
        path.unlink()
    opened.save(0, [0, 11, 4], [0, 11, None])
    assert written(tmp_path) == [Label.CONTENT, Label.FOOTER, Label.NAVIGATION]


def test_many_that_save_at_once_lose_nothing(tmp_path: Path) -> None:
    html = b"".join(b"<p>Paragraph %d of many." % number for number in range(8))
    sessions = [open_session(tmp_path, html) for _ in range(8)]
    none = [None] * 8

    def save(place: int) -> None:
        sessions[place].save(0, [0 if row == place else None for row in range(8)], none)

    threads = [threading.Thread(target=save, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert written(tmp_path, html) == [Label.CONTENT] * 8
    assert not list(tmp_path.rglob("*.part"))


def test_what_a_process_that_died_left_does_not_stop_others(
    tmp_path: Path, opened: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "_PATIENCE", 0.2)
    page = opened._open[0].page
    part = tmp_path / "annotations" / page.corpus / f".{page.name}.jsonl.part"
    part.parent.mkdir(parents=True)
    part.write_text("half")
    opened.save(0, [0, 11, None], NONE)
    assert written(tmp_path) == [Label.CONTENT, Label.FOOTER, None]
    assert not part.exists()


def test_pages_that_are_not_saved_are_known_until_they_are(tmp_path: Path, opened: Session) -> None:
    (tmp_path / "annotations").mkdir()
    (tmp_path / "annotations" / "example.org").write_text("a file")
    opened.add(b"<p>Another page.", name="b.html", stem="b", site="other.example")
    with pytest.raises(DeclutterError, match="name another folder"):
        opened.save(0, [0, 11, None], NONE)
    opened.save(1, [0], [None])
    ((name, why),) = opened.unsaved()
    assert name == "a.html"
    assert "File exists" in why
    (tmp_path / "annotations" / "example.org").unlink()
    opened.save(0, [0, 11, None], NONE)
    assert opened.unsaved() == []
    opened.lose(1)
    assert [name for name, _ in opened.unsaved()] == ["b.html"]


def test_a_block_whose_label_cannot_be_told_is_named(tmp_path: Path) -> None:
    session = open_session(tmp_path, TWINS)
    made = Server(session)
    thread = threading.Thread(target=made.run)
    thread.start()
    count = len(session._open[0].blocks)
    texts = session._open[0].blocks.texts
    one, two = (row for row, text in enumerate(texts) if text == "Read more")
    given = [4 if row == one else None for row in range(count)]
    status, told = ask(made, "POST", "/TOKEN/save", labels(*given, was=[None] * count))
    assert status == 400
    assert json.loads(told)["blocks"] == [two]
    assert f"block {two + 1} of {count} ('Read more') cannot be told" in json.loads(told)["message"]
    assert "label it too" in session.unsaved()[0][1]
    given[two] = 5
    status, told = ask(made, "POST", "/TOKEN/save", labels(*given, was=[None] * count))
    assert (status, json.loads(told)) == (200, {"labels": given, "stood": []})
    assert ask(made, "POST", "/TOKEN/done", b"{}")[0] == 400
    assert ask(made, "POST", "/TOKEN/done", b'{"unsaved": [1]}')[0] == 400
    assert thread.is_alive()
    assert ask(made, "POST", "/TOKEN/done", b'{"unsaved": [0]}') == (200, "done")
    thread.join(10)
    assert not thread.is_alive()
    assert [name for name, _ in session.unsaved()] == ["a.html"]


def test_labels_of_other_bytes_under_the_name_are_found(tmp_path: Path, opened: Session) -> None:
    opened.save(0, [0, 11, None], NONE)
    open_session(tmp_path, PAGE, "a-b").save(0, [0, 11, None], NONE)
    (path,) = (tmp_path / "annotations" / "example.org").glob("a-????????.jsonl")
    later = open_session(tmp_path, PAGE + b"<p>More.")
    assert later.earlier() == [("a.html", path)]
    later.add(PAGE, name="old/a.html", stem="a", site="example.org")
    assert later.earlier() == [], "it is open too"
    later = open_session(tmp_path, PAGE + b"<p>More.")
    later.save(0, [0, None, None, None], [None] * 4)
    assert later.earlier() == [], "it has labels of its own"
    assert opened.earlier() == []


def test_another_version_of_a_page_is_another_page() -> None:
    assert page_of(b"<p>x", "a", "s").name != page_of(b"<p>y", "a", "s").name


def test_a_page_without_text_and_a_port_that_is_taken_are_said(server: Server) -> None:
    with pytest.raises(InputError, match="nothing to label"):
        server.session.add(b"", name="a", stem="a", site="s")
    with pytest.raises(InputError, match="--port"):
        Server(server.session, server._http.server_port)
