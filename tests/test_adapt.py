"""A model adapted to labelled pages: what it learns, what it leaves alone, and what is said of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from declutter import CorpusError, ModelError, load_model, predict
from declutter.explain import Explainer
from declutter.labels import Label
from declutter.training.adapt import NothingGained, adapt
from template_pages import annotate, site_page

EXAMPLE = Path(__file__).parents[1] / "examples" / "flood-wardens.html"


def lantern(number: int) -> bytes:
    """A page of a site with another template and other texts."""
    html = site_page(number, "lantern.example").replace(b"herald", b"lantern").replace(b"Herald", b"Lantern")
    return html.replace(b"council", b"parish").replace(b"Residents", b"Neighbours").replace(b"bar came", b"quay came")


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("adapt")
    for number in range(3):
        annotate(root / "annotations", site_page(number), str(number), {"High water": Label.ADVERTISING})
    annotate(root / "annotations", lantern(0), "0", {"High water": Label.ADVERTISING}, "lantern", rest=False)
    changes = adapt(root / "annotations", root / "model")
    assert [(change.site, change.pages, change.held_out) for change in changes] == [("herald", 3, 3), ("lantern", 1, 0)]
    assert changes[0].right_after == 1 > changes[0].right
    assert changes[0].f1_after > changes[0].f1
    return root


def test_it_judges_other_pages_of_the_site_as_it_was_taught(taught: Path) -> None:
    model = load_model(taught / "model", trust=True)
    before, after = predict(site_page(4)), predict(site_page(4), model=model)
    changed = [
        (one.label, two.label, one.text[:10])
        for one, two in zip(before.blocks, after.blocks, strict=True)
        if one.label is not two.label
    ]
    assert changed == [(Label.CONTENT, Label.ADVERTISING, "High water")]
    row = next(row for row, block in enumerate(after.blocks) if block.text.startswith("High water"))
    assert any("your pages of this site" in reason for reason in Explainer(after, model).of(row).strongest(3))


def test_other_pages_are_judged_as_before_to_the_last_bit(taught: Path, stored_page: Path) -> None:
    model = load_model(taught / "model", trust=True)
    html = (stored_page / "source.html").read_bytes()
    assert np.array_equal(predict(html)._probabilities, predict(html, model=model)._probabilities)


def test_the_directory_says_what_it_is(taught: Path) -> None:
    with pytest.raises(ModelError, match="trust"):
        load_model(taught / "model")
    info = json.loads((taught / "model" / "model.json").read_bytes())
    assert info["name"] == "model"
    assert info["sites"]["herald"]["pages"] == 3
    assert info["base"]["name"] == "default"
    with pytest.raises(ModelError, match="adapted already"):
        adapt(taught / "annotations", taught / "again", base=taught / "model", trust=True)
    with pytest.raises(ModelError, match="another directory"):
        adapt(taught / "annotations", taught / "model", base=taught / "model", trust=True)


def test_one_page_is_learnt_though_not_measured(taught: Path) -> None:
    model = load_model(taught / "model", trust=True)
    scores = [
        next(block.content_score for block in predict(lantern(1), model=one).blocks if block.text.startswith("High"))
        for one in (None, model)
    ]
    assert scores[1] < scores[0]


@pytest.mark.parametrize("pages", [1, 2, 4])
def test_what_nobody_labelled_stays_where_only_what_is_wrong_is_labelled(tmp_path: Path, pages: int) -> None:
    for number in range(pages):
        annotate(tmp_path / "a", site_page(number), str(number), {"High water": Label.ADVERTISING}, rest=False)
    (change,) = adapt(tmp_path / "a", tmp_path / "m")
    assert (change.unlabelled, change.changed) == (pages * (len(predict(site_page(0)).blocks) - 1), 0)
    before, after = predict(site_page(4)), predict(site_page(4), model=load_model(tmp_path / "m", trust=True))
    pairs = {one.text[:10]: (one, two) for one, two in zip(before.blocks, after.blocks, strict=True)}
    was, now = pairs.pop("High water")
    assert now.content_score < was.content_score
    assert now.label is (Label.ADVERTISING if pages > 1 else Label.CONTENT)
    assert change.mended == (4 if pages == 4 else change.mended)
    assert all(abs(now.content_score - was.content_score) < 0.03 for was, now in pairs.values())
    assert all(now.label is was.label for was, now in pairs.values())


def test_a_page_twice_is_not_held_out_from_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("declutter.training.adapt.load_estimators", lambda *_, **__: {})
    monkeypatch.setattr("declutter.training.adapt.save_model", lambda *_: {})
    told: list[str] = []
    annotate(tmp_path / "a", site_page(0), "0", {"High water": Label.ADVERTISING})
    annotate(tmp_path / "a", site_page(0) + b"<!-- again -->", "again", {"High water": Label.ADVERTISING})
    (change,) = adapt(tmp_path / "a", tmp_path / "m", progress=told.append)
    assert (change.pages, change.held_out) == (1, 0)
    assert any("same page" in line for line in told)


@pytest.mark.parametrize("after", [(0.8, 0.95), (0.95, 0.8)])
def test_a_site_that_loses_is_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: tuple[float, float]
) -> None:
    rates = iter([(0.9, 0.9), after] * 2)
    monkeypatch.setattr("declutter.training.gains.rates_of", lambda *_: next(rates))
    for number in range(2):
        annotate(tmp_path / "a", site_page(number), str(number), {})
    with pytest.raises(NothingGained, match="no site gained") as nothing:
        adapt(tmp_path / "a", tmp_path / "m")
    (change,) = nothing.value.changes
    assert (change.held_out, change.f1, change.right, change.kept) == (2, 0.9, 0.9, False)
    assert (change.f1_after, change.right_after) == after
    assert not (tmp_path / "m").exists()


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="declutter annotate"):
        adapt(tmp_path / "a", tmp_path / "m")
    annotate(tmp_path / "a", site_page(0), "0", {})
    (copy,) = (tmp_path / "a").glob("*/*.html")
    html = copy.read_bytes()
    copy.write_bytes(html + b" ")
    with pytest.raises(CorpusError, match="sha256"):
        adapt(tmp_path / "a", tmp_path / "m")
    copy.unlink()
    with pytest.raises(CorpusError, match="put the page there"):
        adapt(tmp_path / "a", tmp_path / "m")


def test_pages_without_a_label_are_left_out(tmp_path: Path) -> None:
    told: list[str] = []
    annotate(tmp_path / "a", site_page(0), "0", {}, rest=False)
    with pytest.raises(CorpusError, match="no site gained"):
        adapt(tmp_path / "a", tmp_path / "m", progress=told.append)
    assert any("no block of it has a label" in line for line in told)
