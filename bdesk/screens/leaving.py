"""Ctrl+Q and the menu's 0: leaving is asked for, with what stays undone said first."""

from functools import partial
from typing import TYPE_CHECKING, Any

from bdesk.i18n import _
from bdesk.screens import navigation
from bdesk.screens.modals.ask import Answered, AskModal, Question, numbered

if TYPE_CHECKING:
    from bdesk.screens.base import DeskScreen
    from bdesk.screens.place import Place

LEAVE, STAY, LOCK, SIGN_OUT = "leave", "stay", "lock", "sign_out"


def ask(screen: "DeskScreen") -> None:
    """The question; a call that is open must be ended first, unless the store cannot be reached. Where there
    is a password to come back with, the desk can be locked instead; who stays signed in can end that."""
    place = screen.place
    refused = {}
    if place.call is not None and place.offline_since is None:
        refused = dict.fromkeys((LEAVE, SIGN_OUT), _("You are on a call: F2, then F5 closes its card"))
    question = Question(
        _("Leave the desk?"),
        numbered(*_answers(place), refused=refused),
        note=undone(screen),
    )

    def answered(answer: Answered | None) -> None:
        if answer is not None:
            _do(screen, answer.code)

    navigation.show(screen, AskModal(question), answered)


def _answers(place: "Place") -> list[tuple[str, str]]:
    from bdesk.operations.staff.staying import is_kept_here

    answers = [(LEAVE, _("Leave")), (STAY, _("Stay"))]
    if not place.desk.store.training:
        answers.append((LOCK, _("Lock the desk")))
        if is_kept_here(place.desk.store, place.desk.actor):
            answers.append((SIGN_OUT, _("Leave and sign out here")))
    return answers


def _do(screen: "DeskScreen", code: str) -> None:
    from bdesk.operations.staff.staying import forget_here
    from bdesk.screens.aside import aside

    app: Any = screen.app
    desk = screen.place.desk

    async def sign_out() -> None:
        # The store first and at once; what the keyring keeps is worth nothing then.
        await aside(partial(forget_here, desk.store, desk.actor))
        app.exit(0)

    if code == LEAVE:
        app.exit(0)
    elif code == LOCK:
        app.lock_now()
    elif code == SIGN_OUT:
        navigation.held(screen, sign_out())


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
