"""`declutter clean INPUT...` without an option: what `clean` does then, without typer, whose import takes longer than a page."""

from __future__ import annotations

import gc
import os
import sys
from collections import Counter
from typing import TYPE_CHECKING

from declutter.cli.tally import PROJECT_FILE
from declutter.errors import DeclutterError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["clean_plainly", "is_plain"]


def is_plain(arguments: Sequence[str]) -> bool:
    """Whether the arguments of the program are `clean` and inputs alone, and no rules lie here: else it takes typer.

    On Windows it always does: click puts in what patterns, ~ and variables stand for there, which shells do elsewhere.
    """
    command, *inputs = arguments or [""]
    return (
        os.name != "nt"
        and command == "clean"
        and len(inputs) > 0
        and not any(name.startswith("-") and name != "-" for name in inputs)
        and not os.path.lexists(PROJECT_FILE)
    )


def clean_plainly(inputs: Sequence[str]) -> None:
    """Clean the inputs to standard output, as `declutter.cli.clean.clean` does by default.

    Raises:
        SystemExit: some input failed, or Ctrl-C between two pages.
    """
    from declutter.cli.batch import Stopped, run  # noqa: PLC0415 - other commands need none of it
    from declutter.cli.failures import Failures  # noqa: PLC0415
    from declutter.cli.inputs import Item, find_items, left_out_line  # noqa: PLC0415
    from declutter.cli.sinks import Stream  # noqa: PLC0415
    from declutter.cli.terminal import complain, use_utf8, writes_to_terminal  # noqa: PLC0415
    from declutter.cli.work import Settings  # noqa: PLC0415
    from declutter.model import load_default  # noqa: PLC0415

    if not gc.isenabled():
        # As Commands does when a command is imported.
        gc.freeze()
        gc.enable()
    use_utf8()
    failures = Failures()
    try:
        load_default()
        left_out = Counter[str]()
        found = find_items(inputs, left_out=left_out)
        if left_out and any(isinstance(item, Item) for item in found):
            complain("", left_out_line(left_out, None))
        sink = Stream(named=len(inputs) > 1 or len(found) > 1)
        run(found, sink, Settings(), 1, failures, watched=not writes_to_terminal(), summed=False)
    except DeclutterError as error:
        complain("", str(error))
        sys.exit(1)
    except Stopped as stopped:
        sys.exit(stopped.code)
    if failures.count:
        sys.exit(1)
