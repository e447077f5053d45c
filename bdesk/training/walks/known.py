"""What a route through the questions of a case depends on, and what it is made of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from bdesk.models.kinds import (
    CaseKind,
    CaseOutcome,
    CaseState,
    OrderStatus,
    ParcelState,
    PaymentState,
    RefundReason,
)
from bdesk.training.world import Deal, World


class Phase(Enum):
    """When something was answered: in the call, at the desk, or with an act that is on record."""

    CALL = auto()
    DESK = auto()
    ACT = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Beat:
    """One answer; `letter` goes out with it, and `goods` come back or leave by it (`goods.Goods`), which also
    happens without an answer. CHECKED as its option is the check of who calls."""

    step: str
    option: str
    phase: Phase = Phase.DESK
    captures: Mapping[str, object] = field(default_factory=dict)
    letter: tuple[str, str] | None = None
    goods: tuple[str, ...] = ()


CHECKED = "checked"
Route = Iterator[Beat]


@dataclass(frozen=True, slots=True)
class Known:
    """What a route depends on. `act`: what the state of the case comes from; `decided`: step and option of
    the decision; `asked`: the department that has a question; `named`: whether the desk knows whom it is
    dealing with without asking; `twin`: another open case is about the same matter."""

    kind: CaseKind
    state: CaseState
    outcome: CaseOutcome | None
    deal: Deal | None
    world: World
    reason: RefundReason | None
    desired: str
    spoken: bool
    named: bool
    act: str
    decided: tuple[str, str] | None
    asked: str
    number: str
    twin: bool

    @property
    def closed(self) -> bool:
        return self.outcome is not None

    @property
    def delivered(self) -> bool:
        """Everything was signed for, and paid once."""
        deal = self.deal
        return (
            deal is not None
            and bool(deal.parcels)
            and all(one["state"] is ParcelState.SIGNED for one in deal.parcels)
            and self.paid == 1
        )

    @property
    def paid(self) -> int:
        payments = self.deal.payments if self.deal is not None else ()
        return sum(one["state"] is PaymentState.SUCCESS for one in payments)

    @property
    def pending(self) -> bool:
        return self.deal is not None and self.deal.order["status"] in (OrderStatus.PAID, OrderStatus.TO_SHIP)

    @property
    def due(self) -> bool:
        """Whether the shop should have sent it by now."""
        eta = self.deal.order["estimated_ship_at"] if self.deal is not None else None
        return eta is None or eta <= self.world.now


def greeted(known: Known) -> Route:
    if known.spoken:
        yield Beat("opening/greet", "confirmed", Phase.CALL)


def checked(known: Known, step: str = "verify/factors") -> Route:
    """Who signed in to write has said who it is; anybody else is asked."""
    if not known.named:
        yield Beat(step, CHECKED, Phase.CALL)
