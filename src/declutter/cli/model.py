"""`declutter model`: which model is loaded, and its card's figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from declutter.cli.options import TrustOption, chosen_model
from declutter.cli.terminal import print_table, put
from declutter.model.directory import default_directory

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["model"]


def model(
    directory: Annotated[
        str | None, typer.Argument(metavar="DIR", help="A model directory; the shipped model by default.")
    ] = None,
    trust_model: TrustOption = False,
) -> None:
    """Show the model that is loaded, and its figures.

    Example: declutter model
    """
    loaded = chosen_model(directory, trust=trust_model)
    info = loaded.info
    place = directory if directory is not None else str(default_directory())
    facts = {
        "name": info.get("name", loaded.name),
        "directory": place,
        "trained": info.get("trained", "date not recorded"),
        "features": f"{len(info['features'])}, version {info['features_version']}",
        "scikit-learn": info["scikit_learn"],
        "sha256": info["sha256"],
        **{
            f"strictness {name}": f"content_score from about {value:.2f}, page by page"
            for name, value in info["thresholds"].items()
        },
    }
    width = max(map(len, facts))
    put("".join(f"{name:<{width}}  {value}\n" for name, value in facts.items()))
    for key, title in (
        ("corpora", "trained on"),
        ("figures", "figures on pages of sites that the model did not see"),
        ("sites", "adapted to these sites: figures on pages that were held out"),
    ):
        rows = info.get(key)
        if isinstance(rows, dict) and rows and all(isinstance(row, dict) for row in rows.values()):
            put("\n")
            _print_rows(rows, title, "site" if key == "sites" else "corpus")


def _print_rows(rows: Mapping[str, Mapping[str, Any]], title: str, what: str) -> None:
    """A table of dictionaries: a row each, a column for each key of theirs."""
    keys = list(dict.fromkeys(key for row in rows.values() for key in row))
    print_table(
        [(what, "fixed"), *((key, "fixed") for key in keys)],
        [[name, *(_cell(row.get(key, "")) for key in keys)] for name, row in rows.items()],
        title=title,
    )


def _cell(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
