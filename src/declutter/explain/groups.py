"""Groups of features that say one thing to a person: the units of an explanation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from declutter.features import FEATURE_NAMES
from declutter.features.languages import TOPICS
from declutter.labels import CHROME
from declutter.model.context import CONTENT_CONTEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["CONTEXT_OF", "FEATURES_OF", "GROUPS", "KINDS_AROUND_OF", "OPINIONS", "OWN", "PLAYERS", "group_of"]

GROUPS: Final[dict[str, str]] = {
    "neighbours": r".*_(before|after)[12]",
    "money": r"amounts?(_up\d)?|currency|input_(card|number)_up\d|form_(card|number)",
    "links": r"link_density|link_count|has_link|link_external|link_scheme|link_fragment",
    "links around": r"link_density_.*|heading_link_density|repeat_links",
    "phrases": r"lexicon_(?!near_|box_|heading_)\w+",
    "phrases around": r"lexicon_(near|box|heading)_\w+|(box_)?told_\w+",
    "title": r"title_\w+|description_overlap|jsonld_overlap|has_jsonld_text",
    "voice": r"(box_)?(reader|writer|site_name)(_up\d|_page|_contrast)?",
    "page type": r"type_\w+",
    "topics": rf"(box_)?({'|'.join(TOPICS)})(_up\d|_page|_contrast|_opens|_closes)?",
    "cohesion": r"cohesion(_\w+)?",
    "length": r"size|word_count|word_length|line_count|size_share|size_rank|stops|commas|(stop|comma)_rate"
    r"|ends_sentence|ends_colon|sentence_length",
    "characters": r"upper_share|capital_words|digit_share|separator_share|other_share|no_case|dated",
    "place": r"place\w*|text_place|page_(blocks|size|prose)|depth_relative|(text_)?from_h1|after_h1|has_h1|from_heading"
    r"|heading_level|container_(place|place_up|first|last)|section_place|(since|until)_picture(_up)?",
    "running text": r"(readability|subtree|run)_(inside|place|before|after|share)",
    "element": r"is_\w+|heading_rank|origin_\w+|run_(images|emphasis|code|breaks)",
    "inside": r"in_tag_\w+",
    "names": r"(near|above)_name_\w+",
    "controls": r"input_\w+|form_\w+|in_form|from_form|(buttons|frames|media)_up\d",
    "payment methods, progress": r"(progress|payment_methods)_up\d",
    "addresses": r"leads_\w+",
    "box": r"stop_rate_(up\d|class_path|page)|(blocks|size|mean_size|long_share|headings|images|share|tag_density)_up\d"
    r"|alike_\w+|repeat_\w+|page_repeats|box_\w+|heading_same_container|heading_size|sibling_\w+",
}
"""Name -> pattern of its features; a feature belongs to the first group whose pattern it matches whole."""

_PATTERNS: Final = {name: re.compile(pattern) for name, pattern in GROUPS.items()}

OPINIONS: Final[dict[str, str]] = {
    "beside at first": r"p_(before|after)\d|p_window\d|(before|after)1",
    "heading at first": r"p_heading",
    "box at first": r"p_((mean|lowest)_)?(up\d|box)|p_parent|up\d|box",
    "alike at first": r"p_(class|plain)_path|class_path",
    "words at first": r"p_words(_\w+)?",
    "page at first": r"p_page(_\w+)?|p_(run|subtree)_\w+|p_since|p_until|p_text_before",
}
"""The same for what the second passes see of the first: names of CONTENT_CONTEXT and of the pools of `kind_context`."""

PLAYERS: Final = (*GROUPS, *OPINIONS)
"""All groups, in the order in which they are numbered."""

_POOLS: Final = ("before1", "after1", "up1", "up2", "box", "class_path")


def group_of(feature: str) -> str:
    """The group of a feature.

    Raises:
        KeyError: no pattern of GROUPS matches: add the feature to one.
    """
    for name, pattern in _PATTERNS.items():
        if pattern.fullmatch(feature):
            return name
    raise KeyError(feature)


def _numbers(names: Sequence[str], patterns: dict[str, str]) -> NDArray[np.int64]:
    matching = {name: re.compile(pattern) for name, pattern in patterns.items()}
    return np.array(
        [PLAYERS.index(next(group for group, pattern in matching.items() if pattern.fullmatch(name))) for name in names]
    )


OWN: Final = CONTENT_CONTEXT.index("p")
"""The column of CONTENT_CONTEXT that says what the passes before made of the block itself: no group, but their outcome."""

FEATURES_OF: Final = np.array([PLAYERS.index(group_of(name)) for name in FEATURE_NAMES])
"""int64, the group of each feature as a place in PLAYERS."""

CONTEXT_OF: Final = np.insert(
    _numbers(CONTENT_CONTEXT[:OWN] + CONTENT_CONTEXT[OWN + 1 :], OPINIONS), OWN, PLAYERS.index("beside at first")
)
"""The same of each column of CONTENT_CONTEXT; that of OWN says nothing."""

KINDS_AROUND_OF: Final = np.repeat(_numbers(_POOLS, OPINIONS), len(CHROME))
"""The same of each column of `kind_context`."""
