"""What several tests share: the stored pages, and the flag that stores anew what is replayed."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

# Threads that wait for each other on a shared machine would be timed instead of the library.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest

from browsing import CHROMIUM, listening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from gate_stand import Stand

PAGES = Path(__file__).parent / "pages"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--store",
        action="store_true",
        help="write the features of tests/pages/*/source.html into features.json beside them, instead of comparing",
    )


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # As shells start what runs in the background, which would pass it on to the programs that tests interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def store(request: pytest.FixtureRequest) -> bool:
    """Whether replayed values are to be stored anew."""
    return bool(request.config.getoption("--store"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests that drive one; each opens contexts of its own, which share nothing."""
    playwright = pytest.importorskip("playwright.sync_api")
    # Chromium's own sandbox does not work for root, as tests in a container run.
    arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield running
        running.close()


@pytest.fixture(scope="session")
def stranger() -> Iterator[str]:
    """A server of somebody else, which counts who asks."""
    with listening() as place:
        yield place


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `stored_page` runs once for each folder of tests/pages."""
    if "stored_page" in metafunc.fixturenames:
        folders = sorted(folder for folder in PAGES.iterdir() if (folder / "source.html").is_file())
        metafunc.parametrize("stored_page", folders, ids=[folder.name for folder in folders])


@pytest.fixture
def stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stand:
    """A gate over files that are made up, on which everything holds."""
    from gate_stand import made_stand  # noqa: PLC0415 - few tests need what training takes

    return made_stand(tmp_path, monkeypatch)
