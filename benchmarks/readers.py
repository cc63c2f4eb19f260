"""How far a reader and the gold of WCXB agree, beside how far the model and the gold do. `make bench-readers`.

On the pages of `training_data/read_blind.toml`, drawn at random by type and labelled by reading, without the gold. The model's
figures are of outer folds, as `make evaluate` stored them. Written to `benchmarks/results/readers.json` and `readers.md`.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from declutter.corpus.registry import corpora_root
from declutter.measure.held_out import HeldOut
from declutter.measure.readers import means, readings, weighed
from declutter.model.directory import default_directory
from declutter.training.data import blind_pages, load_pages

if TYPE_CHECKING:
    from declutter.measure.readers import Reading

CORPUS: Final = "wcxb"
_RATES: Final = ("F1", "precision", "recall")
_RESULTS: Final = Path(__file__).resolve().parent / "results"


def rows_of(found: list[Reading], types: Counter[str]) -> dict[str, dict[str, float]]:
    """The figures by page type, and weighed by how many pages of each type the corpus has."""
    rows = {}
    for name, _ in types.most_common():
        chosen = [one for one in found if one.page_type == name]
        rows[name] = _row(chosen, means(chosen))
    return rows | {"all, weighed by type": _row(found, weighed(found, types))}


def _row(found: list[Reading], scores: tuple[list[float], list[float]]) -> dict[str, float]:
    row: dict[str, float] = {"pages": len(found)}
    for who, rates in zip(("reader", "model"), scores, strict=True):
        row |= {f"{who} {what}": round(value, 4) for what, value in zip(_RATES, rates, strict=True)}
    nearer = sum(one.reader[0] > one.model[0] for one in found)
    return row | {"reader nearer": round(nearer / len(found), 4)}


def markdown(rows: dict[str, dict[str, float]], day: str) -> str:
    """The figures as a table."""
    columns = [*next(iter(rows.values()))]
    return "\n".join(
        [
            f"Written on {day} by `make bench-readers`: pages of WCXB drawn at random by type, labelled block by block by a reader who"
            " saw neither the gold nor any model. Word F1 against the gold, main headline left out, of what the reader calls"
            " content, and of what a model keeps that saw no page of the site; how often the reader is nearer to the gold.",
            "",
            f"| page type | {' | '.join(columns)} |",
            f"|{'---|' * (len(columns) + 1)}",
            *(
                f"| {name} | {row['pages']} | {' | '.join(f'{row[column]:.3f}' for column in columns[1:])} |"
                for name, row in rows.items()
            ),
            "",
        ]
    )


def main() -> None:
    """Measure, and write both files."""
    root = corpora_root()
    found = readings(blind_pages(root), HeldOut.read(default_directory()))
    types = Counter(page.page_type or "" for page in load_pages([CORPUS], root))
    rows = rows_of(found, types)
    day = datetime.now(UTC).date().isoformat()
    whole = {"date": day, "rows": rows, "pages": [asdict(one) for one in found]}
    (_RESULTS / "readers.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    text = markdown(rows, day)
    (_RESULTS / "readers.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
