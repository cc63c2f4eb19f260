"""`declutter evaluate`: how good the model is, corpus by corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from declutter.cli.options import CorporaOption, check_named, named_corpora, needs_training_packages
from declutter.cli.stopping import stopping_clean
from declutter.cli.terminal import put, steps

__all__ = ["evaluate"]


def evaluate(
    corpora: CorporaOption = None,
    results: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Where to write the figures; benchmarks/results of the checkout by default."),
    ] = None,
    folds: Annotated[
        int | None,
        typer.Option(
            min=0, help="Folds of the training corpora, 5 (the default), 3 or 15; 0 measures the shipped model alone."
        ),
    ] = None,
    left_out: Annotated[
        list[str] | None,
        typer.Option(
            "--left-out",
            metavar="CORPUS",
            help="Measure a training corpus also by a model of the others, or 'all' of them; can be given again.",
        ),
    ] = None,
    text: Annotated[
        bool, typer.Option("--text", help="Measure folds of the training corpora flattened to plain text instead.")
    ] = False,
) -> None:
    """Measure the model: figures for each corpus.

    Word F1, precision and recall. Training corpora are scored in folds in which no site stands on both sides, the
    others as they are. The table goes to standard output and to the results folder; the figures of each page are stored
    with the model as soon as they are there, so that a run that is cut off goes on where it stopped.

    Example: declutter evaluate --corpora ~/corpora --results figures/
    """
    with needs_training_packages():
        from declutter.training.evaluate import evaluate as run  # noqa: PLC0415 - needs the extra `train`
        from declutter.training.folds import OUTER_FOLDS  # noqa: PLC0415 - prediction does not import training
    from declutter.corpus.sources import training_data_root  # noqa: PLC0415 - no other command reads it

    if results is not None:
        check_named("--results", results)
    folder = Path(results) if results is not None else training_data_root().parent / "benchmarks" / "results"
    with stopping_clean(), steps() as tell:
        table = run(
            root=named_corpora(corpora),
            results=folder,
            progress=tell,
            folds=OUTER_FOLDS if folds is None else folds,
            left_out=left_out or [],
            text=text,
        )
    put(table)
