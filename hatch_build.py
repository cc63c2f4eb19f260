"""Builds the optional extension `declutter._speedups` from src/speedups when hatchling makes a wheel, and prepares tables.

The tables of phrases and words are TOML; in the form that `declutter.prepared` reads they load in milliseconds.

Where the extension cannot be built (no compiler, no headers of Python) the wheel is made without it, and the pure-Python forms of
the same functions are used. `DECLUTTER_PURE=1` leaves it out by will.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAME: Final = "declutter._speedups"
# Products and sums are rounded one by one, as numpy does: some processors would join them.
FLAGS: Final = [] if sys.platform == "win32" else ["-O3", "-g0", "-std=c11", "-ffp-contract=off"]
# Of the package only modules that need no other package are imported: what it depends on is not there when it is built.
PREPARE: Final = """
import sys, types
from pathlib import Path
source, place = map(Path, sys.argv[1:])
for name in ("declutter", "declutter.features"):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [str(source.joinpath(*name.split(".")[1:]))]
from declutter.features.lexicon import prepare_lexicon
from declutter.prepared import prepare_table
prepare_lexicon(place)
for name in ("languages", "vocabulary"):
    prepare_table(source / "features" / f"{name}.toml", place)
"""


def prepare_tables(root: Path, place: Path) -> None:
    """Write the tables of features in the form that loads quickly.

    Args:
        root: the folder of the project.
        place: the folder to write `_prepared` into.
    """
    command = [sys.executable, "-c", PREPARE, str(root / "src" / "declutter"), str(place)]
    subprocess.run(command, check=True)  # noqa: S603 - our own program


def compile_extension(root: Path, place: Path) -> Path:
    """Compile src/speedups.

    Args:
        root: the folder of the project.
        place: the folder to write into.

    Returns:
        The library.
    """
    from setuptools import Distribution, Extension  # noqa: PLC0415 - what is missing here must not stop the build
    from setuptools.command.build_ext import build_ext  # noqa: PLC0415

    folder = root / "src" / "speedups"
    extension = Extension(
        NAME,
        sources=[path.relative_to(root).as_posix() for path in sorted(folder.glob("*.c"))],
        depends=[path.relative_to(root).as_posix() for path in sorted(folder.glob("*.h"))],
        extra_compile_args=FLAGS,
    )
    command: Any = build_ext(Distribution({"name": "declutter", "ext_modules": [extension]}))
    command.build_lib, command.build_temp = str(place), str(place / "objects")
    command.ensure_finalized()
    command.run()
    return place / str(command.get_ext_filename(NAME))


class SpeedupsHook(BuildHookInterface[Any]):
    """Puts the extension and the prepared tables into the wheel; into the source tree for an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it makes a wheel."""
        root = Path(self.root)
        if version == "editable":
            # What is left of an earlier build would be imported; what runs now keeps its copy of it.
            for stale in (root / "src" / "declutter").glob("_speedups*.so"):
                stale.unlink()
        self._place = tempfile.TemporaryDirectory()
        if version == "editable":
            prepare_tables(root, root / "src" / "declutter")
        else:
            prepare_tables(root, Path(self._place.name))
            build_data["force_include"][str(Path(self._place.name) / "_prepared")] = "declutter/_prepared"
        if os.environ.get("DECLUTTER_PURE"):
            return
        before = Path.cwd()
        os.chdir(root)  # setuptools takes sources relative to the project
        try:
            library = compile_extension(root, Path(self._place.name))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is, the pure forms stand in
            self.app.display_warning(f"declutter is installed without its compiled forms, and is slower: {error}")
            return
        finally:
            os.chdir(before)
        if version == "editable":
            (root / "src" / "declutter" / library.name).write_bytes(library.read_bytes())
        else:
            build_data["force_include"][str(library)] = f"declutter/{library.name}"
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Called by hatchling when the wheel is made."""
        del version, build_data, artifact_path
        if hasattr(self, "_place"):
            self._place.cleanup()
