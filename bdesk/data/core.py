"""The tables as SQLAlchemy Core sees them, for statements that need columns rather than objects."""

from sqlalchemy import Table
from sqlmodel import SQLModel

from bdesk.models import tables


def core(model: type[SQLModel]) -> Table:
    """The Core table of a model."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


APPROVAL = core(tables.Approval)
BOOK_TEXT = core(tables.BookText)
CASE = core(tables.Case)
CASE_FLAG = core(tables.CaseFlagRow)
CASE_ITEM = core(tables.CaseItem)
CASE_LINK = core(tables.CaseLink)
CLOCK = core(tables.ClockRow)
COMPENSATION = core(tables.Compensation)
CONTACT = core(tables.Contact)
CUSTOMER = core(tables.Customer)
DECISION = core(tables.Decision)
EVENT = core(tables.EventRow)
EVIDENCE = core(tables.Evidence)
FREEZE = core(tables.Freeze)
GOODS_RETURN = core(tables.GoodsReturn)
GROUP = core(tables.Group)
KEPT_SIGN_IN = core(tables.KeptSignIn)
NOTIFICATION = core(tables.Notification)
ORDER = core(tables.Order)
ORDER_DELAY = core(tables.OrderDelay)
ORDER_ITEM = core(tables.OrderItem)
OUTBOX = core(tables.OutboxRow)
PARCEL = core(tables.Parcel)
PAYMENT = core(tables.Payment)
PRESENCE = core(tables.Presence)
PRODUCT = core(tables.Product)
PROMISE = core(tables.Promise)
REFUND = core(tables.Refund)
REFUND_ITEM = core(tables.RefundItem)
SCAN = core(tables.Scan)
SHIFT_HANDOVER = core(tables.ShiftHandover)
SHIFT_ITEM = core(tables.ShiftItem)
STAFF = core(tables.Staff)
STAFF_RELATIVE = core(tables.StaffRelative)
STAFF_SKILL = core(tables.StaffSkill)
STAFF_TEAM = core(tables.StaffTeam)
STAND_IN = core(tables.StandIn)
STEP_ANSWER = core(tables.StepAnswer)
STORE_INFO = core(tables.StoreInfo)
STREAM = core(tables.StreamRow)
SUBSTITUTION = core(tables.Substitution)
TASK = core(tables.Task)
TEXT = core(tables.CaseText)
VERIFICATION = core(tables.VerificationAttempt)
WALLET = core(tables.Wallet)
WALLET_TX = core(tables.WalletTx)
