"""Complete the model card with what was measured: labels, unseen corpora, languages, markups, and how far scores can be believed.

Training writes the card before anything is measured. This puts a part between its marks, from benchmarks/results and held_out.json
alone, and says what is missing there. Run by `make evaluate`, `make bench-markup` and `make bench-boxes`.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from declutter.measure.calibration import content_rates
from declutter.measure.held_out import FOLDS, SECTIONS, SHIPPED, TEXT, HeldOut
from declutter.measure.kind_tables import FEW, MEAN
from declutter.measure.tables import table
from declutter.training.data import OWN
from declutter.training.report import END, START

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HERE: Final = Path(__file__).resolve().parent
MODEL: Final = HERE.parent / "models" / "default"
_LINK: Final = "../../benchmarks/results"
_REAL: Final = "all but own"
_NAMES: Final = {"telling": "HTML, telling", "hashed": "HTML, hashed", "absent": "HTML, no class names"}
_MARKUPS: Final = {"as served": "HTML, as served", **_NAMES, "plain text": "plain text"}
# Fewer pages of a language than this say nothing; the rest stands in markup.md.
_ENOUGH: Final = 5
# Fewer kinds of a language make no column.
_KINDS: Final = 5


def _of(report: Mapping[str, Any], model: str) -> str:
    """Of which model and day a report is; said aloud where it is not the card's model."""
    sha256 = report["model"] if isinstance(report["model"], str) else report["model"]["sha256"]
    other = "" if sha256 == model else f", **of another model, {sha256[:12]}**"
    return f"on {report['date']}{other}"


def _rates(row: Mapping[str, Any]) -> list[float]:
    return [float(row[name]) for name in ("precision", "recall", "f1")]


def labels(quality: Mapping[str, Any], stored: HeldOut, model: str, results: Path) -> Iterator[str]:
    """Each label's precision, recall, F1 and support, and what is taken for what."""
    yield f"### By label\n\nBlocks, scored in grouped folds by models that saw no page of the site; `make evaluate`, {_of(quality, model)}."
    rows = [(row["label"], row["corpus"], row["blocks"], *_rates(row)) for row in quality.get("labels", [])]
    if rows:
        yield (
            " Content by each page's balanced threshold, else the likeliest kind; the main headline, content by rule, is left"
            " out. Blocks: those of pages on which some kind of chrome is known."
        )
    else:
        # Stored figures that are not the model's have no row in quality.json.
        scored = {row["corpus"] for row in quality["rows"] if row["how"] == SECTIONS[FOLDS]}
        for group, names in ((_REAL, scored - {OWN}), (OWN, scored & {OWN})):
            found = [r.figures.reliability for section, name, r in stored if section == FOLDS and name in names]
            rows.append(("content", group, *content_rates(found)))
        rows += [(r["kind"], r["corpus"], r["blocks"], *_rates(r)) for r in quality["kinds"] if _pooled(r)]
        yield (
            " Content: of all blocks of corpora with gold, those with a content score of .5 or more, the main headline left out."
            " Kinds: which of the twelve is likeliest, among blocks of chrome whose kind is known. Not measured for this model:"
            " content and kinds in one table, which a page's own threshold parts."
        )
    yield "\n\n"
    head = ("label", "pages", "blocks (support)", "precision", "recall", "F1")
    yield from _lines(table(head, sorted(rows, key=lambda row: row[1] == OWN)))
    if (results / "confusion.svg").is_file():
        yield f"\n![What blocks of each label are taken for]({_LINK}/confusion.svg)\n"


def _pooled(row: Mapping[str, Any]) -> bool:
    return row["corpus"] in {_REAL, OWN} and row["how"] == SECTIONS[FOLDS]


