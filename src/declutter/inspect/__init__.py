"""A page to look at: every block of it in the colour of its label, in one file for a browser."""

from __future__ import annotations

from declutter.inspect.mark import marked_html
from declutter.inspect.report import Entry, entry, html_report

__all__ = ["Entry", "entry", "html_report", "marked_html"]
