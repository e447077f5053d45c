"""Going on: a step back and forth, another tab, the next case. Keys wait until the new one is there."""

from typing import TYPE_CHECKING

from bdesk.i18n import _
from bdesk.models.kinds import Asides
from bdesk.models.views.changed import Changed
from bdesk.operations import parking
from bdesk.operations import queue as queueing
from bdesk.screens import navigation
from bdesk.screens.place import OpenCase

if TYPE_CHECKING:
    from bdesk.screens.case.screen import CaseScreen


def step(screen: "CaseScreen", by: int) -> None:
    """Back to an earlier answer, which is kept, or forward again."""
    back = screen.page.standing.walk.back_to if screen.page is not None else ()
    if not back and by < 0:
        screen.toast(_("There is no step to go back to; what was executed stays"), "hint")
        return
    at = (back.index(screen.at) if screen.at in back else len(back)) + by
    if 0 <= at <= len(back) and not (by > 0 and screen.at is None):
        screen.at = back[at] if at < len(back) else None
        navigation.held(screen, screen.read_again())


def go_to(screen: "CaseScreen", case_id: int | None) -> None:
    """Show another open case; drafts and strips stay where they are."""
    if case_id is None or case_id == screen.case_id:
        return
    leave_done(screen)
    screen.place.go_to(case_id)
    screen.at = None
    screen.drafts.saved = False
    navigation.held(screen, screen.read_again())


def leave_done(screen: "CaseScreen") -> None:
    """A closed case gives its tab back when it is left."""
    if screen.done and screen.case_id is not None:
        screen.drafts.forget(screen.case_id)
        screen.place.close(screen.case_id)


def take(screen: "CaseScreen") -> None:
    """F9: a ringing call first; claim the case on the screen when nobody holds it; else the next one by
    policy, this one put aside."""
    if screen.place.ringing is not None and screen.place.call is None:
        _answer_call(screen)
    elif screen.unowned and screen.case_id is not None and screen.page is not None:
        screen.perform(queueing.claim, screen.case_id, screen.page.version)
    else:
        leaving = None if screen.done else screen.case_id
        screen.perform(queueing.take_next, leaving=leaving, then=lambda changed: _taken(screen, changed))


def _answer_call(screen: "CaseScreen") -> None:
    mine = not screen.unowned and not screen.done
    if screen.case_id is not None and mine:
        screen.perform(
            parking.put_aside,
            screen.case_id,
            None,
            Asides.CALL_FIRST,
            then=lambda _changed: navigation.push_call(screen),
        )
    else:
        navigation.push_call(screen)


def _taken(screen: "CaseScreen", changed: Changed) -> None:
    if changed.case_id is not None:
        leave_done(screen)
        screen.place.open(OpenCase(changed.case_id, changed.case_no or "", "", ""))
        screen.at = None
        screen.page = None