def unseen(quality: Mapping[str, Any], markup: Mapping[str, Any] | None, model: str) -> Iterator[str]:
    """Corpora that no page was trained on, also at each strictness."""
    yield (
        "\n### Corpora never seen\n\nShipped model: dragnet and cleaneval, on which nothing was trained, tuned or chosen. Left out:"
        f" by a model of the same code and settings that saw no page of the corpus. `make evaluate`, {_of(quality, model)}.\n\n"
    )
    rows = [row for row in quality["rows"] if row["group"] == "all" and _is_unseen(row)]
    head = ("corpus", "pages", "precision", "recall", "F1", "95% interval", "measured by")
    yield from _lines(
        table(
            head, ((r["corpus"], r["pages"], *_rates(r), f"{r['low']:.3f} to {r['high']:.3f}", _how(r)) for r in rows)
        )
    )
    at = {(r["corpus"], _how(r), r["strictness"]): r for r in quality.get("by_strictness", []) if _is_unseen(r)}
    more = "" if at else ", by `make evaluate`"
    if markup:
        served = [row for row in markup["markups"] if row["markup"] == "as served"]
        new = {(r["corpus"], SECTIONS[SHIPPED], r["strictness"]): r for r in served}
        if new.keys() - at.keys():
            more = f", by `make bench-markup`, {_of(markup, model)}"
        at = new | at
    if at:
        yield f"\nAt each [strictness](../../docs/how-to/strictness.md){more}, precision / recall:\n\n"
        names = list(dict.fromkeys(name for *_, name in at))
        cells = [
            (corpus, *(_pair(at.get((corpus, how, name))) for name in names), how)
            for corpus, how in dict.fromkeys(key[:2] for key in at)
        ]
        yield from _lines(table(("corpus", *names, "measured by"), cells))
    if lacking := sorted({r["corpus"] for r in rows} - {corpus for corpus, *_ in at}):
        yield f"\nNot measured for this model: {', '.join(lacking)} at strictness precision and recall.\n"


def _is_unseen(row: Mapping[str, Any]) -> bool:
    return row["how"] not in {SECTIONS[FOLDS], SECTIONS[TEXT]}


def _how(row: Mapping[str, Any]) -> str:
    return str(row["how"]).split(":")[0]


def _pair(row: Mapping[str, Any] | None) -> str:
    return f"{row['precision']:.3f} / {row['recall']:.3f}" if row else ""


def languages(
    quality: Mapping[str, Any], markup: Mapping[str, Any] | None, boxes: Mapping[str, Any] | None, model: str
) -> Iterator[str]:
    """Real pages by the language of their gold, each label by language, and boxes in disguise."""
    yield "\n### By language\n\n"
    if markup:
        yield (
            f"Held-out pages of the corpora by the language of their gold, {_ENOUGH} pages or more, by `make bench-markup` from scores of"
            f" `make evaluate` of {markup['scored']} ([all](../../benchmarks/results/markup.md)):\n\n"
        )
        rows = [row for row in markup["languages"] if row["pages"] >= _ENOUGH]
        head = ("language", "pages", "of", "precision", "recall", "F1", "measured by")
        yield from _lines(table(head, ((r["language"], r["pages"], r["of"], *_rates(r), r["how"]) for r in rows)))
    else:
        yield "Real pages by language: not measured for this model (`make bench-markup`).\n"
    if spoken := [row for row in quality.get("kinds_by_language", []) if row["blocks"] >= FEW]:
        yield (
            "\nEach kind by language of the page, in grouped folds, ours among them; precision / recall / F1 (blocks), where there are"
            f" {FEW} blocks or more, of languages with {_KINDS} such kinds. `make evaluate`, {_of(quality, model)}.\n\n"
        )
        yield from _lines(_by_kind(spoken))
    if boxes:
        yield (
            f"\nInvented boxes in invented articles ([boxes in disguise]({_LINK}/boxes.md)), by `make bench-boxes`, {_of(boxes, model)}:"
            " shares of the lines of boxes that are removed, and that are given the right label, and of the lines of articles that are kept.\n\n"
        )
        yield from _lines(_box_table(boxes, "language", {}))


def _by_kind(rows: list[Mapping[str, Any]]) -> list[str]:
    """A row for each kind, a column for each language of which enough kinds are known."""
    cells = {
        (
            row["kind"],
            row["language"],
        ): f"{row['precision']:.2f} / {row['recall']:.2f} / {row['f1']:.2f} ({row['blocks']})"
        for row in rows
        if row["kind"] != MEAN
    }
    counts = Counter(language for _, language in cells)
    spoken = [language for language in counts if counts[language] >= _KINDS]
    kinds = dict.fromkeys(kind for kind, _ in cells)
    return table(("kind", *spoken), ((kind, *(cells.get((kind, name), "") for name in spoken)) for kind in kinds))


def _box_table(boxes: Mapping[str, Any], by: str, names: Mapping[str, str]) -> list[str]:
    rows = [row for row in boxes["rows"] if row["by"] == by]
    rows.sort(key=lambda row: [*names].index(row["which"]) if names else 0)
    figures = ("removed", "named", "kept")
    cells = [(names.get(r["which"], r["which"]), r["box_lines"], *(float(r[name]) for name in figures)) for r in rows]
    return table((by if by == "language" else "class names", "lines of boxes", *figures), cells)


