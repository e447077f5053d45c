"""A pending strip as it may be shown while values of it could still be read out to a caller (decision 11)."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from bdesk.models.kinds import Factor, NotificationChannel
from bdesk.models.views.snapshot import Snapshot
from bdesk.models.views.strip import LetterPreview, Phrase, Strip
from bdesk.rules.masking import HIDDEN
from bdesk.rules.veiling import veiled


def veiled_strip(strip: Strip, snapshot: Snapshot, hidden: Collection[Factor]) -> Strip:
    """The strip with stars where its phrases and letters would give a hidden factor away. For showing only:
    F8 commits the strip itself."""
    if not hidden:
        return strip
    return replace(
        strip,
        phrases=tuple(_phrase(one, hidden) for one in strip.phrases),
        letters=tuple(_letter(one, snapshot, hidden) for one in strip.letters),
    )


def _phrase(phrase: Phrase, hidden: Collection[Factor]) -> Phrase:
    params = dict(phrase.params)
    for name in params:
        if name.endswith("_fen") and Factor.RECENT_AMOUNT in hidden:
            params[name] = HIDDEN
        if name in ("order_tail", "order_no") and Factor.ORDER_NO in hidden:
            params[name] = HIDDEN
    if _by_phone(params) and Factor.PHONE_TAIL in hidden:
        params["target"] = HIDDEN
    return replace(phrase, params=params)


def _by_phone(params: Mapping[str, object]) -> bool:
    return "target" in params and params.get("channel") == NotificationChannel.SMS.value


def _letter(letter: LetterPreview, snapshot: Snapshot, hidden: Collection[Factor]) -> LetterPreview:
    phone = letter.channel == NotificationChannel.SMS.value and Factor.PHONE_TAIL in hidden
    return replace(
        letter,
        target_masked=HIDDEN if phone else letter.target_masked,
        subject=veiled(letter.subject, snapshot, hidden),
        body=veiled(letter.body, snapshot, hidden),
    )
