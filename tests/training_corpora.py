"""A small folder of corpora in their public layouts, made from pages written for this project."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from declutter.blocks import segment
from declutter.corpus import load_corpus
from declutter.corpus.manifest import make_manifest, write_manifest
from declutter.corpus.sources import load_sources
from declutter.document import read_document
from declutter.training.examples import make_example

ROOT = Path(__file__).resolve().parents[1]


def small_training_data(folder: Path, pages: int = 8) -> Path:
    """A `training_data` with the project's sources and its first pages."""
    data = folder / "training_data"
    (data / "pages").mkdir(parents=True)
    shutil.copy(ROOT / "training_data" / "sources.toml", data / "sources.toml")
    for page in sorted((ROOT / "training_data" / "pages").glob("*.html"))[:pages]:
        shutil.copy(page, data / "pages" / page.name)
    return data


def small_corpora(folder: Path, pages: int = 4) -> Path:
    """Corpora in the layouts of wcxb, trafilatura-eval and dragnet, whose gold is what is labelled content."""
    root = folder / "corpora"
    own = list(load_corpus("own", ROOT / "training_data"))
    records = {}
    for number, page in enumerate(own[-3 * pages :]):
        document = read_document(page.html)
        document.take_attribute("data-label")
        texts = segment(document).texts
        labelled = make_example(page).content
        content = [text for text, wanted in zip(texts, labelled, strict=True) if wanted == 1]
        chrome = [text for text, wanted in zip(texts, labelled, strict=True) if wanted == 0]
        html = page.html.replace(b"data-label=", b"data-x=")
        # WCXB has no such numbers: annotations are of its own pages.
        corpus, name = ("wcxb", "trafilatura-eval", "dragnet")[number % 3], f"9{number:03d}"
        if corpus == "wcxb":
            record = {
                "url": f"https://site{number}.example/",
                "_internal": {"page_type": {"primary": ("article", "forum")[number % 2]}},
                "ground_truth": {"main_content": "\n".join(content)},
            }
            _put(root / "wcxb" / "dev" / "html" / f"{name}.html", html)
            _put(root / "wcxb" / "dev" / "ground-truth" / f"{name}.json", json.dumps(record).encode())
        elif corpus == "trafilatura-eval":
            _put(root / corpus / "cache" / f"{name}.html", html)
            records[f"https://other{number}.example/"] = {
                "file": f"{name}.html",
                "with": [" ".join(text.split()) for text in content[2:4]],
                "without": [" ".join(text.split()) for text in chrome[:3]],
            }
        else:
            _put(root / "validate" / "dragnet" / "input" / f"{name}.html", html)
            _put(root / "validate" / "dragnet" / "GoldStandard" / f"{name}.txt", "\n".join(content).encode())
    _put(root / "trafilatura-eval" / "evaldata.json", json.dumps(records).encode())
    return root


def small_manifests(training_data: Path, root: Path) -> None:
    """The manifests of corpora that are `small_corpora`."""
    for name, source in load_sources(training_data).items():
        if source.public and (root / source.folder).is_dir():
            write_manifest(training_data, name, make_manifest(source, root / source.folder))


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
