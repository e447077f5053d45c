"""What the shop says of a case: the customer, the order with its money and parcels, the wallet."""

from dataclasses import dataclass
from datetime import date, datetime

from bdesk.models.kinds import (
    DelayCause,
    FreezeReason,
    FreezeSource,
    FreightPayer,
    Inspection,
    OrderStatus,
    ParcelState,
    PaymentFailure,
    PaymentMethod,
    PaymentState,
    RefundReason,
    RefundState,
    ReturnClass,
    ReturnKind,
    SellerType,
    SignedBy,
    WalletState,
    WalletTxKind,
)


@dataclass(frozen=True, slots=True)
class CustomerView:
    id: int
    account: str
    name: str
    phone: str | None = None
    phone_tail: str | None = None
    email: str | None = None
    province: str | None = None
    city: str | None = None
    address: str | None = None
    born_on: date | None = None
    vip: bool = False
    since: datetime | None = None
    language: str = "zh"
    contact_changed_at: datetime | None = None
    previous_phone: str | None = None
    previous_email: str | None = None
    verification_locked_until: datetime | None = None
    version: int = 1
    unshipped_no: str | None = None
    """The newest order that is paid and has not begun to leave; None for none."""


@dataclass(frozen=True, slots=True)
class SubstituteView:
    """The goods that the shop would send in place of others, with their price and stock now."""

    sku: str
    name: str
    price_fen: int
    stock: int


@dataclass(frozen=True, slots=True)
class ItemView:
    """`refunded_fen` and `refunded_quantity` count everything not failed or recalled; `list_price_fen` is
    what the shop asks for one piece today, None where it no longer sells it. `cancelled`: pieces taken
    off the order by the desk.

    `chosen`: the case is about it, `chosen_quantity` pieces of it (None: all of them).
    """

    id: int
    line: int
    sku: str
    name: str
    quantity: int
    price_fen: int
    return_class: ReturnClass
    window_days: int
    exclusion_confirmed_at: datetime | None = None
    parcel_id: int | None = None
    refunded_fen: int = 0
    refunded_quantity: int = 0
    cancelled: int = 0
    stock: int | None = None
    warranty_days: int = 0
    substitute: "SubstituteView | None" = None
    chosen: bool = True
    chosen_quantity: int | None = None
    list_price_fen: int | None = None


@dataclass(frozen=True, slots=True)
class OrderView:
    id: int
    order_no: str
    status: OrderStatus
    placed_at: datetime
    goods_fen: int
    coupon_fen: int
    freight_fen: int
    total_fen: int
    estimated_ship_at: datetime | None = None
    presale: bool = False
    seller_type: SellerType = SellerType.OWN
    merchant: str | None = None
    delay_cause: str | None = None
    delay_eta: datetime | None = None
    pay_by: datetime | None = None
    as_of: datetime | None = None
    customer_id: int = 0


@dataclass(frozen=True, slots=True)
class PaymentView:
    id: int
    payment_no: str
    method: PaymentMethod
    state: PaymentState
    amount_fen: int
    refunded_fen: int
    held_fen: int
    failure: PaymentFailure | None = None
    paid_at: datetime | None = None
    channel_tx: str | None = None
    bank: str | None = None
    card_tail: str | None = None
    path_closed: bool = False


@dataclass(frozen=True, slots=True)
class ScanView:
    at: datetime
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class ParcelView:
    id: int
    waybill: str
    carrier: str
    state: ParcelState
    shipped_at: datetime | None = None
    signed_at: datetime | None = None
    signed_by: SignedBy | None = None
    last_scan_at: datetime | None = None
    scans: tuple[ScanView, ...] = ()


@dataclass(frozen=True, slots=True)
class RefundView:
    """`lines`: what it pays for, as ids of lines with their fen."""

    id: int
    refund_no: str
    case_id: int | None
    payment_id: int
    amount_fen: int
    method: PaymentMethod
    state: RefundState
    attempt: int
    committed_at: datetime
    arrived_at: datetime | None = None
    failure: str | None = None
    reason: RefundReason | None = None
    lines: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class CompensationView:
    delay_key: str
    amount_fen: int
    state: RefundState
    committed_at: datetime


@dataclass(frozen=True, slots=True)
class DelayView:
    """The newest cause of delay that the desk keeps for the order."""

    cause: DelayCause
    source: str
    at: datetime
    by: str
    case_id: int
    eta: datetime | None = None


@dataclass(frozen=True, slots=True)
class SubstitutionView:
    item_id: int
    case_id: int
    sku: str
    name: str
    quantity: int
    price_fen: int
    diff_fen: int
    state: RefundState
    committed_at: datetime


@dataclass(frozen=True, slots=True)
class ReturnView:
    """The goods sent back in this cycle of the case; see `tables.GoodsReturn`."""

    kind: ReturnKind
    freight: FreightPayer
    approved_at: datetime
    send_by: datetime
    carrier: str | None = None
    waybill: str | None = None
    sent_at: datetime | None = None
    received_at: datetime | None = None
    inspection: Inspection | None = None
    detail: str = ""
    inspected_at: datetime | None = None
    estimate_fen: int | None = None
    estimate_agreed: bool | None = None
    new_sku: str | None = None
    new_carrier: str | None = None
    new_waybill: str | None = None
    new_sent_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OtherReturn:
    """Goods of the same order that another open case has on their way back."""

    case_id: int
    case_no: str


@dataclass(frozen=True, slots=True)
class CoachedView:
    """What was last noted of the wallet while it is frozen: that somebody tells its owner what to do, or, by
    risk, that nobody does."""

    so: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FreezeView:
    """`trigger` is for staff and never read out. `earlier`: other freezes of the wallet in the 30 days before
    it; `sent_fen`: transfers and withdrawals in the hour before it."""

    reason: FreezeReason
    source: FreezeSource
    frozen_at: datetime
    amount_fen: int
    released_at: datetime | None = None
    id: int = 0
    trigger: str = ""
    earlier: int = 0
    sent_fen: int = 0
    coached: CoachedView | None = None


@dataclass(frozen=True, slots=True)
class WalletView:
    """`sent_24h`: how many transfers and withdrawals went out in the last 24 hours, frozen or not."""

    id: int
    wallet_no: str
    state: WalletState
    balance_fen: int
    region: str = "CN"
    two_factor: bool = False
    outgoing_limited_until: datetime | None = None
    freeze: FreezeView | None = None
    sent_24h: int = 0


@dataclass(frozen=True, slots=True)
class WalletTxView:
    id: int
    tx_no: str
    kind: WalletTxKind
    amount_fen: int
    at: datetime
    counterparty: str = ""
    order_id: int | None = None
