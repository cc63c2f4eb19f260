"""Labels that stay or go because the caller says so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from declutter import Label, Page, RuleError, clean, predict, predict_many
from declutter.rules import Rules, read_rules

EXAMPLE = Path(__file__).parents[1] / "examples" / "flood-wardens.html"
# Columns: content and two kinds.
ROWS = np.array([[0.9, 0.06, 0.04], [0.4, 0.5, 0.1], [0.3, 0.1, 0.6], [0.1, 0.8, 0.1]])
LABELS = np.array([0, 0, 2, 1])


@pytest.mark.parametrize(
    ("keep", "strip", "labels"),
    [
        ((), (), [0, 0, 2, 1]),
        ((1,), (), [0, 0, 2, 0]),
        ((1, 2), (), [0, 0, 0, 0]),
        ((), (1,), [0, 1, 2, 1]),
        ((), (2,), [0, 0, 2, 1]),
        ((1,), (1,), [0, 0, 2, 0]),
        ((), (0,), [1, 1, 2, 1]),
        ((1,), (0,), [1, 0, 2, 0]),
        ((0,), (0,), [0, 0, 2, 1]),
    ],
)
def test_keep_adds_strip_takes_and_keep_is_stronger(
    keep: tuple[int, ...], strip: tuple[int, ...], labels: list[int]
) -> None:
    found, ruled = Rules(keep, strip).apply(ROWS, LABELS)
    assert found.tolist() == labels
    assert ruled.tolist() == (found != LABELS).tolist()


def test_a_headline_is_content_whatever_it_looks_like() -> None:
    assert Rules((), (1,)).apply(ROWS, LABELS, headline=1)[0].tolist() == [0, 0, 2, 1]
    assert Rules((), (0,)).apply(ROWS, LABELS, headline=1)[0].tolist() == [1, 1, 2, 1]


def test_no_blocks() -> None:
    labels, ruled = Rules((1,), (2,)).apply(np.zeros((0, 3)), np.zeros(0, dtype=np.int64))
    assert (labels.tolist(), ruled.tolist()) == ([], [])


def test_labels_by_name() -> None:
    assert read_rules(["comments", Label.SOCIAL, "comments"], ()) == read_rules((Label.COMMENTS, "social"), [])
    assert not read_rules((), ())
    assert read_rules((), ("other",))


@pytest.mark.parametrize("rule", ["comment", "css:.box", "text:.*", "", 3, None])
def test_what_is_no_label(rule: object) -> None:
    with pytest.raises(RuleError, match=r"keep: .* is no label: give some of content, donation"):
        read_rules([rule], ())  # type: ignore[list-item]


def test_one_text_is_no_list() -> None:
    with pytest.raises(RuleError, match=r"strip is one text, 'social': give a list"):
        predict("<p>Text", strip="social")


@pytest.mark.parametrize("rules", [None, 5])
def test_what_is_no_list(rules: object) -> None:
    with pytest.raises(RuleError, match=r"keep is .*: give a list of labels, or none"):
        clean("<p>Text", keep=rules)  # type: ignore[arg-type]


@pytest.mark.parametrize("rules", ["comments", ""])
def test_one_text_is_no_list_for_any_call(rules: str) -> None:
    for call in (lambda: clean("<p>Text", keep=rules), lambda: list(predict_many(["<p>Text"], keep=rules))):
        with pytest.raises(RuleError, match="keep is one text"):
            call()


def test_rules_last_for_many_pages() -> None:
    pages = list(predict_many([EXAMPLE.read_bytes()] * 3, keep=(label for label in ["comments"])))
    counts = [sum(block.decided_by == "rule" for block in page.blocks) for page in pages if isinstance(page, Page)]
    assert len(counts) == 3
    assert len(set(counts)) == 1
    assert counts[0] > 0


def test_content_stripped_is_all_content() -> None:
    page = predict(EXAMPLE.read_bytes(), strip=["content"], strictness=0.0)
    assert page.content == ()


def test_comments_kept_on_a_page() -> None:
    plain = predict(EXAMPLE.read_bytes())
    page = predict(EXAMPLE.read_bytes(), keep=["comments"])
    before = {block.path: block for block in plain.blocks}
    changed = [block for block in page.blocks if block.label != before[block.path].label]
    assert changed
    assert {before[block.path].label for block in changed} == {Label.COMMENTS}
    assert {block.label for block in changed} == {Label.CONTENT}
    assert [block for block in page.blocks if block.decided_by == "rule"] == changed
    assert all(block.score == block.probabilities[block.label] for block in page.blocks)
    assert clean(EXAMPLE.read_bytes(), keep=["comments"]) == page.text()
    assert len(page.text()) > len(plain.text())


def test_content_stripped_from_a_page() -> None:
    page = predict(EXAMPLE.read_bytes(), strip=["content"])
    assert not page.text(headline=False)
    loose = predict(EXAMPLE.read_bytes(), strictness=0.0)
    strict = predict(EXAMPLE.read_bytes(), strictness=0.0, strip=["navigation", "footer"])
    assert len(strict.content) < len(loose.content)
    assert {block.label for block in strict.chrome} <= {Label.NAVIGATION, Label.FOOTER}
