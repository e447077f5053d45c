"""The customer asks how it stands (P12): the state in words that may be told, beside the case while they
are on the line and above what an agent does about it."""

from collections.abc import Callable
from datetime import datetime

from bdesk.i18n import _, language
from bdesk.models.kinds import PromiseState
from bdesk.models.labels import label
from bdesk.operations.looking.case import CasePage
from bdesk.rules.progress import Status, is_broken, needs_supervisor
from bdesk.screens.moments import due_short
from bdesk.widgets.lines import Piece

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
        return _("Now: {state}.", state=state)
    if facts.get("progress.overdue") is True:
        return _("Now: {state}. You should have heard by {by}; I am sorry.", state=state, by=by)
    if status == Status.REFUNDING:
        return _("Now: {state}. The money should be there by {by}.", state=state, by=by)
    return _("Now: {state}. You hear by {by}.", state=state, by=by)


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


def read_out(page: CasePage, digit: Callable[[str], str]) -> str:
    """What the overlay says: what must be asked first, the state and date, what is missing, what was
    promised and what went wrong before. `digit` of what can be done about it, by its code."""
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
        parts.append(
            _("Refund {number} should have arrived: {digit} traces it.", number=number, digit=digit("trace"))
        )
    if needs_supervisor(stand.snapshot):
        parts.append(
            _(
                "They ask again and again, or were promised in vain twice: raise it ({digit}).",
                digit=digit("urge"),
            )
        )
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
