"""Extractors in JavaScript, asked through one process of Node that stays: javascript/extract.mjs, a line of JSON for a page."""

from __future__ import annotations

import atexit
import contextlib
import json
import subprocess
from functools import cache
from typing import IO, Final

from distributions import JAVASCRIPT

__all__ = ["closed", "extracted"]

_COMMAND: Final = ("node", "--max-old-space-size=4096", str(JAVASCRIPT / "extract.mjs"))


@cache
def _process() -> subprocess.Popen[str]:
    process = subprocess.Popen(  # noqa: S603 - a command of ours
        _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
    )
    atexit.register(process.kill)
    return process


def closed() -> None:
    """End the process, if there is one; the next page starts another."""
    if _process.cache_info().currsize:
        process = _process()
        _process.cache_clear()
        atexit.unregister(process.kill)
        process.kill()
        with contextlib.suppress(BrokenPipeError), process:
            pass


def _streams(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout


def extracted(tool: str, html: str, address: str = "") -> str:
    """The HTML that a tool makes of a page.

    Args:
        tool: as extract.mjs calls it.
        html: the page.
        address: of the page; empty where it is not known.

    Raises:
        RuntimeError: the tool failed, or Node did.
        OSError: Node is not here.
    """
    process = _process()
    asked, told = _streams(process)
    try:
        asked.write(json.dumps({"tool": tool, "html": html, "address": address}) + "\n")
        asked.flush()
        line = told.readline()
        if not line:
            raise RuntimeError("node ended")  # noqa: TRY301 - the process is to be closed here too
    except BaseException:
        # An answer that comes late would be taken for the next page's.
        closed()
        raise
    answer = json.loads(line)
    if "error" in answer:
        raise RuntimeError(answer["error"])
    return str(answer["content"])
