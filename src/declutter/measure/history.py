"""What git says of a file: as it was at the last commits, and where the branch left the main one."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["committed"]


def committed(path: Path) -> list[str]:
    """A file's text at the last two commits and where this branch left the main one; empty outside of git, or where it was not."""
    texts: dict[str, str] = {}
    for ref in ("HEAD", "HEAD^", "main", "origin/main"):
        base = _git(path, "merge-base", "HEAD", ref).strip()
        if base and base not in texts:
            texts[base] = _git(path, "show", f"{base}:./{path.name}")
    return [text for text in texts.values() if text]


def _git(path: Path, *arguments: str) -> str:
    program = shutil.which("git")
    if program is None:
        return ""
    done = subprocess.run(  # noqa: S603 - fixed arguments
        [program, "-C", str(path.parent), *arguments], capture_output=True, text=True, encoding="utf-8", check=False
    )
    return done.stdout if done.returncode == 0 else ""
