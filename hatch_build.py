"""Builds the optional extension `declutter._speedups` from src/speedups when hatchling makes a wheel.

Where it cannot be built (no compiler, no headers of Python) the wheel is made without it, and the pure-Python forms of
the same functions are used. `DECLUTTER_PURE=1` leaves it out by will.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAME: Final = "declutter._speedups"
# Products and sums are rounded one by one, as numpy does: some processors would join them.
FLAGS: Final = [] if sys.platform == "win32" else ["-O3", "-g0", "-std=c11", "-ffp-contract=off"]


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
    """Puts the extension into the wheel; into the source tree for an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it makes a wheel."""
        root = Path(self.root)
        if version == "editable":
            # What is left of an earlier build would be imported; what runs now keeps its copy of it.
            for stale in (root / "src" / "declutter").glob("_speedups*.so"):
                stale.unlink()
        if os.environ.get("DECLUTTER_PURE"):
            return
        self._place = tempfile.TemporaryDirectory()
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
