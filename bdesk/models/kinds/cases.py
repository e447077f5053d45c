"""People, cases and how they are opened, kept and closed (B0.1, B0.2, B9)."""

from enum import StrEnum


class Role(StrEnum):
    """Who may do what (B0.1). A manager stands above a supervisor's limits."""

    AGENT = "agent"
    SENIOR = "senior"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    RISK = "risk"
    ADMIN = "admin"


class PersonState(StrEnum):
    ONLINE = "online"
    BREAK = "break"
    AWAY = "away"
    AFTER_CALL = "after_call"
    TRAINING = "training"
    OFFLINE = "offline"


class CaseKind(StrEnum):
    REFUND = "refund"
    WALLET_REFUND = "wallet_refund"
    SHIPMENT_DELAY = "shipment_delay"
    PAYMENT_FAILURE = "payment_failure"
    AFTER_SALE = "after_sale"
    APPEAL = "appeal"
    UNFREEZE = "unfreeze"
    LOGIN = "login"
    ACCOUNT_CHANGE = "account_change"
    RECORDS = "records"
    COMPLAINT = "complaint"
    FEEDBACK = "feedback"
    PROGRESS = "progress"
    SECURITY = "suspicious"
    WALLET_LIMITS = "wallet_limits"
    CONSULTATION = "consultation"


class CaseState(StrEnum):
    """B0.2; rejected is an outcome, not a state; reopened cases carry a higher cycle."""

    NEW = "new"
    VERIFYING = "verifying"
    IN_PROGRESS = "in_progress"
    WAITING_CUSTOMER = "waiting_customer"
    WAITING_INTERNAL = "waiting_internal"
    WAITING_APPROVAL = "waiting_approval"
    IN_TRANSIT = "in_transit"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REOPENED = "reopened"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


WAITING_STATES: frozenset[CaseState] = frozenset(
    {CaseState.WAITING_CUSTOMER, CaseState.WAITING_INTERNAL, CaseState.IN_TRANSIT}
)
"""Waits that a timer of the procedure may end; a wait for an approval lapses by itself."""


OPEN_STATES: frozenset[CaseState] = frozenset(
    {
        CaseState.NEW,
        CaseState.VERIFYING,
        CaseState.IN_PROGRESS,
        CaseState.WAITING_CUSTOMER,
        CaseState.WAITING_INTERNAL,
        CaseState.WAITING_APPROVAL,
        CaseState.IN_TRANSIT,
        CaseState.REOPENED,
    }
)


class Channel(StrEnum):
    HOTLINE = "hotline"
    WEB_CHAT = "web_chat"
    APP_CHAT = "app_chat"
    EMAIL = "email"
    REFUND_FORM = "refund_form"
    AFTER_SALE_FORM = "after_sale_form"
    WALLET_APP = "wallet_app"
    FEEDBACK_FORM = "feedback_form"
    FEEDBACK_CENTER = "feedback_center"
    COMPLAINT_CHANNEL = "complaint_channel"
    SOCIAL = "social"
    REGULATOR = "regulator"


class CaseFlag(StrEnum):
    VIP = "vip"
    MINOR = "minor"
    ELDERLY = "elderly"
    PUBLIC = "public"
    REGULATOR = "regulator"
    FRAUD = "fraud"
    REPEAT = "repeat"
    ABUSIVE = "abusive"
    LETTER_FAILED = "letter_failed"
    PAYMENT_UNKNOWN = "payment_unknown"
    PROMISE_BROKEN = "promise_broken"
    DATA_GAP = "data_gap"
    COMMON_PROBLEM = "common_problem"


class CaseOutcome(StrEnum):
    APPROVED_FULL = "approved_full"
    APPROVED_PARTIAL = "approved_partial"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    CONVERTED = "converted"
    MERGED = "merged"
    NO_ORDER = "no_order"
    FOUND = "found"
    ANSWERED = "answered"
    HANDED_OFF = "handed_off"
    SOLVED = "solved"
    NO_CONTACT = "no_contact"
    FORWARDED = "forwarded"
    IN_TIME = "in_time"
    COMPENSATED = "compensated"
    SUBSTITUTED = "substituted"
    REPAY = "repay"
    EXCHANGED = "exchanged"
    REPAIRED = "repaired"
    # --- appeals (P5)
    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"
    NOT_ADMITTED = "not_admitted"
    SETTLED_OUTSIDE = "settled_externally"
    # --- wallet unfreeze (P6)
    JUDICIAL = "judicial"
    KEPT_FROZEN = "kept_frozen"


APPEAL_RESULTS: frozenset[CaseOutcome] = frozenset(
    {CaseOutcome.UPHELD, CaseOutcome.PARTLY_UPHELD, CaseOutcome.NOT_UPHELD}
)
"""What a level of an appeal decides (S2:5). One that is not admitted was not decided."""


class LinkKind(StrEnum):
    PREVIOUS = "previous"
    DUPLICATE = "duplicate"
    APPEAL_OF = "appeal_of"
    REAPPLY_OF = "reapply_of"
    CONVERTED_FROM = "converted_from"


class Asides(StrEnum):
    """Why a case is put aside; its clock runs (UX, Words)."""

    NEXT_TAKEN = "next_taken"
    LATER = "later"
    CALL_FIRST = "call_first"


class BookKind(StrEnum):
    PROCEDURE = "procedure"
    POLICY = "policy"
    CALENDAR = "calendar"
    LETTER = "letter"


class Stream(StrEnum):
    CASE = "case"
    STAFF = "staff"
    WALLET = "wallet"
    STORE = "store"
