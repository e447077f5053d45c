"""Facts about the class of the goods and the return window. Source: law file L1, L12, L13; S1:42; X4, X15.

The window is what the clock kind `return_window` counts, with the days of the item. What ends it is the
receipt of the application (B0.6), so a form filed in time is in time whenever somebody opens it.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bdesk.models.kinds import CaseKind, ReturnClass
from bdesk.models.views.snapshot import ItemView, Snapshot
from bdesk.rules.cases import earlier_cases
from bdesk.rules.clock.count import count
from bdesk.rules.clock.kind import Target
from bdesk.rules.facts.base import FactContext, fact
from bdesk.rules.facts.goods import chosen, parcel_of
from bdesk.rules.walk.values import UNKNOWN, FactValue

STRICTEST_FIRST = (
    ReturnClass.CUSTOM,
    ReturnClass.PERISHABLE,
    ReturnClass.DIGITAL,
    ReturnClass.PRESS,
    ReturnClass.CONFIRMED_EXCLUSION,
    ReturnClass.ACTIVATED_ELECTRONICS,
    ReturnClass.NORMAL,
)


def exclusion_confirmed(snapshot: Snapshot) -> bool:
    """Whether the customer, ordering, confirmed for goods of this case that they cannot be sent back."""
    return any(
        one.item.return_class is not ReturnClass.NORMAL and one.item.exclusion_confirmed_at is not None
        for one in chosen(snapshot)
    )


def window_end(context: FactContext, item: ItemView) -> datetime | None:
    """The instant at which the return window of an item ends, None while it is not signed for."""
    parcel = parcel_of(context.snapshot, item)
    if parcel is None or parcel.signed_at is None:
        return None
    length = replace(context.clock_kinds["return_window"].base, length=item.window_days)
    return count(Target(length), context.calendar, parcel.signed_at).due_at


def first_window_end(context: FactContext) -> datetime | None:
    """When the first return window among the case's goods ends, None when nothing was signed for."""
    ends = (window_end(context, one.item) for one in chosen(context.snapshot))
    return min((end for end in ends if end is not None), default=None)


def filed_at(snapshot: Snapshot) -> datetime:
    """The instant the window is held against: the receipt of the application, never later than now. An appeal
    is about the application whose result it contests."""
    contested = earlier_cases(snapshot) if snapshot.case.kind is CaseKind.APPEAL else ()
    return min(snapshot.case.received_at, snapshot.now, *(one.received_at for one in contested))


@fact("product.return_class")
def _return_class(context: FactContext) -> FactValue:
    classes = {one.item.return_class for one in chosen(context.snapshot)}
    return next((one.value for one in STRICTEST_FIRST if one in classes), UNKNOWN)


@fact("product.excluded")
def _excluded(context: FactContext) -> FactValue:
    return exclusion_confirmed(context.snapshot) if chosen(context.snapshot) else UNKNOWN


@fact("window.days")
def _days(context: FactContext) -> FactValue:
    return min((one.item.window_days for one in chosen(context.snapshot)), default=UNKNOWN)


@fact("window.open")
def _open(context: FactContext) -> FactValue:
    if not chosen(context.snapshot):
        return UNKNOWN
    end = first_window_end(context)
    return None if end is None else filed_at(context.snapshot) < end


@fact("window.ends_on")
def _ends_on(context: FactContext) -> FactValue:
    if not chosen(context.snapshot):
        return UNKNOWN
    end = first_window_end(context)
    return None if end is None else context.calendar.last_day(end)


@fact("window.hours_past")
def _hours_past(context: FactContext) -> FactValue:
    if not chosen(context.snapshot):
        return UNKNOWN
    end = first_window_end(context)
    if end is None:
        return None
    return max(timedelta(0), filed_at(context.snapshot) - end) // timedelta(hours=1)


@fact("window.minutes_past")
def _minutes_past(context: FactContext) -> FactValue:
    if not chosen(context.snapshot):
        return UNKNOWN
    end = first_window_end(context)
    if end is None:
        return None
    past = filed_at(context.snapshot) - end
    # What is past by seconds is past: it must not read as if it were open.
    return 0 if past < timedelta(0) else max(1, past // timedelta(minutes=1))
