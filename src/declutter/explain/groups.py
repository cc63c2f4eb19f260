"""Groups of features that say one thing to a person: the units of an explanation."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from declutter.features import FEATURE_NAMES
from declutter.features.languages import TOPICS

__all__ = ["ABSENT", "COLUMNS", "GROUPS", "group_of"]

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
    "topics": rf"(box_)?({'|'.join(TOPICS)})(_up\d|_page|_contrast)?",
    "cohesion": r"cohesion(_\w+)?",
    "length": r"size|word_count|word_length|line_count|size_share|size_rank|stops|commas|(stop|comma)_rate"
    r"|ends_sentence|ends_colon|sentence_length",
    "characters": r"upper_share|capital_words|digit_share|separator_share|other_share|no_case|dated",
    "place": r"place\w*|text_place|page_(blocks|size|prose)|depth_relative|(text_)?from_h1|after_h1|has_h1|from_heading"
    r"|heading_level|container_(place|place_up|first|last)|section_place",
    "running text": r"(readability|subtree|run)_(inside|place|before|after|share)",
    "element": r"is_\w+|heading_rank|origin_\w+|run_(images|emphasis|code|breaks)",
    "inside": r"in_tag_\w+",
    "names": r"(near|above)_name_\w+",
    "controls": r"input_\w+|form_\w+|in_form|from_form|(buttons|frames|media)_up\d",
    "addresses": r"leads_\w+",
    "box": r"stop_rate_(up\d|class_path|page)|(blocks|size|mean_size|long_share|headings|images|share|tag_density)_up\d"
    r"|alike_\w+|repeat_\w+|page_repeats|box_\w+|heading_same_container|heading_size|sibling_\w+",
}
"""Name -> pattern of its features; a feature belongs to the first group whose pattern it matches whole."""

_PATTERNS: Final = {name: re.compile(pattern) for name, pattern in GROUPS.items()}
# Evidence by being there; its neutral value is to be absent. Of all else it is the page's median.
_ABSENT: Final = re.compile(
    r"is_\w+|origin_\w+|heading_rank|in_tag_\w+|(near|above)_name_\w+|lexicon_\w+|(box_)?told_\w+(?<!_before)(?<!_after)|site_name(_up\d)?|leads_\w+|input_\w+"
    r"|form_(?!size|blocks)\w+|in_form|(buttons|frames|media|amounts)_up\d|amount|currency|dated|has_link|link_count"
    rf"|(box_)?(reader|writer|{'|'.join(TOPICS)})(_up\d|_contrast)?|link_scheme|(title|description|jsonld)_(overlap|match)"
)


def group_of(feature: str) -> str:
    """The group of a feature.

    Raises:
        KeyError: no pattern of GROUPS matches: add the feature to one.
    """
    for name, pattern in _PATTERNS.items():
        if pattern.fullmatch(feature):
            return name
    raise KeyError(feature)


COLUMNS: Final = {
    name: np.array([i for i, feature in enumerate(FEATURE_NAMES) if group_of(feature) == name]) for name in GROUPS
}
"""Name -> int64, the columns of its features."""

ABSENT: Final = np.array(
    [bool(_ABSENT.fullmatch(feature)) and group_of(feature) != "neighbours" for feature in FEATURE_NAMES]
)
"""Which columns are neutral at 0."""
