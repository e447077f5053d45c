"""The words for the closed lists: English here, Chinese in the catalogue, the same as in the fact names.

By list and member name, since members of two lists may carry the same value. In files as the lists are.
"""

from collections.abc import Mapping
from enum import StrEnum

from bdesk.models.label_words import cases, shop, work

KIND_WORDS: Mapping[type[StrEnum], Mapping[str, str]] = {**cases.WORDS, **shop.WORDS, **work.WORDS}
