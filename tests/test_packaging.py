"""The wheel, installed into a fresh environment: it runs, and it finds its own model."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

import declutter
from declutter import compiled
from declutter.inspect import report
from declutter.model import directory

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PREPARED = ("lexicon.txt", "languages.json", "vocabulary.json")
FROM_SOURCE = Path(declutter.__file__).resolve().is_relative_to(ROOT / "src")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("wheel")
    code = f"import hatchling.build; print(hatchling.build.build_wheel({str(place)!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return place / done.stdout.split()[-1]


def build_without_a_compiler(place: Path, environment: dict[str, str]) -> tuple[list[str], str]:
    """The names in a wheel that is built in another environment, and what was said."""
    code = f"import hatchling.build; print(hatchling.build.build_wheel({str(place)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    wheel = place / done.stdout.split()[-1]
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist(), done.stdout + done.stderr


@pytest.mark.skipif(os.name == "nt", reason="there a compiler is not named by CC")
def test_without_a_compiler_the_wheel_is_pure(tmp_path: Path) -> None:
    names, said = build_without_a_compiler(tmp_path, {"CC": str(tmp_path / "no-compiler"), "DECLUTTER_PURE": ""})
    assert not any(name.endswith((".so", ".pyd")) for name in names)
    assert "declutter/_models/default/model.joblib" in names
    assert "without its compiled forms" in said
    names, said = build_without_a_compiler(tmp_path, {"DECLUTTER_PURE": "1"})
    assert not any(name.endswith((".so", ".pyd")) for name in names)
    assert {f"declutter/_prepared/{name}" for name in PREPARED} <= {*names}
    assert "compiled forms" not in said


@pytest.mark.skipif(not hasattr(compiled, "speedups"), reason="there is no compiler")
def test_with_a_compiler_the_wheel_holds_the_extension(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (library,) = [name for name in archive.namelist() if name.endswith((".so", ".pyd"))]
        assert library.startswith("declutter/_speedups.")
        assert not any(name.endswith((".c", ".h")) for name in archive.namelist())
    assert "none-any" not in wheel.name


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of a fresh environment that holds the wheel, and beside it what it depends on."""
    place = tmp_path_factory.mktemp("fresh") / "env"
    venv.create(place, with_pip=False)
    commands = place / ("Scripts" if os.name == "nt" else "bin")
    python = commands / "python"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(python),
            "install",
            "--quiet",
            "--no-deps",
            "--no-index",
            str(wheel),
        ],
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        check=True,
    )
    query = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.run([python, "-c", query], capture_output=True, text=True, check=True).stdout.strip())
    # The dependencies are those of this environment; a path line reads no other path files, so that an editable
    # install of this checkout stays out.
    (packages / "dependencies.pth").write_text("".join(f"{path}\n" for path in dependencies()))
    return commands


def dependencies() -> set[Path]:
    """The folders that hold the packages that declutter needs."""
    found = set()
    for name in ("turbohtml", "numpy", "sklearn", "scipy", "joblib", "bs4", "typer", "rich"):
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        found.add(Path(spec.origin).parents[1])
    return found


def fresh(command: list[str | Path], cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV_"))}
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, encoding="utf-8"
    )


