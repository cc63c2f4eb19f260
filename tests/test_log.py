"""The library's log: not opened by a page that gives no cause, silent unless somebody turns it on."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import TYPE_CHECKING

from declutter import predict

if TYPE_CHECKING:
    import pytest

PAGE = "<h1>The pier</h1><p>All of it is to be painted in the spring, the council said on Tuesday evening.</p>"


def test_a_page_without_cause_imports_no_logging() -> None:
    code = f"import sys, declutter; declutter.clean({PAGE!r}); print('logging' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("False\n", "")


def test_a_warning_is_silent_in_a_program_that_asks_for_none() -> None:
    code = "import declutter; declutter.clean('page.html')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_a_warning_goes_to_the_program_that_asks_and_names_its_origin(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="declutter"):
        predict("page.html")
    (record,) = caplog.records
    assert record.name == "declutter"
    assert record.module != "log"
