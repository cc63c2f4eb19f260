"""`declutter train`: a model from the corpora that are here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from declutter.cli.options import CorporaOption, named_corpora, needs_training_packages
from declutter.cli.terminal import steps

__all__ = ["train"]


def train(
    directory: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIR",
            help="Where to write the model; models/default, or models/starter where any training corpus is missing.",
        ),
    ] = None,
    corpora: CorporaOption = None,
    force: Annotated[
        bool, typer.Option("--force", help="Train even if pages, code and settings are as before.")
    ] = False,
) -> None:
    """Train a model on the corpora that are here.

    Takes every training corpus that is here; on a bare clone that is training_data/pages alone, which gives the small
    starter model beside the shipped one. A model whose pages, code and settings have not changed is left as it is.

    Example: declutter train models/mine --corpora ~/corpora
    """
    with needs_training_packages():
        from declutter.training.run import train as run  # noqa: PLC0415 - needs the extra `train`
    with steps() as tell:
        written = run(directory, root=named_corpora(corpora), force=force, progress=tell)
    print(written)
