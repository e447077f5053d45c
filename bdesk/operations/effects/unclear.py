"""Pieces that somebody found unclear are named in the next letter that asks for material (RF5)."""

from collections.abc import Mapping

from bdesk.i18n import translate
from bdesk.models.labels import label_in
from bdesk.models.views.snapshot import Snapshot
from bdesk.rules.evidence import unclear
from bdesk.rules.facts.case import EVIDENCE_LETTERS
from bdesk.rules.letters import SlotValue
from bdesk.rules.walk.values import Text

SLOT = "materials"


def naming_unclear(
    letter: str, slots: Mapping[str, SlotValue], snapshot: Snapshot, lang: str
) -> dict[str, SlotValue]:
    """The slots of a letter as they go out: what it asks for, and which of the pieces that came cannot be
    made out, in the customer's language."""
    pieces, asked = unclear(snapshot), slots.get(SLOT)
    if letter not in EVIDENCE_LETTERS or not pieces or asked is None:
        return dict(slots)
    names = ("、" if lang == "zh" else ", ").join(
        f"{label_in(lang, one.kind)} {one.number}" for one in pieces
    )
    words = asked.get(lang) if isinstance(asked, Text) else str(asked)
    told = translate(
        lang,
        "{materials} (not clear enough, please send again: {pieces})",
        materials=words,
        pieces=names,
    )
    return {**slots, SLOT: told}
