"""Ctrl+Q and the menu's 0: leaving is asked for, with what stays undone said first."""

from typing import TYPE_CHECKING

from bdesk.i18n import _
from bdesk.screens import navigation
from bdesk.screens.modals.ask import Answered, AskModal, Question, numbered

if TYPE_CHECKING:
    from bdesk.screens.base import DeskScreen

LEAVE, STAY = "leave", "stay"


def ask(screen: "DeskScreen") -> None:
    """The question; a call that is open must be ended first, unless the store cannot be reached."""
    place = screen.place
    refused = {}
    if place.call is not None and place.offline_since is None:
        refused = {LEAVE: _("You are on a call: F2, then F5 closes its card")}
    question = Question(
        _("Leave the desk?"),
        numbered((LEAVE, _("Leave")), (STAY, _("Stay")), refused=refused),
        note=undone(screen),
    )

    def answered(answer: Answered | None) -> None:
        if answer is not None and answer.code == LEAVE:
            screen.app.exit(0)

    navigation.show(screen, AskModal(question), answered)


def undone(screen: "DeskScreen") -> str:
    """What is not finished, and that it is kept."""
    place = screen.place
    parts = []
    if place.strips:
        parts.append(_("{count} pending, kept and not executed", count=len(place.strips)))
    if place.window() is not None:
        parts.append(_("one committed, it will be sent"))
    if place.open_cases:
        parts.append(_("{count} cases open, drafts kept", count=len(place.open_cases)))
    return "; ".join(parts) or _("Nothing is unfinished")
