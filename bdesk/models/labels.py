"""What members of the closed lists are called by people, in the language in use (UX, Words)."""

from enum import StrEnum

from bdesk.i18n import _, translate
from bdesk.models.clock_label_words import CLOCK_WORDS
from bdesk.models.label_words import KIND_WORDS


def label(member: StrEnum) -> str:
    """The word for a member; its value when its list has no words."""
    msgid = _msgid(member)
    return _(msgid) if msgid is not None else member.value


def label_in(lang: str, member: StrEnum) -> str:
    """The word in a named language, whatever the one in use: for what a customer reads."""
    msgid = _msgid(member)
    return translate(lang, msgid) if msgid is not None else member.value


def _msgid(member: StrEnum) -> str | None:
    words = KIND_WORDS.get(type(member)) or CLOCK_WORDS.get(type(member)) or {}
    return words.get(member.name)


def label_of(kind: type[StrEnum], code: str) -> str:
    """The word for a stored code of a list; a code that the list does not know comes back as it is."""
    try:
        member = kind(code)
    except ValueError:
        return code
    return label(member)
