"""Since when customers can say what they say (training.md D1.2): what their words speak of had happened by
then, and no case about it was received before.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bdesk.models.kinds import PaymentState
from bdesk.training.words.texts import Matter
from bdesk.training.world import Deal, at_local, local_date

Since = Callable[[Deal], datetime]

_SHIP_WITHIN = timedelta(hours=48)
"""When an order without a day of its own is late (S2: an order that names no time, E18)."""
_WINDOW = 7
"""Days in which what was bought may be returned without a reason."""


def paid(deal: Deal) -> datetime:
    """When the last payment succeeded; when the order was placed if none did, for it was tried then."""
    placed: datetime = deal.order["placed_at"]
    times: list[datetime] = [one["paid_at"] for one in deal.payments if one["state"] is PaymentState.SUCCESS]
    return max([placed, *times])


def shipped(deal: Deal) -> datetime:
    """When the first parcel left, if one did."""
    at = deal.parcels[0]["shipped_at"] if deal.parcels else None
    return max(paid(deal), at) if at is not None else paid(deal)


def signed(deal: Deal) -> datetime:
    """When the first parcel was signed for, if it was."""
    at = deal.parcels[0]["signed_at"] if deal.parcels else None
    return max(shipped(deal), at) if at is not None else shipped(deal)


def paid_back(deal: Deal) -> datetime:
    """When money was first given back, if it was."""
    return max(signed(deal), deal.refunds[0]["committed_at"]) if deal.refunds else signed(deal)


def _late(deal: Deal) -> datetime:
    at = paid(deal)
    return max(at, deal.order["estimated_ship_at"] or at + _SHIP_WITHIN)


def _past_window(deal: Deal) -> datetime:
    return at_local(local_date(signed(deal)) + timedelta(days=_WINDOW + 1), 0)


def _silent(days: int) -> Since:
    def since(deal: Deal) -> datetime:
        last = deal.parcels[0]["last_scan_at"] if deal.parcels else None
        return (last or shipped(deal)) + timedelta(days=days)

    return since


def _after(what: Since, days: int) -> Since:
    return lambda deal: what(deal) + timedelta(days=days)


def _bought(deal: Deal) -> datetime:
    return max(paid(deal), deal.tx["at"]) if deal.tx is not None else paid(deal)


_BY_NEED: Mapping[str, Since] = {
    "signed_recent": signed,
    "signed_station": signed,
    "signed_fruit": signed,
    "signed_past": _past_window,
    "signed_old": signed,
    "split": signed,
    "unshipped_late": _late,
    "shipped_silent": _silent(3),
    "after_decision": _after(signed, 2),
    "wallet_purchase": _bought,
    "refunded": paid_back,
}
_BY_MATTER: Mapping[int, Since] = {
    8: _after(signed, 1),  # it was refused in between
    11: paid_back,
    24: _after(signed, 30),
    27: _after(signed, 5),  # so was the after-sale number that is named
    31: _after(paid, 1),
    33: _after(paid, 3),
    41: _after(paid, 1),
}


def since(matter: Matter, deal: Deal) -> datetime:
    """The earliest instant at which the words of a matter are true of an order."""
    what = _BY_MATTER.get(matter.number) or _BY_NEED.get(matter.need, paid)
    return what(deal)
