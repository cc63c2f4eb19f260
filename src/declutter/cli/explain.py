"""`declutter explain`: every block of a page with its label and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from declutter.cli.inputs import one_item, read_item
from declutter.cli.options import (
    EncodingOption,
    MarkupOption,
    ModelOption,
    StrictnessOption,
    TextOption,
    TrustOption,
    chosen_model,
    read_encoding,
    read_markup,
    read_strictness,
)
from declutter.cli.rules import KeepOption, RulesOption, StripOption, UrlOption, read_given
from declutter.cli.tally import Tally
from declutter.cli.terminal import STYLES, bar, complain, print_table, problem_of, put
from declutter.errors import DeclutterError, InputError
from declutter.labels import Label

if TYPE_CHECKING:
    from declutter.page import Page

__all__ = ["explain"]

_LONGEST_TEXT: Final = 300
# What adds less in sum is told as one.
_SHOWN: Final = 0.02


def explain(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file, or - for standard input.")],
    label: Annotated[
        list[Label] | None, typer.Option(metavar="LABEL", help="Only blocks of this label; may be given again.")
    ] = None,
    block: Annotated[
        int | None, typer.Option(metavar="NUMBER", min=0, help="All that moved one block, and every step to its label.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Reasons for a block at most.")] = 3,
    strictness: StrictnessOption = "balanced",
    keep: KeepOption = None,
    strip: StripOption = None,
    rules: RulesOption = None,
    url: UrlOption = None,
    markup: MarkupOption = None,
    text: TextOption = False,
    encoding: EncodingOption = None,
    model: ModelOption = None,
    trust_model: TrustOption = False,
) -> None:
    """Show each block of a page: label, score and why.

    A reason is a group of things the model saw in the block, such as its links or its place, that moved it towards its label
    from where the page's other blocks stand; the strongest comes first. With --block, all of them with what they add to
    the log-odds, what speaks against the label too, and what calibration, threshold and rules made of the sum.

    Rules are those that `declutter clean` would go by: of --keep and --strip, and of declutter.toml or --rules.

    Example: declutter explain page.html --label donation --label payment
    """
    how, known, written = read_strictness(strictness), read_encoding(encoding), read_markup(markup, text)
    given = read_given(keep, strip, rules, url)
    tally = Tally(given.keep, given.strip, given.book)
    loaded = chosen_model(model, trust=trust_model)
    try:
        from declutter.pipeline import predict  # noqa: PLC0415 - costs start-up time

        item = one_item(file, written)
        html = read_item(item)
        address, ruled = given.of(html, item.markup, known)
        page = predict(html, url=given.url, markup=item.markup, encoding=known, model=loaded, strictness=how, **ruled)
        tally.add(address, page.matched_rules)
        if block is not None:
            _print_block(page, block)
            _tell(tally)
            return
        wanted = set(label) if label else set(Label)
        rows: list[list[str | tuple[str, str]]] = []
        with bar("explaining") as advance:
            for row, one in enumerate(page.blocks):
                if one.label in wanted:
                    words, why = " ".join(one.text.split()), "; ".join(one.reasons.strongest(limit))
                    rows.append([str(row), (str(one.label), STYLES[one.label]), f"{one.score:.2f}", words, why])
                advance(row + 1, len(page.blocks))
    except DeclutterError as error:
        complain(file, problem_of(error))
        raise typer.Exit(1) from None
    print_table(
        (("#", "right"), ("label", "fixed"), ("score", "right"), ("text", "cut"), ("why", "fold")), rows, title=file
    )
    _tell(tally)


def _tell(tally: Tally) -> None:
    for line in tally.summary():
        complain("", line)


def _print_block(page: Page, row: int) -> None:
    """All that is known of why one block has its label."""
    if row >= len(page.blocks):
        raise InputError(f"there is no block {row}: the page has {len(page.blocks):,}, from 0")
    block = page.blocks[row]
    reasons = block.reasons
    how = ", by a rule" if block.decided_by == "rule" else ""
    put(f"block {row}, {block.label} {block.score:.2f}{how}: {' '.join(block.text.split())[:_LONGEST_TEXT]}\n")
    accounts = [("log-odds that it is content", reasons.content)]
    if reasons.kind is not None:
        accounts.append((f"log-odds that it is {block.label} among the kinds of chrome", reasons.kind))
    for title, account in accounts:
        lines = [[f"{account.start:+.3f}", "where the blocks of the page stand that it is compared with"]]
        lines += [[f"{reason.weight:+.3f}", reason.text] for reason in account.reasons if abs(reason.weight) >= _SHOWN]
        rest = sum(reason.weight for reason in account.reasons if abs(reason.weight) < _SHOWN)
        lines += [[f"{rest:+.3f}", "all else"], [f"{account.log_odds:+.3f}", "in sum"]]
        print_table((("adds", "right"), ("what", "fold")), lines, title=title)
    steps = [[step.name, f"{step.content_score:.3f}", str(step.label or ""), step.text] for step in reasons.steps]
    print_table(
        (("step", "fixed"), ("content_score", "right"), ("label", "fixed"), ("what it did", "fold")),
        steps,
        title="from the sum to the label",
    )
