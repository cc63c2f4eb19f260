"""A model is a directory: `model.joblib`, what was fitted; `model.npz`, its prediction form; `model.json`, what is checked.

Prediction reads the prediction form, which is data alone. Only `load_estimators` unpickles.
"""

from __future__ import annotations

import hashlib
import io
import json
import warnings
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from declutter.errors import ModelError
from declutter.features import FEATURE_NAMES, FEATURES_VERSION
from declutter.labels import Label
from declutter.model.arrays import finite
from declutter.model.strictness import BETAS
from declutter.whole import try_folder, write_whole

if TYPE_CHECKING:
    from declutter.model.predictor import Model

__all__ = [
    "DEFAULT",
    "FORMAT",
    "check_estimators",
    "check_writable",
    "default_directory",
    "load_default",
    "load_estimators",
    "load_model",
    "save_model",
]

FORMAT: Final = 4
"""Version of the directory's layout."""

DEFAULT: Final = "default"
"""Name of the shipped model."""

_JOBLIB: Final = "model.joblib"
_FORM: Final = "model.npz"
_JSON: Final = "model.json"
_RECORDS: Final[dict[str, type]] = {
    "sha256": str,
    "form_sha256": str,
    "labels": list,
    "features": list,
    "features_version": int,
    "scikit_learn": str,
    "thresholds": dict,
    "calibration": list,
    "text": dict,
}
_PARTS: Final = (
    "content_columns",
    "content",
    "kind_columns",
    "kind_first",
    "kind_second",
    "kind_nets",
    "strictness",
)


def default_directory() -> Path:
    """The shipped model's directory: inside the installed package, or `models/` beside `src/` in a source tree.

    Raises:
        ModelError: it is in neither place.
    """
    package = Path(__file__).resolve().parents[1]
    for place in (package / "_models" / DEFAULT, package.parents[1] / "models" / DEFAULT):
        if (place / _JSON).is_file():
            return place
    raise ModelError("the shipped model is missing: install declutter-html again, or run `make train` in a source tree")


@cache
def load_default() -> Model:
    """The shipped model, read once a process."""
    return load_model(default_directory())


def load_model(path: str | Path, *, trust: bool = False) -> Model:
    """Load the prediction form of a model directory.

    The bytes are read once, hashed, compared with what model.json records, and loaded from memory; nothing is unpickled.

    Args:
        path: the directory.
        trust: load a model that did not come with this package. Only for models whose maker you trust: what it calls content
            is all that you see of a page.

    Raises:
        ModelError: no path, missing, damaged, untrusted, or made with other features or another scikit-learn.
    """
    from declutter.model.form import read_form  # noqa: PLC0415 - it needs numpy only when loading
    from declutter.model.predictor import Model  # noqa: PLC0415 - as above

    directory = _directory(path)
    info, data, shipped = _checked(directory, _FORM, "form_sha256", trust=trust)
    try:
        parts = read_form(data)
    except Exception as error:
        raise ModelError(f"{directory / _FORM} cannot be read ({error}): train the model again") from error
    _check_parts(directory / _FORM, parts)
    try:
        model = Model(directory.name, info, parts)
    except (AttributeError, TypeError, LookupError, ValueError) as error:
        raise ModelError(
            f"{directory / _FORM} holds arrays that do not fit ({error}): train the model again"
        ) from error
    if not shipped:
        try:
            model.check()  # what the shipped one reads late is known to fit
        except ModelError as error:
            raise ModelError(f"{directory / _FORM}: {error}") from error
    return model


