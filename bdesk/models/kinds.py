"""The closed lists of the desk: every word that a row, an event or a procedure may use.

Values are stored as they stand here; labels in Chinese and English live in `bdesk.models.labels`.
Sources: domain facts (unions of channels, reasons, evidence, outcomes), procedures B0.1, B0.2, B0.8, B9.
"""

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


class LinkKind(StrEnum):
    PREVIOUS = "previous"
    DUPLICATE = "duplicate"
    APPEAL_OF = "appeal_of"
    REAPPLY_OF = "reapply_of"
    CONVERTED_FROM = "converted_from"


class ReturnClass(StrEnum):
    """Law file L1: what a no-reason return depends on."""

    NORMAL = "normal"
    PERISHABLE = "perishable"
    CUSTOM = "custom"
    DIGITAL = "digital"
    PRESS = "press"
    CONFIRMED_EXCLUSION = "confirmed_exclusion"
    ACTIVATED_ELECTRONICS = "activated_electronics"


class OrderStatus(StrEnum):
    """S0:19 names 已付款, 待发货, 已发货; the rest is added."""

    PENDING_PAYMENT = "pending_payment"
    PAID = "paid"
    TO_SHIP = "to_ship"
    PART_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    SIGNED = "signed"
    COMPLETED = "finished"
    CANCELLED = "cancelled"
    REFUNDING = "refunding"
    PART_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"


class SellerType(StrEnum):
    OWN = "own"
    THIRD_PARTY = "third_party"


class PaymentMethod(StrEnum):
    WALLET = "wallet"
    WECHAT = "wechat"
    ALIPAY = "alipay"
    DEBIT_CARD = "debit_card"
    CREDIT_CARD = "credit_card"
    INSTALMENT = "instalment"
    COD = "cod"


class PaymentState(StrEnum):
    NONE = "none"
    PROCESSING = "processing"
    FAILED = "failed"
    SUCCESS = "success"
    CLOSED = "closed"


class PaymentFailure(StrEnum):
    NETWORK = "network"
    BALANCE = "balance"
    CHANNEL = "channel"
    LIMIT = "limit"
    FROZEN = "frozen"
    REGION = "region"
    CARD_EXPIRED = "card_expired"
    RISK = "risk"


class ParcelState(StrEnum):
    PACKED = "packed"
    HANDED_OVER = "handed_over"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    AT_STATION = "at_station"
    SIGNED = "signed"
    REFUSED = "refused"
    RETURNED = "returned"
    LOST = "lost"


class SignedBy(StrEnum):
    SELF = "self"
    OTHER = "other"
    STATION = "station"
    UNKNOWN = "unknown"


class RefundState(StrEnum):
    """One refund number's life; `unknown` never allows a new attempt (ARCHITECTURE, Effects)."""

    HELD = "held"
    RELEASED = "released"
    ACCEPTED = "accepted"
    ARRIVED = "arrived"
    FAILED = "failed"
    UNKNOWN = "unknown"
    RECALLED = "recalled"


class RefundReason(StrEnum):
    """S0:14 names quality and not received (open list)."""

    QUALITY = "quality"
    NOT_RECEIVED = "not_received"
    WRONG_ITEM = "wrong_item"
    MISSING_ITEM = "missing_item"
    NOT_AS_DESCRIBED = "not_as_described"
    DUPLICATE_PAYMENT = "duplicate_payment"
    PRICE_DIFFERENCE = "price_difference"
    NO_REASON = "no_reason"
    LATE_SHIPPING = "late_shipment"
    MINOR = "minor_purchase"
    UNAUTHORISED = "unauthorised"
    DISSATISFIED = "dissatisfied"
    RETURNED_GOODS = "returned_goods"
    UNSHIPPED_CANCEL = "unshipped_cancel"


class RejectCode(StrEnum):
    """B0.8; the value is what letters and rows carry."""

    PAST_DEADLINE = "past_deadline"
    CONDITION = "condition"
    MISSING_VOUCHER = "missing_voucher"
    FRAUD = "fraud"
    EXCLUDED_CLASS = "excluded_class"
    NOT_PAID = "not_paid"
    ALREADY_REFUNDED = "already_refunded"
    NOT_OWNER = "not_owner"
    DUPLICATE = "duplicate"
    NOT_ADMISSIBLE = "not_admissible"


class CompensationKind(StrEnum):
    COUPON = "coupon"
    WALLET = "wallet"


class WalletState(StrEnum):
    NORMAL = "normal"
    LIMITED = "limited"
    FROZEN = "frozen"
    CLOSED = "closed"


class WalletTxKind(StrEnum):
    PURCHASE = "purchase"
    TRANSFER = "transfer"
    RED_PACKET = "red_packet"
    TOP_UP = "top_up"
    WITHDRAWAL = "withdrawal"
    REFUND = "refund"


class FreezeReason(StrEnum):
    FREQUENT_TRANSFERS = "frequent_transfers"
    ABNORMAL_LOGIN = "abnormal_login"
    ABNORMAL_FREQUENCY = "abnormal_frequency"
    FRAUD_RISK = "fraud_risk"
    USER_LOCK = "user_lock"
    ID_EXPIRED = "id_expired"
    JUDICIAL = "judicial"
    MINOR = "minor"


class FreezeSource(StrEnum):
    SYSTEM = "system"
    MANUAL = "manual"
    USER = "user"
    JUDICIAL = "judicial"


class ContactKind(StrEnum):
    CALL = "call"
    MESSAGE = "message"
    EMAIL = "email"
    FORM = "form"
    VISIT = "visit"


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


class PromiseState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    CANCELLED = "cancelled"


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
