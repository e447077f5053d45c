"""What the case screen's footer and status line say."""

from typing import TYPE_CHECKING

from bdesk.i18n import _
from bdesk.screens.case.evidence import EvidenceList
from bdesk.widgets.note_area import NoteArea
from bdesk.widgets.strips import StatusValues

if TYPE_CHECKING:
    from bdesk.screens.case.screen import CaseScreen


def tab_no(screen: "CaseScreen") -> str:
    """The number of the current case as its tab knows it, before the case is read."""
    tabs = [one.case_no for one in screen.place.open_cases if one.case_id == screen.case_id]
    mine = [one.case_no for one in screen.place.mine if one.case_id == screen.case_id]
    return next(filter(None, (*tabs, *mine)), "")


def footer_words(screen: "CaseScreen") -> dict[str, str]:
    """What F9 does now."""
    if screen.place.ringing is not None and screen.place.call is None:
        return {"desk.take": _("Answer")}
    return {"desk.take": _("Claim")} if screen.unowned else {}


def footer_hot(screen: "CaseScreen") -> str:
    """The natural next key: F8 for a strip, F9 for a case nobody holds and for one that is done."""
    if screen.waiting.strip is not None:
        return "desk.commit"
    return "desk.take" if screen.unowned or screen.done else ""


def footer_off(screen: "CaseScreen") -> dict[str, str]:
    """Why F8 does nothing."""
    if screen.place.offline_since is not None:
        return {"desk.commit": _("The store cannot be reached; F8 is paused")}
    if screen.waiting.strip is None:
        return {"desk.commit": _("Nothing is pending: choose an outcome by its digit first")}
    return {}


def status(screen: "CaseScreen") -> StatusValues:
    """What is being read, who else works here, whether drafts are kept; a few keys."""
    hints = (*_pane_keys(screen), ("Ctrl+Z", _("undo")), (".", _("due times")))
    if screen.place.desk.drafts.failing:
        return StatusValues(hints=hints, says=_("Drafts cannot be written; finish what you type"))
    saved = screen.drafts.saved
    return StatusValues(draft_saved=saved, hints=hints, says=screen.reading or _other_owner(screen))


def _pane_keys(screen: "CaseScreen") -> tuple[tuple[str, str], ...]:
    """What Enter, Space and Tab do where the keys go now: no footer key says it."""
    strip = screen.waiting.strip
    if isinstance(screen.focused, EvidenceList):
        return (("Enter", _("open the evidence")), ("Space", _("tick it")))
    if isinstance(screen.focused, NoteArea):
        return (("Enter", _("keep the note")), ("Esc", _("back to the outcomes")))
    if strip is not None:
        return (("Space", _("read the letter")),) if strip.letters else ()
    if screen.page is None or screen.done:
        return ()
    unseen = any(piece.id not in screen.page.looked for piece in screen.page.standing.snapshot.evidence)
    return (("Tab", _("to the evidence")),) if unseen else ()


def _other_owner(screen: "CaseScreen") -> str:
    """Who works on the case, when it is somebody else."""
    row = screen.page.row if screen.page is not None and not screen.done else None
    if row is None or not row.owner or row.owner == screen.place.desk.actor.number:
        return ""
    return _("{owner} works on this case", owner=screen.place.person(row.owner))
