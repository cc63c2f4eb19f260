"""Extractors in JavaScript: what is asked and answered, with a process of ours in Node's place, and with Node where it is."""

from __future__ import annotations

import importlib
import json
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"

ANSWERS = """
import json, sys, time
count = 0
for line in sys.stdin:
    asked = json.loads(line)
    count += 1
    if asked["html"] == "end":
        break
    if asked["html"] == "wait":
        time.sleep(60)
    if asked["html"] == "fail":
        answer = {"error": "no such page"}
    else:
        answer = {"content": f"{count} {asked['tool']} {asked['html']} {asked['address']}"}
    print(json.dumps(answer), flush=True)
"""


@pytest.fixture
def javascript(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    module: Any = importlib.import_module("javascript")
    script = tmp_path / "answers.py"
    script.write_text(ANSWERS, encoding="utf-8")
    monkeypatch.setattr(module, "_COMMAND", (sys.executable, str(script)))
    module.closed()
    yield module
    module.closed()


def test_one_process_answers_for_all_pages_and_outlives_a_failure(javascript: Any) -> None:
    assert javascript.extracted("a", "x\n\u2028ü", "https://example.org/") == "1 a x\n\u2028ü https://example.org/"
    with pytest.raises(RuntimeError, match="no such page"):
        javascript.extracted("a", "fail")
    assert javascript.extracted("b", "y") == "3 b y "


def test_a_process_that_ends_is_an_error_of_this_page_alone(javascript: Any) -> None:
    with pytest.raises(RuntimeError, match="node ended"):
        javascript.extracted("a", "end")
    assert javascript.extracted("a", "x") == "1 a x "


def test_the_answer_of_a_page_that_was_given_up_is_nobody_elses(
    javascript: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(_: Any) -> tuple[Any, Any]:
        asked, told = streams(_)

        class Late:
            def readline(self) -> str:
                raise KeyboardInterrupt

        return asked, Late() if waits else told

    streams, waits = javascript._streams, True
    monkeypatch.setattr(javascript, "_streams", late)
    with pytest.raises(KeyboardInterrupt):
        javascript.extracted("a", "wait")
    waits = False
    assert javascript.extracted("a", "x") == "1 a x "


@pytest.mark.usefixtures("javascript")
def test_versions_of_packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    distributions: Any = importlib.import_module("distributions")
    monkeypatch.setattr(distributions, "JAVASCRIPT", tmp_path)
    package = tmp_path / "node_modules" / "@a" / "b" / "package.json"
    package.parent.mkdir(parents=True)
    package.write_text(json.dumps({"version": "1.2.3"}), encoding="utf-8")
    assert distributions.distribution_version("npm:@a/b") == "1.2.3"
    for missing in ("npm:c", "no-such-distribution"):
        with pytest.raises(PackageNotFoundError):
            distributions.distribution_version(missing)


@pytest.mark.usefixtures("javascript")
def test_a_tool_that_is_not_installed_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "peers", raising=False)
    peers: Any = importlib.import_module("peers")
    monkeypatch.setattr(
        peers,
        "PEERS",
        {"here": peers.Peer("pytest", str), "away": peers.Peer("npm:no-such-package", str)},
    )
    assert peers.left_out() == ["away"]
    assert list(peers.PEERS) == ["here"]


@pytest.mark.parametrize("tool", ["readability", "defuddle"])
def test_the_tools_themselves(tool: str) -> None:
    sys.path.insert(0, str(BENCHMARKS))
    try:
        distributions: Any = importlib.import_module("distributions")
        module: Any = importlib.import_module("javascript")
    finally:
        sys.path.remove(str(BENCHMARKS))
    try:
        distributions.distribution_version("npm:defuddle")
    except PackageNotFoundError:
        pytest.skip("the tools are not installed: npm ci --prefix benchmarks/javascript")
    article = "".join(f"<p>At low tide, number {n}, one walks to the island, and back again.</p>" for n in range(9))
    try:
        made = module.extracted(tool, f"<body><nav><a href=/>Home</a></nav><article><h1>T</h1>{article}</article>")
    finally:
        module.closed()
    assert made.count("one walks to the island") == 9
    assert "Home" not in made
