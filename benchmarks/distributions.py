"""Which version of a tool is installed, be it a Python distribution or, behind `npm:`, a package of benchmarks/javascript."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

__all__ = ["JAVASCRIPT", "distribution_version"]

JAVASCRIPT: Final = Path(__file__).parent / "javascript"
_NPM: Final = "npm:"


def distribution_version(name: str) -> str:
    """The version that is installed.

    Args:
        name: of a Python distribution, or `npm:` and the name of a package.

    Raises:
        PackageNotFoundError: it is not installed.
    """
    if not name.startswith(_NPM):
        return version(name)
    try:
        said = (JAVASCRIPT / "node_modules" / name.removeprefix(_NPM) / "package.json").read_bytes()
    except OSError as error:
        raise PackageNotFoundError(name) from error
    return str(json.loads(said)["version"])
