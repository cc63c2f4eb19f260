"""The gate: the shipped model must not fall below the floors in floors.json; `.ci/run` calls it where the corpora are.

Only corpora that nothing is trained, tuned or chosen on have floors. Floors rise by hand, when figures have risen for
good; to lower one, say so in the commit that does it.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Final

from declutter.training.evaluate import evaluate

FLOORS: Final = Path(__file__).parent / "floors.json"


def main() -> int:
    """Measure, print each figure beside its floor, and return 1 if any is below or missing."""
    floors: dict[str, float] = json.loads(FLOORS.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        evaluate(results=Path(folder), folds=0)
        report = json.loads((Path(folder) / "quality.json").read_text(encoding="utf-8"))
    found = {row["corpus"]: row["f1"] for row in report["rows"] if row["group"] == "all"}
    failed = [name for name, floor in floors.items() if found.get(name, 0.0) < floor]
    for name, floor in floors.items():
        print(f"{name}: F1 {found.get(name, 0.0):.4f}, floor {floor:.4f}{' BELOW' if name in failed else ''}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
