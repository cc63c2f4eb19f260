"""Boxes in disguise: what of them is removed and named, and what of the article stays. `make bench-boxes`.

Every box of `benchmarks/boxes/<language>.toml` on a page of its own, in every element, place and sort of class names.
Written to `benchmarks/results/boxes.json` and `boxes.md`.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from declutter.measure.disguise import Report, measure, read_material
from declutter.model import load_default

if TYPE_CHECKING:
    from collections.abc import Collection

ROOT: Final = Path(__file__).resolve().parent
_RESULTS: Final = ROOT / "results"
_FIGURES: Final = ("removed", "named", "kept")
# What is told of boxes without the lexicon of their language.
_ALONE: Final = ("all", "language")


def markdown(report: Report, without: Report, sha256: str, languages: int, day: str) -> str:
    """The figures as tables."""
    lines = [
        f"Written on {day} by `make bench-boxes`, model sha256 {sha256[:12]}: {languages} languages, ten boxes each, one page "
        "for each box, element, sort of names and place. Removed and named (with the right label): shares of the lines of "
        "boxes; kept: of the lines of articles, headline and caption included. Nobody trains on these texts.",
        "",
        "| by | | lines of boxes | removed | named | lines of articles | kept |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += _rows(report)
    lines += [
        "",
        "The same with the language's own lexicon, and its words of giving, press, mail and money, taken out:",
        "",
        "| by | | lines of boxes | removed | named | lines of articles | kept |",
        "|---|---|---|---|---|---|---|",
        *_rows(without, _ALONE),
    ]
    return "\n".join(lines) + "\n"


def _rows(report: Report, wanted: Collection[str] = ()) -> list[str]:
    lines = []
    for (what, which), tally in sorted(report.tallies.items()):
        if not wanted or what in wanted:
            shares = [f"{tally.shares()[name]:.3f}" for name in _FIGURES]
            lines.append(
                f"| {what} | {which} | {tally.chrome} | {shares[0]} | {shares[1]} | {tally.content} | {shares[2]} |"
            )
    return lines


def _plain(report: Report) -> list[dict[str, Any]]:
    return [
        {"by": what, "which": which, "box_lines": tally.chrome, "article_lines": tally.content, **tally.shares()}
        for (what, which), tally in sorted(report.tallies.items())
    ]


def main() -> None:
    """Measure, and write both files."""
    materials = {path.stem: read_material(path) for path in sorted((ROOT / "boxes").glob("*.toml"))}
    model = load_default()
    report, without = measure(materials, model), measure(materials, model, words=False)
    day = datetime.now(UTC).date().isoformat()
    sha256 = str(model.info["sha256"])
    found = {
        "date": day,
        "model": sha256,
        "languages": sorted(materials),
        "rows": _plain(report),
        "without_words": _plain(without),
    }
    (_RESULTS / "boxes.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    text = markdown(report, without, sha256, len(materials), day)
    (_RESULTS / "boxes.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
