"""trafilatura's evaluation pages: passages that belong to the text and passages that do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from declutter.corpus.base import CorpusPage, Segments
from declutter.corpus.files import find_file, read_bytes, read_json
from declutter.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["read"]


def read(folder: Path) -> Iterator[CorpusPage]:
    """The pages that `evaldata.json` names, by file name.

    Args:
        folder: holds `evaldata.json` and the pages in `cache/` or `eval/`.

    Raises:
        CorpusError: a file is missing or damaged.
    """
    records = read_json(folder / "evaldata.json")
    for url, record in sorted(records.items(), key=lambda item: str(item[1]["file"])):
        file = str(record["file"])
        for place in ("cache", "eval"):
            path = folder / place / file
            if find_file(path) is not None:
                break
        else:
            raise CorpusError(f"{folder}: {file} is in neither cache/ nor eval/; fetch the corpus again")
        gold = Segments(tuple(record["with"]), tuple(record["without"]))
        yield CorpusPage("trafilatura-eval", file.removesuffix(".html"), read_bytes(path), gold, url=url)
