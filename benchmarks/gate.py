"""The gate: the shipped model is what it is said to be, and no worse than it was. `make gate`; `.ci/run` calls it.

It checks that model.json matches the features version, the code and, where the corpora are, the pages; that the figures
stored with the model are its own, of all pages, as they were recorded and not below the floors of models/baseline.json; the
model afresh on a fixed sample of the validation corpora, where they are; and that what the model makes of pages of ours, as
HTML, Markdown and plain text, has not changed.

A new model: `declutter train`, `declutter evaluate`, `gate.py --update`. Code that changed, with equal values (a speed-up, a
rename): `gate.py --same-values`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from declutter.corpus.registry import corpora_root
from declutter.errors import CorpusError, DeclutterError
from declutter.measure.gate import Gate
from declutter.measure.ratchet import raise_floors, same_values, update

ROOT: Final = Path(__file__).resolve().parents[1]


def main(arguments: list[str] | None = None) -> int:
    """Check, or write what is checked against; 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "default", help="the model's folder")
    parser.add_argument("--corpora", type=Path, default=None, help="folder of the public corpora")
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--update",
        action="store_true",
        help="store golden outputs, of a new model or of changed pages; then what --raise does",
    )
    what.add_argument(
        "--raise", action="store_true", dest="rise", help="seal the stored figures and raise the floors to them"
    )
    what.add_argument(
        "--same-values", action="store_true", help="prove that changed code gives equal values; record it"
    )
    parser.add_argument(
        "--allow-regression",
        action="store_true",
        help="lower floors that figures are below; take other figures of the same origin; with --update also other outputs of"
        " the same model",
    )
    parser.add_argument(
        "--first",
        action="store_true",
        help="with --update, begin where golden.json, held_out.json or baseline.json never was",
    )
    options = parser.parse_args(arguments)
    try:
        root = corpora_root(options.corpora)
    except CorpusError as error:
        print(error)
        root = None
    gate = Gate(options.model, ROOT, root)
    try:
        if options.update:
            print("\n".join(update(gate, allow=options.allow_regression, first=options.first)))
        elif options.rise:
            print("\n".join(raise_floors(gate, allow=options.allow_regression)))
        elif options.same_values:
            print(same_values(gate))
        else:
            gate.check()
    except DeclutterError as error:
        gate.failures.append(str(error))
    for line in gate.told:
        print(line)
    for line in gate.failures:
        print(f"FAILED {line}", file=sys.stderr)
    return 1 if gate.failures else 0


if __name__ == "__main__":
    sys.exit(main())
