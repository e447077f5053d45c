"""Going on: a step back and forth, another tab, the next case. Keys wait until the new one is there."""

from typing import Any, Protocol

from bdesk.i18n import _
from bdesk.models.kinds import Asides
from bdesk.models.views.changed import Changed
from bdesk.operations import parking
from bdesk.operations import queue as queueing
from bdesk.operations.looking.case import CasePage
from bdesk.screens.case.drafting import CaseDrafts
from bdesk.screens.case.host import OnCase
from bdesk.screens.place import OpenCase


class Traveller(OnCase, Protocol):
    """The case screen, where it goes from one step or case to another."""

    page: CasePage | None
    at: str | None
    drafts: CaseDrafts

    def perform(self, operation: Any, *args: Any, then: Any = None, **kwargs: Any) -> None:
        """Do an operation."""

    def toast(self, text: str, kind: str = "recall") -> None:
        """A short message."""

    def read_held(self) -> None:
        """Show the place's current case and step; keys wait."""

    def to_call(self) -> None:
        """The call card."""


def step(host: Traveller, by: int) -> None:
    """Back to an earlier answer, which is kept, or forward again."""
    back = host.page.standing.walk.back_to if host.page is not None else ()
    if not back and by < 0:
        host.toast(_("There is no step to go back to; what was executed stays"), "hint")
        return
    at = (back.index(host.at) if host.at in back else len(back)) + by
    if 0 <= at <= len(back) and not (by > 0 and host.at is None):
        host.at = back[at] if at < len(back) else None
        host.read_held()


def go_to(host: Traveller, case_id: int | None) -> None:
    """Show another open case; drafts and strips stay where they are."""
    if case_id is None or case_id == host.case_id:
        return
    leave_done(host)
    host.place.go_to(case_id)
    host.at = None
    host.drafts.saved = False
    host.read_held()


def leave_done(host: Traveller) -> None:
    """A closed case gives its tab back when it is left."""
    if host.done and host.case_id is not None:
        host.drafts.forget(host.case_id)
        host.place.close(host.case_id)


def take(host: Traveller) -> None:
    """F9: a ringing call first; claim the case on the screen when nobody holds it; else the next one by
    policy, this one put aside."""
    if host.place.ringing is not None and host.place.call is None:
        _answer_call(host)
    elif host.unowned and host.case_id is not None and host.page is not None:
        host.perform(queueing.claim, host.case_id, host.page.version)
    else:
        leaving = None if host.done else host.case_id
        host.perform(queueing.take_next, leaving=leaving, then=lambda changed: _taken(host, changed))


def _answer_call(host: Traveller) -> None:
    mine = not host.unowned and not host.done
    if host.case_id is not None and mine:
        host.perform(
            parking.put_aside,
            host.case_id,
            None,
            Asides.CALL_FIRST,
            then=lambda _changed: host.to_call(),
        )
    else:
        host.to_call()


def _taken(host: Traveller, changed: Changed) -> None:
    if changed.case_id is not None:
        leave_done(host)
        host.place.open(OpenCase(changed.case_id, changed.case_no or "", "", ""))
        host.at = None
        host.page = None
