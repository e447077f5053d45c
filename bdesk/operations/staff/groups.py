"""Groups: the teams that cases are handed to."""

from sqlmodel import select

from bdesk.data.unit import Unit
from bdesk.models.kinds import Department
from bdesk.models.tables import Group

# Every department that a procedure can hand a case to is there from the first day, so that no branch
# of a procedure is a dead end (ARCHITECTURE, Procedures are data).
NAMES: dict[str, tuple[str, str]] = {
    "hotline": ("热线组", "Hotline"),
    Department.AFTER_SALE.value: ("售后组", "After-sales"),
    Department.PAYMENT.value: ("支付组", "Payments"),
    Department.RISK.value: ("风控组", "Risk"),
    Department.APPEALS.value: ("申诉组", "Appeals"),
    Department.WAREHOUSE.value: ("仓库", "Warehouse"),
    Department.MERCHANT.value: ("商家", "Merchant"),
    Department.COURIER.value: ("快递", "Courier"),
    Department.TECHNICAL.value: ("技术组", "Technical"),
}


def ensure_groups(unit: Unit) -> dict[str, Group]:
    """Make the groups that are missing; returns all by code."""
    found = {group.code: group for group in unit.session.scalars(select(Group))}
    for code, (name_zh, name_en) in NAMES.items():
        if code not in found:
            found[code] = Group(code=code, name_zh=name_zh, name_en=name_en)
            unit.session.add(found[code])
    unit.session.flush()
    return found
