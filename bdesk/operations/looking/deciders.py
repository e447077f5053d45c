"""From when somebody can decide what a case asks, or would ask, a second person, where nobody can now."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlmodel import Session

from bdesk.data.book.book import Book
from bdesk.data.queries.standing_in import coming
from bdesk.models.kinds import ApprovalState, Role
from bdesk.models.views.snapshot import ApprovalView
from bdesk.operations.effects.limits import context_of, flags_of, judged_at
from bdesk.operations.standing import Standing
from bdesk.rules import unfreeze
from bdesk.rules.clock import target_of
from bdesk.rules.deciders import deciding_roles, from_when
from bdesk.rules.walk.model import EffectUse, Option
from bdesk.rules.walk.views import Offer

WAITING = ""
"""Beside the codes of options: the request that waits already."""

CLOCK = "approval"
"""By the calendar of its clock people are there to decide."""


def absent(session: Session, stand: Standing, book: Book) -> Mapping[str, datetime]:
    """From when somebody can decide what each offered answer of the step at hand would ask for, by its code,
    and what waits already (WAITING). Nothing for what somebody else at work may decide now."""
    here = stand.snapshot.others_here
    asked = dict(_asked(stand)) if here is not None else {}
    if here is None or not asked:
        return {}
    now, actor = stand.snapshot.now, stand.snapshot.actor
    kind = book.clock_kinds[CLOCK]
    calendar = book.calendars[target_of(kind, {}).length.calendar]
    soon = coming(session, actor.id, now)
    found = {code: from_when(needed, here, soon, calendar, now) for code, needed in asked.items()}
    return {code: at for code, at in found.items() if at is not None}


def _asked(stand: Standing) -> Iterator[tuple[str, frozenset[Role]]]:
    actor = stand.snapshot.actor
    for one in stand.snapshot.approvals:
        if one.state is ApprovalState.REQUESTED and one.requested_by == actor.number:
            yield WAITING, _of_request(stand, one)
    current = stand.walk.current
    for view in current.options if current is not None else ():
        option = current.step.option(view.code) if current is not None else None
        if option is not None and view.offer is Offer.OFFERED:
            yield from ((view.code, needed) for needed in _of_option(stand, option))


def _of_request(stand: Standing, one: ApprovalView) -> frozenset[Role]:
    flags = flags_of(stand, one.action) if one.action == unfreeze.ACTION else one.flags
    return _deciding(stand, one.action, one.amount_fen or 0, flags)


def _of_option(stand: Standing, option: Option) -> Iterator[frozenset[Role]]:
    for use in option.effects:
        if use.effect == "wallet.recommend":
            yield _deciding(stand, unfreeze.ACTION, 0, flags_of(stand, unfreeze.ACTION))
        elif use.effect == "approval.request":
            action = _action(use)
            yield _deciding(stand, action, _amount(stand, use, action), flags_of(stand, action))


def _action(use: EffectUse) -> str:
    param = dict(use.params).get("action")
    return str(param.literal) if param is not None and param.literal is not None else "refund"


def _amount(stand: Standing, use: EffectUse, action: str) -> int:
    """What it would ask for; a sum that is still to be typed is the least that one has to ask for."""
    param = dict(use.params).get("amount_fen")
    if param is None or action not in stand.adopted.limits.rows:
        return 0
    known = stand.facts.get(param.name) if param.name is not None else param.literal
    if isinstance(known, int):
        return known
    return (judged_at(stand, action, 0).limit_fen or 0) + 1


def _deciding(stand: Standing, action: str, amount_fen: int, flags: tuple[str, ...]) -> frozenset[Role]:
    base = context_of(stand, action=action).base_fen
    return deciding_roles(action, amount_fen, flags, base, stand.adopted.limits)
