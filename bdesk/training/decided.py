"""Cases of a scenario that were decided before its present: refused, told and closed by somebody named."""

from datetime import datetime

from bdesk.models.kinds import CaseOutcome, LinkKind
from bdesk.models.tables import CaseLink
from bdesk.training import stages
from bdesk.training.ledger import Work
from bdesk.training.scenario_file import RawDecided


def decided(work: Work, raw: RawDecided, at: datetime) -> None:
    """Taken, refused, its review met, closed."""
    staff = work.world.staff[raw.by]
    stages.claim(work, staff, at)
    code = raw.reject.value
    stages.decide(work, "reject/code", code, CaseOutcome.REJECTED, reject=raw.reject, rule=raw.rule)
    work.add("clock.fulfilled", {"clock": "refund_review"})
    stages.close(work, at, CaseOutcome.REJECTED)


def contests(work: Work, old: Work) -> None:
    """The appeal names what it contests, as its form asked for."""
    link = work.world.rows.add(CaseLink, from_id=work.row["id"], to_id=old.row["id"], kind=LinkKind.APPEAL_OF)
    said = work.add("case.contests", {"link": link["id"]})
    work.ledger.later(said.payload, "case", old.row, "case_no")
