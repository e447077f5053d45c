"""What the case screen's footer and status line say."""

from typing import Protocol

from textual.widget import Widget

from bdesk.i18n import _, pick
from bdesk.rules.walk.model import Capture
from bdesk.screens.case.drafting import CaseDrafts
from bdesk.screens.case.evidence import EvidenceList
from bdesk.screens.case.host import OnCase
from bdesk.screens.case.pending import Pending
from bdesk.screens.case.present import said
from bdesk.screens.case.step_pane import StepPane
from bdesk.widgets.choices import Choices
from bdesk.widgets.note_area import NoteArea
from bdesk.widgets.strips import StatusValues


class Framed(OnCase, Protocol):
    """The case screen, as far as its frame speaks of it."""

    waiting: Pending
    drafts: CaseDrafts
    reading: str

    @property
    def steps(self) -> StepPane:
        """The step with its fields and answers."""

    @property
    def focused(self) -> Widget | None:
        """Where the keys go."""


def tab_no(host: Framed) -> str:
    """The number of the current case as its tab knows it, before the case is read."""
    tabs = [one.case_no for one in host.place.open_cases if one.case_id == host.case_id]
    mine = [one.case_no for one in host.place.mine if one.case_id == host.case_id]
    return next(filter(None, (*tabs, *mine)), "")


def footer_words(host: Framed) -> dict[str, str]:
    """What F9 does now."""
    if host.place.ringing is not None and host.place.call is None:
        return {"desk.take": _("Answer")}
    return {"desk.take": _("Claim")} if host.unowned else {}


def footer_hot(host: Framed) -> str:
    """The natural next key: F8 for a strip, F9 for a case nobody holds and for one that is done."""
    if host.waiting.strip is not None:
        return "desk.commit"
    return "desk.take" if host.unowned or host.done else ""


def footer_off(host: Framed) -> dict[str, str]:
    """Why F8 does nothing."""
    if host.place.offline_since is not None:
        return {"desk.commit": _("The store cannot be reached; F8 is paused")}
    if host.waiting.strip is None:
        return {"desk.commit": _("Nothing is pending: choose an outcome by its digit first")}
    return {}


def status(host: Framed) -> StatusValues:
    """What is being read, who else works here, whether drafts are kept; a few keys."""
    hints = (*_pane_keys(host), ("Ctrl+Z", _("undo")), (".", _("due times")))
    if host.place.desk.drafts.failing:
        return StatusValues(hints=hints, says=_("Drafts cannot be written; finish what you type"))
    saved = host.drafts.saved
    return StatusValues(draft_saved=saved, hints=hints, says=host.reading or _other_owner(host))


def _pane_keys(host: Framed) -> tuple[tuple[str, str], ...]:
    """What Enter, Space and Tab do where the keys go now: no footer key says it."""
    strip = host.waiting.strip
    if isinstance(host.focused, EvidenceList):
        return (("Enter", _("open the evidence")), ("Space", _("tick it")))
    if isinstance(host.focused, NoteArea):
        return (("Enter", _("keep the note")), ("Esc", _("back to the outcomes")))
    if strip is not None:
        return (("Space", _("read the letter")),) if strip.letters else ()
    if host.page is None or host.done:
        return ()
    if free := free_fields(host):
        return (("Tab", pick("、", ", ").join(said(one.label) for one in free)),)
    unseen = any(piece.id not in host.page.looked for piece in host.page.standing.snapshot.evidence)
    return (("Tab", _("to the evidence")),) if unseen else ()


def free_fields(host: Framed) -> list[Capture]:
    """The fields that Tab shows from where the keys go now: what no answer asks for, behind the last field or
    at the answers. None while an outcome is pending: what is typed then is not in it."""
    form = host.steps.form
    if form is None or not form.is_mounted or host.waiting.strip is not None:
        return []
    return form.hidden() if isinstance(host.focused, Choices) or form.is_last(host.focused) else []


def _other_owner(host: Framed) -> str:
    """Who works on the case, when it is somebody else."""
    row = host.page.row if host.page is not None and not host.done else None
    if row is None or not row.owner or row.owner == host.place.desk.actor.number:
        return ""
    return _("{owner} works on this case", owner=host.place.person(row.owner))
