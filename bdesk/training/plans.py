"""Which case is how far: stages go to the kinds that show them best (training.md D4)."""

from collections.abc import Mapping
from itertools import zip_longest

from bdesk.models.kinds import CaseKind

_FOR_REFUNDS = ("waiting_customer", "closed", "waiting_approval", "reopened")
_FITS: dict[str, frozenset[CaseKind]] = {
    "in_transit": frozenset({CaseKind.SHIPMENT_DELAY, CaseKind.AFTER_SALE}),
    "waiting_approval": frozenset({CaseKind.REFUND, CaseKind.COMPLAINT, CaseKind.APPEAL, CaseKind.UNFREEZE}),
    "waiting_customer": frozenset({CaseKind.REFUND, CaseKind.AFTER_SALE, CaseKind.APPEAL, CaseKind.UNFREEZE}),
    "waiting_internal": frozenset({CaseKind.SHIPMENT_DELAY, CaseKind.PAYMENT_FAILURE, CaseKind.AFTER_SALE}),
}
_GOODS = ("in_transit", "waiting_internal")
_SENT = frozenset({CaseKind.SHIPMENT_DELAY, CaseKind.AFTER_SALE})
_WHOLE_FITS: dict[str, frozenset[CaseKind]] = {"waiting_approval": frozenset({CaseKind.REFUND})}


def paired(kinds: list[CaseKind], plan: list[tuple[str, str]], *, whole: bool) -> list[tuple[str, str]]:
    """Stages that refunds show best go to refunds, but a third of the refunds keep what was drawn."""
    places = [place for place, kind in enumerate(kinds) if kind is CaseKind.REFUND]
    by_stage = {stage: [one for one in plan if one[0] == stage] for stage in _FOR_REFUNDS}
    closed = by_stage.pop("closed")
    # In turn from each stage, so that a few refunds still show every one; decided ones come twice.
    rows = zip_longest(closed[::2], *by_stage.values(), closed[1::2])
    turns = [one for row in rows for one in row if one is not None]
    taken = turns[: len(places) * 2 // 3]
    rest = list(plan)
    for one in taken:
        rest.remove(one)
    given, others = iter(taken), iter(rest)
    chosen = set(places[: len(taken)])
    paired = [next(given) if place in chosen else next(others) for place in range(len(kinds))]
    if not whole:
        return _swapped(kinds, paired, _FITS)
    return _spread_out(kinds, _swapped(kinds, paired, {**_FITS, **_WHOLE_FITS}), set(places))


def _swapped(
    kinds: list[CaseKind], plan: list[tuple[str, str]], all_fits: Mapping[str, frozenset[CaseKind]]
) -> list[tuple[str, str]]:
    """Stages that make no sense for a kind change places with those of a kind for which they do."""
    for place, kind in enumerate(kinds):
        fits = all_fits.get(plan[place][0])
        if fits is None or kind in fits:
            continue
        for other, taker in enumerate(kinds):
            if taker in fits and plan[other][0] in ("working", "new"):
                plan[place], plan[other] = plan[other], plan[place]
                break
    return plan


def _spread_out(kinds: list[CaseKind], plan: list[tuple[str, str]], kept: set[int]) -> list[tuple[str, str]]:
    """Goods are on their way only in cases about goods: what is left of such stages goes to any of those that
    can give its own away; the places of refunds are `kept`."""
    for place, kind in enumerate(kinds):
        stage = plan[place][0]
        if stage not in _GOODS or kind in _FITS[stage]:
            continue
        for other, taker in enumerate(kinds):
            theirs = plan[other][0]
            if taker in _SENT and other not in kept and theirs not in _FITS and theirs != "closed":
                plan[place], plan[other] = plan[other], plan[place]
                break
    return plan
