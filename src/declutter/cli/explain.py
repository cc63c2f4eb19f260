"""`declutter explain`: every block of a page with its label and why."""

from __future__ import annotations

from typing import Annotated

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
from declutter.cli.terminal import STYLES, bar, complain, print_table, problem_of
from declutter.errors import DeclutterError
from declutter.labels import Label

__all__ = ["explain"]


def explain(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file, or - for standard input.")],
    label: Annotated[
        list[Label] | None, typer.Option(metavar="LABEL", help="Only blocks of this label; may be given again.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Reasons for a block at most.")] = 3,
    strictness: StrictnessOption = "balanced",
    markup: MarkupOption = None,
    text: TextOption = False,
    encoding: EncodingOption = None,
    model: ModelOption = None,
    trust_model: TrustOption = False,
) -> None:
    """Show each block of a page: label, score and why.

    A reason is a group of things the model saw in the block, such as its links or its place; the strongest is the one
    without which the label would have been least likely.

    Example: declutter explain page.html --label donation --label payment
    """
    how, known, written = read_strictness(strictness), read_encoding(encoding), read_markup(markup, text)
    loaded = chosen_model(model, trust=trust_model)
    try:
        from declutter.explain import Explainer  # noqa: PLC0415 - no other command needs it
        from declutter.pipeline import predict  # noqa: PLC0415

        item = one_item(file, written)
        page = predict(read_item(item), markup=item.markup, encoding=known, model=loaded, strictness=how)
        explainer = Explainer(page, loaded)
        wanted = set(label) if label else set(Label)
        rows: list[list[str | tuple[str, str]]] = []
        with bar("explaining") as advance:
            for row, block in enumerate(page.blocks):
                if block.label in wanted:
                    words, why = " ".join(block.text.split()), "; ".join(explainer.reasons(row, limit))
                    rows.append([str(row), (str(block.label), STYLES[block.label]), f"{block.score:.2f}", words, why])
                advance(row + 1, len(page.blocks))
    except DeclutterError as error:
        complain(file, problem_of(error))
        raise typer.Exit(1) from None
    print_table(
        (("#", "right"), ("label", "fixed"), ("score", "right"), ("text", "cut"), ("why", "fold")), rows, title=file
    )
