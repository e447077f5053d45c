"""What comes back after a crash or a restart: open cases with drafts, pending strips, the open call."""

from collections.abc import Mapping

from bdesk.errors import DeskError
from bdesk.models.views.strip import Strip
from bdesk.operations.looking import calls
from bdesk.screens import navigation
from bdesk.screens.case.strip_draft import strip_of_draft
from bdesk.screens.place import OpenCase, Place

LONGEST_ID = 16
"""Digits that no number of a case has: beyond what a database keeps."""


async def restore(place: Place) -> None:
    """Each case with a draft is on a tab again, its strip pending as it was; the call runs on. What is done
    at the desk meanwhile goes before: neither the case nor the strip at hand is another because of this.

    Raises what reading the store raises; the drafts are back by then.
    """
    restore_drafts(place)
    found = await place.desk.read(calls.mine)
    if place.call is None and found is not None:
        place.call = navigation.as_call(found)


def restore_drafts(place: Place) -> None:
    """The drafts alone, which need no store.

    A strip that can no longer be read is dropped: F8 must never do what nobody can see.
    """
    drafts, at_hand = place.desk.drafts, place.current
    for name in drafts.places():
        head, _colon, number = name.partition(":")
        if head != "case" or not (number.isascii() and number.isdigit() and len(number) < LONGEST_ID):
            continue
        case_id = int(number)
        kept = drafts.load(name).get("strip")
        if isinstance(kept, dict) and case_id not in place.strips:
            strip = _readable(kept, case_id)
            if strip is not None:
                place.strips[case_id] = strip
            else:
                drafts.save(name, "strip", None)
        if place.is_open(case_id):
            continue
        if at_hand is None:
            place.open(OpenCase(case_id, "", "", ""))
        else:
            place.open_cases.append(OpenCase(case_id, "", "", ""))


def _readable(kept: Mapping[str, object], case_id: int) -> Strip | None:
    """The strip kept for this case; None for one of another case, or that does not say what F8 does."""
    try:
        strip = strip_of_draft(kept)
    except (KeyError, TypeError, ValueError, AttributeError, DeskError):
        return None
    return strip if strip.case_id == case_id and strip.phrases else None
