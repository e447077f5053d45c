"""The kept nouns, one SQLModel class each. Only `data`, `operations` and `training` import this."""

from bdesk.models.tables.cases import (
    Case,
    CaseFlagRow,
    CaseItem,
    CaseLink,
    CaseText,
    NumberSeries,
    StepAnswer,
)
from bdesk.models.tables.customers import Customer
from bdesk.models.tables.journal import EventRow, StreamRow
from bdesk.models.tables.money import Compensation, Refund, RefundItem
from bdesk.models.tables.orders import Order, OrderItem, Parcel, Payment, Product, Scan
from bdesk.models.tables.outbox import Notification, OutboxRow
from bdesk.models.tables.people import (
    DoorSlot,
    Group,
    KeptSignIn,
    Staff,
    StaffRelative,
    StaffSkill,
    StaffTeam,
    StandIn,
)
from bdesk.models.tables.remedies import GoodsReturn, OrderDelay, Substitution
from bdesk.models.tables.shifts import ShiftHandover, ShiftItem
from bdesk.models.tables.store import BookText, Presence, StoreInfo
from bdesk.models.tables.wallets import Freeze, Wallet, WalletTx
from bdesk.models.tables.work import (
    Approval,
    ClockRow,
    Contact,
    Decision,
    Evidence,
    Promise,
    Task,
    VerificationAttempt,
)

__all__ = [
    "Approval",
    "BookText",
    "Case",
    "CaseFlagRow",
    "CaseItem",
    "CaseLink",
    "CaseText",
    "ClockRow",
    "Compensation",
    "Contact",
    "Customer",
    "Decision",
    "DoorSlot",
    "EventRow",
    "Evidence",
    "Freeze",
    "GoodsReturn",
    "Group",
    "KeptSignIn",
    "Notification",
    "NumberSeries",
    "Order",
    "OrderDelay",
    "OrderItem",
    "OutboxRow",
    "Parcel",
    "Payment",
    "Presence",
    "Product",
    "Promise",
    "Refund",
    "RefundItem",
    "Scan",
    "ShiftHandover",
    "ShiftItem",
    "Staff",
    "StaffRelative",
    "StaffSkill",
    "StaffTeam",
    "StandIn",
    "StepAnswer",
    "StoreInfo",
    "StreamRow",
    "Substitution",
    "Task",
    "VerificationAttempt",
    "Wallet",
    "WalletTx",
]
