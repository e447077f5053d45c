"""Flags of a case that the desk puts by itself: each once, taken off without a trace of its own."""

from sqlmodel import select
from sqlmodel.sql.expression import SelectOfScalar

from bdesk.data.unit import Unit
from bdesk.models.kinds import CaseFlag
from bdesk.models.tables import CaseFlagRow


def put_flag(unit: Unit, case_id: int, flag: CaseFlag) -> bool:
    """Put a flag; False when the case has it already."""
    if unit.session.scalars(_of(case_id, flag)).first() is not None:
        return False
    unit.session.add(CaseFlagRow(case_id=case_id, flag=flag))
    return True


def take_flag(unit: Unit, case_id: int, flag: CaseFlag) -> None:
    for row in unit.session.scalars(_of(case_id, flag)):
        unit.session.delete(row)


def _of(case_id: int, flag: CaseFlag) -> SelectOfScalar[CaseFlagRow]:
    return select(CaseFlagRow).where(CaseFlagRow.case_id == case_id, CaseFlagRow.flag == flag)
