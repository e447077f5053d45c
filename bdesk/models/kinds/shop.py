"""Orders, money, parcels, refunds and wallets (B9)."""

from enum import StrEnum


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


REFUND_UNSETTLED = frozenset({RefundState.HELD, RefundState.RELEASED, RefundState.UNKNOWN})
"""Refunds that are on their way out, or may be."""

REFUND_PAID = frozenset({RefundState.ACCEPTED, RefundState.ARRIVED})
REFUND_VOID = frozenset({RefundState.FAILED, RefundState.RECALLED})
"""Refunds that paid nothing."""

REFUND_LIVE = frozenset(RefundState) - REFUND_VOID
"""Refunds that take up what was paid."""

REFUND_COMING = REFUND_UNSETTLED | {RefundState.ACCEPTED}
"""Money that the customer still waits for."""


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


class DelayCause(StrEnum):
    """Why an order was not shipped in time: S0:20 and S0:23 name stock and payment, the rest is added."""

    OUT_OF_STOCK = "out_of_stock"
    WAREHOUSE = "warehouse"
    PRESALE = "presale"
    ADDRESS = "address"
    MERCHANT = "merchant"
    PAYMENT = "payment"
    RISK_HOLD = "risk_hold"
    WEATHER = "weather"
    FAKE_SHIPMENT = "fake_shipment"


class ReturnKind(StrEnum):
    """What the customer sends goods back for (S1:7)."""

    RETURN = "return"
    EXCHANGE = "exchange"
    REPAIR = "repair"


class FreightPayer(StrEnum):
    """Who pays for the way back: the shop when the fault is its own, else the customer (P7 AS6)."""

    SHOP = "shop"
    CUSTOMER = "customer"


class Inspection(StrEnum):
    """What the warehouse found when it looked at returned goods (P7 AS8)."""

    OK = "ok"
    USED = "used"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    MISSING_PARTS = "missing_parts"


class Contradiction(StrEnum):
    """What cannot all be true of an order (`rules.contradictions`)."""

    SENT_WITHOUT_PARCEL = "sent_without_parcel"
    PARCEL_BEFORE_SENT = "parcel_before_sent"
    SENT_UNPAID = "sent_unpaid"
    ANOTHER_SUM = "another_sum"
    REFUNDED_WITHOUT_REFUND = "refunded_without_refund"
    SIGNED_BEFORE_SENT = "signed_before_sent"
    IN_THE_FUTURE = "in_the_future"


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
