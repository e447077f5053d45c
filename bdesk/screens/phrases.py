"""Speaking the phrases of strips: what F8 will do, and what can be recalled."""

from collections.abc import Sequence

from bdesk.i18n import _
from bdesk.models.views.strip import Phrase
from bdesk.speech import speak
from bdesk.widgets.lines import Piece


def spoken_phrases(phrases: Sequence[Phrase]) -> list[Piece]:
    """The phrases as pieces of a strip, joined by a plus; money stands out."""
    pieces: list[Piece] = []
    for phrase in phrases:
        if pieces:
            pieces.append((" + ", "dim"))
        role = "strong" if "amount_fen" in phrase.params else "text"
        pieces.append((spoken(phrase), role))
    return pieces


def spoken(phrase: Phrase) -> str:
    """One phrase in words."""
    return speak(phrase.code, dict(phrase.params))


def typed_in_chinese() -> str:
    """What a password with characters in it that only an input method types is answered with: no attempt."""
    return _("The input method is on: Chinese characters in the password. Not counted; type it again.")
