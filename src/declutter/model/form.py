"""The prediction form of a model: arrays alone, which load without unpickling anything and without scikit-learn."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from declutter.labels import CHROME
from declutter.model.forest import Trees, trees_of
from declutter.model.kinds import kind_trees
from declutter.model.nets import weights_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = ["form_of", "read_form", "write_form"]

_SEPARATOR: Final = "/"
# What few or no pages of a plain `clean` need, and two thirds of the file: the kinds, and the model of plain text.
_LATE: Final = ("kind_first", "kind_second", "kind_nets", "text")


def form_of(parts: Mapping[str, Any]) -> dict[str, Any]:
    """What was fitted as nested dictionaries of arrays: each bag of classifiers becomes Trees or Weights, arrays stay.

    Args:
        parts: as `fit_parts` gives them; a part `text` likewise.
    """
    form = {name: dict(part) if isinstance(part, dict) else part for name, part in parts.items()}
    form["content"] = tuple(trees_of(bag) for bag in parts["content"])
    if "kind_nets" in parts:
        form["kind_nets"] = {name: weights_of(bag, len(CHROME)) for name, bag in parts["kind_nets"].items()}
    form |= {name: kind_trees(parts[name]) for name in ("kind_first", "kind_second") if name in parts}
    if "text" in parts:
        form["text"] = form_of(parts["text"])
    return form


def write_form(form: Mapping[str, Any]) -> bytes:
    """A form as an .npz file: the same bytes for the same arrays."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **_flat(form))
    return buffer.getvalue()


def read_form(data: bytes) -> dict[str, Any]:
    """The form in an .npz file; the arrays of the parts for kinds and for text are read when one is asked for.

    Raises:
        Exception: of many kinds, where the bytes are no such file; nothing in it is unpickled.
    """
    late: dict[str, dict[str, None]] = {}
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        now = {}
        for name in file.files:
            first, *rest = name.split(_SEPARATOR, 2)
            if first in _LATE:
                if not rest:
                    raise ValueError(f"{name} is an array and no part")
                late.setdefault(first, {})[rest[0]] = None
            else:
                now[name] = file[name]
    return _nested(now) | {first: _Later(data, f"{first}{_SEPARATOR}", tuple(names)) for first, names in late.items()}


class _Later(Mapping[str, Any]):
    """A part of a form whose arrays are read when one of them is asked for."""

    def __init__(self, data: bytes, above: str, names: tuple[str, ...]) -> None:
        self._data, self._above, self._names = data, above, names

    @cached_property
    def _form(self) -> dict[str, Any]:
        above = self._above
        with np.load(io.BytesIO(self._data), allow_pickle=False) as file:
            return _nested({name.removeprefix(above): file[name] for name in file.files if name.startswith(above)})

    def __reduce__(self) -> tuple[Any, ...]:
        return _Later, (self._data, self._above, self._names)

    def __getitem__(self, name: str) -> Any:
        return self._form[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _flat(form: Mapping[str, Any], above: str = "") -> dict[str, NDArray[Any]]:
    flat: dict[str, NDArray[Any]] = {}
    for name, part in form.items():
        if name == "content":
            for number, trees in enumerate(part):
                flat |= {
                    f"{above}content{_SEPARATOR}{number}{_SEPARATOR}{key}": array
                    for key, array in trees._asdict().items()
                }
        elif isinstance(part, dict):
            flat |= _flat(part, f"{above}{name}{_SEPARATOR}")
        else:
            flat[f"{above}{name}"] = np.asarray(part)
    return flat


def _nested(flat: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for name, array in flat.items():
        first, _, rest = name.partition(_SEPARATOR)
        if rest:
            nested.setdefault(first, {})[rest] = array
        else:
            nested[first] = array
    form = {name: _nested(part) if isinstance(part, dict) else part for name, part in nested.items()}
    if isinstance(form.get("content"), dict):
        passes = form["content"]
        form["content"] = tuple(Trees(**passes[number]) for number in sorted(passes, key=int))
    return form
