"""Labels of your own for your own pages: given in a browser, from a server that only this machine reaches."""

from __future__ import annotations

from declutter.annotate.folder import labelled_pages, site_of
from declutter.annotate.server import Server
from declutter.annotate.session import Session

__all__ = ["Server", "Session", "labelled_pages", "site_of"]
