"""What comes back after a crash or a restart: open cases with drafts, pending strips, the open call."""

from bdesk.errors import DeskError
from bdesk.operations.looking import calls
from bdesk.screens import navigation
from bdesk.screens.case.strip_draft import strip_of_draft
from bdesk.screens.place import OpenCase, Place


def restore(place: Place) -> None:
    """Read the drafts: each case that has one is on a tab again, its strip pending as it was.

    A strip that can no longer be read is dropped: F8 must never do what nobody can see.
    """
    for name in place.desk.drafts.places():
        head, _colon, number = name.partition(":")
        if head != "case" or not number.isdigit():
            continue
        case_id = int(number)
        kept = place.desk.drafts.load(name).get("strip")
        if isinstance(kept, dict):
            try:
                place.strips[case_id] = strip_of_draft(kept)
            except (KeyError, TypeError, ValueError, DeskError):
                place.desk.drafts.save(name, "strip", None)
        place.open(OpenCase(case_id, "", "", ""))
    found = calls.mine(place.desk.ctx)
    place.call = None if found is None else navigation.as_call(found)
