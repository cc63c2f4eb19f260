"""Options that several commands share, and what they mean."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, cast

import typer

from declutter.cli.terminal import complain, shown_name
from declutter.errors import ModelError
from declutter.model import Model, load_default, load_model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from declutter.document import Markup

__all__ = [
    "CorporaOption",
    "EncodingOption",
    "MarkupOption",
    "ModelOption",
    "StrictnessOption",
    "TextOption",
    "TrustOption",
    "check_named",
    "chosen_model",
    "loaded_model",
    "named_corpora",
    "needs_training_packages",
    "read_encoding",
    "read_markup",
    "read_strictness",
]

_NAMED = ("balanced", "precision", "recall")
_DANGER: Final = (
    "warning: this model did not come with the package. joblib.load, by which `declutter train --base` goes on from a model,"
    " runs any code that lies in its model.joblib, and what it calls content is its maker's word: use only models that you"
    " made, or whose maker you trust"
)

ModelOption = Annotated[
    str | None, typer.Option("--model", metavar="DIR", help="Model directory; the shipped model by default.")
]
MarkupOption = Annotated[
    Literal["html", "text", "markdown"] | None,
    typer.Option(help="What the input is written in; by the ending of the file where not given, else HTML."),
]
TextOption = Annotated[bool, typer.Option("--text", help="Short for --markup text.")]
TrustOption = Annotated[
    bool,
    typer.Option(
        "--trust-model",
        help="Load a model that did not come with the package, which is dangerous: train --base runs code that lies in it,"
        " and what it calls content is its maker's word.",
    ),
]
StrictnessOption = Annotated[
    str,
    typer.Option(
        metavar="HOW",
        help="balanced; precision: less chrome, more losses; recall: the other way round;"
        " or the content score from which a block stays, 0 to 1.",
    ),
]
EncodingOption = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Encoding of the input, where you know it; found out by default."),
]
CorporaOption = Annotated[
    str | None,
    typer.Option(
        "--corpora",
        metavar="DIR",
        help="Folder of the public corpora; by default what DECLUTTER_CORPORA names, else the fetch cache.",
    ),
]


def check_named(option: str, name: str) -> None:
    """Wrong usage where a name is empty, which would be this folder, or the next option stands in its place."""
    if not name:
        raise typer.BadParameter(f"{option} is an empty name: check the quotes, and give the name that is meant")
    if name.startswith("--"):
        shown = shown_name(name)
        raise typer.BadParameter(
            f"{option} has no name behind it but the option {shown}: give one, or ./{shown} if it is"
        )


def read_strictness(value: str) -> float | Literal["balanced", "precision", "recall"]:
    """The strictness an option names; wrong usage where it names none."""
    if value in _NAMED:
        return cast("Literal['balanced', 'precision', 'recall']", value)
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise typer.BadParameter(f"{value!r} is not one of {', '.join(_NAMED)} or a number from 0 to 1")
    return number


def read_markup(markup: Markup | None, text: bool) -> Markup | None:
    """What the options --markup and --text name, None for neither; wrong usage where they differ."""
    if text and markup not in {None, "text"}:
        raise typer.BadParameter(f"--text is short for --markup text: leave it out, or --markup {markup}")
    return "text" if text else markup


def read_encoding(value: str | None) -> str | None:
    """The encoding an option names; wrong usage where Python knows none of that name."""
    if value is not None:
        try:
            b"a".decode(value)
        except UnicodeError:
            pass
        except (LookupError, ValueError):
            raise typer.BadParameter(f"encoding {value!r} is not known: give a name such as utf-8") from None
    return value


def chosen_model(directory: str | None, *, trust: bool) -> Model:
    """The model an option names, else the shipped one; wrong usage where the named one cannot be loaded.

    Warns as `loaded_model` does: a command calls it once, and what works for it loads its own.

    Raises:
        ModelError: the shipped model cannot be loaded.
    """
    if directory is None:
        return load_default()
    check_named("--model", directory)
    try:
        return loaded_model(directory, trust=trust)
    except ModelError as error:
        raise typer.BadParameter(shown_name(str(error))) from error


def loaded_model(directory: str, *, trust: bool) -> Model:
    """A model directory, with a warning on standard error where it is only loaded because it is trusted.

    Raises:
        ModelError: it cannot be loaded.
    """
    try:
        return load_model(directory)
    except ModelError:
        if not trust:
            raise
    model = load_model(directory, trust=True)
    complain(directory, _DANGER)
    return model


def named_corpora(folder: str | None) -> Path | None:
    """The folder of corpora an option names; None leaves it to the library to look.

    Raises:
        CorpusError: it is not there.
    """
    if folder is None:
        return None
    check_named("--corpora", folder)
    from declutter.corpus.registry import corpora_root  # noqa: PLC0415 - few commands need it

    return corpora_root(Path(folder))


@contextmanager
def needs_training_packages() -> Iterator[None]:
    """Say what to install where an import fails for want of the extra `train`.

    Raises:
        ModelError: a package of it is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in {"", "declutter"}:
            raise
        raise ModelError(f'{error.name} is missing: pip install "declutter-html[train]"') from None
