"""The tables of `make bench`: this project beside other tools, as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["markdown"]

_POSTLIGHT: Final = (
    " postlight has no gold of its own: the text is that of the blocks that were labelled as content for this project, headline"
    " included, by the same guide that the model is trained by."
)


def _row_name(row: dict[str, Any]) -> str:
    return row["corpus"] if row["group"] == "all" else f"- {row['group']}"


def _table(report: dict[str, Any], cell: Callable[[dict[str, Any]], str]) -> list[str]:
    """A row for each corpus and page type, a column a tool; `cell` says what stands there of a tool's figures."""
    tools = list(report["rows"][0]["tools"])
    return [
        "| corpus | pages | " + " | ".join(tools) + " |",
        "|---|---|" + "---|" * len(tools),
        *(
            f"| {_row_name(row)} | {row['pages']} | {' | '.join(cell(row['tools'][tool]) for tool in tools)} |"
            for row in report["rows"]
        ),
    ]


def markdown(report: dict[str, Any]) -> str:
    """The tables: F1, precision and recall, and failures of corpora and page types; then the tools."""
    tools = list(report["rows"][0]["tools"])
    head, rule, *rows = _table(report, lambda of: f"{of['f1']:.3f}")
    gaps = [
        f" {gap:+.3f} ({low:+.3f} to {high:+.3f}) |" for gap, low, high in (r["difference"] for r in report["rows"])
    ]
    lines = [
        f"Measured on {report['date']} by `make bench`. Word F1 a page, averaged (trafilatura-eval: F of passages). This"
        " project: training corpora in grouped folds, dragnet and cleaneval by the shipped model. The last column: this"
        " project less the best other tool, 95% interval by a paired bootstrap over pages. Where a corpus's gold leaves"
        " the main headline out, this project is asked for the content without it; the other tools cannot be. This project's"
        f" scores are of {report['own_scores_of']}, model {report['own_model'][:12]}. Corpora: "
        + ", ".join(f"{name} at {commit[:7]}" for name, commit in report["corpora"].items())
        + f". Times: {report['timed']['pages']} pages of {report['timed']['corpus']}."
        + _POSTLIGHT * ("postlight" in report["corpora"])
        + " goose3's test pages are not here: their gold is the beginning of an article, of which no F1 can be told.",
        "",
        f"{head} to the best other |",
        f"{rule}---|",
        *(row + gap for row, gap in zip(rows, gaps, strict=True)),
        "",
        "Precision / recall of the same (of words, a page, averaged; trafilatura-eval: of passages):",
        "",
        *_table(report, lambda of: f"{of['precision']:.3f} / {of['recall']:.3f}"),
        "",
        f"Failed pages: on which the public call of a tool raises, or takes more than {report['patience_s']} seconds. A page on which another tool fails"
        " scores as if it had given nothing; this project's call is that of the shipped model, its scores are as above:",
        "",
        *_table(report, lambda of: str(of["errors"])),
        "",
        "| tool | version | ms a page | failed pages |",
        "|---|---|---|---|",
    ]
    for tool in tools:
        failed = sum(row["tools"][tool]["errors"] for row in report["rows"] if row["group"] == "all")
        lines.append(f"| {tool} | {report['versions'][tool]} | {report['ms_a_page'].get(tool, 0):.1f} | {failed} |")
    return "\n".join([*lines, ""])
