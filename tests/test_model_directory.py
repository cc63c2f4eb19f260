"""A model directory: written, read back, and refused when anything about it is wrong."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import joblib
import numpy as np
import pytest

from declutter import Model, ModelError, compiled, load_model, predict
from declutter.features import FEATURE_NAMES, FEATURES_VERSION
from declutter.labels import CHROME, Label
from declutter.model import directory as module
from declutter.model.directory import default_directory, load_estimators, save_model
from declutter.model.kinds import kind_trees
from declutter.model.nets import weights_of

if TYPE_CHECKING:
    from collections.abc import Callable

NEWS = (Path(__file__).parent / "pages" / "news-telling-classes" / "source.html").read_text(encoding="utf-8")


FILES = {"model.joblib": "sha256", "model.npz": "form_sha256"}


class Touch:
    """Unpickling this makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.path),)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shipped model."""
    return Path(shutil.copytree(default_directory(), tmp_path / "copy"))


def edit(folder: Path, **changes: Any) -> None:
    """Change values of model.json; None takes one out."""
    path = folder / "model.json"
    info = json.loads(path.read_text(encoding="utf-8")) | changes
    path.write_text(json.dumps({key: value for key, value in info.items() if value is not None}), encoding="utf-8")


def replace_joblib(folder: Path, parts: Any) -> None:
    """Other objects in model.joblib, with the hash in model.json to match."""
    buffer = io.BytesIO()
    joblib.dump(parts, buffer)
    (folder / "model.joblib").write_bytes(buffer.getvalue())
    edit(folder, sha256=hashlib.sha256(buffer.getvalue()).hexdigest())


def test_the_shipped_model_is_trusted_and_so_is_a_copy(copy: Path) -> None:
    model = load_model(default_directory())
    assert isinstance(model, Model)
    assert load_model(copy).info == model.info
    assert load_model(str(copy)).info == model.info


def test_a_model_written_and_read_back_predicts_the_same(tmp_path: Path) -> None:
    shipped = load_model(default_directory())
    kept = {key: shipped.info[key] for key in ("thresholds", "calibration", "text")}
    written = save_model(tmp_path / "new" / "model", kept, load_estimators(default_directory()))
    again = load_model(tmp_path / "new" / "model", trust=True)
    assert again.info == written
    assert again.name == "model"
    assert sorted(file.name for file in (tmp_path / "new" / "model").iterdir()) == [
        "model.joblib",
        "model.json",
        "model.npz",
    ]
    expected, found = predict(NEWS, model=shipped), predict(NEWS, model=again)
    assert [block.probabilities for block in found.blocks] == [block.probabilities for block in expected.blocks]
    assert [block.label for block in found.blocks] == [block.label for block in expected.blocks]


def test_what_is_written_is_the_same_twice(tmp_path: Path) -> None:
    shipped = load_model(default_directory())
    kept = {key: shipped.info[key] for key in ("thresholds", "calibration", "text")}
    parts = load_estimators(default_directory())
    first, second = (save_model(tmp_path / name, kept, parts) for name in ("a", "b"))
    assert first == second


def test_model_json_records_what_is_checked() -> None:
    info = json.loads((default_directory() / "model.json").read_text(encoding="utf-8"))
    for name, record in FILES.items():
        data = (default_directory() / name).read_bytes()
        assert info[record] == hashlib.sha256(data).hexdigest()
        assert len(data) <= 8_000_000
    assert info["labels"] == [label.value for label in Label]
    assert info["features"] == list(FEATURE_NAMES)
    assert info["features_version"] == FEATURES_VERSION
    assert set(info["thresholds"]) == {"precision", "balanced", "recall"}


def refused(folder: Path, mend: str, *, trust: bool = True, load: Callable[..., Any] = load_model) -> None:
    with pytest.raises(ModelError, match=mend) as caught:
        load(folder, trust=trust)
    assert str(folder) in str(caught.value)


def test_prediction_reads_no_pickle(copy: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    joblib.dump(Touch(trap), copy / "model.joblib")
    assert predict(NEWS, model=copy).text()
    (copy / "model.joblib").unlink()
    assert predict(NEWS, model=copy).text()
    assert not trap.exists()
    assert (
        "sklearn"
        not in subprocess.run(
            [sys.executable, "-c", "import declutter, sys; declutter.predict('<p>x</p>'); print(*sys.modules)"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        or not compiled.used
    )


@pytest.mark.parametrize("text", [False, True])
def test_the_prediction_form_is_what_was_fitted(text: bool) -> None:
    model, fitted = load_model(default_directory()), load_estimators(default_directory())
    if text:
        assert model.text is not None
        model, fitted = model.text, fitted["text"]
    assert {*model.parts} == {*fitted}
    for key, array in fitted["strictness"].items():
        np.testing.assert_array_equal(model.parts["strictness"][key], array)
    for name in ("kind_first", "kind_second"):
        for kind, arrays in kind_trees(fitted[name]).items():
            for key, array in arrays.items():
                np.testing.assert_array_equal(model.parts[name][kind][key], array)
    for name, bag in fitted["kind_nets"].items():
        for key, array in weights_of(bag, len(CHROME)).items():
            np.testing.assert_array_equal(model.parts["kind_nets"][name][key], array)
    for name in ("content_columns", "kind_columns"):
        np.testing.assert_array_equal(model.parts[name], fitted[name])


def test_another_model_needs_trust(copy: Path) -> None:
    edit(copy, note="mine")
    refused(copy, "trust=True", trust=False)
    assert load_model(copy, trust=True).info["note"] == "mine"


def test_a_malicious_pickle_is_not_run_without_trust(copy: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    replace_joblib(copy, Touch(trap))
    refused(copy, "trust=True", trust=False, load=load_estimators)
    assert not trap.exists()


def test_a_pickle_with_another_hash_is_not_run_even_with_trust(copy: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    joblib.dump(Touch(trap), copy / "model.joblib")
    refused(copy, "install or train the model again", trust=False, load=load_estimators)
    refused(copy, "install or train the model again", load=load_estimators)
    assert not trap.exists()


LOADS = pytest.mark.parametrize(("file", "load"), [("model.joblib", load_estimators), ("model.npz", load_model)])


@LOADS
def test_a_cut_file(copy: Path, file: str, load: Callable[..., Any]) -> None:
    data = (copy / file).read_bytes()
    (copy / file).write_bytes(data[: len(data) // 2])
    refused(copy, "cut short; install or train the model again", load=load)


@LOADS
def test_a_changed_byte(copy: Path, file: str, load: Callable[..., Any]) -> None:
    data = bytearray((copy / file).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / file).write_bytes(data)
    refused(copy, "it was changed", load=load)


@LOADS
@pytest.mark.parametrize("content", [None, b"text", b""])
def test_a_damaged_file_with_a_fitting_hash(
    copy: Path, file: str, load: Callable[..., Any], content: bytes | None
) -> None:
    data = (copy / file).read_bytes()[:-100] if content is None else content
    (copy / file).write_bytes(data)
    edit(copy, **{FILES[file]: hashlib.sha256(data).hexdigest()})
    refused(copy, "train the model again", load=load)


@pytest.mark.parametrize("parts", [{}, [], None, {"content": 1}])
def test_a_pickle_without_the_estimators(copy: Path, parts: Any) -> None:
    replace_joblib(copy, parts)
    refused(copy, "train the model again", load=load_estimators)


def replace_form(folder: Path, **arrays: Any) -> None:
    """Other arrays in model.npz, None for none, with the hash in model.json to match."""
    with np.load(folder / "model.npz") as file:
        kept = {name: file[name] for name in file.files} | arrays
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=True, **{name: array for name, array in kept.items() if array is not None})
    (folder / "model.npz").write_bytes(buffer.getvalue())
    edit(folder, form_sha256=hashlib.sha256(buffer.getvalue()).hexdigest())


def test_a_form_with_something_to_unpickle(copy: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    replace_form(copy, kind_columns=np.array([Touch(trap)], dtype=object))
    refused(copy, "train the model again")
    assert not trap.exists()


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("kind_columns", None),
        ("content/0/nodes", None),
        ("text/strictness/left", None),
        ("kind_first/3/values", np.zeros(3)),
        ("kind_second/11/nodes", None),
        ("content/1/starts", np.array([0, 10**7])),
        ("strictness/values", np.zeros((3, 3), dtype=np.uint8)),
        ("content_columns", np.zeros(0, dtype=np.int64)),
        ("content_columns", np.zeros(3, dtype=np.int64)),  # fewer than the trees read
        ("content_columns", np.full(362, len(FEATURE_NAMES))),
        ("content_columns", np.full(362, "1")),
        ("kind_columns", np.full(250, -1)),
        ("kind_columns", np.zeros(3, dtype=np.int64)),
        ("text/content_columns", np.full(351, 0.0)),
        ("text/kind_columns", np.zeros(0, dtype=np.int64)),
        ("content/0/nodes", np.zeros(0)),
        ("content/0/first", np.zeros(0)),
        ("content", np.zeros(3)),
        ("kind_nets", np.zeros(3)),
        ("kind_nets/first/second", np.zeros((3, 1))),
        ("kind_nets/first/step", np.array(["1"])),
        ("text/kind_nets/first/nets", np.zeros(1)),
        ("kind_nets/first/last", np.zeros(2)),
        ("kind_nets/second/bias", None),
        ("strictness", np.zeros(3)),
        ("sites", np.zeros(3)),
        ("sites/0", np.zeros(3)),
    ],
)
def test_a_form_that_lacks_or_bends_an_array(copy: Path, name: str, array: Any) -> None:
    replace_form(copy, **{name: array})
    refused(copy, "train the model again")


def test_another_scikit_learn(copy: Path) -> None:
    edit(copy, scikit_learn="0.24.2")
    refused(copy, r"scikit-learn 0\.24\.2.*install scikit-learn 0\.24\.\*, or train the model again")


@pytest.mark.parametrize(
    ("features", "told"),
    [
        (list(FEATURE_NAMES[1:]), f"new here: \\['{FEATURE_NAMES[0]}'\\]"),
        ([*FEATURE_NAMES, "phase_of_the_moon"], r"unknown here: \['phase_of_the_moon'\]"),
        (list(FEATURE_NAMES[::-1]), "train it again"),
    ],
)
def test_missing_extra_and_shuffled_features(copy: Path, features: list[str], told: str) -> None:
    edit(copy, features=features)
    refused(copy, told)
    refused(copy, "train it again with this version")


def test_another_version_of_the_features(copy: Path) -> None:
    edit(copy, features_version=FEATURES_VERSION + 1)
    refused(copy, f"version {FEATURES_VERSION + 1}, this is {FEATURES_VERSION}.*train it again")


def test_other_labels(copy: Path) -> None:
    edit(copy, labels=["content", "chrome"])
    refused(copy, "other labels.*train it again")


@LOADS
def test_a_missing_file(copy: Path, file: str, load: Callable[..., Any]) -> None:
    (copy / file).unlink()
    refused(copy, f"{file} cannot be read", load=load)
    (copy / "model.json").unlink()
    refused(copy, "model.json cannot be read", load=load)


@pytest.mark.parametrize("load", [load_model, load_estimators])
@pytest.mark.parametrize("path", [5, None, b"models", ["models"]])
def test_what_is_no_path(load: Callable[..., Any], path: Any) -> None:
    with pytest.raises(ModelError, match=f"path is of type {type(path).__name__}: give the directory of a model"):
        load(path)


def test_a_missing_directory_and_a_file_for_one(tmp_path: Path) -> None:
    refused(tmp_path / "none", "declutter train")
    (tmp_path / "file").write_text("x")
    refused(tmp_path / "file", "declutter train")


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("", "not JSON.*train or install"),
        ("{", "not JSON.*train or install"),
        ("\ufffe", "not JSON.*train or install"),
        ("[]", "format.*train it again"),
        ("{}", "format.*train it again"),
        ('{"format": 99}', "format.*train it again"),
        ('{"format": 4}', "lacks .*features.*train the model again"),
    ],
)
def test_a_damaged_model_json(copy: Path, text: str, mend: str) -> None:
    (copy / "model.json").write_text(text, encoding="utf-8")
    refused(copy, mend)


def test_bytes_in_model_json_that_are_no_text(copy: Path) -> None:
    (copy / "model.json").write_bytes(b"\xff\xfe\x00{")
    refused(copy, "not JSON")


@pytest.mark.parametrize(
    "key",
    [
        "sha256",
        "labels",
        "features",
        "features_version",
        "scikit_learn",
        "thresholds",
        "calibration",
        "text",
        "form_sha256",
    ],
)
def test_a_missing_record(copy: Path, key: str) -> None:
    edit(copy, **{key: None})
    refused(copy, f"lacks {key}: train the model again")


@pytest.mark.parametrize(
    "changes",
    [
        {"features": 5},
        {"features": {}},
        {"features_version": "x"},
        {"scikit_learn": 5},
        {"labels": 5},
        {"calibration": []},
        {"calibration": [1.0]},
        {"calibration": [1.0, "0"]},
        {"calibration": [True, 0.0]},
        {"calibration": [float("nan"), 0.0]},
        {"calibration": [10**400, 0]},
        {"thresholds": {}},
        {"thresholds": {"balanced": "x", "precision": 0.5, "recall": 0.5}},
        {"text": {}},
        {"text": {"calibration": []}},
    ],
)
def test_records_of_another_kind(copy: Path, changes: dict[str, Any]) -> None:
    edit(copy, **changes)
    refused(copy, "train|install")


def test_the_model_is_found_in_the_package_before_the_source_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = tmp_path / "src" / "declutter" / "model" / "directory.py"
    monkeypatch.setattr(module, "__file__", str(code))
    with pytest.raises(ModelError, match="install declutter-html again, or run `make train`"):
        default_directory()
    in_tree, in_package = tmp_path / "models" / "default", tmp_path / "src" / "declutter" / "_models" / "default"
    for place in (in_tree, in_package):
        place.mkdir(parents=True)
        (place / "model.json").write_text("{}")
        assert default_directory() == place


def test_prediction_changes_nothing_in_a_model() -> None:
    model = load_model(default_directory())
    before = joblib.hash(model.parts)
    predict(NEWS, model=model)
    assert joblib.hash(model.parts) == before


def test_scores_are_finite_on_features_far_from_any_page() -> None:
    model = load_model(default_directory())
    page = predict("<p>a</p>" + "<div>" * 600 + "9" * 50_000, model=model)
    assert all(np.isfinite(list(block.probabilities.values())).all() for block in page.blocks)


def test_a_model_json_that_is_nested_deeply(copy: Path) -> None:
    (copy / "model.json").write_text("[" * 100_000)
    with pytest.raises(ModelError, match="is not JSON"):
        load_model(copy)
