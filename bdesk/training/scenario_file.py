"""How a scenario is written (`data/book/scenarios`): the shapes of its file."""

import re
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bdesk.models.kinds import (
    CaseFlag,
    CaseKind,
    Channel,
    CompensationKind,
    EvidenceKind,
    FreezeReason,
    FreezeSource,
    OrderStatus,
    PaymentFailure,
    PaymentMethod,
    PaymentState,
    PersonState,
    RefundReason,
    RejectCode,
    ReturnClass,
    ReturnKind,
    SignedBy,
)

Offset = Annotated[str, StringConstraints(pattern=r"^-(\d+d)?(\d+h)?(\d+m)?$", min_length=3)]
Later = Annotated[str, StringConstraints(pattern=r"^\+(\d+d)?(\d+h)?(\d+m)?$", min_length=3)]
Moment = Annotated[str, StringConstraints(pattern=r"^[+-](\d+d)?(\d+h)?(\d+m)?$", min_length=3)]
_OFFSET = re.compile(r"[-+](?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?")
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]


class Raw(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RawText(Raw):
    zh: str
    en: str


class RawTransfers(Raw):
    """So many transfers of one sum each, spread evenly over the minutes before the freeze."""

    count: int = Field(ge=1, le=100)
    payees: int = Field(ge=1, le=100)
    amount_fen: int = Field(ge=1)
    minutes: int = Field(ge=1, le=1440)


class RawFreeze(Raw):
    """A wallet that is frozen (training.md D7, S7)."""

    reason: FreezeReason
    source: FreezeSource
    frozen: Offset
    trigger: str = ""
    transfers: RawTransfers | None = None


class RawCustomer(Raw):
    """Phones must be 154 or 194, e-mail example.*: a scenario names nobody real (training.md D2)."""

    key: Key
    account: str
    name: str
    initials: str = ""
    phone: Annotated[str, StringConstraints(pattern=r"^(154|194)\d{8}$")] | None = None
    email: Annotated[str, StringConstraints(pattern=r"^[a-z0-9._]+@example\.(com|org|net)$")] | None = None
    province: str
    city: str
    address: str
    born: date
    since: Offset
    wallet_fen: int | None = None
    freeze: RawFreeze | None = None
    contact_changed: Offset | None = None
    previous_phone: Annotated[str, StringConstraints(pattern=r"^(154|194)\d{8}$")] | None = None
    language: str = "zh"


class RawProduct(Raw):
    """What the shop has of it; `substitute` is what it would send instead (P2, SD7b)."""

    sku: str
    name: str
    price_fen: int = Field(ge=0)
    stock: int = Field(ge=0)
    substitute: str | None = None


class RawItem(Raw):
    """With `stock` the shop sells it today at this price, and has so many."""

    sku: str
    name: str
    price_fen: int = Field(ge=0)
    quantity: int = 1
    return_class: ReturnClass = ReturnClass.NORMAL
    window_days: int = 7
    confirmed: bool = False
    stock: int | None = Field(default=None, ge=0)


class RawPayment(Raw):
    """One attempt to pay an order; `amount_fen` None is its whole sum, `method` None that of the order."""

    state: PaymentState
    at: Offset
    method: PaymentMethod | None = None
    failure: PaymentFailure | None = None
    amount_fen: int | None = Field(default=None, ge=0)


class RawParcel(Raw):
    carrier: str
    waybill: str
    shipped: Offset
    signed: Offset | None = None
    signed_by: SignedBy | None = None
    lines: list[int] = Field(default_factory=list)


class RawCompensation(Raw):
    """What the shop gave for the order by itself."""

    amount_fen: int = Field(ge=1)
    given: Offset
    kind: CompensationKind = CompensationKind.COUPON


class RawRefunded(Raw):
    """What the shop gave back by itself; `later`: after the cases were worked, so that what was asked for on
    other facts no longer holds (B0.7)."""

    amount_fen: int = Field(ge=1)
    given: Offset
    later: bool = False


class RawBought(Raw):
    """An order that one case is about, of a customer who is drawn: where neither name nor number matters.
    `since`: how long they have been a customer, else for years."""

    name: str
    price_fen: int = Field(ge=0)
    placed: Offset
    signed: Offset | None = None
    estimated: Moment | None = None
    status: OrderStatus | None = None
    method: PaymentMethod = PaymentMethod.WECHAT
    since: Offset | None = None
    refunds: list[RawRefunded] = Field(default_factory=list)


class RawOrder(Raw):
    key: Key
    customer: Key
    number: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
    placed: Offset
    status: OrderStatus
    method: PaymentMethod
    paid: Offset | None = None
    payments: list[RawPayment] = Field(default_factory=list)
    pay_by: Later | None = None
    estimated: Moment | None = None
    presale: bool = False
    coupon_fen: int = 0
    freight_fen: int = 0
    items: list[RawItem] = Field(min_length=1)
    parcel: RawParcel | None = None
    compensations: list[RawCompensation] = Field(default_factory=list)
    refunds: list[RawRefunded] = Field(default_factory=list)


class RawEvidence(Raw):
    kind: EvidenceKind
    name: str
    kilobytes: int = Field(ge=1)
    received: Offset


class RawDecided(Raw):
    """Who refused it, how long before the present, and by which rule (B0.8)."""

    by: str
    at: Offset
    reject: RejectCode
    rule: str


class RawAct(Raw):
    """What somebody did on a case, by the real operations; instants as ever."""

    at: Offset
    by: str


class RawTaken(RawAct):
    do: Literal["take"]


class RawAnswered(RawAct):
    """Steps with the option chosen, a minute apart; `give` and `days` are for the last of them. `sends`: it
    was done with F8, and what it sent has left."""

    do: Literal["answer"]
    steps: list[tuple[str, str]] = Field(min_length=1)
    give: dict[str, str | int | bool] = Field(default_factory=dict)
    days: dict[str, Moment] = Field(default_factory=dict)
    sends: bool = False


class RawCode(RawAct):
    """What the system said of a one-time code."""

    do: Literal["code"]
    result: Literal["passed", "failed"]


class RawRaised(RawAct):
    do: Literal["raise"]
    to: Literal["supervisor", "manager", "risk"] = "supervisor"
    words: str


class RawCame(RawAct):
    """Material from the customer; a clock that was stopped for it runs again."""

    do: Literal["material"]
    kind: EvidenceKind
    name: str
    kilobytes: int = Field(ge=1)


class RawLooked(RawAct):
    """Every piece of evidence there is was opened and found clear."""

    do: Literal["look"]


class RawPromised(RawAct):
    do: Literal["promise"]
    words: str
    due: Moment


Worked = Annotated[
    RawTaken | RawAnswered | RawCode | RawRaised | RawCame | RawLooked | RawPromised,
    Field(discriminator="do"),
]


class RawCase(Raw):
    """`order` is the key of an order, or of another case with an order of its own. What was `worked` was so
    by whoever is named there; else it lies with `given_to`, who took it `taken` ago. `called`: who answered
    the call that it was opened from, and gave it back to the queue; without, it was filed or written."""

    key: Key
    kind: CaseKind
    channel: Channel
    order: Key | None = None
    bought: RawBought | None = None
    customer: Key | None = None
    received: Offset
    reason: RefundReason | None = None
    subject: str
    desired: str = ""
    description: str = ""
    priority: int = Field(default=3, ge=1, le=4)
    evidence: list[RawEvidence] = Field(default_factory=list)
    flags: list[CaseFlag] = Field(default_factory=list)
    called: str | None = None
    given_to: str | None = None
    taken: Offset = "-4m"
    worked: list[Worked] = Field(default_factory=list)
    wanted: ReturnKind | None = None
    decided: RawDecided | None = None
    contests: Key | None = None


class RawExpected(Raw):
    step: str
    expect: RawText


class RawStaff(Raw):
    """How many agents there are, and who is not at their desk; everybody else is online."""

    agents: int = Field(ge=1, le=12)
    states: dict[str, PersonState] = Field(default_factory=dict)


class RawScenario(Raw):
    """`rate`: how fast its clock runs unless something else is asked for. With `staff` its cases lie with
    whom it names even where it has the store to itself."""

    scenario: str
    title: RawText
    stars: int = Field(ge=1, le=5)
    anchor: str | None = None
    rate: Literal[0, 1, 10] = 1
    staff: RawStaff | None = None
    goal: RawText
    order_tails: list[str] = Field(default_factory=list)
    phone_tails: list[str] = Field(default_factory=list)
    customers: list[RawCustomer] = Field(default_factory=list)
    products: list[RawProduct] = Field(default_factory=list)
    orders: list[RawOrder] = Field(default_factory=list)
    cases: list[RawCase] = Field(default_factory=list)
    path: list[RawExpected] = Field(default_factory=list)
    traps: list[RawText] = Field(default_factory=list)


def ago(now: datetime, offset: str) -> datetime:
    """The instant an offset names: "-4d2h" is four days and two hours before `now`, "+20h" is to come."""
    match = _OFFSET.fullmatch(offset)
    assert match is not None  # the model has checked it
    days, hours, minutes = (int(part or 0) for part in match.groups())
    span = timedelta(days=days, hours=hours, minutes=minutes)
    return now + span if offset.startswith("+") else now - span