def test_the_wheel_holds_what_it_must(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        info = f"declutter_html-{declutter.__version__}.dist-info"
        for name in (
            "declutter/py.typed",
            "declutter/_models/default/model.joblib",
            "declutter/_models/default/model.json",
            "declutter/cli/__init__.py",
            *(f"declutter/inspect/{name}" for name in report.PARTS),
            *(f"declutter/_prepared/{name}" for name in PREPARED),
            f"{info}/licenses/LICENSE",
            f"{info}/licenses/NOTICE",
        ):
            assert name in names
        lexicons = {path.name for path in (ROOT / "src" / "declutter" / "features" / "lexicon").glob("*.toml")}
        assert {f"declutter/features/lexicon/{name}" for name in lexicons} <= names
        assert {name.split("/")[0] for name in names} == {"declutter", info}
        assert not any("__pycache__" in name for name in names)
        metadata = archive.read(f"{info}/METADATA").decode()
        recorded = json.loads(archive.read("declutter/_models/default/model.json"))["sha256"]
        assert hashlib.sha256(archive.read("declutter/_models/default/model.joblib")).hexdigest() == recorded
    assert "Name: declutter-html\n" in metadata
    assert "License-Expression: Apache-2.0\n" in metadata
    assert wheel.stat().st_size < 13_000_000


def test_it_cleans_a_page_there_with_its_own_model(installed: Path, tmp_path: Path) -> None:
    page = ROOT / "examples" / "flood-wardens.html"
    done = fresh([installed / "declutter", "clean", page], tmp_path)
    assert done.returncode == 0, done.stderr
    assert "At ten past three on a Wednesday morning" in done.stdout
    assert "Donate now" not in done.stdout
    shown = fresh([installed / "declutter", "model"], tmp_path)
    assert shown.returncode == 0, shown.stderr
    place = next(line.split(maxsplit=1)[1] for line in shown.stdout.splitlines() if line.startswith("directory"))
    assert Path(place).resolve().is_relative_to(installed.parent.resolve())
    assert Path(place).parts[-3:] == ("declutter", "_models", "default")


def test_its_prepared_tables_are_of_its_toml(installed: Path, tmp_path: Path) -> None:
    code = "from declutter.features import languages, lexicon\nfrom declutter import prepared\nprepared._read_toml = None\n"
    code += "lexicon._lines_of = None\nlexicon.load_lexicon(), languages._tables(), languages._vocabulary('en')"
    done = fresh([installed / "python", "-c", code], tmp_path)
    assert done.returncode == 0, done.stderr


def test_training_there_says_what_is_missing(installed: Path, tmp_path: Path) -> None:
    done = fresh([installed / "declutter", "corpus", "check"], tmp_path)
    assert done.returncode == 1
    assert "training data are not part of the package" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not FROM_SOURCE, reason="declutter is not imported from this checkout")
def test_a_checkout_finds_the_model_beside_src() -> None:
    assert directory.default_directory() == ROOT / "models" / "default"


def test_without_a_model_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "__file__", str(tmp_path / "src" / "declutter" / "model" / "directory.py"))
    with pytest.raises(declutter.ModelError, match="install declutter-html again, or run `make train`"):
        directory.default_directory()
    inside = tmp_path / "src" / "declutter" / "_models" / "default"
    beside = tmp_path / "models" / "default"
    for place in (beside, inside):
        place.mkdir(parents=True)
        (place / "model.json").write_text("{}")
        assert directory.default_directory() == place.resolve()


def test_scikit_learn_is_bounded_to_what_the_model_was_made_with() -> None:
    made_with = json.loads((ROOT / "models" / "default" / "model.json").read_text())["scikit_learn"]
    major, minor = map(int, made_with.split(".")[:2])
    bounds = next(line for line in PROJECT["dependencies"] if line.startswith("scikit-learn"))
    # An older patch version warns when it reads the model, on every start.
    assert bounds == f"scikit-learn>={made_with},<{major}.{minor + 1}"


def test_the_lowest_versions_are_the_lower_bounds() -> None:
    lines = (ROOT / ".ci" / "lowest.txt").read_text(encoding="utf-8").splitlines()
    lowest = dict(line.split("==") for line in lines if "==" in line)
    for requirement in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["train"]):
        name, bound = requirement.split(",")[0].split(">=")
        padded = f"{lowest[name]}.0.0".split(".")
        assert padded[: len(bound.split("."))] == bound.split("."), requirement


def test_notice_names_every_corpus() -> None:
    notice = " ".join((ROOT / "NOTICE").read_text(encoding="utf-8").split())
    sources = tomllib.loads((ROOT / "training_data" / "sources.toml").read_text(encoding="utf-8"))
    for name, source in sources.items():
        licence = source["licence"].removeprefix("LicenseRef-").replace("research-use", "research use")
        for fact in (source["title"], licence, source.get("commit", ""), source.get("url", "")):
            assert fact in notice, f"{name}: {fact}"
