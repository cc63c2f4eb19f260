"""What several tests share: the stored pages, and the flag that stores anew what is replayed."""

from __future__ import annotations

import os
from pathlib import Path

# Threads that wait for each other on a shared machine would be timed instead of the library.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest

PAGES = Path(__file__).parent / "pages"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--store",
        action="store_true",
        help="write the features of tests/pages/*/source.html into features.json beside them, instead of comparing",
    )


@pytest.fixture
def store(request: pytest.FixtureRequest) -> bool:
    """Whether replayed values are to be stored anew."""
    return bool(request.config.getoption("--store"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `stored_page` runs once for each folder of tests/pages."""
    if "stored_page" in metafunc.fixturenames:
        folders = sorted(folder for folder in PAGES.iterdir() if (folder / "source.html").is_file())
        metafunc.parametrize("stored_page", folders, ids=[folder.name for folder in folders])