def load_estimators(path: str | Path, *, trust: bool = False) -> dict[str, Any]:
    """Load what was fitted, to look into it or to go on from it; prediction needs none of it.

    Unpickling runs code, so a model that did not come with the package is only unpickled with `trust=True`; and even then
    never when its hash is not the recorded one.

    Args:
        path: the directory.
        trust: unpickle a model that did not come with this package.

    Raises:
        ModelError: as `load_model`.
    """
    import joblib  # noqa: PLC0415 - costs start-up time
    from sklearn.exceptions import InconsistentVersionWarning  # noqa: PLC0415 - costs start-up time

    directory = _directory(path)
    _, data, _ = _checked(directory, _JOBLIB, "sha256", trust=trust)
    try:
        with warnings.catch_warnings():
            # Another patch release of the same line is what _check_versions allows.
            warnings.simplefilter("ignore", InconsistentVersionWarning)
            parts = joblib.load(io.BytesIO(data))
    except Exception as error:
        raise ModelError(f"{directory / _JOBLIB} cannot be unpickled ({error}): train the model again") from error
    _check_parts(directory / _JOBLIB, parts)
    return dict(parts)


def check_estimators(path: str | Path, *, trust: bool = False) -> None:
    """Whether what was fitted is there as it was written, without unpickling it; for whoever needs it late.

    Args:
        path: the directory.
        trust: as for `load_estimators`.

    Raises:
        ModelError: as `load_model`.
    """
    _checked(_directory(path), _JOBLIB, "sha256", trust=trust)


def _directory(path: str | Path) -> Path:
    try:
        return Path(path)
    except TypeError:
        raise ModelError(f"path is of type {type(path).__name__}: give the directory of a model") from None


def _checked(directory: Path, name: str, record: str, *, trust: bool) -> tuple[dict[str, Any], bytes, bool]:
    """What model.json says, the bytes of a file whose hash it records, and whether it came with this package."""
    info, digest = _read_info(directory)
    _check_versions(directory, info)
    shipped = digest == _shipped_digest()
    if not trust and not shipped:
        raise ModelError(
            f"{directory} did not come with this package, and what it calls content is its maker's word:"
            " pass trust=True (or --trust-model) if you trust its maker"
        )
    try:
        data = (directory / name).read_bytes()
    except OSError as error:
        raise ModelError(f"{directory / name} cannot be read ({error}): train or install the model again") from error
    found = hashlib.sha256(data).hexdigest()
    if found != info[record]:
        raise ModelError(
            f"{directory / name} is not the file model.json was written for (sha256 {found[:12]}..., recorded"
            f" {str(info[record])[:12]}...): it was changed or cut short; install or train the model again"
        )
    return info, data, shipped


def _check_parts(file: Path, parts: Any) -> None:
    if not isinstance(parts, dict) or (lost := _missing(parts)):
        raise ModelError(
            f"{file} lacks {', '.join(lost) if isinstance(parts, dict) else 'its parts'}: train the model again"
        )


def _missing(parts: Mapping[str, Any]) -> list[str]:
    """What a model needs and these parts lack."""
    text = parts.get("text")
    lost = [name for name in _PARTS if name not in parts]
    return lost + ([f"text {name}" for name in _PARTS if name not in text] if isinstance(text, Mapping) else ["text"])


def _read_info(directory: Path) -> tuple[dict[str, Any], str]:
    path = directory / _JSON
    try:
        raw = path.read_bytes()
        info = json.loads(raw)
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error}): give a directory that `declutter train` wrote") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path} is not JSON ({error}): train or install the model again") from error
    if not isinstance(info, dict) or info.get("format") != FORMAT:
        raise ModelError(f"{path} is not a model of format {FORMAT}: train it again with this version of declutter")
    if missing := _RECORDS.keys() - info.keys():
        raise ModelError(f"{path} lacks {', '.join(sorted(missing))}: train the model again")
    if wrong := [key for key, kind in _RECORDS.items() if not isinstance(info[key], kind)] or _unfit(info):
        raise ModelError(f"{path}: {', '.join(wrong)} is not what it should be: train the model again")
    return info, hashlib.sha256(raw).hexdigest()


