"""Renderings of the content: text, Markdown, HTML."""

from __future__ import annotations

from declutter.render.html import content_html, content_markdown
from declutter.render.text import content_text

__all__ = ["content_html", "content_markdown", "content_text"]
