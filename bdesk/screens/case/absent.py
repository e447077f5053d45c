"""Nobody can decide now: from when somebody can, and what to tell the customer, above the footer."""

from datetime import datetime
from typing import Protocol

from bdesk.i18n import _
from bdesk.operations.looking.case import CasePage
from bdesk.operations.looking.deciders import WAITING
from bdesk.rules.walk.model import WaitsFor
from bdesk.screens.case.host import OnCase
from bdesk.screens.moments import day
from bdesk.widgets.strips import StripValues


class Asking(OnCase, Protocol):
    """The case screen, as far as its strip speaks of who decides."""

    wanted: str | None


def strip(host: Asking) -> StripValues | None:
    """While an answer is being filled in that asks a second person, and while a request waits."""
    if host.page is None or host.done:
        return None
    found = host.page.absent
    at = found.get(host.wanted or WAITING, found.get(WAITING))
    if at is None:
        return None
    return StripValues("hint", _("Approval"), ((words(at), "text"),), whole=True)


def words(at: datetime) -> str:
    """When somebody can decide, and one sentence to say to the customer."""
    return _("Nobody can decide now, only from {at}. Tell the customer: {words}", at=day(at), words=told(at))


def told(at: datetime) -> str:
    """The sentence to say."""
    return _(
        "A colleague has to review this, from {at} at the earliest; we will answer you at once after that.",
        at=day(at),
    )


def instead(page: CasePage) -> str | None:
    """What to say in place of the step's own sentence, which promises an answer by when nobody can decide."""
    current, at = page.standing.walk.current, page.absent.get(WAITING)
    if at is None or current is None or current.step.waits_for is not WaitsFor.APPROVAL:
        return None
    return told(at)
