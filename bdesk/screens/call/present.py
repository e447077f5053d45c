"""What the call card lists and offers. Pure: found hits and cards in, lines and choices out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bdesk.clock import LOCAL
from bdesk.i18n import _, language
from bdesk.models.kinds import CaseState
from bdesk.models.labels import label
from bdesk.models.views.pages import LookupHit
from bdesk.models.views.snapshot import CaseBrief
from bdesk.rules.cases import may_move, reopening
from bdesk.rules.clock.display import short_time
from bdesk.screens.lookup.words import DONE, short_no
from bdesk.screens.newcase import kind_choices, kind_of
from bdesk.widgets.choices import Choice
from bdesk.widgets.hits import Hit

ATTACH = "attach:"
"""What the code of a choice begins with that attaches the call; the case's id follows."""

BACK = "back:"
"""What the code of a choice begins with that comes back to a case that is done; the case's id follows."""

MOST_BACK = 2
"""How many cases that are done are offered, so that the new kinds keep near digits."""


def with_open_cases(hits: Sequence[LookupHit]) -> tuple[LookupHit, ...]:
    """Open cases first, those of found orders among them, then orders, then the rest (UX, A call)."""
    cases = [hit for hit in hits if hit.kind == "case" and hit.open]
    known = {hit.case_id for hit in cases}
    for hit in hits:
        if hit.kind == "order" and hit.open and hit.case_id is not None and hit.case_id not in known:
            known.add(hit.case_id)
            cases.append(replace(hit, kind="case"))
    orders = [hit for hit in hits if hit.kind == "order"]
    rest = [hit for hit in hits if hit.kind == "customer" or (hit.kind == "case" and not hit.open)]
    return (*cases, *orders, *rest)


def only_matter(hits: Sequence[LookupHit]) -> LookupHit | None:
    """The hit to go on with when all of them are about one matter: an order with its cases, or one case."""
    matters = {_matter(hit) for hit in hits}
    return next(iter(hits), None) if len(matters) == 1 else None


def _matter(hit: LookupHit) -> tuple[str, int | None]:
    if hit.order_id is not None:
        return "order", hit.order_id
    return (hit.kind, hit.case_id if hit.kind == "case" else hit.customer_id)


def no_order() -> Hit:
    """The last line: a matter without an order."""
    return Hit("none", "", (_("No order: a new case without one"),))


def choices_for(
    cases: Sequence[CaseBrief], now: datetime, person: Callable[[str], str] = str
) -> tuple[Choice, ...]:
    """Attach to an open case, come back to one that is done, or open a new one of a kind."""
    attach = [_attach(case, now, person) for case in cases if case.state not in DONE]
    done = [case for case in cases if may_move(case.state, CaseState.REOPENED)]
    back = [Choice(f"{BACK}{case.id}", *back_words(case, now)) for case in done[:MOST_BACK]]
    kinds = {case.kind for case in cases if case.state not in DONE}
    new = [
        replace(one, note=_("one is open already")) if kind_of(one.code) in kinds else one
        for one in kind_choices()
    ]
    return (*attach, *back, *new)


def _attach(case: CaseBrief, now: datetime, person: Callable[[str], str]) -> Choice:
    words = _("Attach to {case_no} {kind}", case_no=short_no(case.case_no), kind=label(case.kind))
    return Choice(f"{ATTACH}{case.id}", words, attach_note(case, now, person))


def back_words(case: CaseBrief, now: datetime) -> tuple[str, str]:
    """What coming back to a case that is done comes to, and when it was closed (SLA.md, reopen)."""
    number, closed = short_no(case.case_no), case.closed_at
    note = label(case.state)
    if closed is not None:
        local = closed.astimezone(LOCAL)
        note = f"{note} {local.month}/{local.day}"
    if closed is not None and not reopening(closed, now):
        return _("New case that follows {case_no} {kind}", case_no=number, kind=label(case.kind)), note
    return _("Reopen {case_no} {kind}", case_no=number, kind=label(case.kind)), note


def attach_note(case: CaseBrief, now: datetime, person: Callable[[str], str]) -> str:
    """What speaks of a case beside its number: state, what is left, who works on it."""
    parts = [label(case.state)]
    if case.due_at is not None and case.state is not CaseState.WAITING_CUSTOMER:
        parts.append(short_time(case.due_at, now, language()))
    if case.owner:
        parts.append(person(case.owner))
    return "  ".join(parts)


def brief_of(hit: LookupHit, now: datetime) -> CaseBrief | None:
    """A found case as a brief, for one that has no order to be read with."""
    if hit.case_id is None or hit.case_kind is None or hit.case_state is None:
        return None
    kind, state = hit.case_kind, hit.case_state
    return CaseBrief(hit.case_id, hit.case_no or "", kind, state, hit.items, now, due_at=hit.due_at)
