"""Appeals that are moved about: nobody with a hand in what one contests takes it out of the others' sight,
and one goes into another only where both are about the same (P5; docs/decisions/0030)."""

from sqlmodel import select

from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseKind, LinkKind
from bdesk.models.tables import Case, CaseLink
from bdesk.operations.change import Act, row_id
from bdesk.operations.context import Context
from bdesk.operations.standing import standing
from bdesk.rules.appeals import result_of, touched


def must_not_have_touched(act: Act, ctx: Context) -> None:
    """Raises NotAllowed("appeal.touched") on an appeal for whoever had a hand in what it contests; for cases
    that are no appeal it asks nothing."""
    if act.case.kind is not CaseKind.APPEAL:
        return
    if touched(standing(act.unit.session, ctx, act.case_id, act.unit.now).snapshot):
        raise NotAllowed("appeal.touched", case_no=act.case.case_no)


def must_stay_about_it(act: Act, ctx: Context) -> None:
    """Asked before an appeal is about another order: once it was decided it is about that for good, and who
    had a hand in the order it names does not name another.

    Raises NotAllowed("appeal.decided"), ("appeal.touched"); for cases that are no appeal it asks nothing.
    """
    if act.case.kind is not CaseKind.APPEAL:
        return
    snapshot = standing(act.unit.session, ctx, act.case_id, act.unit.now).snapshot
    if (found := result_of(snapshot)) is not None:
        raise NotAllowed("appeal.decided", case_no=act.case.case_no, by=found.by)
    if act.case.order_id is not None and touched(snapshot):
        raise NotAllowed("appeal.touched", case_no=act.case.case_no)


def must_contest_the_same(act: Act, target: Case) -> None:
    """An appeal goes into one about the same order, or against the same case: else it would be answered by
    what is said about something else.

    Raises NotAllowed("merge.other_appeal", case_no=); asks nothing of a case that is no appeal.
    """
    case = act.case
    if case.kind is not CaseKind.APPEAL:
        return
    same = case.order_id is not None and case.order_id == target.order_id
    if target.kind is CaseKind.APPEAL and (same or _contested(act, case) & _contested(act, target)):
        return
    raise NotAllowed("merge.other_appeal", case_no=target.case_no)


def _contested(act: Act, case: Case) -> set[int]:
    links = select(CaseLink.to_id).where(
        CaseLink.from_id == row_id(case), CaseLink.kind == LinkKind.APPEAL_OF
    )
    return set(act.unit.session.scalars(links))
