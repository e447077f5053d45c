"""The customer asks how it stands (P12): the state in their words, beside the case while they are on the
line, and what an agent does about it (F7 6)."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from bdesk.errors import DeskError
from bdesk.i18n import _, language
from bdesk.models.kinds import Department, PromiseState
from bdesk.models.labels import label
from bdesk.operations import enquiries, tasks
from bdesk.operations.effects.news import plan_news
from bdesk.operations.looking.case import CasePage
from bdesk.rules.progress import Status, is_broken, needs_supervisor
from bdesk.screens.case import dues, present
from bdesk.screens.modals.ask import Answered, AskModal, Question, numbered
from bdesk.screens.moments import due_short
from bdesk.screens.working import start
from bdesk.widgets.lines import Piece

if TYPE_CHECKING:
    from bdesk.screens.case.screen import CaseScreen

TRACE, TRACE_HOURS = "trace_refund", 24
NEW_DATES = ("2", "24", "72")
"""Hours from now."""
VERIFIED_FOR_STATUS = 1
"""The level from which a status may be told (B0.4)."""


def status_words(page: CasePage) -> str:
    """How the case stands, as it is said to the customer: a state and a date, no more."""
    facts = page.standing.facts
    status = facts.get("progress.status")
    if not isinstance(status, str):
        return ""
    spec = page.standing.procedure.facts["progress.status"]
    state = spec.values[status].get(language())
    when = facts.get("progress.next_at")
    by = due_short(when) if isinstance(when, datetime) else ""
    if status == Status.DONE:
        code = facts.get("progress.outcome")
        outcome = page.standing.procedure.facts["progress.outcome"].values
        result = outcome[code].get(language()) if isinstance(code, str) and code in outcome else ""
        return _("It is finished: {result}.", result=result) if result else _("It is finished.")
    if not by:
        return _("It stands at: {state}.", state=state)
    if facts.get("progress.overdue") is True:
        return _("It stands at: {state}. You should have heard by {by}; I am sorry.", state=state, by=by)
    if status == Status.REFUNDING:
        return _("It stands at: {state}. The money should be there by {by}.", state=state, by=by)
    return _("It stands at: {state}. You hear from us by {by}.", state=state, by=by)


def line_of(page: CasePage) -> list[Piece]:
    """One line for the case of the caller who is on the line: what may be told, and the key for more.
    Until they are verified nothing may be: it says what must be asked (B0.4)."""
    words = status_words(page)
    if not words:
        return []
    if not _verified(page):
        return [
            (f" {_('Ask')} ", "dim"),
            (_("A number and the phone's tail or the surname, then tell it."), "text"),
        ]
    late = page.standing.facts.get("progress.overdue") is True or needs_supervisor(page.standing.snapshot)
    return [(f" {_('Tell')} ", "dim"), (words, "bad" if late else "text")]


def read_out(page: CasePage) -> str:
    """What the overlay says: what must be asked first, the state and date, what is missing, what was
    promised and what went wrong before."""
    stand = page.standing
    parts = []
    if not _verified(page):
        parts.append(
            _("First: the case or order number, and the phone's last four digits or the receiver's surname.")
        )
    parts.append(status_words(page))
    if (missing := _missing(page)) and stand.facts.get("progress.status") == Status.WAITING_YOU:
        parts.append(_("We wait for: {missing}.", missing=missing))
    for promise in stand.snapshot.promises:
        if promise.state is PromiseState.CANCELLED:
            continue
        broken = is_broken(promise, stand.snapshot.now)
        state = label(PromiseState.BROKEN if broken else promise.state)
        due = due_short(promise.due_at)
        parts.append(_("Promised by {due}: {words} ({state}).", due=due, words=promise.words, state=state))
    if isinstance(number := stand.facts.get("refund.late_no"), str):
        parts.append(_("Refund {number} should have arrived: 5 traces it.", number=number))
    if needs_supervisor(stand.snapshot):
        parts.append(_("They ask again and again, or were promised in vain twice: raise it (2)."))
    return "\n".join(parts)


def _verified(page: CasePage) -> bool:
    level = page.standing.facts.get("verification.level")
    return isinstance(level, int) and level >= VERIFIED_FOR_STATUS


def _missing(page: CasePage) -> str:
    """What the application lacks, else the words of the newest letter that asked for material."""
    codes = page.standing.facts.get("evidence.missing")
    values = page.standing.procedure.facts["evidence.missing"].values
    if isinstance(codes, tuple) and codes:
        return "、".join(values[code].get(language()) for code in codes)
    return ""


def ask(screen: "CaseScreen") -> None:
    """F7 6: what is told, and what is done: told and noted, raised with a new date, news by letter, a promise
    that was kept, a refund traced."""
    page, case_id = screen.page, screen.case_id
    if page is None or case_id is None:
        return
    refused: dict[str, str] = {}
    if present.is_done(page.standing.snapshot):
        closed = _("The case is closed: read it out, and open an enquiry from the call card")
        refused = dict.fromkeys(("told", "urge", "news"), closed)
    if not dues.open_promises(page):
        refused["kept"] = _("No promise waits")
    if not isinstance(page.standing.facts.get("refund.late_no"), str):
        refused["trace"] = _("No refund is late")
    question = Question(
        _("The customer asks how it stands"),
        numbered(
            ("told", _("Told: note it")),
            ("urge", _("Late: apologise, raise it, a new date")),
            ("news", _("Send it by letter")),
            ("kept", _("What was promised is done")),
            ("trace", _("Trace the refund with the payment desk")),
            refused=refused,
        ),
        says=read_out(page),
    )
    screen.app.push_screen(AskModal(question), partial(_chosen, screen, case_id, page))


def _chosen(screen: "CaseScreen", case_id: int, page: CasePage, answer: Answered | None) -> None:
    match answer.code if answer is not None else "":
        case "told":
            screen.perform(enquiries.answered, case_id)
        case "urge":
            _urge(screen, case_id)
        case "news":
            start(screen, partial(_news, screen, case_id, status_words(page)), "read-strip", newest=True)
        case "kept":
            dues.chosen(screen, case_id, "kept")
        case "trace":
            number = str(page.standing.facts.get("refund.late_no"))
            question = _("Refund {number} has not arrived: where is it?", number=number)
            screen.perform(tasks.ask, case_id, Department.PAYMENT.value, question, TRACE_HOURS, TRACE)


def _urge(screen: "CaseScreen", case_id: int) -> None:
    """The new date, and what is promised by then."""
    choices = numbered(*((code, _("within {hours} h", hours=code)) for code in NEW_DATES))
    question = Question(
        _("Raised to a supervisor; a new date"),
        choices,
        wants_words=frozenset(NEW_DATES),
        words_label=_("What is promised, in a few words"),
        text=_("An answer on how it goes on"),
    )

    def chosen(answer: Answered | None) -> None:
        if answer is not None:
            screen.perform(enquiries.urge, case_id, answer.words, int(answer.code))

    screen.app.push_screen(AskModal(question), chosen)


async def _news(screen: "CaseScreen", case_id: int, words: str) -> None:
    try:
        strip = await screen.place.desk.read(plan_news, case_id, words)
    except DeskError as refused:
        screen.say_refusal(refused)
        return
    await screen.pend(strip)
