"""The caller's rules in a run, and which of them are for a page: the same for every command that judges pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from declutter.rules.rulebook import RuleBook

if TYPE_CHECKING:
    from declutter.document import Markup
    from declutter.rules.rulebook import KeepAndStrip

__all__ = ["Given"]


class Given(NamedTuple):
    """What the options and the file of rules say.

    Attributes:
        keep: the rules of --keep.
        strip: those of --strip.
        url: where the page came from; None where that is not given.
        book: the file of rules.
    """

    keep: tuple[str, ...] = ()
    strip: tuple[str, ...] = ()
    url: str | None = None
    book: RuleBook = RuleBook()

    def of(self, html: bytes, markup: Markup, encoding: str | None) -> tuple[str | None, KeepAndStrip]:
        """Where a page came from, as far as rules by host need it, and its rules: those of options and file together.

        Args:
            html: the page.
            markup: what it is written in.
            encoding: as for `predict`.
        """
        address = self.url
        if address is None and self.book.by_host and markup == "html":
            from declutter.metadata.addresses import page_address  # noqa: PLC0415 - rules by host alone need it

            address = page_address(html, encoding=encoding)
        rules = self.book.of(address)
        return address, {"keep": (*self.keep, *rules["keep"]), "strip": (*self.strip, *rules["strip"])}
