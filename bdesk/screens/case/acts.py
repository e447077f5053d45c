"""What the F-keys of the case screen ask: parking, raising, the customer, the clocks, the rule of a step."""

from datetime import timedelta
from typing import TYPE_CHECKING

from bdesk.i18n import _, pick
from bdesk.models.kinds import Role
from bdesk.models.views.changed import Changed
from bdesk.operations import evidence, parking, raising, voiding
from bdesk.operations.priority import HIGHEST, LOWEST, set_priority
from bdesk.rules.locators import locator_fault
from bdesk.screens.case import departments, dues, enquiry
from bdesk.screens.case.evidence import EvidenceRow
from bdesk.screens.modals.ask import Answered, AskModal, Question, numbered
from bdesk.speech import speak
from bdesk.widgets.cells import crop, shown

if TYPE_CHECKING:
    from bdesk.screens.case.screen import CaseScreen

ASIDE = timedelta(hours=1)
LONGEST_ADDRESS = 40


def park(screen: "CaseScreen") -> None:
    """F6: waiting (1 the customer, 2 a third party: both stop the clock, by F8), 3 put aside, and what else
    is done about due times: promises, extensions, a message that needs no answer; then questions to
    departments and their answers."""
    case_id = screen.case_id
    if case_id is None or screen.page is None:
        return
    question = Question(
        _("Park, due times"),
        numbered(
            ("customer", _("Customer: by letter, the clock stops")),
            ("third_party", _("Third party: the clock stops")),
            ("aside", _("Put aside for an hour: the clock runs on")),
            ("promise", _("Promise something by a time")),
            ("call_back", _("Promise to call back")),
            ("kept", _("What was promised is done")),
            ("resume", _("The clock runs again")),
            ("extend", _("Extend a due time")),
            ("no_reply", _("No reply needed to the message")),
            ("department", _("Ask a department")),
            ("answer", _("A department answered")),
            refused={**dues.refused(screen), **departments.refused(screen.page)},
        ),
    )
    screen.app.push_screen(AskModal(question), lambda answer: _parked(screen, case_id, answer))


def keep(screen: "CaseScreen", case_id: int, field: str):  # type: ignore[no-untyped-def]
    """Half-typed words of an overlay, kept as a draft."""
    return lambda text: screen.place.desk.drafts.save(f"case:{case_id}", field, text)


def _parked(screen: "CaseScreen", case_id: int, answer: Answered | None) -> None:
    if answer is None or screen.page is None:
        return
    if answer.code == "department":
        departments.ask(screen, case_id)
        return
    if answer.code == "answer":
        departments.answer(screen, screen.page)
        return
    if answer.code != "aside":
        dues.chosen(screen, case_id, answer.code)
        return
    until = screen.place.now() + ASIDE
    screen.perform(parking.put_aside, case_id, until, then=lambda _changed: left(screen, case_id))


def left(screen: "CaseScreen", case_id: int) -> None:
    """The case left the hand: its tab goes, the queue or the next open case comes."""
    screen.place.close(case_id)
    screen.page = None


def raise_it(screen: "CaseScreen") -> None:
    """F7: 1 supervisor, 2 another group, 3 becomes a complaint, 4 a supervisor lifts the lock of identity
    checks, 5 another priority, each with a few words; 6 the customer asks how it stands."""
    case_id = screen.case_id
    if case_id is None:
        return
    question = Question(
        _("Raise or hand over"),
        numbered(
            ("supervisor", _("To a supervisor: the customer's clock runs on")),
            ("group", _("To another group")),
            ("complaint", _("It becomes a complaint")),
            ("void", _("Void failed identity checks")),
            ("priority", _("Another priority")),
            ("progress", _("The customer asks how it stands")),
            refused=_not_voidable(screen),
        ),
        wants_words=frozenset({"supervisor", "group", "complaint", "void"}),
        words_label=_("Why, in a few words"),
        text=str(screen.place.desk.drafts.load(f"case:{case_id}").get("raise", "")),
    )
    screen.app.push_screen(
        AskModal(question, keep(screen, case_id, "raise")), lambda answer: _raised(screen, case_id, answer)
    )