def markups(
    quality: Mapping[str, Any], markup: Mapping[str, Any] | None, boxes: Mapping[str, Any] | None, model: str
) -> Iterator[str]:
    """HTML with class names that tell, hashed and absent, and plain text."""
    yield "\n### By markup\n\n"
    if markup:
        yield (
            "The same unseen pages by the shipped model, strictness balanced: as served, with class names and ids hashed, without them, and"
            f" flattened to plain text. `make bench-markup`, {_of(markup, model)}.\n\n"
        )
        rows = [row for row in markup["markups"] if row["strictness"] == "balanced"]
        rows.sort(key=lambda row: str(row["corpus"]))
        head = ("corpus", "markup", "pages", "precision", "recall", "F1")
        yield from _lines(table(head, ((r["corpus"], _MARKUPS[r["markup"]], r["pages"], *_rates(r)) for r in rows)))
    else:
        yield "Unseen pages by markup: not measured for this model (`make bench-markup`).\n"
    if quality.get("hashed"):
        yield (
            "\nKinds on the same labelled pages as served and with class names and ids hashed, in grouped folds, F1; `make evaluate`,"
            f" {_of(quality, model)}:\n\n"
        )
        cells = [(r["kind"], r["corpus"], r["blocks"], float(r["f1"]), float(r["hashed"])) for r in quality["hashed"]]
        yield from _lines(table(("kind", "pages", "blocks", "as served", "hashed"), cells))
    if boxes:
        yield f"\nBoxes in disguise, `make bench-boxes`, {_of(boxes, model)}:\n\n"
        yield from _lines(_box_table(boxes, "names", _NAMES))
    flat = [row for row in quality["rows"] if row["group"] == "all" and row["how"] == SECTIONS[TEXT]]
    if flat:
        yield f"\nTraining corpora flattened to plain text, in grouped folds; `make evaluate`, {_of(quality, model)}:\n\n"
        yield from _lines(
            table(
                ("corpus", "pages", "precision", "recall", "F1"), ((r["corpus"], r["pages"], *_rates(r)) for r in flat)
            )
        )
    else:
        yield "\nTraining corpora as plain text, in grouped folds: not measured for this model (`declutter evaluate --text`).\n"


def reliability(quality: Mapping[str, Any], model: str) -> Iterator[str]:
    """The plot, and the errors of calibration."""
    yield (
        "\n### How far scores can be believed\n\nThe share of blocks that are content, by content score: on the dashed line a score is the"
        f" probability that it says it is. `make evaluate`, {_of(quality, model)}.\n\n"
        f"![Share of content by content score, corpus by corpus]({_LINK}/reliability.svg)\n\n"
        "Expected calibration error, a block, and rank correlation of `page.confidence` with a page's real F1:\n\n"
    )
    cells = [
        (
            r["corpus"],
            r["blocks"],
            float(r["error"]),
            "" if r["rank_correlation"] is None else r["rank_correlation"],
            _how(r),
        )
        for r in quality["calibration"]
    ]
    yield from _lines(table(("corpus", "blocks", "calibration error", "rank correlation", "measured by"), cells))


def _lines(rows: list[str]) -> Iterator[str]:
    yield "\n".join([*rows, ""])


def measured(results: Path, directory: Path) -> str:
    """The part between the marks.

    Args:
        results: benchmarks/results; without quality.json nothing is told.
        directory: the model's folder.
    """
    quality, markup, boxes = (_read(results / f"{name}.json") for name in ("quality", "markup", "boxes"))
    if quality is None:
        return "Not measured yet: run `make evaluate`."
    model = str(json.loads((directory / "model.json").read_text(encoding="utf-8"))["sha256"])
    stored = HeldOut.read(directory)
    return "".join(
        [
            "Put here from the stored results by `make evaluate`; not seen by training.\n\n",
            *labels(quality, stored, model, results),
            *unseen(quality, markup, model),
            *languages(quality, markup, boxes, model),
            *markups(quality, markup, boxes, model),
            *reliability(quality, model),
        ]
    ).rstrip()


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def filled(card: str, part: str) -> str:
    """A card with the part between its marks written anew; a card without marks gets them in front of its limits."""
    if START not in card:
        before, limits, behind = card.partition("## Limits\n")
        card = f"{before.rstrip()}\n\n## Measured\n\n{START}\n{END}\n\n{limits}{behind}"
    before, rest = card.split(START, 1)
    return f"{before}{START}\n\n{part}\n\n{END}{rest.split(END, 1)[1]}"


def main() -> None:
    """Rewrite the card of the shipped model."""
    path = MODEL / "MODEL_CARD.md"
    part = measured(HERE / "results", MODEL)
    path.write_text(filled(path.read_text(encoding="utf-8"), part), encoding="utf-8")


if __name__ == "__main__":
    main()
