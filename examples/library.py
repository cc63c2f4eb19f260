"""How to use declutter from a program: `python examples/library.py [page.html]`."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from declutter import DeclutterError, predict


def main() -> int:
    """Clean one page, and say what went and how sure that is."""
    given = sys.argv[1:] or [str(Path(__file__).with_name("flood-wardens.html"))]
    # Bytes, not text: the encoding is part of the page, and declutter finds it out.
    html = Path(given[0]).read_bytes()
    try:
        page = predict(html)
    except DeclutterError as error:
        print(f"{given[0]}: {error}", file=sys.stderr)
        return 1

    print(page.headline.text if page.headline else page.title)
    print(f"confidence {page.confidence:.2f}, {len(page.content)} blocks of content, {len(page.text().split())} words")
    print()
    for label, count in Counter(block.label for block in page.chrome).most_common():
        best = max((block for block in page.chrome if block.label is label), key=lambda block: block.score)
        print(f"{label:<12} {count:>3}   surest: {best.text[:60]!r} ({best.score:.2f})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
