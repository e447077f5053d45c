"""Numbers that a case is given beside its own."""

from sqlmodel import select

from bdesk.data.unit import Unit, key_tail
from bdesk.models.kinds import CaseKind
from bdesk.models.tables import Case


def after_sale_number(unit: Unit, kind: CaseKind, number: str | None = None) -> str | None:
    """The after-sales number of a case (S1:24): `number` where it has one, else the next of the series for an
    after-sales case, and none for other kinds."""
    if number is not None or kind is not CaseKind.AFTER_SALE:
        return number
    while True:
        given = unit.next_number("SH")
        # The firm's own system may have given out some of the same series.
        if unit.session.scalars(select(Case.id).where(Case.after_sale_no == given)).first() is None:
            return given


def tail_of(number: str | None) -> str | None:
    """The end of a number by which a case is found."""
    return None if number is None else key_tail(number)
