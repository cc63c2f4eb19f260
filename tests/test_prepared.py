"""Tables in their prepared form: the same as the TOML, never older than it, and made without what declutter depends on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from declutter import prepared
from declutter.features import languages, lexicon
from declutter.features.lexicon import Phrases, load_lexicon, prepare_lexicon
from declutter.prepared import prepare_table, prepare_text, prepared_text, table_of

ROOT = Path(__file__).parents[1]
FEATURES = Path(languages.__file__).parent


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "words.toml"
    path.write_text('[en]\nwords = ["a", "\u00e9\u6f22"]\n', encoding="utf-8")
    return path


def test_a_prepared_text_comes_back_until_its_source_changes(source: Path, tmp_path: Path) -> None:
    assert prepared_text("w.txt", [source], tmp_path) is None
    prepare_text("w.txt", [source], "one\n\u00e9\n", tmp_path)
    assert prepared_text("w.txt", [source], tmp_path) == "one\n\u00e9\n"
    assert prepared_text("w.txt", [source, source], tmp_path) is None
    source.write_text("[en]\nwords = []\n", encoding="utf-8")
    assert prepared_text("w.txt", [source], tmp_path) is None


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"\n", b"no hash\ntext"])
def test_what_is_no_prepared_text_is_not_read(source: Path, tmp_path: Path, damage: bytes) -> None:
    prepare_text("w.txt", [source], "one", tmp_path).write_bytes(damage)
    assert prepared_text("w.txt", [source], tmp_path) is None


def test_a_renamed_source_is_another_one(source: Path, tmp_path: Path) -> None:
    prepare_text("w.txt", [source], "one", tmp_path)
    assert prepared_text("w.txt", [source.rename(tmp_path / "v.toml")], tmp_path) is None


def test_a_table_is_read_prepared_and_from_a_changed_source(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "FOLDER", tmp_path)
    plain = {"en": {"words": ["a", "\u00e9\u6f22"]}}
    assert table_of(source) == plain
    prepare_table(source, tmp_path)
    with monkeypatch.context() as without_toml:
        without_toml.setattr(prepared, "_read_toml", None)
        assert table_of(source) == plain
    source.write_text('[fr]\nwords = ["b"]\n', encoding="utf-8")
    assert table_of(source) == {"fr": {"words": ["b"]}}


def everything(phrases: Phrases) -> object:
    return phrases.among(list(phrases._lines))


def test_the_prepared_lexicon_is_the_written_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "FOLDER", tmp_path)
    written = everything(load_lexicon.__wrapped__())
    prepare_lexicon(tmp_path)
    with monkeypatch.context() as without_toml:
        without_toml.setattr(lexicon, "_lines_of", None)
        assert everything(load_lexicon.__wrapped__()) == written


def test_a_language_left_out_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "FOLDER", tmp_path)
    prepare_lexicon(tmp_path)
    assert "spendenkonto" in load_lexicon.__wrapped__().among(["spendenkonto"])
    assert "spendenkonto" not in load_lexicon.__wrapped__("de").among(["spendenkonto"])


def test_phrases_are_arranged_when_their_first_word_is_met() -> None:
    phrases = Phrases({"give": "1 now\t2\t4 now and here", "join": "2 us"})
    assert len(phrases) == 4
    assert phrases.among(["nothing"]) == {}
    found = phrases.among(["give", "give"])
    assert found == {"give": {"now": [(("and", "here"), 4), ((), 1)], "": [((), 2)]}}
    before = found["give"]
    assert phrases.among(["join", "give"])["give"] is before


def test_the_build_prepares_every_table_without_our_dependencies(tmp_path: Path) -> None:
    code = (ROOT / "hatch_build.py").read_text(encoding="utf-8")
    program = code.split('PREPARE: Final = """', 1)[1].split('"""', 1)[0]
    # -S: no packages at all.
    command = [sys.executable, "-S", "-c", program, str(FEATURES.parent), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    names = {"lexicon.txt", "languages.json", "vocabulary.json"}
    assert {path.name for path in (tmp_path / "_prepared").iterdir()} == names
    files = sorted(Path(lexicon.__file__).parent.glob("*.toml"))
    assert prepared_text("lexicon.txt", files, tmp_path) == lexicon._lines_of(files)
    for name in ("languages", "vocabulary"):
        assert prepared_text(f"{name}.json", [FEATURES / f"{name}.toml"], tmp_path) is not None
