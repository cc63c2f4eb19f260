"""False alarms: content that talks like chrome, and how much of it stays. `make bench-alarms`.

Pages of public corpora that are set aside (`training_data/set_aside.toml`), where the corpora are here, and pages of our own
in `benchmarks/alarms/`. Nobody trains on either. Written to `benchmarks/results/alarms.json` and `alarms.md`.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from declutter.corpus import own
from declutter.corpus.registry import corpora_root
from declutter.measure.alarms import alarms_of, shares
from declutter.model import load_default
from declutter.training.data import load_examples, set_aside_pages

if TYPE_CHECKING:
    from declutter.measure.alarms import Alarms

ROOT: Final = Path(__file__).resolve().parent
_RESULTS: Final = ROOT / "results"


def markdown(groups: dict[str, list[Alarms]], sha256: str, day: str) -> str:
    """The figures as tables."""
    lines = [
        f"Written on {day} by `make bench-alarms`, model sha256 {sha256[:12]}, strictness balanced: pages about giving, paying,"
        " newsletters, cookies, prices, on which the content has to stay. Chosen by words of their titles, or written for this;"
        " labelled block by block; never trained on.",
        "",
        "| pages | | blocks of content | kept | words kept | pages that lose any block | a tenth of the words |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, found in groups.items():
        row = shares(found)
        lines.append(
            f"| {name} | {row['pages']} | {row['blocks']} | {row['kept']:.3f} | {row['words_kept']:.3f} |"
            f" {row['pages_losing_any']:.2f} | {row['pages_losing_a_tenth']:.2f} |"
        )
    lines += ["", "| page | blocks of content | kept | words | kept |", "|---|---|---|---|---|"]
    lines += [
        f"| {page.name} | {page.blocks} | {page.kept} | {page.words} | {page.kept_words} |"
        for found in groups.values()
        for page in sorted(found, key=lambda page: page.kept / max(page.blocks, 1))
    ]
    return "\n".join([*lines, ""])


def main() -> None:
    """Measure, and write both files."""
    model = load_default()
    groups = {"our own": alarms_of(load_examples(list(own.read(ROOT / "alarms"))), model)}
    if aside := set_aside_pages(corpora_root()):
        groups["of public corpora"] = alarms_of(load_examples(aside), model)
    groups["all"] = [page for found in groups.values() for page in found]
    day, sha256 = datetime.now(UTC).date().isoformat(), str(model.info["sha256"])
    whole = {"date": day, "model": sha256, "rows": {name: shares(found) for name, found in groups.items()}}
    (_RESULTS / "alarms.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    del groups["all"]
    text = markdown(groups, sha256, day)
    (_RESULTS / "alarms.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