def _unfit(info: Mapping[str, Any]) -> list[str]:
    """The records of numbers that hold others than prediction reads."""
    thresholds, text = info["thresholds"], info["text"].get("calibration")
    fit = {
        "thresholds": thresholds.keys() == BETAS.keys() and all(map(finite, thresholds.values())),
        "calibration": _is_pair(info["calibration"]),
        "calibration of text": _is_pair(text),
    }
    return [name for name, fits in fit.items() if not fits]


def _is_pair(record: Any) -> bool:
    return isinstance(record, list) and len(record) == 2 and all(map(finite, record))


def _check_versions(directory: Path, info: Mapping[str, Any]) -> None:
    if info["features_version"] != FEATURES_VERSION or info["features"] != list(FEATURE_NAMES):
        missing = [name for name in info["features"] if name not in FEATURE_NAMES][:3]
        extra = [name for name in FEATURE_NAMES if name not in info["features"]][:3]
        raise ModelError(
            f"{directory} was made with other features (version {info['features_version']}, this is {FEATURES_VERSION};"
            f" unknown here: {missing or 'none'}, new here: {extra or 'none'}): train it again with this version"
        )
    if info["labels"] != [label.value for label in Label]:
        raise ModelError(f"{directory} has other labels than this version of declutter: train it again")
    installed = _installed()
    made_with = str(info["scikit_learn"])
    if made_with.split(".")[:2] != installed.split(".")[:2]:
        line = ".".join(made_with.split(".")[:2])
        raise ModelError(
            f"{directory} was made with scikit-learn {made_with}, installed is {installed}:"
            f" install scikit-learn {line}.*, or train the model again"
        )


def _installed() -> str:
    """The version of scikit-learn that is installed, without importing it."""
    # The name of its folder of metadata tells; importlib.metadata takes longer to import than a page takes to clean.
    spec = find_spec("sklearn")
    folder = Path(spec.origin).parents[1] if spec is not None and spec.origin else None
    names = [path.name for path in folder.glob("scikit_learn-*.dist-info")] if folder else []
    if len(names) == 1:
        return names[0].removeprefix("scikit_learn-").removesuffix(".dist-info")
    from importlib.metadata import version  # noqa: PLC0415 - as above

    return version("scikit-learn")


@cache
def _shipped_digest() -> str:
    """Hash of the shipped model's model.json: what is trusted is what came with the package."""
    try:
        return hashlib.sha256((default_directory() / _JSON).read_bytes()).hexdigest()
    except ModelError:
        return ""


def check_writable(directory: Path) -> None:
    """Try whether a model can be written to a directory, before it is made; leaves nothing behind.

    Raises:
        ModelError: it cannot.
    """
    try:
        try_folder(directory)
    except OSError as error:
        raise ModelError(
            f"{directory} cannot be written ({error.strerror or error}): name another directory"
        ) from error


def save_model(directory: Path, info: Mapping[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
    """Write a model directory; each file appears whole or not at all.

    Args:
        directory: made where it does not exist.
        info: what model.json records beside format, hash, features and labels.
        parts: what was fitted, scikit-learn and numpy objects.

    Returns:
        What model.json holds.
    """
    import joblib  # noqa: PLC0415

    from declutter.model.form import form_of, write_form  # noqa: PLC0415 - as in load_model

    directory.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    joblib.dump(dict(parts), buffer, compress=("zlib", 6))
    data, form = buffer.getvalue(), write_form(form_of(parts))
    whole = {
        "format": FORMAT,
        "sha256": hashlib.sha256(data).hexdigest(),
        "form_sha256": hashlib.sha256(form).hexdigest(),
        "scikit_learn": _installed(),
        "labels": [label.value for label in Label],
        "features_version": FEATURES_VERSION,
        "features": list(FEATURE_NAMES),
        **info,
    }
    written = (json.dumps(whole, indent=1, ensure_ascii=False) + "\n").encode()
    write_whole(directory, {_JOBLIB: data, _FORM: form, _JSON: written})
    return whole
