"""`declutter train`: a model from the corpora that are here, or the shipped one adapted to pages labelled by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from declutter.cli.options import (
    CorporaOption,
    TrustOption,
    check_named,
    loaded_model,
    named_corpora,
    needs_training_packages,
)
from declutter.cli.stopping import stopping_clean
from declutter.cli.terminal import complain, print_table, put, shown_name, steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from declutter.training.gains import Change

__all__ = ["train"]

_SHIPPED: Final = "shipped"
_ADAPTED: Final = "adapted-model"


def train(
    directory: Annotated[
        str | None,
        typer.Argument(
            metavar="DIR",
            help="Where to write the model; models/default, or models/starter where any training corpus is missing;"
            f" {_ADAPTED} with --annotations.",
        ),
    ] = None,
    corpora: CorporaOption = None,
    force: Annotated[
        bool, typer.Option("--force", help="Train even if pages, code and settings are as before.")
    ] = False,
    annotations: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Adapt a model to the pages labelled in this folder; needs no corpora."),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(metavar="MODEL", help=f"What to adapt: {_SHIPPED} (the default), or a model directory."),
    ] = None,
    trust_model: TrustOption = False,
) -> None:
    """Train a model on the corpora that are here, or adapt one to your own labelled pages.

    Takes every training corpus that is here; on a bare clone that is training_data/pages alone, which gives the small
    starter model beside the shipped one. A model whose pages, code and settings have not changed is left as it is.

    With --annotations nothing is trained anew: the model learns the sites of the pages that `declutter annotate` labelled,
    and says what that gained on pages it held out. On pages of other sites it stays as it was.

    Example: declutter train --annotations annotations --base shipped mine
    """
    for option, name in (("DIR", directory), ("--annotations", annotations), ("--base", base)):
        if name is not None:
            check_named(option, name)
    target = None if directory is None else Path(directory)
    if annotations is None:
        if base is not None:
            raise typer.BadParameter("--base goes with --annotations: name the folder of your labels")
        with needs_training_packages():
            from declutter.training.run import train as run  # noqa: PLC0415 - needs the extra `train`
        with stopping_clean(), steps() as tell:
            written = run(target, root=named_corpora(corpora), force=force, progress=tell)
        print(written)
        return
    if corpora is not None or force:
        raise typer.BadParameter("--annotations takes no --corpora and no --force: it reads the annotations alone")
    from declutter.model.directory import check_estimators, check_writable, default_directory  # noqa: PLC0415 - as below
    from declutter.training.adapt import NothingGained, adapt  # noqa: PLC0415 - no other command needs it

    target = target or Path(_ADAPTED)
    start = None if base in {None, _SHIPPED} else Path(str(base))
    if start is not None:
        loaded_model(str(start), trust=trust_model)  # warns before anything of it is run
    # What adapting needs in the end alone.
    check_estimators(start or default_directory(), trust=trust_model)
    check_writable(target)
    try:
        with steps() as tell:
            changes = adapt(Path(annotations), target, base=start, trust=trust_model, progress=tell)
    except NothingGained as nothing:
        _tell(nothing.changes)
        raise
    _tell(changes)
    put(shown_name(str(target)))


def _tell(changes: Sequence[Change]) -> None:
    """Before and after on the pages held out, and which sites could hold none out or lost."""
    measured = [change for change in changes if change.held_out]
    if measured:
        print_table(
            [
                ("site", "fold"),
                *(
                    (name, "right")
                    for name in ("pages held out", "F1", "after", "right labels", "after", "unlabelled that change")
                ),
            ],
            [
                [
                    change.site,
                    str(change.held_out),
                    f"{change.f1:.3f}",
                    f"{change.f1_after:.3f}",
                    f"{change.right:.3f}",
                    f"{change.right_after:.3f}",
                    f"{change.changed} of {change.unlabelled}",
                ]
                for change in measured
            ],
            title="pages held out, each judged by what other pages of its site tell",
            to_stderr=True,
        )
    for change in changes:
        if not change.held_out:
            complain(change.site, "one page alone: none can be held out, so nothing is measured; label a second")
        elif not change.kept:
            complain(change.site, "left as it was: its held-out pages came out worse; label more pages of it")
        if change.kept and change.changed > change.mended:
            complain(
                change.site,
                f"{change.changed} of {change.unlabelled} blocks that nobody labelled change, and {change.mended} that are"
                " labelled are mended: look at the pages with the new model, and label more of their blocks",
            )
