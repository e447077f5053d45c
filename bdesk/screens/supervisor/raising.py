"""F7 on the board: 1 a second supervisor or manager, 2 risk, 3 send back, 4 reassign (UX, Keys); on a case
the other deeds of a supervisor after these."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bdesk.i18n import _
from bdesk.models.kinds import PersonState, Role
from bdesk.models.labels import label
from bdesk.models.views.changed import Changed
from bdesk.models.views.supervision import PersonLoad, PressedCase, WaitingRequest
from bdesk.operations import approvals
from bdesk.operations import raising as operations
from bdesk.operations.supervising import reassigning
from bdesk.rules import roles
from bdesk.rules.ladder import may_raise
from bdesk.screens.modals.ask import Answered, AskModal, Question, numbered
from bdesk.screens.modals.person import Person, PersonModal
from bdesk.screens.supervisor import deeds, verdicts, words
from bdesk.widgets.cells import pad

if TYPE_CHECKING:
    from bdesk.screens.supervisor.view import SupervisorView

BACK, REASSIGN = "back", "reassign"
_ON_CALLS = frozenset({Role.AGENT, Role.SENIOR})


def request(screen: "SupervisorView", one: WaitingRequest) -> None:
    """Who else decides a request, or back with a question."""
    up = Role.MANAGER.value if one.raised_to else Role.SUPERVISOR.value
    if one.row.approval.needs_role == Role.MANAGER.value:
        up = Role.MANAGER.value
    higher = _("A manager") if up == Role.MANAGER.value else _("A second supervisor, or a manager")
    barred = verdicts.offered(one, 0, screen.role, screen.seen)[2].reason
    passed = barred if one.hindrance in ("approval.own", "approval.passed_on") or not screen.seen else ""
    refused = {
        up: passed or _higher(one.raised_to, up) or _not_there(one, up),
        Role.RISK.value: passed
        or _higher(one.raised_to, Role.RISK.value)
        or (
            ""
            if Role.RISK.value in one.deciders
            else _("Risk decides nothing of this kind; 4 on the list asks them")
        ),
        BACK: barred,
        REASSIGN: _not_reassigned(screen),
    }
    question = Question(
        _("Who decides the request of {case_no}", case_no=one.row.approval.case_no),
        numbered(
            (up, higher),
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
        elif answer.code == REASSIGN:
            reassign(
                screen, one.row.approval.case_id, one.row.approval.case_no, one.row.approval.requested_by
            )
        else:
            screen.perform(approvals.pass_on, one.id, answer.code, answer.words, then=done)

    def done(_changed: object) -> None:
        screen.place.desk.drafts.save(f"approval:{one.id}", "raise", None)

    _ask(screen, question, f"approval:{one.id}", answered)


def _not_there(one: WaitingRequest, to: str) -> str:
    if to in one.deciders:
        return ""
    return _("Risk decides this one: 2") if Role.RISK.value in one.deciders else _("They may not decide it")


def case(screen: "SupervisorView", one: PressedCase) -> None:
    """Who else works on a case: up the ladder, or over to risk."""
    level = one.level or None
    up = Role.MANAGER.value if one.level else Role.SUPERVISOR.value
    holds = screen.place.person(one.row.owner) if one.row.owner else ""
    refused = {
        up: "" if may_raise(level, up) else _("It is at that level already"),
        Role.RISK.value: "" if may_raise(level, Role.RISK.value) else _("It is at that level already"),
        BACK: _("{person} has it still; nothing to give back", person=holds) if holds else _("Nobody has it"),
        REASSIGN: _not_reassigned(screen),
    }
    question = Question(
        _("Who works on {case_no}", case_no=one.row.case_no),
        numbered(
            (up, _("Raise to: {level}", level=words.level_words(up))),
            (Role.RISK.value, _("Risk department")),
            (BACK, _("Give back")),
            (REASSIGN, _("Reassign the case")),
            *((each.code, _(each.text)) for each in deeds.TABLE),
            refused=refused | deeds.refused(screen),
        ),
        wants_words=frozenset({up, Role.RISK.value}),
        words_label=_("Why, in a few words"),
        text=str(screen.place.desk.drafts.load(f"case:{one.id}").get("raise", "")),
    )

    def answered(answer: Answered | None) -> None:
        if answer is None:
            return
        if answer.code == REASSIGN:
            reassign(screen, one.row.case_id, one.row.case_no, one.row.owner or "")
        elif answer.code not in (up, Role.RISK.value):
            deeds.run(screen, answer.code, one)
        else:
            screen.perform(operations.raise_case, one.id, answer.code, answer.words, then=done)

    def done(_changed: object) -> None:
        screen.place.desk.drafts.save(f"case:{one.id}", "raise", None)
        screen.settle()

    _ask(screen, question, f"case:{one.id}", answered)


def reassign(screen: "SupervisorView", case_id: int, case_no: str, holder: str) -> None:
    """To whom a case goes, those at work before those who are not, who takes calls before who decides, the
    least in hand first; then why, under their name."""
    people = [one for one in screen.board.load if one.number != holder] if screen.board is not None else []
    people.sort(
        key=lambda one: (one.state is not PersonState.ONLINE, one.role not in _ON_CALLS, one.open, one.urgent)
    )
    offered = [
        Person(one.number, one.name, f"{pad(label(one.role), 11)}{pad(label(one.state), 12)}{_in_hand(one)}")
        for one in people
    ]
    modal = PersonModal(_("Who works on {case_no}", case_no=case_no), offered)

    def found(one: Person | None) -> None:
        if one is not None:
            _give(screen, case_id, case_no, one)

    screen.app.push_screen(modal, found)


def _give(screen: "SupervisorView", case_id: int, case_no: str, to: Person) -> None:
    """Who gets it stands above the reason; Enter behind the reason does it."""
    question = Question(
        _("Give {case_no} to {person}", case_no=case_no, person=f"{to.name} {to.number}"),
        numbered(("give", _("Reassign the case"))),
        wants_words=frozenset({"give"}),
        words_label=_("Why, in a few words"),
        note=" ".join(to.note.split()),
        text=str(screen.place.desk.drafts.load(f"case:{case_id}").get("raise", "")),
        chosen="give",
    )

    def answered(answer: Answered | None) -> None:
        if answer is not None:
            screen.perform(reassigning.reassign, case_id, to.number, answer.words, then=done)

    def done(_changed: object) -> None:
        screen.place.desk.drafts.save(f"case:{case_id}", "raise", None)
        screen.settle()

    _ask(screen, question, f"case:{case_id}", answered)


def _in_hand(one: PersonLoad) -> str:
    return _("{count} in hand", count=one.open)


def take_over(screen: "SupervisorView", one: PressedCase, then: Callable[[Changed], None]) -> None:
    """F9 on a case that a colleague holds: why, then it is taken from them."""
    holds = screen.place.person(one.row.owner or "")
    question = Question(
        _("Take {case_no} over from {person}", case_no=one.row.case_no, person=holds),
        numbered(("take", _("Take over"))),
        wants_words=frozenset({"take"}),
        words_label=_("Why, in a few words"),
        text=str(screen.place.desk.drafts.load(f"case:{one.id}").get("raise", "")),
        chosen="take",
    )

    def answered(answer: Answered | None) -> None:
        if answer is not None:
            screen.perform(reassigning.take_over, one.id, answer.words, then=done)

    def done(changed: Changed) -> None:
        screen.place.desk.drafts.save(f"case:{one.id}", "raise", None)
        then(changed)

    _ask(screen, question, f"case:{one.id}", answered)


def may_take_over(screen: "SupervisorView") -> bool:
    """Whether this person takes cases from colleagues (B0.1); the operation asks again."""
    return roles.may(screen.role, "supervising.reassigning.take_over")


def _not_reassigned(screen: "SupervisorView") -> str:
    return "" if roles.may(screen.role, "supervising.reassigning.reassign") else _("Supervisors only")


def _higher(raised_to: str, to: str) -> str:
    return "" if may_raise(raised_to or None, to) else _("It is at that level already")


def _ask(
    screen: "SupervisorView", question: Question, place: str, answered: Callable[[Answered | None], None]
) -> None:
    drafts = screen.place.desk.drafts
    modal = AskModal(question, lambda text: drafts.save(place, "raise", text or None))
    screen.app.push_screen(modal, answered)
