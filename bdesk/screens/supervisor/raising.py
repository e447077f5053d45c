"""F7 on the board: 1 a second supervisor or manager, 2 risk, 3 send back, 4 reassign (UX, Keys)."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bdesk.i18n import _
from bdesk.models.kinds import Role
from bdesk.models.views.supervision import PressedCase, WaitingRequest
from bdesk.operations import approvals
from bdesk.operations import raising as operations
from bdesk.rules.ladder import may_raise
from bdesk.screens.modals.ask import Answered, AskModal, Question, numbered
from bdesk.screens.supervisor import verdicts, words

if TYPE_CHECKING:
    from bdesk.screens.supervisor.screen import SupervisorScreen

BACK, REASSIGN = "back", "reassign"


def request(screen: "SupervisorScreen", one: WaitingRequest) -> None:
    """Who else decides a request, or back with a question."""
    up = Role.MANAGER.value if one.raised_to else Role.SUPERVISOR.value
    if one.row.approval.needs_role == Role.MANAGER.value:
        up = Role.MANAGER.value
    label = _("A manager") if up == Role.MANAGER.value else _("A second supervisor, or a manager")
    barred = verdicts.offered(one, 0, screen.place.desk.actor.role, screen.seen)[2].reason
    passed = barred if one.hindrance in ("approval.own", "approval.passed_on") or not screen.seen else ""
    refused = {
        up: passed or _higher(one.raised_to, up),
        Role.RISK.value: passed
        or _higher(one.raised_to, Role.RISK.value)
        or ("" if one.risk_decides else _("Risk decides nothing of this kind; 4 on the list asks them")),
        BACK: barred,
        REASSIGN: _("The request is not a case; Enter opens its case, F7 2 there hands it to a group"),
    }
    question = Question(
        _("Who decides the request of {case_no}", case_no=one.row.approval.case_no),
        numbered(
            (up, label),
            (Role.RISK.value, _("Risk department")),
            (
                BACK,
                _(
                    "Back to {person} with a question",
                    person=screen.place.person(one.row.approval.requested_by),
                ),
            ),
            (REASSIGN, _("Reassign the case")),
            refused=refused,
        ),
        wants_words=frozenset({up, Role.RISK.value}),
        words_label=_("Why, in a few words"),
        text=str(screen.place.desk.drafts.load(f"approval:{one.id}").get("raise", "")),
    )

    def answered(answer: Answered | None) -> None:
        if answer is None:
            return
        if answer.code == BACK:
            screen.deciding.choose(verdicts.RETURN, (one.id,))
        else:
            screen.perform(approvals.pass_on, one.id, answer.code, answer.words, then=done)

    def done(_changed: object) -> None:
        screen.place.desk.drafts.save(f"approval:{one.id}", "raise", None)

    _ask(screen, question, f"approval:{one.id}", answered)


def case(screen: "SupervisorScreen", one: PressedCase) -> None:
    """Who else works on a case: up the ladder, or over to risk."""
    level = one.level or None
    up = Role.MANAGER.value if one.level else Role.SUPERVISOR.value
    holds = screen.place.person(one.row.owner) if one.row.owner else ""
    refused = {
        up: "" if may_raise(level, up) else _("It is at that level already"),
        Role.RISK.value: "" if may_raise(level, Role.RISK.value) else _("It is at that level already"),
        BACK: _("{person} has it still; nothing to give back", person=holds) if holds else _("Nobody has it"),
        REASSIGN: _("Enter opens the case; F7 2 there hands it to a group"),
    }
    question = Question(
        _("Who works on {case_no}", case_no=one.row.case_no),
        numbered(
            (up, _("Raise to: {level}", level=words.level_words(up))),
            (Role.RISK.value, _("Risk department")),
            (BACK, _("Give back")),
            (REASSIGN, _("Reassign the case")),
            refused=refused,
        ),
        wants_words=frozenset({up, Role.RISK.value}),
        words_label=_("Why, in a few words"),
        text=str(screen.place.desk.drafts.load(f"case:{one.id}").get("raise", "")),
    )

    def answered(answer: Answered | None) -> None:
        if answer is not None:
            screen.perform(operations.raise_case, one.id, answer.code, answer.words, then=done)

    def done(_changed: object) -> None:
        screen.place.desk.drafts.save(f"case:{one.id}", "raise", None)
        screen.settle()

    _ask(screen, question, f"case:{one.id}", answered)


def _higher(raised_to: str, to: str) -> str:
    return "" if may_raise(raised_to or None, to) else _("It is at that level already")


def _ask(
    screen: "SupervisorScreen", question: Question, place: str, answered: Callable[[Answered | None], None]
) -> None:
    drafts = screen.place.desk.drafts
    modal = AskModal(question, lambda text: drafts.save(place, "raise", text or None))
    screen.app.push_screen(modal, answered)
