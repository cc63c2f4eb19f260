"""Rules that are kept in a file, for all pages and by the host that a page comes from."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypedDict
from urllib.parse import urlsplit

from declutter.errors import InputError, RuleError, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["KeepAndStrip", "RuleBook", "Scope", "host_of", "load_rules"]

_ARGUMENTS: Final = ("keep", "strip")
_SUBDOMAINS: Final = "*."


class KeepAndStrip(TypedDict):
    """Rules as arguments of `predict`.

    Attributes:
        keep: what stays.
        strip: what goes.
    """

    keep: tuple[str, ...]
    strip: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """The rules of one table of the file.

    Attributes:
        name: the table, as in the file.
        host: "" for all pages; else a host, or `*.` and a host for those below it.
        keep: what stays.
        strip: what goes.
    """

    name: str
    host: str
    keep: tuple[str, ...]
    strip: tuple[str, ...]

    def covers(self, host: str) -> bool:
        """Whether its rules are for pages of a host, "" for one that is not known."""
        if self.host.startswith(_SUBDOMAINS):
            return host.endswith(self.host[1:]) and len(host) >= len(self.host)
        return self.host in {"", host}


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Rules by host, as `load_rules` reads them; plain data that pickles.

    Attributes:
        path: the file they are from.
        scopes: its tables, in order.
    """

    path: str = ""
    scopes: tuple[Scope, ...] = ()

    @property
    def by_host(self) -> bool:
        """Whether it matters where a page comes from."""
        return any(scope.host for scope in self.scopes)

    def scopes_of(self, url: str | None) -> tuple[Scope, ...]:
        """The tables whose rules are for a page.

        Args:
            url: where the page came from; None where that is not known.
        """
        host = host_of(url or "")
        return tuple(scope for scope in self.scopes if scope.covers(host))

    def of(self, url: str | None = None) -> KeepAndStrip:
        """The rules for a page, to be handed on: `predict(html, url=url, **book.of(url))`.

        Those of all tables that are for the page's host together: `keep` of one is stronger than `strip` of another.

        Args:
            url: as for `scopes_of`.

        Raises:
            InputError: the address is no text.
        """
        if url is not None and not isinstance(url, str):
            raise InputError(f"url is of type {type(url).__name__}: give a text, or None")
        scopes = self.scopes_of(url)
        return {
            "keep": tuple(rule for scope in scopes for rule in scope.keep),
            "strip": tuple(rule for scope in scopes for rule in scope.strip),
        }


def host_of(url: str) -> str:
    """The host of an absolute http or https address in lower case, as it is written in ASCII; "" where there is none."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        return ""
    return _ascii(host) if parts.scheme in {"http", "https"} else ""


def _ascii(host: str) -> str:
    host = host.lower().rstrip(".")
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def load_rules(path: str | Path) -> RuleBook:
    """Read a file of rules, such as a project's `declutter.toml`.

    Its tables are `[all]`, for every page, and `[hosts."example.org"]` or `[hosts."*.example.org"]`, for pages of that host
    or of the hosts below it. Each holds `keep` and `strip`, lists of rules as `predict` takes them.

    Args:
        path: the file, TOML.

    Raises:
        RuleError: it cannot be read, or holds anything else; the message names the file, the key and the rule.
    """
    if not isinstance(path, str | PathLike):
        raise RuleError(f"path is of type {type(path).__name__}: give the name of a file of rules")
    name = str(path)
    try:
        import tomllib  # noqa: PLC0415 - costs start-up time

        if Path(path).exists() and not Path(path).is_file():
            raise RuleError(f"{name} cannot be read (it is no file): check the path")
        tables = tomllib.loads(Path(path).read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise RuleError(f"{name} cannot be read ({error.strerror or error}): check the path") from None
    except UnicodeDecodeError:
        raise RuleError(f"{name} is not UTF-8: save it as that") from None
    except RecursionError:
        raise RuleError(f"{name} is no TOML that can be read (nested too deeply): mend it there") from None
    except ValueError as error:
        raise RuleError(f"{name} is no TOML ({error}): mend it there") from None
    return RuleBook(name, tuple(_scopes(name, tables)))


def _scopes(file: str, tables: dict[str, Any]) -> Iterator[Scope]:
    for key, table in tables.items():
        if key == "all":
            yield _scope(file, "all", "", table)
        elif key == "hosts":
            for host, rules in _table(file, key, table).items():
                yield _scope(file, f'hosts."{host}"', _host(file, host), rules)
        else:
            raise RuleError(f'{file}: there is no table {key!r}: the tables are [all] and [hosts."example.org"]')


def _host(file: str, host: str) -> str:
    below = _SUBDOMAINS if host.startswith(_SUBDOMAINS) else ""
    bare = host.removeprefix(below)
    # What an address would have there comes back the same; anything else is more than a host, or none.
    plain = host_of(f"http://{bare}/")
    if not plain or "*" in bare or bare != bare.strip() or plain != _ascii(bare):
        raise RuleError(f"{file}: hosts.{host!r} is no host: give one such as example.org, or *.example.org")
    return below + plain


def _table(file: str, name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise RuleError(f"{file}: {name} is no table: write [{name}] above its keys")
    return value


def _scope(file: str, name: str, host: str, value: object) -> Scope:
    from declutter.rules.rules import listed, read_rules  # noqa: PLC0415 - costs start-up time

    rules: KeepAndStrip = {"keep": (), "strip": ()}
    for key, given in _table(file, name, value).items():
        place = f"{file}: {name}.{key}"
        if key not in _ARGUMENTS:
            raise RuleError(f"{place} is not known: the keys are {' and '.join(_ARGUMENTS)}")
        if not isinstance(given, list):
            raise RuleError(f"{place} is {shown(given)}: give a list of rules")
        read_rules(given if key == "keep" else (), given if key == "strip" else (), keep_as=place, strip_as=place)
        rules["keep" if key == "keep" else "strip"] = listed(given, place)
    return Scope(name, host, **rules)
