"""The server of `declutter annotate`: one page, on this machine alone, for whoever knows its address.

A page of the web that a browser shows meanwhile must neither read the labels nor change them. So the address holds a token
that nobody can guess, the Host must be this server's own (or a name of the web could be pointed at it), what changes
anything must come as JSON from this server's own page (Origin, Sec-Fetch-Site), and no other site may frame or read what
is sent. Nothing is served but the one page; no path leads to a file.
"""

from __future__ import annotations

import hmac
import json
import logging
import re
import secrets
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

from declutter.corpus.ranges import UntellableError
from declutter.errors import DeclutterError, InputError

if TYPE_CHECKING:
    from declutter.annotate.session import Session

__all__ = ["MAX_BODY", "Server"]

log: Final = logging.getLogger("declutter")

MAX_BODY: Final = 16_000_000
"""Bytes of a request at most: the labels of a million blocks, and what they were."""

_ADDRESS: Final = "127.0.0.1"
# A browser sends what it has to say at once; who is slower holds a thread for nothing.
_PATIENCE: Final = 30
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_LENGTH: Final = re.compile(r"[0-9]{1,9}")


class Server:
    """Shows the pages of a session and takes their labels.

    Args:
        session: the pages.
        port: where to listen, on the loopback interface; 0 for any that is free.

    Raises:
        InputError: the port is taken or not allowed.
    """

    def __init__(self, session: Session, port: int = 0) -> None:
        self.session = session
        self.token = secrets.token_urlsafe(32)
        try:
            self._http = _Http((_ADDRESS, port), _Handler)
        except (OSError, OverflowError) as error:
            raise InputError(f"port {port} cannot be used ({error}): leave --port out, or name another") from error
        self._http.owner = self

    @property
    def host(self) -> str:
        """Address and port."""
        return f"{_ADDRESS}:{self._http.server_port}"

    @property
    def url(self) -> str:
        """The address to open, with the token."""
        return f"http://{self.host}/{self.token}/"

    def run(self) -> None:
        """Answer until somebody is done; closes the server, also where it is interrupted."""
        try:
            self._http.serve_forever(poll_interval=0.1)
        finally:
            self._http.server_close()

    def stop(self) -> None:
        """Let `run` return; it waits for nothing."""
        threading.Thread(target=self._http.shutdown, daemon=True).start()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = False
    owner: Server

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - as the base class names them
        """A connection that breaks is no news."""
        log.debug("annotate: a connection failed: %s", sys.exception())


class _Refused(Exception):  # noqa: N818 - not an error of ours: an answer
    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


class _Handler(BaseHTTPRequestHandler):
    server: _Http
    protocol_version = "HTTP/1.0"  # a connection an answer: none outlives the server
    timeout = _PATIENCE

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def _answer(self, how: Any) -> None:
        try:
            how()
        except _Refused as refused:
            self._send(refused.status, str(refused))
        except UntellableError as error:
            self._send_json(HTTPStatus.BAD_REQUEST, {"message": str(error), "blocks": error.blocks})
        except DeclutterError as error:
            self._send(HTTPStatus.BAD_REQUEST, str(error))

    def _get(self) -> None:
        if self._place() != "":
            raise _Refused(HTTPStatus.NOT_FOUND, "nothing is here")
        self._send(HTTPStatus.OK, self.server.owner.session.report(), "text/html")

    def _post(self) -> None:
        place = self._place()
        if self.headers.get_all("Origin") != [f"http://{self.server.owner.host}"]:
            raise _Refused(HTTPStatus.FORBIDDEN, "this was asked by another page")
        if self.headers.get_content_type() != "application/json":
            raise _Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "this is not JSON")
        length = self.headers.get("Content-Length", "")
        if not _LENGTH.fullmatch(length) or "Transfer-Encoding" in self.headers:
            raise _Refused(HTTPStatus.LENGTH_REQUIRED, "the length is missing")
        if int(length) > MAX_BODY:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "this is too long")
        body = self.rfile.read(int(length))
        if place == "save":
            self._save(body)
        elif place == "done":
            self._done(body)
        else:
            raise _Refused(HTTPStatus.NOT_FOUND, "nothing is here")

    def _save(self, body: bytes) -> None:
        try:
            told = json.loads(body)
            number, labels, was = told["page"], told["labels"], told["was"]
        except (ValueError, TypeError, KeyError, RecursionError):
            raise InputError("this names no page and labels: reload this page") from None
        if not isinstance(labels, list) or not isinstance(was, list):
            raise InputError("these are no labels: reload this page")
        written, stood = self.server.owner.session.save(number, labels, was)
        self._send_json(HTTPStatus.OK, {"labels": written, "stood": stood})

    def _done(self, body: bytes) -> None:
        try:
            for number in json.loads(body)["unsaved"]:
                self.server.owner.session.lose(number)
        except (ValueError, TypeError, KeyError, RecursionError):
            raise InputError("this names no pages: reload this page") from None
        self._send(HTTPStatus.OK, "done")
        self.server.owner.stop()

    def _place(self) -> str:
        """What is asked for below the token; refuses whoever is not our own page or a person's own click."""
        owner = self.server.owner
        if self.headers.get_all("Host") != [owner.host]:
            raise _Refused(HTTPStatus.FORBIDDEN, "this server has another name")
        if self.headers.get("Origin", f"http://{owner.host}") != f"http://{owner.host}":
            raise _Refused(HTTPStatus.FORBIDDEN, "this was asked by another page")
        if self.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
            raise _Refused(HTTPStatus.FORBIDDEN, "this was asked by another page")
        path, right = self.path.encode("utf-8", "replace"), f"/{owner.token}/".encode()
        # In a time that does not tell how much of it is right.
        if not hmac.compare_digest(path[: len(right)], right):
            raise _Refused(HTTPStatus.NOT_FOUND, "nothing is here")
        return path[len(right) :].decode()

    def _send_json(self, status: HTTPStatus, told: dict[str, Any]) -> None:
        self._send(status, json.dumps(told), "application/json")

    def _send(self, status: HTTPStatus, text: str, kind: str = "text/plain") -> None:
        data = text.encode("utf-8", "backslashreplace")
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def version_string(self) -> str:
        """Tells nobody what runs here."""
        return "declutter"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the base class names it
        """Requests are no news, and their paths hold the token."""
