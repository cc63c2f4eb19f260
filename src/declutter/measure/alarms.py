"""False alarms: what a model takes out of pages whose content talks like chrome, of giving, paying, newsletters, cookies."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from declutter.decide import kept, threshold_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from declutter.model.predictor import Model
    from declutter.training.examples import Example

__all__ = ["Alarms", "alarms_of", "shares"]


class Alarms(NamedTuple):
    """What became of the content of one page.

    Attributes:
        name: corpus and name of the page.
        blocks, kept: its blocks of content, and those of them that stayed.
        words, kept_words: the same in words.
    """

    name: str
    blocks: int
    kept: int
    words: int
    kept_words: int


def alarms_of(examples: Sequence[Example], model: Model) -> list[Alarms]:
    """What becomes of the content of pages that are labelled throughout, at the balanced strictness.

    Args:
        examples: the pages; the model saw none of them.
        model: the model.
    """
    found = []
    for example in examples:
        scores = model.content_scores(example.features, example.layout).content
        threshold = threshold_of("balanced", model.expected(example.features, example.layout, scores), scores)
        stays = kept(scores, threshold, example.headline)
        content = example.content == 1
        both = content & stays
        found.append(
            Alarms(
                f"{example.corpus}/{example.name}",
                int(content.sum()),
                int(both.sum()),
                int(example.words[content].sum()),
                int(example.words[both].sum()),
            )
        )
    return found


def shares(found: Sequence[Alarms]) -> dict[str, float]:
    """Shares of content blocks and words that are kept, and of pages that lose any block and more than a tenth of the words."""
    table = np.array([entry[1:] for entry in found], dtype=np.float64)
    blocks, stayed, words, stayed_words = table.T
    return {
        "pages": len(found),
        "blocks": int(blocks.sum()),
        "kept": round(float(stayed.sum() / blocks.sum()), 4),
        "words_kept": round(float(stayed_words.sum() / words.sum()), 4),
        "pages_losing_any": round(float((stayed < blocks).mean()), 4),
        "pages_losing_a_tenth": round(float((stayed_words < 0.9 * words).mean()), 4),
    }