def _not_voidable(screen: "CaseScreen") -> dict[str, str]:
    """Why this person cannot void failed checks here; the operation asks again."""
    if screen.place.desk.actor.role not in (Role.SUPERVISOR, Role.MANAGER):
        return {"void": _("Supervisors only")}
    if screen.page is not None and not screen.page.standing.snapshot.history.failed_checks:
        return {"void": _("No failed check counts now")}
    return {}


def _raised(screen: "CaseScreen", case_id: int, answer: Answered | None) -> None:
    if answer is None:
        return
    if answer.code == "progress":
        enquiry.ask(screen)
        return

    def done(_changed: Changed) -> None:
        screen.place.desk.drafts.save(f"case:{case_id}", "raise", None)

    if answer.code == "priority":
        _choose_priority(screen, case_id)
    elif answer.code == "supervisor":
        screen.perform(raising.raise_case, case_id, "supervisor", answer.words, then=done)
    elif answer.code == "void":
        screen.perform(voiding.void_failures, case_id, answer.words, then=done)
    elif answer.code == "complaint":
        screen.perform(raising.to_complaint, case_id, answer.words, then=done)
    else:
        _choose_group(screen, case_id, answer.words)


def _choose_priority(screen: "CaseScreen", case_id: int) -> None:
    now = screen.page.standing.snapshot.case.priority if screen.page is not None else 0
    levels = [str(level) for level in range(HIGHEST, LOWEST + 1)]
    question = Question(
        _("Which priority, and why"),
        numbered(
            *((level, _("Priority {level}", level=level)) for level in levels),
            refused={str(now): _("It has this one")},
        ),
        wants_words=frozenset(levels),
        words_label=_("Why, in a few words"),
    )

    def chosen(answer: Answered | None) -> None:
        if answer is not None:
            screen.perform(set_priority, case_id, int(answer.code), answer.words)

    screen.app.push_screen(AskModal(question), chosen)


def _choose_group(screen: "CaseScreen", case_id: int, words: str) -> None:
    groups = screen.page.groups if screen.page is not None else ()
    question = Question(_("To which group"), numbered(*((code, pick(zh, en)) for code, zh, en in groups)))

    def chosen(answer: Answered | None) -> None:
        if answer is not None:
            screen.perform(
                raising.hand_over, case_id, answer.code, words, then=lambda _changed: left(screen, case_id)
            )

    screen.app.push_screen(AskModal(question), chosen)


def open_evidence(screen: "CaseScreen", row: EvidenceRow) -> None:
    """Enter on a piece: the configured viewer opens it, else its address is shown; it counts as seen.

    An address that no viewer should get is told in one line, opened by nobody and seen by nobody.
    """
    from bdesk.screens.viewer import open_with

    fault = locator_fault(row.address)
    if fault is not None:
        screen.toast(speak(fault, {"address": crop(shown(row.address), LONGEST_ADDRESS)}), "offline")
        return
    viewer = screen.place.settings.evidence_viewer
    opened = bool(viewer) and open_with(viewer or "", row.address)

    def tell(_changed: Changed) -> None:
        if opened:
            screen.toast(_("Opened with {viewer}", viewer=viewer or ""))
        else:
            screen.toast(_("Its address: {address}", address=row.address), "hint")

    screen.perform(evidence.look_at, row.id, then=tell)


def tick_evidence(screen: "CaseScreen", row: EvidenceRow) -> None:
    """Space on a piece: clear, then not clear. Who has not seen it himself cannot tick it."""
    if not row.seen:
        words = _("{by} looked at it, not you: Enter opens it", by=row.by) if row.by else ""
        screen.toast(words or _("Look at it first: Enter opens it"), "hint")
        return
    screen.perform(evidence.judge, row.id, not row.clear)
