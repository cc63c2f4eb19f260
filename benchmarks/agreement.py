"""How far two readers agree on the labels of the same pages, who saw nothing of each other. `make bench-agreement`.

The second readings stand in `training_data/second_readings/`, in the format of annotations, and so do first readings that were mended
since, in `training_data/first_readings/`; nothing is trained on either. Written to
`benchmarks/results/agreement.json` and `agreement.md`.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from declutter.corpus.check import FIRST, SECOND, WAITING
from declutter.corpus.registry import corpora_root, load_corpus, root_of
from declutter.corpus.sources import training_data_root
from declutter.measure.agreement import agreement, both_readings, rows_by_label
from declutter.measure.tables import table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_RESULTS: Final = Path(__file__).resolve().parent / "results"


def report_of(tables: Mapping[str, NDArray[np.int64]], annotated: int, day: str) -> dict[str, Any]:
    """The figures of all pages, of each corpus, and of each label.

    Args:
        tables: by corpus and name of the page what both readers call its blocks.
        annotated: pages that have a first reading.
        day: of the measurement.
    """
    corpora = sorted({name.split("/")[0] for name in tables})
    groups = {corpus: [t for name, t in tables.items() if name.startswith(f"{corpus}/")] for corpus in corpora}
    whole = np.sum([*tables.values()], axis=0)
    return {
        "date": day,
        "annotated": annotated,
        "all": {"pages": len(tables), **agreement(whole)},
        "corpora": {
            corpus: {"pages": len(found), **agreement(np.sum(found, axis=0))} for corpus, found in groups.items()
        },
        "labels": rows_by_label(whole),
        "pages": {name: agreement(found) for name, found in sorted(tables.items())},
    }


def markdown(report: Mapping[str, Any]) -> str:
    """The figures as tables."""
    groups = {**report["corpora"], "all": report["all"]}
    names = ("pages", "blocks", "same", "content", "kappa")
    columns = ("label", "first", "second", "f1", "mistaken for", "times")
    return "\n".join(
        [
            f"Written on {report['date']} by `make bench-agreement`: pages of public corpora that two readers labelled block by block, neither"
            f" of whom saw what the other did, nor a model; {report['all']['pages']} of the {report['annotated']} that are labelled. No second reader saw"
            " a gold text; on pages of wcxb that say content too the first did (training_data/README.md)."
            " Same: blocks that both gave the same label. Content: blocks that both or neither called content. Kappa: Cohen's.",
            "",
            *table(("corpus", *names), ((name, *(row[column] for column in names)) for name, row in groups.items())),
            "",
            "By label: blocks that each reader called so, F1 of the one against the other, and what it is mistaken for most.",
            "",
            *table(
                ("label", "first reader", "second reader", "F1", "mistaken for", "times"),
                ([row[column] for column in columns] for row in report["labels"]),
            ),
            "",
        ]
    )


def main() -> None:
    """Measure, and write both files."""
    data = training_data_root()
    labelled = [data / "annotations", data / WAITING / "annotations"]
    corpora = sorted(path.name for path in (data / SECOND).iterdir() if path.is_dir())
    root = corpora_root()
    pages = [page for corpus in corpora for page in load_corpus(corpus, root_of(corpus, root) or root)]
    tables = both_readings(pages, [data / FIRST, *labelled], data / SECOND)
    annotated = len({path.relative_to(folder) for folder in labelled for path in folder.glob("*/*.jsonl")})
    report = report_of(tables, annotated, datetime.now(UTC).date().isoformat())
    (_RESULTS / "agreement.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    text = markdown(report)
    (_RESULTS / "agreement.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
