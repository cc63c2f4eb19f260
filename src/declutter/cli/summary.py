"""What is said at the end of a batch: pages, failures, pages a second, words removed by label."""

from __future__ import annotations

from collections import Counter
from time import monotonic
from typing import TYPE_CHECKING

from declutter.labels import Label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from declutter.cli.work import Cleaned

__all__ = ["Summary"]


class Summary:
    """Counts what becomes of pages; the clock runs from when it is made."""

    def __init__(self) -> None:
        self._start = monotonic()
        self._cleaned = self._before = 0
        self._words: Counter[str] = Counter()

    def add(self, cleaned: Cleaned) -> None:
        """Count a page that was cleaned, or was done before."""
        if cleaned.before is None:
            self._cleaned += 1
        else:
            self._before += 1
        for label, count in cleaned.words:
            self._words[label] += count

    def lines(self, failed: int) -> Iterator[str]:
        """What to say.

        Args:
            failed: inputs that failed.
        """
        seconds = max(monotonic() - self._start, 1e-9)
        pages = self._cleaned + self._before + failed
        parts = [
            f"{self._cleaned:,} cleaned",
            f"{self._before:,} done before" * bool(self._before),
            f"{failed:,} failed",
        ]
        rate = f"{self._cleaned / seconds:.1f} pages a second"
        yield f"{pages:,} {'page' if pages == 1 else 'pages'}: {', '.join(part for part in parts if part)}; {_duration(seconds)}, {rate}"
        total = sum(self._words.values())
        if total:
            removed = total - self._words[Label.CONTENT]
            labels = [(label, count) for label, count in self._words.most_common() if label != Label.CONTENT and count]
            by_label = ", ".join(f"{label} {count:,}" for label, count in labels)
            yield f"{removed:,} of {total:,} words removed ({removed / total:.0%}){': ' * bool(by_label)}{by_label}"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
