"""The same bytes give the same page: in threads, in other processes, whatever the seed of hashes and number of jobs."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest

from declutter import Page, load_model, predict, predict_many
from declutter.model.directory import default_directory

HERE: Final = Path(__file__).parent
PAGES: Final = [
    *sorted((HERE / "pages").glob("*/source.html")),
    *sorted((HERE.parent / "training_data" / "pages").glob("*.html"))[::16],
]
THREADS: Final = 8

# What another process runs: the pages on its command line, all together one hash.
PROGRAM: Final = """
import hashlib, json, pathlib, sys
from declutter import predict
pages = [predict(pathlib.Path(name).read_bytes()) for name in sys.argv[1:]]
whole = json.dumps([[page.to_dict(), page.html(), page.markdown(), [block.span for block in page.blocks]] for page in pages])
print(hashlib.sha256(whole.encode()).hexdigest())
"""


def outcome(page: Page) -> list[object]:
    return [page.to_dict(), page.html(), page.markdown(), [block.span for block in page.blocks]]


def digest(pages: list[Page]) -> str:
    return hashlib.sha256(json.dumps([outcome(page) for page in pages]).encode()).hexdigest()


def test_eight_threads_give_what_one_gives() -> None:
    sources = [path.read_bytes() for path in PAGES]
    alone = [outcome(predict(source)) for source in sources]
    model = load_model(default_directory())  # fresh, so that nothing of it is computed yet
    with ThreadPoolExecutor(THREADS) as pool:
        together = list(pool.map(lambda source: outcome(predict(source, model=model)), sources * THREADS))
    assert together == alone * THREADS


def test_eight_threads_ask_one_page() -> None:
    source = PAGES[0].read_bytes()
    alone = outcome(predict(source))
    page = predict(source)
    with ThreadPoolExecutor(THREADS) as pool:
        assert all(found == alone for found in pool.map(lambda _: outcome(page), range(THREADS * 4)))


@pytest.mark.parametrize(
    "environment",
    [{"PYTHONHASHSEED": "4242", "OMP_NUM_THREADS": "4"}, {"PYTHONHASHSEED": "0", "DECLUTTER_PURE": "1"}],
    ids=str,
)
def test_another_process_gives_the_same(environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, PAGES[:6])],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == digest([predict(path.read_bytes()) for path in PAGES[:6]])


def test_jobs_give_the_same() -> None:
    sources = [path.read_bytes() for path in PAGES[:6]]
    found = [page for page in predict_many(sources, n_jobs=2) if isinstance(page, Page)]
    assert digest(found) == digest([predict(source) for source in sources])
