"""Two open cases of one customer or order become one, by a supervisor's word (P15)."""

from bdesk.data.queries.case import case_id_of
from bdesk.data.unit import Unit
from bdesk.errors import NotAllowed, NotFound
from bdesk.models.kinds import CaseKind
from bdesk.models.tables import Case
from bdesk.models.views.changed import Changed
from bdesk.operations.apart import must_not_be_own
from bdesk.operations.appealing import must_contest_the_same
from bdesk.operations.change import Act, must_be_open, row_id
from bdesk.operations.context import Context
from bdesk.operations.merging import merge_event
from bdesk.operations.roles import must_may
from bdesk.operations.supervising.hands import checked, is_coming_back, is_held, is_paying, kept, must_leave
from bdesk.text import clean

OF_ITS_OWN = frozenset(
    {
        CaseKind.APPEAL,
        CaseKind.COMPLAINT,
        CaseKind.UNFREEZE,
        CaseKind.SECURITY,
        CaseKind.ACCOUNT_CHANGE,
    }
)
"""Kinds that others decide than those the matter lay with before (B0.7, CP6), or two people (P6, P8, P13):
they go into one of their own kind only, or a merge would lead around that."""


def merge_into(ctx: Context, case_id: int, into_no: str, reason: str) -> Changed:
    """Merge a case into another open one of the same customer or order, as the walk's own merge does: clocks,
    contacts and promises go with it, requests for approval are withdrawn.

    `into_no` is a case number or after-sales number. Raises BadInput without a reason, NotAllowed:
    "merge.no_target"; "merge.other_customer"; "merge.other_matter" for a kind that goes into its own kind
    only; "merge.held" while something of either may be recalled; "merge.paying" and "merge.return" while this
    one's money or goods are on their way; "merge.other_appeal" for an appeal into one about something else;
    and what `must_leave` raises.
    """
    role = must_may(ctx, "supervising.merging.merge_into")
    reason = checked(reason)
    with ctx.store.write(ctx.actor.number) as unit:
        into = _number(unit, into_no)
        # Both are locked in one order, or two merges into each other would wait for each other.
        found = {one: unit.case(one) for one in sorted((case_id, into))}
        act, target = Act(unit, found[case_id]), found[into]
        must_be_open(act.case)
        if into == case_id or not target.open:
            raise NotAllowed("merge.no_target", case_no=target.case_no)
        for case in (act.case, target):
            must_leave(unit, ctx, role, case)
            must_not_be_own(ctx, case)
        _must_belong_together(act.case, target)
        _must_stand_still(unit, act.case, target)
        must_contest_the_same(act, target)  # before the words are kept
        merge_event(act, ctx, target, kept(act, reason))
        return act.finish(ctx, "case.merged", into=target.case_no)


def _number(unit: Unit, typed: str) -> int:
    try:
        return case_id_of(unit.session, typed)
    except NotFound:
        raise NotAllowed("merge.no_target", case_no=clean(typed)) from None


def _must_belong_together(case: Case, target: Case) -> None:
    """The same customer, or the same order where one of the two has no customer yet."""
    same_order = case.order_id is not None and case.order_id == target.order_id
    if None in (case.customer_id, target.customer_id):
        together = same_order
    else:
        together = case.customer_id == target.customer_id
    if not together:
        raise NotAllowed("merge.other_customer", case_no=target.case_no)
    if case.kind is not target.kind and not OF_ITS_OWN.isdisjoint((case.kind, target.kind)):
        raise NotAllowed("merge.other_matter", case_no=target.case_no, kind=case.kind, to=target.kind)


def _must_stand_still(unit: Unit, case: Case, target: Case) -> None:
    """What is under way belongs to the case that started it, which must be there when it ends."""
    for one in (case, target):
        if is_held(unit, row_id(one)):
            raise NotAllowed("merge.held", case_no=one.case_no)
    if is_paying(unit, row_id(case)):
        raise NotAllowed("merge.paying", case_no=case.case_no)
    if is_coming_back(unit, row_id(case)):
        raise NotAllowed("merge.return", case_no=case.case_no)
