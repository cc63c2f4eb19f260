"""Pages of an invented site, for tests of what is learnt from labelled pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from declutter import predict
from declutter.annotate import folder

if TYPE_CHECKING:
    from pathlib import Path

    from declutter.labels import Label

TOPICS: Final = ("harbour walls", "night buses", "allotment rents", "the old kiln", "a school roof")


def site_page(number: int, site: str = "brackwater-herald.example") -> bytes:
    """An article of the site; what its box `tides` says reads like content and is none to its readers."""
    topic = TOPICS[number % len(TOPICS)]
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>On {topic}</title>
<link rel="canonical" href="https://www.{site}/{number}"></head><body class="herald">
<nav class="herald-menu"><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav>
<main class="herald-story"><h1>On {topic}</h1>
<p>The council spoke of {topic} for the whole of Tuesday evening, and ended where it had begun, with a vote to wait.</p>
<p>Residents who had come to hear about {topic} left at ten, when the hall closed, and talked on in the rain outside.</p>
<div class="herald-tides"><p>High water at the Brackwater bar came {number + 3} minutes early this week, as it has since the
spring, and the pilots have asked for the lower marks to be painted again before the winter.</p></div>
<p>A second meeting about {topic} follows on the ninth, the clerk said, and the minutes will be printed before then.</p>
</main><div class="herald-letter"><h2>The Herald by post</h2><p>Leave your address and read us on Fridays.</p>
<form><input type="email" placeholder="Your address"><button>Send</button></form></div>
<footer class="herald-foot"><p>&copy; The Brackwater Herald</p></footer></body></html>""".encode()


def annotate(
    root: Path, html: bytes, name: str, labels: dict[str, Label], site: str = "herald", rest: bool = True
) -> None:
    """Blocks that begin with one of the texts get its label, the others the model's, or none."""
    judged = predict(html)
    given = [
        next((label for text, label in labels.items() if block.text.startswith(text)), block.label if rest else None)
        for block in judged.blocks
    ]
    page = folder.page_of(html, name, site)
    folder.write_labels(root, page, judged._document, judged._table, given)
