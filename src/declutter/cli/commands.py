"""Commands that are imported when they are called, and that check plain values without pydantic: both for a quick start."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Literal, get_args, get_origin

import typer
from typer.core import TyperCommand, TyperGroup

from declutter.cli.terminal import complain
from declutter.errors import DeclutterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["NAMES", "Commands"]

NAMES: Final = ("clean", "explain", "inspect", "annotate", "train", "evaluate", "model", "corpus")
"""The commands, each a function, or a typer.Typer `app`, of the module of its name."""


def _value_of(parameter: Any, checked: Callable[[Any, Any], Any], ctx: Any, value: Any) -> Any:
    """The value of a parameter; what is not plain goes the way of typer, with its messages."""
    several = parameter.multiple or parameter.nargs == -1
    if (parameter.required and not value) or not _is_plain(parameter, value, several=several):
        return checked(ctx, value)
    if several and value is None:
        value = ()
    return value if parameter.callback is None else parameter.callback(ctx, parameter, value)


def _is_plain(parameter: Any, value: Any, *, several: bool) -> bool:
    declared = getattr(getattr(parameter, "type_descriptor", None), "annotation", None)
    if value is None:
        return True
    if several:
        return declared == list[str] and isinstance(value, tuple | list) and all(isinstance(one, str) for one in value)
    if get_origin(declared) is Literal:
        return value in get_args(declared)
    if declared is int:  # the given one is text still, the default may have bounds
        return type(value) is int and value == parameter.default
    return declared in {str, bool} and type(value) is declared


class _Quick:
    """Makes parameters take values as they are that are what they are declared to be.

    typer hands each value, defaults too, to pydantic, whose import takes longer than cleaning a page.
    """

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters, with those that are made late, such as --help."""
        parameters: list[Any] = super().get_params(ctx)  # type: ignore[misc]  # of the command that this is mixed into
        for parameter in parameters:
            if not isinstance(parameter.process_value, partial):
                parameter.process_value = partial(_value_of, parameter, parameter.process_value)
        return parameters


class _Command(_Quick, TyperCommand):
    pass


class _Modules(Mapping[str, Any]):
    """The commands by name, each made when it is asked for."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in NAMES:
            raise KeyError(name)
        if name not in self._made:
            module = import_module(f"declutter.cli.{name}")
            app = getattr(module, "app", None)
            if app is None:
                app = typer.Typer(add_completion=False, rich_markup_mode=None)
                app.command(name, cls=_Command)(getattr(module, name))
            self._made[name] = typer.main.get_command(app)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


class Commands(_Quick, TyperGroup):
    """The commands of `declutter`; their DeclutterErrors become one line on standard error and exit code 1."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.commands: Any = _Modules()

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Import the command that is called."""
        found = super().resolve_command(ctx, args)
        if not gc.isenabled():
            # What was imported stays: the collector need not look at it again and again.
            gc.freeze()
            gc.enable()
        return found

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except DeclutterError as error:
            complain("", str(error))
            raise typer.Exit(1) from error
