"""Called by mkdocs: brings pages that lie elsewhere in the repository, tables and the page of features into the site.

Pages link to files of the repository, as a reader of the repository needs it; here these links become ones to the pages
that the files are in the site. Nothing that the site shows is loaded from a network.
"""

from __future__ import annotations

import logging
import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from feature_page import feature_page
from tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "FEATURES",
    "PAGES",
    "TABLE",
    "linked",
    "loads",
    "on_files",
    "on_page_markdown",
    "on_post_build",
    "with_tables",
]

ROOT: Final = Path(__file__).parents[2]
RESULTS: Final = "benchmarks/results"
FEATURES: Final = "features.md"
"""The page that is written anew each time."""

PAGES: Final[dict[str, tuple[str, str]]] = {
    "models/default/MODEL_CARD.md": ("model-card.md", ""),
    "models/CHANGELOG.md": ("model-changelog.md", ""),
    "training_data/README.md": ("data-card.md", ""),
    "CHANGELOG.md": ("changelog.md", ""),
    "CONTRIBUTING.md": ("contributing.md", ""),
    "SECURITY.md": ("security.md", ""),
    f"{RESULTS}/bench.md": ("benchmarks/bench.md", "Beside other tools"),
    f"{RESULTS}/quality.md": ("benchmarks/quality.md", "Quality"),
    f"{RESULTS}/speed.md": ("benchmarks/speed.md", "Speed"),
    f"{RESULTS}/metadata.md": ("benchmarks/metadata.md", "Metadata"),
    f"{RESULTS}/structure.md": ("benchmarks/structure.md", "Structure"),
    f"{RESULTS}/document.md": ("benchmarks/document.md", "Documents less their chrome"),
    f"{RESULTS}/adapt.md": ("benchmarks/adapt.md", "Adapted models"),
    f"{RESULTS}/soak.md": ("benchmarks/soak.md", "Soak"),
    f"{RESULTS}/boxes.md": ("benchmarks/boxes.md", "Boxes in disguise"),
    f"{RESULTS}/markup.md": ("benchmarks/markup.md", "By markup and language"),
    f"{RESULTS}/languages.md": ("benchmarks/languages.md", "Languages left out"),
    f"{RESULTS}/alarms.md": ("benchmarks/alarms.md", "Content that talks like chrome"),
    f"{RESULTS}/agreement.md": ("benchmarks/agreement.md", "Two readers"),
    f"{RESULTS}/readers.md": ("benchmarks/readers.md", "Readers and gold"),
}
"""File of the repository -> page of the site, and the headline to give it where it has none."""

_LOG: Final = logging.getLogger("mkdocs.hooks.site_pages")
_FENCE: Final = re.compile(r"(^ *```.*?^ *```$)", re.MULTILINE | re.DOTALL)
_LINK: Final = re.compile(r"(!?\[([^\[\]]*)\]\()([^()#\s]+)((?:#[^()\s]*)?\))")
TABLE: Final = re.compile(r"^<!-- table: (.+) -->$", re.MULTILINE)
"""What stands for a table in a page."""
# What a browser fetches by itself; what a reader may click is no matter.
_LOADED: Final = re.compile(
    r"""<(?:script|img|iframe|source|video|audio)\b[^>]*?\bsrc=["']?((?:https?:)?//[^"'\s>]+)"""
    r"""|<link\b(?=[^>]*\brel=["']?(?:stylesheet|preload|preconnect|icon))[^>]*?\bhref=["']?((?:https?:)?//[^"'\s>]+)"""
    r"""|(?:url\(|@import\s)\s*["']?((?:https?:)?//[^"')\s]+)"""
)


def _sources() -> dict[str, str]:
    """File of the repository -> where it is in the site."""
    drawn = sorted(path.name for path in (ROOT / RESULTS).glob("*.svg"))
    return {
        **{file: page for file, (page, _) in PAGES.items()},
        **{f"{RESULTS}/{name}": f"benchmarks/{name}" for name in drawn},
        "README.md": "index.md",
    }


def linked(markdown: str, file: str, page: str) -> str:
    """A page's Markdown with its links to files of the repository made into links of the site.

    Args:
        markdown: the text.
        file: the file it is from, relative to the root of the repository.
        page: the page it becomes, relative to the root of the site.
    """
    places = _sources()

    def moved(link: re.Match[str]) -> str:
        opening, shown, target, closing = link.groups()
        if "://" in target or target.startswith("mailto:"):
            return link[0]
        meant = posixpath.normpath(posixpath.join(posixpath.dirname(file), target))
        place = meant.removeprefix("docs/") if meant.startswith("docs/") else places.get(meant)
        if place is None:
            # A file that is no page: its name is still worth reading. What is not there at all is left for mkdocs to find.
            return shown if (ROOT / meant).exists() else link[0]
        return f"{opening}{posixpath.relpath(place, posixpath.dirname(page) or '.')}{closing}"

    parts = _FENCE.split(markdown)
    return "".join(part if number % 2 else _LINK.sub(moved, part) for number, part in enumerate(parts))


def with_tables(markdown: str) -> str:
    """The Markdown with its tables filled in.

    Raises:
        KeyError: a page names a table that there is none of.
    """
    return TABLE.sub(lambda mark: TABLES[mark[1]](), markdown)


def loads(text: str) -> Iterator[str]:
    """Addresses that a browser would fetch from a network for a built page or style sheet."""
    for found in _LOADED.finditer(text):
        yield next(address for address in found.groups() if address)


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that do not lie in docs/."""
    # mkdocs is there where this is called, and not where the rest is tested.
    from mkdocs.structure.files import File  # noqa: PLC0415

    for file, place in _sources().items():
        if file in PAGES:
            headline = PAGES[file][1]
            text = (ROOT / file).read_text(encoding="utf-8")
            files.append(File.generated(config, place, content=f"# {headline}\n\n{text}" if headline else text))
        elif file.startswith(RESULTS):
            files.append(File.generated(config, place, abs_src_path=str(ROOT / file)))
    files.append(File.generated(config, FEATURES, content=feature_page()))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Fill in tables, and turn links."""
    place = page.file.src_uri
    file = next((file for file, (made, _) in PAGES.items() if made == place), f"docs/{place}")
    return linked(with_tables(markdown), file, place)


def on_post_build(config: Any) -> None:
    """Warn of anything that a page of the site would load from a network; warnings are errors of a strict build."""
    for path in sorted(Path(config.site_dir).rglob("*")):
        if path.suffix in {".html", ".css"}:
            for address in loads(path.read_text(encoding="utf-8")):
                _LOG.warning("%s loads %s: ship it, or leave it out", path.relative_to(config.site_dir), address)
