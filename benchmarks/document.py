"""What is left of real pages when only the chrome is cut out of them: counts by corpus, as a table.

Nothing may be added; the content has to be there when the document is read again; the chrome must not.
"""

from __future__ import annotations

import argparse
from dataclasses import astuple, fields

import declutter
from declutter.corpus import corpora_root, load_corpus
from declutter.corpus.dedupe import without_duplicates
from declutter.measure.cutting import Cut, check_cut

CORPORA = ("wcxb", "postlight", "trafilatura-eval")


def main() -> None:
    """Print the counts of the pages of each corpus whose hashes are the lowest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=200, help="over all corpora")
    arguments = parser.parse_args()
    root = corpora_root()
    total = Cut()
    print(f"| corpus | {' | '.join(field.name for field in fields(Cut))} |")
    print(f"|{'---|' * (len(fields(Cut)) + 1)}")
    for place, name in enumerate(CORPORA):
        wanted = arguments.pages * (place + 1) // len(CORPORA) - arguments.pages * place // len(CORPORA)
        pages = without_duplicates(sorted(load_corpus(name, root), key=lambda page: page.sha256))
        found = Cut()
        for page in pages[:wanted]:
            found += check_cut(declutter.predict(page.html), page.html)
        total += found
        print(f"| {name} | {' | '.join(map(str, astuple(found)))} |")
    print(f"| all | {' | '.join(map(str, astuple(total)))} |")


if __name__ == "__main__":
    main()
