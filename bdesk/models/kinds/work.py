"""What is done on a case: contacts, evidence, tasks, checks, approvals, letters, promises (B0.4, B0.7)."""

from enum import StrEnum


class ContactKind(StrEnum):
    CALL = "call"
    MESSAGE = "message"
    EMAIL = "email"
    FORM = "form"
    VISIT = "visit"
    REVIEW = "review"
    """The customer asks for another look at a result, without a formal appeal (S2:20)."""


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"


class EvidenceKind(StrEnum):
    """The 14 kinds of the seeds and what practice adds."""

    ORDER_RECORD = "order_record"
    TRANSACTION_RECORD = "transaction_record"
    PHOTO = "photo"
    VIDEO = "video"
    INVOICE = "invoice"
    CONFIRMATION_MAIL = "confirmation_mail"
    PAYMENT_SCREENSHOT = "payment_screenshot"
    CHAT_RECORD = "chat_record"
    CALL_RECORDING = "call_recording"
    PROBLEM_SCREENSHOT = "problem_screenshot"
    OTHER_CONSUMERS = "other_consumers"
    EXPERT_OPINION = "expert_opinion"
    OTHER_DOCUMENT = "other_document"
    STATEMENT = "statement"
    WAYBILL_LABEL = "waybill_label"
    TEST_REPORT = "test_report"
    ID_DOCUMENT = "id_document"
    GUARDIANSHIP = "guardianship"
    POLICE_RECEIPT = "police_receipt"
    HANDHELD = "handheld"
    POWER_OF_ATTORNEY = "power_of_attorney"


class Department(StrEnum):
    WAREHOUSE = "warehouse"
    MERCHANT = "merchant"
    COURIER = "courier"
    PAYMENT = "payment"
    TECHNICAL = "technical"
    RISK = "risk"
    AFTER_SALE = "after_sale"
    APPEALS = "appeals"


class TaskState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    CANCELLED = "cancelled"


class VerificationLevel(StrEnum):
    V0 = "V0"
    V1 = "V1"
    V2 = "V2"
    V3 = "V3"
    V3P = "V3+"


class Factor(StrEnum):
    """What a caller may be asked (B0.4). Never a password, never a spoken code (B0.5)."""

    ACCOUNT = "account"
    RECENT_AMOUNT = "recent_amount"
    PHONE_TAIL = "phone_tail"
    ORDER_NO = "order_no"
    SURNAME = "surname"
    CITY = "city"
    PURCHASE_DATE = "purchase_date"
    CASE_NO = "case_no"
    ONE_TIME_CODE = "one_time_code"
    DOCUMENT = "document"


class CheckResult(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    LOCKED = "locked"


class ApprovalState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    RETURNED = "returned"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class NotificationChannel(StrEnum):
    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"


class DeliveryState(StrEnum):
    """A letter's life in the outbox; the same words as for every effect."""

    HELD = "held"
    RELEASED = "released"
    ACCEPTED = "accepted"
    FAILED = "failed"
    UNKNOWN = "unknown"
    RECALLED = "recalled"


class ShiftState(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"
    DROPPED = "dropped"


class PromiseState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    CANCELLED = "cancelled"


class RevealReason(StrEnum):
    """Why a supervisor looks at what is masked (law and practice, 4)."""

    CALL_BACK = "call_back"
    RECORDS = "records"
    AUTHORITY = "authority"
    FRAUD = "fraud"
